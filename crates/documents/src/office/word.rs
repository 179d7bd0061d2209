//! WordprocessingML: paragraphs of runs, with what is between the runs, and what is set aside from them.

use super::{namespaces::Vocabulary, walk::Walk};
use crate::{
    scan::Role,
    xml::{Attribute, Element},
};

/// A run's text joins that of the runs around it, whatever wraps them: revisions, links, bookmarks, fields, content controls.
/// Deleted and moved text, phonetic guides and the paragraphs of text boxes are groups of their own.
pub(crate) fn start(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    let own = |local: &str| attribute(element, local);
    match element.name.local {
        "p" => {
            walk.begin_group();
            // A text box in a run that is in another language.
            walk.top().is_foreign = false;
        }
        "t" | "delText" => walk.begin_text(),
        "del" | "moveFrom" | "rt" => walk.begin_group(),
        // In the properties of a paragraph, `tab` is a tab stop.
        "br" | "tab" | "cr" | "ptab" | "sym" | "noBreakHyphen" => walk.break_words(element),
        "lang" => {
            walk.tag(own("val"));
            walk.tag(own("eastAsia"));
            let is_of_run = walk.around(1).local == "rPr" && walk.around(2).local == "r";
            if let (true, Some(language)) = (is_of_run, own("eastAsia")) {
                let is_foreign = walk.is_foreign(language.value);
                walk.around(2).is_foreign |= is_foreign;
            }
        }
        "lid" => walk.tag(own("val")),
        "themeFontLang" => {
            walk.tag(own("val"));
            walk.tag(own("eastAsia"));
        }
        "footnote" | "endnote" | "comment" => walk.top().role = Role::Note,
        "hyperlink" => walk.attribute(own("tooltip"), Role::Attribute),
        // What is read aloud in place of a table.
        "tblCaption" | "tblDescription" => walk.attribute(own("val"), Role::Attribute),
        // The text around a number, such as `第%1章`.
        "lvlText" => walk.attribute(own("val"), Role::Text),
        // Fields of forms: what is chosen from, shown and explained.
        "listItem" => walk.attribute(own("displayText"), Role::Attribute),
        "listEntry" | "helpText" | "statusText" => walk.attribute(own("val"), Role::Attribute),
        "default" if walk.around(1).local == "textInput" => walk.attribute(own("val"), Role::Attribute),
        _ => {}
    }
}

/// The attribute of this name in the vocabulary of Word.
fn attribute<'e, 's>(element: &'e Element<'s>, local: &str) -> Option<&'e Attribute<'s>> {
    let is_of = |attribute: &&Attribute<'_>| {
        attribute.name.local == local && Vocabulary::of(attribute.name.namespace) == Vocabulary::Word
    };
    element.attributes.iter().find(is_of)
}

//! DrawingML: the paragraphs of shapes, slides and diagrams, the texts of charts, and what is read aloud in place of pictures.

use super::{
    formula,
    namespaces::Vocabulary,
    walk::{Characters, Walk},
};
use crate::{scan::Role, xml::Element};

/// The elements of DrawingML.
pub(crate) fn start(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    match element.name.local {
        "p" => {
            walk.begin_group();
            walk.top().is_foreign = false;
        }
        "t" => walk.begin_text(),
        "br" => walk.break_words(element),
        "rPr" => {
            languages(walk, element);
            let is_foreign = element.attribute("", "lang").is_some_and(|language| walk.is_foreign(language.value));
            walk.around(1).is_foreign |= is_foreign;
        }
        "defRPr" | "endParaRPr" => languages(walk, element),
        "hlinkClick" | "hlinkHover" => walk.attribute(element.attribute("", "tooltip"), Role::Attribute),
        _ => {}
    }
}

fn languages(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    walk.tag(element.attribute("", "lang"));
    walk.tag(element.attribute("", "altLang"));
}

/// The elements of charts: titles and names that are no formulas, and the strings that are kept from cells. Rich text is in
/// paragraphs of DrawingML.
pub(crate) fn chart(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    let is_string = match element.name.local {
        "v" => match walk.around(1).local {
            "pt" => matches!(walk.around(2).local, "strCache" | "strLit" | "lvl"),
            "tx" | "txData" => true,
            _ => false,
        },
        "pt" => walk.top().vocabulary == Vocabulary::ExtendedChart && walk.is_within("strDim"),
        _ => false,
    };
    if is_string {
        walk.begin_text_group();
    }
    match element.name.local {
        "lang" => walk.tag(element.attribute("", "val")),
        // A point may have another format than the numbers around it.
        "numFmt" | "pt" | "lvl" => formula::number_format(walk, element),
        // Those of the cells, with the numbers that are kept from them.
        "formatCode" => {
            walk.top().characters = Characters::Scanned(|scan, source, _, range, escape| {
                formula::scan_number_format(scan, source, range, escape);
            });
        }
        _ => {}
    }
}

/// The description and the title of a picture, a shape, a chart or a table, in the vocabularies of all programs.
pub(crate) fn description(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    if matches!(element.name.local, "docPr" | "cNvPr") {
        walk.attribute(element.attribute("", "descr"), Role::Attribute);
        walk.attribute(element.attribute("", "title"), Role::Attribute);
    }
}

/// Shapes of VML: what is read aloud, and the text of watermarks.
pub(crate) fn vml(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    walk.attribute(element.attribute("", "alt"), Role::Attribute);
    if element.name.local == "textpath" {
        walk.attribute(element.attribute("", "string"), Role::Text);
    }
}

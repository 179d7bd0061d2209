//! Resources of Android: strings, arrays of strings and plurals.

use fanjian::Error;

use crate::{
    catalogues::inline::{Form, Inline, Outer, scan_messages},
    entities,
    placeholders::stand_in,
    scan::{Scan, StandIn},
    xml::Element,
};

const TOOLS: &str = "http://schemas.android.com/tools";

/// Strings and the items of arrays and plurals are messages, unless they are not translatable. Text between the tags of HTML
/// is one text; `<xliff:g>` stays.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    entities::scan(source, scan);
    // Of the elements around: whether they are not translatable.
    let outer = |element: &Element<'_>, around: &[bool], scan: &mut Scan<'_>| {
        let mut is_left = around.last().copied().unwrap_or_default();
        is_left |= element.attribute("", "translatable").is_some_and(|attribute| attribute.value == "false");
        if let Some(locale) = element.attribute(TOOLS, "locale") {
            is_left |= !scan.options.languages.takes(locale.value);
            scan.tag(locale.raw.clone());
        }
        let is_message = match element.name.local {
            "string" => true,
            "item" => element.attribute("", "type").is_none_or(|attribute| attribute.value == "string"),
            _ => false,
        };
        if is_message && !is_left { Outer::Message(Form::Android) } else { Outer::Around(is_left) }
    };
    scan_messages(source, scan, outer, |element| inline(source, element))
}

fn inline(source: &str, element: &Element<'_>) -> Inline {
    match element.name.local {
        "g" if element.name.namespace.contains("xliff") => {
            let content = &source[element.raw.end..];
            let content = content[..content.find('<').unwrap_or(content.len())].trim();
            let by_content = stand_in(content);
            let id = element.attribute("", "id").map(|id| id.value);
            // A name such as `count` says more than `%s`.
            let is_number = by_content == StandIn::Number || id.is_some_and(|id| stand_in(id) == StandIn::Number);
            Inline::Kept(if is_number { StandIn::Number } else { StandIn::Word })
        }
        "br" => Inline::Kept(StandIn::Break),
        _ => Inline::Text,
    }
}

//! XLIFF 1.2 and 2.

use fanjian::Error;

use crate::{
    catalogues::inline::{Form, Inline, Outer, scan_messages},
    placeholders::stand_in,
    scan::{Scan, StandIn},
    xml::{Element, XML},
};

/// An element around.
#[derive(Debug)]
struct Open {
    /// A target in it is that of a message.
    has_target: bool,
    /// Whether its targets stay: it is not to be translated, or its target's language is another one.
    is_left: bool,
}

/// Targets are messages; sources, notes and other translations (`alt-trans`) stay. The language of the targets follows the
/// conversion.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let outer = |element: &Element<'_>, around: &[Open], scan: &mut Scan<'_>| {
        let mut is_left = around.last().is_some_and(|open| open.is_left);
        is_left |= element.attribute("", "translate").is_some_and(|attribute| attribute.value == "no");
        let local = element.name.local;
        let is_target = local == "target" && around.last().is_some_and(|open| open.has_target);
        let language = match local {
            "file" => element.attribute("", "target-language"),
            "xliff" => element.attribute("", "trgLang"),
            "target" if is_target => element.attribute(XML, "lang"),
            _ => None,
        };
        if let Some(language) = language {
            is_left |= !scan.options.languages.takes(language.value);
            scan.tag(language.raw.clone());
        }
        if is_target && !is_left {
            return Outer::Message(Form::Markup);
        }
        Outer::Around(Open { has_target: matches!(local, "trans-unit" | "segment" | "ignorable"), is_left })
    };
    scan_messages(source, scan, outer, inline)
}

/// The inline elements of both versions: those that hold text, those that are codes, and codes in two parts around text.
fn inline(element: &Element<'_>) -> Inline {
    let value = |name: &str| element.attribute("", name).map_or("", |attribute| attribute.value);
    let is_protected = value("translate") == "no" || value("mtype") == "protected";
    match element.name.local {
        "mrk" | "g" | "pc" if !is_protected => Inline::Text,
        "bpt" | "ept" | "bx" | "ex" | "sc" | "ec" | "sm" | "em" => Inline::Aside,
        _ => {
            let equivalent = ["equiv-text", "equiv", "disp"].map(value).into_iter().find(|value| !value.is_empty());
            let id = value("id");
            let text = equivalent.unwrap_or_default();
            if value("ctype") == "lb" || id == "LINE_BREAK" || text.starts_with("&lt;br") {
                Inline::Kept(StandIn::Break)
            } else if id.starts_with("START_") || id.starts_with("CLOSE_") {
                // Angular's tags.
                Inline::Aside
            } else {
                Inline::Kept(stand_in(if text.is_empty() { id_name(id) } else { text }))
            }
        }
    }
}

/// A number alone is no name.
fn id_name(id: &str) -> &str {
    if id.bytes().all(|byte| byte.is_ascii_digit()) { "" } else { id }
}

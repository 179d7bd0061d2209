//! Timed Text Markup Language, of which DFXP is an older name: XML with a paragraph for each subtitle.
//!
//! Source: [TTML2](https://www.w3.org/TR/ttml2/).

use std::{collections::HashMap, ops::Range};

use fanjian::{Error, ErrorKind};

use crate::{
    entities,
    escape::Escape,
    scan::{Group, Role, Scan, StandIn},
    xml::{Element, Event, Xml},
};

/// What an open element does to the text in it.
#[derive(Clone, Copy, Default)]
struct Open {
    /// The group of its text. None: the element has no text.
    group: Option<Group>,
    /// The text is in a language that stays.
    is_left: bool,
}

/// Elements are known by their local names: the namespace has another year in older versions.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    entities::scan(source, scan);
    let mut rubies = HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut has_root = false;
    for event in Xml::new(source) {
        let outer = open.last().copied().unwrap_or_default();
        match event? {
            Event::Start(element) => {
                if !has_root && element.name.local != "tt" {
                    let message = format!("not TTML: the first element is '{}', and not 'tt'", element.name.local);
                    let line = source[..element.raw.start].matches('\n').count() + 1;
                    return Err(Error::new(ErrorKind::Syntax, message).on_line(line));
                }
                has_root = true;
                open.push(start(&element, outer, &mut rubies, scan));
            }
            Event::End(_) => _ = open.pop(),
            Event::Text(raw) => text(raw, Escape::Markup, outer, scan),
            Event::CData(raw) => text(raw, Escape::CData, outer, scan),
            Event::Comment(raw) => scan.comment(&source[raw]),
            Event::Declaration(_) | Event::Other(_) => {}
        }
    }
    if !has_root {
        return Err(Error::new(ErrorKind::Syntax, "not TTML: no element 'tt'").on_line(1));
    }
    Ok(())
}

fn start<'s>(element: &Element<'s>, outer: Open, rubies: &mut HashMap<&'s str, &'s str>, scan: &mut Scan<'_>) -> Open {
    let mut open = outer;
    if let Some(language) = element.language() {
        scan.tag(language.raw.clone());
        open.is_left = !scan.options.languages.takes(language.value);
    }
    let by_local = |local: &str| element.attributes.iter().find(|attribute| attribute.name.local == local);
    match element.name.local {
        "p" => open.group = Some(scan.group(Role::Text)),
        "title" | "desc" | "copyright" => open.group = Some(scan.group(Role::Metadata)),
        "name" => open.group = Some(scan.group(Role::Name)),
        "span" => {
            let styles = by_local("style").map_or("", |style| style.value).split_ascii_whitespace();
            let of_styles = styles.filter_map(|style| rubies.get(style).copied()).next_back();
            // Text over the text, and what stands around it where it is not drawn over.
            if matches!(by_local("ruby").map(|ruby| ruby.value).or(of_styles), Some("text" | "delimiter")) {
                open.group = Some(scan.group(Role::Text));
            }
        }
        "br" => {
            if let Some(group) = open.group {
                scan.kept(group, element.raw.clone(), StandIn::Break);
            }
        }
        "style" => {
            rubies.extend(by_local("id").zip(by_local("ruby")).map(|(id, ruby)| (id.value, ruby.value)));
        }
        _ => open.group = None,
    }
    open
}

fn text(raw: Range<usize>, escape: Escape, open: Open, scan: &mut Scan<'_>) {
    match open.group {
        Some(group) if open.is_left => scan.kept(group, raw, StandIn::Break),
        Some(group) => scan.text(group, raw, escape),
        None => {}
    }
}

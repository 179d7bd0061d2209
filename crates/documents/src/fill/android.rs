//! Filling of resources of Android.

use std::{collections::HashMap, ops::Range};

use fanjian::{Error, ErrorKind};

use crate::{
    data::BLANKS,
    fill::{
        Merged,
        entries::{self, Comments, Entries, Entry, content_in_tag},
    },
    xml::{Event, Xml},
};

/// The resources of a file.
#[derive(Debug, Default)]
struct Resources {
    entries: Entries,
    /// The root's start tag.
    root: Range<usize>,
    /// The prefixes that the root declares, and what they stand for.
    prefixes: Vec<(String, String)>,
}

/// What is missing in `target`: strings, arrays and plurals, each as a whole. It cannot be marked.
pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (resources(target)?, resources(source)?);
    let value = |old: &Entry, new: &Entry| content_in_tag(&target[old.value.clone()], &source[new.value.clone()]);
    let mut merged = entries::merge((target, &olds.entries), (source, &news.entries), value);
    let texts = || merged.insertions.iter().map(|(_, text)| text.as_str());
    let known: HashMap<_, _> = olds.prefixes.iter().map(|(prefix, name)| (prefix, name)).collect();
    let mut declarations = String::new();
    for (prefix, name) in &news.prefixes {
        let uses = [format!("<{prefix}:"), format!(" {prefix}:")];
        if !texts().any(|text| uses.iter().any(|used| text.contains(used))) {
            continue;
        }
        match known.get(prefix) {
            Some(old) if *old == name => {}
            Some(_) => {
                let message = format!("the prefix '{prefix}' has another meaning in the two files: rename it in one");
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
            None => declarations.push_str(&format!(" xmlns:{prefix}=\"{name}\"")),
        }
    }
    if !declarations.is_empty() {
        let tag = target[olds.root.clone()].trim_end_matches('>').trim_end_matches('/').trim_end();
        let at = olds.root.start + tag.len();
        if olds.entries.head.is_empty() {
            merged.insertions.push((at..at, declarations));
        } else if let Some((_, text)) = merged.insertions.first_mut() {
            text.insert_str(tag.len(), &declarations);
        }
    }
    Ok(merged)
}

fn resources(source: &str) -> Result<Resources, Error> {
    let mut all = Resources::default();
    let mut comments = Comments::default();
    // The key of the element of the root that is open, its start tag, and whether it is left.
    let mut entry: Option<(String, Range<usize>, bool)> = None;
    let (mut depth, mut at, mut is_empty_tag) = (0, 0, false);
    for event in Xml::new(source) {
        match event? {
            Event::Start(element) => {
                at = element.raw.end;
                is_empty_tag = source[element.raw.clone()].ends_with("/>");
                let value = |name: &str| element.attribute("", name).map_or("", |attribute| attribute.value);
                match depth {
                    0 => {
                        let tag = &source[element.raw.clone()];
                        all.root = element.raw.clone();
                        all.prefixes = prefixes(tag);
                        all.entries.place = at..at;
                        if is_empty_tag {
                            all.entries.place = element.raw.clone();
                            all.entries.head = format!("{}>", tag.trim_end_matches("/>").trim_end());
                            let name = tag[1..tag.len() - 2].split(char::is_whitespace).next().unwrap_or_default();
                            all.entries.end = format!("</{name}>");
                        }
                    }
                    1 => {
                        let kind = match element.name.local {
                            "string" => Some("string"),
                            "string-array" | "array" => Some("array"),
                            "plurals" => Some("plurals"),
                            "item" if value("type") == "string" => Some("string"),
                            _ => None,
                        };
                        let is_left = value("translatable") == "false" || kind.is_none();
                        let mut key = format!("{}/{}", kind.unwrap_or_default(), value("name"));
                        // One name has as many values as there are products. That for all others need not name one.
                        if !matches!(value("product"), "" | "default") {
                            key = format!("{key}/{}", value("product"));
                        }
                        entry = Some((key, element.raw.clone(), is_left));
                    }
                    _ => {}
                }
                depth += 1;
            }
            Event::End(_) => {
                depth -= 1;
                let content_end = at;
                if !std::mem::take(&mut is_empty_tag) {
                    at += source[at..].find('>').map_or(0, |len| len + 1);
                }
                let Some((key, tag, is_left)) = entry.take_if(|_| depth == 1) else { continue };
                let start = comments.end(source, tag.start);
                if is_left {
                    continue;
                }
                let is_empty = source[tag.end..content_end.max(tag.end)].trim_matches(BLANKS).is_empty();
                let is_tag = source[tag.clone()].ends_with("/>");
                let value = if is_tag { tag.clone() } else { tag.end..content_end };
                all.entries.all.push(Entry { key, raw: start..at, start: tag.start, value, is_empty });
            }
            Event::Comment(raw) => {
                at = raw.end + 3;
                if depth == 1 {
                    all.entries.comment(source, raw.start - 4..raw.end + 3, &mut comments);
                }
            }
            Event::Text(raw) | Event::Declaration(raw) | Event::Other(raw) => at = raw.end,
            Event::CData(raw) => at = raw.end + 3,
        }
    }
    Ok(all)
}

/// The prefixes that a start tag declares.
fn prefixes(tag: &str) -> Vec<(String, String)> {
    let places = tag.match_indices("xmlns:").filter(|&(at, _)| tag[..at].ends_with(char::is_whitespace));
    let declared = |at: usize| {
        let (prefix, rest) = tag[at..].split_once('=')?;
        let quote = rest.trim_start().chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let value = rest.trim_start()[1..].split(quote).next()?;
        Some((prefix.trim().to_owned(), value.to_owned()))
    };
    places.filter_map(|(at, mark)| declared(at + mark.len())).collect()
}

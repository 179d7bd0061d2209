//! Filling of XLIFF.

use std::{collections::HashMap, ops::Range};

use fanjian::{Error, ErrorKind};

use crate::{
    data::BLANKS,
    fill::Merged,
    xml::{Event, Xml},
};

/// The state of version 1.2 of a translation that people are to review.
const STATE: &str = "needs-review-translation";

/// A translation unit, or a segment of one.
#[derive(Clone, Debug, Default)]
struct Unit {
    /// The file and the unit, and the number of the segment in it if it is not the first, with `/` between.
    key: String,
    /// The source with its tags.
    source: Range<usize>,
    /// Where its division into segments ends, of version 1.2.
    segments_end: usize,
    target: Option<Target>,
}

#[derive(Clone, Debug, Default)]
struct Target {
    /// With its tags.
    raw: Range<usize>,
    tag: Range<usize>,
    content: Range<usize>,
    /// The value of its state.
    state: Option<Range<usize>>,
}

/// What is missing in the targets of `target`. Its units are made from a program: those that it has not are not added.
pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (units(target)?, units(source)?);
    let by_key: HashMap<_, _> = news.units.iter().map(|unit| (unit.key.as_str(), unit)).collect();
    // A segment of version 2 without a state is in its initial one, which is to be reviewed.
    let mark = if olds.is_version_2 { String::new() } else { format!(" state=\"{STATE}\"") };
    let mut merged = Merged::default();
    for old in &olds.units {
        let Some(new) = by_key.get(old.key.as_str()) else {
            merged.stale.push((old.key.clone(), old.source.start));
            continue;
        };
        let content = new.target.as_ref().map_or("", |target| &source[target.content.clone()]);
        let is_missing =
            old.target.as_ref().is_none_or(|old| target[old.content.clone()].trim_matches(BLANKS).is_empty());
        if content.trim_matches(BLANKS).is_empty() || !is_missing || old.source.is_empty() {
            continue;
        }
        let prefix = prefix_of(&target[old.source.clone()]);
        let has_elements = content.match_indices('<').any(|(at, _)| !content[at..].starts_with("<!"));
        if has_elements && prefix != prefix_of(&source[new.source.clone()]) {
            let message =
                format!("{}: inline elements cannot be taken from a file with other prefixes of names", old.key);
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        merged.added.push((old.key.clone(), old.source.start));
        let end_tag = format!("</{prefix}target>");
        merged.insertions.push(match &old.target {
            Some(old) => {
                let tag = target[old.tag.clone()].trim_end_matches('>').trim_end_matches('/').trim_end();
                let tag = match &old.state {
                    Some(state) if !olds.is_version_2 => {
                        format!("{}{STATE}{}", &target[old.tag.start..state.start], &tag[state.end - old.tag.start..])
                    }
                    Some(_) => tag.to_owned(),
                    None => format!("{tag}{mark}"),
                };
                (old.raw.clone(), format!("{tag}>{content}{end_tag}"))
            }
            None => {
                // In a line of its own if the source is.
                let line = target[..old.source.start].rfind('\n').map_or(0, |end| end + 1);
                let indentation = &target[line..old.source.start];
                let end = if target[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
                let is_in_line = line == 0 || !indentation.trim().is_empty();
                let between = if is_in_line { String::new() } else { format!("{end}{indentation}") };
                let at = old.source.end.max(old.segments_end);
                (at..at, format!("{between}<{prefix}target{mark}>{content}{end_tag}"))
            }
        });
    }
    Ok(merged)
}

/// The prefix of the first tag of a text, with its colon.
fn prefix_of(text: &str) -> &str {
    let name = text.trim_start_matches('<');
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    name[..end].rfind(':').map_or("", |colon| &name[..=colon])
}

#[derive(Debug, Default)]
struct Units {
    units: Vec<Unit>,
    is_version_2: bool,
}

/// An element that is open.
struct Open<'s> {
    local: &'s str,
    tag: Range<usize>,
}

fn units(source: &str) -> Result<Units, Error> {
    let mut all = Units::default();
    let mut open: Vec<Open<'_>> = Vec::new();
    let (mut file, mut id, mut segments) = ("", "", 0);
    // Where the last event has ended: an end tag begins there.
    let mut at = 0;
    for event in Xml::new(source) {
        match event? {
            Event::Start(element) => {
                let value = |name: &str| element.attribute("", name).map_or("", |attribute| attribute.value);
                match element.name.local {
                    "xliff" => all.is_version_2 = value("version").starts_with('2'),
                    "file" => file = if value("original").is_empty() { value("id") } else { value("original") },
                    "trans-unit" | "unit" => (id, segments) = (value("id"), 0),
                    _ => {}
                }
                if matches!(element.name.local, "trans-unit" | "segment") {
                    let key = if segments == 0 { format!("{file}/{id}") } else { format!("{file}/{id}/{segments}") };
                    segments += 1;
                    all.units.push(Unit { key, ..Unit::default() });
                }
                let is_of_unit = open.last().is_some_and(|open| matches!(open.local, "trans-unit" | "segment"));
                if element.name.local == "target"
                    && is_of_unit
                    && let Some(unit) = all.units.last_mut()
                {
                    let state = element.attribute("", "state").map(|state| state.raw.clone());
                    unit.target = Some(Target { state, tag: element.raw.clone(), ..Target::default() });
                }
                at = element.raw.end;
                open.push(Open { local: element.name.local, tag: element.raw });
            }
            Event::End(_) => {
                let Some(ended) = open.pop() else { continue };
                // Nothing stands for the end of an empty element.
                let is_empty = source[ended.tag.clone()].ends_with("/>");
                let content = ended.tag.end..if is_empty { ended.tag.end } else { at };
                if !is_empty {
                    at += source[at..].find('>').map_or(0, |len| len + 1);
                }
                let is_of_unit = open.last().is_some_and(|open| matches!(open.local, "trans-unit" | "segment"));
                let unit = all.units.last_mut().filter(|_| is_of_unit);
                match (ended.local, unit) {
                    ("source", Some(unit)) => unit.source = ended.tag.start..at,
                    ("seg-source", Some(unit)) => unit.segments_end = at,
                    ("target", Some(Unit { target: Some(target), .. })) => {
                        target.raw = ended.tag.start..at;
                        target.content = content;
                    }
                    _ => {}
                }
            }
            Event::Text(raw) | Event::Declaration(raw) | Event::Other(raw) => at = raw.end,
            // Behind `]]>` and `-->`.
            Event::CData(raw) | Event::Comment(raw) => at = raw.end + 3,
        }
    }
    Ok(all)
}

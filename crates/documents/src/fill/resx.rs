//! Filling of resources of .NET.

use std::ops::Range;

use fanjian::Error;

use crate::{
    catalogues::resx::is_message,
    fill::{
        Merged,
        entries::{self, Comments, Entries, Entry, content_in_tag},
    },
    xml::{Event, Xml},
};

/// What is missing in `target`: data whose values are strings, with their comments. It cannot be marked.
pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (entries(target)?, entries(source)?);
    let value = |old: &Entry, new: &Entry| content_in_tag(&target[old.value.clone()], &source[new.value.clone()]);
    Ok(entries::merge((target, &olds), (source, &news), value))
}

/// An element of data that is open.
struct Data {
    key: String,
    tag: Range<usize>,
    is_message: bool,
    /// The tag of its value, and what is in it.
    value: Option<(Range<usize>, Range<usize>)>,
}

fn entries(source: &str) -> Result<Entries, Error> {
    let mut all = Entries::default();
    let mut comments = Comments::default();
    let mut data: Option<Data> = None;
    // The start tags that are open, and where the last event has ended: an end tag begins there.
    let (mut open, mut at): (Vec<Range<usize>>, usize) = (Vec::new(), 0);
    for event in Xml::new(source) {
        match event? {
            Event::Start(element) => {
                at = element.raw.end;
                match (open.len(), element.name.local) {
                    (1, "data") => {
                        let key = element.attribute("", "name").map_or("", |attribute| attribute.value).to_owned();
                        let is_message = is_message(&element);
                        data = Some(Data { key, tag: element.raw.clone(), is_message, value: None });
                    }
                    (2, "value") => {
                        if let Some(data) = &mut data {
                            data.value = Some((element.raw.clone(), at..at));
                        }
                    }
                    _ => {}
                }
                open.push(element.raw);
            }
            Event::End(_) => {
                let Some(tag) = open.pop() else { continue };
                let content = tag.end..at;
                let is_empty_tag = source[tag.clone()].ends_with("/>");
                if open.is_empty() {
                    all.close(source, &tag, at);
                }
                if !is_empty_tag {
                    at += source[at..].find('>').map_or(0, |len| len + 1);
                }
                match (open.len(), &mut data) {
                    (2, Some(Data { value: Some((value_tag, value)), .. })) if *value_tag == tag => {
                        *value = if is_empty_tag { tag } else { content };
                    }
                    (1, _) => {
                        let Some(Data { key, tag, is_message: true, value: Some((value_tag, value)) }) = data.take()
                        else {
                            continue;
                        };
                        let start = comments.end(source, tag.start);
                        let is_empty = value.is_empty() || value == value_tag;
                        all.all.push(Entry { key, raw: start..at, start: tag.start, value, is_empty });
                    }
                    _ => {}
                }
            }
            Event::Comment(raw) => {
                at = raw.end + 3;
                if open.len() == 1 {
                    all.comment(source, raw.start - 4..raw.end + 3, &mut comments);
                }
            }
            Event::Text(raw) | Event::Declaration(raw) | Event::Other(raw) => at = raw.end,
            Event::CData(raw) => at = raw.end + 3,
        }
    }
    Ok(all)
}

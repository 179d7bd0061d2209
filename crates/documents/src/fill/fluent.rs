//! Filling of Fluent.

use crate::{
    catalogues::fluent::begins_entry,
    fill::{
        Merged,
        entries::{self, Comments, Entries, Entry},
    },
    lines::lines,
};

/// What is missing in `target`: messages and terms, each as a whole. It cannot be marked.
///
/// Both have been read: they are in order, and entries are known by how their lines begin.
pub(super) fn merge(target: &str, source: &str) -> Merged {
    let (olds, news) = (entries(target), entries(source));
    entries::merge((target, &olds), (source, &news), |_, new| source[new.value.clone()].to_owned())
}

fn entries(source: &str) -> Entries {
    let mut entries = Entries { place: source.len()..source.len(), ..Entries::default() };
    let mut comments = Comments::default();
    let mut is_open = false;
    for line in lines(source) {
        let text = &source[line.clone()];
        if begins_entry(text) {
            let end = text.find('=').unwrap_or(text.len());
            is_open = true;
            entries.all.push(Entry {
                key: text[..end].trim().to_owned(),
                raw: comments.end(source, line.start)..line.end,
                start: line.start,
                value: line.start + end..line.end,
                is_empty: false,
            });
        } else if text.starts_with('#') {
            is_open = false;
            // Those of groups and of the file are no entry's.
            if !text.starts_with("##") {
                comments.take(source, line);
            }
        } else if !text.trim().is_empty()
            && let Some(entry) = entries.all.last_mut().filter(|_| is_open)
        {
            entry.raw.end = line.end;
        }
    }
    entries
}

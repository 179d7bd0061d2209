//! Filling of Java's properties.

use fanjian::Error;

use crate::{
    catalogues::properties::{Line, read},
    escape::Escape,
    fill::{
        Merged,
        entries::{self, Comments, Entries, Entry},
    },
};

/// What is missing in `target`. It cannot be marked.
pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (entries(target), entries(source));
    let value = |old: &Entry, new: &Entry| {
        let separator = &target[old.start..old.value.start];
        // A key alone has no separator yet.
        let has_separator = separator.trim_end().ends_with(['=', ':']) && !separator.trim_end().ends_with("\\=");
        format!("{}{}", if has_separator { "" } else { "=" }, &source[new.value.clone()])
    };
    Ok(entries::merge((target, &olds), (source, &news), value))
}

fn entries(source: &str) -> Entries {
    let mut entries = Entries { place: source.len()..source.len(), ..Entries::default() };
    let mut comments = Comments::default();
    read(source, |line| match line {
        Line::Comment(raw) => comments.take(source, raw.start - 1..raw.end),
        Line::Pair { key, value } if key.is_empty() && value.is_empty() => {}
        Line::Pair { key, value } => {
            let text = Escape::Properties.units(&source[key.clone()]).filter_map(|(_, character)| character).collect();
            entries.all.push(Entry {
                key: text,
                raw: comments.end(source, key.start)..value.end,
                start: key.start,
                is_empty: value.is_empty(),
                value,
            });
        }
    });
    entries
}

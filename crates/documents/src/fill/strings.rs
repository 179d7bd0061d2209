//! Filling of Apple's `.strings`.

use std::ops::Range;

use fanjian::Error;

use crate::{
    catalogues::strings::{Token, read},
    escape::Escape,
    fill::{
        Merged,
        entries::{self, Comments, Entries, Entry},
    },
};

/// What is missing in `target`. It cannot be marked.
pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (entries(target)?, entries(source)?);
    Ok(entries::merge((target, &olds), (source, &news), |_, new| source[new.value.clone()].to_owned()))
}

fn entries(source: &str) -> Result<Entries, Error> {
    let mut entries = Entries { place: source.len()..source.len(), ..Entries::default() };
    let mut comments = Comments::default();
    let mut key: Option<(Range<usize>, Escape)> = None;
    let mut value = None;
    // With its quotation marks, which all but names have.
    let whole = |raw: &Range<usize>, escape| match escape {
        Escape::None => raw.clone(),
        _ => raw.start - 1..raw.end + 1,
    };
    read(source, |token| match token {
        // One within a pair is a part of it.
        Token::Comment(raw) if key.is_none() => {
            let is_block = source[..raw.start].ends_with("/*");
            entries.comment(source, raw.start - 2..raw.end + if is_block { 2 } else { 0 }, &mut comments);
        }
        Token::Comment(_) => {}
        Token::Key(raw, escape) => (key, value) = (Some((raw, escape)), None),
        Token::Value(raw, escape) => value = Some(whole(&raw, escape)),
        Token::End(end) => {
            let Some((raw, escape)) = key.take() else { return };
            let start = whole(&raw, escape).start;
            // A key alone is its own value.
            let value = value.take().unwrap_or_else(|| whole(&raw, escape));
            entries.all.push(Entry {
                key: escape.units(&source[raw]).filter_map(|(_, character)| character).collect(),
                raw: comments.end(source, start)..end,
                start,
                is_empty: matches!(&source[value.clone()], "\"\"" | "''"),
                value,
            });
        }
    })?;
    Ok(entries)
}

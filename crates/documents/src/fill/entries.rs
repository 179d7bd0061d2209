//! Filling of catalogues that are a list of entries: properties, Apple's `.strings`, Android's resources and Fluent.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use crate::{
    fill::{Merged, line_end, line_start, reindented},
    lines::rest_of_line,
};

/// An entry of a catalogue.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// From the first comment that belongs to it on, to its end.
    pub(super) raw: Range<usize>,
    /// Where it begins behind its comments.
    pub(super) start: usize,
    /// What is replaced if it is empty.
    pub(super) value: Range<usize>,
    pub(super) is_empty: bool,
}

/// The entries of a catalogue, and where one is put if there is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    pub(super) all: Vec<Entry>,
    /// What is replaced by the first entries.
    pub(super) place: Range<usize>,
    /// What is written before and behind them.
    pub(super) head: String,
    pub(super) end: String,
}

impl Entries {
    /// Takes a comment: it belongs to the entry that ends before it in its line, or else to the next one.
    pub(super) fn comment(&mut self, source: &str, raw: Range<usize>, comments: &mut Comments) {
        let is_blank = |text: &str| text.trim_matches([' ', '\t']).is_empty();
        match self.all.last_mut().filter(|last| last.raw.end <= raw.start && is_blank(&source[last.raw.end..raw.start]))
        {
            Some(last) if is_blank(rest_of_line(&source[raw.end..])) => last.raw.end = raw.end,
            _ => comments.take(source, raw),
        }
    }

    /// The root element of XML ends at `at`, whose start tag this is: entries are put before its end tag.
    pub(super) fn close(&mut self, source: &str, tag: &Range<usize>, at: usize) {
        if let Some(start) = source[tag.clone()].strip_suffix("/>") {
            self.place = tag.clone();
            self.head = format!("{}>", start.trim_end());
            let name = start[1..].split(char::is_whitespace).next().unwrap_or_default();
            self.end = format!("</{name}>");
        } else {
            let line = line_start(source, at);
            let at = if source[line..at].trim().is_empty() { line } else { at };
            self.place = at..at;
        }
    }
}

/// An element of XML with this content: `old` is its content, or its tag if it is empty.
pub(super) fn content_in_tag(old: &str, content: &str) -> String {
    let Some(tag) = old.strip_suffix("/>") else { return content.to_owned() };
    let name = tag[1..].split(char::is_whitespace).next().unwrap_or_default();
    format!("{}>{content}</{name}>", tag.trim_end())
}

/// What is missing in `target`. `value` returns what becomes of the value of an empty entry: by it and the one of the source.
pub(super) fn merge(
    (target, olds): (&str, &Entries),
    (source, news): (&str, &Entries),
    value: impl Fn(&Entry, &Entry) -> String,
) -> Merged {
    let mut by_key: HashMap<&str, &Entry> = HashMap::new();
    for old in &olds.all {
        by_key.entry(&old.key).or_insert(old);
    }
    let keys: HashSet<_> = news.all.iter().map(|entry| entry.key.as_str()).collect();
    let newline = line_end(target);
    let mut merged = Merged::default();
    let mut seen: HashSet<&str> = HashSet::new();
    // Of a catalogue without entries: all new ones.
    let mut first = String::new();
    // The entry of the target behind which the next ones are put.
    let mut before: Option<&Entry> = None;
    for (number, new) in news.all.iter().enumerate() {
        // One that is there twice has its place where it is first.
        if !seen.insert(new.key.as_str()) {
            continue;
        }
        let old = by_key.get(new.key.as_str()).copied();
        before = old.or(before);
        if new.is_empty || old.is_some_and(|old| !old.is_empty) {
            continue;
        }
        let at = match (old, before.or(olds.all.first())) {
            (Some(old), _) => old.start,
            (None, Some(neighbour)) if before.is_some() => neighbour.raw.end,
            (None, Some(neighbour)) => neighbour.start,
            (None, None) => olds.place.start,
        };
        merged.added.push((new.key.clone(), at));
        if let Some(old) = old {
            merged.insertions.push((old.value.clone(), value(old, new)));
            continue;
        }
        // As far from the entries around as it is in the source.
        let blank = |gap: &str| if gap.matches('\n').count() > 1 { newline } else { "" };
        let gap_before = number.checked_sub(1).map_or("", |at| &source[news.all[at].raw.end..new.raw.start]);
        let gap_after = news.all.get(number + 1).map_or("", |next| &source[new.raw.end..next.raw.start]);
        let Some(neighbour) = before.or(olds.all.first()) else {
            let lead = if first.is_empty() { "" } else { blank(gap_before) };
            let line = line_start(source, new.raw.start);
            let indentation = blank_part(&source[line..new.raw.start]);
            let text = source[new.raw.clone()].replace("\r\n", "\n").replace('\n', newline);
            first.push_str(&format!("{lead}{indentation}{text}{newline}"));
            continue;
        };
        let at = neighbour.raw.start;
        let text = reindented(source, &new.raw, target, at);
        let indentation = blank_part(&target[line_start(target, at)..at]);
        let (at, text) = match before {
            Some(before) => (before.raw.end, format!("{newline}{}{indentation}{text}", blank(gap_before))),
            None => (at, format!("{text}{newline}{}{indentation}", blank(gap_after))),
        };
        merged.insertions.push((at..at, text));
    }
    if !first.is_empty() {
        let Range { start, end } = olds.place;
        let is_in_line = olds.head.is_empty() && (start == 0 || target[..start].ends_with('\n'));
        let lead = if is_in_line { "" } else { newline };
        if target[end..].starts_with(newline) {
            first.truncate(first.len() - newline.len());
        }
        merged.insertions.push((start..end, format!("{}{lead}{first}{}", olds.head, olds.end)));
    }
    let stale = olds.all.iter().filter(|entry| !keys.contains(entry.key.as_str()));
    merged.stale.extend(stale.map(|entry| (entry.key.clone(), entry.start)));
    merged
}

/// Nothing if something else than white space is in it.
fn blank_part(text: &str) -> &str {
    if text.trim().is_empty() { text } else { "" }
}

/// Comments that stand directly before an entry: they belong to it, unless a blank line is between.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Comments {
    start: Option<usize>,
    end: usize,
}

impl Comments {
    /// Takes a comment.
    pub(super) fn take(&mut self, source: &str, raw: Range<usize>) {
        self.start = Some(self.before(source, raw.start));
        self.end = raw.end;
    }

    /// Where an entry begins, with its comments, that begins itself at `start`. Forgets them.
    pub(super) fn end(&mut self, source: &str, start: usize) -> usize {
        let at = self.before(source, start);
        *self = Comments::default();
        at
    }

    fn before(&self, source: &str, start: usize) -> usize {
        let is_near = |at: &usize| {
            *at <= self.end && {
                let gap = &source[self.end..start];
                gap.trim().is_empty() && gap.matches('\n').count() < 2
            }
        };
        self.start.filter(is_near).unwrap_or(start)
    }
}

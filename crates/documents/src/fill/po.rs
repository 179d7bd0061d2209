//! Filling of catalogues of gettext.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::Error;

use crate::{
    catalogues::po::{Event, Keyword, read},
    escape::Escape,
    fill::Merged,
};

/// An entry that is not obsolete.
#[derive(Clone, Debug)]
struct Entry {
    /// The context, U+0004 and the identifier. Empty: the header.
    key: String,
    /// From its first comment on, without the end of its last line.
    raw: Range<usize>,
    /// Where its first line with a keyword or with what the message was before begins: flags stand before it.
    body: usize,
    /// The comment with its flags, from `,` on.
    flags: Option<Range<usize>>,
    /// The lines with the translation.
    strings: Range<usize>,
    is_empty: bool,
}

pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (entries(target)?, entries(source)?);
    let by_key: HashMap<_, _> = olds.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    let keys: HashSet<_> = news.iter().map(|entry| entry.key.as_str()).collect();
    let line_end = if target.contains("\r\n") { "\r\n" } else { "\n" };
    let in_lines = |text: &str| text.replace("\r\n", "\n").replace('\n', line_end);
    let mut merged = Merged::default();
    // The end of the entry of the target behind which the next ones are put.
    let mut end = olds.first().filter(|entry| entry.key.is_empty()).map(|header| header.raw.end);
    let mut seen = HashSet::new();
    for new in &news {
        // An entry that is there twice has its place where it is first.
        if !seen.insert(new.key.as_str()) {
            continue;
        }
        let old = by_key.get(new.key.as_str());
        end = old.map(|old| old.raw.end).or(end);
        let is_missing = old.is_none_or(|old| old.is_empty);
        if new.is_empty || new.key.is_empty() || !is_missing {
            continue;
        }
        merged.added.push((new.key.clone(), old.map(|old| old.strings.start).or(end).unwrap_or(0)));
        match old {
            Some(old) => {
                merged.insertions.extend(fuzzy(old, target, line_end));
                merged.insertions.push((old.strings.clone(), in_lines(&source[new.strings.clone()])));
            }
            None => {
                let mut text = source[new.raw.clone()].to_owned();
                if let Some((place, mark)) = fuzzy(new, source, line_end) {
                    text.insert_str(place.start - new.raw.start, &mark);
                }
                let text = in_lines(&text);
                let (at, text) = match end {
                    Some(end) => (end, format!("{line_end}{line_end}{text}")),
                    None => (0, format!("{text}{line_end}{line_end}")),
                };
                merged.insertions.push((at..at, text));
            }
        }
    }
    let stale = olds.iter().filter(|entry| !keys.contains(entry.key.as_str()));
    merged.stale.extend(stale.map(|entry| (entry.key.clone(), entry.body)));
    Ok(merged)
}

/// Where an entry is marked as fuzzy, and the mark. None if it is.
fn fuzzy(entry: &Entry, source: &str, line_end: &str) -> Option<(Range<usize>, String)> {
    let Some(flags) = &entry.flags else {
        return Some((entry.body..entry.body, format!("#, fuzzy{line_end}")));
    };
    let is_fuzzy = source[flags.clone()].split(',').any(|flag| flag.trim() == "fuzzy");
    (!is_fuzzy).then(|| (flags.start..flags.start, ", fuzzy".to_owned()))
}

/// The entries of a catalogue, but for obsolete ones.
fn entries(source: &str) -> Result<Vec<Entry>, Error> {
    let mut reader = Reader { source, entries: Vec::new(), current: None, keyword: None, is_obsolete: false };
    read(source, |event, line| reader.take(event, line))?;
    reader.end();
    Ok(reader.entries)
}

struct Reader<'s> {
    source: &'s str,
    entries: Vec<Entry>,
    current: Option<Entry>,
    keyword: Option<Keyword>,
    is_obsolete: bool,
}

impl Reader<'_> {
    fn take(&mut self, event: Event, line: &Range<usize>) {
        match event {
            // Comments without an entry behind them are no part of one.
            Event::Blank => self.end(),
            Event::Comment(raw) => {
                if self.keyword.is_some() {
                    self.end();
                }
                let text = &self.source[raw.clone()];
                let entry = self.current(line);
                if text.starts_with(',') {
                    entry.flags = Some(raw);
                } else if !text.starts_with('|') {
                    entry.body = usize::MAX;
                }
                // Flags stand before what the message was before, and behind other comments.
                entry.body = if text.starts_with('|') { entry.body.min(line.start) } else { entry.body };
            }
            Event::Keyword(keyword, is_obsolete) => {
                let is_first = matches!(keyword, Keyword::Context | Keyword::Id | Keyword::Domain);
                if (is_first && self.keyword == Some(Keyword::String)) || keyword == Keyword::Domain {
                    self.end();
                }
                self.is_obsolete = is_obsolete;
                let is_string_before = self.keyword == Some(Keyword::String);
                let is_id = keyword == Keyword::Id;
                let entry = self.current(line);
                entry.body = entry.body.min(line.start);
                if keyword == Keyword::String && !is_string_before {
                    entry.strings = line.clone();
                }
                if is_id && !entry.key.is_empty() {
                    entry.key.push('\u{4}');
                }
                self.keyword = Some(keyword);
                self.extend(line);
            }
            Event::String(raw) => {
                let text = || Escape::Backslash.units(&self.source[raw.clone()]).filter_map(|(_, character)| character);
                match (self.keyword, &mut self.current) {
                    (Some(Keyword::Context | Keyword::Id), Some(entry)) => entry.key.extend(text()),
                    (Some(Keyword::String), Some(entry)) => entry.is_empty &= raw.is_empty(),
                    _ => {}
                }
                self.extend(line);
            }
        }
    }

    fn current(&mut self, line: &Range<usize>) -> &mut Entry {
        self.current.get_or_insert_with(|| Entry {
            key: String::new(),
            raw: line.clone(),
            body: usize::MAX,
            flags: None,
            strings: 0..0,
            is_empty: true,
        })
    }

    /// The entry goes on to the end of a line.
    fn extend(&mut self, line: &Range<usize>) {
        let is_string = self.keyword == Some(Keyword::String);
        if let Some(entry) = &mut self.current {
            entry.raw.end = line.end;
            if is_string {
                entry.strings.end = line.end;
            }
        }
    }

    fn end(&mut self) {
        let is_whole = self.keyword.take() == Some(Keyword::String) && !std::mem::take(&mut self.is_obsolete);
        self.entries.extend(self.current.take().filter(|_| is_whole));
    }
}

//! Filling of catalogues of gettext.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::Error;

use crate::{
    catalogues::po::{Event, Keyword, read},
    escape::Escape,
    fill::{Merged, line_start, top_end},
    lines::lines,
};

/// How many forms of a plural a header may state: no language has more than six.
const MOST_FORMS: usize = 16;

/// An entry.
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
    /// The translation, with its keywords.
    strings: Range<usize>,
    /// What stands behind each keyword of the translation: more than once if the message has forms of a plural.
    forms: Vec<Range<usize>>,
    is_plural: bool,
    is_obsolete: bool,
    is_empty: bool,
}

pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, mut news) = (entries(target)?, entries(source)?);
    news.retain(|new| !new.is_obsolete);
    let mut by_key: HashMap<&str, &Entry> = HashMap::new();
    for old in &olds {
        let place = by_key.entry(&old.key).or_insert(old);
        if place.is_obsolete && !old.is_obsolete {
            *place = old;
        }
    }
    let keys: HashSet<_> = news.iter().map(|entry| entry.key.as_str()).collect();
    let line_end = if target.contains("\r\n") { "\r\n" } else { "\n" };
    let in_lines = |text: &str| text.replace("\r\n", "\n").replace('\n', line_end);
    let mut merged = Merged::default();
    // The end of the entry of the target behind which the next ones are put.
    let header = olds.first().filter(|entry| entry.key.is_empty() && !entry.is_obsolete);
    let mut end = header.map(|header| header.raw.end);
    let stated = header.and_then(|header| stated_forms(&target[header.strings.clone()]));
    let top = top_end(target);
    let mut seen = HashSet::new();
    for new in &news {
        // An entry that is there twice has its place where it is first.
        if !seen.insert(new.key.as_str()) {
            continue;
        }
        let old = by_key.get(new.key.as_str()).copied();
        end = old.filter(|old| !old.is_obsolete).map(|old| old.raw.end).or(end);
        let is_missing = old.is_none_or(|old| old.is_empty || old.is_obsolete);
        if new.is_empty || new.key.is_empty() || !is_missing {
            continue;
        }
        merged.added.push((new.key.clone(), old.map(|old| old.strings.start).or(end).unwrap_or(top)));
        // What the target's own forms are counted by, if it has no header.
        let count = |plural: &Entry| stated.unwrap_or(plural.forms.len());
        match old {
            // What a person wrote for a message that is there again counts, as it does for msgmerge.
            Some(old) if old.is_obsolete && !old.is_empty => merged.insertions.extend(revived(old, target)),
            Some(old) if !old.is_obsolete => {
                merged.insertions.extend(fuzzy(old, target, line_end));
                let strings = strings(new, source, old.is_plural.then(|| count(old)));
                merged.insertions.push((old.strings.clone(), in_lines(&strings)));
            }
            _ => {
                let mut text = source[new.raw.start..new.strings.start].to_owned();
                text.push_str(&strings(new, source, new.is_plural.then(|| count(new))));
                if let Some((place, mark)) = fuzzy(new, source, line_end) {
                    text.insert_str(place.start - new.raw.start, mark.trim_start());
                }
                let text = in_lines(&text);
                merged.insertions.push(match (old, end) {
                    // An obsolete entry counts where gettext looks for one that is there twice.
                    (Some(old), _) => (old.raw.clone(), text),
                    (None, Some(end)) => (end..end, format!("{line_end}{line_end}{text}")),
                    (None, None) => (top..top, format!("{text}{line_end}{line_end}")),
                });
            }
        }
    }
    let stale = olds.iter().filter(|entry| !entry.is_obsolete && !keys.contains(entry.key.as_str()));
    merged.stale.extend(stale.map(|entry| (entry.key.clone(), entry.body)));
    Ok(merged)
}

/// How many forms of a plural a header states: `Plural-Forms: nplurals=2; …`.
fn stated_forms(header: &str) -> Option<usize> {
    let (_, value) = header.split_once("nplurals")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    value[..digits].parse().ok().filter(|count| (1..=MOST_FORMS).contains(count))
}

/// The translation of an entry with as many forms of a plural as its catalogue has, or with none. Where that is another number,
/// each form is the last one: that of most numbers, and the only one that Chinese needs.
fn strings<'s>(entry: &Entry, source: &'s str, forms: Option<usize>) -> Cow<'s, str> {
    if forms == entry.is_plural.then_some(entry.forms.len()) {
        return Cow::Borrowed(&source[entry.strings.clone()]);
    }
    let last = entry.forms.last().map_or("", |form| &source[form.clone()]);
    match forms {
        None => Cow::Owned(format!("msgstr{last}")),
        Some(count) => {
            let forms: Vec<_> = (0..count).map(|number| format!("msgstr[{number}]{last}")).collect();
            Cow::Owned(forms.join("\n"))
        }
    }
}

/// An obsolete entry as one that is not: what is removed from its lines.
fn revived(entry: &Entry, source: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    lines(&source[entry.raw.clone()]).filter_map(move |line| {
        let line = entry.raw.start + line.start..entry.raw.start + line.end;
        let text = source[line.clone()].trim_start();
        let rest = text.strip_prefix("#~")?;
        let mark = line.end - text.len();
        Some(match rest.trim_start().chars().next() {
            // The message as it was before: `#| msgid`.
            Some('|') => (mark + 1..line.end - rest.trim_start().len(), String::new()),
            Some(_) => (mark..line.end - rest.strip_prefix(' ').unwrap_or(rest).len(), String::new()),
            None => (mark + 1..line.end, String::new()),
        })
    })
}

/// Where an entry is marked as fuzzy, and the mark. None if it is.
fn fuzzy(entry: &Entry, source: &str, line_end: &str) -> Option<(Range<usize>, String)> {
    let Some(flags) = &entry.flags else {
        let is_line_start = entry.body == line_start(source, entry.body);
        let lead = if is_line_start { "" } else { line_end };
        return Some((entry.body..entry.body, format!("{lead}#, fuzzy{line_end}")));
    };
    let is_fuzzy = source[flags.clone()].split(',').any(|flag| flag.trim() == "fuzzy");
    (!is_fuzzy).then(|| (flags.start..flags.start, ", fuzzy".to_owned()))
}

/// The entries of a catalogue.
fn entries(source: &str) -> Result<Vec<Entry>, Error> {
    let mut reader = Reader { source, entries: Vec::new(), current: None, keyword: None };
    read(source, |event, place| reader.take(event, place))?;
    reader.end();
    Ok(reader.entries)
}

struct Reader<'s> {
    source: &'s str,
    entries: Vec<Entry>,
    current: Option<Entry>,
    keyword: Option<Keyword>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event, place: &Range<usize>) {
        match event {
            // Comments without an entry behind them are no part of one.
            Event::Blank => self.end(),
            Event::Comment(raw) => {
                if self.keyword.is_some() {
                    self.end();
                }
                let text = &self.source[raw.clone()];
                let entry = self.current(place);
                if text.starts_with(',') {
                    entry.flags = Some(raw);
                } else if !text.starts_with('|') {
                    entry.body = usize::MAX;
                }
                // Flags stand before what the message was before, and behind other comments.
                entry.body = if text.starts_with('|') { entry.body.min(place.start) } else { entry.body };
            }
            Event::Keyword(keyword, is_obsolete) => {
                let is_first = matches!(keyword, Keyword::Context | Keyword::Id | Keyword::Domain);
                if (is_first && self.keyword == Some(Keyword::String)) || keyword == Keyword::Domain {
                    self.end();
                }
                let is_string_before = self.keyword == Some(Keyword::String);
                let is_id = keyword == Keyword::Id;
                let entry = self.current(place);
                entry.body = entry.body.min(place.start);
                entry.is_obsolete = is_obsolete;
                entry.is_plural |= keyword == Keyword::PluralId;
                if keyword == Keyword::String {
                    if !is_string_before {
                        entry.strings = place.clone();
                    }
                    entry.forms.push(place.end..place.end);
                }
                if is_id && !entry.key.is_empty() {
                    entry.key.push('\u{4}');
                }
                self.keyword = Some(keyword);
                self.extend(place);
            }
            Event::String(raw) => {
                let text = || Escape::Backslash.units(&self.source[raw.clone()]).filter_map(|(_, character)| character);
                match (self.keyword, &mut self.current) {
                    (Some(Keyword::Context | Keyword::Id), Some(entry)) => entry.key.extend(text()),
                    (Some(Keyword::String), Some(entry)) => entry.is_empty &= raw.is_empty(),
                    _ => {}
                }
                self.extend(place);
            }
        }
    }

    fn current(&mut self, place: &Range<usize>) -> &mut Entry {
        self.current.get_or_insert_with(|| Entry {
            key: String::new(),
            raw: place.clone(),
            body: usize::MAX,
            flags: None,
            strings: 0..0,
            forms: Vec::new(),
            is_plural: false,
            is_obsolete: false,
            is_empty: true,
        })
    }

    /// The entry goes on to the end of a place.
    fn extend(&mut self, place: &Range<usize>) {
        let is_string = self.keyword == Some(Keyword::String);
        if let Some(entry) = &mut self.current {
            entry.raw.end = place.end;
            if is_string {
                entry.strings.end = place.end;
                if let Some(form) = entry.forms.last_mut() {
                    form.end = place.end;
                }
            }
        }
    }

    fn end(&mut self) {
        let is_whole = self.keyword.take() == Some(Keyword::String);
        self.entries.extend(self.current.take().filter(|_| is_whole));
    }
}

//! Filling of TOML.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::Error;
use toml_parser::{
    decoder::Encoding,
    parser::{Event, EventKind},
};

use crate::{
    data::toml::parse,
    escape::Escape,
    fill::{
        Merged, cannot_be_put,
        entries::{self, Comments, Entries, Entry},
        line_end, line_start, top_end,
        yaml::path_of,
    },
    lines::rest_of_line,
};

/// A table: what is below a header, or before the first one.
#[derive(Debug, Default)]
struct Table {
    /// Its name, as a JSON Pointer.
    path: String,
    /// It is one of an array.
    is_of_array: bool,
    /// From the first comment that belongs to its header on, to the end of its last value.
    raw: Range<usize>,
    entries: Entries,
}

/// What is missing in `target`: values, and tables as a whole. Arrays and inline tables are values. It cannot be marked.
pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (tables(target)?, tables(source)?);
    let newline = line_end(target);
    let mut merged = Merged::default();
    let values = |tables: &[Table]| -> HashSet<String> {
        tables.iter().flat_map(|table| table.entries.all.iter().map(|entry| entry.key.clone())).collect()
    };
    let (old_values, new_values) = (values(&olds), values(&news));
    let first_by_path: HashMap<&str, &Table> = olds.iter().rev().map(|table| (table.path.as_str(), table)).collect();
    let last_by_path: HashMap<&str, &Table> = olds.iter().map(|table| (table.path.as_str(), table)).collect();
    let paths: HashSet<&str> = news.iter().map(|table| table.path.as_str()).collect();
    let value = |_: &Entry, new: &Entry| source[new.value.clone()].to_owned();
    // The table of the target behind which the next ones are put.
    let mut before: Option<&Table> = None;
    let (mut seen, mut added) = (HashSet::new(), HashSet::new());
    for new in &news {
        if let Some(old) = first_by_path.get(new.path.as_str()) {
            before = last_by_path.get(new.path.as_str()).copied();
            // A table that is there twice has its place where it is first.
            if old.is_of_array || new.is_of_array || !seen.insert(new.path.as_str()) {
                continue;
            }
            // What is there in another table by a key with dots is there.
            let mut entries = new.entries.clone();
            let own: HashSet<&str> = old.entries.all.iter().map(|entry| entry.key.as_str()).collect();
            entries.all.retain(|entry| own.contains(entry.key.as_str()) || !old_values.contains(&entry.key));
            let mut found = entries::merge((target, &old.entries), (source, &entries), value);
            found.stale.retain(|(key, _)| !new_values.contains(key));
            merged.added.append(&mut found.added);
            merged.insertions.append(&mut found.insertions);
            merged.stale.append(&mut found.stale);
            continue;
        }
        let is_there = |entry: &&Entry| old_values.contains(&entry.key);
        if !new.entries.all.is_empty() && new.entries.all.iter().all(|entry| is_there(&entry)) {
            continue;
        }
        let text = source[new.raw.clone()].replace("\r\n", "\n").replace('\n', newline);
        // Behind the comment in its line; or behind a header, where the first values of its table are put, too.
        let (at, text) = match before {
            Some(table) if !table.entries.all.is_empty() => {
                let end = table.raw.end;
                let at = end + rest_of_line(&target[end..]).len();
                (at, format!("{newline}{newline}{text}"))
            }
            Some(table) if !table.path.is_empty() => (table.entries.place.end, format!("{newline}{text}{newline}")),
            _ => (olds[0].entries.place.end, format!("{text}{newline}{newline}")),
        };
        if added.insert(new.path.as_str()) {
            merged.added.push((new.path.clone(), at));
        }
        merged.insertions.push((at..at, text));
    }
    let stale = olds.iter().filter(|table| !paths.contains(table.path.as_str()));
    for table in stale {
        let gone = table.entries.all.iter().filter(|entry| !new_values.contains(&entry.key));
        merged.stale.extend(gone.map(|entry| (entry.key.clone(), entry.start)));
    }
    merged.stale.sort_by_key(|(_, at)| *at);
    Ok(merged)
}

/// Checks that a catalogue has what it had, and what was added: keys with dots and inline tables can be in the way.
pub(super) fn check(filled: &str, target: &str, source: &str, added: &[String]) -> Result<(), Error> {
    let first = added.first().map_or("", String::as_str);
    let keys = |text: &str| -> Result<Vec<String>, Error> {
        Ok(tables(text)?.into_iter().flat_map(|table| table.entries.all).map(|entry| entry.key).collect())
    };
    let all = keys(filled).map_err(|_| cannot_be_put(first))?;
    let all: HashSet<&str> = all.iter().map(String::as_str).collect();
    // A value cannot be a table, too.
    let tables: HashSet<&str> = all.iter().flat_map(|key| above(key)).collect();
    let is_both = |key: &str| tables.contains(key) || above(key).any(|above| all.contains(above));
    let added: HashSet<&str> = added.iter().map(String::as_str).collect();
    let is_added = |key: &str| added.contains(key) || above(key).any(|above| added.contains(above));
    let is_wrong = |key: &&String| is_added(key) && (!all.contains(key.as_str()) || is_both(key));
    if let Some(key) = keys(source)?.iter().find(is_wrong) {
        return Err(cannot_be_put(key));
    }
    match keys(target)?.iter().find(|key| !all.contains(key.as_str())) {
        Some(key) => Err(cannot_be_put(key)),
        None => Ok(()),
    }
}

/// The paths of the tables that a value is in, which are of JSON Pointers.
fn above(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('/').map(|(at, _)| &key[..at]).filter(|path| !path.is_empty())
}

/// The tables of a document. The first has no header.
fn tables(source: &str) -> Result<Vec<Table>, Error> {
    let mut events: Vec<Event> = Vec::new();
    parse(source, &mut |event: Event| events.push(event))?;
    let top = top_end(source);
    let end = if source[top..].trim().is_empty() { "" } else { line_end(source) };
    let entries = Entries { place: top..top, end: end.to_owned(), ..Entries::default() };
    let mut tables = vec![Table { entries, ..Table::default() }];
    let mut comments = Comments::default();
    // The parts of the key that is read, its beginning, and how many arrays and inline tables are open.
    let (mut key, mut start, mut depth): (String, Option<usize>, usize) = (String::new(), None, 0);
    let mut value_start = 0;
    let mut is_header = false;
    for event in &events {
        let span = event.span().start()..event.span().end();
        let last = tables.len() - 1;
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                let is_of_array = event.kind() == EventKind::ArrayTableOpen;
                let from = comments.end(source, span.start);
                tables.push(Table { is_of_array, raw: from..span.end, ..Table::default() });
                (is_header, key) = (true, String::new());
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => {
                is_header = false;
                let table = &mut tables[last];
                table.path = std::mem::take(&mut key);
                table.raw.end = span.end;
                let end = source[span.end..].find('\n').map_or(source.len(), |len| span.end + len + 1);
                table.entries.place = end..end;
            }
            EventKind::SimpleKey if depth == 0 => {
                start = start.or((!is_header).then_some(span.start));
                let raw = &source[span];
                let escape =
                    if event.encoding() == Some(Encoding::BasicString) { Escape::Backslash } else { Escape::None };
                let inner = if event.encoding().is_some() { &raw[1..raw.len() - 1] } else { raw };
                let name: String = escape.units(inner).filter_map(|(_, character)| character).collect();
                key = path_of(&key, &name);
            }
            EventKind::InlineTableOpen | EventKind::ArrayOpen => {
                if depth == 0 {
                    value_start = span.start;
                }
                depth += 1;
            }
            EventKind::Scalar if depth == 0 => {
                end_entry(source, &mut tables[last], &mut key, &mut start, &mut comments, span);
            }
            EventKind::InlineTableClose | EventKind::ArrayClose => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    end_entry(source, &mut tables[last], &mut key, &mut start, &mut comments, value_start..span.end);
                }
            }
            EventKind::Comment
                if depth == 0 && source[line_start(source, span.start)..span.start].trim().is_empty() =>
            {
                comments.take(source, span);
            }
            _ => {}
        }
    }
    Ok(tables)
}

fn end_entry(
    source: &str,
    table: &mut Table,
    key: &mut String,
    start: &mut Option<usize>,
    comments: &mut Comments,
    value: Range<usize>,
) {
    let Some(start) = start.take() else { return };
    let path = format!("{}{}", table.path, std::mem::take(key));
    let is_empty = matches!(&source[value.clone()], "\"\"" | "''");
    // With the comment in its line.
    let line = rest_of_line(&source[value.end..]);
    let end = if line.trim_start().starts_with('#') { value.end + line.trim_end().len() } else { value.end };
    table.raw.end = end;
    table.entries.all.push(Entry { key: path, raw: comments.end(source, start)..end, start, value, is_empty });
}

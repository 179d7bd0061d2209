//! Changes in a text: where they are, and what is wrong there.

use std::{ops::Range, sync::Arc};

use fanjian::{Converter, ScriptHistory};

use crate::{
    report::{
        alignment::{Part, parts},
        kinds::Kind,
    },
    text::lines::MARK,
};

/// One change within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Where it begins: the line, and the character in it, from 1. In an archive, the number of the text and the character in
    /// that.
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) source: String,
    pub(crate) output: String,
    /// What is wrong there, if that is known.
    pub(crate) kind: Option<Kind>,
    /// The line that it is in, without its end; in an archive, the text.
    pub(crate) text: Arc<str>,
    /// Where it begins in that, in bytes.
    pub(crate) start: usize,
    /// The part of an archive that it is in.
    pub(crate) part: Option<Arc<str>>,
}

impl Change {
    /// The column behind it.
    pub(crate) fn end_column(&self) -> usize {
        self.column + self.source.chars().count()
    }

    /// What a message has about it.
    pub(crate) fn message(&self) -> String {
        let Change { source, output, .. } = self;
        match (source.is_empty(), output.is_empty()) {
            (false, false) => format!("'{source}' should be '{output}'"),
            (true, _) => format!("'{output}' is missing"),
            (_, true) => format!("'{source}' should not be here"),
        }
    }
}

/// How much of the text before a line is looked at for its script, in bytes.
const BEFORE: usize = 1024;
/// How much of the beginning of a text is looked at for the script of its first lines, in bytes.
const BEGINNING: usize = 64 * 1024;

/// The changes between two texts, from the beginning. `converter` is what made one the other: with it, words are whole, and
/// kinds are known where they can be.
///
/// A byte order mark at the beginning is no character of the first line. `decided` are the bytes of the old text that a person has
/// decided, in order.
pub(crate) fn changes(old: &str, new: &str, converter: Option<&Converter>, decided: &[Range<usize>]) -> Vec<Change> {
    let (old, new, mark) = match (old.strip_prefix(MARK), new.strip_prefix(MARK)) {
        (Some(old), Some(new)) => (old, new, MARK.len_utf8()),
        _ => (old, new, 0),
    };
    let decided_in = |line: Range<usize>| -> Vec<Range<usize>> {
        let first = decided.partition_point(|place| place.end <= line.start + mark);
        let places = decided[first..].iter().take_while(|place| place.start < line.end + mark);
        places.map(|place| place.start.saturating_sub(line.start + mark)..place.end - line.start - mark).collect()
    };
    let mut changes = Vec::new();
    if old.split('\n').count() != new.split('\n').count() {
        // Words with line feeds: lines are of no use.
        let text = old.split('\n').next().unwrap_or_default();
        add(&mut changes, 1, old, &Arc::from(text), parts(old, new, None, &decided_in(0..old.len())));
        return changes;
    }
    let prior = converter.map(|converter| converter.prior(head(old, BEGINNING)));
    // The history of the line that begins here, if the line before it was looked at.
    let mut known: Option<(usize, ScriptHistory)> = None;
    let mut start = 0;
    for (index, (before, after)) in old.split_inclusive('\n').zip(new.split_inclusive('\n')).enumerate() {
        let end = start + before.len();
        if before != after {
            let mut history = converter.zip(prior).map(|(converter, prior)| match known {
                Some((at, history)) if at == start => history,
                _ => history(converter, &old[..start], prior),
            });
            let parts = parts(before, after, converter.zip(history.as_mut()), &decided_in(start..end));
            known = history.map(|history| (end, history));
            let text = before.strip_suffix('\n').unwrap_or(before);
            add(&mut changes, index + 1, before, &Arc::from(text.strip_suffix('\r').unwrap_or(text)), parts);
        }
        start = end;
    }
    changes
}

/// The history of the lines directly before a line.
fn history(converter: &Converter, before: &str, prior: ScriptHistory) -> ScriptHistory {
    let from = before.len().saturating_sub(BEFORE);
    let from = memchr::memchr(b'\n', &before.as_bytes()[from..]).map_or(before.len(), |at| from + at + 1);
    let from = if before.len() <= BEFORE { 0 } else { from };
    converter.history(&before[from..], prior)
}

/// The first bytes of a text, to a boundary of characters.
fn head(text: &str, len: usize) -> &str {
    &text[..text.floor_char_boundary(len)]
}

/// Adds the changed parts of a line.
fn add(changes: &mut Vec<Change>, line: usize, old: &str, text: &Arc<str>, parts: Vec<Part>) {
    let (mut column, mut at) = (1, 0);
    for Part { source, output, kind, .. } in parts {
        column += old[at..source.start].chars().count();
        at = source.start;
        let (source, text) = (old[source].to_owned(), Arc::clone(text));
        changes.push(Change { line, column, source, output, kind, text, start: at, part: None });
    }
}

#[cfg(test)]
mod tests {
    use fanjian::{Converter, Target};

    use super::*;

    #[test]
    fn changes_have_lines_and_columns_of_characters() {
        let change = |line, column, source: &str, output: &str, text: &str| Change {
            line,
            column,
            source: source.to_owned(),
            output: output.to_owned(),
            kind: Some(Kind::Script),
            text: text.into(),
            start: text.find(source).unwrap(),
            part: None,
        };
        let expected = vec![change(1, 2, "头发", "頭髮", "的头发了"), change(3, 3, "里", "裏", "二三里")];
        assert_eq!(changes("的头发了\n一\n二三里\n", "的頭髮了\n一\n二三裏\n", None, &[]), expected);
        assert_eq!(changes("一\n", "一\n", None, &[]), []);
        assert_eq!(changes("\u{feff}头", "\u{feff}頭", None, &[])[0].column, 1);
    }

    /// A line on its own, 乾亮 would be of Simplified text.
    #[test]
    fn lines_have_the_history_of_those_before_them() {
        let converter = Converter::for_target(Target::Taiwan);
        let old = "头发\n制冷\n";
        let new = converter.convert(old);
        let found = changes(old, &new, Some(&converter), &[]);
        assert_eq!((found[1].line, found[1].source.as_str(), found[1].output.as_str()), (2, "制", "製"));
    }

    #[test]
    fn a_place_that_a_person_decided_is_of_that_kind() {
        let converter = Converter::for_target(Target::Taiwan);
        let kinds = |old: &str, new: &str, decided: Option<Range<usize>>| {
            let found = changes(old, new, Some(&converter), decided.as_slice());
            found.iter().map(|change| (change.source.clone(), change.kind)).collect::<Vec<_>>()
        };
        let (hair, script) = ("\u{feff}一\n他的头发\n", |text: &str| (text.to_owned(), Some(Kind::Script)));
        let place = hair.find('发').unwrap();
        let decided = ("发".to_owned(), Some(Kind::Decision));
        let new = "\u{feff}一\n他的頭發\n";
        assert_eq!(kinds(hair, new, Some(place..place + 3)), [script("头"), decided]);
        assert_eq!(kinds(hair, &new.replace('發', "髮"), None), [script("头发")]);
    }

    #[test]
    fn messages_say_what_is_missing_and_what_is_too_much() {
        let found = changes("ab", "xab", None, &[]);
        assert_eq!(found[0].message(), "'x' is missing");
        assert_eq!(changes("ab", "a", None, &[])[0].message(), "'b' should not be here");
    }
}

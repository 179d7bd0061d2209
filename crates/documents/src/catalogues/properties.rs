//! Java's properties.

use std::ops::Range;

use fanjian::Error;

use crate::{
    escape::{Escape, ends_escaped},
    lines::lines,
    placeholders::message,
    scan::Scan,
};

/// The values are messages, with the lines on which they go on. Keys and comments stay.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    read(source, |line| match line {
        Line::Comment(raw) => scan.comment(&source[raw]),
        Line::Pair { value, .. } => message(source, value, Escape::Properties, scan),
    });
    Ok(())
}

/// A line, with those on which it goes on.
pub(crate) enum Line {
    /// Behind its mark.
    Comment(Range<usize>),
    /// A key and its value. Blank lines are pairs of nothing.
    Pair { key: Range<usize>, value: Range<usize> },
}

/// Reads the lines of a source.
pub(crate) fn read(source: &str, mut take: impl FnMut(Line)) {
    let mut all = lines(source);
    while let Some(line) = all.next() {
        let text = source[line.clone()].trim_start_matches([' ', '\t', '\u{c}', '\u{feff}']);
        let start = line.end - text.len();
        if text.starts_with(['#', '!']) {
            take(Line::Comment(start + 1..line.end));
            continue;
        }
        let mut end = line.end;
        while ends_escaped(&source[start..end]) {
            let Some(next) = all.next() else { break };
            end = next.end;
        }
        let (key, value) = pair(source, start..end);
        take(Line::Pair { key, value });
    }
}

/// The key of a line, and its value: behind `=`, `:` or white space.
fn pair(source: &str, line: Range<usize>) -> (Range<usize>, Range<usize>) {
    let text = &source[line.clone()];
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\u{c}');
    let mut end = text.len();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if is_blank(character) || matches!(character, '=' | ':') {
            end = at;
            break;
        }
    }
    let rest = text[end..].trim_start_matches(is_blank);
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start_matches(is_blank);
    (line.start..line.start + end, line.end - rest.len()..line.end)
}

//! The reader of JSON, and of what people write for it: comments, trailing commas, and the strings and keys of JSON5.

use std::ops::Range;

use fanjian::{Error, ErrorKind};

use crate::{
    escape::{Escape, quoted_len},
    lines::{line_number, rest_of_line},
};

/// What is read in a source, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// An object begins; its place is that of its brace.
    Object(usize),
    Array(usize),
    /// An object or an array ends; its place is that of its bracket.
    End(usize),
    /// A key, without quotation marks.
    Key(Range<usize>),
    /// A string that is a value, without quotation marks.
    String(Range<usize>, Escape),
    /// A number or a name.
    Other(Range<usize>),
    /// A comment, without its marks.
    Comment(Range<usize>),
}

/// Where a reader is in an object or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A value is next.
    Value,
    /// A value or the end of the array is next.
    ValueOrEnd,
    /// A key or the end of the object is next.
    KeyOrEnd,
    /// A colon is next.
    Colon,
    /// A comma or the end is next.
    CommaOrEnd,
    /// The value of the document has been read.
    Done,
}

/// Reads a source: a value, with comments around and within.
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax), with the line.
pub(crate) fn read(source: &str, mut take: impl FnMut(Event)) -> Result<(), Error> {
    let bytes = source.as_bytes();
    let mut at = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut open: Vec<u8> = Vec::new();
    let mut state = State::Value;
    loop {
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() || first == '\u{feff}' {
            at += first.len_utf8();
            continue;
        }
        if first == '/' || (first == '#' && state != State::Colon) {
            let comment = comment(rest).ok_or_else(|| error(source, at, "a comment or a value", rest))?;
            take(Event::Comment(at + comment.start..at + comment.end));
            at += if rest.starts_with("/*") { comment.end + 2 } else { comment.end };
            continue;
        }
        let after_value = |open: &[u8]| if open.is_empty() { State::Done } else { State::CommaOrEnd };
        match (state, first) {
            (State::Value | State::ValueOrEnd, '{' | '[') => {
                open.push(bytes[at]);
                if first == '{' {
                    take(Event::Object(at));
                    state = State::KeyOrEnd;
                } else {
                    take(Event::Array(at));
                    state = State::ValueOrEnd;
                }
                at += 1;
            }
            (State::CommaOrEnd | State::ValueOrEnd, ']') | (State::CommaOrEnd | State::KeyOrEnd, '}') => {
                let expected = if first == ']' { b'[' } else { b'{' };
                if open.pop() != Some(expected) {
                    return Err(error(source, at, "another end", rest));
                }
                take(Event::End(at));
                state = after_value(&open);
                at += 1;
            }
            (State::CommaOrEnd, ',') => {
                state = if open.last() == Some(&b'{') { State::KeyOrEnd } else { State::ValueOrEnd };
                at += 1;
            }
            (State::Colon, ':') => {
                state = State::Value;
                at += 1;
            }
            (State::KeyOrEnd | State::Value | State::ValueOrEnd, '"' | '\'') => {
                let len =
                    quoted_len(&rest[1..], bytes[at]).ok_or_else(|| error(source, at, "the end of the string", ""))?;
                let raw = at + 1..at + 1 + len;
                at = raw.end + 1;
                if state == State::KeyOrEnd {
                    take(Event::Key(raw));
                    state = State::Colon;
                } else {
                    let escape = if first == '"' { Escape::Backslash } else { Escape::BackslashApostrophe };
                    take(Event::String(raw, escape));
                    state = after_value(&open);
                }
            }
            (State::KeyOrEnd | State::Value | State::ValueOrEnd, _) => {
                let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '+' | '.' | '\\');
                let len = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
                let is_value = state == State::KeyOrEnd || is_scalar(&rest[..len]);
                if len == 0 || !is_value {
                    let expected = if state == State::KeyOrEnd { "a key or '}'" } else { "a value" };
                    return Err(error(source, at, expected, rest));
                }
                if state == State::KeyOrEnd {
                    take(Event::Key(at..at + len));
                    state = State::Colon;
                } else {
                    take(Event::Other(at..at + len));
                    state = after_value(&open);
                }
                at += len;
            }
            (State::Colon, _) => return Err(error(source, at, "':'", rest)),
            (State::CommaOrEnd, _) => return Err(error(source, at, "',' or an end", rest)),
            (State::Done, _) => return Err(error(source, at, "the end of the document", rest)),
        }
    }
    if state == State::Done { Ok(()) } else { Err(error(source, at, "a value or an end", "")) }
}

/// The content of the comment at the beginning of a text. A comment without an end goes up to that of the text.
fn comment(text: &str) -> Option<Range<usize>> {
    let line = |start: usize| start..rest_of_line(text).len();
    match text.as_bytes() {
        [b'/', b'/', ..] => Some(line(2)),
        [b'#', ..] => Some(line(1)),
        [b'/', b'*', ..] => Some(2..2 + text[2..].find("*/")?),
        _ => None,
    }
}

/// Whether a word is a number or a name that JSON5 has.
fn is_scalar(word: &str) -> bool {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    matches!(word, "true" | "false" | "null")
        || matches!(unsigned, "NaN" | "Infinity")
        || unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

pub(crate) fn error(source: &str, at: usize, expected: &str, found: &str) -> Error {
    let line = line_number(source, at);
    let message = match found.chars().next() {
        Some(found) => format!("not JSON: {expected} was expected, and not {found:?}"),
        None => format!("not JSON: {expected} was expected before the end"),
    };
    Error::new(ErrorKind::Syntax, message).on_line(line)
}

//! Apple's `.strings`: pairs of a key and a value.

use std::ops::Range;

use fanjian::{Error, ErrorKind};

use crate::{
    escape::{Escape, quoted_len},
    lines::{line_number, rest_of_line},
    placeholders::message,
    scalar::{Form, Scalar, is_of_name},
    scan::Scan,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Key,
    /// `=` or `;` is next: a key alone is its own value.
    AfterKey,
    Value,
    AfterValue,
}

/// The values are messages. Keys and comments stay.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    read(source, |token| match token {
        Token::Comment(raw) => scan.comment(&source[raw]),
        Token::Value(raw, escape) => {
            if escape == Escape::None {
                scan.scalars.push(Scalar { raw: raw.clone(), form: Form::StringsName });
            }
            message(source, raw, escape, scan);
        }
        Token::Key(..) | Token::End(_) => {}
    })
}

/// A part of a source.
pub(crate) enum Token {
    /// The content of a comment.
    Comment(Range<usize>),
    /// The content of a key, and how it is written.
    Key(Range<usize>, Escape),
    /// The same of a value.
    Value(Range<usize>, Escape),
    /// Where a pair ends, behind its semicolon.
    End(usize),
}

/// Reads a source.
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax), with the line.
pub(crate) fn read(source: &str, mut take: impl FnMut(Token)) -> Result<(), Error> {
    let mut at = 0;
    let mut state = State::Key;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        if first.is_whitespace() || first == '\u{feff}' {
            at += first.len_utf8();
        } else if let Some(rest) = rest.strip_prefix("//") {
            let end = rest_of_line(rest).len();
            take(Token::Comment(at + 2..at + 2 + end));
            at += end + 2;
        } else if let Some(rest) = rest.strip_prefix("/*") {
            let end = rest.find("*/").ok_or_else(|| error(source, at, "the comment has no end"))?;
            take(Token::Comment(at + 2..at + 2 + end));
            at += end + 4;
        } else if matches!(state, State::Key | State::Value) {
            let (raw, end, escape) = string(source, at)?;
            take(if state == State::Key { Token::Key(raw, escape) } else { Token::Value(raw, escape) });
            state = if state == State::Key { State::AfterKey } else { State::AfterValue };
            at = end;
        } else {
            state = match (state, first) {
                (State::AfterKey, '=') => State::Value,
                (_, ';') => State::Key,
                (State::AfterKey, _) => return Err(error(source, at, "'=' was expected behind a key")),
                _ => return Err(error(source, at, "';' was expected behind a value")),
            };
            at += 1;
            if state == State::Key {
                take(Token::End(at));
            }
        }
    }
    if state == State::Key { Ok(()) } else { Err(error(source, at, "';' was expected before the end")) }
}

/// The string at a place: its content, its end, and how it is written. One without quotation marks is a name.
fn string(source: &str, start: usize) -> Result<(Range<usize>, usize, Escape), Error> {
    let bytes = source.as_bytes();
    let quote = bytes[start];
    let escape = match quote {
        b'"' => Escape::BackslashOctal,
        b'\'' => Escape::BackslashApostrophe,
        _ => {
            let len = source[start..].find(|c| !is_of_name(c)).unwrap_or(source.len() - start);
            if len == 0 {
                return Err(error(source, start, "a string was expected"));
            }
            return Ok((start..start + len, start + len, Escape::None));
        }
    };
    let rest = &source[start + 1..];
    let len = quoted_len(rest, quote).ok_or_else(|| error(source, start, "the string has no end"))?;
    Ok((start + 1..start + 1 + len, start + len + 2, escape))
}

fn error(source: &str, at: usize, message: &str) -> Error {
    let line = line_number(source, at);
    Error::new(ErrorKind::Syntax, format!("not .strings: {message}")).on_line(line)
}

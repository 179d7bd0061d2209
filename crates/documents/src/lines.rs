//! The lines of a source.

use std::{iter, ops::Range};

/// The lines of a source in bytes, without their ends: LF, CRLF or CR.
pub(crate) fn lines(source: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    iter::from_fn(move || {
        if at >= source.len() {
            return None;
        }
        let rest = &source.as_bytes()[at..];
        let len = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let end = match &rest[len..] {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        let line = at..at + len;
        at += len + end;
        Some(line)
    })
}

/// What a text has up to the end of its first line.
pub(crate) fn rest_of_line(text: &str) -> &str {
    &text[..memchr::memchr2(b'\n', b'\r', text.as_bytes()).unwrap_or(text.len())]
}

/// What is behind the line end that a text begins with. None if it begins with none.
pub(crate) fn behind_line_end(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\n', '\r']))
}

/// The number of the line, from 1, that has this byte of a source.
pub(crate) fn line_number(source: &str, at: usize) -> usize {
    memchr::memchr_iter(b'\n', &source.as_bytes()[..at.min(source.len())]).count() + 1
}

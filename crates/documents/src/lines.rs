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

/// The number of the line, from 1, that has this byte of a source.
pub(crate) fn line_number(source: &str, at: usize) -> usize {
    memchr::memchr_iter(b'\n', &source.as_bytes()[..at.min(source.len())]).count() + 1
}

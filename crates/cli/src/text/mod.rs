//! Texts: conversion of the bytes of one text, whole or in pieces, and JSON about it.

use self::protected::OverlookedMarks;
use crate::messages::message;

mod clean_document;
pub(crate) mod cleaner;
pub(crate) mod decisions;
pub(crate) mod document;
pub(crate) mod inspect;
pub(crate) mod lines;
mod marks;
pub(crate) mod parallel;
mod passed;
pub(crate) mod protected;
pub(crate) mod stream;
pub(crate) mod transform;

/// The message about a mark on this line that switched conversion off for all that follows.
pub(crate) fn unclosed_mark(line: u64) -> String {
    message!("line {line}: 'fanjian:off' is never closed by 'fanjian:on': the rest was not converted", line)
}

/// The message about comments with marks that do not count.
pub(crate) fn overlooked_marks(OverlookedMarks { line, mark, more }: OverlookedMarks) -> String {
    let more = if more == 0 { String::new() } else { message!(" (and {more} more)", more) };
    message!(
        "line {line}{more}: a comment with words before '{mark}', which has no effect: let the comment begin with it",
        line,
        more,
        mark
    )
}

/// The message about a text that is not UTF-8, with the ways out.
pub(crate) fn invalid_bytes(error: &fanjian::Error) -> String {
    message!(
        "{error} (--from-encoding auto detects the encoding; --invalid-utf8 replace or pass converts the rest)",
        error
    )
}

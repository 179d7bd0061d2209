//! Passages that nothing changes: what patterns match, and what stands between marks.

use std::{cmp::Reverse, mem, ops::Range, sync::Arc};

use fanjian::{Converter, Error, InvalidUtf8, Stream};
use memchr::memmem;
use regex::bytes::Regex;

const OFF: &[u8] = b"fanjian:off";
const ON: &[u8] = b"fanjian:on";

/// Lines are held whole for marks and patterns, but not longer ones: those are looked at in pieces of so many bytes.
const LONGEST: usize = 1024 * 1024;

/// Which passages of a text nothing changes.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// What a pattern matches within a line.
    pub(crate) patterns: Vec<Regex>,
    /// Lines from one with `fanjian:off` to one with `fanjian:on`, and these two.
    pub(crate) has_marks: bool,
}

/// Converts text that comes in pieces, but for its protected passages: the text between two of them is converted on its
/// own.
pub(crate) struct Passages {
    converter: Converter,
    invalid: InvalidUtf8,
    rules: Arc<Rules>,
    /// Each line is a text of its own.
    by_lines: bool,
    stream: Stream,
    /// Where the stream's text goes on, in bytes from the beginning.
    offset: u64,
    /// What is known of a line that is not complete.
    line: Vec<u8>,
    is_off: bool,
}

impl Passages {
    pub(crate) fn new(converter: &Converter, invalid: InvalidUtf8, rules: &Arc<Rules>, by_lines: bool) -> Passages {
        Passages {
            stream: converter.stream().invalid_utf8(invalid),
            converter: converter.clone(),
            invalid,
            rules: Arc::clone(rules),
            by_lines,
            offset: 0,
            line: Vec::new(),
            is_off: false,
        }
    }

    /// The same for a text that begins so many bytes behind the beginning of its file.
    pub(crate) fn starting_at(mut self, offset: usize) -> Passages {
        self.offset = offset as u64;
        self.stream = self.stream.starting_at(self.offset);
        self
    }

    /// Converts another piece, and appends what can be decided; all that is left, with the last piece.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), Error> {
        if self.rules.is_empty() && !self.by_lines {
            self.convert(piece, out)?;
        } else {
            let mut piece = piece;
            if !self.line.is_empty() {
                let end = memchr::memchr(b'\n', piece).map_or(piece.len(), |at| at + 1);
                self.line.extend_from_slice(&piece[..end]);
                piece = &piece[end..];
                if self.line.ends_with(b"\n") || self.line.len() > LONGEST {
                    let line = mem::take(&mut self.line);
                    self.lines(&line, out)?;
                }
            }
            let complete = if is_last { piece.len() } else { memchr::memrchr(b'\n', piece).map_or(0, |at| at + 1) };
            if is_last {
                let line = mem::take(&mut self.line);
                self.lines(&line, out)?;
            }
            self.lines(&piece[..complete], out)?;
            self.line.extend_from_slice(&piece[complete..]);
        }
        if is_last {
            self.stream.finish(out)?;
        }
        Ok(())
    }

    /// Whole lines.
    fn lines(&mut self, lines: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let is_plain =
            self.rules.patterns.is_empty() && !self.by_lines && !self.is_off && memmem::find(lines, OFF).is_none();
        if is_plain {
            return self.convert(lines, out);
        }
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            self.one_line(line, out)?;
        }
        Ok(())
    }

    fn one_line(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if self.rules.has_marks {
            let was_off = self.is_off;
            self.is_off = match (memmem::rfind(line, OFF), memmem::rfind(line, ON)) {
                (Some(off), on) => on < Some(off),
                (None, Some(_)) => false,
                (None, None) => was_off,
            };
            if was_off || self.is_off {
                return self.copy(line, out);
            }
        }
        let mut at = 0;
        for found in self.rules.matches(line) {
            self.convert(&line[at..found.start], out)?;
            self.copy(&line[found.clone()], out)?;
            at = found.end;
        }
        self.convert(&line[at..], out)?;
        if self.by_lines {
            self.end(out)?;
        }
        Ok(())
    }

    fn convert(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.offset += text.len() as u64;
        self.stream.push(text, out)
    }

    fn copy(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.end(out)?;
        out.extend_from_slice(text);
        self.offset += text.len() as u64;
        self.stream = self.converter.stream().invalid_utf8(self.invalid).starting_at(self.offset);
        Ok(())
    }

    /// What follows is converted on its own.
    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.stream.finish(out)?;
        self.stream = self.converter.stream().invalid_utf8(self.invalid).starting_at(self.offset);
        Ok(())
    }
}

impl Rules {
    /// Whether nothing is protected.
    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty() && !self.has_marks
    }

    /// What the patterns match in a line, from left to right: of those that overlap, the first one, and of several there the
    /// longest.
    fn matches(&self, line: &[u8]) -> Vec<Range<usize>> {
        let mut found: Vec<_> =
            self.patterns.iter().flat_map(|pattern| pattern.find_iter(line)).map(|found| found.range()).collect();
        found.sort_by_key(|found| (found.start, Reverse(found.end)));
        let mut end = 0;
        found.retain(|found| {
            let is_kept = found.start >= end && !found.is_empty();
            end = if is_kept { found.end } else { end };
            is_kept
        });
        found
    }
}

//! Protected regions, which are not converted: matches of patterns, and lines between marks.

use std::{cmp::Reverse, mem, ops::Range, sync::Arc};

use fanjian::{Converter, Error, InvalidUtf8, Stream};
use memchr::memmem;
use regex::bytes::Regex;

const OFF: &[u8] = b"fanjian:off";
const ON: &[u8] = b"fanjian:on";

/// Lines are held whole for marks and patterns, up to this length in bytes; longer ones are searched in pieces of it.
const LONGEST: usize = 1024 * 1024;

/// Which regions of a text are protected.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// The matches of these, within a line.
    pub(crate) patterns: Vec<Regex>,
    /// Lines from one with `fanjian:off` to one with `fanjian:on`, and these two.
    pub(crate) has_marks: bool,
}

/// Converts text that comes in pieces, except for its protected regions: the text between two of them is converted on
/// its own.
pub(crate) struct ProtectedRegions {
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

impl ProtectedRegions {
    pub(crate) fn new(
        converter: &Converter,
        invalid: InvalidUtf8,
        rules: &Arc<Rules>,
        by_lines: bool,
    ) -> ProtectedRegions {
        ProtectedRegions {
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

    /// The same for a text that begins at this offset of its file.
    pub(crate) fn starting_at(mut self, offset: usize) -> ProtectedRegions {
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

    /// What the patterns match in a line, from left to right: of those that overlap, the first one, and of several
    /// there the longest.
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

#[cfg(test)]
mod tests {
    use fanjian::Config;

    use super::*;

    /// Converts a text in pieces of `size` bytes.
    fn convert(text: &str, patterns: &[&str], has_marks: bool, size: usize) -> String {
        let patterns = patterns.iter().map(|pattern| Regex::new(pattern).unwrap()).collect();
        let rules = Arc::new(Rules { patterns, has_marks });
        let mut regions = ProtectedRegions::new(&Converter::new(Config::S2t), InvalidUtf8::Strict, &rules, false);
        let mut out = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            regions.push(piece, false, &mut out).unwrap();
        }
        regions.push(b"", true, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn matches_and_lines_between_marks_stay_in_pieces_of_any_size() {
        let text = "头`头`发\n头 fanjian:off\n头\nfanjian:on 发\n发 fanjian:off fanjian:on\n头发";
        let expected = "頭`头`發\n头 fanjian:off\n头\nfanjian:on 发\n發 fanjian:off fanjian:on\n頭髮";
        for size in [1, 2, 5, 7, 1000] {
            assert_eq!(convert(text, &["`[^`]*`"], true, size), expected, "{size}");
        }
        assert_eq!(convert("fanjian:off 头\n", &[], false, 100), "fanjian:off 頭\n");
    }

    #[test]
    fn of_overlapping_matches_the_first_and_longest_counts() {
        assert_eq!(convert("头发头", &["头发", "头", "发头"], false, 100), "头发头");
        assert_eq!(convert("发头发", &["头", "头发", "x*"], false, 100), "發头发");
    }

    #[test]
    fn an_error_has_its_offset_in_the_file() {
        let rules = Arc::new(Rules { patterns: vec![Regex::new("a").unwrap()], has_marks: false });
        let regions = ProtectedRegions::new(&Converter::new(Config::S2t), InvalidUtf8::Strict, &rules, false);
        let error = regions.starting_at(3).push(b"bab\xff", true, &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "not UTF-8: invalid byte 0xFF at offset 6");
    }
}

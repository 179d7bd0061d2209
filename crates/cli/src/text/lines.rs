//! The lines of a text, to find the line and the column of a place.

use std::borrow::Cow;

/// The byte order mark, which may be a character of a text in UTF-8.
pub(crate) const MARK: char = '\u{feff}';

/// The characters before each so many bytes are counted once: a line may be as long as its file.
const BLOCK: usize = 1024;

/// A text with the places of its lines.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: Cow<'t, str>,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
    /// How many characters begin before each block.
    characters: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: impl Into<Cow<'t, str>>) -> Lines<'t> {
        let text = text.into();
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
        let starts = [0].into_iter().chain(starts).collect();
        let counts = text.as_bytes().chunks(BLOCK).scan(0, |count, block| {
            let before = *count;
            *count += beginning_in(block);
            Some(before)
        });
        let characters = counts.collect();
        Lines { text, starts, characters }
    }

    /// The line and the column of a place, both from 1, the column in characters. A byte order mark is none.
    pub(crate) fn position(&self, at: usize) -> (usize, usize) {
        let at = self.text.floor_char_boundary(at);
        let line = self.starts.partition_point(|&start| start <= at);
        let start = self.starts[line - 1];
        let mark = usize::from(start < at && self.text[start..].starts_with(MARK));
        (line, 1 + self.before(at) - self.before(start) - mark)
    }

    /// How many characters begin before a byte.
    fn before(&self, at: usize) -> usize {
        let block = (at / BLOCK).min(self.characters.len().saturating_sub(1));
        let counted = self.characters.get(block).copied().unwrap_or(0);
        counted + beginning_in(&self.text.as_bytes()[block * BLOCK..at])
    }
}

/// How many characters begin in a part of a text.
fn beginning_in(bytes: &[u8]) -> usize {
    const CONTINUATION: std::ops::RangeInclusive<u8> = 0x80..=0xbf;
    bytes.iter().filter(|byte| !CONTINUATION.contains(byte)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_have_lines_and_columns_of_characters() {
        let lines = Lines::new("\u{feff}头\n\n发a");
        let positions: Vec<_> = [0, 3, 6, 7, 8, 11, 12, 99].map(|at| lines.position(at)).to_vec();
        assert_eq!(positions, [(1, 1), (1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (3, 3), (3, 3)]);
        assert_eq!(Lines::new("").position(0), (1, 1));
    }

    proptest! {
        #[test]
        fn long_lines_are_counted_as_short_ones(text in "[a头\n]{0,3000}", at: prop::sample::Index) {
            let at = text.floor_char_boundary(at.index(text.len() + 1));
            let (before, line) = (&text[..at], text[..at].matches('\n').count());
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
            prop_assert_eq!(Lines::new(text.as_str()).position(at), (1 + line, 1 + column));
        }
    }
}

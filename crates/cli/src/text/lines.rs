//! The lines of a text, to find the line and the column of a place.

use std::borrow::Cow;

use crate::text::decisions::MARK;

/// A text with the places of its lines.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: Cow<'t, str>,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: impl Into<Cow<'t, str>>) -> Lines<'t> {
        let text = text.into();
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
        let starts = [0].into_iter().chain(starts).collect();
        Lines { text, starts }
    }

    /// The line and the column of a place, both from 1, the column in characters. A byte order mark is none.
    pub(crate) fn position(&self, at: usize) -> (usize, usize) {
        let at = self.text.floor_char_boundary(at);
        let line = self.starts.partition_point(|&start| start <= at);
        let before = &self.text[self.starts[line - 1]..at];
        (line, 1 + before.strip_prefix(MARK).unwrap_or(before).chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_lines_and_columns_of_characters() {
        let lines = Lines::new("\u{feff}头\n\n发a");
        let positions: Vec<_> = [0, 3, 6, 7, 8, 11, 12, 99].map(|at| lines.position(at)).to_vec();
        assert_eq!(positions, [(1, 1), (1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (3, 3), (3, 3)]);
        assert_eq!(Lines::new("").position(0), (1, 1));
    }
}

//! Where what is explained is: in a text, and in its document.

use std::sync::Arc;

use fanjian_documents::Group;

use crate::text::lines::Lines;

/// Where a text of a document is.
pub(super) struct Place {
    pub(super) group: Group,
    pub(super) source: Arc<Lines<'static>>,
}

impl Place {
    /// A position of the text as one of the document; in an archive, which has no lines, with the place in the part.
    pub(super) fn of_input(&self, position: Position) -> Position {
        let offset = self.group.place(position.offset);
        if self.group.part.is_some() {
            return Position { offset, ..position };
        }
        let (line, column) = self.source.position(offset);
        Position { line, column, offset }
    }
}

/// A position in the texts.
#[derive(Clone, Copy)]
pub(super) struct Position {
    /// Counted from 1.
    pub(super) line: usize,
    /// Counted from 1, in characters.
    pub(super) column: usize,
    /// Counted from 0, in bytes.
    pub(super) offset: usize,
}

impl Default for Position {
    fn default() -> Position {
        Position { line: 1, column: 1, offset: 0 }
    }
}

impl Position {
    /// Moves behind this text.
    pub(super) fn pass(&mut self, text: &str) {
        self.offset += text.len();
        match text.rsplit_once('\n') {
            Some((lines, rest)) => {
                self.line += 1 + line_feeds(lines.as_bytes());
                self.column = 1 + rest.chars().count();
            }
            None => self.column += text.chars().count(),
        }
    }
}

fn line_feeds(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}

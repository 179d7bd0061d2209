//! Where the output of a text goes, as it becomes longer or shorter than the text.

use crate::{cache::Short, piece::Piece, scan::Answer};

/// How many bytes beyond the length of its text the output of a block gets, where it needs more memory or has it.
pub(crate) const ROOM: usize = 256;

/// How far a piece is converted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) at: usize,
    /// Nothing reaches across this place, at `at` or before it.
    pub(crate) edge: usize,
}

/// Where the output of a block goes on, in what has room for the rest of the block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    pub(crate) to: usize,
    /// From there on, the text has become as long as it was.
    pub(crate) even: usize,
}

impl Cursor {
    /// Back to where the output of the text from `span` on begins, from that of `at`.
    #[inline]
    pub(crate) fn back(&mut self, piece: Piece<'_>, span: usize, at: usize) {
        self.to -= if span >= self.even { at - span } else { piece.converted_len(span, at) };
    }

    /// Puts the output of `len` bytes of text there, which is converted up to `place`.
    #[inline]
    pub(crate) fn put(&mut self, output: &[u8], len: usize, place: Place, end: usize, out: &mut Vec<u8>) {
        self.make_room(output.len(), len, place, end, out);
        out[self.to..self.to + output.len()].copy_from_slice(output);
        self.to += output.len();
    }

    /// As [`put`](Self::put).
    #[inline]
    pub(crate) fn put_short(&mut self, output: Short, len: usize, place: Place, end: usize, out: &mut Vec<u8>) {
        self.make_room(output.len(), len, place, end, out);
        output.put(&mut out[self.to..]);
        self.to += output.len();
    }

    /// The answer to a hit whose span, up to `span_end`, is converted: so many bytes longer than it was, or not at all.
    #[inline]
    pub(crate) fn answer(&mut self, edge: &mut usize, span_end: usize, more: Option<usize>) -> Answer {
        let Some(more) = more else { return Answer::Stop };
        *edge = span_end;
        if more != 0 {
            *self = Cursor { to: self.to.wrapping_add(more), even: span_end };
        }
        Answer::Converted(span_end, more)
    }

    #[inline]
    fn make_room(&mut self, new: usize, len: usize, place: Place, end: usize, out: &mut Vec<u8>) {
        if new != len {
            self.even = place.at;
        }
        let needed = self.to + new + end.saturating_sub(place.at);
        if needed > out.len() {
            out.resize(needed + ROOM, 0);
        }
    }
}

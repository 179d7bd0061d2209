//! Where the output of a text goes, as it becomes longer or shorter than the text.

use crate::{cache::Short, piece::Piece, scan::Answer};

/// How far a piece is converted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) at: usize,
    /// Nothing reaches across this place, at `at` or before it.
    pub(crate) edge: usize,
}

/// Where a block ends, and the memory for its output.
#[derive(Debug)]
pub(crate) struct Block<'o> {
    pub(crate) end: usize,
    pub(crate) out: &'o mut [u8],
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
    pub(crate) fn back(&mut self, piece: &Piece<'_>, span: usize, at: usize) {
        self.to -= if span >= self.even { at - span } else { piece.converted_len(span, at) };
    }

    /// How many bytes are needed for so many of output, and for the rest of the block behind `end`. None if there is room for them.
    #[inline]
    pub(crate) fn lacks(&self, new: usize, end: usize, block: &Block<'_>) -> Option<usize> {
        let needed = new + block.end.saturating_sub(end);
        (self.to + needed > block.out.len()).then_some(needed)
    }

    /// Puts the output of `len` bytes of text up to `end` there.
    #[inline]
    pub(crate) fn put(&mut self, output: &[u8], len: usize, end: usize, out: &mut [u8]) {
        out[self.to..self.to + output.len()].copy_from_slice(output);
        self.pass(output.len(), len, end);
    }

    /// As [`put`](Self::put).
    #[inline]
    pub(crate) fn put_short(&mut self, output: Short, len: usize, end: usize, out: &mut [u8]) {
        output.put(&mut out[self.to..]);
        self.pass(output.len(), len, end);
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
    fn pass(&mut self, new: usize, len: usize, end: usize) {
        self.to += new;
        if new != len {
            self.even = end;
        }
    }
}

//! The rows of a column of text, as they lie in memory, in blocks that are worked on together.

use std::ops::Range;

use arrow_array::{Array, GenericStringArray, OffsetSizeTrait, StringViewArray};
use arrow_buffer::{Buffer, NullBuffer};
use arrow_data::ByteView;
use pyo3::prelude::*;
use simdutf8::basic::from_utf8;

use super::problem::Problem;
use crate::text::TURN;

/// The size of a block in bytes, unless a row is longer: input and output stay in the processor's cache.
const BLOCK: usize = 128 * 1024;
/// The size of a block that a thread hands over: to wake another thread takes longer than to read from a more distant cache.
/// With blocks as above, two threads take 5 to 10 % longer (24 November 2026, a million titles).
const SHARED_BLOCK: usize = 1024 * 1024;

/// The rows of an array, as they lie in memory.
///
/// The producer claims that they are UTF-8. A false claim must be an error, and no `str` may contain anything else.
pub(super) trait Rows: Sync {
    fn len(&self) -> usize;

    fn nulls(&self) -> Option<&NullBuffer>;

    /// The length of a row in bytes. Arbitrary for a null.
    fn row_len(&self, row: usize) -> usize;

    /// The texts of these rows; that of a null is empty. `buffer` is for bytes that have to be copied.
    fn texts<'b>(&'b self, rows: Range<usize>, buffer: &'b mut Vec<u8>) -> Result<Vec<&'b str>, Problem>;

    fn is_null(&self, row: usize) -> bool {
        self.nulls().is_some_and(|nulls| nulls.is_null(row))
    }

    /// The length of the text of a row in bytes.
    fn text_len(&self, row: usize) -> usize {
        if self.is_null(row) { 0 } else { self.row_len(row) }
    }
}

/// Rows that are contiguous in memory.
pub(super) struct Strings<'a, O> {
    offsets: &'a [O],
    values: &'a [u8],
    nulls: Option<&'a NullBuffer>,
}

impl<'a, O: OffsetSizeTrait> Strings<'a, O> {
    pub(super) fn of(array: &'a GenericStringArray<O>) -> Strings<'a, O> {
        Strings { offsets: array.value_offsets(), values: array.values(), nulls: array.nulls() }
    }
}

impl<O: OffsetSizeTrait> Rows for Strings<'_, O> {
    fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        self.nulls
    }

    fn row_len(&self, row: usize) -> usize {
        self.offsets[row + 1].as_usize().saturating_sub(self.offsets[row].as_usize())
    }

    fn texts<'b>(&'b self, rows: Range<usize>, _buffer: &'b mut Vec<u8>) -> Result<Vec<&'b str>, Problem> {
        let from = self.offsets[rows.start].as_usize();
        let joined = self.values.get(from..self.offsets[rows.end].as_usize()).ok_or(Problem::NotUtf8(rows.start))?;
        let place = |row: usize| self.offsets[row].as_usize().saturating_sub(from);
        texts(joined, rows, |row| (!self.is_null(row)).then(|| place(row)..place(row + 1)))
    }
}

/// Rows in several buffers; short ones are in their views.
pub(super) struct Views<'a> {
    views: &'a [u128],
    buffers: &'a [Buffer],
    nulls: Option<&'a NullBuffer>,
}

/// The number of bytes that fit into a view.
const INLINE: usize = 12;

impl<'a> Views<'a> {
    pub(super) fn of(array: &'a StringViewArray) -> Views<'a> {
        Views { views: array.views(), buffers: array.data_buffers(), nulls: array.nulls() }
    }

    /// Copies the bytes of a row to the end of `out`.
    fn copy(&self, row: usize, out: &mut Vec<u8>) -> Option<()> {
        let view = self.views[row];
        let len = self.row_len(row);
        if len <= INLINE {
            out.extend_from_slice(&view.to_le_bytes()[4..4 + len]);
        } else {
            let ByteView { buffer_index, offset, .. } = ByteView::from(view);
            let (buffer, offset) = (self.buffers.get(buffer_index as usize)?, offset as usize);
            out.extend_from_slice(buffer.get(offset..offset.checked_add(len)?)?);
        }
        Some(())
    }
}

impl Rows for Views<'_> {
    fn len(&self) -> usize {
        self.views.len()
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        self.nulls
    }

    fn row_len(&self, row: usize) -> usize {
        self.views[row] as u32 as usize
    }

    fn texts<'b>(&'b self, rows: Range<usize>, buffer: &'b mut Vec<u8>) -> Result<Vec<&'b str>, Problem> {
        buffer.clear();
        let mut ends = Vec::with_capacity(rows.len());
        for row in rows.clone() {
            if !self.is_null(row) {
                self.copy(row, buffer).ok_or(Problem::NotUtf8(row))?;
            }
            ends.push(buffer.len());
        }
        let first = rows.start;
        let start = |row: usize| if row == first { 0 } else { ends[row - first - 1] };
        texts(buffer, rows, |row| Some(start(row)..ends[row - first]))
    }
}

/// The texts of rows whose bytes are `joined`: to check all of them together for UTF-8 costs a tenth of a check row by row.
fn texts(
    joined: &[u8],
    rows: Range<usize>,
    place: impl Fn(usize) -> Option<Range<usize>>,
) -> Result<Vec<&str>, Problem> {
    // The invalid bytes may be those of nulls, which may be anything.
    let whole = from_utf8(joined).ok();
    let text = |row| {
        let Some(place) = place(row) else { return Ok("") };
        let text = match whole {
            Some(whole) => whole.get(place),
            None => joined.get(place).and_then(|bytes| from_utf8(bytes).ok()),
        };
        text.ok_or(Problem::NotUtf8(row))
    };
    rows.map(text).collect()
}

/// Blocks of rows, each of about `size` bytes.
pub(super) fn blocks(rows: &impl Rows, size: usize) -> Vec<Range<usize>> {
    let (mut blocks, mut start, mut len) = (Vec::new(), 0, 0);
    for row in 0..rows.len() {
        len += rows.text_len(row);
        // Empty rows and nulls cost time, too.
        if len >= size || row - start >= size / 8 {
            blocks.push(start..row + 1);
            (start, len) = (row + 1, 0);
        }
    }
    if start < rows.len() {
        blocks.push(start..rows.len());
    }
    blocks
}

/// The size of the blocks for this number of threads.
pub(super) fn block_size(threads: usize) -> usize {
    if threads < 2 { BLOCK } else { SHARED_BLOCK }
}

/// Counts what is done, and looks for Ctrl-C in between.
#[derive(Default)]
pub(super) struct Turns {
    unchecked: usize,
}

impl Turns {
    /// Another number of bytes is done.
    pub(super) fn done(&mut self, bytes: usize) -> Result<(), Problem> {
        self.unchecked += bytes;
        if self.unchecked <= TURN {
            return Ok(());
        }
        self.unchecked = 0;
        check_signals()
    }
}

/// Looks for Ctrl-C.
pub(super) fn check_signals() -> Result<(), Problem> {
    Python::attach(|py| py.check_signals()).map_err(Problem::Interrupted)
}

//! The conversion of an Arrow array.
//!
//! Rows are converted in blocks, so that input and output stay in the processor's cache. Each row is converted on its own, to
//! the end of a buffer that all rows of a block share.

use std::{cell::RefCell, collections::HashMap, ops::Range, sync::Arc};

use arrow_array::{
    AnyDictionaryArray, Array, ArrayRef, DictionaryArray, GenericStringArray, OffsetSizeTrait, PrimitiveArray,
    StringViewArray,
    builder::{GenericStringBuilder, StringViewBuilder},
    cast::AsArray,
    downcast_dictionary_array,
    types::ArrowDictionaryKeyType,
};
use arrow_buffer::{ArrowNativeType, Buffer, NullBuffer};
use arrow_data::ByteView;
use arrow_schema::DataType;
use fanjian::Converter;
use pyo3::prelude::*;
use simdutf8::basic::from_utf8;

use crate::{
    parallel::{NoThread, in_order},
    text::{self, LONG, TURN},
};

/// The size of a block in bytes, unless a row is longer.
const BLOCK: usize = 128 * 1024;
/// The size of a block that a thread hands over: to wake another thread takes longer than to read from a more distant cache.
/// With blocks as above, two threads take 5 to 10 % longer (24 November 2026, a million titles).
const SHARED_BLOCK: usize = 1024 * 1024;

/// Why a column cannot be converted.
#[derive(Debug)]
pub(crate) enum Problem {
    /// Its type is not a text type.
    Type(DataType),
    /// This row is not UTF-8.
    NotUtf8(usize),
    /// This value of the dictionary is not UTF-8.
    ValueNotUtf8(usize),
    /// The result would exceed the size limit of its type.
    TooLong,
    /// There is no memory for this many bytes.
    NoMemory(usize),
    /// The system cannot start another thread.
    NoThread(NoThread),
    /// The handler of a signal raised this, as that of Ctrl-C does.
    Interrupted(PyErr),
}

impl From<NoThread> for Problem {
    fn from(error: NoThread) -> Problem {
        Problem::NoThread(error)
    }
}

/// Whether a column of this type can be converted.
pub(crate) fn check(kind: &DataType) -> Result<(), Problem> {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(()),
        DataType::Dictionary(_, values) => check(values).map_err(|_| Problem::Type(kind.clone())),
        _ => Err(Problem::Type(kind.clone())),
    }
}

/// Converts an array. Returns the array itself if nothing changes.
pub(crate) fn convert(converter: &Converter, array: &ArrayRef, threads: usize) -> Result<ArrayRef, Problem> {
    let kind = array.data_type();
    let converted: Option<ArrayRef> = match kind {
        DataType::Null => None,
        DataType::Utf8 => strings::<i32>(converter, array.as_string(), threads)?,
        DataType::LargeUtf8 => strings::<i64>(converter, array.as_string(), threads)?,
        DataType::Utf8View => views(converter, array.as_string_view(), threads)?,
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let values = convert(converter, dictionary.values(), threads).map_err(|problem| match problem {
                Problem::NotUtf8(value) => Problem::ValueNotUtf8(value),
                other => other,
            })?;
            (!Arc::ptr_eq(&values, dictionary.values())).then(|| with_values(dictionary, &values))
        }
        _ => return Err(Problem::Type(kind.clone())),
    };
    Ok(converted.unwrap_or_else(|| array.clone()))
}

fn strings<O: OffsetSizeTrait>(
    converter: &Converter,
    array: &GenericStringArray<O>,
    threads: usize,
) -> Result<Option<ArrayRef>, Problem> {
    let rows = Strings { offsets: array.value_offsets(), values: array.values(), nulls: array.nulls() };
    let room = has_memory_for(&rows)?;
    let mut builder = GenericStringBuilder::<O>::with_capacity(array.len(), room);
    let changed = convert_rows(converter, &rows, threads, &mut builder)?;
    Ok(changed.then(|| Arc::new(builder.finish()) as ArrayRef))
}

fn views(converter: &Converter, array: &StringViewArray, threads: usize) -> Result<Option<ArrayRef>, Problem> {
    let rows = Views { views: array.views(), buffers: array.data_buffers(), nulls: array.nulls() };
    has_memory_for(&rows)?;
    let mut builder = StringViewBuilder::with_capacity(array.len());
    let changed = convert_rows(converter, &rows, threads, &mut builder)?;
    Ok(changed.then(|| Arc::new(builder.finish()) as ArrayRef))
}

/// A dictionary with other values. Equal values are merged: pandas and others rely on that.
fn with_values(dictionary: &dyn AnyDictionaryArray, values: &ArrayRef) -> ArrayRef {
    let text = |index: usize| match values.data_type() {
        _ if values.is_null(index) => None,
        DataType::Utf8 => Some(values.as_string::<i32>().value(index)),
        DataType::LargeUtf8 => Some(values.as_string::<i64>().value(index)),
        _ => Some(values.as_string_view().value(index)),
    };
    let (mut places, mut kept) = (HashMap::new(), Vec::new());
    let place = |index| {
        *places.entry(text(index)).or_insert_with(|| {
            kept.push(text(index));
            kept.len() - 1
        })
    };
    let places: Vec<usize> = (0..values.len()).map(place).collect();
    if kept.len() == values.len() {
        return dictionary.with_values(values.clone());
    }
    let unique: ArrayRef = match values.data_type() {
        DataType::Utf8 => Arc::new(GenericStringArray::<i32>::from(kept)),
        DataType::LargeUtf8 => Arc::new(GenericStringArray::<i64>::from(kept)),
        _ => Arc::new(StringViewArray::from(kept)),
    };
    let placed = downcast_dictionary_array!(
        dictionary => with_places(dictionary, &places, unique),
        _ => None,
    );
    placed.unwrap_or_else(|| dictionary.with_values(values.clone()))
}

/// A dictionary whose values have new places among others. None if a key has no value, which no valid dictionary has.
fn with_places<K: ArrowDictionaryKeyType>(
    dictionary: &DictionaryArray<K>,
    places: &[usize],
    values: ArrayRef,
) -> Option<ArrayRef> {
    // The key of a null is arbitrary.
    let place =
        |key: K::Native| places.get(key.as_usize()).and_then(|&place| K::Native::from_usize(place)).unwrap_or(key);
    let keys: PrimitiveArray<K> = dictionary.keys().unary(place);
    DictionaryArray::try_new(keys, values).ok().map(|dictionary| Arc::new(dictionary) as ArrayRef)
}

/// Allocates this many bytes, and frees them: without memory, Rust would abort the process later.
fn has_memory(bytes: usize) -> Result<(), Problem> {
    Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| Problem::NoMemory(bytes))
}

/// Checks for the memory that the converted rows need, and the longest one in between. Returns the former.
fn has_memory_for(rows: &impl Rows) -> Result<usize, Problem> {
    let lens = (0..rows.len()).map(|row| rows.text_len(row));
    let (bytes, longest) = lens.fold((0, 0), |(bytes, longest), len| (bytes + len, len.max(longest)));
    let room = bytes + bytes / 16;
    has_memory(room + 2 * longest)?;
    Ok(room)
}

/// The rows of an array, as they lie in memory.
///
/// The producer claims that they are UTF-8. A false claim must be an error, and no `str` may contain anything else.
trait Rows: Sync {
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
struct Strings<'a, O> {
    offsets: &'a [O],
    values: &'a [u8],
    nulls: Option<&'a NullBuffer>,
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
struct Views<'a> {
    views: &'a [u128],
    buffers: &'a [Buffer],
    nulls: Option<&'a NullBuffer>,
}

/// The number of bytes that fit into a view.
const INLINE: usize = 12;

impl Views<'_> {
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

/// A builder of the converted column.
trait Sink {
    fn text(&mut self, text: &str) -> Result<(), Problem>;
    fn null(&mut self);
}

impl<O: OffsetSizeTrait> Sink for GenericStringBuilder<O> {
    fn text(&mut self, text: &str) -> Result<(), Problem> {
        let len = self.values_slice().len() + text.len();
        if O::from_usize(len).is_none() {
            return Err(Problem::TooLong);
        }
        if text.len() > LONG {
            // If it has to grow, it doubles its memory.
            has_memory(2 * len)?;
        }
        self.append_value(text);
        Ok(())
    }

    fn null(&mut self) {
        self.append_null();
    }
}

impl Sink for StringViewBuilder {
    fn text(&mut self, text: &str) -> Result<(), Problem> {
        if text.len() > LONG {
            has_memory(text.len())?;
        }
        self.try_append_value(text).map_err(|_| Problem::TooLong)
    }

    fn null(&mut self) {
        self.append_null();
    }
}

/// Converts rows. Returns whether anything changed.
fn convert_rows(
    converter: &Converter,
    rows: &impl Rows,
    threads: usize,
    sink: &mut impl Sink,
) -> Result<bool, Problem> {
    let blocks = blocks(rows, if threads < 2 { BLOCK } else { SHARED_BLOCK });
    let (mut changed, mut unchecked) = (false, 0);
    let mut take = |block: &Range<usize>, converted: &Converted| -> Result<(), Problem> {
        changed |= converted.changed;
        unchecked += converted.text.len();
        if unchecked > TURN {
            unchecked = 0;
            Python::attach(|py| py.check_signals()).map_err(Problem::Interrupted)?;
        }
        let mut start = 0;
        for (row, &end) in block.clone().zip(&converted.ends) {
            if rows.is_null(row) {
                sink.null()
            } else {
                sink.text(&converted.text[start..end])?
            }
            start = end;
        }
        Ok(())
    };
    // Memory that has been used before costs the system nothing.
    let used = RefCell::new(Vec::<Converted>::new());
    let threads = threads.min(blocks.len());
    let tasks = blocks.into_iter().map(|block| (block, used.borrow_mut().pop().unwrap_or_default()));
    let work = |(block, mut converted): (Range<usize>, Converted)| {
        converted.convert(converter, rows, block.clone())?;
        Ok((block, converted))
    };
    in_order(None, threads, tasks, work, |result: Result<_, Problem>| {
        let (block, converted) = result?;
        take(&block, &converted)?;
        used.borrow_mut().push(converted);
        Ok::<_, Problem>(())
    })?;
    Ok(changed)
}

/// Blocks of rows, each of about `size` bytes.
fn blocks(rows: &impl Rows, size: usize) -> Vec<Range<usize>> {
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

/// A block of converted rows, joined, and the end of each.
#[derive(Default)]
struct Converted {
    text: String,
    ends: Vec<usize>,
    changed: bool,
    /// Bytes that had to be copied to be converted.
    copied: Vec<u8>,
}

impl Converted {
    fn convert(&mut self, converter: &Converter, rows: &impl Rows, block: Range<usize>) -> Result<(), Problem> {
        let Converted { text, ends, changed, copied } = self;
        text.clear();
        ends.clear();
        let texts = rows.texts(block, copied)?;
        let bytes = texts.iter().map(|text| text.len() + text.len() / 16).sum();
        text.try_reserve(bytes).map_err(|_| Problem::NoMemory(bytes))?;
        ends.reserve(texts.len());
        let longest = texts.iter().map(|text| text.len()).max();
        if longest.is_some_and(|longest| longest > LONG) {
            for row in &texts {
                let no_memory = |_| Problem::NoMemory(row.len());
                let converted = text::whole(converter, row).map_err(|_| Problem::NoMemory(row.len()))?;
                let converted = from_utf8(&converted).unwrap_or_default();
                text.try_reserve(converted.len()).map_err(no_memory)?;
                text.push_str(converted);
                ends.push(text.len());
            }
        } else {
            converter.convert_each(texts.iter().copied(), text, |text| ends.push(text.len()));
        }
        let mut start = 0;
        *changed = texts.iter().zip(ends).any(|(before, end)| {
            let after = &text[start..*end];
            start = *end;
            *before != after
        });
        Ok(())
    }
}

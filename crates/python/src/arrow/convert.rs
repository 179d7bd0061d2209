//! The conversion of Arrow arrays.
//!
//! Rows are converted in blocks, so that input and output stay in the processor's cache. Each row is converted on its own, to
//! the end of a buffer that all rows of a block share.

use std::{cell::RefCell, ops::Range, sync::Arc};

use arrow_array::{
    Array, ArrayRef, GenericStringArray, OffsetSizeTrait, StringViewArray,
    builder::{GenericStringBuilder, StringViewBuilder},
    cast::AsArray,
};
use arrow_schema::DataType;
use fanjian::Converter;
use simdutf8::basic::from_utf8;

use super::{
    dictionaries::Shared,
    problem::{Problem, has_memory},
    rows::{Rows, Strings, Turns, Views, block_size, blocks},
    texts::Sink,
};
use crate::{
    parallel::in_order,
    text::{self, LONG},
};

/// Converts chunks, which share their dictionary if there are several. Returns the chunks themselves if nothing changes.
pub(super) fn convert(converter: &Converter, chunks: &[ArrayRef], threads: usize) -> Result<Vec<ArrayRef>, Problem> {
    let Some(dictionary) = Shared::of(chunks)? else {
        return chunks.iter().map(|chunk| texts(converter, chunk, threads)).collect();
    };
    let values = &dictionary.values;
    let converted = texts(converter, values, threads).map_err(|problem| dictionary.problem(problem))?;
    if Arc::ptr_eq(&converted, values) { Ok(chunks.to_vec()) } else { dictionary.with_values(&converted) }
}

/// Converts an array of texts. Returns the array itself if nothing changes.
fn texts(converter: &Converter, array: &ArrayRef, threads: usize) -> Result<ArrayRef, Problem> {
    let kind = array.data_type();
    let converted: Option<ArrayRef> = match kind {
        DataType::Null => None,
        DataType::Utf8 => strings::<i32>(converter, array.as_string(), threads)?,
        DataType::LargeUtf8 => strings::<i64>(converter, array.as_string(), threads)?,
        DataType::Utf8View => views(converter, array.as_string_view(), threads)?,
        _ => return Err(Problem::Type(kind.clone())),
    };
    Ok(converted.unwrap_or_else(|| array.clone()))
}

fn strings<O: OffsetSizeTrait>(
    converter: &Converter,
    array: &GenericStringArray<O>,
    threads: usize,
) -> Result<Option<ArrayRef>, Problem> {
    let rows = Strings::of(array);
    let room = has_memory_for(&rows)?;
    let mut builder = GenericStringBuilder::<O>::with_capacity(array.len(), room);
    let changed = convert_rows(converter, &rows, threads, &mut builder)?;
    Ok(changed.then(|| Arc::new(builder.finish()) as ArrayRef))
}

fn views(converter: &Converter, array: &StringViewArray, threads: usize) -> Result<Option<ArrayRef>, Problem> {
    let rows = Views::of(array);
    has_memory_for(&rows)?;
    let mut builder = StringViewBuilder::with_capacity(array.len());
    let changed = convert_rows(converter, &rows, threads, &mut builder)?;
    Ok(changed.then(|| Arc::new(builder.finish()) as ArrayRef))
}

/// Checks for the memory that the converted rows need, and the longest one in between. Returns the former.
fn has_memory_for(rows: &impl Rows) -> Result<usize, Problem> {
    let lens = (0..rows.len()).map(|row| rows.text_len(row));
    let (bytes, longest) = lens.fold((0, 0), |(bytes, longest), len| (bytes + len, len.max(longest)));
    let room = bytes + bytes / 16;
    has_memory(room + 2 * longest)?;
    Ok(room)
}

/// Converts rows. Returns whether anything changed.
fn convert_rows(
    converter: &Converter,
    rows: &impl Rows,
    threads: usize,
    sink: &mut impl Sink,
) -> Result<bool, Problem> {
    let blocks = blocks(rows, block_size(threads));
    let (mut changed, mut turns) = (false, Turns::default());
    let mut take = |block: &Range<usize>, converted: &Converted| -> Result<(), Problem> {
        changed |= converted.changed;
        turns.done(converted.text.len())?;
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

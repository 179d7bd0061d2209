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
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;
use fanjian::Converter;
use simdutf8::basic::from_utf8;

use super::{
    problem::{Problem, has_memory},
    rows::{Rows, Strings, Turns, Views, block_size, blocks},
    texts::Sink,
};
use crate::{
    parallel::in_order,
    text::{self, LONG},
};

/// Converts an array. Returns the array itself if nothing changes.
pub(super) fn convert(converter: &Converter, array: &ArrayRef, threads: usize) -> Result<ArrayRef, Problem> {
    let kind = array.data_type();
    let converted: Option<ArrayRef> = match kind {
        DataType::Null => None,
        DataType::Utf8 => strings::<i32>(converter, array.as_string(), threads)?,
        DataType::LargeUtf8 => strings::<i64>(converter, array.as_string(), threads)?,
        DataType::Utf8View => views(converter, array.as_string_view(), threads)?,
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let values = convert(converter, dictionary.values(), threads).map_err(Problem::of_a_value)?;
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

//! Dictionaries that chunks share.
//!
//! Chunks of a column usually have one dictionary, which may have many more values than a chunk has rows. Each value is worked on
//! once for all of them, and of a dictionary with more values than rows, those that the rows name.

use std::{collections::HashMap, sync::Arc};

use arrow_array::{
    Array, ArrayRef, DictionaryArray, GenericStringArray, OffsetSizeTrait, PrimitiveArray, StringViewArray,
    cast::AsArray, downcast_dictionary_array, make_array, types::ArrowDictionaryKeyType,
};
use arrow_buffer::ArrowNativeType;
use arrow_data::transform::MutableArrayData;
use arrow_schema::DataType;

use super::{problem::Problem, rows::check_signals};

/// The most values of a dictionary that is always worked on as a whole: they may be categories, which are expected to stay though
/// no row has them.
const CATEGORIES: usize = 1024;

/// Whether two consecutive chunks have one dictionary, in the same memory.
pub(super) fn is_shared(one: &ArrayRef, other: &ArrayRef) -> bool {
    match (one.as_any_dictionary_opt(), other.as_any_dictionary_opt()) {
        (Some(one), Some(other)) => one.values().to_data().ptr_eq(&other.values().to_data()),
        _ => false,
    }
}

/// The dictionary of chunks that share one.
pub(super) struct Shared<'a> {
    chunks: &'a [ArrayRef],
    /// The values to be worked on.
    pub(super) values: ArrayRef,
    /// Their numbers in the dictionary, in order. None if they are all of it.
    numbers: Option<Vec<usize>>,
}

impl<'a> Shared<'a> {
    /// None if the chunks have no dictionary.
    pub(super) fn of(chunks: &'a [ArrayRef]) -> Result<Option<Shared<'a>>, Problem> {
        let Some(dictionary) = chunks.first().and_then(|chunk| chunk.as_any_dictionary_opt()) else { return Ok(None) };
        chunks.iter().try_for_each(keys_have_values)?;
        let all = dictionary.values();
        let whole = Shared { chunks, values: all.clone(), numbers: None };
        let rows: usize = chunks.iter().map(|chunk| chunk.len()).sum();
        if all.len() <= CATEGORIES.max(rows) {
            return Ok(Some(whole));
        }
        let mut is_named = vec![false; all.len()];
        for chunk in chunks {
            keys(chunk).flatten().for_each(|key| is_named[key] = true);
        }
        let numbers: Vec<usize> = (0..all.len()).filter(|&number| is_named[number]).collect();
        Ok(Some(match taken(all, &numbers) {
            Some(values) => Shared { chunks, values, numbers: Some(numbers) },
            None => whole,
        }))
    }

    /// For each row of a chunk, the place of its value. None for a null.
    pub(super) fn places(&self, chunk: &ArrayRef) -> impl Iterator<Item = Option<usize>> {
        keys(chunk).map(|key| key.map(|key| self.place(key)))
    }

    /// The place of the value with this number in the dictionary.
    fn place(&self, number: usize) -> usize {
        match &self.numbers {
            Some(numbers) => numbers.binary_search(&number).unwrap_or(usize::MAX),
            None => number,
        }
    }

    /// A problem with one of the values, as one of the dictionary.
    pub(super) fn problem(&self, problem: Problem) -> Problem {
        match (problem, &self.numbers) {
            (Problem::NotUtf8(place), Some(numbers)) => Problem::ValueNotUtf8(numbers[place]),
            (Problem::NotUtf8(place), None) => Problem::ValueNotUtf8(place),
            (other, _) => other,
        }
    }

    /// The chunks with other values. Equal values are merged: pandas and others rely on that.
    pub(super) fn with_values(&self, values: &ArrayRef) -> Result<Vec<ArrayRef>, Problem> {
        let (places, merged) = merged(values);
        let keys_stay = self.numbers.is_none() && merged.len() == values.len();
        let place = |number| places.get(self.place(number)).copied();
        let with_values = |chunk: &ArrayRef| {
            check_signals()?;
            if keys_stay {
                return Ok(chunk.as_any_dictionary().with_values(merged.clone()));
            }
            downcast_dictionary_array!(
                chunk => with_places(chunk, place, &merged),
                kind => Err(Problem::Type(kind.clone())),
            )
        };
        self.chunks.iter().map(with_values).collect()
    }
}

/// Whether every row of a chunk is a null or has a value.
fn keys_have_values(chunk: &ArrayRef) -> Result<(), Problem> {
    let count = chunk.as_any_dictionary().values().len();
    let has_value = downcast_dictionary_array!(
        chunk => chunk.keys().iter().flatten().all(|key| key.to_usize().is_some_and(|key| key < count)),
        kind => return Err(Problem::Type(kind.clone())),
    );
    if has_value { Ok(()) } else { Err(Problem::NoValue) }
}

/// For each row of a chunk, the number of its value in the dictionary. None for a null, whose key is arbitrary.
fn keys(chunk: &ArrayRef) -> impl Iterator<Item = Option<usize>> {
    let dictionary = chunk.as_any_dictionary();
    // Without values, all rows are null.
    let keys = if dictionary.values().is_empty() { vec![0; chunk.len()] } else { dictionary.normalized_keys() };
    keys.into_iter().enumerate().map(|(row, key)| (!chunk.is_null(row)).then_some(key))
}

/// The values with these numbers, whatever their bytes are: those are checked where they are worked on. None if they cannot be
/// taken out: the producer's places of them may be anything.
fn taken(values: &ArrayRef, numbers: &[usize]) -> Option<ArrayRef> {
    fn lie_within<O: OffsetSizeTrait>(values: &GenericStringArray<O>, numbers: &[usize]) -> bool {
        let (offsets, len) = (values.value_offsets(), values.values().len());
        numbers.iter().all(|&number| {
            let (start, end) = (offsets[number].as_usize(), offsets[number + 1].as_usize());
            start <= end && end <= len
        })
    }
    let lie_within = match values.data_type() {
        DataType::Utf8 => lie_within(values.as_string::<i32>(), numbers),
        DataType::LargeUtf8 => lie_within(values.as_string::<i64>(), numbers),
        _ => true,
    };
    if !lie_within {
        return None;
    }
    let data = values.to_data();
    let mut taken = MutableArrayData::new(vec![&data], false, numbers.len());
    numbers.iter().try_for_each(|&number| taken.try_extend(0, number, number + 1)).ok()?;
    Some(make_array(taken.freeze()))
}

/// Values without those that are equal to an earlier one, and the place of each value among them.
fn merged(values: &ArrayRef) -> (Vec<usize>, ArrayRef) {
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
    let places = (0..values.len()).map(place).collect();
    let merged: ArrayRef = match values.data_type() {
        _ if kept.len() == values.len() => values.clone(),
        DataType::Utf8 => Arc::new(GenericStringArray::<i32>::from(kept)),
        DataType::LargeUtf8 => Arc::new(GenericStringArray::<i64>::from(kept)),
        _ => Arc::new(StringViewArray::from(kept)),
    };
    (places, merged)
}

/// A dictionary whose values have new places among others.
fn with_places<K: ArrowDictionaryKeyType>(
    dictionary: &DictionaryArray<K>,
    place: impl Fn(usize) -> Option<usize>,
    values: &ArrayRef,
) -> Result<ArrayRef, Problem> {
    // The key of a null is arbitrary.
    let key = |key: K::Native| place(key.as_usize()).and_then(K::Native::from_usize).unwrap_or(key);
    let keys: PrimitiveArray<K> = dictionary.keys().unary(key);
    let dictionary = DictionaryArray::try_new(keys, values.clone()).map_err(|_| Problem::NoValue)?;
    Ok(Arc::new(dictionary))
}

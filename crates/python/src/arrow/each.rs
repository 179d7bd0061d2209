//! One result for each row of a column, such as its detection.

use arrow_array::{Array, ArrayRef, cast::AsArray};
use arrow_schema::DataType;

use super::{
    problem::Problem,
    rows::{Rows, Strings, Turns, Views, block_size, blocks},
};
use crate::parallel::in_order;

/// Takes the result of each row in order, and nothing for a null. What a value of a dictionary results in is found once.
pub(super) fn each<R: Clone + Send>(
    array: &ArrayRef,
    threads: usize,
    work: &(impl Fn(&str) -> R + Sync),
    take: &mut dyn FnMut(Option<&R>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    match array.data_type() {
        DataType::Null => (0..array.len()).try_for_each(|_| take(None)),
        DataType::Utf8 => of_rows(&Strings::<i32>::of(array.as_string()), threads, work, take),
        DataType::LargeUtf8 => of_rows(&Strings::<i64>::of(array.as_string()), threads, work, take),
        DataType::Utf8View => of_rows(&Views::of(array.as_string_view()), threads, work, take),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let mut values = Vec::with_capacity(dictionary.values().len());
            let mut take_value = |result: Option<&R>| {
                values.push(result.cloned());
                Ok(())
            };
            each(dictionary.values(), threads, work, &mut take_value).map_err(Problem::of_a_value)?;
            // Without values, all rows are null.
            let keys = if values.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
            // The key of a null is arbitrary.
            let value = |(row, key): (usize, &usize)| values.get(*key).filter(|_| !array.is_null(row))?.as_ref();
            keys.iter().enumerate().map(value).try_for_each(take)
        }
        kind => Err(Problem::Type(kind.clone())),
    }
}

fn of_rows<R: Send>(
    rows: &impl Rows,
    threads: usize,
    work: &(impl Fn(&str) -> R + Sync),
    take: &mut dyn FnMut(Option<&R>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let blocks = blocks(rows, block_size(threads));
    let threads = threads.min(blocks.len());
    let results = |block: std::ops::Range<usize>| {
        let mut copied = Vec::new();
        let texts = rows.texts(block.clone(), &mut copied)?;
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let result = |(row, text)| (!rows.is_null(row)).then(|| work(text));
        Ok((bytes, block.zip(texts).map(result).collect::<Vec<_>>()))
    };
    let mut turns = Turns::default();
    in_order(None, threads, blocks.into_iter(), results, |results: Result<_, Problem>| {
        let (bytes, results) = results?;
        turns.done(bytes)?;
        results.iter().try_for_each(|result| take(result.as_ref()))
    })
}

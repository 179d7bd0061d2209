//! One result for each row of a column, such as its detection.

use arrow_array::{Array, ArrayRef, cast::AsArray};
use arrow_schema::DataType;

use super::{
    dictionaries::Shared,
    problem::Problem,
    rows::{Rows, Strings, Turns, Views, block_size, blocks, check_signals},
};
use crate::parallel::in_order;

/// The results for the rows of chunks, which share their dictionary if there are several.
pub(super) struct Results<'a, R, W> {
    work: W,
    threads: usize,
    /// The dictionary, and what each of its values results in.
    shared: Option<(Shared<'a>, Vec<Option<R>>)>,
}

impl<'a, R: Clone + Send, W: Fn(&str) -> R + Sync> Results<'a, R, W> {
    /// Finds the results for the values of a dictionary.
    pub(super) fn of(chunks: &'a [ArrayRef], threads: usize, work: W) -> Result<Results<'a, R, W>, Problem> {
        let mut results = Results { work, threads, shared: None };
        if let Some(dictionary) = Shared::of(chunks)? {
            let mut values = Vec::with_capacity(dictionary.values.len());
            let mut take = |result: Option<&R>| {
                values.push(result.cloned());
                Ok(())
            };
            results.each_text(&dictionary.values, &mut take).map_err(|problem| dictionary.problem(problem))?;
            results.shared = Some((dictionary, values));
        }
        Ok(results)
    }

    /// Takes the result for each row of one of the chunks in order, and nothing for a null.
    pub(super) fn each(
        &self,
        chunk: &ArrayRef,
        take: &mut dyn FnMut(Option<&R>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let Some((dictionary, values)) = &self.shared else { return self.each_text(chunk, take) };
        check_signals()?;
        dictionary.places(chunk).map(|place| values.get(place?)?.as_ref()).try_for_each(take)
    }

    fn each_text(
        &self,
        array: &ArrayRef,
        take: &mut dyn FnMut(Option<&R>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let Results { work, threads, .. } = self;
        match array.data_type() {
            DataType::Null => (0..array.len()).try_for_each(|_| take(None)),
            DataType::Utf8 => of_rows(&Strings::<i32>::of(array.as_string()), *threads, work, take),
            DataType::LargeUtf8 => of_rows(&Strings::<i64>::of(array.as_string()), *threads, work, take),
            DataType::Utf8View => of_rows(&Views::of(array.as_string_view()), *threads, work, take),
            kind => Err(Problem::Type(kind.clone())),
        }
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

//! Many texts at once.
//!
//! A conversion of a short text takes less time than Python needs to encode it and to make a `str` of the result. So texts
//! are joined by a separator, encoded at once, converted together but each on its own, and the results decoded at once
//! and split. That is exact if neither a text nor a result contains the separator; otherwise the texts of its batch are
//! converted one by one.

use fanjian::Converter;
use memchr::memchr_iter;
use pyo3::{
    exceptions::{PyTypeError, PyUnicodeEncodeError},
    intern,
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyBytes, PyFloat, PyList, PyString},
};

use crate::{
    errors::type_name,
    parallel::in_order,
    text::{self, LONG, Problem, SHORT, string, utf8},
};

/// NUL: hardly any text has it, and no dictionary.
const SEPARATOR: char = '\0';

/// The size of a batch in bytes, unless a text is longer: it fits in the processor's cache.
const BATCH: usize = 64 * 1024;
/// The most texts in a batch.
const MOST: usize = 4096;

pub(crate) fn convert<'py>(
    converter: &Converter,
    texts: &Bound<'py, PyAny>,
    threads: usize,
) -> PyResult<Bound<'py, PyList>> {
    let py = texts.py();
    if texts.is_instance_of::<PyString>() || texts.is_instance_of::<PyBytes>() {
        let name = texts.get_type().name()?;
        return Err(PyTypeError::new_err(format!("texts must be a list of str, not one {name}")));
    }
    // A list of our own, which nobody changes meanwhile.
    let (texts, is_column) = match texts.cast::<PyList>() {
        Ok(texts) => (texts.get_slice(0, texts.len()), false),
        Err(_) => {
            let is_column = texts.hasattr("__arrow_c_array__")? || texts.hasattr("__arrow_c_stream__")?;
            (PyList::new(py, texts.try_iter()?.collect::<PyResult<Vec<_>>>()?)?, is_column)
        }
    };
    let mut results = Results { converter, texts: &texts, is_column, converted: PyList::empty(py) };
    let batches = Batches::of(&texts);
    match threads.min(texts.len()) {
        0 | 1 => {
            for batch in batches {
                let convert = || batch.convert(converter);
                let is_short = batch.joined.as_ref().is_none_or(|joined| joined.len() < SHORT);
                let converted = if is_short { convert() } else { py.detach(convert) };
                results.take(&batch, converted)?;
            }
        }
        threads => {
            // Each result has its batch, which holds an object of Python's: this thread drops it.
            let work = |batch: Batch| (batch.convert(converter), batch);
            in_order(Some(py), threads, batches, work, |(converted, batch)| results.take(&batch, converted))?;
        }
    }
    Ok(results.converted)
}

/// Consecutive texts, joined if they can be split again.
struct Batch {
    start: usize,
    end: usize,
    joined: Option<PyBackedStr>,
}

impl Batch {
    fn is_one(&self) -> bool {
        self.end - self.start == 1
    }

    /// Converts the joined texts, each on its own, or one that may be long. None if they could not be joined.
    fn convert(&self, converter: &Converter) -> Option<Result<Vec<u8>, Problem>> {
        let joined = self.joined.as_ref()?;
        if self.is_one() {
            return Some(text::whole(converter, joined));
        }
        Some(Ok(converter.convert_separated(joined, SEPARATOR).into_owned().into_bytes()))
    }
}

/// All texts in batches.
struct Batches<'l, 'py> {
    texts: &'l Bound<'py, PyList>,
    start: usize,
    /// The number of texts of the next batch, by the length of those before.
    count: usize,
}

impl<'l, 'py> Batches<'l, 'py> {
    fn of(texts: &'l Bound<'py, PyList>) -> Batches<'l, 'py> {
        Batches { texts, start: 0, count: 1 }
    }
}

impl Iterator for Batches<'_, '_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let (start, end) = (self.start, self.texts.len().min(self.start + self.count));
        if start == end {
            return None;
        }
        let joined = join(self.texts, start, end);
        let len = joined.as_ref().map_or(0, |joined| joined.len());
        let fitting = BATCH * (end - start) / len.max(1);
        self.count = fitting.clamp(1, MOST.min(8 * self.count));
        self.start = end;
        // Texts that are longer than those before can make a batch too long.
        let is_exact = |joined: &PyBackedStr| {
            let separators = || memchr_iter(SEPARATOR as u8, joined.as_bytes()).count();
            end - start == 1 || joined.len() <= LONG && separators() == end - start - 1
        };
        Some(Batch { start, end, joined: joined.filter(is_exact) })
    }
}

/// The texts, joined by the separator. None if one of them is no text.
fn join(texts: &Bound<'_, PyList>, start: usize, end: usize) -> Option<PyBackedStr> {
    let py = texts.py();
    let joined = intern!(py, "\0").call_method1(intern!(py, "join"), (texts.get_slice(start, end),)).ok()?;
    utf8(&joined, "").ok()
}

struct Results<'r, 'py> {
    converter: &'r Converter,
    texts: &'r Bound<'py, PyList>,
    /// Whether they were given as Arrow data.
    is_column: bool,
    converted: Bound<'py, PyList>,
}

impl<'py> Results<'_, 'py> {
    /// Appends the results of a batch: converted, or still to be converted one by one.
    fn take(&mut self, batch: &Batch, converted: Option<Result<Vec<u8>, Problem>>) -> PyResult<()> {
        let py = self.texts.py();
        let Some(converted) = converted else { return self.one_by_one(batch) };
        let converted = string(py, &converted?)?;
        if batch.is_one() {
            self.converted.append(converted)?;
            return py.check_signals();
        }
        let parts = converted.call_method1(intern!(py, "split"), (intern!(py, "\0"),))?.cast_into::<PyList>()?;
        if parts.len() != batch.end - batch.start {
            // The user's own words may output separators.
            return self.one_by_one(batch);
        }
        let len = self.converted.len();
        self.converted.set_slice(len, len, &parts)?;
        py.check_signals()
    }

    fn one_by_one(&mut self, batch: &Batch) -> PyResult<()> {
        let py = self.texts.py();
        for index in batch.start..batch.end {
            let text = self.texts.get_item(index)?;
            self.check(&text, index)?;
            let converted = text::convert(self.converter, &text, format_args!("texts[{index}]"));
            self.converted.append(converted.map_err(|error| with_index(py, error, index))?)?;
        }
        py.check_signals()
    }

    /// Refuses what is none of a list, but of a column: a missing value, which pandas has as None or as a float, or an object of
    /// an Arrow library.
    fn check(&self, text: &Bound<'_, PyAny>, index: usize) -> PyResult<()> {
        let is_missing = text.is_none() || text.is_instance_of::<PyFloat>();
        if !is_missing && (!self.is_column || text.is_instance_of::<PyString>()) {
            return Ok(());
        }
        Err(PyTypeError::new_err(format!(
            "texts[{index}] must be str, not {} (fanjian.arrow.convert converts columns, and keeps missing values)",
            type_name(text)
        )))
    }
}

/// Adds the index of the text to the error for a lone surrogate.
fn with_index(py: Python<'_>, error: PyErr, index: usize) -> PyErr {
    if error.is_instance_of::<PyUnicodeEncodeError>(py) {
        let value = error.value(py);
        let reason = value.getattr(intern!(py, "reason")).map(|reason| format!("{reason}, in texts[{index}]"));
        if let Err(other) = reason.and_then(|reason| value.setattr(intern!(py, "reason"), reason)) {
            return other;
        }
    }
    error
}

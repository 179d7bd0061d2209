//! Many texts at once.

use std::{num::NonZero, thread};

use fanjian::Converter;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyBytes, PyList, PyString},
};

use crate::text::{SHORT, string, utf8};

/// So much text, in bytes, is taken from the list and converted before the next: its memory stays in the processor's cache,
/// and is not needed again for all of the list.
const BATCH: usize = 128 * 1024;

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
    let texts = match texts.cast::<PyList>() {
        Ok(texts) => texts.clone(),
        Err(_) => PyList::new(py, texts.try_iter()?.collect::<PyResult<Vec<_>>>()?)?,
    };
    let threads = threads_of(threads);
    let results = PyList::empty(py);
    let (mut batch, mut len) = (Vec::new(), 0);
    let mut converted = Converted::default();
    for (index, text) in texts.iter().enumerate() {
        let text = utf8(&text, format_args!("texts[{index}]"))?;
        len += text.len();
        batch.push(text);
        if len >= BATCH * threads {
            converted.give(py, converter, &mut batch, threads, len, &results)?;
            len = 0;
        }
    }
    converted.give(py, converter, &mut batch, threads, len, &results)?;
    Ok(results)
}

/// How many threads are meant by a number of them.
pub(crate) fn threads_of(threads: usize) -> usize {
    if threads == 0 { thread::available_parallelism().map_or(1, NonZero::get) } else { threads }
}

/// Texts one behind the other, and where each of them ends.
#[derive(Default)]
struct Converted {
    text: String,
    ends: Vec<usize>,
}

impl Converted {
    /// Converts a batch, appends its texts to the results, and empties it.
    fn give(
        &mut self,
        py: Python<'_>,
        converter: &Converter,
        batch: &mut Vec<PyBackedStr>,
        threads: usize,
        len: usize,
        results: &Bound<'_, PyList>,
    ) -> PyResult<()> {
        if len < SHORT {
            self.convert(converter, batch);
        } else {
            py.detach(|| self.convert(converter, batch));
        }
        let _ = threads;
        let mut start = 0;
        for &end in &self.ends {
            results.append(string(py, &self.text.as_bytes()[start..end])?)?;
            start = end;
        }
        batch.clear();
        py.check_signals()
    }

    fn convert(&mut self, converter: &Converter, texts: &[PyBackedStr]) {
        self.text.clear();
        self.ends.clear();
        let Converted { text, ends } = self;
        converter.convert_each(texts.iter().map(|text| &**text), text, |out| ends.push(out.len()));
    }
}

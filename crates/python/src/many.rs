//! Many texts at once.
//!
//! A conversion of a short text takes less time than Python needs to encode it, and to make a `str` of the result. So texts
//! are joined by a separator, encoded at once, converted together though each on its own, and the results decoded at once
//! and split. That is exact where no text holds the separator, and no result does; where one does, its batch goes one by
//! one.

use std::{
    collections::VecDeque,
    num::NonZero,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use fanjian::Converter;
use memchr::memchr_iter;
use pyo3::{
    exceptions::{PyRuntimeError, PyTypeError, PyUnicodeEncodeError},
    intern,
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyBytes, PyList, PyString},
};

use crate::text::{self, LONG, Problem, SHORT, string, utf8};

/// NUL: hardly any text has it, and no dictionary.
const SEPARATOR: char = '\0';

/// So much text, in bytes, is in a batch, as long as no text is longer: it stays in the processor's cache.
const BATCH: usize = 64 * 1024;
/// No more texts than these are in a batch.
const MOST: usize = 4096;
/// No more threads than these for each processor: they would only wait for each other.
const THREADS: usize = 4;
/// So many batches are with each thread at once, so that it need not wait.
const AHEAD: usize = 2;

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
    let texts = match texts.cast::<PyList>() {
        Ok(texts) => texts.get_slice(0, texts.len()),
        Err(_) => PyList::new(py, texts.try_iter()?.collect::<PyResult<Vec<_>>>()?)?,
    };
    let mut results = Results { converter, texts: &texts, converted: PyList::empty(py) };
    match threads_of(threads).min(texts.len()) {
        0 | 1 => {
            for batch in Batches::of(&texts) {
                let Some(joined) = batch.joined else {
                    results.one_by_one(batch.start, batch.end)?;
                    continue;
                };
                let is_one = batch.end - batch.start == 1;
                let convert = || convert_joined(converter, &joined, is_one);
                let converted = if joined.len() < SHORT { convert() } else { py.detach(convert) }?;
                results.split(batch.start, batch.end, &converted)?;
            }
        }
        threads => thread::scope(|scope| {
            let start = |_| {
                let (texts, ours) = channel::<Task>();
                let work = move || {
                    while let Ok((joined, is_one, results)) = ours.recv() {
                        let converted = convert_joined(converter, &joined, is_one);
                        // What is given is given back: only a thread of Python may let go of it.
                        let _ = results.send((joined, converted));
                    }
                };
                thread::Builder::new().spawn_scoped(scope, work).map(|_| texts).map_err(no_thread)
            };
            let workers: Vec<_> = (0..threads).map(start).collect::<PyResult<_>>()?;
            let mut waiting: VecDeque<Waiting> = VecDeque::new();
            for (batch, worker) in Batches::of(&texts).zip(workers.iter().cycle()) {
                let converted = batch.joined.and_then(|joined| {
                    let (results, converted) = channel();
                    worker.send((joined, batch.end - batch.start == 1, results)).ok().map(|()| converted)
                });
                waiting.push_back(Waiting { start: batch.start, end: batch.end, converted });
                if waiting.len() >= AHEAD * threads
                    && let Some(first) = waiting.pop_front()
                {
                    results.wait(first)?;
                }
            }
            waiting.into_iter().try_for_each(|first| results.wait(first))
        })?,
    }
    Ok(results.converted)
}

/// How many threads are meant by a number of them.
pub(crate) fn threads_of(threads: usize) -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    if threads == 0 { processors } else { threads.min(THREADS * processors) }
}

/// The error where the system gives no thread: as Python's own `threading` has it.
pub(crate) fn no_thread(error: std::io::Error) -> PyErr {
    PyRuntimeError::new_err(format!("can't start new thread ({error}): ask for fewer threads"))
}

/// Converts joined texts, each on its own, or one that may be long.
fn convert_joined(converter: &Converter, joined: &str, is_one: bool) -> Result<Vec<u8>, Problem> {
    if is_one {
        return text::whole(converter, joined);
    }
    Ok(converter.convert_separated(joined, SEPARATOR).into_owned().into_bytes())
}

/// Joined texts, whether they are but one, and where they go back to with what they became.
type Task = (PyBackedStr, bool, Sender<Done>);
type Done = (PyBackedStr, Result<Vec<u8>, Problem>);

/// A batch that is not done: with a thread, or to be done one by one.
struct Waiting {
    start: usize,
    end: usize,
    converted: Option<Receiver<Done>>,
}

/// Some of the texts, joined where they can be split again.
struct Batch {
    start: usize,
    end: usize,
    joined: Option<PyBackedStr>,
}

/// All texts in batches.
struct Batches<'l, 'py> {
    texts: &'l Bound<'py, PyList>,
    start: usize,
    /// How many texts the next batch has, as long as they are as long as those before.
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
        // Texts that are longer than those before may have made much of it.
        let is_exact = |joined: &PyBackedStr| {
            let separators = || memchr_iter(SEPARATOR as u8, joined.as_bytes()).count();
            end - start == 1 || joined.len() <= LONG && separators() == end - start - 1
        };
        Some(Batch { start, end, joined: joined.filter(is_exact) })
    }
}

/// Nothing where one of them is no text.
fn join(texts: &Bound<'_, PyList>, start: usize, end: usize) -> Option<PyBackedStr> {
    let py = texts.py();
    let joined = intern!(py, "\0").call_method1(intern!(py, "join"), (texts.get_slice(start, end),)).ok()?;
    utf8(&joined, "").ok()
}

struct Results<'r, 'py> {
    converter: &'r Converter,
    texts: &'r Bound<'py, PyList>,
    converted: Bound<'py, PyList>,
}

impl<'py> Results<'_, 'py> {
    /// Appends the results of a batch that is not done yet.
    fn wait(&mut self, batch: Waiting) -> PyResult<()> {
        let Some(converted) = batch.converted else { return self.one_by_one(batch.start, batch.end) };
        let (_, converted) = (self.texts.py())
            .detach(move || converted.recv())
            .map_err(|_| PyRuntimeError::new_err("a thread that converts has stopped"))?;
        self.split(batch.start, batch.end, &converted?)
    }

    /// Appends the results of a batch.
    fn split(&mut self, start: usize, end: usize, converted: &[u8]) -> PyResult<()> {
        let py = self.texts.py();
        let converted = string(py, converted)?;
        if end - start == 1 {
            self.converted.append(converted)?;
            return py.check_signals();
        }
        let parts = converted.call_method1(intern!(py, "split"), (intern!(py, "\0"),))?.cast_into::<PyList>()?;
        if parts.len() != end - start {
            // Own words may have made separators.
            return self.one_by_one(start, end);
        }
        let len = self.converted.len();
        self.converted.set_slice(len, len, &parts)?;
        py.check_signals()
    }

    fn one_by_one(&mut self, start: usize, end: usize) -> PyResult<()> {
        let py = self.texts.py();
        for index in start..end {
            let converted = text::convert(self.converter, &self.texts.get_item(index)?, format_args!("texts[{index}]"));
            self.converted.append(converted.map_err(|error| with_index(py, error, index))?)?;
        }
        py.check_signals()
    }
}

/// Tells of a lone surrogate which text has it.
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

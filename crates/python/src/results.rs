//! Results with several fields: named tuples, whose classes are in `python/fanjian/_results.py`.

use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyTuple, PyType},
};

/// A class of named tuples.
pub(crate) struct Class {
    name: &'static str,
    class: PyOnceLock<Py<PyType>>,
}

impl Class {
    pub(crate) const fn new(name: &'static str) -> Class {
        Class { name, class: PyOnceLock::new() }
    }

    /// A tuple with these fields.
    pub(crate) fn make<'py, F>(&self, py: Python<'py>, fields: F) -> PyResult<Bound<'py, PyAny>>
    where
        F: IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>>,
        PyErr: From<F::Error>,
    {
        self.class.import(py, "fanjian._results", self.name)?.call1(fields.into_pyobject(py)?)
    }
}

/// Offsets in a text, from bytes to characters: asked for in ascending order, so that the text is scanned once.
pub(crate) struct Characters<'t> {
    text: &'t str,
    bytes: usize,
    characters: usize,
}

impl<'t> Characters<'t> {
    pub(crate) fn new(text: &'t str) -> Characters<'t> {
        Characters { text, bytes: 0, characters: 0 }
    }

    /// The number of characters before an offset in bytes, which must not be before the last one.
    pub(crate) fn before(&mut self, bytes: usize) -> usize {
        self.characters += self.text.get(self.bytes..bytes).map_or(0, |passed| passed.chars().count());
        self.bytes = bytes;
        self.characters
    }
}

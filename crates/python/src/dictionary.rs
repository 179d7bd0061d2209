//! The user's own dictionaries.

use std::path::PathBuf;

use fanjian::{Dictionary, Entries};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyByteArray, PyBytes, PyDict, PyMapping, PyString, PyTuple},
};

use crate::{
    errors::{exception, wrong_type},
    release::PyDictionaries,
    text,
};

/// A user's own dictionary: words and their replacements.
///
/// Args:
///     entries: A mapping from each word to its replacement: a ``str``, or a sequence of candidates, of which the first one
///         is used. An empty ``str`` deletes the word from the text.
///     name: The dictionary's name in errors and explanations.
///
/// Raises:
///     DictionaryError: A word is empty or too long, or has no candidate.
///
/// >>> import fanjian
/// >>> own = fanjian.Dictionary({"云原生": "雲端原生"})
/// >>> fanjian.Converter("s2twp", dictionaries=[own]).convert("云原生软件")
/// '雲端原生軟體'
/// >>> len(own), own.get("云原生"), own.get("软件")
/// (1, ('雲端原生',), None)
#[pyclass(module = "fanjian", name = "Dictionary", frozen)]
pub(crate) struct PyDictionary(Dictionary);

#[pymethods]
impl PyDictionary {
    #[new]
    #[pyo3(signature = (entries, *, name = "own words"))]
    fn new(entries: &Bound<'_, PyMapping>, name: &str) -> PyResult<PyDictionary> {
        from_mapping(entries, name).map(PyDictionary)
    }

    /// Reads a dictionary from a file: OpenCC's text format, ``word<TAB>candidate candidate …`` a line, or compiled by
    /// ``fanjian dict compile``.
    ///
    /// Raises:
    ///     DictionaryError: A line is not an entry, or a key is duplicate; ``line`` is its number.
    ///     FileError: The file cannot be read.
    #[staticmethod]
    fn from_path(path: PathBuf) -> PyResult<PyDictionary> {
        Dictionary::from_path(path).map(PyDictionary).map_err(exception)
    }

    /// Reads a dictionary from text in OpenCC's format, ``word<TAB>candidate candidate …`` a line.
    ///
    /// Raises:
    ///     DictionaryError: A line is not an entry, or a key is duplicate; ``line`` is its number.
    ///
    /// >>> import fanjian
    /// >>> len(fanjian.Dictionary.from_text("云原生\t雲端原生\n"))
    /// 1
    /// >>> fanjian.Dictionary.from_text("头发 頭髮\n", name="mine")
    /// Traceback (most recent call last):
    /// ...
    /// fanjian.DictionaryError: mine:1: no tab between key and value in '头发 頭髮'
    #[staticmethod]
    #[pyo3(signature = (text, *, name = "own words"))]
    fn from_text(text: &Bound<'_, PyAny>, name: &str) -> PyResult<PyDictionary> {
        let text = text::utf8(text, "text")?;
        Dictionary::from_text(name, &text).map(PyDictionary).map_err(exception)
    }

    /// Reads a compiled dictionary, as :meth:`to_bytes` returns it, after checking all of it.
    ///
    /// Raises:
    ///     DictionaryError: The bytes are not a compiled dictionary, or are damaged.
    #[staticmethod]
    fn from_bytes(data: Vec<u8>) -> PyResult<PyDictionary> {
        Dictionary::from_bytes(data).map(PyDictionary).map_err(exception)
    }

    /// The compiled dictionary, to be written to a file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.0.to_bytes().map_err(exception)?))
    }

    /// The dictionary's name in errors and explanations.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// The candidates of a word, the default first. ``None`` if the dictionary does not contain it.
    fn get<'py>(&self, py: Python<'py>, word: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let word = text::word(word, "word")?;
        let candidates = self.0.get(&word).map(|found| found.candidates().collect::<Vec<_>>());
        candidates.map(|candidates| PyTuple::new(py, candidates)).transpose()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __contains__(&self, word: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.0.contains(&text::word(word, "word")?))
    }

    fn __repr__(&self) -> String {
        format!("<fanjian.Dictionary {:?}, {} entries>", self.0.name(), self.0.len())
    }

    fn __reduce__<'py>(slf: &Bound<'py, PyDictionary>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((slf.get_type().getattr("from_bytes")?, (slf.get().to_bytes(slf.py())?,)))
    }
}

impl PyDictionary {
    /// The dictionary for an argument: a `Dictionary`, a mapping, or a path.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Dictionary> {
        if let Ok(dictionary) = object.cast::<PyDictionary>() {
            return Ok(dictionary.get().0.clone());
        }
        if let Ok(entries) = object.cast::<PyMapping>() {
            return from_mapping(entries, "own words");
        }
        if object.is_instance_of::<PyDictionaries>() {
            let message = "a dictionary must be a Dictionary, a mapping or a path: give the Dictionaries of a release as release=";
            return Err(PyTypeError::new_err(message));
        }
        let Ok(path) = object.extract::<PathBuf>() else {
            return Err(wrong_type("a dictionary", "a Dictionary, a mapping or a path", object));
        };
        Dictionary::from_path(path).map_err(exception)
    }

    pub(crate) fn object(py: Python<'_>, dictionary: &Dictionary) -> PyResult<Py<PyDictionary>> {
        Py::new(py, PyDictionary(dictionary.clone()))
    }
}

fn from_mapping(mapping: &Bound<'_, PyMapping>, name: &str) -> PyResult<Dictionary> {
    let mut entries = Entries::new();
    // A `dict` without a call for each of its items.
    let items = match mapping.cast::<PyDict>() {
        Ok(dict) => dict.items(),
        Err(_) => mapping.items()?,
    };
    for item in items {
        let (word, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let word = text::word(&word, "a word of a dictionary")?;
        let candidate = |candidate: &Bound<'_, PyAny>| -> PyResult<String> {
            Ok(text::word(candidate, format_args!("the value of '{}'", &*word))?.to_string())
        };
        // Bytes iterate as numbers.
        let is_one = value.is_instance_of::<PyString>()
            || value.is_instance_of::<PyBytes>()
            || value.is_instance_of::<PyByteArray>();
        let candidates = match value.try_iter() {
            Ok(values) if !is_one => values.map(|value| candidate(&value?)).collect::<PyResult<_>>()?,
            _ => vec![candidate(&value)?],
        };
        entries.insert(&*word, candidates).map_err(|error| exception(error.at(name)))?;
    }
    Dictionary::from_entries(name, &entries).map_err(exception)
}

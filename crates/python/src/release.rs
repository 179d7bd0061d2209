//! The dictionaries of a release of OpenCC.

use std::path::PathBuf;

use fanjian::Dictionaries;
use pyo3::{
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyBytes, PyMapping, PyTuple},
};

use crate::{
    errors::{exception, wrong_type},
    text::word,
};

/// The dictionaries and configurations of a release of OpenCC, in place of the built-in ones: conversions by them stay the same
/// whatever the version of this package is.
///
/// ``fanjian dict import`` makes a file of them, which :meth:`from_path` reads. A :class:`Converter` takes them as ``release``.
/// Make one object and use it for all converters: it is immutable, and can be pickled.
///
/// >>> import fanjian
/// >>> files = {
/// ...     "Characters.txt": "头\t頭\n发\t發 髮\n".encode(),
/// ...     "s2t.json": b'{"conversion_chain": [{"dict": {"type": "text", "file": "Characters.txt"}}]}',
/// ... }
/// >>> mine = fanjian.Dictionaries.from_files("mine-1", files)
/// >>> mine
/// <fanjian.Dictionaries 'mine-1'>
/// >>> fanjian.Converter("s2t", release=mine).convert("头发")
/// '頭發'
/// >>> fanjian.Converter("t2s", release=mine)
/// Traceback (most recent call last):
/// ...
/// fanjian.NotFoundError: the dictionaries 'mine-1' have no configuration t2s, but s2t
#[pyclass(module = "fanjian", name = "Dictionaries", frozen)]
pub(crate) struct PyDictionaries(Dictionaries);

#[pymethods]
impl PyDictionaries {
    /// Reads a file that ``fanjian dict import`` or :meth:`to_bytes` made, after checking all of it.
    ///
    /// Raises:
    ///     DictionaryError: The file is not one of dictionaries of a release, is damaged, or is of another version of its format.
    ///     FileError: The file cannot be read.
    #[staticmethod]
    fn from_path(py: Python<'_>, path: PathBuf) -> PyResult<PyDictionaries> {
        py.detach(|| Dictionaries::from_path(path)).map(PyDictionaries).map_err(exception)
    }

    /// The same for the bytes of such a file.
    ///
    /// Raises:
    ///     DictionaryError: As for :meth:`from_path`.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: Vec<u8>) -> PyResult<PyDictionaries> {
        py.detach(|| Dictionaries::from_bytes(data)).map(PyDictionaries).map_err(exception)
    }

    /// Compiles the files of a release.
    ///
    /// Args:
    ///     name: The name for errors and reports, such as ``"opencc-1.1.9"``.
    ///     files: The contents of each file by its name: configurations (``.json``) that have one of the names in
    ///         :data:`CONFIGS`, and the dictionaries that they name, text or binary. Other files are left out.
    ///
    /// Raises:
    ///     NotFoundError: There is no configuration, or one names a dictionary that is not among the files.
    ///     ConfigError: A configuration is invalid.
    ///     DictionaryError: A dictionary is invalid.
    #[staticmethod]
    fn from_files(name: &str, files: &Bound<'_, PyMapping>) -> PyResult<PyDictionaries> {
        let mut found: Vec<(String, Vec<u8>)> = Vec::new();
        for item in files.items()? {
            let (file, contents): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
            let file = word(&file, "the name of a file")?.to_string();
            let contents = contents
                .extract::<PyBackedBytes>()
                .map_err(|_| wrong_type(format_args!("the contents of '{file}'"), "bytes", &contents))?;
            found.push((file, contents.to_vec()));
        }
        files.py().detach(|| Dictionaries::from_files(name, found)).map(PyDictionaries).map_err(exception)
    }

    /// The contents of a file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.0.to_bytes().map_err(exception)?))
    }

    /// The name, such as ``"opencc-1.1.9"``.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// The names of the configurations that there are: early releases have fewer.
    #[getter]
    fn configs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.configs().map(|config| config.name()).collect::<Vec<_>>())
    }

    fn __repr__(&self) -> String {
        format!("<fanjian.Dictionaries '{}'>", self.0.name())
    }

    fn __reduce__<'py>(slf: &Bound<'py, PyDictionaries>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((slf.get_type().getattr("from_bytes")?, (slf.get().to_bytes(slf.py())?,)))
    }
}

/// The dictionaries of a release for an argument: `Dictionaries`, or a path.
pub(crate) fn release(object: &Bound<'_, PyAny>) -> PyResult<Dictionaries> {
    if let Ok(release) = object.cast::<PyDictionaries>() {
        return Ok(release.get().0.clone());
    }
    let Ok(path) = object.extract() else {
        return Err(wrong_type("release", "Dictionaries or a path", object));
    };
    Ok(PyDictionaries::from_path(object.py(), path)?.0)
}

/// The object of them.
pub(crate) fn object(py: Python<'_>, release: &Dictionaries) -> PyResult<Py<PyDictionaries>> {
    Py::new(py, PyDictionaries(release.clone()))
}

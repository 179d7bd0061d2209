//! The library's errors as exceptions. Their classes are in `python/fanjian/_errors.py`.

use fanjian::{Error, ErrorKind};
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

/// The exception for an error.
pub(crate) fn exception(error: Error) -> PyErr {
    Python::attach(|py| match raise(py, &error) {
        Ok(exception) | Err(exception) => exception,
    })
}

fn raise(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    static CLASSES: [PyOnceLock<Py<PyType>>; 5] = [const { PyOnceLock::new() }; 5];
    let (class, name) = match error.kind() {
        ErrorKind::Io => (&CLASSES[0], "FileError"),
        ErrorKind::NotFound => (&CLASSES[1], "NotFoundError"),
        ErrorKind::Config => (&CLASSES[2], "ConfigError"),
        ErrorKind::InvalidUtf8 => (&CLASSES[3], "EncodingError"),
        _ => (&CLASSES[4], "DictionaryError"),
    };
    let exception = class.import(py, "fanjian._errors", name)?.call1((
        error.to_string(),
        error.place(),
        error.line(),
        error.offset(),
    ))?;
    Ok(PyErr::from_value(exception))
}

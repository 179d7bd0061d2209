//! The library's errors as exceptions. Their classes are in `python/fanjian/_errors.py`.

use std::{error::Error as _, fmt, io};

use fanjian::{Error, ErrorKind};
use pyo3::{exceptions::PyTypeError, prelude::*, sync::PyOnceLock, types::PyType};

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
    let class = class.import(py, "fanjian._errors", name)?;
    let (message, line, offset) = (error.to_string(), error.line(), error.offset());
    let exception = match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(source) => {
            let file = file(error, source);
            class.call1((message, error.place().or(file), line, offset, source.raw_os_error(), file))
        }
        None => class.call1((message, error.place(), line, offset)),
    };
    Ok(PyErr::from_value(exception?))
}

/// The file that cannot be read. The library tells it in the message alone: "cannot read FILE: WHY".
fn file<'e>(error: &'e Error, source: &io::Error) -> Option<&'e str> {
    error.message().strip_prefix("cannot read ")?.strip_suffix(&format!(": {source}"))
}

/// The error for an argument of another type than what is wanted.
pub(crate) fn wrong_type(name: impl fmt::Display, wanted: &str, found: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{name} must be {wanted}, not {}", type_name(found)))
}

/// The name of an object's type, for errors.
pub(crate) fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string())
}

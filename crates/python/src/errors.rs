//! The library's errors as exceptions. Their classes are in `python/fanjian/_errors.py`.

use std::{error::Error as _, fmt, io, path::Path};

use fanjian::{Error, ErrorKind};
use pyo3::{exceptions::PyTypeError, prelude::*, sync::PyOnceLock, types::PyType};

/// The exception for an error.
pub(crate) fn exception(error: Error) -> PyErr {
    attached(&error, false)
}

/// The exception for an error of a document.
pub(crate) fn document_exception(error: Error) -> PyErr {
    attached(&error, true)
}

fn attached(error: &Error, is_of_document: bool) -> PyErr {
    Python::attach(|py| match raise(py, error, is_of_document) {
        Ok(exception) | Err(exception) => exception,
    })
}

fn raise(py: Python<'_>, error: &Error, is_of_document: bool) -> PyResult<PyErr> {
    static CLASSES: [PyOnceLock<Py<PyType>>; 7] = [const { PyOnceLock::new() }; 7];
    let (class, name) = match error.kind() {
        ErrorKind::Io => (&CLASSES[0], "FileError"),
        ErrorKind::NotFound => (&CLASSES[1], "NotFoundError"),
        ErrorKind::Config | ErrorKind::Conflict => (&CLASSES[2], "ConfigError"),
        ErrorKind::InvalidUtf8 => (&CLASSES[3], "EncodingError"),
        ErrorKind::Unsupported => (&CLASSES[5], "UnsupportedError"),
        _ if is_of_document => (&CLASSES[6], "DocumentError"),
        _ => (&CLASSES[4], "DictionaryError"),
    };
    let class = class.import(py, "fanjian._errors", name)?;
    let (message, place, line, offset) = (error.to_string(), error.place(), error.line(), error.offset());
    let exception = match error.kind() {
        ErrorKind::Io => {
            let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
            let errno = source.and_then(io::Error::raw_os_error);
            class.call1((message, place, line, offset, errno, error.path().map(Path::as_os_str)))
        }
        _ => class.call1((message, place, line, offset)),
    };
    Ok(PyErr::from_value(exception?))
}

/// The error for arguments that exclude each other, as the library has it for those that it refuses itself.
pub(crate) fn conflict(message: &str) -> PyErr {
    exception(Error::new(ErrorKind::Conflict, message))
}

/// The error for an argument of another type than the wanted one.
pub(crate) fn wrong_type(name: impl fmt::Display, wanted: &str, found: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{name} must be {wanted}, not {}", type_name(found)))
}

/// The name of an object's type, for errors.
pub(crate) fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string())
}

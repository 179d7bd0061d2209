//! Python strings as UTF-8, and back.

use std::fmt;

use fanjian::Converter;
use pyo3::{
    exceptions::{PyMemoryError, PyTypeError},
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyBytes, PyString},
};

/// For shorter texts, in bytes, the lock is kept: to release it and take it again costs about as much as they do.
pub(crate) const SHORT: usize = 2048;

/// Longer texts, in bytes, are converted in pieces of so many, with a look for memory and for Ctrl-C before each.
const PIECE: usize = 8 << 20;

/// A `str` as UTF-8. `place` is said of it in errors, such as `text`.
///
/// Lone surrogates, which no UTF-8 has, are a `UnicodeEncodeError` that tells the position.
pub(crate) fn utf8(object: &Bound<'_, PyAny>, place: impl fmt::Display) -> PyResult<PyBackedStr> {
    match object.cast::<PyString>() {
        Ok(text) => PyBackedStr::try_from(text.clone()),
        Err(_) => Err(not_text(object, place)),
    }
}

/// The error for what is no `str`.
pub(crate) fn not_text(object: &Bound<'_, PyAny>, place: impl fmt::Display) -> PyErr {
    let name = object.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string());
    let way_out = if object.is_instance_of::<PyBytes>() { " (decode it, or use convert_bytes)" } else { "" };
    PyTypeError::new_err(format!("{place} must be str, not {name}{way_out}"))
}

/// The `str` of what a conversion made.
pub(crate) fn string<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyString>> {
    PyString::from_bytes(py, text)
}

/// Converts a `str`. Gives the object itself where nothing changes.
pub(crate) fn convert<'py>(converter: &Converter, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    let py = object.py();
    let text = utf8(object, "text")?;
    let converted = if text.len() > PIECE {
        long(py, converter, &text)?
    } else {
        let text = text.as_str();
        let convert = || match converter.convert(text) {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(converted) => Some(converted.into_bytes()),
        };
        if text.len() < SHORT { convert() } else { py.detach(convert) }
    };
    match converted {
        Some(converted) => string(py, &converted),
        // A subclass gives a plain `str`, whether anything changed or not.
        None => match object.cast_exact::<PyString>() {
            Ok(text) => Ok(text.clone()),
            Err(_) => string(py, text.as_bytes()),
        },
    }
}

/// Converts a long text. Where there is no memory for the result, that is an exception: Rust would end the process.
fn long(py: Python<'_>, converter: &Converter, text: &str) -> PyResult<Option<Vec<u8>>> {
    let mut stream = converter.stream();
    let mut out = Vec::new();
    room(&mut out, text.len())?;
    for piece in text.as_bytes().chunks(PIECE) {
        room(&mut out, 2 * PIECE)?;
        py.detach(|| stream.push(piece, &mut out)).map_err(crate::errors::exception)?;
        py.check_signals()?;
    }
    stream.finish(&mut out).map_err(crate::errors::exception)?;
    Ok((out != text.as_bytes()).then_some(out))
}

/// Makes room for so many more bytes, or raises `MemoryError`.
pub(crate) fn room(out: &mut Vec<u8>, bytes: usize) -> PyResult<()> {
    let no_memory = |_| PyMemoryError::new_err(format!("no memory for {bytes} more bytes of converted text"));
    out.try_reserve(bytes).map_err(no_memory)
}

//! Python strings as UTF-8, and back.

use std::fmt;

use fanjian::{Converter, Stream};
use pyo3::{
    exceptions::{PyMemoryError, PyTypeError},
    intern,
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    types::{PyBytes, PyMemoryView, PyString},
};

use crate::errors::{exception, type_name, wrong_type};

/// For shorter texts, in bytes, the lock is kept: to release it and take it again costs about as much as they do.
pub(crate) const SHORT: usize = 2048;

/// Longer texts, in bytes, are converted in pieces, so that a lack of memory is an exception: Rust would abort the process.
pub(crate) const LONG: usize = 1 << 20;

/// The size of a piece in bytes. Its output is the largest allocation that is not checked for memory first.
const PIECE: usize = 64 << 10;

/// The number of bytes between two checks for Ctrl-C.
pub(crate) const TURN: usize = 8 << 20;

/// Why a long text could not be converted.
#[derive(Debug)]
pub(crate) enum Problem {
    /// There is no memory for this many more bytes.
    NoMemory(usize),
    Library(fanjian::Error),
}

impl From<Problem> for PyErr {
    fn from(problem: Problem) -> PyErr {
        match problem {
            Problem::NoMemory(bytes) => {
                PyMemoryError::new_err(format!("no memory for {bytes} more bytes of converted text"))
            }
            Problem::Library(error) => exception(error),
        }
    }
}

/// A word, a tag or a name as UTF-8, named `place` in errors.
pub(crate) fn word(object: &Bound<'_, PyAny>, place: impl fmt::Display) -> PyResult<PyBackedStr> {
    match object.is_instance_of::<PyString>() {
        true => utf8(object, place),
        false => Err(wrong_type(place, "str", object)),
    }
}

/// A `str` as UTF-8, named `place` in errors, such as `text`.
///
/// Lone surrogates, which UTF-8 cannot encode, are a `UnicodeEncodeError` with the position.
pub(crate) fn utf8(object: &Bound<'_, PyAny>, place: impl fmt::Display) -> PyResult<PyBackedStr> {
    match object.cast::<PyString>() {
        Ok(text) => PyBackedStr::try_from(text.clone()),
        Err(_) => Err(not_text(object, place)),
    }
}

/// The error for an object that is not a `str`.
pub(crate) fn not_text(object: &Bound<'_, PyAny>, place: impl fmt::Display) -> PyErr {
    let way_out = if object.is_instance_of::<PyBytes>() { " (decode it, or use convert_bytes)" } else { "" };
    PyTypeError::new_err(format!("{place} must be str, not {}{way_out}", type_name(object)))
}

/// `bytes`, or those of a [`buffer`], named `place` in errors.
pub(crate) fn bytes_of(object: &Bound<'_, PyAny>, place: impl fmt::Display) -> PyResult<PyBackedBytes> {
    buffer(object)?.ok_or_else(|| wrong_type(place, "bytes", object))
}

/// The bytes of an object that has bytes in one piece of memory: `bytes`, a `bytearray`, a `memoryview`, an `mmap`, an array of
/// numpy's `uint8`. None for others.
pub(crate) fn buffer(object: &Bound<'_, PyAny>) -> PyResult<Option<PyBackedBytes>> {
    if let Ok(bytes) = object.extract() {
        return Ok(Some(bytes));
    }
    let py = object.py();
    // The stable ABI of 3.9 has no other way to a buffer.
    let view = match PyMemoryView::from(object) {
        Ok(view) => view,
        Err(error) if error.is_instance_of::<PyTypeError>(py) => return Ok(None),
        Err(error) => return Err(error),
    };
    let format: String = view.getattr(intern!(py, "format"))?.extract()?;
    // A byte has no order, but ctypes states one.
    if !["B", "b", "c"].contains(&format.trim_start_matches(['@', '=', '<', '>', '!']))
        || !view.getattr(intern!(py, "c_contiguous"))?.is_truthy()?
    {
        return Ok(None);
    }
    let bytes = view.call_method0(intern!(py, "tobytes"))?.cast_into::<PyBytes>()?;
    Ok(Some(bytes.into()))
}

/// The output of a conversion as a `str`.
pub(crate) fn string<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyString>> {
    PyString::from_bytes(py, text)
}

/// The output of a conversion as `bytes`.
pub(crate) fn bytes<'py>(py: Python<'py>, data: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, data.len(), |bytes| {
        bytes.copy_from_slice(data);
        Ok(())
    })
}

/// Converts a `str`, named `place` in errors. Returns the object itself if nothing changes.
pub(crate) fn convert<'py>(
    converter: &Converter,
    object: &Bound<'py, PyAny>,
    place: impl fmt::Display,
) -> PyResult<Bound<'py, PyString>> {
    let py = object.py();
    let text = utf8(object, place)?;
    let converted = if text.len() > LONG {
        Some(long(py, &mut converter.stream(), text.as_bytes())?).filter(|converted| converted != text.as_bytes())
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
        // Of a subclass, the result is a plain `str`, whether anything changed or not.
        None => match object.cast_exact::<PyString>() {
            Ok(text) => Ok(text.clone()),
            Err(_) => string(py, text.as_bytes()),
        },
    }
}

/// Converts a whole long text, with checks for Ctrl-C.
pub(crate) fn long(py: Python<'_>, stream: &mut Stream, text: &[u8]) -> PyResult<Vec<u8>> {
    let mut out = push_long(py, stream, text)?;
    stream.finish(&mut out).map_err(Problem::Library)?;
    Ok(out)
}

/// Converts another part of a text, with checks for Ctrl-C.
pub(crate) fn push_long(py: Python<'_>, stream: &mut Stream, text: &[u8]) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    room(&mut out, text.len() + text.len() / 64)?;
    for turn in text.chunks(TURN) {
        py.detach(|| push(stream, turn, &mut out))?;
        py.check_signals()?;
    }
    Ok(out)
}

/// Converts a whole text, however long.
pub(crate) fn whole(converter: &Converter, text: &str) -> Result<Vec<u8>, Problem> {
    if text.len() <= LONG {
        return Ok(converter.convert(text).into_owned().into_bytes());
    }
    let mut stream = converter.stream();
    let mut out = Vec::new();
    room(&mut out, text.len() + text.len() / 64)?;
    push(&mut stream, text.as_bytes(), &mut out)?;
    stream.finish(&mut out).map_err(Problem::Library)?;
    Ok(out)
}

/// Converts another part of a text, however long, to the end of `out`.
pub(crate) fn push(stream: &mut Stream, text: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
    let mut converted = Vec::new();
    for piece in text.chunks(PIECE) {
        converted.clear();
        stream.push(piece, &mut converted).map_err(Problem::Library)?;
        room(out, converted.len())?;
        out.extend_from_slice(&converted);
    }
    Ok(())
}

/// Reserves memory for this many more bytes.
pub(crate) fn room(out: &mut Vec<u8>, bytes: usize) -> Result<(), Problem> {
    // To reserve more than is asked for saves time later. If there is no memory for that, there may be for as much as needed.
    out.try_reserve(bytes).or_else(|_| out.try_reserve_exact(bytes)).map_err(|_| Problem::NoMemory(bytes))
}

//! Streams: texts in pieces.

use std::sync::{Mutex, MutexGuard, TryLockError};

use fanjian::{Converter, InvalidUtf8, ScriptHistory, Stream};
use pyo3::{
    exceptions::{PyRuntimeError, PyTypeError},
    prelude::*,
    types::{PyBytes, PyString},
};

use crate::{
    errors::exception,
    text::{self, SHORT, bytes_of},
};

/// Converts a text in pieces of ``str``, split anywhere: made by :meth:`Converter.stream`.
///
/// The outputs joined are equal to the conversion of the whole text, if the stream was not made for a beginning. A stream is for one thread at a time, and cannot be
/// pickled.
///
/// >>> import fanjian
/// >>> stream = fanjian.Converter("s2t").stream()
/// >>> stream.push("我的头")
/// '我的'
/// >>> stream.push("发长了") + stream.finish()
/// '頭髮長了'
#[pyclass(module = "fanjian", name = "Stream", frozen)]
pub(crate) struct PyStream(Mutex<Stream>);

/// Converts a text in pieces of ``bytes``, split anywhere, even within a character: made by :meth:`Converter.byte_stream`.
///
/// The outputs joined are equal to the conversion of the whole text, if the stream was not made for a beginning. A stream is for one thread at a time, and cannot be
/// pickled.
///
/// >>> import fanjian
/// >>> stream = fanjian.Converter("s2t").byte_stream()
/// >>> data = "头发".encode()
/// >>> (stream.push(data[:4]) + stream.push(data[4:]) + stream.finish()).decode()
/// '頭髮'
#[pyclass(module = "fanjian", name = "ByteStream", frozen)]
pub(crate) struct PyByteStream(Mutex<Stream>);

impl PyStream {
    pub(crate) fn new(converter: &Converter, prior: ScriptHistory) -> PyStream {
        PyStream(Mutex::new(converter.stream().with_history(prior)))
    }
}

#[pymethods]
impl PyStream {
    /// Converts another piece of the text. Returns the output that no later piece can change.
    ///
    /// If Ctrl-C ends it, a part of the output is lost: make another stream, and begin the text again.
    #[pyo3(signature = (text, /))]
    fn push<'py>(&self, text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
        let piece = text::utf8(text, "text")?;
        let converted = push(text.py(), &mut *lock(&self.0)?, piece.as_bytes())?;
        text::string(text.py(), &converted)
    }

    /// Ends the text. Returns the rest of the output. The stream is then ready for another text.
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        text::string(py, &finish(&mut *lock(&self.0)?)?)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(no_pickle())
    }
}

impl PyByteStream {
    pub(crate) fn new(converter: &Converter, invalid: InvalidUtf8, prior: ScriptHistory) -> PyByteStream {
        PyByteStream(Mutex::new(converter.stream().invalid_utf8(invalid).with_history(prior)))
    }
}

#[pymethods]
impl PyByteStream {
    /// Converts another piece of the text, ``bytes`` or what :meth:`Converter.convert_bytes` takes in their place. Returns the
    /// output that no later piece can change.
    ///
    /// If Ctrl-C ends it, a part of the output is lost, as for :meth:`Stream.push`.
    ///
    /// Raises:
    ///     EncodingError: The bytes are not UTF-8, and the policy is strict. Every later call raises it again.
    #[pyo3(signature = (data, /))]
    fn push<'py>(&self, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let piece = bytes_of(data, "data")?;
        let converted = push(data.py(), &mut *lock(&self.0)?, &piece)?;
        text::bytes(data.py(), &converted)
    }

    /// Ends the text. Returns the rest of the output. The stream is then ready for another text.
    ///
    /// Raises:
    ///     EncodingError: The text ends within a character, and the policy is strict.
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        text::bytes(py, &finish(&mut *lock(&self.0)?)?)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(no_pickle())
    }
}

/// The policy of this name.
pub(crate) fn policy(name: &str) -> PyResult<InvalidUtf8> {
    name.parse().map_err(exception)
}

/// Locks a stream without waiting: pieces from two threads are no text, and a process that was forked in the middle of one
/// would wait forever.
fn lock(stream: &Mutex<Stream>) -> PyResult<MutexGuard<'_, Stream>> {
    match stream.try_lock() {
        Ok(stream) => Ok(stream),
        Err(TryLockError::Poisoned(error)) => Ok(error.into_inner()),
        Err(TryLockError::WouldBlock) => Err(PyRuntimeError::new_err(
            "the stream is in use by another thread, or was when this process was forked: make one for each text",
        )),
    }
}

fn push(py: Python<'_>, stream: &mut Stream, piece: &[u8]) -> PyResult<Vec<u8>> {
    if piece.len() >= SHORT {
        return text::push_long(py, stream, piece);
    }
    let mut out = Vec::new();
    text::push(stream, piece, &mut out)?;
    Ok(out)
}

fn finish(stream: &mut Stream) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    stream.finish(&mut out).map_err(exception)?;
    Ok(out)
}

fn no_pickle() -> PyErr {
    PyTypeError::new_err("a stream in the middle of a text cannot be pickled or copied: pickle its converter")
}

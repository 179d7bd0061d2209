//! The formats of documents by their names, and the conversion of a `str` that is a document.

use fanjian::Converter;
use fanjian_documents::{Format, Languages, Options};
use pyo3::{prelude::*, types::PyString};

use crate::{
    errors::{document_exception, exception},
    text::{self, utf8, word},
};

/// The format that an argument names.
pub(crate) fn format(as_: &Bound<'_, PyAny>) -> PyResult<Format> {
    word(as_, "as_")?.parse().map_err(exception)
}

/// Converts a document that is a text. Returns the object itself if nothing changes.
pub(crate) fn convert<'py>(
    (converter, languages): (&Converter, Languages),
    object: &Bound<'py, PyAny>,
    as_: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyString>> {
    let (py, text, format) = (object.py(), utf8(object, "text")?, format(as_)?);
    let options = Options::new(converter.clone()).languages(languages);
    let converted = py.detach(|| fanjian_documents::convert_text(&text, format, &options));
    let converted = converted.map_err(document_exception)?.text;
    match object.cast_exact::<PyString>() {
        Ok(object) if *converted == *text => Ok(object.clone()),
        _ => text::string(py, converted.as_bytes()),
    }
}

//! Detection of the script of a text.

use pyo3::{prelude::*, types::PyTuple};

use crate::{
    results::Class,
    text::{SHORT, utf8},
};

static DETECTION: Class = Class::new("Detection");

/// Detects the script of a text, with the counts that are evidence for it: a :class:`Detection`.
///
/// The first call reads dictionaries, which takes some milliseconds.
///
/// >>> import fanjian
/// >>> fanjian.detect("皇后的头发").script
/// 'simplified'
/// >>> fanjian.detect("頭髮裡").script, fanjian.detect("発想の転換").script
/// ('taiwan', 'japanese')
/// >>> fanjian.detect("头髮").simplified
/// 1
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn detect<'py>(text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    let text = utf8(text, "text")?;
    // The first call builds a table. With the lock held, no fork can happen in between.
    let found = if text.len() < SHORT {
        fanjian::detect(&text)
    } else {
        let _ = fanjian::detect("");
        py.detach(|| fanjian::detect(&text))
    };
    let summary = (found.script().name(), found.confidence(), found.is_machine_converted());
    // A test compares their names with the fields of the class.
    let counts: Vec<_> = found.counts().map(|(_, count)| count).collect();
    let fields = summary.into_pyobject(py)?.iter().chain(PyTuple::new(py, counts)?.iter()).collect::<Vec<_>>();
    DETECTION.make(py, PyTuple::new(py, fields)?)
}

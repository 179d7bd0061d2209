//! The Python module `fanjian._fanjian`: the library's types and functions for Python. The package around it, in
//! `python/fanjian/`, exports them.
//!
//! The module contains no conversion, but the conversion of Python objects to text and back, the release of the interpreter's
//! lock, and the exception for each error.

mod arrow;
mod clean;
mod converter;
mod detect;
mod dictionary;
mod documents;
mod errors;
mod fold;
mod formats;
mod many;
mod parallel;
mod release;
mod results;
mod shared;
mod stream;
mod text;

use pyo3::prelude::*;

/// The names of the package `fanjian`, and of its modules `fanjian.arrow` and `fanjian.documents`.
#[pymodule]
mod _fanjian {
    use fanjian::{
        Config, Detection, InvalidUtf8, Named, OPENCC_VERSION, Punctuation, Script, Target, Vocabulary, WordLayer,
    };
    use fanjian_clean::GlossMode;
    use fanjian_documents::Format;
    use pyo3::{
        prelude::*,
        types::{PyDict, PyTuple},
    };

    #[pymodule_export]
    use crate::{
        arrow::{PyArray, PyChunkedArray},
        clean::clean,
        converter::PyConverter,
        detect::detect,
        dictionary::PyDictionary,
        fold::{fold, fold_with_offsets},
        release::PyDictionaries,
        shared::convert,
        stream::{PyByteStream, PyStream},
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        // The names in their modules are for errors and for pickle.
        for (name, of_module, function) in [
            ("convert_arrow", "fanjian.arrow", wrap_pyfunction!(crate::arrow::convert_arrow, module)?),
            ("detect_arrow", "fanjian.arrow", wrap_pyfunction!(crate::arrow::detect_arrow, module)?),
            ("clean_arrow", "fanjian.arrow", wrap_pyfunction!(crate::arrow::clean_arrow, module)?),
            ("keep_if_arrow", "fanjian.arrow", wrap_pyfunction!(crate::arrow::keep_if_arrow, module)?),
            ("convert_document", "fanjian.documents", wrap_pyfunction!(crate::documents::convert_document, module)?),
            ("document_groups", "fanjian.documents", wrap_pyfunction!(crate::documents::document_groups, module)?),
        ] {
            function.setattr("__module__", of_module)?;
            module.add(name, function)?;
        }
        module.add("DOCUMENT_FORMATS", names::<Format>(py)?)?;
        module.add("CONFIGS", names::<Config>(py)?)?;
        module.add("TARGETS", names::<Target>(py)?)?;
        // For the tests of the names in the stub and in the classes. Not public: `add` would export it.
        let all = PyDict::new(py);
        all.set_item("vocabulary", names::<Vocabulary>(py)?)?;
        all.set_item("punctuation", names::<Punctuation>(py)?)?;
        all.set_item("word_layer", names::<WordLayer>(py)?)?;
        all.set_item("invalid_utf8", names::<InvalidUtf8>(py)?)?;
        all.set_item("mode", names::<GlossMode>(py)?)?;
        all.set_item("script", names::<Script>(py)?)?;
        let counts: Vec<_> = Detection::default().counts().map(|(name, _)| name).collect();
        all.set_item("count", PyTuple::new(py, counts)?)?;
        module.setattr("_NAMES", all)?;
        module.add("OPENCC_VERSION", OPENCC_VERSION)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    fn names<N: Named>(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(py, N::ALL.iter().map(|value| value.name()))
    }
}

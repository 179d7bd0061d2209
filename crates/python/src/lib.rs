//! The Python module `fanjian._fanjian`: the library's types and functions as Python sees them. The package around it, in
//! `python/fanjian/`, gives them their names.
//!
//! No conversion is decided about here. What is decided is how Python objects become text and back, when the interpreter's
//! lock is released, and what each error is as an exception.

mod arrow;
mod clean;
mod converter;
mod detect;
mod dictionary;
mod errors;
mod many;
mod results;
mod shared;
mod stream;
mod text;

use pyo3::prelude::*;

/// The names of the package `fanjian`, and of its module `fanjian.arrow`.
#[pymodule]
mod _fanjian {
    use fanjian::{Config, OPENCC_VERSION, Target};
    use pyo3::{prelude::*, types::PyTuple};

    #[pymodule_export]
    use crate::{
        arrow::{PyArray, PyChunkedArray},
        clean::clean,
        converter::PyConverter,
        detect::detect,
        dictionary::PyDictionary,
        shared::convert,
        stream::{PyByteStream, PyStream},
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        // The name that it has in `fanjian.arrow`: errors tell it, and pickle looks it up there.
        let convert_arrow = wrap_pyfunction!(crate::arrow::convert_arrow, module)?;
        convert_arrow.setattr("__module__", "fanjian.arrow")?;
        module.add("convert_arrow", convert_arrow)?;
        module.add("CONFIGS", PyTuple::new(py, Config::ALL.iter().map(|config| config.name()))?)?;
        module.add("TARGETS", PyTuple::new(py, Target::ALL.iter().map(|target| target.tag()))?)?;
        module.add("OPENCC_VERSION", OPENCC_VERSION)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

//! The functions of the module `fanjian.arrow`.

use std::{borrow::Cow, path::PathBuf};

use fanjian::{Converter, Error, ErrorKind};
use fanjian_records::Condition;
use pyo3::{exceptions::PyValueError, prelude::*, pybacked::PyBackedStr, types::PyString};

use super::{convert, of_column, results};
use crate::{
    clean::{self, Choices},
    converter::{Arguments, PyConverter},
    errors::{conflict, exception, wrong_type},
    parallel::threads_of,
    shared,
};

/// Converts a column of text.
///
/// The interpreter's lock is released meanwhile. Each row is converted on its own, without a Python object for any of them;
/// nulls stay nulls; each value of a dictionary is converted once, and of a large dictionary, those that rows have. If nothing
/// changes, the result shares the memory of the column.
///
/// Args:
///     column: Text over the Arrow PyCapsule interface, such as a ``pyarrow.Array`` or ``ChunkedArray``, a
///         ``polars.Series``, or, with pandas 3.0 or later, a ``pandas.Series`` of Arrow's strings. Its type is utf8,
///         large_utf8, utf8_view, or a dictionary of these; or null. The result has the same type.
///     config: A configuration's name, such as ``"s2twp"``, or a :class:`fanjian.Converter`.
///     to: Instead of a configuration, a target's tag, such as ``"zh-TW"``.
///     from_, vocabulary, punctuation: As for :func:`fanjian.convert`.
///     release: With a name: the :class:`fanjian.Dictionaries` of a release of OpenCC, or the path of their file.
///     threads: The maximum number of threads; 0 for the number of processors.
///
/// Returns:
///     An :class:`Array` for an array, a :class:`ChunkedArray` for a stream of arrays.
///
/// Raises:
///     TypeError: The column is not Arrow data, or its type is not one of these.
///     ValueError: A row is not UTF-8.
///     OverflowError: The result has more than 2 GiB, and its type is utf8.
///     NotFoundError: There is no such configuration or target.
///     ConfigError: Arguments exclude each other.
///
/// >>> import fanjian.arrow
/// >>> import pyarrow
/// >>> column = pyarrow.array(["头发", None, "干净"])
/// >>> pyarrow.array(fanjian.arrow.convert(column, "s2t")).to_pylist()
/// ['頭髮', None, '乾淨']
/// >>> column = pyarrow.array(["不是只有一只猫"])
/// >>> pyarrow.array(fanjian.arrow.convert(column, to="zh-TW")).to_pylist()
/// ['不是只有一隻貓']
#[pyfunction]
#[pyo3(name = "convert", signature = (
    column, config = None, *, to = None, from_ = None, vocabulary = None, punctuation = None, release = None, threads = 1,
))]
#[expect(clippy::too_many_arguments, reason = "they are named in Python")]
pub(crate) fn convert_arrow<'py>(
    column: &Bound<'py, PyAny>,
    config: Option<&Bound<'py, PyAny>>,
    to: Option<&Bound<'py, PyAny>>,
    from_: Option<&Bound<'py, PyAny>>,
    vocabulary: Option<&Bound<'py, PyAny>>,
    punctuation: Option<&Bound<'py, PyAny>>,
    release: Option<&Bound<'py, PyAny>>,
    #[pyo3(from_py_with = threads_of)] threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let converter = converter_of(&Arguments { config, to, from_, vocabulary, punctuation, release })?;
    of_column(column, |chunks| convert::convert(&converter, chunks, threads))
}

/// Detects the script of each row of a column of text.
///
/// The interpreter's lock is released meanwhile. Each row is detected on its own, each value of a dictionary once; a null is null.
///
/// Args:
///     column: As for :func:`convert`.
///     threads: The maximum number of threads; 0 for the number of processors.
///
/// Returns:
///     Structs with the fields of :class:`fanjian.Detection`: ``script`` (utf8), ``confidence`` (float64),
///     ``machine_converted`` (bool), and the counts (int64). An :class:`Array` or a :class:`ChunkedArray`, as for
///     :func:`convert`.
///
/// Raises:
///     TypeError: The column is not Arrow data, or is not a column of text.
///     ValueError: A row is not UTF-8.
///
/// >>> import fanjian.arrow
/// >>> import pyarrow
/// >>> found = pyarrow.array(fanjian.arrow.detect(pyarrow.array(["头发", "頭髮裡", None])))
/// >>> found.field("script").to_pylist(), found.field("han").to_pylist(), found[2].as_py()
/// (['simplified', 'taiwan', None], [2, 3, None], None)
#[pyfunction]
#[pyo3(name = "detect", signature = (column, *, threads = 1))]
pub(crate) fn detect_arrow<'py>(
    column: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = threads_of)] threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    prepare(false);
    of_column(column, |chunks| results::detect(chunks, threads))
}

/// Cleans each row of a column of web pages: see :func:`fanjian.clean`, whose arguments these are.
///
/// The interpreter's lock is released meanwhile. Each row is a document of its own, each value of a dictionary is cleaned once; a
/// null is null.
///
/// Args:
///     column: As for :func:`convert`.
///     mode, share, characters, glosses, traditional, only_traditional, only_readings, only_touching: As for
///         :func:`fanjian.clean`.
///     converter: Converts each document after that.
///     keep_simplified: With ``converter``: whether Simplified lines are left as they are.
///     threads: The maximum number of threads; 0 for the number of processors.
///
/// Returns:
///     Structs: ``text``, of the type of the column or, for a dictionary, of its values, null if the document is dropped;
///     ``glosses``, ``damages``, ``unrepaired`` (damage that cannot be repaired) and ``characters`` (int64), and ``share``
///     (float64). An :class:`Array` or a :class:`ChunkedArray`, as for :func:`convert`.
///
/// Raises:
///     NotFoundError: There is no such mode.
///     ConfigError: There is ``keep_simplified`` without ``converter``.
///     TypeError: The column is not Arrow data, or is not a column of text.
///     ValueError: A row is not UTF-8, or ``share`` or ``traditional`` is not from 0 to 1.
///     OverflowError: The result has more than 2 GiB, and its type is utf8.
///
/// >>> import fanjian.arrow
/// >>> import pyarrow
/// >>> pages = pyarrow.array(["中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心", None])
/// >>> cleaned = pyarrow.array(fanjian.arrow.clean(pages, "repair"))
/// >>> cleaned.field("text").to_pylist(), cleaned.field("glosses").to_pylist()
/// (['中國臺灣網，國際網臺發自內心', None], [8, None])
#[pyfunction]
#[pyo3(name = "clean", signature = (
    column, mode = "report", *, share = 0.9, characters = 3, glosses = 5, traditional = 0.95, only_traditional = true,
    only_readings = true, only_touching = true, converter = None, keep_simplified = false, threads = 1,
))]
#[expect(clippy::too_many_arguments, reason = "they are named in Python")]
pub(crate) fn clean_arrow<'py>(
    column: &Bound<'py, PyAny>,
    mode: &str,
    share: f64,
    characters: usize,
    glosses: usize,
    traditional: f64,
    only_traditional: bool,
    only_readings: bool,
    only_touching: bool,
    converter: Option<PyRef<'py, PyConverter>>,
    keep_simplified: bool,
    #[pyo3(from_py_with = threads_of)] threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let choices = Choices { share, characters, glosses, traditional, only_traditional, only_readings, only_touching };
    let options = choices.options(mode, converter.as_deref(), keep_simplified)?;
    prepare(true);
    of_column(column, |chunks| results::clean(chunks, &options, threads))
}

/// Tests whether conditions are true of each row of a column of text: a mask to filter by.
///
/// The interpreter's lock is released meanwhile. Each row is tested on its own, each value of a dictionary once; a null is null,
/// which filters drop.
///
/// Args:
///     column: As for :func:`convert`.
///     conditions: One or several conditions, all of which have to be true, as those of ``--keep-if`` of the command:
///         ``"script=hans,hant,mixed"``, ``"han>=20"``, ``"glosses=0"``. A metric is ``script``, one of the counts of
///         :class:`fanjian.Detection`, ``glosses`` (made by a machine), or ``unrepaired`` (damage by them that cannot be
///         repaired). Scripts have the names of :class:`fanjian.Detection`, and ``hans`` and ``hant`` for Simplified and for
///         Traditional of any region.
///     threads: The maximum number of threads; 0 for the number of processors.
///
/// Returns:
///     Booleans: an :class:`Array` or a :class:`ChunkedArray`, as for :func:`convert`.
///
/// Raises:
///     TypeError: The column is not Arrow data, or is not a column of text.
///     ValueError: A row is not UTF-8, or a condition is invalid: :class:`fanjian.ConfigError` or
///         :class:`fanjian.NotFoundError`.
///
/// >>> import fanjian.arrow
/// >>> import pyarrow
/// >>> texts = pyarrow.array(["头发", "頭髮", "hair", None])
/// >>> mask = pyarrow.array(fanjian.arrow.keep_if(texts, ["script=hans,hant", "han>=2"]))
/// >>> texts.filter(mask).to_pylist()
/// ['头发', '頭髮']
#[pyfunction]
#[pyo3(name = "keep_if", signature = (column, conditions, *, threads = 1))]
pub(crate) fn keep_if_arrow<'py>(
    column: &Bound<'py, PyAny>,
    conditions: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = threads_of)] threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let texts: Vec<PyBackedStr> = match conditions.cast::<PyString>() {
        Ok(one) => vec![one.clone().try_into()?],
        Err(_) => conditions
            .try_iter()
            .and_then(|items| items.map(|item| item?.extract()).collect())
            .map_err(|_| wrong_type("conditions", "str or a list of str", conditions))?,
    };
    if texts.is_empty() {
        return Err(PyValueError::new_err("there is no condition: pass one, such as script=hans,hant"));
    }
    let conditions = texts.iter().map(|text| text.parse());
    let conditions = conditions.collect::<Result<Vec<Condition>, _>>().map_err(invalid_condition)?;
    prepare(true);
    of_column(column, |chunks| results::keep_if(chunks, &conditions, threads))
}

/// The converter for arguments, of which the configuration may be one.
fn converter_of(arguments: &Arguments<'_, '_>) -> PyResult<Cow<'static, Converter>> {
    let Some(config) = arguments.config else { return shared::converter(arguments) };
    if let Ok(converter) = config.cast::<PyConverter>() {
        if arguments.has_more_than_config() {
            return Err(conflict(
                "a converter cannot be combined with to, from_, vocabulary, punctuation or release: choose them for it",
            ));
        }
        return Ok(Cow::Owned(converter.get().converter().clone()));
    }
    if !config.is_instance_of::<PyString>() && config.extract::<PathBuf>().is_err() {
        return Err(wrong_type("config", "str, a path or a Converter", config));
    }
    shared::converter(arguments)
}

/// The exception for a condition that is none: with the kind of a wrong entry, it would be one of a dictionary.
fn invalid_condition(error: Error) -> PyErr {
    match error.kind() {
        ErrorKind::Syntax => exception(Error::new(ErrorKind::Config, error.to_string())),
        _ => exception(error),
    }
}

/// Builds the tables that the first call needs. With the lock held, no fork can happen in between.
fn prepare(is_cleaning: bool) {
    let _ = fanjian::detect("");
    if is_cleaning {
        clean::prepare();
    }
}

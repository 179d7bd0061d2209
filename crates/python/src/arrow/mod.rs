//! Columns of text: import and export by the Arrow PyCapsule interface.

mod kernel;

use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, FieldRef};
use pyo3::{
    exceptions::{PyMemoryError, PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyCapsule, PyTuple},
};
use pyo3_arrow::ffi::{ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};

use crate::{converter, parallel::threads_of};
use kernel::Problem;

/// A converted column as one array. Any consumer of the Arrow PyCapsule interface can read it:
/// ``pyarrow.array(column)``, ``polars.Series(column)``.
///
/// >>> import fanjian.arrow
/// >>> import pyarrow
/// >>> column = fanjian.arrow.convert(pyarrow.array(["头发", None]), "s2t")
/// >>> column
/// <fanjian.arrow.Array of Utf8, 2 rows>
/// >>> pyarrow.array(column).to_pylist()
/// ['頭髮', None]
#[pyclass(module = "fanjian.arrow", name = "Array", frozen)]
pub(crate) struct PyArray {
    array: ArrayRef,
    field: FieldRef,
}

/// A converted column in several chunks. Any consumer of the Arrow PyCapsule interface can read it:
/// ``pyarrow.chunked_array(column)``, ``polars.Series(column)``.
///
/// >>> import fanjian.arrow
/// >>> import pyarrow
/// >>> column = fanjian.arrow.convert(pyarrow.chunked_array([["头发"], ["干净"]]), "s2t")
/// >>> column
/// <fanjian.arrow.ChunkedArray of Utf8, 2 rows in 2 chunks>
/// >>> pyarrow.chunked_array(column).to_pylist()
/// ['頭髮', '乾淨']
#[pyclass(module = "fanjian.arrow", name = "ChunkedArray", frozen)]
pub(crate) struct PyChunkedArray {
    chunks: Vec<ArrayRef>,
    field: FieldRef,
}

#[pymethods]
impl PyArray {
    /// The type, as an Arrow schema in a capsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.field.as_ref())?)
    }

    /// The type and the data, as an Arrow schema and an Arrow array in capsules.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        Ok(to_array_pycapsules(py, self.field.clone(), &self.array, of_text(requested_schema)?)?)
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        format!("<fanjian.arrow.Array of {}, {} rows>", self.field.data_type(), self.array.len())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(no_pickle())
    }
}

#[pymethods]
impl PyChunkedArray {
    /// The type, as an Arrow schema in a capsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.field.as_ref())?)
    }

    /// The type and the data, as an Arrow array stream in a capsule.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let chunks = self.chunks.clone().into_iter().map(Ok);
        let reader = Box::new(ArrayIterator::new(chunks, self.field.clone()));
        Ok(to_stream_pycapsule(py, reader, of_text(requested_schema)?)?)
    }

    /// The number of chunks.
    #[getter]
    fn num_chunks(&self) -> usize {
        self.chunks.len()
    }

    fn __len__(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    fn __repr__(&self) -> String {
        let (kind, rows, chunks) = (self.field.data_type(), self.__len__(), self.chunks.len());
        format!("<fanjian.arrow.ChunkedArray of {kind}, {rows} rows in {chunks} chunks>")
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(no_pickle())
    }
}

/// The requested type, which must be a text type: with another one, values that cannot be cast would become null.
fn of_text(requested: Option<Bound<'_, PyCapsule>>) -> PyResult<Option<Bound<'_, PyCapsule>>> {
    let Some(capsule) = requested else { return Ok(None) };
    let field = pyo3_arrow::PyField::from_arrow_pycapsule(&capsule)?.into_inner();
    match field.data_type() {
        DataType::Null => Err(no_cast(&DataType::Null)),
        kind => kernel::check(kind).map(|()| Some(capsule)).map_err(|_| no_cast(kind)),
    }
}

fn no_cast(kind: &DataType) -> PyErr {
    PyTypeError::new_err(format!(
        "a column of text cannot be exported as {kind}: export it without a type, and cast it"
    ))
}

fn no_pickle() -> PyErr {
    PyTypeError::new_err(
        "a converted column cannot be pickled: pickle an array of your Arrow library, such as pyarrow.array(column)",
    )
}

/// Converts a column of text.
///
/// The interpreter's lock is released meanwhile. Each row is converted on its own, without a Python object for any of them;
/// nulls stay nulls; each value of a dictionary is converted once. If nothing changes, the result shares the memory of the
/// column.
///
/// Args:
///     column: Text over the Arrow PyCapsule interface, such as a ``pyarrow.Array`` or ``ChunkedArray``, a
///         ``polars.Series``, or, with pandas 3.0 or later, a ``pandas.Series`` of Arrow's strings. Its type is utf8,
///         large_utf8, utf8_view, or a dictionary of these; or null. The result has the same type.
///     config: A configuration's name, such as ``"s2twp"``, or a :class:`fanjian.Converter`.
///     threads: The maximum number of threads; 0 for the number of processors.
///
/// Returns:
///     An :class:`Array` for an array, a :class:`ChunkedArray` for a stream of arrays.
///
/// Raises:
///     TypeError: The column is not Arrow data, or its type is not one of these.
///     ValueError: A row is not UTF-8.
///     OverflowError: The result has more than 2 GiB, and its type is utf8.
///
/// >>> import fanjian.arrow
/// >>> import pyarrow
/// >>> column = pyarrow.array(["头发", None, "干净"])
/// >>> pyarrow.array(fanjian.arrow.convert(column, "s2t")).to_pylist()
/// ['頭髮', None, '乾淨']
#[pyfunction]
#[pyo3(name = "convert", signature = (column, config, *, threads = 1))]
pub(crate) fn convert_arrow<'py>(
    column: &Bound<'py, PyAny>,
    config: &Bound<'py, PyAny>,
    threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let py = column.py();
    let converter = converter::converter_of(config)?;
    let threads = threads_of(threads);
    if column.hasattr("__arrow_c_array__")? {
        let (array, field) = column.extract::<pyo3_arrow::PyArray>()?.into_inner();
        kernel::check(field.data_type()).map_err(exception)?;
        let converted = py.detach(|| kernel::convert(&converter, &array, threads)).map_err(exception)?;
        return Ok(Bound::new(py, PyArray { array: converted, field })?.into_any());
    }
    if column.hasattr("__arrow_c_stream__")? {
        let (arrays, field) = column.extract::<pyo3_arrow::PyChunkedArray>()?.into_inner();
        kernel::check(field.data_type()).map_err(exception)?;
        let (mut chunks, mut rows) = (Vec::with_capacity(arrays.len()), 0);
        for array in &arrays {
            let of_column = |problem| match problem {
                Problem::NotUtf8(row) => Problem::NotUtf8(rows + row),
                other => other,
            };
            let converted = py.detach(|| kernel::convert(&converter, array, threads));
            chunks.push(converted.map_err(of_column).map_err(exception)?);
            rows += array.len();
            py.check_signals()?;
        }
        return Ok(Bound::new(py, PyChunkedArray { chunks, field })?.into_any());
    }
    let name = column.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "column must be Arrow data (with __arrow_c_array__ or __arrow_c_stream__), such as a pyarrow.Array or a \
         polars.Series, not {name} (pyarrow.array converts a list, or a Series of an older pandas)"
    )))
}

fn exception(problem: Problem) -> PyErr {
    match problem {
        Problem::Type(kind) if matches!(kind, DataType::Struct(_)) => {
            PyTypeError::new_err(format!("column is a table, or a column of structs ({kind}): pass one of its columns"))
        }
        Problem::Type(kind) => PyTypeError::new_err(format!(
            "column must be of the type utf8, large_utf8, utf8_view, or a dictionary of these, not {kind}"
        )),
        Problem::NotUtf8(row) => PyValueError::new_err(format!("row {row} of the column is not UTF-8")),
        Problem::ValueNotUtf8(value) => {
            PyValueError::new_err(format!("value {value} of the column's dictionary is not UTF-8"))
        }
        Problem::NoThread(error) => error.into(),
        Problem::Interrupted(error) => error,
        Problem::TooLong => PyOverflowError::new_err(
            "the converted column has more than 2 GiB, the maximum of utf8: cast it to large_utf8, or pass it in several \
             chunks",
        ),
        Problem::NoMemory(bytes) => PyMemoryError::new_err(format!("no memory for a column of {bytes} bytes")),
    }
}

//! Columns of text: import and export by the Arrow PyCapsule interface.

mod convert;
mod dictionaries;
mod each;
mod functions;
mod problem;
mod results;
mod rows;
mod texts;

use arrow_array::{Array, ArrayRef, new_empty_array};
use arrow_schema::{DataType, FieldRef};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyCapsule, PyTuple},
};
use pyo3_arrow::ffi::{ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};

use dictionaries::is_shared;
pub(crate) use functions::{clean_arrow, convert_arrow, detect_arrow, keep_if_arrow};
use problem::{Problem, check};

/// A column that this module returns, as one array. Any consumer of the Arrow PyCapsule interface can read it:
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

/// A column that this module returns, in several chunks. Any consumer of the Arrow PyCapsule interface can read it:
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
        Ok(to_array_pycapsules(py, self.field.clone(), &self.array, allowed(&self.field, requested_schema)?)?)
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
        Ok(to_stream_pycapsule(py, reader, allowed(&self.field, requested_schema)?)?)
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

/// The requested type, which must be a text type for text, and the type itself for others: with another one, values that
/// cannot be cast would become null.
fn allowed<'py>(field: &FieldRef, requested: Option<Bound<'py, PyCapsule>>) -> PyResult<Option<Bound<'py, PyCapsule>>> {
    let Some(capsule) = requested else { return Ok(None) };
    let asked = pyo3_arrow::PyField::from_arrow_pycapsule(&capsule)?.into_inner();
    let (own, asked) = (field.data_type(), asked.data_type());
    let are_texts = check(own).is_ok() && check(asked).is_ok() && *asked != DataType::Null;
    if are_texts || asked.equals_datatype(own) {
        return Ok(Some(capsule));
    }
    let own = if check(own).is_ok() { "text".to_owned() } else { own.to_string() };
    Err(PyTypeError::new_err(format!(
        "a column of {own} cannot be exported as {asked}: export it without a type, and cast it"
    )))
}

fn no_pickle() -> PyErr {
    PyTypeError::new_err(
        "a column of fanjian cannot be pickled: pickle an array of your Arrow library, such as pyarrow.array(column)",
    )
}

/// What a function makes of the arrays of a column over the Arrow PyCapsule interface: of each alone, or of several consecutive
/// ones that share a dictionary. The interpreter's lock is released meanwhile.
fn of_column<'py>(
    column: &Bound<'py, PyAny>,
    results: impl Fn(&[ArrayRef]) -> Result<Vec<ArrayRef>, Problem> + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let py = column.py();
    if column.hasattr("__arrow_c_array__")? {
        let (array, field) = column.extract::<pyo3_arrow::PyArray>()?.into_inner();
        check(field.data_type())?;
        let array = py.detach(|| one(&results, array))?;
        let field = with_type(field, array.data_type());
        return Ok(Bound::new(py, PyArray { array, field })?.into_any());
    }
    if column.hasattr("__arrow_c_stream__")? {
        let (arrays, field) = column.extract::<pyo3_arrow::PyChunkedArray>()?.into_inner();
        check(field.data_type())?;
        let (mut chunks, mut rows) = (Vec::with_capacity(arrays.len()), 0);
        for arrays in arrays.chunk_by(is_shared) {
            chunks.extend(py.detach(|| results(arrays)).map_err(|problem| problem.after(rows))?);
            rows += arrays.iter().map(|array| array.len()).sum::<usize>();
            py.check_signals()?;
        }
        // There may be no chunk.
        let empty = one(&results, new_empty_array(field.data_type()))?;
        let field = with_type(field, empty.data_type());
        return Ok(Bound::new(py, PyChunkedArray { chunks, field })?.into_any());
    }
    let name = column.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "column must be Arrow data (with __arrow_c_array__ or __arrow_c_stream__), such as a pyarrow.Array or a \
         polars.Series, not {name} (pyarrow.array converts a list, or a Series of an older pandas)"
    )))
}

/// The result for one array.
fn one(results: &impl Fn(&[ArrayRef]) -> Result<Vec<ArrayRef>, Problem>, array: ArrayRef) -> Result<ArrayRef, Problem> {
    Ok(results(std::slice::from_ref(&array))?.pop().unwrap_or(array))
}

/// How polars, in the metadata of a field, says what the values of an Enum are. In a result they are others, and by the old ones
/// polars would read nulls.
const VALUES_OF_ENUM: &str = "_PL_ENUM_VALUES";

/// The field of a result of this type, for a column with this field.
fn with_type(field: FieldRef, kind: &DataType) -> FieldRef {
    let mut metadata = field.metadata().clone();
    metadata.retain(|key, _| field.data_type() == kind && !key.starts_with(VALUES_OF_ENUM));
    field.as_ref().clone().with_data_type(kind.clone()).with_metadata(metadata).into()
}

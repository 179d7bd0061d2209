//! Why a column cannot be processed.

use arrow_schema::DataType;
use pyo3::{
    exceptions::{PyMemoryError, PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
};

use crate::parallel::NoThread;

/// Why a column cannot be processed.
#[derive(Debug)]
pub(super) enum Problem {
    /// Its type is not a text type.
    Type(DataType),
    /// This row is not UTF-8.
    NotUtf8(usize),
    /// This value of the dictionary is not UTF-8.
    ValueNotUtf8(usize),
    /// The key of a row has no value in the dictionary.
    NoValue,
    /// The result would exceed the size limit of its type.
    TooLong,
    /// There is no memory for this many bytes.
    NoMemory(usize),
    /// The system cannot start another thread.
    NoThread(NoThread),
    /// The handler of a signal raised this, as that of Ctrl-C does.
    Interrupted(PyErr),
}

impl From<NoThread> for Problem {
    fn from(error: NoThread) -> Problem {
        Problem::NoThread(error)
    }
}

/// Whether a column of this type is one of text.
pub(super) fn check(kind: &DataType) -> Result<(), Problem> {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(()),
        DataType::Dictionary(_, values) if !matches!(**values, DataType::Dictionary(..)) => {
            check(values).map_err(|_| Problem::Type(kind.clone()))
        }
        _ => Err(Problem::Type(kind.clone())),
    }
}

impl Problem {
    /// The same, of rows that come after this many others.
    pub(super) fn after(self, rows: usize) -> Problem {
        match self {
            Problem::NotUtf8(row) => Problem::NotUtf8(rows + row),
            other => other,
        }
    }
}

impl From<Problem> for PyErr {
    fn from(problem: Problem) -> PyErr {
        match problem {
            Problem::Type(kind) if matches!(kind, DataType::Struct(_)) => PyTypeError::new_err(format!(
                "column is a table, or a column of structs ({kind}): pass one of its columns"
            )),
            Problem::Type(kind) => PyTypeError::new_err(format!(
                "column must be of the type utf8, large_utf8, utf8_view, or a dictionary of these, not {kind}"
            )),
            Problem::NotUtf8(row) => PyValueError::new_err(format!("row {row} of the column is not UTF-8")),
            Problem::ValueNotUtf8(value) => {
                PyValueError::new_err(format!("value {value} of the column's dictionary is not UTF-8"))
            }
            Problem::NoValue => {
                PyValueError::new_err("a row of the column has a key that its dictionary has no value for")
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
}

/// Allocates this many bytes, and frees them: without memory, Rust would abort the process later.
pub(super) fn has_memory(bytes: usize) -> Result<(), Problem> {
    Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| Problem::NoMemory(bytes))
}

//! The first row of a table, as all chunks of the table share it.

/// The number of fields in a row, and the places of the chosen columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    pub(crate) fields: usize,
    /// For each chosen column, the fields of this name or number.
    pub(crate) chosen: Vec<Vec<usize>>,
}

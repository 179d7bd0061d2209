//! What the tables of all targets are made of.

use fanjian_dictionary::Error;

use crate::{shared::SharedEntries, tables::writer::Writer};

/// What the tables of all targets are made of.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What the targets of Simplified share, and those of Traditional.
    pub(crate) shared: [Option<SharedEntries>; 2],
    /// The part of each target: nothing where it was left out.
    pub(crate) targets: Vec<Vec<u8>>,
}

impl Compiled {
    /// The tables.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](fanjian_dictionary::ErrorKind::TooLarge) from 4 GiB on.
    pub fn tables(&self) -> Result<Vec<u8>, Error> {
        let shared =
            self.shared.iter().map(|shared| shared.as_ref().map_or_else(Writer::default, SharedEntries::tables));
        Writer::tables(shared.chain(self.targets.iter().map(|part| Writer::of(part))))
    }
}

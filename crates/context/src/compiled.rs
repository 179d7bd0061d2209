//! What the tables of all targets are made of.

use fanjian_dictionary::Error;

use crate::{
    shared::{PhraseList, SharedEntries},
    tables::writer::Writer,
    vocabulary::Builder,
};

/// What the tables of all targets are made of.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What the targets of Simplified share, and those of Traditional.
    pub(crate) shared: [Option<SharedEntries>; 2],
    /// The part of each target: none where it was left out.
    pub(crate) targets: Vec<Option<TargetEntries>>,
}

/// The part of a target, as it is before it is hashed.
#[derive(Clone, Debug)]
pub(crate) struct TargetEntries {
    /// Entries of characters, outputs and choices, as they are read.
    pub(crate) characters: Vec<u8>,
    pub(crate) preferences: PhraseList,
    pub(crate) vocabulary: Builder,
}

impl Compiled {
    /// The tables.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](fanjian_dictionary::ErrorKind::TooLarge) from 4 GiB on; [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) for
    /// many hashes that are alike.
    pub fn tables(&self) -> Result<Vec<u8>, Error> {
        let shared =
            self.shared.iter().map(|shared| shared.as_ref().map_or(Ok(Writer::default()), SharedEntries::tables));
        let parts = self.targets.iter().map(|part| part.as_ref().map_or(Ok(Writer::default()), TargetEntries::tables));
        Writer::tables(shared.chain(parts).collect::<Result<Vec<_>, _>>()?)
    }
}

impl TargetEntries {
    pub(crate) fn tables(&self) -> Result<Writer, Error> {
        let mut part = Writer::of(&self.characters);
        self.preferences.lexicon().write(&mut part)?;
        self.vocabulary.write(&mut part)?;
        Ok(part)
    }
}

//! The compiler of the tables of all targets, from text dictionaries: for build scripts.

use fanjian_dictionary::Error;

use crate::{model::Model, packed, shared::SharedEntries, tables::writer::Writer, target::Target};

mod characters;
mod phrases;
mod sources;
mod targets;
mod vocabulary;

use self::characters::Characters;
pub use self::sources::Sources;

/// What the tables of all targets are made of.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What the targets of Simplified share, and those of Traditional.
    pub(crate) shared: [Option<SharedEntries>; 2],
    /// The part of each target: nothing where it was left out.
    pub(crate) targets: Vec<Vec<u8>>,
}

/// Compiles the tables of all targets, with a model for those of Traditional. (For Simplified, phrases know enough.)
///
/// # Errors
///
/// [`NotFound`](fanjian_dictionary::ErrorKind::NotFound) if a dictionary is missing.
pub fn compile(sources: &Sources, model: &Model) -> Result<Vec<u8>, Error> {
    Compiled::new(sources, model)?.tables()
}

impl Compiled {
    /// Compiles what [`compile`] does, with the same errors.
    pub fn new(sources: &Sources, model: &Model) -> Result<Compiled, Error> {
        let [simplified, traditional] = [Characters::new(sources, false)?, Characters::new(sources, true)?];
        let shared = [
            Some(simplified.shared(sources, Target::Simplified, &Model::dictionary())?),
            Some(traditional.shared(sources, Target::Traditional, model)?),
        ];
        let target = |&target: &Target| {
            let characters = if target.is_traditional() { &traditional } else { &simplified };
            characters.target(sources, target, model)
        };
        let targets = Target::ALL.iter().map(target).map(|part| part.map(Writer::into_bytes));
        Ok(Compiled { shared, targets: targets.collect::<Result<_, _>>()? })
    }

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

    /// What [`unpack`](crate::unpack) makes the tables of these targets of.
    ///
    /// # Errors
    ///
    /// Those of [`tables`](Self::tables); [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) if other tables would come of it.
    pub fn pack(&self, selected: &[Target]) -> Result<Vec<u8>, Error> {
        let mut of_selected = self.clone();
        for (shared, is_traditional) in of_selected.shared.iter_mut().zip([false, true]) {
            shared.take_if(|_| !selected.iter().any(|target| target.is_traditional() == is_traditional));
        }
        for (part, target) in of_selected.targets.iter_mut().zip(Target::ALL) {
            if !selected.contains(target) {
                part.clear();
            }
        }
        packed::pack(&of_selected)
    }
}

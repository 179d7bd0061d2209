//! The compiler of the tables of all targets, from text dictionaries: for build scripts.

use fanjian_dictionary::Error;

use crate::{compiled::Compiled, model::Model, target::Target};

mod characters;
mod phrases;
mod sources;
mod targets;
mod vocabulary;

use self::characters::Characters;
pub use self::sources::Sources;

/// Compiles the tables of all targets, with a model for those of Traditional. (For Simplified, phrases know enough.)
///
/// # Errors
///
/// [`NotFound`](fanjian_dictionary::ErrorKind::NotFound) if a dictionary is missing, and those of [`Compiled::tables`].
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
            characters.target(sources, target, model).map(Some)
        };
        let targets = Target::ALL.iter().map(target);
        Ok(Compiled { shared, targets: targets.collect::<Result<_, _>>()? })
    }
}

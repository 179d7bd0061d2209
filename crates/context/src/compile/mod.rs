//! The compiler of the tables of all targets, from text dictionaries: for build scripts.

use fanjian_dictionary::Error;

use crate::{model::Model, tables::writer::Writer, target::Target};

mod characters;
mod phrases;
mod sources;
mod targets;
mod vocabulary;

pub use self::sources::Sources;
use self::{characters::Characters, sources::ModelClasses};

/// Compiles the tables of all targets, with a model for those of Traditional. (For Simplified, phrases know enough.)
///
/// # Errors
///
/// [`NotFound`](fanjian_dictionary::ErrorKind::NotFound) if a dictionary is missing.
pub fn compile(sources: &Sources, model: &Model) -> Result<Vec<u8>, Error> {
    let characters = Characters::new(sources)?;
    let mut parts = Vec::new();
    for (target, model) in [(Target::Simplified, &Model::dictionary()), (Target::Traditional, model)] {
        parts.push(characters.shared(sources, target, model)?);
    }
    let classes = ModelClasses::new(model);
    for &target in Target::ALL {
        parts.push(characters.target(sources, target, &classes)?);
    }
    Writer::tables(parts)
}

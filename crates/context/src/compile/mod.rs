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
    let [simplified, traditional] = [Characters::new(sources, false)?, Characters::new(sources, true)?];
    let mut parts = Vec::new();
    parts.push(simplified.shared(sources, Target::Simplified, &Model::dictionary())?);
    parts.push(traditional.shared(sources, Target::Traditional, model)?);
    let classes = ModelClasses::new(model);
    for &target in Target::ALL {
        let characters = if target.is_traditional() { &traditional } else { &simplified };
        parts.push(characters.target(sources, target, &classes)?);
    }
    Writer::tables(parts)
}

//! What a configuration is resolved with.

use std::path::PathBuf;

use fanjian_dictionary::{Dictionary, Entries};

use crate::{Dictionaries, data};

/// What a configuration is resolved with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    /// Whether dictionaries marked `may_output_tofu` take part.
    pub(crate) tofu_risk: bool,
    /// Searched before the built-in dictionaries, wherever a text meets its first dictionary.
    pub(crate) user: Vec<Dictionary>,
    /// Take the places of the dictionaries of these names.
    pub(crate) replacements: Vec<(String, Dictionary)>,
    /// Terms that nothing changes.
    pub(crate) protected: Entries,
    /// The dictionary of a house style, behind all others. A target has it in its engine.
    pub(crate) style: Option<Dictionary>,
    /// Takes the place of the built-in dictionaries and configurations.
    pub(crate) release: Option<Dictionaries>,
    /// Folders to look for dictionary files in, before the built-in dictionaries. None for a built-in configuration.
    pub(crate) folders: Vec<PathBuf>,
}

impl Resolver {
    pub(super) fn builtin(&self, name: &str) -> Option<Dictionary> {
        match &self.release {
            Some(release) => release.dictionary(name),
            None => data::builtin(name),
        }
    }
}

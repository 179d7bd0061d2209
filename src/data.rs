//! The built-in dictionaries, as the engine sees them.

use std::sync::OnceLock;

use fanjian_dictionary::{Container, Dictionary};
use fanjian_engine::{FastTables, FusedTables};

use crate::Config;

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/dictionaries.bin"));

static TABLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tables.bin"));

/// The tables of a built-in configuration.
pub(crate) fn tables(config: Config, tofu_risk: bool) -> Option<&'static FastTables> {
    static FOUND: [OnceLock<Option<FastTables>>; VARIANTS] = [const { OnceLock::new() }; VARIANTS];
    let suffix = if tofu_risk { "+tofu" } else { "" };
    let find = || {
        let tables = FusedTables::find(TABLES, &format!("{config}{suffix}"));
        tables.expect("the build script made them for this version").map(FastTables::from)
    };
    FOUND[variant(config, tofu_risk)].get_or_init(find).as_ref()
}

/// How many configurations there are, with and without the tofu-risk dictionaries.
pub(crate) const VARIANTS: usize = 2 * Config::ALL.len();

/// The number of one of them.
pub(crate) fn variant(config: Config, tofu_risk: bool) -> usize {
    2 * config as usize + usize::from(tofu_risk)
}

/// The built-in dictionary of this name, such as `STPhrases`. It shares the program's bytes.
pub(crate) fn builtin(name: &str) -> Option<Dictionary> {
    container().dictionary(name).ok()
}

/// The built-in dictionaries, in the order of their names: all that the built-in configurations use, and the variants of
/// them.
///
/// Costs next to nothing: they share the program's bytes.
///
/// ```
/// let holding: Vec<_> = fanjian::builtin_dictionaries()
///     .filter(|dictionary| dictionary.contains("髮"))
///     .map(|dictionary| dictionary.name().to_owned())
///     .collect();
/// assert_eq!(holding, ["JPShinjitaiCharactersRev", "TSCharacters"]);
/// ```
pub fn builtin_dictionaries() -> impl Iterator<Item = Dictionary> {
    container().names().filter_map(builtin)
}

/// The dictionaries of this project that targets are made from, such as `targets/Words`, in the order of their names: what each
/// entry does is written in `docs/targets.md`.
///
/// A conversion does not use them, but tables that were made from them: they are part of a program that calls this.
///
/// ```
/// let surnames = fanjian::target_dictionaries().find(|dictionary| dictionary.name() == "targets/Surnames").unwrap();
/// assert!(surnames.contains("钟"));
/// ```
#[cfg(feature = "targets")]
pub fn target_dictionaries() -> impl Iterator<Item = Dictionary> {
    static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/layers.bin"));
    static CONTAINER: OnceLock<Container> = OnceLock::new();
    let container = CONTAINER
        .get_or_init(|| Container::from_static(COMPILED).expect("the build script compiled it for this version"));
    container.names().filter_map(|name| container.dictionary(name).ok())
}

pub(crate) fn container() -> &'static Container {
    static CONTAINER: OnceLock<Container> = OnceLock::new();
    CONTAINER.get_or_init(|| Container::from_static(COMPILED).expect("the build script compiled it for this version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_container_is_sound() {
        let names: Vec<_> = Container::from_untrusted(COMPILED.to_vec()).unwrap().names().map(str::to_owned).collect();
        assert!(names.iter().any(|name| name == "STPhrases"), "{names:?}");
    }

    #[test]
    fn no_built_in_dictionary_is_left_out() {
        assert_eq!(builtin_dictionaries().count(), container().names().count());
    }

    /// Every program that uses the library carries them: let nobody add to them unawares.
    #[test]
    fn the_embedded_data_keeps_its_size() {
        let (dictionaries, tables) = (COMPILED.len(), TABLES.len());
        assert!(dictionaries + tables < 6_000_000, "{dictionaries} bytes of dictionaries, {tables} of tables");
    }

    #[test]
    fn the_embedded_tables_are_sound() {
        fanjian_engine::tables::check(TABLES).unwrap();
    }

    #[test]
    fn every_configuration_has_tables() {
        for &config in Config::ALL {
            assert!([false, true].into_iter().all(|tofu_risk| tables(config, tofu_risk).is_some()), "{config}");
        }
    }
}

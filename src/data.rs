//! The built-in dictionaries, as the engine sees them.

use std::sync::OnceLock;

pub(crate) use fanjian_dictionary::Config;
use fanjian_dictionary::{Container, Dictionary, stretches::Stretches};

use crate::engine::conversion::Tables;

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/dictionaries.bin"));

static STRETCHES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stretches.bin"));

/// The tables of a built-in configuration.
pub(crate) fn tables(config: crate::Config, tofu_risk: bool) -> Option<&'static Tables> {
    const TABLES: usize = 2 * crate::Config::ALL.len();
    static FOUND: [OnceLock<Option<Tables>>; TABLES] = [const { OnceLock::new() }; TABLES];
    let suffix = if tofu_risk { "+tofu" } else { "" };
    let find = || Stretches::find(STRETCHES, &format!("{config}{suffix}")).map(Tables::from);
    FOUND[2 * config as usize + usize::from(tofu_risk)].get_or_init(find).as_ref()
}

/// The built-in dictionary of this name, such as `STPhrases`. It shares the program's bytes.
pub(crate) fn builtin(name: &str) -> Option<Dictionary> {
    container().dictionary(name).ok()
}

/// The built-in dictionaries, in the order of their names: all that the built-in configurations use, and those that go with
/// them.
///
/// Costs next to nothing: they share the program's bytes.
///
/// ```
/// let holding: Vec<_> = fanjian::builtin_dictionaries()
///     .filter(|dictionary| dictionary.get("髮").is_some())
///     .map(|dictionary| dictionary.name().to_owned())
///     .collect();
/// assert_eq!(holding, ["JPShinjitaiCharactersRev", "TSCharacters"]);
/// ```
pub fn builtin_dictionaries() -> impl Iterator<Item = Dictionary> {
    container().names().filter_map(builtin)
}

fn container() -> &'static Container {
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

    /// Every program that uses the library carries it: let nobody add to it unawares.
    #[test]
    fn the_embedded_data_is_below_six_megabytes() {
        let (dictionaries, tables) = (COMPILED.len(), STRETCHES.len());
        assert!(dictionaries + tables < 6_000_000, "{dictionaries} bytes of dictionaries, {tables} of tables");
    }

    #[test]
    fn every_configuration_has_tables() {
        for &config in crate::Config::ALL {
            assert!([false, true].into_iter().all(|tofu_risk| tables(config, tofu_risk).is_some()), "{config}");
        }
    }
}

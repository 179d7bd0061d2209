//! The built-in dictionaries, as the engine sees them.

use std::sync::OnceLock;

#[cfg(feature = "targets")]
use fanjian_context::Target;
use fanjian_dictionary::{Container, Dictionary, Plan};
use fanjian_engine::{FastTables, FusedTables};

use crate::{Config, config::VARIANTS};

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
    FOUND[config.variant(tofu_risk)].get_or_init(find).as_ref()
}

/// Whether the dictionaries are there, without which the plan of a configuration has to be made from its tables: always.
pub(crate) fn has_dictionaries() -> bool {
    true
}

/// The plan of a configuration, from its tables: none is needed, see [`has_dictionaries`].
pub(crate) fn plan_of_tables(_: Config) -> Option<Plan> {
    None
}

/// The tables of the targets, of which this is one.
#[cfg(feature = "targets")]
pub(crate) fn target_tables(_: Target) -> &'static [u8] {
    static TABLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/targets.bin"));
    TABLES
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
    use fanjian_dictionary::Group;
    use fanjian_engine::ReferenceChain;

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

    /// Programs that are given tables make plans of them.
    #[test]
    fn tables_have_what_a_conversion_needs_of_their_stages() {
        let text = concat!(
            include_str!("../tests/challenge/mixed.tsv"),
            include_str!("../README.zh-CN.md"),
            include_str!("../README.zh-TW.md"),
            "\u{2ff0}头发干⿱发干，𠮷\u{2f9b4}"
        );
        let normalization = || Some(Group::Dictionary(builtin("CJK_Compatibility_Ideographs")?));
        let convert = |plan: Plan| {
            let stages = crate::resolve::plain_stages(plan);
            let mut out = Vec::new();
            ReferenceChain::new(&stages).feed(&stages, text, true, &mut out);
            String::from_utf8(out).unwrap()
        };
        for &config in Config::ALL {
            let plan = tables(config, false).unwrap().tables().plan(normalization()).unwrap();
            let expected = crate::Converter::new(config).convert(text);
            assert_eq!(convert(plan), expected, "{config}");
            let normalization =
                fanjian_engine::normalization(include_str!("../dictionaries/CJK_Compatibility_Ideographs.txt"));
            let mut out = Vec::new();
            tables(config, false).unwrap().tables().convert_stages(text, &normalization, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{config}");
        }
    }

    #[test]
    fn every_configuration_has_tables() {
        for &config in Config::ALL {
            assert!([false, true].into_iter().all(|tofu_risk| tables(config, tofu_risk).is_some()), "{config}");
        }
    }
}

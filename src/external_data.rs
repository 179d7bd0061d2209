//! Built-in data that is not part of the program, but given to it: for programs that are fetched over a network. It stays until
//! the program ends.
//!
//! This takes the place of the module of embedded data, with the flag `--cfg fanjian_external_data`.
//!
//! Files of data begin with a stamp, which those of another build do not have: they would be read as something else.

// With the tables alone, nothing asks for dictionaries.
#![cfg_attr(fanjian_tables_alone, allow(dead_code, unused_imports))]

use std::sync::{Mutex, OnceLock, PoisonError};

#[cfg(feature = "targets")]
use fanjian_context::{Engine, Target, Vocabulary};
use fanjian_dictionary::{Dictionary, Error, ErrorKind, Group, Plan};
use fanjian_engine::{FastTables, FusedTables, tables};

use crate::{Config, config::VARIANTS};

static TABLES: [OnceLock<FastTables>; VARIANTS] = [const { OnceLock::new() }; VARIANTS];

#[cfg(feature = "targets")]
static TARGETS: [OnceLock<&'static [u8]>; Target::ALL.len()] = [const { OnceLock::new() }; Target::ALL.len()];

/// The stamp of the tables of configurations and of dictionaries; and that of the tables of targets.
static STAMP: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tables.stamp"));
#[cfg(feature = "targets")]
static STAMP_OF_TARGETS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/targets.stamp"));

/// The name of the only dictionary of the normalization, which is given with the tables.
const NORMALIZATION: &str = "CJK_Compatibility_Ideographs";

/// What begins a dictionary in a text of several, before its name.
pub(crate) const SEPARATOR: char = '\u{1c}';

/// A built-in dictionary: its text, and itself once it was needed.
struct Source {
    name: &'static str,
    text: &'static str,
    dictionary: OnceLock<Option<Dictionary>>,
}

static SOURCES: Mutex<Vec<&'static Source>> = Mutex::new(Vec::new());

/// The digits of a stamp, which are behind its mark.
const DIGITS: usize = 16;

/// What is behind the stamp of a file.
fn contents<'b>(file: &'b [u8], stamp: &[u8]) -> Result<&'b [u8], Error> {
    file.strip_prefix(stamp).ok_or_else(|| match file.starts_with(&stamp[..stamp.len() - DIGITS]) {
        true => Error::new(
            ErrorKind::Version,
            "the file is of another build than the WebAssembly: take both from one version of the package, and load the page or \
             the worker anew",
        ),
        false => Error::new(ErrorKind::Damaged, "not a data file of fanjian: perhaps the page that a server sends for a missing file"),
    })
}

/// Adds the tables of configurations: a file of `fanjian_engine::tables::pack`.
///
/// # Errors
///
/// [`Version`](ErrorKind::Version) for a file of another build; [`Damaged`](ErrorKind::Damaged) for no file of data, and where its
/// parts do not fit; what is in them is not checked.
///
/// # Safety
///
/// `file` is what the build script of this library wrote in the same build. Conversions make text of the values of tables
/// without a check, so that others can result in a `str` that is not UTF-8.
#[allow(unsafe_code)]
pub unsafe fn add_tables(file: &[u8]) -> Result<(), Error> {
    let bytes: &'static [u8] = Vec::leak(tables::unpack(contents(file, STAMP)?)?);
    for &config in Config::ALL {
        if let Some(found) = FusedTables::find_unpacked(bytes, config.name()) {
            let _ = TABLES[config.variant(false)].set(FastTables::from(found));
        }
    }
    Ok(())
}

/// The text of a file of dictionaries.
fn text_of(file: Vec<u8>) -> Result<&'static str, Error> {
    contents(&file, STAMP)?;
    let text = String::from_utf8(file).ok().and_then(|text| text.leak().get(STAMP.len()..));
    text.ok_or_else(|| Error::new(ErrorKind::Damaged, "the dictionaries are not UTF-8"))
}

/// Adds dictionaries: a file of them in the text format, each behind a line of U+001C and its name.
///
/// # Errors
///
/// [`Version`](ErrorKind::Version) for a file of another build; [`Damaged`](ErrorKind::Damaged) for no file of data, and for text
/// before the first name.
#[cfg(not(fanjian_tables_alone))]
pub fn add_dictionaries(file: Vec<u8>) -> Result<(), Error> {
    let text = text_of(file)?;
    let mut sources = SOURCES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut parts = text.split(SEPARATOR);
    if parts.next() != Some("") {
        return Err(Error::new(ErrorKind::Damaged, "dictionaries begin with the name of the first one"));
    }
    for part in parts {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        if !sources.iter().any(|source| source.name == name) {
            sources.push(Box::leak(Box::new(Source { name, text, dictionary: OnceLock::new() })));
        }
    }
    Ok(())
}

/// The same where only the normalization is used.
///
/// # Errors
///
/// [`Version`](ErrorKind::Version) for a file of another build, and [`Damaged`](ErrorKind::Damaged).
#[cfg(fanjian_tables_alone)]
pub fn add_dictionaries(file: Vec<u8>) -> Result<(), Error> {
    fanjian_engine::set_normalization(text_of(file)?);
    Ok(())
}

/// Adds the tables of targets: of all, or of some, a file of `fanjian_context::Compiled::pack`.
///
/// # Safety
///
/// As with [`add_tables`].
///
/// # Errors
///
/// [`Version`](ErrorKind::Version) for a file of another build, and [`Damaged`](ErrorKind::Damaged).
#[cfg(feature = "targets")]
#[allow(unsafe_code)]
pub unsafe fn add_targets(file: &[u8]) -> Result<(), Error> {
    let tables: &'static [u8] = Vec::leak(fanjian_context::unpack(contents(file, STAMP_OF_TARGETS)?)?);
    for &target in Target::ALL {
        // The parts of targets that were not selected are empty.
        if Engine::read(tables, target, Vocabulary::Keep).is_ok() {
            let _ = TARGETS[target as usize].set(tables);
        }
    }
    Ok(())
}

/// Whether the tables of a configuration were given.
pub fn has_config(config: Config) -> bool {
    tables(config, false).is_some()
}

/// Whether the tables of a target were given.
#[cfg(feature = "targets")]
pub fn has_target(target: Target) -> bool {
    TARGETS[target as usize].get().is_some()
}

/// Whether all dictionaries were given, and not that of the normalization alone.
pub fn has_dictionaries() -> bool {
    !cfg!(fanjian_tables_alone)
        && SOURCES.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|source| source.name != NORMALIZATION)
}

/// The tables of a configuration. None as long as they were not given, and for those with tofu-risk dictionaries.
pub(crate) fn tables(config: Config, tofu_risk: bool) -> Option<&'static FastTables> {
    TABLES[config.variant(tofu_risk)].get()
}

/// The plan of a configuration, from its tables. Conversions by tables alone have none.
pub(crate) fn plan_of_tables(config: Config) -> Option<Plan> {
    if cfg!(fanjian_tables_alone) {
        return None;
    }
    let normalization = builtin(NORMALIZATION).map(Group::Dictionary);
    tables(config, false)?.tables().plan(normalization).ok()
}

/// The tables of a target: nothing as long as they were not given.
#[cfg(feature = "targets")]
pub(crate) fn target_tables(target: Target) -> &'static [u8] {
    TARGETS[target as usize].get().copied().unwrap_or_default()
}

/// The built-in dictionary of this name. It is compiled when it is needed first.
pub(crate) fn builtin(name: &str) -> Option<Dictionary> {
    let source = {
        let sources = SOURCES.lock().unwrap_or_else(PoisonError::into_inner);
        *sources.iter().find(|source| source.name == name)?
    };
    source.dictionary.get_or_init(|| Dictionary::from_text(source.name, source.text).ok()).clone()
}

/// The built-in dictionaries that were given.
pub fn builtin_dictionaries() -> impl Iterator<Item = Dictionary> {
    let names: Vec<_> = {
        let sources = SOURCES.lock().unwrap_or_else(PoisonError::into_inner);
        sources.iter().map(|source| source.name).collect()
    };
    names.into_iter().filter_map(builtin)
}

//! Data that the package gives to the library, from files of its own. It stays until the program ends.

use fanjian::{Config, Error, ErrorKind, external_data};
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "targets")]
use crate::builder::Builder;
use crate::error::Failure;

/// Adds the tables of configurations: a file of the package, unchanged.
#[wasm_bindgen(js_name = addTables)]
#[allow(unsafe_code)]
pub fn add_tables(file: &[u8]) -> Result<(), Failure> {
    // SAFETY: the package alone calls this (`web/npm/src/load.ts` does not export it), with the files that it was built with, and
    // those of another build are refused. Who forges one has text that is wrong, and no more: the module cannot reach beyond its
    // own memory.
    Ok(unsafe { external_data::add_tables(file) }?)
}

/// Adds dictionaries.
#[wasm_bindgen(js_name = addDictionaries)]
pub fn add_dictionaries(file: Vec<u8>) -> Result<(), Failure> {
    Ok(external_data::add_dictionaries(file)?)
}

/// Adds the tables of targets.
#[cfg(feature = "targets")]
#[wasm_bindgen(js_name = addTargets)]
#[allow(unsafe_code)]
pub fn add_targets(file: &[u8]) -> Result<(), Failure> {
    // SAFETY: as above.
    Ok(unsafe { external_data::add_targets(file) }?)
}

/// An error for data that is not loaded. `why` is empty, or says who needs it.
fn missing(what: &str, why: &str) -> Error {
    let message = format!("the data of '{what}'{why} is not loaded: name it in 'await init({{ for: [...] }})'");
    Error::new(ErrorKind::NotFound, message)
}

/// An error if the tables of a configuration are missing.
pub(crate) fn check_config(config: Config) -> Result<(), Error> {
    if external_data::has_config(config) { Ok(()) } else { Err(missing(config.name(), "")) }
}

/// An error if data is missing that a converter with these choices needs.
#[cfg(feature = "targets")]
pub(crate) fn check(builder: &Builder) -> Result<(), Error> {
    use fanjian::Target;

    const BOTH_SCRIPTS: &str = ", which bothScripts needs,";
    let is_missing = |target: &Target| !external_data::has_target(*target);
    if let Some(config) = builder.config.filter(|_| !builder.has_release) {
        check_config(config)?;
    }
    if let Some(target) = builder.target.filter(is_missing) {
        return Err(missing(target.tag(), ""));
    }
    if builder.needs_dictionaries {
        check_dictionaries("own words, protected terms, preferred characters and tofuRisk")?;
    }
    if builder.matches_both_scripts {
        let configs = [Config::S2t, Config::S2tw, Config::S2hk, Config::T2s];
        if let Some(config) = configs.into_iter().find(|&config| !external_data::has_config(config)) {
            return Err(missing(config.name(), BOTH_SCRIPTS));
        }
        if let Some(target) = [Target::Taiwan, Target::HongKong].into_iter().find(is_missing) {
            return Err(missing(target.tag(), BOTH_SCRIPTS));
        }
    }
    Ok(())
}

/// An error if there are no dictionaries, which `what` needs.
#[cfg(feature = "targets")]
pub(crate) fn check_dictionaries(what: &str) -> Result<(), Error> {
    if external_data::has_dictionaries() {
        return Ok(());
    }
    Err(missing("dictionaries", &format!(", which {what} need,")))
}

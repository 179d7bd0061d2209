//! Names of configurations.

use fanjian::{Config, Error};
#[cfg(not(feature = "targets"))]
use fanjian::{ErrorKind, named::is_name};

/// The built-in configuration of this name, with or without `.json`.
#[cfg(feature = "targets")]
pub(crate) fn config_named(name: &str) -> Result<Config, Error> {
    name.strip_suffix(".json").unwrap_or(name).parse()
}

/// The same, without the code that finds the name that was meant.
#[cfg(not(feature = "targets"))]
pub(crate) fn config_named(name: &str) -> Result<Config, Error> {
    let own = name.strip_suffix(".json").unwrap_or(name);
    let found = Config::ALL.iter().copied().find(|config| is_name(own, config.name()));
    found.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("unknown configuration '{name}'")))
}

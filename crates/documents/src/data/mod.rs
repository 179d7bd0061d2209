//! Data in text form: JSON, YAML and TOML. Values are converted, and keys stay.

pub(crate) mod json;
pub(crate) mod keys;
pub(crate) mod toml;
pub(crate) mod values;
pub(crate) mod yaml;

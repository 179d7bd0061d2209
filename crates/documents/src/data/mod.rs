//! Data in text form: JSON, YAML and TOML. Values are converted, and keys stay.

pub(crate) mod json;
pub(crate) mod json_reader;
pub(crate) mod keys;
pub(crate) mod manifests;
pub(crate) mod toml;
pub(crate) mod values;
pub(crate) mod yaml;

use crate::scan::Role;

/// White space as YAML, TOML and XML have it: an ideographic space is text.
pub(crate) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// How the values of a document are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// What its texts are for readers.
    pub(crate) role: Role,
    /// Whether the value of a key, or what is below it, names something and stays.
    pub(crate) is_name: fn(&str) -> bool,
    /// Whether the document is a file of its own: its only key may be that of a language alone, as in catalogues of Rails.
    pub(crate) is_file: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { role: Role::Text, is_name: |_| false, is_file: true }
    }
}

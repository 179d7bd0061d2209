//! The JSON that OpenCC's configurations are written in, with comments and trailing commas.

use std::fmt;

use jsonc_parser::ParseOptions;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use crate::{Error, ErrorKind};

/// A configuration file as written. What it does not know, it leaves out, as upstream does.
#[derive(Debug, Deserialize)]
pub(crate) struct File {
    #[serde(default)]
    pub(crate) normalization: Vec<Stage>,
    pub(crate) segmentation: Option<Segmentation>,
    pub(crate) conversion_chain: Vec<Stage>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Stage {
    pub(crate) dict: Dict,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Segmentation {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) dict: Option<Dict>,
}

/// A dictionary, or a group of them: which of the fields are needed depends on `kind`.
#[derive(Debug, Deserialize)]
pub(crate) struct Dict {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) file: Option<String>,
    #[serde(default, deserialize_with = "pairs")]
    pub(crate) entries: Option<Vec<(String, String)>>,
    #[serde(default)]
    pub(crate) match_policy: Policy,
    pub(crate) dicts: Option<Vec<Dict>>,
    #[serde(default)]
    pub(crate) may_output_tofu: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Policy {
    #[default]
    ShortCircuit,
    Union,
}

impl File {
    /// Reads the text of a configuration file.
    pub(crate) fn parse(text: &str) -> Result<File, Error> {
        let strict = ParseOptions {
            allow_comments: true,
            allow_trailing_commas: true,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        jsonc_parser::parse_to_serde_value(text, &strict)
            .map_err(|error| Error::new(ErrorKind::Config, error.kind().to_string()).on_line(error.line_display()))
    }
}

/// Keeps the pairs of an object as they are, so that a key given twice can be told.
fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<(String, String)>>, D::Error> {
    struct Pairs;

    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, String)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of keys and values")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }

    deserializer.deserialize_map(Pairs).map(Some)
}

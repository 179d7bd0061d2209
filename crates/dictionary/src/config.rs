//! OpenCC's configurations: the JSON that they are written in, with comments and trailing commas, and the groups of
//! dictionaries that it names.

use std::{fmt, path::Path};

use jsonc_parser::ParseOptions;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use crate::{Dictionary, Entries, Error, ErrorKind, Group};

/// A configuration as written. What it does not know, it leaves out, as upstream does.
#[derive(Debug, Deserialize)]
pub struct Config {
    #[serde(default)]
    normalization: Vec<Stage>,
    segmentation: Option<Segmentation>,
    conversion_chain: Vec<Stage>,
}

/// Each stage costs a level of recursion in the engine. The shipped configurations have up to three.
const MOST_STAGES: usize = 64;

/// The groups of dictionaries of a configuration, by what they do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The stages of the normalization, which work on the whole text.
    pub normalization: Vec<Group>,
    /// What cuts the text into segments, if anything does.
    pub segmentation: Option<Group>,
    /// The stages of the conversion chain, which work on each segment.
    pub chain: Vec<Group>,
}

/// A dictionary that a configuration names by a file.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'c> {
    /// The file, as it stands in the configuration: `STPhrases.txt`, `STPhrases.ocd2`.
    pub file: &'c str,
    /// The format that the configuration says it has: `text`, `ocd` or `ocd2`.
    pub format: &'c str,
}

impl<'c> Reference<'c> {
    /// The name of the dictionary: the file's, without folders and extension.
    pub fn name(&self) -> &'c str {
        Path::new(self.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or(self.file)
    }
}

#[derive(Debug, Deserialize)]
struct Stage {
    dict: Dict,
}

#[derive(Debug, Deserialize)]
struct Segmentation {
    #[serde(rename = "type")]
    kind: String,
    dict: Option<Dict>,
}

/// A dictionary, or a group of them: which of the fields are needed depends on `kind`.
#[derive(Debug, Deserialize)]
struct Dict {
    #[serde(rename = "type")]
    kind: String,
    file: Option<String>,
    #[serde(default, deserialize_with = "pairs")]
    entries: Option<Vec<(String, String)>>,
    #[serde(default)]
    match_policy: Policy,
    dicts: Option<Vec<Dict>>,
    #[serde(default)]
    may_output_tofu: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Policy {
    #[default]
    ShortCircuit,
    Union,
}

impl Config {
    /// Reads the text of a configuration.
    ///
    /// # Errors
    ///
    /// [`Config`](ErrorKind::Config), with the line.
    pub fn parse(text: &str) -> Result<Config, Error> {
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

    /// Looks up the dictionaries, each with `find`, and leaves those marked `may_output_tofu` out of normalization and
    /// conversion unless `tofu_risk`. Groups and stages that this empties vanish.
    ///
    /// # Errors
    ///
    /// [`Config`](ErrorKind::Config) and those of an inline dictionary's entries, with their place in the
    /// configuration; and whatever `find` gives.
    pub fn plan(
        &self,
        tofu_risk: bool,
        find: &mut dyn FnMut(Reference<'_>) -> Result<Dictionary, Error>,
    ) -> Result<Plan, Error> {
        let stages = self.normalization.len() + self.conversion_chain.len();
        if stages > MOST_STAGES {
            let message = format!("{stages} stages are too many: at most {MOST_STAGES} are supported");
            return Err(Error::new(ErrorKind::Config, message));
        }
        let mut stages = |stages: &[Stage], name: &str| -> Result<Vec<Group>, Error> {
            let mut groups = Vec::new();
            for (index, stage) in stages.iter().enumerate() {
                groups.extend(group(&stage.dict, &format!("{name}[{index}].dict"), !tofu_risk, find)?);
            }
            Ok(groups)
        };
        let normalization = stages(&self.normalization, "normalization")?;
        let chain = stages(&self.conversion_chain, "conversion_chain")?;
        let segmentation = match &self.segmentation {
            None => None,
            Some(Segmentation { kind, dict }) if kind == "mmseg" => {
                let dict = dict.as_ref().ok_or_else(|| missing("segmentation", "dict"))?;
                Some(group(dict, "segmentation.dict", false, find)?.unwrap_or(Group::Union(Vec::new())))
            }
            Some(Segmentation { kind, .. }) => {
                let message =
                    format!("segmentation.type is '{kind}', a plug-in of OpenCC's; only 'mmseg' is supported here");
                return Err(Error::new(ErrorKind::Config, message));
            }
        };
        Ok(Plan { normalization, segmentation, chain })
    }
}

/// The group that `dict`, which stands at `place`, describes. Nothing where leaving tofu out empties it.
fn group(
    dict: &Dict,
    place: &str,
    drops_tofu: bool,
    find: &mut dyn FnMut(Reference<'_>) -> Result<Dictionary, Error>,
) -> Result<Option<Group>, Error> {
    if dict.may_output_tofu && drops_tofu {
        return Ok(None);
    }
    let group = match dict.kind.as_str() {
        format @ ("text" | "ocd" | "ocd2") => {
            let file = dict.file.as_deref().ok_or_else(|| missing(place, "file"))?;
            Group::Dictionary(find(Reference { file, format })?)
        }
        "inline" => {
            let entries = dict.entries.as_ref().ok_or_else(|| missing(place, "entries"))?;
            Group::Dictionary(inline(entries, place)?)
        }
        "group" => {
            let dicts = dict.dicts.as_ref().ok_or_else(|| missing(place, "dicts"))?;
            let mut children = Vec::new();
            for (index, dict) in dicts.iter().enumerate() {
                children.extend(group(dict, &format!("{place}.dicts[{index}]"), drops_tofu, find)?);
            }
            if children.is_empty() && !dicts.is_empty() {
                return Ok(None);
            }
            match dict.match_policy {
                Policy::ShortCircuit => Group::ShortCircuit(children),
                Policy::Union => Group::Union(children),
            }
        }
        other => {
            let message = format!("{place}.type is '{other}'; it must be text, ocd2, inline or group");
            return Err(Error::new(ErrorKind::Config, message));
        }
    };
    Ok(Some(group))
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

/// A dictionary written within the configuration: each value is one candidate, spaces and all.
fn inline(pairs: &[(String, String)], place: &str) -> Result<Dictionary, Error> {
    let at_place = |error: Error| Error::new(error.kind(), format!("{place}.entries: {error}"));
    let mut entries = Entries::new();
    for (key, value) in pairs {
        if value.is_empty() {
            let message = format!("{place}.entries: the value of '{key}' is empty");
            return Err(Error::new(ErrorKind::Config, message));
        }
        entries.insert(key, [value]).map_err(at_place)?;
    }
    Dictionary::from_entries(&format!("{place} (inline)"), &entries)
}

fn missing(place: &str, field: &str) -> Error {
    Error::new(ErrorKind::Config, format!("{place} has no '{field}'"))
}

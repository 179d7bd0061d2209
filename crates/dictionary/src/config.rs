//! OpenCC's configurations: the JSON that they are written in, with comments and trailing commas, and the groups of
//! dictionaries that it names.

use std::path::Path;

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, Value},
    common::Ranged,
    parse_to_ast,
};

use crate::{Dictionary, Entries, Error, ErrorKind, Group, group::all_find_as};

/// A configuration as written. What it does not know, it leaves out, as upstream does.
#[derive(Debug)]
pub struct Config {
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

impl Plan {
    /// Whether another plan does the same, by its structure, whatever its dictionaries are called.
    #[must_use]
    pub fn converts_as(&self, other: &Plan) -> bool {
        let segments_as = match (&self.segmentation, &other.segmentation) {
            (Some(group), Some(other)) => group.finds_as(other),
            (group, other) => group.is_none() && other.is_none(),
        };
        segments_as && all_find_as(&self.normalization, &other.normalization) && all_find_as(&self.chain, &other.chain)
    }
}

/// A dictionary that a configuration names by a file.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'c> {
    /// The file, as the configuration names it: `STPhrases.txt`, `STPhrases.ocd2`.
    pub file: &'c str,
    /// The format that the configuration says it has: `text`, `ocd` or `ocd2`.
    pub format: &'c str,
}

impl<'c> Reference<'c> {
    /// The name of the dictionary: the file's, without folders and extension.
    #[must_use]
    pub fn name(&self) -> &'c str {
        Path::new(self.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or(self.file)
    }
}

#[derive(Debug)]
struct Stage {
    dict: Dict,
}

#[derive(Debug)]
struct Segmentation {
    kind: String,
    dict: Option<Dict>,
}

/// A dictionary, or a group of them: which of the fields are needed depends on `kind`.
#[derive(Debug)]
struct Dict {
    kind: String,
    file: Option<String>,
    entries: Option<Vec<(String, String)>>,
    match_policy: Policy,
    dicts: Option<Vec<Dict>>,
    may_output_tofu: bool,
}

#[derive(Clone, Copy, Debug, Default)]
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
        let parsed = parse_to_ast(text, &CollectOptions::default(), &strict)
            .map_err(|error| Error::new(ErrorKind::Config, error.kind().to_string()).on_line(error.line_display()))?;
        let reader = Reader { text };
        match parsed.value {
            Some(value) => reader.config(&value),
            None => Err(Error::new(ErrorKind::Config, "it is empty, where an object is needed").on_line(1)),
        }
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

/// The group that `dict`, at `place`, describes. None if leaving tofu out empties it.
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

/// Reads a configuration from parsed JSON.
#[derive(Clone, Copy)]
struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn config(self, value: &Value<'_>) -> Result<Config, Error> {
        let object = self.object(value, "the configuration")?;
        let stages = |name: &str| -> Result<Option<Vec<Stage>>, Error> {
            self.member(object, name)?
                .map(|stages| self.each(stages, name, |stage, name| self.stage(stage, name)))
                .transpose()
        };
        let segmentation = self.member(object, "segmentation")?.map(|value| self.segmentation(value)).transpose()?;
        Ok(Config {
            normalization: stages("normalization")?.unwrap_or_default(),
            segmentation,
            conversion_chain: stages("conversion_chain")?
                .ok_or_else(|| self.error(value, "the configuration has no 'conversion_chain'"))?,
        })
    }

    fn stage(self, value: &Value<'_>, name: &str) -> Result<Stage, Error> {
        let dict = self.member(self.object(value, name)?, "dict")?;
        let dict = dict.ok_or_else(|| self.error(value, &format!("{name} has no 'dict'")))?;
        Ok(Stage { dict: self.dict(dict, &format!("{name}.dict"))? })
    }

    fn segmentation(self, value: &Value<'_>) -> Result<Segmentation, Error> {
        let object = self.object(value, "segmentation")?;
        let kind = self.text_member(object, "segmentation", "type")?;
        let dict = self.member(object, "dict")?.map(|dict| self.dict(dict, "segmentation.dict")).transpose()?;
        Ok(Segmentation { kind: kind.ok_or_else(|| self.error(value, "segmentation has no 'type'"))?, dict })
    }

    fn dict(self, value: &Value<'_>, name: &str) -> Result<Dict, Error> {
        let object = self.object(value, name)?;
        let kind = self.text_member(object, name, "type")?;
        let match_policy = match self.text_member(object, name, "match_policy")?.as_deref() {
            None | Some("short_circuit") => Policy::ShortCircuit,
            Some("union") => Policy::Union,
            Some(other) => {
                let message = format!("unknown {name}.match_policy '{other}'; expected one of short_circuit, union");
                return Err(self.error(value, &message));
            }
        };
        let may_output_tofu = match self.member(object, "may_output_tofu")? {
            None => false,
            Some(Value::BooleanLit(value)) => value.value,
            Some(other) => return Err(self.error(other, &format!("{name}.may_output_tofu is neither true nor false"))),
        };
        let entries = self.member(object, "entries")?.map(|entries| self.pairs(entries, name)).transpose()?;
        let dicts = self
            .member(object, "dicts")?
            .map(|dicts| self.each(dicts, &format!("{name}.dicts"), |dict, name| self.dict(dict, name)))
            .transpose()?;
        Ok(Dict {
            kind: kind.ok_or_else(|| self.error(value, &format!("{name} has no 'type'")))?,
            file: self.text_member(object, name, "file")?,
            entries,
            match_policy,
            dicts,
            may_output_tofu,
        })
    }

    /// The pairs of an object as they are: a key given twice is an error of the dictionary, which names it.
    fn pairs(self, value: &Value<'_>, name: &str) -> Result<Vec<(String, String)>, Error> {
        let object = self.object(value, &format!("{name}.entries"))?;
        let pair = |(key, value): (&str, &Value<'_>)| match value {
            Value::StringLit(value) => Ok((key.to_owned(), value.value.as_ref().to_owned())),
            other => Err(self.error(other, &format!("{name}.entries: the value of '{key}' is not a string"))),
        };
        object.properties.iter().map(|member| pair((member.name.as_str(), &member.value))).collect()
    }

    /// The elements of an array, each with its name.
    fn each<T>(
        self,
        value: &Value<'_>,
        name: &str,
        read: impl Fn(&Value<'_>, &str) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let Value::Array(array) = value else { return Err(self.error(value, &format!("{name} is not an array"))) };
        let read = |(index, element)| read(element, &format!("{name}[{index}]"));
        array.elements.iter().enumerate().map(read).collect()
    }

    fn object<'v, 'a>(self, value: &'v Value<'a>, name: &str) -> Result<&'v Object<'a>, Error> {
        value.as_object().ok_or_else(|| self.error(value, &format!("{name} is no object")))
    }

    /// The value of a member, which an object may have only once. None if it has none, or null.
    fn member<'v, 'a>(self, object: &'v Object<'a>, name: &str) -> Result<Option<&'v Value<'a>>, Error> {
        let mut members = object.properties.iter().filter(|member| member.name.as_str() == name);
        let first = members.next().map(|member| &member.value);
        match members.next() {
            Some(second) => Err(self.error(&second.value, &format!("'{name}' is given twice"))),
            None => Ok(first.filter(|value| !matches!(value, Value::NullKeyword(_)))),
        }
    }

    fn text_member(self, object: &Object<'_>, of: &str, name: &str) -> Result<Option<String>, Error> {
        match self.member(object, name)? {
            None => Ok(None),
            Some(Value::StringLit(value)) => Ok(Some(value.value.as_ref().to_owned())),
            Some(other) => Err(self.error(other, &format!("{of}.{name} is not a string"))),
        }
    }

    fn error(self, value: &Value<'_>, message: &str) -> Error {
        let before = self.text.get(..value.start()).unwrap_or_default();
        Error::new(ErrorKind::Config, message).on_line(1 + before.matches('\n').count())
    }
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

//! What holds for a file: the command line, and the `fanjian.toml` in the folder of the file or above it.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::ValueEnum;
use fanjian::{Converter, Dictionary};
use regex::bytes::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    arguments::{Arguments, Policy, Words, has_extension},
    cleaning::Cleaning,
    encodings::{self, Encoding, From},
    passages::Rules,
    run::Failure,
    transform::Settings,
};

/// The name of the file.
pub(crate) const NAME: &str = "fanjian.toml";

/// A `fanjian.toml`, as written. Paths are of the folder that it is in.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Project {
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vocabulary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tofu_risk: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dict: Vec<PathBuf>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    protect: Vec<PathBuf>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    protect_regex: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extension: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invalid_utf8: Option<String>,
    /// The folder of the file.
    #[serde(skip)]
    folder: Option<PathBuf>,
}

/// What holds for the files of one folder.
#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) settings: Settings,
    pub(crate) from: Option<From>,
    /// Of files in folders, those that are taken. Empty: all.
    pub(crate) extensions: Vec<String>,
    /// Whether a configuration or a target is named, rather than the default.
    pub(crate) is_named: bool,
    /// All of that, as `fanjian.toml` would say it.
    pub(crate) told: Value,
}

impl Local {
    /// Whether a file in a folder is taken.
    pub(crate) fn takes(&self, path: &Path) -> bool {
        has_extension(path, &self.extensions)
    }
}

/// Finds what holds for each file, and reads each `fanjian.toml` once.
pub(crate) struct Finder<'a> {
    arguments: &'a Arguments,
    /// Whether marks count where nothing else is said.
    marks: bool,
    folders: HashMap<PathBuf, Option<PathBuf>>,
    known: HashMap<Option<PathBuf>, Arc<Local>>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(arguments: &'a Arguments, marks: bool) -> Finder<'a> {
        Finder { arguments, marks, folders: HashMap::new(), known: HashMap::new() }
    }

    /// What holds for a file. None: what holds for standard input.
    pub(crate) fn find(&mut self, path: Option<&Path>) -> Result<Arc<Local>, Failure> {
        let project = self.project(path)?;
        if let Some(known) = self.known.get(&project) {
            return Ok(Arc::clone(known));
        }
        let merged = self.merged(project.as_deref())?;
        let local = Arc::new(merged.build(self.arguments, self.marks)?);
        self.known.insert(project, Arc::clone(&local));
        Ok(local)
    }

    /// What holds for a file, as `fanjian.toml` would say it.
    pub(crate) fn show(&mut self, path: &Path) -> Result<String, Failure> {
        let project = self.project(Some(path))?;
        let mut merged = self.merged(project.as_deref())?;
        merged.build(self.arguments, self.marks)?;
        if merged.to.is_none() {
            merged.config.get_or_insert_with(|| self.arguments.conversion.configuration.name().to_owned());
        }
        merged.marks.get_or_insert(self.marks);
        let origin = match project {
            Some(file) => format!("{} and the command line", file.display()),
            None => "the command line".to_owned(),
        };
        let text = toml::to_string(&merged).map_err(|error| Failure::new(format!("what holds is no TOML: {error}")))?;
        Ok(format!("# for {}, from {origin}\n{text}", path.display()))
    }

    /// The `fanjian.toml` in the folder of a file, or in the nearest one above it.
    fn project(&mut self, path: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
        let Some(path) = path.filter(|_| !self.arguments.conversion.isolated) else { return Ok(None) };
        let path = std::path::absolute(path).map_err(|error| Failure::io("find", path.display(), &error))?;
        let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
        if let Some(known) = self.folders.get(folder) {
            return Ok(known.clone());
        }
        let found = folder.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file());
        self.folders.insert(folder.to_owned(), found.clone());
        Ok(found)
    }

    fn merged(&self, project: Option<&Path>) -> Result<Project, Failure> {
        let mut merged = project.map_or(Ok(Project::default()), Project::read)?;
        let given = &self.arguments.conversion;
        if let Some(config) = given.configuration.given() {
            merged.config = Some(config.to_owned());
            merged.to = None;
            merged.folder = None;
        }
        if let Some(target) = given.configuration.target() {
            merged.to = Some(target.tag().to_owned());
            merged.config = None;
        }
        merged.from = given.configuration.from().map(|from| from.tag().to_owned()).or(merged.from);
        let words = given.configuration.vocabulary().and_then(|words| words.to_possible_value());
        merged.vocabulary = words.map(|words| words.get_name().to_owned()).or(merged.vocabulary);
        let is_for_target = given.configuration.from().is_some() || given.configuration.vocabulary().is_some();
        if is_for_target && merged.to.is_none() {
            return Err(Failure::new("--from and --vocabulary go with a target: name it with --to".to_owned()));
        }
        merged.tofu_risk = given.configuration.tofu_risk().or(merged.tofu_risk);
        if given.marks || given.no_marks {
            merged.marks = Some(given.marks);
        }
        // What is said last, on the command line, comes first.
        merged.dict.splice(..0, given.dict.iter().cloned());
        merged.protect.extend(given.protect.iter().cloned());
        merged.protect_regex.extend(given.protect_regex.iter().map(|regex| regex.as_str().to_owned()));
        if !self.arguments.files.choice.extension.is_empty() {
            merged.extension.clone_from(&self.arguments.files.choice.extension);
        }
        let encodings = &self.arguments.encodings;
        if let Some(from) = encodings.from_encoding {
            merged.from_encoding = Some(match from {
                From::Auto => "auto".to_owned(),
                From::Given(encoding) => encoding.to_string(),
            });
        }
        merged.to_encoding = encodings.to_encoding.map(|encoding| encoding.to_string()).or(merged.to_encoding);
        merged.replacement = encodings.replacement.clone().or(merged.replacement);
        let policy = encodings.invalid_utf8.and_then(|policy| policy.to_possible_value());
        merged.invalid_utf8 = policy.map(|policy| policy.get_name().to_owned()).or(merged.invalid_utf8);
        Ok(merged)
    }
}

impl Project {
    fn read(path: &Path) -> Result<Project, Failure> {
        let text = fs::read_to_string(path).map_err(|error| Failure::io("read", path.display(), &error))?;
        let mut project: Project = toml::from_str(&text)
            .map_err(|error| Failure::new(format!("{}: {}", path.display(), error.to_string().trim_end())))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for path in project.dict.iter_mut().chain(&mut project.protect) {
            *path = folder.join(&path);
        }
        project.folder = Some(folder.to_owned());
        Ok(project)
    }

    fn build(&self, arguments: &Arguments, marks: bool) -> Result<Local, Failure> {
        let wrong = |name: &str, value: &str, error: &dyn std::fmt::Display| {
            Failure::new(format!("{NAME}: {name} = '{value}': {error}"))
        };
        let mut builder = Converter::builder()
            .config_name(self.config.as_deref().unwrap_or(arguments.conversion.configuration.name()))
            .tofu_risk(self.tofu_risk.unwrap_or(false));
        if self.to.is_some() && self.config.is_some() {
            return Err(Failure::new(format!(
                "{NAME}: config and to are both there: one of them tells what to convert to"
            )));
        }
        if let Some(tag) = &self.to {
            let words = self.vocabulary.as_ref();
            let words =
                words.map(|name| Words::from_str(name, false).map_err(|error| wrong("vocabulary", name, &error)));
            builder = builder.target(tag.parse()?).vocabulary(words.transpose()?.unwrap_or_default().into());
            if let Some(from) = &self.from {
                builder = builder.source_script(from.parse()?);
            }
        }
        for folder in self.folder.iter().chain(&arguments.conversion.configuration.path) {
            builder = builder.search_folder(folder);
        }
        for path in &self.dict {
            builder = builder.dictionary(Dictionary::from_path(path)?);
        }
        for path in &self.protect {
            builder = builder.protect(terms(path)?);
        }
        let patterns = self
            .protect_regex
            .iter()
            .map(|regex| Regex::new(regex).map_err(|error| wrong("protect-regex", regex, &error)))
            .collect::<Result<Vec<_>, _>>()?;
        let encoding = |name, label: &Option<String>| -> Result<Option<Encoding>, Failure> {
            label.as_ref().map(|label| Encoding::parse(label).map_err(|error| wrong(name, label, &error))).transpose()
        };
        let from = self.from_encoding.as_ref();
        let from =
            from.map(|label| From::parse(label).map_err(|error| wrong("from-encoding", label, &error))).transpose()?;
        let to = encoding("to-encoding", &self.to_encoding)?;
        if let (Some(to), Some(replacement)) = (to, &self.replacement)
            && encodings::encoded(to, replacement).is_none()
        {
            return Err(Failure::new(format!("the replacement '{replacement}' cannot be written as {to} either")));
        }
        let invalid = self.invalid_utf8.as_ref();
        let invalid =
            invalid.map(|name| Policy::from_str(name, false).map_err(|error| wrong("invalid-utf8", name, &error)));
        let converter = builder.build()?;
        let cleaning = arguments.cleaning.clone().map(|mut cleaning: Cleaning| {
            cleaning.options.converter = self.to.is_some().then(|| converter.clone());
            Arc::new(cleaning)
        });
        let settings = Settings {
            converter,
            cleaning,
            rules: Arc::new(Rules { patterns, has_marks: self.marks.unwrap_or(marks) }),
            invalid: invalid.transpose()?.unwrap_or_default(),
            to,
            replacement: self.replacement.clone(),
            by_lines: arguments.pipe.line_buffered,
        };
        let told =
            serde_json::to_value(self).map_err(|error| Failure::new(format!("what holds is no JSON: {error}")))?;
        let is_named = self.config.is_some() || self.to.is_some();
        Ok(Local { settings, from, extensions: self.extension.clone(), is_named, told })
    }
}

/// The terms in a file, one on each line.
fn terms(path: &Path) -> Result<Vec<String>, Failure> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Failure::new(format!("{}: not UTF-8", path.display())),
        _ => Failure::io("read", path.display(), &error),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
}

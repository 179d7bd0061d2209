//! From a configuration as written to the levels that the engine runs.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use fanjian_dictionary::{Dictionary, Entries};

use crate::{
    Error, ErrorKind,
    config::{Dict, File, Policy},
    dictionary,
    engine::{
        group::Group,
        level::{Level, Work},
    },
};

/// What a configuration is resolved with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    /// Whether dictionaries marked `may_output_tofu` take part.
    pub(crate) tofu_risk: bool,
    /// Searched before the built-in dictionaries, wherever a text meets its first dictionary.
    pub(crate) own: Vec<Dictionary>,
    /// Take the places of the dictionaries of these names.
    pub(crate) replacements: Vec<(String, Dictionary)>,
    /// Terms that nothing changes.
    pub(crate) protected: Entries,
    /// Folders to look for dictionary files in, before the built-in dictionaries. None for a built-in configuration.
    pub(crate) folders: Vec<PathBuf>,
}

/// A configuration whose dictionaries are being looked up.
struct Resolving<'r> {
    resolver: &'r Resolver,
    loaded: HashMap<PathBuf, Dictionary>,
    replaced: Vec<bool>,
    /// The names of the dictionaries that the configuration uses, for messages.
    names: Vec<String>,
}

/// The levels of `file`, from the top.
fn levels(file: &File, resolver: &Resolver) -> Result<Vec<Level>, Error> {
    let mut resolving = Resolving {
        resolver,
        loaded: HashMap::new(),
        replaced: vec![false; resolver.replacements.len()],
        names: Vec::new(),
    };
    let drops_tofu = !resolver.tofu_risk;
    let mut levels: Vec<Work> = Vec::new();
    if !resolver.protected.is_empty() {
        levels.push(Work::Protect(Group::Dictionary(Dictionary::from_entries("protected", &resolver.protected)?)));
    }
    for (index, stage) in file.normalization.iter().enumerate() {
        let group = resolving.group(&stage.dict, &format!("normalization[{index}].dict"), drops_tofu)?;
        levels.extend(group.map(Work::Normalize));
    }
    let mut own = match resolver.own.as_slice() {
        [] => None,
        own => Some(Group::ShortCircuit(own.iter().cloned().map(Group::Dictionary).collect())),
    };
    if let Some(segmentation) = &file.segmentation {
        if segmentation.kind != "mmseg" {
            let message = format!(
                "segmentation.type is '{}', a plug-in of OpenCC's; only 'mmseg' is supported here",
                segmentation.kind
            );
            return Err(Error::new(ErrorKind::Config, message));
        }
        let dict = segmentation.dict.as_ref().ok_or_else(|| missing("segmentation", "dict"))?;
        let dictionaries = resolving.group(dict, "segmentation.dict", false)?;
        let dictionaries = dictionaries.unwrap_or(Group::Union(Vec::new()));
        levels.push(Work::Segment { own: own.take(), dictionaries });
    }
    for (index, stage) in file.conversion_chain.iter().enumerate() {
        let group = resolving.group(&stage.dict, &format!("conversion_chain[{index}].dict"), drops_tofu)?;
        if let Some(group) = group {
            // Where nothing is cut into segments, the user's own dictionaries come first at the first stage.
            levels.push(Work::Convert(match own.take() {
                Some(own) => Group::ShortCircuit(vec![own, group]),
                None => group,
            }));
        }
    }
    levels.extend(own.map(Work::Convert));
    resolving.check_replacements()?;
    Ok(levels.into_iter().map(Level::new).collect())
}

impl Resolving<'_> {
    /// The group that `dict`, which stands at `place` in the file, describes. Nothing where the tofu switch empties it.
    fn group(&mut self, dict: &Dict, place: &str, drops_tofu: bool) -> Result<Option<Group>, Error> {
        if dict.may_output_tofu && drops_tofu {
            return Ok(None);
        }
        let group = match dict.kind.as_str() {
            "text" | "ocd" | "ocd2" => {
                let file = dict.file.as_ref().ok_or_else(|| missing(place, "file"))?;
                Group::Dictionary(self.dictionary(file, &dict.kind)?)
            }
            "inline" => {
                let entries = dict.entries.as_ref().ok_or_else(|| missing(place, "entries"))?;
                Group::Dictionary(inline(entries, place)?)
            }
            "group" => {
                let dicts = dict.dicts.as_ref().ok_or_else(|| missing(place, "dicts"))?;
                let mut children = Vec::new();
                for (index, dict) in dicts.iter().enumerate() {
                    children.extend(self.group(dict, &format!("{place}.dicts[{index}]"), drops_tofu)?);
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

    /// The dictionary that a configuration names by its file: a replacement, a file, or the built-in one.
    fn dictionary(&mut self, file: &str, kind: &str) -> Result<Dictionary, Error> {
        let path = Path::new(file);
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        if !self.names.contains(&name) {
            self.names.push(name.clone());
        }
        if let Some(index) = self.resolver.replacements.iter().position(|(replaced, _)| *replaced == name) {
            self.replaced[index] = true;
            return Ok(self.resolver.replacements[index].1.clone());
        }
        // Upstream's binary dictionaries are made from text ones, which lie beside them or are built in.
        let path = if kind == "text" { path.to_owned() } else { path.with_extension("txt") };
        for folder in &self.resolver.folders {
            let path = folder.join(&path);
            if path.is_file() {
                return self.load(&path);
            }
        }
        dictionary::builtin(&name).ok_or_else(|| self.not_found(file, kind))
    }

    fn load(&mut self, path: &Path) -> Result<Dictionary, Error> {
        if let Some(dictionary) = self.loaded.get(path) {
            return Ok(dictionary.clone());
        }
        let dictionary = Dictionary::from_path(path)?;
        self.loaded.insert(path.to_owned(), dictionary.clone());
        Ok(dictionary)
    }

    fn not_found(&self, file: &str, kind: &str) -> Error {
        let folders = self.resolver.folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>();
        let mut message = format!("no dictionary '{file}': it is not built in");
        if !folders.is_empty() {
            message += &format!(", nor a file in {}", folders.join(", "));
        }
        if kind != "text" {
            message += &format!(" (the binary format {kind} is not read; a text dictionary beside it would be)");
        }
        Error::new(ErrorKind::NotFound, message)
    }

    fn check_replacements(&self) -> Result<(), Error> {
        let Some(unused) = self.replaced.iter().position(|&replaced| !replaced) else {
            return Ok(());
        };
        let name = &self.resolver.replacements[unused].0;
        let names = self.names.join(", ");
        let message = format!("no dictionary '{name}' to replace: the configuration uses {names}");
        Err(Error::new(ErrorKind::NotFound, message))
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

/// Where a configuration is to be found.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Builtin(crate::Config),
    /// A file, and the folder that its dictionaries are looked for in first.
    File(PathBuf),
    /// The text of a file, which has no folder.
    Text(String),
    /// What OpenCC's command takes: a path, or a name with or without `.json`.
    Name(String),
}

impl Source {
    /// Reads the configuration and tells its place; completes `folders` with those that belong to it.
    fn read(&self, folders: &mut Vec<PathBuf>) -> Result<(File, String), Error> {
        let (text, place) = match self {
            Source::Builtin(config) => {
                folders.clear();
                (config.json().to_owned(), config.name().to_owned())
            }
            Source::Text(text) => (text.clone(), "configuration".to_owned()),
            Source::File(path) => {
                let place = path.display().to_string();
                let text = fs::read(path).map_err(|source| Error::io("read", path, source))?;
                let not_utf8 = |_| Error::new(ErrorKind::InvalidUtf8, "not UTF-8").at(&place);
                let text = String::from_utf8(text).map_err(not_utf8)?;
                // As upstream: the file's own folder, the working folder, then those that were asked for.
                let own = path.parent().map(Path::to_owned).unwrap_or_default();
                folders.splice(0..0, [own, PathBuf::from(".")]);
                (text, place)
            }
            Source::Name(name) => return Self::find(name, folders)?.read(folders),
        };
        let file = File::parse(&text).map_err(|error| error.at(&place))?;
        Ok((file, place))
    }

    /// A file of this path, one of this name in a folder, or a built-in configuration: the first there is.
    fn find(name: &str, folders: &[PathBuf]) -> Result<Source, Error> {
        let path = Path::new(name);
        let is_path = path.components().count() > 1 || path.extension().is_some_and(|extension| extension == "json");
        if is_path && path.is_file() {
            return Ok(Source::File(path.to_owned()));
        }
        for folder in folders {
            for path in [folder.join(name), folder.join(format!("{name}.json"))] {
                if path.is_file() {
                    return Ok(Source::File(path));
                }
            }
        }
        name.parse().map(Source::Builtin)
    }
}

/// The levels of the configuration from `source`.
pub(crate) fn build(source: &Source, resolver: &Resolver) -> Result<Vec<Level>, Error> {
    let mut resolver = resolver.clone();
    let (file, place) = source.read(&mut resolver.folders)?;
    levels(&file, &resolver).map_err(|error| match error.kind() {
        ErrorKind::Config | ErrorKind::NotFound => error.at(place),
        // The others are about a dictionary's file, and name it.
        _ => error,
    })
}

//! Resolution of a configuration as written, or of a target, to the stages and tables that the engine runs.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    string::FromUtf8Error,
    sync::OnceLock,
};

use fanjian_dictionary::{Dictionary, Entries, Group, Reference, read_file};
use fanjian_engine::{Stage, StageKind, Stages};

#[cfg(feature = "targets")]
use crate::target::TargetPlan;
use crate::{
    Config, Error, ErrorKind,
    config::VARIANTS,
    conversion::{ConversionPlan, Resolved},
    data,
};

/// What a configuration is resolved with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    /// Whether dictionaries marked `may_output_tofu` take part.
    pub(crate) tofu_risk: bool,
    /// Searched before the built-in dictionaries, wherever a text meets its first dictionary.
    pub(crate) user: Vec<Dictionary>,
    /// Take the places of the dictionaries of these names.
    pub(crate) replacements: Vec<(String, Dictionary)>,
    /// Terms that nothing changes.
    pub(crate) protected: Entries,
    /// The dictionary of a house style, behind all others. A target has it in its engine.
    pub(crate) style: Option<Dictionary>,
    /// Folders to look for dictionary files in, before the built-in dictionaries. None for a built-in configuration.
    pub(crate) folders: Vec<PathBuf>,
}

/// A configuration whose dictionaries are being looked up.
struct Finder<'r> {
    resolver: &'r Resolver,
    loaded: HashMap<PathBuf, Dictionary>,
    replaced: Vec<bool>,
    /// The names of the dictionaries that the configuration uses, for messages.
    names: Vec<String>,
}

impl Finder<'_> {
    /// A replacement, a file, or a built-in dictionary: the first there is.
    fn find(&mut self, reference: Reference<'_>) -> Result<Dictionary, Error> {
        let name = reference.name();
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        if let Some(index) = self.resolver.replacements.iter().position(|(replaced, _)| replaced == name) {
            self.replaced[index] = true;
            return Ok(self.resolver.replacements[index].1.clone());
        }
        // Upstream's binary dictionaries are made from text ones, which lie beside them or are built in.
        let path = Path::new(reference.file);
        let path = if reference.format == "text" { path.to_owned() } else { path.with_extension("txt") };
        if path.is_absolute() {
            return self.load(&path);
        }
        for folder in &self.resolver.folders {
            let path = folder.join(&path);
            if path.is_file() {
                return self.load(&path);
            }
        }
        // A file in a folder is that file, and not what is built in under the same name.
        let builtin = if path.components().count() == 1 { data::builtin(name) } else { None };
        builtin.ok_or_else(|| self.not_found(reference))
    }

    fn load(&mut self, path: &Path) -> Result<Dictionary, Error> {
        if let Some(dictionary) = self.loaded.get(path) {
            return Ok(dictionary.clone());
        }
        // To read a pipe would wait, and a configuration does not say that it names one.
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Error::new(ErrorKind::Config, format!("the dictionary {} is no regular file", path.display())));
        }
        let dictionary = Dictionary::from_path(path)?;
        self.loaded.insert(path.to_owned(), dictionary.clone());
        Ok(dictionary)
    }

    fn not_found(&self, Reference { file, format }: Reference<'_>) -> Error {
        let folders = self.resolver.folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>();
        let mut message = format!("no dictionary '{file}': it is not built in");
        if !folders.is_empty() {
            message += &format!(", nor a file in {}", folders.join(", "));
        }
        if format != "text" {
            message += &format!(" (the binary format {format} is not read; a text dictionary beside it would be)");
        }
        Error::new(ErrorKind::NotFound, message)
    }

    fn check_replacements(&self) -> Result<(), Error> {
        let Some(unused) = self.replaced.iter().position(|&replaced| !replaced) else {
            return Ok(());
        };
        let name = &self.resolver.replacements[unused].0;
        let names = self.names.join(", ");
        let message = if self.names.contains(name) {
            format!("the dictionary '{name}' is replaced twice")
        } else {
            let switch = if self.resolver.tofu_risk { "" } else { " without the tofu-risk dictionaries" };
            format!("no dictionary '{name}' to replace: the configuration uses {names}{switch}")
        };
        Err(Error::new(ErrorKind::NotFound, message))
    }
}

/// How many times as long as the text the output may become. Forty stages that double a character would fill any
/// memory with a text of one character.
const MOST_GROWTH: u64 = 1 << 20;

/// An error for stages that together may make a text longer than that.
fn check_growth(stages: &[StageKind]) -> Result<(), Error> {
    let mut growth: u64 = 1;
    for (number, stage) in stages.iter().enumerate() {
        // Own words at segmentation leave the conversion: what they put out does not grow again.
        let (StageKind::Normalize(group) | StageKind::Convert(group)) = stage else { continue };
        growth = growth.saturating_mul(group.growth());
        if growth > MOST_GROWTH {
            let names: Vec<_> = group.dictionaries().iter().map(|dictionary| dictionary.name()).collect();
            let message = format!(
                "stage {} ({}): with the stages before it, it could make a text {growth} times as long; at most \
                 {MOST_GROWTH} times is allowed",
                number + 1,
                names.join(", ")
            );
            return Err(Error::new(ErrorKind::Config, message));
        }
    }
    Ok(())
}

/// The stages of a configuration, from the top. `checks_growth` is for those that are not built in.
fn stages(config: &fanjian_dictionary::Config, resolver: &Resolver, checks_growth: bool) -> Result<Vec<Stage>, Error> {
    let mut finder = Finder {
        resolver,
        loaded: HashMap::new(),
        replaced: vec![false; resolver.replacements.len()],
        names: Vec::new(),
    };
    let plan = config.plan(resolver.tofu_risk, &mut |reference| finder.find(reference))?;
    finder.check_replacements()?;

    let mut user = user(resolver);
    let mut stages: Vec<StageKind> = protect(resolver)?.into_iter().collect();
    stages.extend(plan.normalization.into_iter().map(StageKind::Normalize));
    let segmentation = match (plan.segmentation, plan.chain.first()) {
        // What leaves the conversion at segmentation has no house style. To cut by the dictionaries of a lone stage changes
        // nothing else.
        (None, Some(group)) if plan.chain.len() == 1 && user.is_some() && resolver.style.is_some() => {
            Some(group.clone())
        }
        (segmentation, _) => segmentation,
    };
    stages.extend(segmentation.map(|dictionaries| StageKind::Segment { user: user.take(), dictionaries }));
    for group in plan.chain {
        // Where nothing is cut into segments, the user's own dictionaries come first at the first stage: of entries as long.
        stages.push(StageKind::Convert(match user.take() {
            Some(user) => Group::Union(vec![user, group]),
            None => group,
        }));
    }
    stages.extend(user.map(StageKind::Convert));
    stages.extend(resolver.style.clone().map(|style| StageKind::Convert(Group::Dictionary(style))));
    if checks_growth {
        check_growth(&stages)?;
    }
    Ok(stages.into_iter().map(Stage::new).collect())
}

/// Where a configuration is to be found.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Found(Found),
    /// What OpenCC's command takes: a path, or a name with or without `.json`.
    Name(String),
}

/// Where a configuration is.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Builtin(Config),
    /// A file, in whose folder its dictionaries are looked for first.
    File(PathBuf),
    /// The text of a file, which has no folder.
    Text(String),
}

impl Found {
    /// Reads the configuration and returns its place; completes `folders` with those that belong to it.
    fn read(&self, folders: &mut Vec<PathBuf>) -> Result<(fanjian_dictionary::Config, String), Error> {
        let (text, place) = match self {
            Found::Builtin(config) => {
                folders.clear();
                (config.json().to_owned(), config.name().to_owned())
            }
            Found::Text(text) => (text.clone(), "configuration".to_owned()),
            Found::File(path) => {
                let place = path.display().to_string();
                let text = read_file(path)?;
                let not_utf8 = |error: FromUtf8Error| Error::invalid_utf8(error.as_bytes(), 0).at_path(path);
                let text = String::from_utf8(text).map_err(not_utf8)?;
                // As upstream: the file's own folder, the working folder, then those that were asked for.
                let own = path.parent().map(Path::to_owned).unwrap_or_default();
                folders.splice(0..0, [own, PathBuf::from(".")]);
                (text, place)
            }
        };
        let file = fanjian_dictionary::Config::parse(&text).map_err(|error| error.at(&place))?;
        Ok((file, place))
    }
}

impl Source {
    /// What a name means: a file of this path, one of this name in a folder, or a built-in configuration, the first
    /// there is.
    pub(crate) fn find(&self, folders: &[PathBuf]) -> Result<Found, Error> {
        let name = match self {
            Source::Found(found) => return Ok(found.clone()),
            Source::Name(name) => name,
        };
        let path = Path::new(name);
        let is_path = path.components().count() > 1 || path.extension().is_some_and(|extension| extension == "json");
        if is_path && path.is_file() {
            return Ok(Found::File(path.to_owned()));
        }
        for folder in folders {
            for path in [folder.join(name), folder.join(format!("{name}.json"))] {
                if path.is_file() {
                    return Ok(Found::File(path));
                }
            }
        }
        if let Ok(config) = name.strip_suffix(".json").unwrap_or(name).parse() {
            return Ok(Found::Builtin(config));
        }
        if path.is_file() {
            return Ok(Found::File(path.to_owned()));
        }
        let known = Config::ALL.iter().map(|config| config.name()).collect::<Vec<_>>().join(", ");
        let mut places = vec!["no such file".to_owned()];
        places.extend(folders.iter().map(|folder| format!("nor in {}", folder.display())));
        let message = format!("no configuration '{name}': {}; the built-in ones are {known}", places.join(", "));
        Err(Error::new(ErrorKind::NotFound, message))
    }
}

/// Resolves a target: before it come the protected terms. The user's own dictionaries are the last stage, whose words the
/// target itself looks for.
#[cfg(feature = "targets")]
pub(crate) fn target(plan: TargetPlan, resolver: &Resolver) -> Result<Resolved, Error> {
    if let Some((name, _)) = resolver.replacements.first() {
        let message =
            format!("no dictionary '{name}' to replace: the target {} uses none by name", plan.engine.target());
        return Err(Error::new(ErrorKind::NotFound, message));
    }
    let mut stages: Vec<StageKind> = protect(resolver)?.into_iter().collect();
    let none = Group::ShortCircuit(Vec::new());
    stages.extend(user(resolver).map(|user| StageKind::Segment { user: Some(user), dictionaries: none }));
    let stages: Vec<Stage> = stages.into_iter().map(Stage::new).collect();
    Ok(Resolved { stages: stages.into(), plan: ConversionPlan::Target(plan) })
}

fn protect(resolver: &Resolver) -> Result<Option<StageKind>, Error> {
    if resolver.protected.is_empty() {
        return Ok(None);
    }
    let dictionary = Dictionary::from_entries("protected", &resolver.protected)?;
    Ok(Some(StageKind::Protect(Group::Dictionary(dictionary))))
}

/// The user's own dictionaries.
fn user(resolver: &Resolver) -> Option<Group> {
    let user: Vec<Group> = resolver.user.iter().cloned().map(Group::Dictionary).collect();
    (!user.is_empty()).then_some(Group::ShortCircuit(user))
}

/// Resolves the configuration from `source`.
pub(crate) fn build(source: &Source, resolver: &Resolver) -> Result<Resolved, Error> {
    let mut resolver = resolver.clone();
    let found = source.find(&resolver.folders)?;
    let is_plain = resolver.user.is_empty()
        && resolver.replacements.is_empty()
        && resolver.protected.is_empty()
        && resolver.style.is_none();
    if let Found::Builtin(config) = found
        && is_plain
    {
        return Ok(plain(config, resolver.tofu_risk));
    }
    let (config, place) = found.read(&mut resolver.folders)?;
    let checks_growth = !matches!(found, Found::Builtin(_)) || !resolver.replacements.is_empty();
    let stages = stages(&config, &resolver, checks_growth).map_err(|error| match error.kind() {
        ErrorKind::Config | ErrorKind::NotFound => error.at(place),
        // The others are about a dictionary's file, and name it.
        _ => error,
    })?;
    Ok(Resolved { stages: stages.into(), plan: ConversionPlan::Config(None) })
}

/// A built-in configuration as it is. Costs next to nothing.
pub(crate) fn plain(config: Config, tofu_risk: bool) -> Resolved {
    static STAGES: [OnceLock<Vec<Stage>>; 2 * VARIANTS] = [const { OnceLock::new() }; 2 * VARIANTS];
    let number = config.variant(tofu_risk) + if data::has_dictionaries() { 0 } else { VARIANTS };
    let stages = Stages::Lazy(&STAGES[number], (builtin, number));
    Resolved { stages, plan: ConversionPlan::Config(data::tables(config, tofu_risk)) }
}

/// The stages of the built-in configuration of this [number](Config::variant); from its tables, if that is higher than
/// those of all configurations.
fn builtin(number: usize) -> Vec<Stage> {
    let config = Config::ALL[number % VARIANTS / 2];
    if number >= VARIANTS || cfg!(feature = "tables-alone") {
        return data::stages_of_tables(config);
    }
    let resolver = Resolver { tofu_risk: number % 2 == 1, ..Resolver::default() };
    let stages = fanjian_dictionary::Config::parse(config.json()).and_then(|config| stages(&config, &resolver, false));
    stages.expect("the built-in configurations name built-in dictionaries")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(values: &[&str]) -> Result<crate::Converter, Error> {
        let stage = |value: &&str| format!(r#"{{"dict": {{"type": "inline", "entries": {{"a": "{value}"}}}}}}"#);
        let stages: Vec<_> = values.iter().map(stage).collect();
        let json = format!(r#"{{"conversion_chain": [{}]}}"#, stages.join(","));
        crate::Converter::builder().config_json(json).build()
    }

    /// 64 stages that double a character used to take memory without limit.
    #[test]
    fn stages_that_let_a_text_grow_without_limit_are_an_error() {
        assert_eq!(chain(&["aa"; 10]).unwrap().convert("a").len(), 1024);
        assert_eq!(chain(&["b"; 64]).unwrap().convert("a"), "b");
        assert!(chain(&["aa"; 20]).is_ok());
        let error = chain(&["aa"; 64]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let message = error.to_string();
        assert!(message.contains("stage 21 (conversion_chain[20].dict (inline))"), "{message}");
        assert!(message.contains("could make a text 2097152 times as long"), "{message}");
        assert!(chain(&["a".repeat(2000).as_str(); 2]).is_err());
    }

    #[test]
    fn shipped_configurations_grow_little() {
        for &config in Config::ALL {
            for tofu_risk in [false, true] {
                let builder = crate::Converter::builder().config_json(config.json()).tofu_risk(tofu_risk);
                assert!(builder.build().is_ok(), "{config}");
            }
        }
    }
}

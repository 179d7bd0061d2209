//! Resolution of a configuration as written, or of a target, to the stages and tables that the engine runs.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    string::FromUtf8Error,
    sync::OnceLock,
};

use fanjian_dictionary::{Dictionary, Entries, Group, Plan, Reference, read_file};
use fanjian_engine::{Deferred, FastTables, Overlay, Stage, StageKind, Stages};

#[cfg(feature = "targets")]
use crate::target::TargetPlan;
use crate::{
    Config, Dictionaries, Error, ErrorKind,
    config::VARIANTS,
    conversion::{ConversionPlan, Resolved},
    data, release,
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
    /// Takes the place of the built-in dictionaries and configurations.
    pub(crate) release: Option<Dictionaries>,
    /// Folders to look for dictionary files in, before the built-in dictionaries. None for a built-in configuration.
    pub(crate) folders: Vec<PathBuf>,
}

impl Resolver {
    fn builtin(&self, name: &str) -> Option<Dictionary> {
        match &self.release {
            Some(release) => release.dictionary(name),
            None => data::builtin(name),
        }
    }
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
        let named = Path::new(reference.file);
        if let Some(path) = self.file(reference) {
            return self.load(&path);
        }
        // A file in a folder is that file, and not what is built in under the same name.
        let builtin = if named.components().count() == 1 { self.resolver.builtin(name) } else { None };
        builtin.ok_or_else(|| self.not_found(reference))
    }

    /// The file that a configuration names, in any format; or where one in a binary format is missing, the text beside it.
    fn file(&self, reference: Reference<'_>) -> Option<PathBuf> {
        let named = Path::new(reference.file);
        let text = (reference.format != "text").then(|| named.with_extension("txt"));
        if named.is_absolute() {
            return Some(text.filter(|text| !named.exists() && text.exists()).unwrap_or_else(|| named.to_owned()));
        }
        let mut folders = self.resolver.folders.iter();
        folders.find_map(|folder| {
            let mut names = [Some(named), text.as_deref()].into_iter().flatten();
            names.find_map(|name| Some(folder.join(name)).filter(|path| path.is_file()))
        })
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

    fn not_found(&self, Reference { file, .. }: Reference<'_>) -> Error {
        let folders = self.resolver.folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>();
        let mut message = match &self.resolver.release {
            Some(release) => format!("no dictionary '{file}': it is not in '{}'", release.name()),
            None => format!("no dictionary '{file}': it is not built in"),
        };
        if !folders.is_empty() {
            message += &format!(", nor a file in {}", folders.join(", "));
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

/// The dictionaries of a configuration, looked up.
fn plan(config: &fanjian_dictionary::Config, resolver: &Resolver) -> Result<Plan, Error> {
    let mut finder = Finder {
        resolver,
        loaded: HashMap::new(),
        replaced: vec![false; resolver.replacements.len()],
        names: Vec::new(),
    };
    let plan = config.plan(resolver.tofu_risk, &mut |reference| finder.find(reference))?;
    finder.check_replacements()?;
    Ok(plan)
}

/// The stages of the plan of a configuration as it is. What they make of a text is not limited, which takes a look at all entries:
/// see [`check_growth`].
pub(crate) fn plain_stages(plan: Plan) -> Vec<Stage> {
    stages(plan, &Words::default(), None).into_iter().map(Stage::new).collect()
}

/// The stages of a configuration, from the top: with protected terms, own words and a house style.
fn stages(plan: Plan, words: &Words, style: Option<&Dictionary>) -> Vec<StageKind> {
    let mut user = words.own.clone();
    let mut stages: Vec<StageKind> = words.protected.clone().map(StageKind::Protect).into_iter().collect();
    let segmentation = segmentation(&plan, user.is_some(), style);
    stages.extend(plan.normalization.into_iter().map(StageKind::Normalize));
    stages.extend(segmentation.map(|dictionaries| StageKind::Segment { user: user.take(), dictionaries }));
    for group in plan.chain {
        // Where nothing is cut into segments, the user's own dictionaries come first at the first stage: of entries as long.
        stages.push(StageKind::Convert(match user.take() {
            Some(user) => Group::Union(vec![user, group]),
            None => group,
        }));
    }
    stages.extend(user.map(StageKind::Convert));
    stages.extend(style.cloned().map(|style| StageKind::Convert(Group::Dictionary(style))));
    stages
}

/// The tables of the built-in configuration that does the same, if one does.
fn builtin_tables(plan: &Plan) -> Option<&'static FastTables> {
    let variants = Config::ALL.iter().flat_map(|&config| [(config, false), (config, true)]);
    let mut same = variants
        .filter(|&(config, tofu_risk)| builtin_plan(config, tofu_risk).is_ok_and(|builtin| plan.converts_as(&builtin)));
    same.next().and_then(|(config, tofu_risk)| data::tables(config, tofu_risk))
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
    /// Reads the configuration and returns its place; completes the resolver's folders with those that belong to it.
    fn read(&self, resolver: &mut Resolver) -> Result<(fanjian_dictionary::Config, String), Error> {
        let folders = &mut resolver.folders;
        let (text, place) = match self {
            Found::Builtin(config) => {
                folders.clear();
                let json = match &resolver.release {
                    Some(release) => release.json(*config)?,
                    None => config.json(),
                };
                (json.to_owned(), config.name().to_owned())
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
    let Words { protected, own } = Words::new(resolver)?;
    let mut stages: Vec<StageKind> = protected.map(StageKind::Protect).into_iter().collect();
    let none = Group::ShortCircuit(Vec::new());
    stages.extend(own.map(|own| StageKind::Segment { user: Some(own), dictionaries: none }));
    let stages: Vec<Stage> = stages.into_iter().map(Stage::new).collect();
    // Now, rather than with the first text.
    stages.iter().for_each(|stage| _ = stage.own_words());
    Ok(Resolved { stages: stages.into(), plan: ConversionPlan::Target(plan) })
}

/// A user's own words and protected terms.
#[derive(Default)]
struct Words {
    protected: Option<Group>,
    own: Option<Group>,
}

impl Words {
    fn new(resolver: &Resolver) -> Result<Words, Error> {
        let protected = match resolver.protected.is_empty() {
            true => None,
            false => Some(Group::Dictionary(Dictionary::from_entries("protected", &resolver.protected)?)),
        };
        let own: Vec<Group> = resolver.user.iter().cloned().map(Group::Dictionary).collect();
        Ok(Words { protected, own: (!own.is_empty()).then_some(Group::ShortCircuit(own)) })
    }
}

/// Resolves the configuration from `source`.
pub(crate) fn build(source: &Source, resolver: &Resolver) -> Result<Resolved, Error> {
    let mut resolver = resolver.clone();
    let found = source.find(&resolver.folders)?;
    let builtin = match found {
        Found::Builtin(config) if resolver.replacements.is_empty() => Some(config),
        _ => None,
    };
    let has_words = !resolver.user.is_empty() || !resolver.protected.is_empty();
    if let Some(config) = builtin
        && !has_words
        && resolver.style.is_none()
    {
        return match &resolver.release {
            Some(release) => of_release(release, config, resolver.tofu_risk),
            None => Ok(plain(config, resolver.tofu_risk)),
        };
    }
    let (config, place) = found.read(&mut resolver)?;
    let at_place = |error: Error| match error.kind() {
        ErrorKind::Config | ErrorKind::NotFound => error.at(&place),
        // The others are about a dictionary's file, and name it.
        _ => error,
    };
    let plan = plan(&config, &resolver).map_err(at_place)?;
    let tables = match (builtin, &resolver.release) {
        (Some(config), Some(release)) => of_release(release, config, resolver.tofu_risk)?.plan.tables(),
        (Some(config), None) => data::tables(config, resolver.tofu_risk),
        (None, _) => builtin_tables(&plan),
    };
    let words = Words::new(&resolver)?;
    // With a second stage and no segmentation, own words are input of that.
    let leave = words.own.is_none() || plan.segmentation.is_some() || plan.chain.len() <= 1;
    let to_make = plan_of_tables(&plan, &words, resolver.style.as_ref()).filter(|_| leave);
    let stages = stages(plan, &words, resolver.style.as_ref());
    if tables.is_none() {
        check_growth(&stages).map_err(at_place)?;
    }
    let stages: Vec<Stage> = stages.into_iter().map(Stage::new).collect();
    // No built-in table knows a house style.
    let tables = tables.filter(|_| resolver.style.is_none());
    let overlay = tables
        .filter(|_| has_words && leave)
        .and_then(|tables| Overlay::new(tables, words.protected.as_ref(), words.own.as_ref()));
    let stages = match (overlay, to_make) {
        (Some(overlay), _) => Stages::Overlaid(stages.into(), overlay.into()),
        (None, Some(plan)) if tables.is_none() => {
            Stages::Deferred(stages.into(), Deferred::new(plan, words.protected, words.own).into())
        }
        _ => stages.into(),
    };
    Ok(Resolved { stages, plan: ConversionPlan::Config(tables.filter(|_| !has_words)) })
}

/// The plan that tables are made of at run time, with a house style as its last stage. None where none are: without the
/// dictionaries, or for a house style alone.
fn plan_of_tables(plan: &Plan, words: &Words, style: Option<&Dictionary>) -> Option<Plan> {
    if cfg!(feature = "tables-alone") || plan.chain.is_empty() && style.is_some() {
        return None;
    }
    let mut plan = plan.clone();
    plan.segmentation = segmentation(&plan, words.own.is_some(), style);
    plan.chain.extend(style.cloned().map(Group::Dictionary));
    Some(plan)
}

/// What cuts a text into segments. What leaves the conversion there has no house style, and to cut by the dictionaries of a lone
/// stage changes nothing else.
fn segmentation(plan: &Plan, has_own: bool, style: Option<&Dictionary>) -> Option<Group> {
    let by_stage = || plan.chain.first().filter(|_| plan.chain.len() == 1 && has_own && style.is_some()).cloned();
    plan.segmentation.clone().or_else(by_stage)
}

/// A configuration of a release as it is. The first time, its tables take up to a tenth of a second to make, unless they are those of
/// a built-in one.
fn of_release(release: &Dictionaries, config: Config, tofu_risk: bool) -> Result<Resolved, Error> {
    let known = release.resolved(config, tofu_risk);
    if let Some(known) = known.get() {
        return Ok(known.clone());
    }
    let plan = release.plan(config, tofu_risk)?;
    let stages = stages(plan.clone(), &Words::default(), None);
    check_growth(&stages).map_err(|error| error.at(format!("{}, {config}", release.name())))?;
    let tables = match builtin_tables(&plan) {
        Some(tables) => Some(tables),
        None => release::tables(plan)?,
    };
    let stages: Vec<Stage> = stages.into_iter().map(Stage::new).collect();
    let resolved = Resolved { stages: stages.into(), plan: ConversionPlan::Config(tables) };
    Ok(known.get_or_init(|| resolved).clone())
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
        return data::plan_of_tables(config).map(plain_stages).unwrap_or_default();
    }
    plain_stages(builtin_plan(config, number % 2 == 1).expect("the built-in configurations name built-in dictionaries"))
}

/// The dictionaries of a built-in configuration. An error where these are not part of the program, and were not given to it.
fn builtin_plan(config: Config, tofu_risk: bool) -> Result<Plan, Error> {
    let resolver = Resolver { tofu_risk, ..Resolver::default() };
    fanjian_dictionary::Config::parse(config.json()).and_then(|config| plan(&config, &resolver))
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

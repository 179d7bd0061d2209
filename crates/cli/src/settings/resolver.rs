//! Settings of each file: the command line, and the `fanjian.toml` in the folder of the file or above it.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use fanjian::{Config, Converter, ConverterBuilder, Dictionary, Target};
use fanjian_dictionary::read_file;
use fanjian_documents::{Languages, Options};
use regex::bytes::Regex;

use crate::{
    error::Failure,
    io::encodings::{self, FromEncoding},
    messages::{message, translatable},
    print,
    settings::{
        config_file::ConfigFile,
        converter::{self, DEFAULT_CONFIG},
        decisions,
        project::{self, Found},
        project_file::{Chosen, ProjectFile, ProjectFiles},
        regular,
    },
    text::{
        cleaner::Cleaning,
        decisions::{Decisions, FileDecisions},
        protected::Rules,
        transform::TextOptions,
    },
};

/// The settings of the files of one folder.
#[derive(Clone, Debug)]
pub(crate) struct FileSettings {
    pub(crate) text: TextOptions,
    pub(crate) from: Option<FromEncoding>,
    /// The languages of the conversion, by which names of files and documents are changed.
    pub(crate) languages: Languages,
    /// The configuration by which is converted, if it is a built-in one.
    built_in: Option<Config>,
    /// Of files in folders, those with these extensions are taken. Empty: all.
    pub(crate) extensions: Vec<String>,
    /// Whether a configuration or a target is named, rather than the default.
    pub(crate) is_named: bool,
    /// Whether the file that they are from has settings for some of its files alone.
    pub(crate) is_of_override: bool,
    /// The name of the configuration, for messages.
    pub(crate) config: String,
    /// The name of the release that its dictionaries are of, if they are not the built-in ones.
    pub(crate) dictionaries: Option<String>,
    /// The files that the conversion is made by, as far as they are there.
    pub(crate) made_by: Vec<PathBuf>,
    /// All of that, in the form of `fanjian.toml`.
    pub(crate) effective: ConfigFile,
}

impl FileSettings {
    /// Whether none of the overrides of its `fanjian.toml` is for this file, and nothing else says what it is converted to.
    pub(crate) fn lacks_target(&self) -> bool {
        self.is_of_override && !self.is_named
    }

    /// Whether the script of a text is decided by the text: to a target, if nothing is said of it.
    pub(crate) fn decides_script(&self) -> bool {
        self.effective.to.is_some() && self.effective.from.is_none()
    }

    /// Whether what changes becomes Traditional: not known of a configuration that is a file.
    pub(crate) fn is_to_traditional(&self) -> bool {
        match self.effective.to {
            Some(target) => target != Target::Simplified,
            None => {
                matches!(self.built_in, Some(Config::S2t | Config::S2tw | Config::S2twp | Config::S2hk | Config::S2hkp))
            }
        }
    }
}

/// The part of the command line that settings of files depend on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    pub(crate) given: ConfigFile,
    /// Whether each `fanjian.toml` is ignored.
    pub(crate) isolated: bool,
    /// The file that is read in place of each `fanjian.toml`.
    pub(crate) settings: Option<PathBuf>,
    /// Whether marks count if nothing else is said.
    pub(crate) marks: bool,
    /// More folders with configurations and dictionaries.
    pub(crate) search: Vec<PathBuf>,
    pub(crate) cleaning: Option<Cleaning>,
    /// The decisions of a person about the texts.
    pub(crate) decisions: Option<Arc<Decisions>>,
    /// Whether a file has to have a target or a configuration: a single input has OpenCC's default.
    pub(crate) requires_choice: bool,
}

/// The folders that need not be searched, as `fanjian.toml` leaves out all files in them.
#[derive(Debug)]
pub(crate) struct ExcludedFolders(Mutex<SettingsResolver>);

impl ExcludedFolders {
    /// What is wrong with a `fanjian.toml` is an error of the files in the folder.
    pub(crate) fn has(&self, folder: &Path) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).excludes_folder(folder).unwrap_or(false)
    }
}

/// Finds the settings of each file, and reads each `fanjian.toml` once.
#[derive(Debug)]
pub(crate) struct SettingsResolver {
    flags: Flags,
    /// The file of each folder.
    folders: HashMap<PathBuf, Option<PathBuf>>,
    files: ProjectFiles,
    /// The settings by each file, and by the overrides in it.
    known: HashMap<(Option<PathBuf>, Chosen), Arc<FileSettings>>,
}

impl SettingsResolver {
    pub(crate) fn new(flags: Flags) -> SettingsResolver {
        SettingsResolver { flags, folders: HashMap::new(), files: ProjectFiles::default(), known: HashMap::new() }
    }

    /// The settings of a file. None: those of standard input.
    pub(crate) fn find(&mut self, path: Option<&Path>) -> Result<Arc<FileSettings>, Failure> {
        let file = self.file(path)?;
        let project = file.as_deref().map(|file| self.files.read(file)).transpose()?;
        let chosen = project.as_ref().map_or_else(Vec::new, |project| project.chosen(path));
        let key = (file, chosen);
        let settings = match self.known.get(&key) {
            Some(known) => Arc::clone(known),
            None => {
                let settings = Arc::new(self.flags.build(self.effective(project.as_deref(), &key.1, path)?)?);
                self.known.insert(key, Arc::clone(&settings));
                settings
            }
        };
        // One that no override is for is left out.
        match path.filter(|_| self.flags.requires_choice && !settings.is_named && !settings.lacks_target()) {
            Some(_) => Err(Failure::usage(NO_CHOICE)),
            None => Ok(settings),
        }
    }

    /// Whether the `fanjian.toml` of a file leaves it out.
    pub(crate) fn excludes(&mut self, path: &Path) -> Result<bool, Failure> {
        let Some(file) = self.file(Some(path))? else { return Ok(false) };
        Ok(self.files.read(&file)?.excludes(path))
    }

    /// What leaves out whole folders, apart from these settings.
    pub(crate) fn excluded_folders(&self) -> ExcludedFolders {
        ExcludedFolders(Mutex::new(SettingsResolver::new(self.flags.clone())))
    }

    /// Whether the `fanjian.toml` of a folder leaves out all that is in it.
    fn excludes_folder(&mut self, folder: &Path) -> Result<bool, Failure> {
        let Some(file) = self.file(Some(folder))? else { return Ok(false) };
        Ok(self.files.read(&file)?.excludes_folder(folder))
    }

    /// The settings of a file, in the form of `fanjian.toml`.
    pub(crate) fn show(&mut self, path: &Path) -> Result<String, Failure> {
        let settings = self.find(Some(path))?;
        let mut effective = settings.effective.clone();
        effective.marks.get_or_insert(self.flags.marks);
        let origin = match self.file(Some(path))? {
            Some(file) => format!("{} and the command line", print::name(file)),
            None => "the command line".to_owned(),
        };
        let text = toml::to_string(&effective)
            .map_err(|error| Failure::Failed(format!("cannot write the settings as TOML: {error}")))?;
        Ok(format!("# for {}, from {origin}\n{text}", print::name(path)))
    }

    /// The file of the command line; otherwise the `fanjian.toml` in the folder of a file, or in the nearest one above it.
    fn file(&mut self, path: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
        if self.flags.settings.is_some() {
            return Ok(self.flags.settings.clone());
        }
        let Some(path) = path.filter(|_| !self.flags.isolated) else { return Ok(None) };
        let folder = project::folder_of(path).map_err(|error| Failure::io("find", print::name(path), &error))?;
        if let Some(known) = self.folders.get(&folder) {
            return Ok(known.clone());
        }
        let found = match project::find(&folder) {
            Found::Nothing => None,
            Found::File(file) => {
                regular::check_regular(&file).map_err(Failure::Usage)?;
                Some(file)
            }
            Found::Untrusted(file, owner) => {
                let name = print::name(&file);
                return Err(Failure::Usage(message!(
                    "{name} belongs to another user (number {owner}), and was not read: --settings {name} reads it, \
                     --isolated goes without it",
                    name,
                    owner
                )));
            }
        };
        self.folders.insert(folder, found.clone());
        Ok(found)
    }

    fn effective(
        &self,
        project: Option<&ProjectFile>,
        chosen: &[usize],
        path: Option<&Path>,
    ) -> Result<ConfigFile, Failure> {
        let given = &self.flags.given;
        let project = project.map_or(Ok(ConfigFile::default()), |project| project.with(chosen))?;
        let effective = match &self.flags.decisions {
            Some(decisions) => {
                let with_options = decisions::with_options(decisions, given)?;
                if given.to.is_none() {
                    decisions::check(decisions, &project, path)?;
                }
                project.overlaid_by(&with_options)
            }
            None => project.overlaid_by(given),
        };
        if effective.to.is_none() {
            converter::check_target_options(given.from.is_some(), given.vocabulary.is_some())?;
        }
        converter::check_kept_words(&effective.keep_words, effective.vocabulary)?;
        converter::check_preferred(&effective.prefer)?;
        Ok(effective)
    }
}

impl Flags {
    fn build(&self, effective: ConfigFile) -> Result<FileSettings, Failure> {
        if let (Some(to), Some(replacement)) = (effective.to_encoding, &effective.replacement)
            && encodings::encoded(to, replacement).is_none()
        {
            return Err(Failure::Usage(message!(
                "the replacement '{replacement}' cannot be written as {to} either",
                replacement,
                to
            )));
        }
        let config = effective.config.clone().unwrap_or_else(|| DEFAULT_CONFIG.to_owned());
        let patterns = effective.protect_regex.iter().map(|regex| {
            Regex::new(regex).map_err(|error| Failure::Usage(format!("protect-regex = '{regex}': {error}")))
        });
        let rules =
            Rules { patterns: patterns.collect::<Result<_, _>>()?, has_marks: effective.marks.unwrap_or(self.marks) };
        let (builder, dictionaries) = self.builder(&effective, &config)?;
        let failure = |error| converter::failure(&config, error);
        // Where texts are cleaned, nothing is converted without a target.
        let built_in = builder.find_config().map_err(failure)?.filter(|_| self.cleaning.is_none());
        let languages = match effective.to {
            Some(target) => Languages::to_target(target, effective.from),
            // Those of a configuration that is a file are not known.
            None => built_in.map_or_else(Languages::default, Languages::of_config),
        };
        let converter = builder.build().map_err(failure)?;
        let cleaning = self.cleaning.clone().map(|mut cleaning| {
            cleaning.options.converter = effective.to.is_some().then(|| converter.clone());
            Arc::new(cleaning)
        });
        let rules = Arc::new(rules);
        let text = TextOptions {
            documents: documents(&effective, &languages, &converter, &rules),
            document: effective.format,
            converter,
            cleaning,
            rules,
            invalid: effective.invalid_utf8.unwrap_or_default(),
            to: effective.to_encoding,
            replacement: effective.replacement.clone(),
            decisions: self.decisions.clone().map(FileDecisions::new),
        };
        Ok(FileSettings {
            text,
            from: effective.from_encoding,
            languages,
            built_in,
            extensions: effective.extension.clone(),
            is_of_override: !effective.overrides.is_empty(),
            is_named: effective.config.is_some() || effective.to.is_some(),
            made_by: self.made_by(&effective, &config),
            config,
            dictionaries,
            effective,
        })
    }

    fn made_by(&self, effective: &ConfigFile, config: &str) -> Vec<PathBuf> {
        let mut files = [&effective.dict[..], &effective.protect].concat();
        files.extend(effective.dictionaries.as_ref().map(|release| release.path().to_owned()));
        if effective.to.is_none() {
            let folders: Vec<_> = effective.folder.iter().chain(&self.search).cloned().collect();
            files.extend(converter::files_of(config, &folders));
        }
        files.retain(|file| file.is_file());
        files
    }

    /// What makes the converter, and the name of the release that its dictionaries are of.
    fn builder(&self, effective: &ConfigFile, config: &str) -> Result<(ConverterBuilder, Option<String>), Failure> {
        let target = effective.to.map(|to| (to, effective.vocabulary, effective.from));
        let mut builder = converter::base(target, config).tofu_risk(effective.tofu_risk.unwrap_or(false));
        builder = builder.punctuation(effective.punctuation.unwrap_or_default());
        builder = builder.keep_words(effective.keep_words.iter().copied());
        builder = builder.prefer(effective.prefer.iter().copied());
        builder = builder.dictionary_in_both_scripts(effective.dict_both_scripts.unwrap_or(false));
        builder = converter::search(builder, effective.folder.iter().chain(&self.search));
        for path in &effective.dict {
            builder = builder.dictionary(Dictionary::from_path(path)?);
        }
        for path in &effective.protect {
            builder = builder.protect(terms(path)?);
        }
        converter::pinned(builder, effective.dictionaries.as_ref())
    }
}

/// The message for a file whose target nobody has named.
const NO_CHOICE: &str = translatable(
    "files need a target: neither --to nor --config is given, nor is there one in a fanjian.toml\n\n  \
                         tip: fanjian --to zh-TW file.txt, or zh-HK or zh-CN in its place",
);

/// How documents are converted.
fn documents(effective: &ConfigFile, languages: &Languages, converter: &Converter, rules: &Arc<Rules>) -> Options {
    let mut options = Options::new(converter.clone())
        .languages(languages.clone())
        .code(effective.code.unwrap_or(false))
        .without_styles(&effective.without_styles)
        .marks(rules.has_marks);
    if let Some(from) = effective.from_encoding {
        options = options.find_encoding(move |bytes| encodings::label(bytes, from));
    }
    if rules.patterns.is_empty() {
        return options;
    }
    let rules = Arc::clone(rules);
    options.protect(move |text| rules.matches_in_text(text))
}

/// The terms in a file, one on each line, without spaces around them. Lines that begin with `#` are comments, as in
/// dictionaries; `\#` is the `#` that begins a term.
fn terms(path: &Path) -> Result<Vec<String>, Failure> {
    let bytes = read_file(path)?;
    let text = str::from_utf8(&bytes).map_err(|_| Failure::Failed(format!("{}: not UTF-8", print::name(path))))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let terms = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(terms
        .map(|term| term.strip_prefix('\\').filter(|rest| rest.starts_with('#')).unwrap_or(term).to_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::settings::config_file::CONFIG_FILE_NAME;

    #[test]
    fn the_nearest_file_counts_and_the_command_line_before_it() {
        let tree = tempfile::tempdir().unwrap();
        let path = |name: &str| tree.path().join(name);
        fs::create_dir_all(path("a/b")).unwrap();
        fs::write(path(CONFIG_FILE_NAME), "config = \"s2tw\"\nextension = [\"md\"]").unwrap();
        fs::write(path("a").join(CONFIG_FILE_NAME), "config = \"t2s\"").unwrap();
        let convert = |flags: Flags, file: &str| {
            let settings = SettingsResolver::new(flags).find(Some(&path(file))).unwrap();
            settings.text.converter.convert("里髮").into_owned()
        };
        assert_eq!(convert(Flags::default(), "x.txt"), "裡髮");
        assert_eq!(convert(Flags::default(), "a/b/x.txt"), "里发");
        let given = ConfigFile { config: Some("s2t".to_owned()), ..ConfigFile::default() };
        assert_eq!(convert(Flags { given, ..Flags::default() }, "a/b/x.txt"), "裏髮");
        assert_eq!(convert(Flags { isolated: true, ..Flags::default() }, "a/b/x.txt"), "裏髮");
        let mut resolver = SettingsResolver::new(Flags { marks: true, ..Flags::default() });
        let first = resolver.find(Some(&path("x.txt"))).unwrap();
        assert!(Arc::ptr_eq(&first, &resolver.find(Some(&path("y.txt"))).unwrap()));
        assert!(first.is_named && first.extensions == ["md"] && first.text.rules.has_marks);
        let shown = resolver.show(&path("a")).unwrap();
        assert!(shown.ends_with("config = \"t2s\"\nmarks = true\n"), "{shown}");
        let mut asking = SettingsResolver::new(Flags { requires_choice: true, isolated: true, ..Flags::default() });
        assert!(matches!(asking.find(Some(&path("x.txt"))), Err(Failure::Usage(_))));
        assert!(asking.find(None).is_ok());
    }

    /// Such a term used to be a comment, whatever was written.
    #[test]
    fn a_term_can_begin_with_a_number_sign() {
        let tree = tempfile::tempdir().unwrap();
        let file = tree.path().join("terms");
        fs::write(&file, "# 头\n\\#头发\n \\# a\n\\头\n\\\\#\n").unwrap();
        assert_eq!(terms(&file).unwrap(), ["#头发", "# a", "\\头", "\\\\#"]);
    }

    #[test]
    fn what_cannot_be_is_wrong_usage() {
        let find = |given: ConfigFile| {
            let result = SettingsResolver::new(Flags { given, ..Flags::default() }).find(None);
            matches!(result, Err(Failure::Usage(_)))
        };
        let given = ConfigFile::default;
        assert!(!find(given()));
        assert!(find(ConfigFile { config: Some("s2x".to_owned()), ..given() }));
        assert!(find(ConfigFile { vocabulary: Some(fanjian::Vocabulary::Local), ..given() }));
        assert!(find(ConfigFile { protect_regex: vec!["(".to_owned()], ..given() }));
        let big5 = Some("big5".parse().unwrap());
        assert!(find(ConfigFile { to_encoding: big5, replacement: Some("头".to_owned()), ..given() }));
    }
}

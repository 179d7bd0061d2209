//! `fanjian.toml`: what it says, and what the command line changes of it.

use std::{
    mem,
    path::{Component, Path, PathBuf},
};

use fanjian::{InvalidUtf8, Punctuation, Target, Vocabulary, WordLayer};
use fanjian_dictionary::read_file;
use fanjian_documents::Format;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::{
    error::Failure,
    io::encodings::{Encoding, FromEncoding},
    messages::{message, text},
    print::name,
    settings::{dictionaries::ReleasePath, regular::check_regular},
};

/// The name of the file.
pub(crate) const CONFIG_FILE_NAME: &str = "fanjian.toml";

/// The settings of a `fanjian.toml`, or of a command line in the same form.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ConfigFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) config: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vocabulary: Option<Vocabulary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) keep_words: Vec<WordLayer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) punctuation: Option<Punctuation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) prefer: Vec<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tofu_risk: Option<bool>,
    /// The file with the dictionaries of a release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dictionaries: Option<ReleasePath>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dict: Vec<PathBuf>,
    /// Whether own words match in both scripts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dict_both_scripts: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) protect: Vec<PathBuf>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) protect_regex: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) marks: Option<bool>,
    /// The format of the files, whatever their names are.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Format>,
    /// Whether documents are plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) plain: Option<bool>,
    /// Whether code in documents is converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<bool>,
    /// The styles of subtitles that are left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) without_styles: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extension: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from_encoding: Option<FromEncoding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to_encoding: Option<Encoding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replacement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invalid_utf8: Option<InvalidUtf8>,
    /// Globs of files that are left out, as in `.gitignore`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) exclude: Vec<Spanned<String>>,
    /// In an override: the globs of the files that it is for.
    #[serde(skip_serializing)]
    pub(crate) paths: Vec<Spanned<String>>,
    /// Settings for some of the files, of which later ones have precedence.
    #[serde(rename = "override", skip_serializing)]
    pub(crate) overrides: Vec<Spanned<ConfigFile>>,
    /// The folder of the file, where its configuration is searched for.
    #[serde(skip)]
    pub(crate) folder: Option<PathBuf>,
}

impl ConfigFile {
    /// Reads a file. Its paths are of its folder.
    pub(crate) fn read(path: &Path) -> Result<ConfigFile, Failure> {
        let wrong = |message: String| Failure::Usage(format!("{}: {message}", name(path)));
        let text = String::from_utf8(read_file(path)?).map_err(|_| wrong(text("not UTF-8")))?;
        let file = ConfigFile::parse(&text, path.parent().unwrap_or(Path::new(""))).map_err(wrong)?;
        for file in [&file].into_iter().chain(file.overrides.iter().map(Spanned::get_ref)) {
            for path in file.dict.iter().chain(&file.protect) {
                check_regular(path).map_err(wrong)?;
            }
        }
        Ok(file)
    }

    fn parse(text: &str, folder: &Path) -> Result<ConfigFile, String> {
        let mut file: ConfigFile = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        if !file.paths.is_empty() {
            return Err(message!("paths are of an [[override]]"));
        }
        for index in 0..file.overrides.len() {
            let line = 1 + text[..file.overrides[index].span().start].matches('\n').count();
            let settings = file.overrides[index].get_mut();
            settings
                .check(folder)
                .and_then(|()| settings.check_override())
                .map_err(|message| message!("the override of line {line}: {message}", line, message))?;
        }
        file.check(folder)?;
        Ok(file)
    }

    /// An error for what cannot be a part of an override, or is missing there.
    fn check_override(&self) -> Result<(), String> {
        if self.paths.is_empty() {
            return Err(text("it has no paths: name the files that it is for, such as paths = [\"locales/zh-TW/**\"]"));
        }
        match (&*self.exclude, &*self.overrides, &*self.extension) {
            ([], [], []) => Ok(()),
            _ => Err(text("exclude, extension and override are of the whole file")),
        }
    }

    /// Checks settings that exclude each other, and takes their paths for those of the folder.
    fn check(&mut self, folder: &Path) -> Result<(), String> {
        let file = self;
        if file.to.is_some() && file.config.is_some() {
            return Err(text("config cannot be combined with to"));
        }
        if file.config.is_some() && (file.from.is_some() || file.vocabulary.is_some() || !file.keep_words.is_empty()) {
            return Err(text("from, vocabulary and keep-words need to, and cannot be combined with config"));
        }
        check_dictionaries(file)?;
        for &character in &file.prefer {
            fanjian::check_preferable(character).map_err(|error| format!("prefer: {error}"))?;
        }
        if file.format.is_some() && file.plain == Some(true) {
            return Err(text("as cannot be combined with plain"));
        }
        for path in file.dict.iter_mut().chain(&mut file.protect) {
            check_within(path, &text("--dict or --protect"))?;
            *path = folder.join(&path);
        }
        if let Some(release) = file.dictionaries.as_mut().filter(|release| !release.is_built_in()) {
            check_within(release.path(), "--dictionaries")?;
            release.within(folder);
        }
        file.folder = Some(folder.to_owned());
        Ok(())
    }

    /// The settings of a file with those of an override, which have precedence.
    pub(crate) fn overridden_by(mut self, settings: &ConfigFile) -> Result<ConfigFile, String> {
        let (folder, paths) = (self.folder.take(), mem::take(&mut self.overrides));
        // The script of the source is that of another target.
        if settings.to.is_some() {
            self.from = None;
        }
        let both = self.overlaid_by(settings);
        if both.config.is_some() && (both.from.is_some() || both.vocabulary.is_some() || !both.keep_words.is_empty()) {
            return Err(text("from, vocabulary and keep-words need to, and cannot be combined with config"));
        }
        check_dictionaries(&both)?;
        Ok(ConfigFile { folder, overrides: paths, ..both })
    }

    /// These settings, where the command line gives no others. Own words and protected terms of both count, and those
    /// of the command line come first.
    pub(crate) fn overlaid_by(self, given: &ConfigFile) -> ConfigFile {
        let names_one = given.config.is_some() || given.to.is_some();
        let (config, to) = if names_one { (given.config.clone(), given.to) } else { (self.config, self.to) };
        // A configuration of the command line has no use for the choices of the file's target.
        let (from, vocabulary, mut keep_words) = if given.config.is_some() {
            (None, None, Vec::new())
        } else {
            (self.from, self.vocabulary, self.keep_words)
        };
        // Where all words stay, there is nothing to choose.
        if given.vocabulary == Some(Vocabulary::Keep) {
            keep_words.clear();
        }
        // Simplified has one shape of each character. Of a configuration, it is not asked what it converts to.
        let prefer = match (&given.config, given.to) {
            _ if !given.prefer.is_empty() => given.prefer.clone(),
            (Some(_), _) | (_, Some(Target::Simplified)) => Vec::new(),
            _ => self.prefer,
        };
        let extension = if given.extension.is_empty() { self.extension } else { given.extension.clone() };
        ConfigFile {
            config,
            to,
            from: given.from.or(from),
            vocabulary: given.vocabulary.or(vocabulary),
            punctuation: given.punctuation.or(self.punctuation),
            keep_words: if given.keep_words.is_empty() { keep_words } else { given.keep_words.clone() },
            prefer,
            dict_both_scripts: given.dict_both_scripts.or(self.dict_both_scripts),
            tofu_risk: given.tofu_risk.or(self.tofu_risk),
            // A target has dictionaries of its own.
            dictionaries: given.dictionaries.clone().or(self.dictionaries.filter(|_| given.to.is_none())),
            dict: [given.dict.clone(), self.dict].concat(),
            protect: [self.protect, given.protect.clone()].concat(),
            protect_regex: [self.protect_regex, given.protect_regex.clone()].concat(),
            marks: given.marks.or(self.marks),
            format: if given.plain.is_some() { None } else { given.format.or(self.format) },
            plain: if given.format.is_some() { None } else { given.plain.or(self.plain) },
            code: given.code.or(self.code),
            without_styles: [self.without_styles, given.without_styles.clone()].concat(),
            extension,
            from_encoding: given.from_encoding.or(self.from_encoding),
            to_encoding: given.to_encoding.or(self.to_encoding),
            replacement: given.replacement.clone().or(self.replacement),
            invalid_utf8: given.invalid_utf8.or(self.invalid_utf8),
            exclude: self.exclude,
            paths: Vec::new(),
            overrides: self.overrides,
            // A configuration of the command line is not searched for there.
            folder: self.folder.filter(|_| given.config.is_none()),
        }
    }
}

/// An error for a relative path that leads out of the folder of the file.
fn check_within(path: &Path, options: &str) -> Result<(), String> {
    if path.is_relative() && path.components().any(|part| part == Component::ParentDir) {
        return Err(message!(
            "{path} leads out of its folder: write an absolute path, or use {options}",
            path = name(path),
            options
        ));
    }
    Ok(())
}

/// An error for dictionaries of a release with a target.
fn check_dictionaries(file: &ConfigFile) -> Result<(), String> {
    match &file.dictionaries {
        Some(release) if file.to.is_some() && !release.is_built_in() => Err(text(
            "dictionaries cannot be combined with to, which has its own: use config, such as config = \"s2tw\"",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ConfigFile, String> {
        ConfigFile::parse(text, Path::new("folder"))
    }

    #[test]
    fn a_configuration_of_the_command_line_has_no_use_for_the_choices_of_a_target() {
        let file = parse("to = \"zh-TW\"\nvocabulary = \"local\"\nfrom = \"zh-CN\"").unwrap();
        let given = ConfigFile { config: Some("s2t".to_owned()), ..ConfigFile::default() };
        let effective = file.overlaid_by(&given);
        assert_eq!((effective.to, effective.from, effective.vocabulary), (None, None, None));
    }

    #[test]
    fn paths_are_of_the_folder_and_names_are_checked() {
        let file = parse("to = \"zh-tw\"\ndict = [\"words.txt\"]\nfrom-encoding = \"cp936\"").unwrap();
        assert_eq!((file.to, &file.dict[0]), (Some(Target::Taiwan), &PathBuf::from("folder/words.txt")));
        assert_eq!(file.from_encoding.unwrap().to_string(), "GBK");
        for (text, message) in [
            ("to = \"zh-TV\"", "unknown target 'zh-TV': did you mean 'zh-TW'?"),
            ("invalid-utf8 = \"ignore\"", "unknown policy for invalid bytes 'ignore'; expected one of strict"),
            ("colour = 1", "unknown field `colour`"),
            ("to = \"zh-TW\"\nconfig = \"s2t\"", "config cannot be combined with to"),
            ("dict = [\"../words.txt\"]", "../words.txt leads out of its folder"),
            ("vocabulary = \"local\"\nconfig = \"s2t\"", "cannot be combined with config"),
            ("to = \"zh-TW\"\ndictionaries = \"opencc-1.1.9\"", "dictionaries cannot be combined with to"),
            ("dictionaries = \"../opencc-1.1.9\"", "leads out of its folder"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn dictionaries_are_of_the_folder_and_a_target_does_without_them() {
        let path = |file: &ConfigFile| file.dictionaries.clone().unwrap().path().to_owned();
        let file = parse("config = \"s2tw\"\ndictionaries = \"opencc-1.1.9\"").unwrap();
        assert_eq!(path(&file), Path::new("folder/opencc-1.1.9"));
        assert_eq!(path(&parse("dictionaries = \"built-in\"").unwrap()), Path::new("built-in"));
        let given = ConfigFile { to: Some(Target::Taiwan), ..ConfigFile::default() };
        assert_eq!(file.clone().overlaid_by(&given).dictionaries, None);
        let given = ConfigFile { dictionaries: Some(PathBuf::from("built-in").into()), ..ConfigFile::default() };
        assert_eq!(path(&file.overlaid_by(&given)), Path::new("built-in"));
    }

    #[test]
    fn the_command_line_comes_first() {
        let file = parse(
            "to = \"zh-TW\"\nvocabulary = \"local\"\npunctuation = \"local\"\nmarks = false\ndict = [\"a\"]\nprotect = [\"b\"]\nextension = [\"md\"]",
        )
        .unwrap();
        assert_eq!(file.clone().overlaid_by(&ConfigFile::default()), file);
        let given = ConfigFile {
            vocabulary: Some(Vocabulary::Keep),
            punctuation: Some(Punctuation::Keep),
            marks: Some(true),
            dict: vec!["c".into()],
            protect: vec!["d".into()],
            extension: vec!["txt".into()],
            ..ConfigFile::default()
        };
        let both = file.clone().overlaid_by(&given);
        assert_eq!((both.to, both.vocabulary, both.marks), (file.to, Some(Vocabulary::Keep), Some(true)));
        assert_eq!(both.dict, [PathBuf::from("c"), "folder/a".into()]);
        assert_eq!(both.protect, [PathBuf::from("folder/b"), "d".into()]);
        assert_eq!((both.extension, both.folder), (vec!["txt".to_owned()], file.folder.clone()));
        let given = ConfigFile { config: Some("s2t".to_owned()), ..ConfigFile::default() };
        let both = file.overlaid_by(&given);
        assert_eq!((both.to, both.config.as_deref(), both.folder), (None, Some("s2t"), None));
    }
}

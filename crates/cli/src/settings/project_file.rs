//! A `fanjian.toml` as it is for each file: what is excluded, and which overrides are of it.

use std::{
    collections::HashMap,
    path::{self, Path, PathBuf},
    sync::Arc,
};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::Spanned;

use crate::{
    error::Failure,
    messages::message,
    print::name,
    settings::{config_file::ConfigFile, project},
};

/// The settings of a file, with its globs.
#[derive(Debug)]
pub(super) struct ProjectFile {
    pub(super) settings: ConfigFile,
    path: PathBuf,
    /// The folder that the globs are of, as an absolute path.
    folder: PathBuf,
    exclude: Gitignore,
    overrides: Vec<Gitignore>,
}

/// The overrides of a file that are for a path, by their places.
pub(super) type Chosen = Vec<usize>;

impl ProjectFile {
    pub(super) fn read(path: &Path) -> Result<ProjectFile, Failure> {
        let settings = ConfigFile::read(path)?;
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let folder = path.parent().unwrap_or(Path::new(""));
        let folder = path::absolute(if folder == Path::new("") { Path::new(".") } else { folder })
            .map_err(|error| Failure::io("find", name(folder), &error))?;
        let globs = |key, globs: &[Spanned<String>]| {
            globs_of(globs, key, &text).map_err(|message| Failure::Usage(format!("{}: {message}", name(path))))
        };
        let exclude = globs("exclude", &settings.exclude)?;
        let overrides = settings.overrides.iter().map(|settings| globs("paths", &settings.get_ref().paths));
        let overrides = overrides.collect::<Result<_, _>>()?;
        Ok(ProjectFile { settings, path: path.to_owned(), folder, exclude, overrides })
    }

    /// Whether a file is left out.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        let below = if self.exclude.is_empty() { None } else { self.below(path) };
        below.is_some_and(|(below, is_folder)| matches(&self.exclude, &below, is_folder))
    }

    /// Whether all files in a folder are left out. Where a glob takes files in spite of others, each has to be looked at.
    pub(super) fn excludes_folder(&self, folder: &Path) -> bool {
        self.exclude.num_whitelists() == 0 && self.excludes(folder)
    }

    /// The overrides that are for a file.
    pub(super) fn chosen(&self, path: Option<&Path>) -> Chosen {
        let path = path.filter(|_| !self.overrides.is_empty());
        let Some((below, is_folder)) = path.and_then(|path| self.below(path)) else { return Vec::new() };
        let overrides = self.overrides.iter().enumerate();
        overrides.filter(|(_, globs)| matches(globs, &below, is_folder)).map(|(index, _)| index).collect()
    }

    /// A path relative to the folder of the globs, and whether it is a folder. None if it is elsewhere, or that folder.
    fn below(&self, path: &Path) -> Option<(PathBuf, bool)> {
        let folder = project::folder_of(path).ok()?;
        let is_folder = path.is_dir();
        let absolute = match path.file_name().filter(|_| !is_folder) {
            Some(name) => folder.join(name),
            None => folder,
        };
        let below = absolute.strip_prefix(&self.folder).ok()?;
        (below != Path::new("")).then(|| (below.to_owned(), is_folder))
    }

    /// The settings with those of these overrides.
    pub(super) fn with(&self, chosen: &[usize]) -> Result<ConfigFile, Failure> {
        let mut settings = self.settings.clone();
        for &index in chosen {
            let of_some = &self.settings.overrides[index];
            settings = settings.overridden_by(of_some.get_ref()).map_err(|message| {
                let paths: Vec<_> = of_some.get_ref().paths.iter().map(|glob| glob.get_ref().as_str()).collect();
                Failure::Usage(message!(
                    "{path}: the override of {globs}: {message}",
                    path = name(&self.path),
                    globs = paths.join(", "),
                    message
                ))
            })?;
        }
        Ok(settings)
    }
}

/// Whether one of the globs takes a path, or a folder that it is in.
fn matches(globs: &Gitignore, below: &Path, is_folder: bool) -> bool {
    globs.matched_path_or_any_parents(below, is_folder).is_ignore()
}

/// The globs of a key, as in `.gitignore`. Errors have the line.
fn globs_of(globs: &[Spanned<String>], key: &str, text: &str) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new("");
    // In a .gitignore, an open `[` matches itself; in settings, it would be a glob that matches nothing that is meant.
    builder.allow_unclosed_class(false);
    for glob in globs {
        let line = 1 + text.get(..glob.span().start).unwrap_or_default().matches('\n').count();
        let wrong = |message: &str| format!("line {line}: {key}: '{}': {message}", name(glob.get_ref()));
        match glob.get_ref().trim() {
            "" => return Err(wrong("an empty glob matches nothing")),
            comment if comment.starts_with('#') => return Err(wrong("a glob that begins with # is written with \\#")),
            _ => {}
        }
        builder.add_line(None, glob.get_ref()).map_err(|error| wrong(&error.to_string()))?;
    }
    builder.build().map_err(|error| format!("{key}: {error}"))
}

/// Reads each file once.
#[derive(Debug, Default)]
pub(super) struct ProjectFiles(HashMap<PathBuf, Arc<ProjectFile>>);

impl ProjectFiles {
    pub(super) fn read(&mut self, path: &Path) -> Result<Arc<ProjectFile>, Failure> {
        if let Some(known) = self.0.get(path) {
            return Ok(Arc::clone(known));
        }
        let file = Arc::new(ProjectFile::read(path)?);
        self.0.insert(path.to_owned(), Arc::clone(&file));
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, Result<ProjectFile, Failure>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fanjian.toml");
        fs::write(&path, text).unwrap();
        let file = ProjectFile::read(&path);
        (folder, file)
    }

    #[test]
    fn globs_are_of_the_folder_and_later_overrides_win() {
        let text = "exclude = [\"**/vendor/**\", \"*.min.json\", \"!keep.min.json\"]\n\
                    to = \"zh-TW\"\nvocabulary = \"local\"\nfrom = \"zh-CN\"\n\
                    [[override]]\npaths = [\"locales/zh-*/**\"]\nto = \"zh-HK\"\n\
                    [[override]]\npaths = [\"locales/zh-CN/**\", \"*.cn.json\"]\nto = \"zh-CN\"\n";
        let (folder, file) = file(text);
        let file = file.unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, is_excluded, chosen) in [
            ("a.json", false, vec![]),
            ("a/vendor/b.json", true, vec![]),
            ("vendor/b.json", true, vec![]),
            ("a/x.min.json", true, vec![]),
            ("keep.min.json", false, vec![]),
            ("locales/zh-TW/a.json", false, vec![0]),
            ("locales/zh-CN/b/a.json", false, vec![0, 1]),
            ("deep/a.cn.json", false, vec![1]),
            ("other/locales/zh-TW/a.json", false, vec![]),
        ] {
            assert_eq!(file.excludes(&path(name)), is_excluded, "{name}");
            assert_eq!(file.chosen(Some(&path(name))), chosen, "{name}");
        }
        let settings = file.with(&[0, 1]).unwrap();
        assert_eq!(settings.to, Some(fanjian::Target::Simplified));
        assert_eq!((settings.vocabulary, settings.from), (Some(fanjian::Vocabulary::Local), None));
    }

    #[test]
    fn errors_name_the_line_and_the_key() {
        for (text, expected) in [
            ("\nexclude = [\"a\", \"b{\"]", "line 2: exclude: 'b{'"),
            ("[[override]]\nto = \"zh-TW\"\npaths = [\"{a\"]", "line 3: paths: '{a'"),
            ("to = \"zh-TW\"\nexclude = [\"[\"]", "line 2: exclude: '['"),
            ("exclude = [\"a\"]\n[[override]]\npaths = [\"l/[zh*\"]\nto = \"zh-CN\"", "line 3: paths: 'l/[zh*'"),
            ("exclude = [\"\"]", "line 1: exclude: '': an empty glob"),
            ("exclude = [\"# a\"]", "begins with #"),
            ("\n[[override]]\nto = \"zh-TW\"", "the override of line 2: it has no paths"),
            ("[[override]]\npaths = [\"a\"]\nto = \"zh-TW\"\nconfig = \"s2t\"", "config cannot be combined with to"),
            ("[[override]]\npaths = [\"a\"]\nexclude = [\"b\"]", "are of the whole file"),
            ("[[override]]\npaths = [\"a\"]\ncolour = 1", "unknown field `colour`"),
            ("paths = [\"a\"]", "paths are of an [[override]]"),
        ] {
            let (_folder, file) = file(text);
            match file {
                Err(Failure::Usage(message)) => assert!(message.contains(expected), "{text}: {message}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        let (_folder, file) =
            file("to = \"zh-TW\"\nvocabulary = \"local\"\n[[override]]\npaths = [\"a\"]\nconfig = \"s2t\"");
        assert!(file.unwrap().with(&[0]).is_ok());
    }
}

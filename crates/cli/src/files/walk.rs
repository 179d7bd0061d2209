//! Search for files: paths as given, and the files in folders.

use std::{
    collections::{BTreeSet, HashSet},
    env,
    ffi::OsStr,
    fs,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use ignore::{WalkBuilder, overrides::OverrideBuilder};

use crate::{
    error::{Failure, reason},
    io::{
        backup::is_backup,
        encodings::NoText,
        identity::{Stream, StreamFile, is_same_file},
        input::is_stdin,
        own_files::{self, FINISHED, is_finished, is_temporary},
    },
    messages::message,
    print,
    report::options::ReportOptions,
    settings::{
        config_file::CONFIG_FILE_NAME,
        resolver::{ExcludedFolders, FileSettings, SettingsResolver},
        task::Selection,
    },
};

const IGNORE: &str = ".fanjianignore";
/// Files of this command, which are no text of the user's.
const OWN: [&str; 3] = [IGNORE, CONFIG_FILE_NAME, FINISHED];

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputFile {
    pub(crate) path: PathBuf,
    /// Whether the file was given itself, rather than a folder that it is in.
    pub(crate) is_given: bool,
    /// Its path below the output folder.
    pub(crate) below: PathBuf,
    /// Why it is left out, if it is.
    pub(crate) left_out: Option<NoText>,
}

/// The result of a search: files in order, folders in folders, and what could not be read.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<InputFile>,
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) failures: Vec<(PathBuf, String)>,
}

impl Tree {
    /// With `--verbose`, notes the temporary files in the folders that were searched, and in these others.
    pub(crate) fn note_temporary<'t>(
        &'t self,
        paths: &'t [PathBuf],
        others: impl Iterator<Item = &'t Path>,
        options: &ReportOptions,
    ) {
        if options.quiet || !options.verbose {
            return;
        }
        let roots = paths.iter().filter(|path| path.is_dir());
        let folders = self.folders.iter().chain(roots).map(PathBuf::as_path).chain(others);
        let found: BTreeSet<_> = own_files::temporary(folders.map(Path::to_owned).collect()).into_iter().collect();
        found.iter().for_each(|path| own_files::note(path));
    }
}

impl InputFile {
    /// Whether the file is taken, if it is in a folder: by its extension.
    pub(crate) fn is_selected(&self, extensions: &[String]) -> bool {
        self.is_given || has_extension(&self.path, extensions)
    }
}

/// Files that were found, with their settings: but for those that their `fanjian.toml` leaves out, and those that a conversion of any
/// of them is made by, such as own words.
pub(crate) fn with_settings(
    files: impl IntoIterator<Item = InputFile>,
    selection: &Selection,
    settings: &mut SettingsResolver,
) -> Result<Vec<(InputFile, Arc<FileSettings>)>, Failure> {
    let mut found = Vec::new();
    for mut file in files {
        if let Some(of_file) = self::settings(&mut file, selection, settings)? {
            found.push((file, of_file));
        }
    }
    let made_by: BTreeSet<_> = found.iter().flat_map(|(_, of_file)| &of_file.made_by).collect();
    let made_by: Vec<PathBuf> = made_by.into_iter().cloned().collect();
    found.retain(|(file, of_file)| {
        let is_decisions = || of_file.text.decisions.as_ref().is_some_and(|decisions| decisions.is_at(&file.path));
        file.is_given || !(is_decisions() || made_by.iter().any(|own| is_same_file(own, &file.path)))
    });
    Ok(found)
}

/// The settings of a file that was found. None if its `fanjian.toml` leaves it out: by a glob. Marks the
/// file as left out if nothing says what it is converted to.
fn settings(
    file: &mut InputFile,
    selection: &Selection,
    settings: &mut SettingsResolver,
) -> Result<Option<Arc<FileSettings>>, Failure> {
    let path = (!is_stdin(&file.path)).then(|| file.path.clone());
    let of_file = settings.find(path.as_deref())?;
    let is_exempt = of_file.effective.exclude.is_empty() || (file.is_given && !selection.forces_exclude);
    if let Some(path) = path.filter(|_| !is_exempt)
        && settings.excludes(&path)?
    {
        return Ok(None);
    }
    if of_file.lacks_target() {
        file.left_out.get_or_insert(NoText::NoTarget);
    }
    Ok(Some(of_file))
}

/// Whether a path has one of these extensions; if there are none, any.
pub(crate) fn has_extension(path: &Path, extensions: &[String]) -> bool {
    let extension = path.extension().unwrap_or_default();
    extensions.is_empty() || extensions.iter().any(|taken| extension.eq_ignore_ascii_case(taken))
}

/// The files that the run writes to as it goes on: to read one would have no end, and to replace it would lose what is
/// written.
struct Written(Vec<(&'static str, StreamFile)>);

impl Written {
    fn find() -> Written {
        let streams = [("standard output", Stream::Output), ("standard error", Stream::Error)];
        Written(streams.into_iter().filter_map(|(name, stream)| Some((name, stream.file()?))).collect())
    }

    fn has(&self, path: &Path) -> bool {
        self.0.iter().any(|(_, file)| file.is(path))
    }

    /// An error if it was given as an input itself.
    fn check(&self, path: &Path) -> Result<(), Failure> {
        let is_input = |file: &StreamFile| match is_stdin(path) {
            true => Stream::Input.file().is_some_and(|input| input.is_also(file)),
            false => file.is(path),
        };
        let shown = if is_stdin(path) { message!("standard input") } else { print::name(path) };
        match self.0.iter().find(|(_, file)| is_input(file)) {
            Some((name, _)) => Err(Failure::Usage(message!(
                "{shown} is both input and {name}: write to another file; nothing was done",
                shown,
                name
            ))),
            None => Ok(()),
        }
    }
}

/// Finds all files, but those in the `output` folder. A file that several paths lead to is there once. An error if one that
/// was given is what the run writes to. Folders that are `excluded` are not searched.
pub(crate) fn find(
    selection: &Selection,
    output: Option<&Path>,
    paths: &[PathBuf],
    excluded: Option<ExcludedFolders>,
) -> Result<Tree, Failure> {
    let excluded = excluded.map(Arc::new);
    let mut tree = Tree::default();
    let written = Written::find();
    for path in paths {
        written.check(path)?;
        if is_stdin(path) {
            let below = PathBuf::from("stdin.txt");
            tree.files.push(InputFile { path: path.clone(), is_given: true, below, left_out: None });
        } else if let Err(error) = fs::metadata(path) {
            tree.failures.push((path.clone(), message!("cannot read it: {error}", error = reason(&error))));
        } else {
            walk(selection, output, path, excluded.as_ref(), &mut tree)?;
        }
    }
    for file in tree.files.iter_mut().filter(|file| !is_stdin(&file.path)) {
        file.left_out = match &file.path {
            path if written.has(path) => Some(NoText::Stream),
            path if is_temporary(path) => Some(NoText::Temporary),
            path if is_finished(path) => Some(NoText::Finished),
            path if is_backup(path) && !selection.includes_backups => Some(NoText::Backup),
            _ => None,
        }
    }
    let mut known = HashSet::new();
    tree.files
        .retain(|file| is_stdin(&file.path) || known.insert(fs::canonicalize(&file.path).unwrap_or(file.path.clone())));
    Ok(tree)
}

/// An error if no file was found, which is hardly ever meant: the wrong folder, or a glob with a mistake.
///
/// `left_out` is why files were left out that would have been taken otherwise.
pub(crate) fn check_found(
    count: usize,
    left_out: &[NoText],
    paths: &[PathBuf],
    selection: &Selection,
) -> Result<(), Failure> {
    if count > 0 || selection.allows_empty {
        return Ok(());
    }
    let place = match paths {
        [] => message!("the list of PATHs is empty"),
        [path] => message!("no file of {path} was taken", path = print::name(path)),
        [path, ..] => message!("no file of {path} and the other PATHs was taken", path = print::name(path)),
    };
    let globs = selection.globs.iter().map(|glob| format!("--glob '{glob}'"));
    let extensions = selection.extensions.iter().map(|extension| format!("--extension {extension}"));
    let choice: Vec<_> = globs.chain(extensions).collect();
    let choice = if choice.is_empty() { String::new() } else { message!(" by {choice}", choice = choice.join(" ")) };
    let left_out_for = |reason| left_out.iter().filter(|why| **why == reason).count();
    let backups = match left_out_for(NoText::Backup) {
        0 => String::new(),
        1 => message!("; 1 file looks like a backup, which --include-backups takes"),
        backups => message!("; {backups} files look like backups, which --include-backups takes", backups),
    };
    let without_target = match left_out_for(NoText::NoTarget) {
        0 => String::new(),
        _ => message!("; no override of fanjian.toml is for the files that there are"),
    };
    Err(Failure::Failed(message!(
        "{place}{choice}{left_out} (with --allow-empty, that is no failure)",
        place,
        choice,
        left_out = backups + &without_target
    )))
}

/// The files of a folder that say what is left out.
const IGNORE_FILES: [&str; 4] = [".gitignore", ".ignore", IGNORE, ".git/info/exclude"];

/// One of them that cannot be read to its end: to read a pipe would wait, and a device may have no end.
fn endless_ignore_file(folder: &Path) -> Option<PathBuf> {
    let is_empty_device = |path: &PathBuf| fs::canonicalize(path).is_ok_and(|path| path == Path::new("/dev/null"));
    let is_endless = |path: &PathBuf| path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    IGNORE_FILES.iter().map(|name| folder.join(name)).find(|path| is_endless(path) && !is_empty_device(path))
}

/// Folders that are not walked, as their ignore files cannot be read.
type Endless = Arc<Mutex<Vec<(PathBuf, String)>>>;

/// The walk through a folder.
fn walker(
    selection: &Selection,
    output: Option<&Path>,
    root: &Path,
    excluded: Option<&Arc<ExcludedFolders>>,
    endless: &Endless,
) -> Result<WalkBuilder, Failure> {
    let here = env::current_dir().map_err(|error| Failure::io("find", "the current folder", &error))?;
    let mut globs = OverrideBuilder::new(here);
    for glob in &selection.globs {
        globs.add(glob).map_err(|error| Failure::Usage(format!("--glob '{glob}': {error}")))?;
    }
    let globs = globs.build().map_err(|error| Failure::Usage(error.to_string()))?;
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(!selection.no_ignore)
        .hidden(!selection.hidden)
        // Ignore files count outside of git repositories, too.
        .require_git(false)
        .follow_links(selection.follow)
        .overrides(globs)
        .sort_by_file_name(OsStr::cmp);
    if !selection.no_ignore {
        walk.add_custom_ignore_filename(IGNORE);
    }
    let output = output.and_then(|folder| fs::canonicalize(folder).ok());
    let (endless, reads_ignore_files) = (Arc::clone(endless), !selection.no_ignore);
    let excluded = excluded.cloned();
    walk.filter_entry(move |entry| {
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        if entry.depth() > 0 && excluded.as_ref().is_some_and(|excluded| excluded.has(entry.path())) {
            return false;
        }
        let ignore_file = if reads_ignore_files { endless_ignore_file(entry.path()) } else { None };
        if let Some(file) = ignore_file {
            let message = message!("{path} is not a regular file", path = print::name(&file));
            endless.lock().unwrap_or_else(PoisonError::into_inner).push((entry.path().to_owned(), message));
            return false;
        }
        output.is_none() || fs::canonicalize(entry.path()).ok() != output
    });
    Ok(walk)
}

fn walk(
    selection: &Selection,
    output: Option<&Path>,
    root: &Path,
    excluded: Option<&Arc<ExcludedFolders>>,
    tree: &mut Tree,
) -> Result<(), Failure> {
    let given = below(root);
    let endless = Endless::default();
    let above = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let ignore_file = above.ancestors().find_map(endless_ignore_file);
    if let Some(file) = ignore_file.filter(|_| root.is_dir() && !selection.no_ignore) {
        tree.failures.push((root.to_owned(), message!("{path} is not a regular file", path = print::name(&file))));
        return Ok(());
    }
    for entry in walker(selection, output, root, excluded, &endless)?.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                tree.failures.push((root.to_owned(), message!("cannot read all of it: {error}", error)));
                continue;
            }
        };
        let Some(kind) = entry.file_type() else { continue };
        let is_given = entry.depth() == 0;
        let path = entry.path().strip_prefix("./").unwrap_or(entry.path()).to_owned();
        if kind.is_dir() {
            tree.folders.extend((!is_given).then_some(path));
        } else if is_given
            || (kind.is_file() && !is_temporary(&path) && !OWN.iter().any(|own| entry.file_name() == *own))
        {
            // A link that is given is followed; in folders, links are not, unless that is asked for.
            let inner = entry.path().strip_prefix(root).unwrap_or(Path::new(""));
            let below = if is_given { given.clone() } else { given.join(inner) };
            tree.files.push(InputFile { path, is_given, below, left_out: None });
        }
    }
    tree.failures.append(&mut endless.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(())
}

/// The place of a given path below the output folder: as below the current folder, or, if it is elsewhere, by its name.
pub(crate) fn below(path: &Path) -> PathBuf {
    let parts: Vec<_> = path.components().filter(|part| *part != Component::CurDir).collect();
    if parts.iter().all(|part| matches!(part, Component::Normal(_))) {
        return parts.iter().collect();
    }
    fs::canonicalize(path).ok().and_then(|path| path.file_name().map(PathBuf::from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::resolver::Flags;

    #[test]
    fn folders_are_walked_in_order_and_what_is_given_is_taken() {
        let tree = tempfile::tempdir().unwrap();
        let path = |name: &str| tree.path().join(name);
        for name in ["b/2.md", "b/1.txt", "b/.hidden", "b/fanjian.toml", "b/ignored", "out/x", "a.txt"] {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), name).unwrap();
        }
        fs::write(path("b/.gitignore"), "ignored").unwrap();
        let find = |selection: &Selection, paths: &[PathBuf]| {
            let found = find(selection, Some(&path("out")), paths, None).unwrap();
            let files = found.files.iter().map(|file| file.path.strip_prefix(tree.path()).unwrap().to_owned());
            (files.collect::<Vec<_>>(), found.failures.len())
        };
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let selection = Selection::default();
        let all = [tree.path().to_owned(), path("a.txt"), path("none")];
        assert_eq!(find(&selection, &all), (files(&["a.txt", "b/1.txt", "b/2.md"]), 1));
        assert_eq!(find(&selection, &[path("b/ignored")]), (files(&["b/ignored"]), 0));
        let wide = Selection { hidden: true, no_ignore: true, ..Selection::default() };
        assert_eq!(
            find(&wide, &[path("b")]).0,
            files(&["b/.gitignore", "b/.hidden", "b/1.txt", "b/2.md", "b/ignored"])
        );
        assert!(
            super::find(&Selection { globs: vec!["{".to_owned()], ..selection }, None, &[path("b")], None).is_err()
        );
    }

    #[test]
    fn excluded_folders_are_not_searched() {
        let tree = tempfile::tempdir().unwrap();
        let path = |name: &str| tree.path().join(name);
        for name in ["a.txt", "vendor/b.txt", "vendor/deep/c.txt", "own/d.txt"] {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), name).unwrap();
        }
        fs::write(path("own/fanjian.toml"), "").unwrap();
        let names = |exclude: &str| {
            fs::write(path("fanjian.toml"), format!("to = \"zh-TW\"\nexclude = {exclude}")).unwrap();
            let excluded = SettingsResolver::new(Flags::default()).excluded_folders();
            let found = find(&Selection::default(), None, &[tree.path().to_owned()], Some(excluded)).unwrap();
            let names = found.files.iter().map(|file| file.path.strip_prefix(tree.path()).unwrap().to_owned());
            names.map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        // A folder with settings of its own has its own globs.
        assert_eq!(names(r#"["vendor/", "own/"]"#), ["a.txt", "own/d.txt"]);
        assert_eq!(names(r#"["vendor/**"]"#), ["a.txt", "own/d.txt", "vendor/b.txt"]);
        let all = ["a.txt", "own/d.txt", "vendor/b.txt", "vendor/deep/c.txt"];
        assert_eq!(names(r#"["vendor/", "!vendor/deep/c.txt"]"#), all);
    }

    #[test]
    fn extensions_decide_in_folders_only() {
        let is_selected = |path: &str, is_given| {
            let file = InputFile { path: path.into(), is_given, below: PathBuf::new(), left_out: None };
            file.is_selected(&["TXT".to_owned()])
        };
        assert!(is_selected("a.txt", false) && !is_selected("a.md", false) && !is_selected("a.txt.bak", false));
        assert!(is_selected("a.md", true));
    }

    #[test]
    fn paths_from_elsewhere_are_mirrored_by_their_names() {
        assert_eq!(below(Path::new("./a/b.txt")), PathBuf::from("a/b.txt"));
        assert_eq!(below(Path::new("/usr/bin/..")), PathBuf::from("usr"));
    }
}

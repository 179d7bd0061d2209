//! The files that are meant: paths as given, and the files in folders.

use std::{
    collections::HashSet,
    env,
    ffi::OsStr,
    fs,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use ignore::{WalkBuilder, overrides::OverrideBuilder};

use crate::{arguments::Choice, run::Failure, settings};

const IGNORE: &str = ".fanjianignore";
/// What is for this command to read, and is no text of the user's.
const OWN: [&str; 2] = [IGNORE, settings::NAME];

/// A file that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    /// The file was given itself, rather than a folder that it is in.
    pub(crate) is_given: bool,
    /// Where it stands below the output folder.
    pub(crate) below: PathBuf,
}

/// What was found: files in order, folders in folders, and what could not be read.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<Found>,
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) failures: Vec<(PathBuf, String)>,
}

/// Standard input as a path.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Finds all files, but those in the `output` folder. A file that several paths lead to is there once.
pub(crate) fn find(choice: &Choice, output: Option<&Path>, paths: &[PathBuf]) -> Result<Tree, Failure> {
    let mut tree = Tree::default();
    for path in paths {
        if is_stdin(path) {
            tree.files.push(Found { path: path.clone(), is_given: true, below: PathBuf::from("stdin.txt") });
        } else if let Err(error) = fs::metadata(path) {
            tree.failures.push((path.clone(), format!("cannot read it: {error}")));
        } else {
            walk(choice, output, path, &mut tree)?;
        }
    }
    let mut known = HashSet::new();
    tree.files
        .retain(|file| is_stdin(&file.path) || known.insert(fs::canonicalize(&file.path).unwrap_or(file.path.clone())));
    Ok(tree)
}

fn walk(files: &Choice, output: Option<&Path>, root: &Path, tree: &mut Tree) -> Result<(), Failure> {
    let here = env::current_dir().map_err(|error| Failure::io("find", "the current folder", &error))?;
    let mut globs = OverrideBuilder::new(here);
    for glob in &files.glob {
        globs.add(glob).map_err(|error| Failure::new(format!("the glob '{glob}': {error}")))?;
    }
    let globs = globs.build().map_err(|error| Failure::new(error.to_string()))?;
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(!files.no_ignore)
        .hidden(!files.hidden)
        // Wherever the files are, and not only where git is.
        .require_git(false)
        .follow_links(files.follow)
        .overrides(globs)
        .sort_by_file_name(OsStr::cmp);
    if !files.no_ignore {
        walk.add_custom_ignore_filename(IGNORE);
    }
    let output = output.and_then(|folder| fs::canonicalize(folder).ok());
    walk.filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        !(is_folder && output.is_some() && fs::canonicalize(entry.path()).ok() == output)
    });
    let given = below(root);
    for entry in walk.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                tree.failures.push((root.to_owned(), format!("cannot read all of it: {error}")));
                continue;
            }
        };
        let Some(kind) = entry.file_type() else { continue };
        let is_given = entry.depth() == 0;
        let path = entry.path().strip_prefix("./").unwrap_or(entry.path()).to_owned();
        if kind.is_dir() {
            tree.folders.extend((!is_given).then_some(path));
        } else if is_given || (kind.is_file() && !OWN.iter().any(|own| entry.file_name() == *own)) {
            // A link that is given is followed; in folders, links are not, unless that is asked for.
            let inner = entry.path().strip_prefix(root).unwrap_or(Path::new(""));
            let below = if is_given { given.clone() } else { given.join(inner) };
            tree.files.push(Found { path, is_given, below });
        }
    }
    Ok(())
}

/// Where a given path stands below the output folder: as below the current folder, or, if it is elsewhere, by its name.
fn below(path: &Path) -> PathBuf {
    let parts: Vec<_> = path.components().filter(|part| *part != Component::CurDir).collect();
    if parts.iter().all(|part| matches!(part, Component::Normal(_))) {
        return parts.iter().collect();
    }
    fs::canonicalize(path).ok().and_then(|path| path.file_name().map(PathBuf::from)).unwrap_or_default()
}

/// The paths that were given, and those in the list of `--files-from`.
pub(crate) fn with_list(paths: &[PathBuf], choice: &Choice) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = paths.to_owned();
    if let Some(list) = &choice.files_from {
        paths.extend(read_list(list, choice.null)?);
    }
    Ok(paths)
}

/// The paths in a list: one on each line, or up to each NUL.
fn read_list(path: &Path, by_nul: bool) -> Result<Vec<PathBuf>, Failure> {
    let mut bytes = Vec::new();
    let read = match is_stdin(path) {
        true => io::stdin().lock().read_to_end(&mut bytes).map(drop),
        false => fs::read(path).map(|read| bytes = read),
    };
    read.map_err(|error| Failure::io("read", path.display(), &error))?;
    let separator = if by_nul { 0 } else { b'\n' };
    let lines = bytes.split(|&byte| byte == separator);
    let lines = lines.map(|line| if by_nul { line } else { line.strip_suffix(b"\r").unwrap_or(line) });
    lines.filter(|line| !line.is_empty()).map(path_from_bytes).collect()
}

#[cfg(unix)]
fn path_from_bytes(bytes: &[u8]) -> Result<PathBuf, Failure> {
    use std::os::unix::ffi::OsStrExt;
    Ok(PathBuf::from(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: &[u8]) -> Result<PathBuf, Failure> {
    let path = str::from_utf8(bytes).map_err(|_| Failure::new("a path in the list is not UTF-8"))?;
    Ok(PathBuf::from(path))
}

//! Search for the `fanjian.toml` of a folder: whose files are read, and whose are not.

use std::{
    env,
    fs::{self, Metadata},
    io,
    path::{Component, Path, PathBuf},
};

use crate::settings::config_file::CONFIG_FILE_NAME;

/// Folders that are at the top of a working tree.
const REPOSITORIES: [&str; 3] = [".git", ".hg", ".jj"];

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    File(PathBuf),
    /// A file that others could have put there, with the reason.
    Untrusted(PathBuf, &'static str),
}

/// The nearest `fanjian.toml` of the working tree of a folder.
///
/// The tree ends at a repository, at the home folder, and below a folder in which somebody else may write.
pub(crate) fn find(folder: &Path) -> Found {
    let home = env::home_dir();
    for folder in folder.ancestors() {
        let file = folder.join(CONFIG_FILE_NAME);
        let present = fs::metadata(&file).ok().filter(|metadata| !metadata.is_dir());
        let mistrust = mistrust(folder, present.as_ref());
        match (present, mistrust) {
            (Some(_), Some(reason)) => return Found::Untrusted(file, reason),
            (Some(_), None) => return Found::File(file),
            (None, Some(_)) => return Found::Nothing,
            (None, None) => {}
        }
        if Some(folder) == home.as_deref() || REPOSITORIES.iter().any(|name| folder.join(name).exists()) {
            return Found::Nothing;
        }
    }
    Found::Nothing
}

/// Why a folder, or the file in it, is not the user's own.
#[cfg(unix)]
fn mistrust(folder: &Path, file: Option<&Metadata>) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    let of = |metadata: &Metadata| is_of_others(user, metadata.uid(), metadata.mode());
    let folder = fs::metadata(folder).ok()?;
    match (of(&folder), file.and_then(of)) {
        (Some(Others::Own), _) => Some("its folder belongs to another user"),
        (Some(Others::Write), _) => Some("all users may write in its folder"),
        (None, Some(Others::Own)) => Some("it belongs to another user"),
        (None, Some(Others::Write)) => Some("all users may write it"),
        (None, None) => None,
    }
}

#[cfg(not(unix))]
fn mistrust(_: &Path, _: Option<&Metadata>) -> Option<&'static str> {
    None
}

/// What others do with a file or a folder.
#[cfg(unix)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    Own,
    Write,
}

/// Whether others than this user and root own it, or may write it.
#[cfg(unix)]
fn is_of_others(user: u32, owner: u32, mode: u32) -> Option<Others> {
    match owner {
        _ if owner != user && owner != 0 => Some(Others::Own),
        _ if mode & 0o002 != 0 => Some(Others::Write),
        _ => None,
    }
}

/// The folder whose settings are those of a path, as an absolute path.
pub(crate) fn folder_of(path: &Path) -> io::Result<PathBuf> {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    // Only the file system knows what is above a link.
    match folder.components().any(|part| part == Component::ParentDir) {
        true => fs::canonicalize(folder),
        false if folder == Path::new("") => env::current_dir(),
        false => std::path::absolute(folder),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_of_others_is_not_trusted() {
        assert_eq!(is_of_others(7, 7, 0o100644), None);
        assert_eq!(is_of_others(7, 0, 0o100644), None);
        assert_eq!(is_of_others(7, 8, 0o100644), Some(Others::Own));
        assert_eq!(is_of_others(0, 8, 0o100644), Some(Others::Own));
        assert_eq!(is_of_others(7, 7, 0o100666), Some(Others::Write));
        // As /tmp.
        assert_eq!(is_of_others(7, 0, 0o041777), Some(Others::Write));
    }

    #[test]
    fn the_search_ends_at_the_top_of_the_working_tree() {
        let tree = tempfile::tempdir().unwrap();
        let path = |name: &str| tree.path().join(name);
        fs::create_dir_all(path("a/b/c")).unwrap();
        let file = path(CONFIG_FILE_NAME);
        fs::write(&file, "").unwrap();
        assert_eq!(find(&path("a/b/c")), Found::File(file.clone()));
        for repository in REPOSITORIES {
            fs::create_dir(path("a/b").join(repository)).unwrap();
            assert_eq!(find(&path("a/b/c")), Found::Nothing);
            fs::remove_dir(path("a/b").join(repository)).unwrap();
        }
        let allow = |name: &str, mode| fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).unwrap();
        allow("a/b", 0o777);
        assert_eq!(find(&path("a/b/c")), Found::Nothing);
        allow("a/b", 0o755);
        allow(CONFIG_FILE_NAME, 0o666);
        assert_eq!(find(&path("a")), Found::Untrusted(file.clone(), "all users may write it"));
        allow("", 0o777);
        assert_eq!(find(&path("a")), Found::Untrusted(file, "all users may write in its folder"));
    }

    #[test]
    fn the_folder_of_a_path_is_absolute() {
        assert_eq!(folder_of(Path::new("none.txt")).unwrap(), env::current_dir().unwrap());
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir(tree.path().join("a")).unwrap();
        let above = folder_of(&tree.path().join("a/../none.txt")).unwrap();
        assert_eq!(above, fs::canonicalize(tree.path()).unwrap());
    }
}

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
    /// A file of another user, by number.
    Untrusted(PathBuf, u32),
}

/// The nearest `fanjian.toml` of the working tree of a folder.
///
/// The tree ends at a repository, at the home folder, and below a folder of another user or one like /tmp. A file is trusted
/// by its owner alone: where others may write, they can put only files of their own.
pub(crate) fn find(start: &Path) -> Found {
    let home = env::home_dir();
    for folder in start.ancestors() {
        if folder != start && is_of_others(folder) {
            return Found::Nothing;
        }
        let file = folder.join(CONFIG_FILE_NAME);
        // A link to nothing is there, too, and an error when it is read.
        let (link, target) = (fs::symlink_metadata(&file).ok(), fs::metadata(&file).ok());
        if link.is_some() && !target.as_ref().is_some_and(Metadata::is_dir) {
            return match link.iter().chain(&target).find_map(other_owner) {
                Some(owner) => Found::Untrusted(file, owner),
                None => Found::File(file),
            };
        }
        if Some(folder) == home.as_deref() || REPOSITORIES.iter().any(|name| folder.join(name).exists()) {
            return Found::Nothing;
        }
    }
    Found::Nothing
}

/// The owner, if that is neither this user nor root.
#[cfg(unix)]
fn other_owner(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    is_other(rustix::process::geteuid().as_raw(), metadata.uid()).then_some(metadata.uid())
}

#[cfg(not(unix))]
fn other_owner(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
fn is_other(user: u32, owner: u32) -> bool {
    owner != user && owner != 0
}

/// Whether a folder is for others, too: it belongs to another user, or all users may write in it.
#[cfg(unix)]
fn is_of_others(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    fs::metadata(folder).is_ok_and(|folder| is_shared(user, folder.uid(), folder.mode()))
}

#[cfg(not(unix))]
fn is_of_others(_: &Path) -> bool {
    false
}

/// The same by its owner and mode. A folder of the user's own without the sticky bit is not shared: on some mounts, as of
/// WSL, each folder has the mode 777.
#[cfg(unix)]
fn is_shared(user: u32, owner: u32, mode: u32) -> bool {
    is_other(user, owner) || (mode & 0o002 != 0 && (owner != user || mode & 0o1000 != 0))
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
    fn a_shared_folder_belongs_to_another_user_or_is_like_tmp() {
        for user in [7, 0] {
            assert!(!is_shared(user, user, 0o040755) && !is_shared(user, 0, 0o040755));
            assert!(is_shared(user, 8, 0o040755));
            // As on WSL, and as /tmp.
            assert!(!is_shared(user, user, 0o040777));
            assert!(is_shared(user, user, 0o041777) && is_shared(user, 0, 0o041777));
        }
        assert!(is_shared(7, 0, 0o040777));
    }

    #[test]
    fn a_file_of_another_user_is_not_trusted() {
        assert!(!is_other(7, 7) && !is_other(7, 0) && is_other(7, 8) && is_other(0, 8));
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
        allow("", 0o777);
        allow(CONFIG_FILE_NAME, 0o666);
        assert_eq!(find(&path("a/b/c")), Found::File(file.clone()));
        // As /tmp: what is in it is for the files in it alone.
        allow("", 0o1777);
        assert_eq!(find(&path("a")), Found::Nothing);
        assert_eq!(find(&path("")), Found::File(file));
    }

    /// It used to be no file at all.
    #[test]
    fn a_link_to_nothing_is_found() {
        let tree = tempfile::tempdir().unwrap();
        let file = tree.path().join(CONFIG_FILE_NAME);
        std::os::unix::fs::symlink("none", &file).unwrap();
        assert_eq!(find(tree.path()), Found::File(file));
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

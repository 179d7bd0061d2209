//! Identity of files: two paths are of one file if these are the same, wherever the command was started.

use std::{
    fmt::Write as _,
    fs,
    path::{self, Path, PathBuf},
};

use crate::io::identity::is_same_file;

/// The absolute path of a file without symbolic links, whether there is a file yet or not.
pub(crate) fn canonical(path: &Path) -> PathBuf {
    let of_folder = || {
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
    };
    let known = fs::canonicalize(path).ok().or_else(of_folder);
    known.unwrap_or_else(|| path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

/// Whether two paths lead to one file, or would.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    canonical(one) == canonical(other) || is_same_file(one, other)
}

/// A path as text, from which no other path is written: a byte that is not UTF-8 is `%` and its number, and `%` is `%25`.
pub(crate) fn text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            // A string takes all that is written.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_known_from_each_folder_and_before_there_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir(root.join("sub")).unwrap();
        let there = root.join("sub/../a");
        assert_eq!(canonical(&there), root.join("a"));
        fs::write(&there, "").unwrap();
        assert_eq!(canonical(&there), root.join("a"));
        fs::hard_link(root.join("a"), root.join("b")).unwrap();
        assert!(is_same(&there, &root.join("a")) && is_same(&there, &root.join("b")));
        assert!(!is_same(&root.join("a"), &root.join("c")));
        assert!(canonical(Path::new("none/such")).is_absolute());
    }

    #[cfg(unix)]
    #[test]
    fn no_two_paths_have_one_text() {
        use std::os::unix::ffi::OsStrExt;
        let text = |bytes: &[u8]| text(Path::new(std::ffi::OsStr::from_bytes(bytes)));
        assert_eq!(text("书/a b".as_bytes()), "书/a b");
        assert_eq!(text(b"a\xff\xe4\xb8"), "a%FF%E4%B8");
        assert_eq!(text(b"a%FF"), "a%25FF");
        assert_ne!(text(b"\xfe"), text(b"\xff"));
    }
}

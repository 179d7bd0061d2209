//! A temporary tree of files, and the command in it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use snapbox::cmd::{Command, cargo_bin};
use tempfile::TempDir;

/// A temporary folder to run in.
pub(crate) struct Tree(TempDir);

// Each file of tests uses some of them.
#[allow(dead_code)]
impl Tree {
    pub(crate) fn new(files: &[(&str, &[u8])]) -> Tree {
        let tree = Tree(tempfile::tempdir().unwrap());
        for (path, contents) in files {
            tree.write(path, contents);
        }
        tree
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, contents: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> snapbox::cmd::OutputAssert {
        Command::new(cargo_bin!("fanjian"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("NO_COLOR", "1")
            .env("LC_ALL", "C")
            .assert()
    }

    #[track_caller]
    pub(crate) fn has(&self, path: &str, contents: &str) {
        assert_eq!(self.read(path), contents.as_bytes(), "{path}");
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// All files, with their paths, in order.
    pub(crate) fn files(&self) -> Vec<String> {
        fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.is_symlink() {
                    collect(root, &path, files);
                } else {
                    files.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        let mut files = Vec::new();
        collect(self.0.path(), self.0.path(), &mut files);
        files.sort();
        files
    }
}

//! Identity of files, by their metadata alone: to look into a pipe, it would have to be opened, and that waits for its other
//! end.

use std::{
    fs::{File, Metadata},
    io,
    path::Path,
};

/// Whether two paths lead to one file, folder or pipe that is there.
#[cfg(unix)]
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| path.metadata().ok().map(|metadata| id(&metadata));
    id(one).is_some_and(|one| Some(one) == id(other))
}

#[cfg(not(unix))]
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let is_there = |path: &Path| path.is_file() || path.is_dir();
    is_there(one) && is_there(other) && same_file::is_same_file(one, other).unwrap_or(false)
}

#[cfg(unix)]
fn id(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

/// A stream that the process has had from the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Input,
    Output,
    Error,
}

impl Stream {
    /// The file that a shell has put behind it, if that is a regular one.
    pub(crate) fn file(self) -> Option<StreamFile> {
        let file = self.open().ok()?;
        let metadata = file.metadata().ok().filter(Metadata::is_file)?;
        Some(StreamFile { file, metadata })
    }

    #[cfg(unix)]
    fn open(self) -> io::Result<File> {
        use std::os::fd::AsFd;
        let owned = match self {
            Stream::Input => io::stdin().as_fd().try_clone_to_owned(),
            Stream::Output => io::stdout().as_fd().try_clone_to_owned(),
            Stream::Error => io::stderr().as_fd().try_clone_to_owned(),
        };
        owned.map(File::from)
    }

    #[cfg(windows)]
    fn open(self) -> io::Result<File> {
        use std::os::windows::io::AsHandle;
        let owned = match self {
            Stream::Input => io::stdin().as_handle().try_clone_to_owned(),
            Stream::Output => io::stdout().as_handle().try_clone_to_owned(),
            Stream::Error => io::stderr().as_handle().try_clone_to_owned(),
        };
        owned.map(File::from)
    }

    #[cfg(not(any(unix, windows)))]
    fn open(self) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A regular file behind a stream.
#[derive(Debug)]
#[cfg_attr(unix, expect(dead_code, reason = "the file is looked at on other systems"))]
pub(crate) struct StreamFile {
    file: File,
    pub(crate) metadata: Metadata,
}

impl StreamFile {
    /// Whether a path leads to it.
    #[cfg(unix)]
    pub(crate) fn is(&self, path: &Path) -> bool {
        path.metadata().is_ok_and(|metadata| id(&metadata) == id(&self.metadata))
    }

    #[cfg(not(unix))]
    pub(crate) fn is(&self, path: &Path) -> bool {
        let handle = || same_file::Handle::from_file(self.file.try_clone()?);
        let is_same = || Ok::<_, io::Error>(handle()? == same_file::Handle::from_path(path)?);
        path.is_file() && is_same().unwrap_or(false)
    }

    /// Whether both streams have one file.
    #[cfg(unix)]
    pub(crate) fn is_also(&self, other: &StreamFile) -> bool {
        id(&self.metadata) == id(&other.metadata)
    }

    #[cfg(not(unix))]
    pub(crate) fn is_also(&self, other: &StreamFile) -> bool {
        let handle = |file: &File| same_file::Handle::from_file(file.try_clone()?);
        matches!((handle(&self.file), handle(&other.file)), (Ok(one), Ok(other)) if one == other)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, process::Command};

    use super::*;

    /// It used to open both: a pipe without a writer was waited for without end.
    #[test]
    fn a_pipe_is_compared_without_being_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert!(Command::new("mkfifo").arg(path("p")).status().unwrap().success());
        fs::write(path("a"), "").unwrap();
        fs::hard_link(path("a"), path("b")).unwrap();
        fs::write(path("c"), "").unwrap();
        assert!(!is_same_file(&path("p"), &path("a")) && is_same_file(&path("p"), &path("p")));
        assert!(is_same_file(&path("a"), &path("b")) && !is_same_file(&path("a"), &path("c")));
        assert!(!is_same_file(&path("none"), &path("none")));
    }
}

//! Version of a file: by what a change that another program makes is noticed.

use std::{
    fs::{self, Metadata},
    path::Path,
    time::SystemTime,
};

use crate::error::Failure;

/// A file as it was: its length, when it was modified, and which file it is, since editors replace files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    len: u64,
    modified: Option<SystemTime>,
    /// None where the system does not say.
    file: Option<(u64, u64)>,
}

impl Version {
    pub(crate) fn of(metadata: &Metadata) -> Version {
        #[cfg(unix)]
        let file = {
            use std::os::unix::fs::MetadataExt;
            Some((metadata.dev(), metadata.ino()))
        };
        #[cfg(not(unix))]
        let file = None;
        Version { len: metadata.len(), modified: metadata.modified().ok(), file }
    }

    /// An error if the file is another one now. It does not name the file.
    pub(crate) fn check(&self, path: &Path) -> Result<(), Failure> {
        let now = fs::metadata(path).map_err(Failure::unreadable)?;
        match Version::of(&now) == *self {
            true => Ok(()),
            false => Err(Failure::failed("it changed while it was read, and is left as it is")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_and_another_file_of_the_same_length_and_time_are_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        let version = Version::of(&metadata);
        version.check(&path).unwrap();
        fs::write(folder.path().join("b"), "12").unwrap();
        let other = fs::File::options().write(true).open(folder.path().join("b")).unwrap();
        other.set_modified(metadata.modified().unwrap()).unwrap();
        fs::rename(folder.path().join("b"), &path).unwrap();
        #[cfg(unix)]
        assert!(version.check(&path).is_err());
        let version = Version::of(&fs::metadata(&path).unwrap());
        fs::write(&path, "123").unwrap();
        assert!(version.check(&path).is_err());
        fs::remove_file(&path).unwrap();
        assert!(version.check(&path).is_err());
    }
}

//! Source: a file that is read as one of several, and must not change meanwhile.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    error::Failure,
    io::{identity::Stream, input::is_stdin, version::Version},
};

/// An open file, or standard input. Its failures do not name it.
pub(crate) struct Source {
    path: PathBuf,
    pub(crate) reader: Box<dyn Read + Send>,
    /// None for standard input.
    pub(crate) metadata: Option<Metadata>,
}

impl Source {
    /// Opens a file. `is_replaced` is whether it has to be a regular one.
    pub(crate) fn open(path: &Path, is_replaced: bool) -> Result<Source, Failure> {
        let path = path.to_owned();
        if is_stdin(&path) {
            return Ok(Source { path, reader: Box::new(io::stdin()), metadata: None });
        }
        let metadata = fs::metadata(&path).map_err(Failure::unreadable)?;
        if is_replaced && !metadata.is_file() {
            return Err(Failure::failed("it is not a regular file, and cannot be replaced"));
        }
        let reader = Box::new(File::open(&path).map_err(Failure::unreadable)?);
        Ok(Source { path, reader, metadata: Some(metadata) })
    }

    /// Whether it is a regular file, which is the same however it is read; also behind standard input.
    pub(crate) fn is_regular(&self) -> bool {
        match &self.metadata {
            Some(metadata) => metadata.is_file(),
            None => Stream::Input.file().is_some(),
        }
    }

    /// Reads `len` bytes into `piece`; fewer at the end only.
    pub(crate) fn read(&mut self, piece: &mut Vec<u8>, len: usize) -> Result<(), Failure> {
        piece.clear();
        self.reader.by_ref().take(len as u64).read_to_end(piece).map(drop).map_err(Failure::unreadable)
    }

    /// An error if the file has changed since it was opened.
    pub(crate) fn check_unchanged(&self) -> Result<(), Failure> {
        let before = self.metadata.as_ref().filter(|metadata| metadata.is_file());
        before.map_or(Ok(()), |before| Version::of(before).check(&self.path))
    }
}

//! Where text is read from.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::run::Failure;

pub(crate) struct Input {
    name: String,
    reader: Box<dyn Read>,
}

impl Input {
    /// Opens a file; standard input for none, and for `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<Input, Failure> {
        match path.filter(|path| *path != Path::new("-")) {
            None => Ok(Input { name: "standard input".to_owned(), reader: Box::new(io::stdin().lock()) }),
            Some(path) => {
                let name = path.display().to_string();
                let file = File::open(path).map_err(|error| Failure::io("read", &name, &error))?;
                Ok(Input { name, reader: Box::new(file) })
            }
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Reads once; 0 bytes at the end.
    pub(crate) fn read(&mut self, piece: &mut [u8]) -> Result<usize, Failure> {
        loop {
            match self.reader.read(piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result.map_err(|error| Failure::io("read", &self.name, &error)),
            }
        }
    }

    /// An error in what was read.
    pub(crate) fn failure(&self, error: &fanjian::Error) -> Failure {
        Failure::new(format!("{}: {error} (--invalid-utf8 replace or pass converts the rest)", self.name))
    }
}

//! Dictionaries from and to texts, files and bytes.

use std::{fs, path::Path};

use crate::{Container, Dictionary, Entries, Error, bytes::Bytes, compile::body, format::damaged};

impl Dictionary {
    /// Compiles a dictionary in the text format that [`Entries::parse`] reads. `name` is for errors and
    /// explanations.
    ///
    /// # Errors
    ///
    /// Those of [`Entries::parse`] and [`from_entries`](Dictionary::from_entries).
    pub fn from_text(name: &str, text: &str) -> Result<Dictionary, Error> {
        Self::from_entries(name, &Entries::parse(name, text)?)
    }

    /// Compiles these entries.
    ///
    /// Costs time by the size of all keys and values.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](crate::ErrorKind::TooLarge): for a key of more than 4,096 bytes, from 4 GiB on, or from 65,536 distinct first
    /// characters on.
    pub fn from_entries(name: &str, entries: &Entries) -> Result<Dictionary, Error> {
        Self::open(name, Bytes::from_vec(body(name, entries)?)).ok_or_else(|| damaged("its parts do not fit").at(name))
    }

    /// Reads a dictionary from a file, in the text format or compiled: recognized by its contents.
    ///
    /// # Errors
    ///
    /// Those of [`from_text`](Dictionary::from_text) and of [`Container::from_untrusted`];
    /// [`Io`](crate::ErrorKind::Io); [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8) with the line;
    /// [`Damaged`](crate::ErrorKind::Damaged) for a compiled file that does not hold just one dictionary.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Dictionary, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| Error::io("read", path, source))?;
        if Container::recognizes(&bytes) {
            return Self::from_bytes(bytes).map_err(|error| error.at_path(path));
        }
        match str::from_utf8(&bytes) {
            Ok(text) => Self::from_text(&path.display().to_string(), text).map_err(|error| error.at_path(path)),
            Err(error) => {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
                Err(Error::invalid_utf8(&bytes, 0).at_path(path).on_line(line))
            }
        }
    }

    /// Opens one compiled dictionary, as [`to_bytes`](Dictionary::to_bytes) makes it, after checking all of it.
    ///
    /// # Errors
    ///
    /// Those of [`Container::from_untrusted`], and [`Damaged`](crate::ErrorKind::Damaged) for a container that does not hold
    /// just one dictionary.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Dictionary, Error> {
        let container = Container::checksummed(bytes)?;
        let mut names = container.names();
        match (names.next(), names.next()) {
            (Some(name), None) => {
                let dictionary = container.dictionary(name)?;
                dictionary.validate()?;
                Ok(dictionary)
            }
            _ => Err(damaged("it holds several dictionaries, or none, where one is needed")),
        }
    }

    /// The dictionary as a container of its own, to be written to a file.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](crate::ErrorKind::TooLarge), just below 4 GiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        Container::join(&[(self.name(), self.body())])
    }
}

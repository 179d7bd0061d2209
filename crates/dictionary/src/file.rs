//! Dictionaries from and to texts, files and bytes.

use std::{fs::File, io::Read, path::Path};

use crate::{
    Container, Dictionary, DictionaryFormat, Entries, Error, ErrorKind, bytes::Bytes, compile::body, format::damaged,
};

/// The longest file that is read into memory, in bytes. A device may have no end.
const LONGEST: u64 = 256 << 20;

/// Reads a file of words or settings into memory.
///
/// # Errors
///
/// [`Io`](ErrorKind::Io), and [`TooLarge`](ErrorKind::TooLarge) for a file of more than 256 MiB.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let file = File::open(path).map_err(|error| Error::io("read", path, error))?;
    read_all(file, path)
}

/// Reads all that there is of `path` into memory, as [`read_file`] does.
///
/// # Errors
///
/// Those of [`read_file`].
pub fn read_all(reader: impl Read, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    reader.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| Error::io("read", path, error))?;
    if bytes.len() as u64 > LONGEST {
        let message = format!("longer than {} MiB, which is too long for a list of words or settings", LONGEST >> 20);
        return Err(Error::new(ErrorKind::TooLarge, message).at_path(path));
    }
    Ok(bytes)
}

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

    /// Reads a dictionary from a file, in any [format](DictionaryFormat): recognized by its contents.
    ///
    /// # Errors
    ///
    /// Those of [`DictionaryFormat::read`], [`from_entries`](Dictionary::from_entries) and [`Container::from_untrusted`];
    /// [`Io`](crate::ErrorKind::Io); [`TooLarge`](crate::ErrorKind::TooLarge) for a file of more than 256 MiB;
    /// [`Damaged`](crate::ErrorKind::Damaged) for a compiled file that does not hold just one dictionary.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Dictionary, Error> {
        let path = path.as_ref();
        let bytes = read_file(path)?;
        let format = DictionaryFormat::of(&bytes);
        if format == DictionaryFormat::Fanjian {
            return Self::from_bytes(bytes).map_err(|error| error.at_path(path));
        }
        let entries = format.read(path, bytes)?;
        Self::from_entries(&path.display().to_string(), &entries).map_err(|error| error.at_path(path))
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

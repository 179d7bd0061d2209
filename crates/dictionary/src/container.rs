//! The checked reader of containers: see [`format`](crate::format) for the layout.

use std::collections::HashSet;

use crate::{
    Dictionary, Error, ErrorKind,
    bytes::{Bytes, u32_at},
    format::{DIRECTORY, DIRECTORY_ENTRY, SEAL, damaged},
    seal::HEAD,
};

/// Several compiled dictionaries, each with a name.
#[derive(Clone)]
pub struct Container {
    bytes: Bytes,
    directory: Vec<(String, usize, usize)>,
}

impl Container {
    /// Whether these bytes begin as a container does, of whatever version.
    #[must_use]
    pub fn recognizes(bytes: &[u8]) -> bool {
        SEAL.recognizes(bytes)
    }

    /// Opens a container that this crate compiled and that is part of the program, without checking its contents.
    ///
    /// Costs a few reads for each dictionary, whatever their size.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) and [`Version`](ErrorKind::Version) by the header alone. Searching a
    /// container whose contents are not what [`compile`](Container::compile) made may panic: for bytes from elsewhere
    /// there is [`from_untrusted`](Container::from_untrusted).
    pub fn from_static(bytes: &'static [u8]) -> Result<Container, Error> {
        Self::open(Bytes::from_static(bytes))
    }

    /// Opens a container that may be damaged or forged, and checks all of it: checksum, structure, keys and values.
    ///
    /// Costs time by the size of all keys and values.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) and [`Version`](ErrorKind::Version).
    pub fn from_untrusted(bytes: Vec<u8>) -> Result<Container, Error> {
        let container = Self::checksummed(bytes)?;
        let mut names = HashSet::new();
        if let Some((name, ..)) = container.directory.iter().find(|(name, ..)| !names.insert(name)) {
            return Err(damaged(&format!("it has two dictionaries named {name}")));
        }
        for (name, offset, len) in &container.directory {
            container.part(name, *offset, *len)?.validate()?;
        }
        Ok(container)
    }

    /// Opens a container whose header and checksum are right.
    pub(crate) fn checksummed(bytes: Vec<u8>) -> Result<Container, Error> {
        SEAL.open_checked(&bytes)?;
        Self::open(Bytes::from_vec(bytes))
    }

    fn open(bytes: Bytes) -> Result<Container, Error> {
        let all = bytes.as_ref();
        SEAL.open(all)?;
        let cut_off = || damaged("it is cut off");
        let number = |at| u32_at(all, at).map(|number| number as usize).ok_or_else(cut_off);
        let mut directory: Vec<(String, usize, usize)> = Vec::new();
        let mut left = all.len();
        for index in 0..number(HEAD)? {
            let entry = DIRECTORY + index * DIRECTORY_ENTRY;
            // Names and bodies that lie over each other would make a small file long to check and large in memory.
            let len = number(entry + 4)?.saturating_add(number(entry + 12)?);
            left = left.checked_sub(len).ok_or_else(|| damaged("its dictionaries do not fit"))?;
            let name = bytes.part(number(entry)?, number(entry + 4)?).ok_or_else(cut_off)?;
            let name = str::from_utf8(name.as_ref()).map_err(|_| damaged("a dictionary's name is not UTF-8"))?;
            directory.push((name.to_owned(), number(entry + 8)?, number(entry + 12)?));
        }
        Ok(Container { bytes, directory })
    }

    /// All of it, as [`compile`](Container::compile) made it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bytes.as_ref().to_vec()
    }

    /// The names of the dictionaries, in the order in which they were compiled.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.directory.iter().map(|(name, ..)| name.as_str())
    }

    /// The dictionary of this name, which shares the container's bytes.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound), and [`Damaged`](ErrorKind::Damaged) where its parts do not lie within the
    /// container.
    pub fn dictionary(&self, name: &str) -> Result<Dictionary, Error> {
        let Some((name, offset, len)) = self.directory.iter().find(|(other, ..)| other == name) else {
            return Err(Error::new(ErrorKind::NotFound, format!("no dictionary is named {name}")));
        };
        self.part(name, *offset, *len)
    }

    fn part(&self, name: &str, offset: usize, len: usize) -> Result<Dictionary, Error> {
        let body = self.bytes.part(offset, len);
        body.and_then(|body| Dictionary::open(name, body)).ok_or_else(|| damaged("its parts do not fit").at(name))
    }
}

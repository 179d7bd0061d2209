//! The compiled format, version 1: one or more dictionaries in one block of bytes, read in place.
//!
//! All numbers are little-endian.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 8 | `fanjian` and a byte 0x1A |
//! | 8 | 4 | version of the format |
//! | 12 | 4 | CRC-32 of everything from offset 16 on |
//! | 16 | 4 | length of the whole in bytes |
//! | 20 | 4 | number of dictionaries |
//! | 24 | 16 each | directory: offset and length of a dictionary's name, offset and length of its body |
//!
//! A body is six numbers of 4 bytes (entries; bytes of the longest key; lengths of the four parts) and the parts, one
//! after the other: the FST map (crate `fst`, format 3) from key to the offset of its value; the value pool; the index
//! by first character; and the filter of the first two characters. Keys and values are UTF-8.

use std::collections::HashSet;

use crate::{
    Dictionary, Entries, Error, ErrorKind,
    bytes::{Bytes, u32_at},
};

const MAGIC: &[u8; 8] = b"fanjian\x1a";
const VERSION: u32 = 1;
const HEADER: usize = 24;
const CHECKED_FROM: usize = 16;
const DIRECTORY_ENTRY: usize = 16;

/// Several compiled dictionaries, each with a name.
#[derive(Clone)]
pub struct Container {
    bytes: Bytes,
    directory: Vec<(String, usize, usize)>,
}

impl Container {
    /// Compiles these dictionaries, in this order. The same entries give the same bytes.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge) where a dictionary, or all of them, pass 4 GiB, or one has more than 65,535
    /// distinct first characters.
    pub fn compile<'e>(dictionaries: impl IntoIterator<Item = (&'e str, &'e Entries)>) -> Result<Vec<u8>, Error> {
        let bodies = dictionaries
            .into_iter()
            .map(|(name, entries)| Ok((name, crate::dictionary::compile(name, entries)?)))
            .collect::<Result<Vec<_>, Error>>()?;
        Self::join(&bodies)
    }

    pub(crate) fn join<B: AsRef<[u8]>>(bodies: &[(&str, B)]) -> Result<Vec<u8>, Error> {
        let mut directory = Vec::new();
        let mut blocks = Vec::new();
        let start = HEADER + bodies.len() * DIRECTORY_ENTRY;
        for (name, body) in bodies {
            for block in [name.as_bytes(), body.as_ref()] {
                push_number(&mut directory, start + blocks.len())?;
                push_number(&mut directory, block.len())?;
                blocks.extend_from_slice(block);
            }
        }
        let mut checked = Vec::with_capacity(8 + directory.len() + blocks.len());
        push_number(&mut checked, start + blocks.len())?;
        push_number(&mut checked, bodies.len())?;
        checked.extend(directory);
        checked.extend(blocks);

        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&crc32fast::hash(&checked).to_le_bytes());
        bytes.extend(checked);
        Ok(bytes)
    }

    /// Whether these bytes begin as a container does, of whatever version.
    pub fn recognizes(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Opens a container that this crate compiled and that is part of the program, without checking its contents.
    ///
    /// Costs a few reads for each dictionary, whatever their size.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) and [`Version`](ErrorKind::Version) for what the header tells. Searching a
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
        let container = Self::open(Bytes::from_vec(bytes))?;
        let all = container.bytes.as_ref();
        let checked = all.get(CHECKED_FROM..).ok_or_else(|| damaged("it is cut off"))?;
        if u32_at(all, 12) != Some(crc32fast::hash(checked)) {
            return Err(damaged("its checksum does not match its contents"));
        }
        Ok(container)
    }

    fn open(bytes: Bytes) -> Result<Container, Error> {
        let all = bytes.as_ref();
        if !all.starts_with(MAGIC) {
            return Err(damaged("it does not begin as a compiled dictionary does"));
        }
        let cut_off = || damaged("it is cut off");
        let version = u32_at(all, 8).ok_or_else(cut_off)?;
        if version != VERSION {
            let message = format!(
                "format version {version}, while this program reads version {VERSION}: compile the dictionary anew"
            );
            return Err(Error::new(ErrorKind::Version, message));
        }
        let number = |at| u32_at(all, at).map(|number| number as usize).ok_or_else(cut_off);
        if number(16)? != all.len() {
            return Err(damaged(&format!("it has {} bytes and should have {}", all.len(), number(16)?)));
        }
        let mut directory: Vec<(String, usize, usize)> = Vec::new();
        let mut left = all.len();
        for index in 0..number(20)? {
            let entry = HEADER + index * DIRECTORY_ENTRY;
            // Names and bodies that lie over each other would make a small file long to check and large in memory.
            let len = number(entry + 4)?.saturating_add(number(entry + 12)?);
            left = left.checked_sub(len).ok_or_else(|| damaged("its dictionaries do not fit"))?;
            let name = bytes.part(number(entry)?, number(entry + 4)?).ok_or_else(cut_off)?;
            let name = str::from_utf8(name.as_ref()).map_err(|_| damaged("a dictionary's name is not UTF-8"))?;
            directory.push((name.to_owned(), number(entry + 8)?, number(entry + 12)?));
        }
        Ok(Container { bytes, directory })
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

pub(crate) fn damaged(why: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("not a sound compiled dictionary: {why}"))
}

pub(crate) fn push_number(bytes: &mut Vec<u8>, number: usize) -> Result<(), Error> {
    let number = u32::try_from(number).map_err(|_| too_large())?;
    bytes.extend_from_slice(&number.to_le_bytes());
    Ok(())
}

pub(crate) fn too_large() -> Error {
    Error::new(ErrorKind::TooLarge, "the dictionary is larger than the compiled format can hold")
}

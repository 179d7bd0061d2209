//! The compiled format of dictionaries, version 1: one or more of them in one block of bytes, read in place.
//!
//! All numbers are little-endian. Behind the [head](crate::seal):
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 20 | 4 | number of dictionaries |
//! | 24 | 16 each | directory: offset and length of a dictionary's name, offset and length of its body |
//!
//! A body is six numbers of 4 bytes (entries; bytes of the longest key; lengths of the four parts) and the parts, one
//! after the other: the FST map (crate `fst`, format 3) from key to the offset of its value; the value pool; the index
//! by first character; and the filter of the first two characters. Keys and values are UTF-8.

use crate::{
    Error, ErrorKind,
    seal::{HEAD, Seal},
};

pub(crate) const SEAL: Seal = Seal { magic: b"fanjian\x1a", version: 1, what: "compiled dictionary" };
/// The offset of the directory.
pub(crate) const DIRECTORY: usize = HEAD + 4;
pub(crate) const DIRECTORY_ENTRY: usize = 16;

/// The six numbers that a body begins with, in bytes.
pub(crate) const SIZES: usize = 6 * 4;

/// Keys are words and phrases. A stream keeps as many bytes as the longest key has, and a forged dictionary may not make
/// that, or the checks of all its keys, without bounds.
pub(crate) const LONGEST_KEY: usize = 4096;

pub(crate) fn damaged(why: &str) -> Error {
    SEAL.damaged(why)
}

pub(crate) fn push_number(bytes: &mut Vec<u8>, number: usize) -> Result<(), Error> {
    let number = u32::try_from(number).map_err(|_| too_large())?;
    bytes.extend_from_slice(&number.to_le_bytes());
    Ok(())
}

pub(crate) fn too_large() -> Error {
    Error::new(ErrorKind::TooLarge, "the dictionary is larger than the compiled format can hold")
}

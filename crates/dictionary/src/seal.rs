//! The head that all binary forms of the project begin with: what it is, its version, its length, its checksum.
//!
//! All numbers are little-endian.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 8 | magic: seven letters and a byte 0x1A |
//! | 8 | 4 | version of the form |
//! | 12 | 4 | CRC-32 of everything from offset 16 on |
//! | 16 | 4 | length of the whole in bytes |
//! | 20 | | contents |

use crate::{Error, ErrorKind, bytes::u32_at};

/// Where the contents begin.
pub const HEAD: usize = 20;
const CHECKED_FROM: usize = 16;

/// A binary form: what its files begin with.
#[derive(Clone, Copy, Debug)]
pub struct Seal {
    /// The first bytes.
    pub magic: &'static [u8; 8],
    /// The version that this program writes, and the only one that it reads.
    pub version: u32,
    /// What it is, for messages: a noun, such as `compiled dictionary`.
    pub what: &'static str,
}

impl Seal {
    /// Puts the head before the contents.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge) from 4 GiB on.
    pub fn close(&self, contents: &[u8]) -> Result<Vec<u8>, Error> {
        let too_large =
            |_| Error::new(ErrorKind::TooLarge, format!("the {} is larger than its form can hold", self.what));
        let len = u32::try_from(HEAD + contents.len()).map_err(too_large)?;
        let mut bytes = Vec::with_capacity(HEAD + contents.len());
        bytes.extend_from_slice(self.magic);
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&len.to_le_bytes());
        bytes.extend_from_slice(contents);
        let checksum = crc32fast::hash(&bytes[CHECKED_FROM..]);
        bytes[CHECKED_FROM - 4..CHECKED_FROM].copy_from_slice(&checksum.to_le_bytes());
        Ok(bytes)
    }

    /// Whether these bytes begin as this form does, of whatever version.
    #[must_use]
    pub fn recognizes(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(self.magic)
    }

    /// The contents of bytes that are part of the program. Looks at the head alone.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) and [`Version`](ErrorKind::Version).
    pub fn open<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8], Error> {
        if !self.recognizes(bytes) {
            return Err(self.damaged(&format!("it does not begin as a {} does", self.what)));
        }
        let cut_off = || self.damaged("it is cut off");
        let version = u32_at(bytes, 8).ok_or_else(cut_off)?;
        if version != self.version {
            let message = format!(
                "format version {version} of a {}, while this program reads version {}: compile it anew",
                self.what, self.version
            );
            return Err(Error::new(ErrorKind::Version, message));
        }
        let len = u32_at(bytes, 16).ok_or_else(cut_off)? as usize;
        if len != bytes.len() {
            return Err(self.damaged(&format!("it has {} bytes and should have {len}", bytes.len())));
        }
        bytes.get(HEAD..).ok_or_else(cut_off)
    }

    /// As [`open`](Seal::open), for bytes from elsewhere: looks at all of them.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Seal::open), and [`Damaged`](ErrorKind::Damaged) for a wrong checksum.
    pub fn open_checked<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8], Error> {
        let contents = self.open(bytes)?;
        if u32_at(bytes, CHECKED_FROM - 4) != Some(crc32fast::hash(&bytes[CHECKED_FROM..])) {
            return Err(self.damaged("its checksum does not match its contents"));
        }
        Ok(contents)
    }

    /// The error for bytes that are not what they should be.
    #[must_use]
    pub fn damaged(&self, why: &str) -> Error {
        Error::new(ErrorKind::Damaged, format!("not a sound {}: {why}", self.what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_changed_byte_is_noticed() {
        let seal = Seal { magic: b"letters\x1a", version: 3, what: "test" };
        let bytes = seal.close(b"contents").unwrap();
        assert_eq!(seal.open_checked(&bytes).unwrap(), b"contents");
        assert_eq!(seal.open(&bytes).unwrap(), b"contents");
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let kind = seal.open_checked(&changed).unwrap_err().kind();
            assert_eq!(kind, if (8..12).contains(&at) { ErrorKind::Version } else { ErrorKind::Damaged }, "{at}");
            assert!(seal.open_checked(&bytes[..at]).is_err(), "{at}");
        }
    }
}

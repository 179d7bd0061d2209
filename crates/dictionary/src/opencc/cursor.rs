//! Numbers and runs of bytes from a file that may end anywhere.

use crate::{Error, ErrorKind};

/// A place in a file.
pub(super) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    pub(super) fn new(bytes: &'b [u8], at: usize) -> Cursor<'b> {
        Cursor { bytes, at }
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The next bytes, which are those of `what`.
    pub(super) fn take(&mut self, len: usize, what: &str) -> Result<&'b [u8], Error> {
        let taken =
            self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or_else(|| {
                malformed(self.at, &format!("{what} would have {len} bytes, and the file ends before"))
            })?;
        self.at += len;
        Ok(taken)
    }

    /// The next bytes, without a step over them.
    pub(super) fn peek<const N: usize>(&self) -> Option<[u8; N]> {
        self.bytes.get(self.at..)?.first_chunk().copied()
    }

    fn number<const N: usize>(&mut self, what: &str) -> Result<[u8; N], Error> {
        let mut number = [0; N];
        number.copy_from_slice(self.take(N, what)?);
        Ok(number)
    }

    pub(super) fn u16(&mut self, what: &str) -> Result<u16, Error> {
        self.number(what).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, Error> {
        self.number(what).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64, Error> {
        self.number(what).map(u64::from_le_bytes)
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// An error if there is more.
    pub(super) fn expect_end(&self) -> Result<(), Error> {
        match self.left() {
            0 => Ok(()),
            more => Err(malformed(self.at, &format!("{more} bytes follow the last value"))),
        }
    }
}

/// The error for a file that is not what its first bytes say.
pub(super) fn malformed(offset: usize, why: &str) -> Error {
    let message = format!(
        "not a sound binary dictionary of OpenCC's: at offset {offset}, {why}; make it again from its text, \
         as by `opencc_dict -f text -t ocd2`, or use the text"
    );
    Error::new(ErrorKind::Damaged, message).at_offset(offset as u64)
}

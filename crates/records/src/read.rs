//! Options for reading records, whatever their format.

use std::borrow::Cow;

use fanjian::{Error, ErrorKind};

/// Options for reading records: the limit of their length, and the treatment of invalid ones.
///
/// ```
/// use fanjian_records::ReadOptions;
///
/// let options = ReadOptions::default().max_record(1024 * 1024).stop_at_broken(true);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct ReadOptions {
    /// The longest record, in bytes. A longer one is broken. 64 MiB by default.
    pub max_record: usize,
    /// Whether the conversion of a chunk ends at the first broken record.
    pub stop_at_broken: bool,
    /// Whether bytes that are not UTF-8 are replaced by U+FFFD. Otherwise, the record is broken.
    pub replace_invalid: bool,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions { max_record: 64 * 1024 * 1024, stop_at_broken: false, replace_invalid: false }
    }
}

impl ReadOptions {
    /// Sets the longest record, in bytes.
    #[must_use]
    pub fn max_record(mut self, bytes: usize) -> ReadOptions {
        self.max_record = bytes;
        self
    }

    /// Sets whether the conversion of a chunk ends at the first broken record.
    #[must_use]
    pub fn stop_at_broken(mut self, stop: bool) -> ReadOptions {
        self.stop_at_broken = stop;
        self
    }

    /// Sets whether bytes that are not UTF-8 are replaced by U+FFFD.
    #[must_use]
    pub fn replace_invalid(mut self, replace: bool) -> ReadOptions {
        self.replace_invalid = replace;
        self
    }

    /// Decodes a record, or a field of one.
    pub(crate) fn text<'r>(&self, record: &'r [u8]) -> Result<Cow<'r, str>, Error> {
        match simdutf8::basic::from_utf8(record) {
            Ok(text) => Ok(text.into()),
            Err(_) if self.replace_invalid => Ok(String::from_utf8_lossy(record)),
            Err(_) => Err(Error::invalid_utf8(record, 0)),
        }
    }

    /// The error for a record of this many bytes, if that is too long. The length of one that is the last to be read depends on
    /// how much of it was, so the error does not have it.
    pub(crate) fn check_len(&self, len: u64, is_last: bool) -> Result<(), Error> {
        let limit = self.max_record;
        if len <= limit as u64 {
            return Ok(());
        }
        let message = match is_last {
            true => format!("the row is longer than the limit of {limit} bytes"),
            false => format!("the record has {len} bytes, which is more than the limit of {limit}"),
        };
        Err(Error::new(ErrorKind::TooLarge, message))
    }
}

//! OpenCC's binary dictionaries: `.ocd2`, read and written, and the older `.ocd`, read.
//!
//! Both are files that anybody may have made: whatever is in them, reading ends with entries or an error, and takes memory and
//! time by the length of the file.

mod bits;
mod cursor;
mod keys;
mod ocd;
mod trie;
mod values;
mod write;

use self::cursor::{Cursor, malformed};
use crate::{
    Entries, Error,
    format::LONGEST_KEY,
    validate::{ALWAYS_READ, MOST_GROWTH, most_text},
};

/// What a file of `.ocd2` begins with. The trie follows, then the values.
pub(crate) const OCD2_MAGIC: &[u8] = b"OPENCC_MARISA_0.2.5";
/// What a file of `.ocd` begins with.
pub(crate) const OCD_MAGIC: &[u8] = b"OPENCCDARTS1";

/// The entries of an `.ocd2`.
pub(crate) fn read_ocd2(bytes: &[u8]) -> Result<Entries, Error> {
    let mut cursor = Cursor::new(bytes, OCD2_MAGIC.len());
    let trie = trie::Trie::read(&mut cursor)?;
    let values_at = cursor.offset();
    let values = values::read(&mut cursor)?;
    cursor.expect_end()?;
    let keys = trie.keys(&mut Budget::of(bytes))?;
    if keys.len() != values.len() {
        let why = format!("{} keys have {} values", keys.len(), values.len());
        return Err(malformed(values_at, &why));
    }
    let mut entries = Entries::new();
    for (key, candidates) in keys.into_iter().zip(values) {
        insert(&mut entries, values_at, key, candidates)?;
    }
    Ok(entries)
}

pub(crate) use self::{ocd::read as read_ocd, write::write as write_ocd2};

/// Adds an entry. One without a candidate is its own: OpenCC leaves such a key as it is.
fn insert(entries: &mut Entries, offset: usize, key: String, mut candidates: Vec<String>) -> Result<(), Error> {
    if candidates.is_empty() {
        candidates.push(key.clone());
    }
    entries.insert(key, candidates).map_err(|error| malformed(offset, error.message()))
}

/// How much text may still be read.
struct Budget(usize);

impl Budget {
    fn of(bytes: &[u8]) -> Budget {
        Budget(most_text(bytes.len()))
    }

    /// Takes the bytes of a key or a value from what is left. The entry is at `offset`.
    fn spend(&mut self, bytes: usize, offset: usize) -> Result<(), Error> {
        let spent = self.0.checked_sub(bytes);
        self.0 = spent.ok_or_else(|| {
            let most = format!("{MOST_GROWTH} times as long as the file, and than {} MiB", ALWAYS_READ >> 20);
            malformed(offset, &format!("its text would be longer than {most}"))
        })?;
        Ok(())
    }
}

/// A key of these bytes, which are at `offset`.
fn key(bytes: Vec<u8>, offset: usize) -> Result<String, Error> {
    if bytes.len() > LONGEST_KEY {
        return Err(malformed(offset, &format!("a key has more than {LONGEST_KEY} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| malformed(offset, "a key is not UTF-8"))
}

//! The entries of an `.ocd`, which has its keys and values beside its trie.
//!
//! Behind the magic there are the length of the trie, the trie, and then: how many entries there are; the length of all keys and
//! the keys; the length of all values and the values, each key and value ended by a byte 0; and for each entry, how many values
//! it has, and the offsets of its key and of its values. Numbers are little-endian, of 4 bytes, or of 8 where a 64-bit system
//! before OpenCC 1.4 wrote the file.

use super::{
    Budget, OCD_MAGIC,
    cursor::{Cursor, malformed},
    insert, key,
};
use crate::{Entries, Error};

/// The entries of a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Entries, Error> {
    let mut cursor = Cursor::new(bytes, OCD_MAGIC.len());
    let trie = Width::next(&cursor).read(&mut cursor, "the length of the trie")?;
    cursor.take(trie, "the trie")?;
    let width = Width::next(&cursor);
    let count = width.read(&mut cursor, "the number of entries")?;
    let keys = Texts::read(&mut cursor, width, "the keys")?;
    let values = Texts::read(&mut cursor, width, "the values")?;

    let mut entries = Entries::new();
    let mut budget = Budget::of(bytes);
    for _ in 0..count {
        let offset = cursor.offset();
        let candidates = width.read(&mut cursor, "the number of candidates")?;
        let found = keys.at(width.read(&mut cursor, "the offset of a key")?, offset, &mut budget)?;
        let mut texts = Vec::new();
        for _ in 0..candidates {
            let text = values.at(width.read(&mut cursor, "the offset of a value")?, offset, &mut budget)?;
            texts.push(String::from_utf8(text).map_err(|_| malformed(offset, "a value is not UTF-8"))?);
        }
        insert(&mut entries, offset, key(found, offset)?, texts)?;
    }
    cursor.expect_end()?;
    Ok(entries)
}

/// What is behind the trie of a file without entries: three numbers of 4 bytes.
const NO_ENTRIES: usize = 12;

/// How many bytes a number has.
#[derive(Clone, Copy)]
enum Width {
    Four,
    Eight,
}

impl Width {
    /// That of the number that comes next: no file is so long that a number of 8 bytes has any in the upper half, and what
    /// follows one of 4 bytes is not 0, unless there are no entries.
    fn next(cursor: &Cursor<'_>) -> Width {
        match cursor.peek::<8>() {
            Some([.., 0, 0, 0, 0]) if cursor.left() != NO_ENTRIES => Width::Eight,
            _ => Width::Four,
        }
    }

    fn read(self, cursor: &mut Cursor<'_>, what: &str) -> Result<usize, Error> {
        let number = match self {
            Width::Four => u64::from(cursor.u32(what)?),
            Width::Eight => cursor.u64(what)?,
        };
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    }
}

/// Texts that a byte 0 ends.
struct Texts<'b>(&'b [u8]);

impl<'b> Texts<'b> {
    fn read(cursor: &mut Cursor<'b>, width: Width, what: &str) -> Result<Texts<'b>, Error> {
        let len = width.read(cursor, what)?;
        cursor.take(len, what).map(Texts)
    }

    /// The text at `start`, which the number at `offset` names.
    fn at(&self, start: usize, offset: usize, budget: &mut Budget) -> Result<Vec<u8>, Error> {
        let rest = self.0.get(start..).unwrap_or_default();
        let end = rest.iter().position(|&byte| byte == 0);
        let text = end.map(|end| &rest[..end]);
        let text = text.ok_or_else(|| malformed(offset, "a key or a value of the entry has no end"))?;
        budget.spend(text.len(), offset)?;
        Ok(text.to_vec())
    }
}

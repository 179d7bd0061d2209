//! All keys of a matcher, one after the other; and its slots in a form that compresses well.

#[cfg(feature = "compile")]
use fanjian_dictionary::bytes::write_number;
use fanjian_dictionary::{bytes::read_number, utf8::Utf8};

use super::{CODE_BITS, EMPTY, Match, Matcher, Records, empty_slots, pair, put};

/// The pair and the offset of each slot that is in use.
fn used(slots: &[u8]) -> impl Iterator<Item = (u64, usize)> {
    let slots = slots.as_chunks().0.iter().map(|&slot| u64::from_le_bytes(slot));
    let used = slots.filter(|&slot| slot != EMPTY);
    used.map(|slot| (slot & ((1 << (2 * CODE_BITS)) - 1), (slot >> (2 * CODE_BITS)) as usize))
}

/// The two code points of a pair.
fn codes(pair: u64) -> (u32, u32) {
    let code = |bits: u64| bits as u32 & ((1 << CODE_BITS) - 1);
    (code(pair), code(pair >> CODE_BITS))
}

/// Calls `each` with all neighbours in the keys of a matcher.
pub(in crate::tables) fn each_pair(slots: &[u8], records: &[u8], mut each: impl FnMut(Utf8, Utf8)) {
    for (pair, offset) in used(slots) {
        let (first, second) = codes(pair);
        let (Some(first), Some(second)) = (char::from_u32(first), char::from_u32(second)) else { continue };
        let (first, second) = (Utf8::new(first), Utf8::new(second));
        each(first, second);
        let mut records = Records(records.get(offset..).unwrap_or_default());
        while let Some((tail, _)) = records.next() {
            let (mut left, mut at) = (second, 0);
            while at < tail.len() {
                let right = Utf8::at(tail, at);
                each(left, right);
                at += right.len().max(1);
                left = right;
            }
        }
    }
}

/// The pairs of slots, in their order, which is that of their records: how many keys a first character has, its difference
/// from the one before, and the second characters, the first of which is as it is and the others as differences.
#[cfg(feature = "compile")]
pub(in crate::tables) fn pack_slots(slots: &[u8]) -> Vec<u8> {
    let mut used: Vec<_> = used(slots).map(|(pair, offset)| (offset, codes(pair))).collect();
    used.sort_unstable();
    let mut packed = Vec::new();
    let mut last = 0;
    for group in used.chunk_by(|(_, one), (_, next)| one.0 == next.0) {
        let first = group[0].1.0;
        write_number(&mut packed, (first - last) as usize);
        last = first;
        write_number(&mut packed, group.len());
        let mut before = 0;
        for &(_, (_, second)) in group {
            write_number(&mut packed, (second - before) as usize);
            before = second;
        }
    }
    packed
}

/// The slots of these records, of this length in bytes, of what [`pack_slots`] made.
pub(in crate::tables) fn unpack_slots(mut packed: &[u8], len: usize, records: &[u8]) -> Option<Vec<u8>> {
    let mut slots = empty_slots(len / 8);
    let mut left = records;
    let mut first = 0_u32;
    while !packed.is_empty() {
        first = first.checked_add(u32::try_from(read_number(&mut packed)?).ok()?)?;
        let mut second = 0_u32;
        for _ in 0..read_number(&mut packed)? {
            second = second.checked_add(u32::try_from(read_number(&mut packed)?).ok()?)?;
            put(&mut slots, pair(first, second), (records.len() - left.len()) as u64)?;
            let mut own = Records(left);
            while own.next().is_some() {}
            // Behind its last record there are two bytes.
            left = own.0.get(2..)?;
        }
    }
    Some(slots.into_iter().flat_map(u64::to_le_bytes).collect())
}

impl Matcher<'_> {
    /// Calls `each` with all entries: keys, and what they become. With `cuts`, characters alone are those that are keys of a
    /// segmentation.
    pub(in crate::tables) fn each_entry(&self, cuts: bool, mut each: impl FnMut(&str, &str)) {
        let mut value = Vec::new();
        let mut entry = |key: &str, of: Option<&[u8]>| {
            value.clear();
            let found = Match { len: key.len(), value: of };
            self.push(found, key.as_bytes(), &mut value);
            each(key, str::from_utf8(&value).unwrap_or(key));
        };
        self.characters.each(|character, found| {
            let is_entry = if cuts { found.is_key() } else { found.changes(character) };
            if is_entry {
                entry(character.encode_utf8(&mut [0; 4]), None);
            }
        });
        let slots = self.slots.as_flattened();
        for (pair, offset) in used(slots) {
            let (first, second) = codes(pair);
            // A character alone has been among the characters.
            let (Some(first), Some(second)) = (char::from_u32(first), char::from_u32(second)) else { continue };
            let mut records = Records(self.records.get(offset..).unwrap_or_default());
            while let Some((tail, value)) = records.next() {
                let tail = str::from_utf8(tail).unwrap_or_default();
                entry(&format!("{first}{second}{tail}"), value);
            }
        }
    }
}

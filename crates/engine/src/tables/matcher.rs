//! A group of dictionaries as one table, to be searched by the first two characters of its keys at once.
//!
//! An entry that the group's match policies do not choose for its own key, because an earlier dictionary has a shorter key
//! that begins it, is left out. What the group finds is then the longest match among the entries that remain: of all keys
//! that begin a text, one is chosen, and it would be chosen, too, from those alone that begin any key between it and the
//! longest of them. So none of the keys between them is chosen for itself, while it is. (This holds for one dictionary, and
//! for a group, of either policy, of groups for which it holds.)

use fanjian_dictionary::utf8::Utf8;

#[cfg(feature = "compile")]
pub(super) use self::keys::pack_slots;
pub(super) use self::keys::{each_pair, unpack_slots};
use crate::{
    description::{self, Description},
    tables::characters::{Character, Characters},
};

mod keys;

/// In the place of a value's length: the value is that of the key's characters one by one.
const BY_CHARACTERS: u8 = u8::MAX;
/// In the place of a tail's length: no further record.
const END: u8 = u8::MAX;
/// The widths of a slot's parts: two code points, and the offset of the records.
const CODE_BITS: u32 = 21;
const OFFSET_BITS: u32 = 64 - 2 * CODE_BITS;

const EMPTY: u64 = u64::MAX;
/// Slots behind the last place, so that a search need not begin anew: with three slots of four in use, those before a free
/// one are far fewer.
const MORE: usize = 256;
/// No key has more bytes: a pair, and a tail.
pub(super) const LONGEST_KEY: usize = 2 * 4 + END as usize - 1;
/// In the place of a second character: there is none. No code point.
const MISSING: u32 = (1 << CODE_BITS) - 1;

/// The entries of a group.
///
/// The `slots` are a hash table, of open addressing, of the pairs that keys begin with. Each leads to its `records`, those
/// with the longest keys first: the length of the key's tail behind the pair, the length of the value, tail and value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matcher<'b> {
    characters: Characters<'b>,
    slots: &'b [[u8; 8]],
    records: &'b [u8],
}

/// A key found at the beginning of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match<'b> {
    /// The key's length in bytes.
    pub(super) len: usize,
    /// None if the value is that of the key's characters one by one.
    value: Option<&'b [u8]>,
}

impl<'b> Matcher<'b> {
    pub(super) fn new(characters: Characters<'b>, slots: &'b [u8], records: &'b [u8]) -> Matcher<'b> {
        Matcher { characters, slots: slots.as_chunks().0, records }
    }

    /// The longest key that `text`, which is not empty, begins with.
    #[inline]
    pub(super) fn longest(&self, text: &[u8]) -> Option<Match<'b>> {
        let first = Utf8::at(text, 0);
        let character = self.characters.get(first);
        let longer = if character.begins() { self.longer(first, text) } else { None };
        longer.or_else(|| character.is_key().then_some(Match { len: first.len(), value: None }))
    }

    /// The longest key of more than one character, of which this is the first.
    #[inline]
    fn longer(&self, first: Utf8, text: &[u8]) -> Option<Match<'b>> {
        if text.len() <= first.len() {
            return None;
        }
        let second = Utf8::at(text, first.len());
        let mut records = self.records(first.code(), second.code())?;
        let len = first.len() + second.len();
        let rest = text.get(len..)?;
        loop {
            let (tail, value) = records.next()?;
            if rest.starts_with(tail) {
                return Some(Match { len: len + tail.len(), value });
            }
        }
    }

    /// The records of the keys that begin with these two characters.
    #[inline]
    fn records(&self, first: u32, second: u32) -> Option<Records<'b>> {
        let wanted = pair(first, second);
        let slots = self.slots.get(place(wanted, self.slots.len())..)?;
        for slot in slots {
            let slot = u64::from_le_bytes(*slot);
            if (slot ^ wanted) << OFFSET_BITS == 0 {
                return self.records.get((slot >> (2 * CODE_BITS)) as usize..).map(Records);
            }
            if slot == EMPTY {
                break;
            }
        }
        None
    }

    /// Appends the value of a key that `text` begins with.
    #[inline]
    pub(super) fn push(&self, found: Match<'_>, text: &[u8], out: &mut Vec<u8>) {
        match found.value {
            Some(value) => out.extend_from_slice(value),
            None => self.replace_characters(&text[..found.len], out),
        }
    }

    /// Appends the outputs of the characters of `text` one by one.
    pub(super) fn replace_characters(&self, text: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        while at < text.len() {
            at += self.replace_first(&text[at..], out);
        }
    }

    /// Appends the output of the first character of `text`. Returns the character's length.
    #[inline]
    pub(super) fn replace_first(&self, text: &[u8], out: &mut Vec<u8>) -> usize {
        let character = Utf8::at(text, 0);
        self.push_character(character, self.characters.get(character), out);
        character.len()
    }

    /// Appends the output of a character alone.
    #[inline]
    fn push_character(&self, character: Utf8, found: Character, out: &mut Vec<u8>) {
        match found.output(character) {
            Some(output) => output.push(out),
            None => match self.records(character.code(), MISSING).and_then(|mut records| records.next()) {
                Some((_, Some(value))) => out.extend_from_slice(value),
                _ => character.push(out),
            },
        }
    }

    /// Appends `text` with the longest match at each place replaced.
    pub(super) fn replace(&self, text: &[u8], out: &mut Vec<u8>) {
        let mut rest = text;
        while !rest.is_empty() {
            let len = self.replace_next(rest, out);
            rest = rest.get(len..).unwrap_or_default();
        }
    }

    /// The same for text that may have ideographic description sequences, which are copied.
    pub(super) fn replace_around_descriptions(&self, text: &str, out: &mut Vec<u8>) {
        let mut rest = text;
        while !rest.is_empty() {
            let len = match description::read(rest) {
                Description::Complete(len) => {
                    out.extend_from_slice(&rest.as_bytes()[..len]);
                    len
                }
                _ => self.replace_next(rest.as_bytes(), out),
            };
            rest = rest.get(len..).unwrap_or_default();
        }
    }

    /// Appends what the longest key that `rest` begins with, or its first character, becomes. Returns the length of that.
    #[inline]
    pub(super) fn replace_next(&self, rest: &[u8], out: &mut Vec<u8>) -> usize {
        let first = Utf8::at(rest, 0);
        let character = self.characters.get(first);
        let longer = if character.begins() { self.longer(first, rest) } else { None };
        match longer {
            Some(found) => {
                self.push(found, rest, out);
                found.len
            }
            None => {
                self.push_character(first, character, out);
                first.len()
            }
        }
    }
}

/// The tails and values of the keys that begin with one pair.
struct Records<'b>(&'b [u8]);

impl<'b> Records<'b> {
    #[inline]
    fn next(&mut self) -> Option<(&'b [u8], Option<&'b [u8]>)> {
        let [tail, value, rest @ ..] = self.0 else { return None };
        if *tail == END {
            return None;
        }
        let (tail, rest) = rest.split_at_checked(usize::from(*tail))?;
        let (value, rest) = match *value {
            BY_CHARACTERS => (None, rest),
            len => rest.split_at_checked(usize::from(len)).map(|(value, rest)| (Some(value), rest))?,
        };
        self.0 = rest;
        Some((tail, value))
    }
}

/// Two code points as the low bits of a slot.
#[inline]
fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) | u64::from(second) << CODE_BITS
}

/// The slot that a pair is in, or the first of those before it that are not free.
#[inline]
fn place(pair: u64, slots: usize) -> usize {
    let mixed = pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    ((mixed * slots.saturating_sub(MORE) as u64) >> 32) as usize
}

/// Slots in which none is in use.
fn empty_slots(count: usize) -> Vec<u64> {
    vec![EMPTY; count]
}

/// Puts a pair and the offset of its records into the first free slot from its place on. None if there is none.
fn put(slots: &mut [u64], pair: u64, offset: u64) -> Option<()> {
    let start = place(pair, slots.len());
    let slot = slots.get_mut(start..)?.iter_mut().find(|slot| **slot == EMPTY)?;
    *slot = pair | offset << (2 * CODE_BITS);
    Some(())
}

#[cfg(feature = "compile")]
pub(super) mod writer {
    //! Makes slots and records, in the form that is read above.

    use std::collections::BTreeMap;

    use fanjian_dictionary::Group;

    use super::*;
    use crate::tables::characters::writer::{Description, Output, Pages};

    /// Slots for each three pairs.
    const SLOTS: usize = 4;

    /// The parts of a matcher, as bytes.
    #[derive(Debug, Default)]
    pub(in crate::tables) struct Parts {
        pub(in crate::tables) directory: Vec<u8>,
        pub(in crate::tables) slots: Vec<u8>,
        pub(in crate::tables) records: Vec<u8>,
    }

    /// What of a key is behind its first two characters, and its value, where that is not by characters.
    type TailAndValue<'e> = (&'e str, Option<&'e str>);

    /// What the group chooses: its keys and their first candidates.
    pub(in crate::tables) fn chosen(group: &Group) -> BTreeMap<String, String> {
        let mut entries: Vec<(String, String)> = Vec::new();
        for (index, dictionary) in group.dictionaries().into_iter().enumerate() {
            dictionary.for_each_entry(|key, value| {
                if index == 0 {
                    // Whatever the policies, none comes before those of the first dictionary.
                    entries.push((key.to_owned(), value.to_owned()));
                } else if let Some(found) = group.search(key).found.filter(|found| found.len == key.len()) {
                    entries.push((key.to_owned(), found.first().to_owned()));
                }
            });
        }
        entries.into_iter().collect()
    }

    impl Parts {
        /// The matcher of these entries, in which other characters become what `alone` says. None if they do not fit the
        /// widths of the numbers.
        pub(in crate::tables) fn compile(
            entries: &BTreeMap<String, String>,
            alone: &BTreeMap<char, String>,
            cuts: bool,
            pages: &mut Pages,
        ) -> Option<Parts> {
            let by_characters = |key: &str, value: &str| {
                let mut rest = Some(value);
                for character in key.chars() {
                    rest = match alone.get(&character) {
                        Some(output) => rest.and_then(|rest| rest.strip_prefix(output.as_str())),
                        None => rest.and_then(|rest| rest.strip_prefix(character)),
                    };
                }
                rest == Some("")
            };
            let mut descriptions: BTreeMap<char, Description> = BTreeMap::new();
            // By the first two characters, the second of which may be missing; with what follows them.
            let mut pairs: BTreeMap<(u32, u32), Vec<TailAndValue<'_>>> = BTreeMap::new();
            for (&character, output) in alone {
                let mut characters = output.chars();
                let output = match (characters.next(), characters.next()) {
                    (Some(output), None) => Output::Character(output),
                    _ => {
                        pairs.entry((character as u32, MISSING)).or_default().push(("", Some(output)));
                        Output::Fallback
                    }
                };
                if output != Output::Character(character) {
                    descriptions.entry(character).or_default().output = Some(output);
                }
            }
            for (key, value) in entries {
                let mut characters = key.chars();
                let first = characters.next()?;
                let description = descriptions.entry(first).or_default();
                let Some(second) = characters.next() else {
                    description.is_key = cuts;
                    continue;
                };
                description.begins = true;
                let value = (!by_characters(key, value)).then_some(value.as_str());
                pairs.entry((first as u32, second as u32)).or_default().push((characters.as_str(), value));
            }
            let mut parts = Parts { directory: pages.add(&descriptions)?, ..Parts::default() };
            let mut slots = empty_slots((pairs.len() * SLOTS).div_ceil(3) + MORE + 1);
            for ((first, second), mut records) in pairs {
                let offset = parts.records.len() as u64;
                put(&mut slots, pair(first, second), offset)?;
                (offset >> OFFSET_BITS == 0).then_some(())?;

                records.sort_by_key(|(tail, _)| std::cmp::Reverse(tail.len()));
                for (tail, value) in records {
                    let len = |text: &str| u8::try_from(text.len()).ok().filter(|&len| len != u8::MAX);
                    parts.records.push(len(tail)?);
                    parts.records.push(value.map_or(Some(BY_CHARACTERS), len)?);
                    parts.records.extend_from_slice(tail.as_bytes());
                    parts.records.extend_from_slice(value.unwrap_or("").as_bytes());
                }
                parts.records.extend([END, 0]);
            }
            parts.slots = slots.into_iter().flat_map(u64::to_le_bytes).collect();
            Some(parts)
        }
    }
}

use std::{fmt, sync::Arc};

use fst::{Streamer, raw::Fst};

use crate::{
    Entries, Error,
    bytes::{Bytes, u32_at},
    first_character,
    format::{SIZES, damaged},
    pairs, validate, values,
};

/// A compiled dictionary: finds the longest key that a text begins with, and its candidates.
///
/// Cheap to clone: the clones share the tables.
#[derive(Clone)]
pub struct Dictionary(Arc<Tables>);

struct Tables {
    name: String,
    body: Bytes,
    fst: Fst<Bytes>,
    values: Bytes,
    index: Bytes,
    /// How many words the index has.
    words: usize,
    pairs: Bytes,
    entries: usize,
    longest_key: usize,
}

/// What a search found at the beginning of a text: see [`Dictionary::longest_match`] and [`Group::search`](crate::Group::search).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Search<'d> {
    /// The entry that is chosen: of one dictionary, that with the longest key. None if no key begins the text.
    pub found: Option<Found<'d>>,
    /// Whether the whole text begins a longer key: with more text behind it, the answer could be another.
    pub open: bool,
}

/// An entry that a dictionary holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Found<'d> {
    /// The key's length in bytes.
    pub len: usize,
    /// The dictionary.
    pub dictionary: &'d Dictionary,
    /// The offset of its candidates.
    value: u32,
}

impl<'d> Found<'d> {
    /// The entry's first candidate: what a conversion puts in the key's place.
    #[inline]
    #[must_use]
    pub fn first(&self) -> &'d str {
        self.dictionary.first(self.value)
    }

    /// All candidates, the first one first. At least one.
    pub fn candidates(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        self.dictionary.candidates(self.value)
    }
}

impl Search<'_> {
    /// No entry.
    pub(crate) const fn nothing(open: bool) -> Self {
        Search { found: None, open }
    }
}

impl Dictionary {
    pub(crate) fn open(name: &str, body: Bytes) -> Option<Dictionary> {
        let header = body.as_ref();
        let number = |index: usize| u32_at(header, index * 4).map(|number| number as usize);
        let mut offset = SIZES;
        let mut part = |index| {
            let len = number(index)?;
            let part = body.part(offset, len)?;
            offset += len;
            Some(part)
        };
        let (fst, values, index, pairs) = (part(2)?, part(3)?, part(4)?, part(5)?);
        if offset != header.len() || !pairs::is_sound(pairs.as_ref()) {
            return None;
        }
        Some(Dictionary(Arc::new(Tables {
            name: name.to_owned(),
            fst: Fst::new(fst).ok()?,
            values,
            words: first_character::words(index.as_ref())?,
            index,
            pairs,
            entries: number(0)?,
            longest_key: number(1)?,
            body,
        })))
    }

    /// Checks everything that [`open`](Dictionary::open) takes on trust.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let fail = |why: &str| Err(damaged(why).at(&self.0.name));
        let Some(fst) = validate::fst(self.0.fst.as_bytes()) else {
            return fail("a node of its FST lies outside of it");
        };
        let Some(contents) = validate::contents(&fst, self.0.values.as_ref(), self.0.entries) else {
            return fail("its keys and values do not belong together");
        };
        if (contents.entries, contents.longest_key) != (self.0.entries, self.0.longest_key) {
            return fail("it does not have the number of entries, or the longest key, that it says");
        }
        if first_character::build(&fst).as_deref() != Some(self.0.index.as_ref()) {
            return fail("its index by first character does not match its keys");
        }
        if pairs::build(contents.pairs.iter().copied()) != self.0.pairs.as_ref() {
            return fail("its filter of first characters does not match its keys");
        }
        Ok(())
    }

    /// All parts, as they lie in a container.
    pub(crate) fn body(&self) -> &[u8] {
        self.0.body.as_ref()
    }

    /// The dictionary's name: the file it was read from, or the name it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether another dictionary has the same entries, with the same candidates. Their names may differ.
    #[must_use]
    pub fn has_entries_of(&self, other: &Dictionary) -> bool {
        let (body, others) = (self.body(), other.body());
        std::ptr::eq(body, others) || body == others
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries
    }

    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries == 0
    }

    /// The longest key that `text` begins with, and whether more text could make it longer.
    ///
    /// Costs two reads for a character that begins no key, and a walk over the key's bytes otherwise.
    #[inline]
    #[must_use]
    pub fn longest_match(&self, text: &str) -> Search<'_> {
        let mut characters = text.chars();
        let Some(character) = characters.next() else {
            return Search::nothing(!self.is_empty());
        };
        let Some(first) = first_character::look_up(self.0.index.as_ref(), self.0.words, character) else {
            return Search::nothing(false);
        };
        let len = character.len_utf8();
        let found = first.value.map(|value| Found { len, dictionary: self, value });
        match (first.longer, characters.next()) {
            (Some(longer), Some(second)) if pairs::may_begin(self.0.pairs.as_ref(), character, second) => {
                self.walk(longer, text, len, found)
            }
            (Some(_), None) => Search { found, open: true },
            _ => Search { found, open: false },
        }
    }

    /// Looks for keys longer than the first `len` bytes of `text`, which have led to `node`.
    fn walk<'d>(
        &'d self,
        (node, output): (u32, u32),
        text: &str,
        len: usize,
        mut found: Option<Found<'d>>,
    ) -> Search<'d> {
        let mut node = self.0.fst.node(node as usize);
        let mut output = u64::from(output);
        for (index, &byte) in text.as_bytes().iter().enumerate().skip(len) {
            let Some(transition) = node.find_input(byte) else {
                return Search { found, open: false };
            };
            let transition = node.transition(transition);
            output += transition.out.value();
            node = self.0.fst.node(transition.addr);
            if node.is_final() {
                let value = (output + node.final_output().value()) as u32;
                found = Some(Found { len: index + 1, dictionary: self, value });
            }
        }
        Search { found, open: !node.is_empty() }
    }

    /// The characters that begin a key, as bits: bit b of the word w, both counted from 0, stands for the code point
    /// 64 w + b.
    pub fn first_characters(&self) -> impl Iterator<Item = u64> {
        first_character::bits(self.0.index.as_ref(), self.0.words)
    }

    /// The entry of exactly this key. None if there is none.
    ///
    /// ```
    /// # use fanjian_dictionary::Dictionary;
    /// let dictionary = Dictionary::from_text("mine", "干\t幹 乾 干\n")?;
    /// assert_eq!(dictionary.get("干").unwrap().candidates().collect::<Vec<_>>(), ["幹", "乾", "干"]);
    /// assert!(dictionary.get("幹").is_none());
    /// # Ok::<(), fanjian_dictionary::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Found<'_>> {
        let value = self.0.fst.get(key)?.value() as u32;
        Some(Found { len: key.len(), dictionary: self, value })
    }

    /// Whether there is an entry of exactly this key.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.0.fst.contains_key(key)
    }

    #[inline]
    fn first(&self, value: u32) -> &str {
        values::Candidates::at(self.0.values.as_ref(), value as usize)
            .and_then(|mut candidates| candidates.next())
            .unwrap_or("")
    }

    fn candidates(&self, value: u32) -> impl Iterator<Item = &str> {
        values::Candidates::at(self.0.values.as_ref(), value as usize).into_iter().flatten()
    }

    /// Calls `found` with each key and its first candidate, in the order of the keys' bytes: at a fraction of the costs of
    /// [`to_entries`](Self::to_entries).
    pub fn for_each_entry(&self, mut found: impl FnMut(&str, &str)) {
        let mut stream = self.0.fst.stream();
        while let Some((key, offset)) = stream.next() {
            debug_assert!(str::from_utf8(key).is_ok(), "keys are text");
            found(str::from_utf8(key).unwrap_or_default(), self.first(offset.value() as u32));
        }
    }

    /// All entries, in the order of their keys' bytes.
    #[must_use]
    pub fn to_entries(&self) -> Entries {
        let mut entries = Entries::new();
        let mut stream = self.0.fst.stream();
        while let Some((key, offset)) = stream.next() {
            let key = String::from_utf8_lossy(key);
            let added = entries.insert(key, self.candidates(offset.value() as u32));
            debug_assert!(added.is_ok(), "the keys of an FST are unique, and no value is without candidates");
        }
        entries
    }

    /// How many times as long as its key a value is at most, rounded up; at least 1. Takes a look at all entries.
    #[must_use]
    pub fn growth(&self) -> u64 {
        let mut growth = 1;
        let mut stream = self.0.fst.stream();
        while let Some((key, offset)) = stream.next() {
            let value = self.candidates(offset.value() as u32).next().map_or(0, str::len);
            growth = growth.max(value.div_ceil(key.len().max(1)) as u64);
        }
        growth
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dictionary")
            .field("name", &self.0.name)
            .field("entries", &self.0.entries)
            .finish_non_exhaustive()
    }
}

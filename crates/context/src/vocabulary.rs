//! Words that a region has others for, found as words of their own.

use std::ops::Range;

use fanjian_dictionary::Error;

use crate::{
    characters::Class,
    hashed::{Numbers, Set, mix},
    phrases::{LONGEST_WORD, wholes},
    tables::Reader,
};

/// The words of a target, and those that they must not be found in.
#[derive(Clone, Debug)]
pub(crate) struct Words<'b> {
    /// A bit for each class that begins a word.
    first: Box<[u64; FIRST]>,
    /// By the first two characters of words: their lengths, as bits.
    starts: Numbers<'b>,
    /// To the place of the value, and above it whether the region has the word itself, too, in another sense.
    words: Numbers<'b>,
    values: Vec<&'b str>,
    /// Words that reach over an edge of one of the words, or hold one.
    blocking: Set<'b>,
}

/// A bit for each class, in words of 64.
const FIRST: usize = 0x1_0000 / 64;

/// The bit that marks a word which the region uses, too.
const SHARED: u32 = 1 << 31;

/// A word that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'b> {
    /// Its length in characters.
    pub(crate) len: usize,
    pub(crate) value: &'b str,
}

impl<'b> Words<'b> {
    pub(crate) fn read(reader: &mut Reader<'b>) -> Result<Words<'b>, Error> {
        let mut first = Box::new([0; FIRST]);
        for class in reader.classes()? {
            first[usize::from(class) / 64] |= 1 << (class % 64);
        }
        let (starts, words) = (reader.numbers()?, reader.numbers()?);
        let values = reader.text()?.split('\n').collect();
        Ok(Words { first, starts, words, values, blocking: reader.set()? })
    }

    /// The words that begin at one of the places of a line, in order, each with its place: none overlaps another.
    #[inline]
    pub(crate) fn all(
        &self,
        classes: &[Class],
        places: Range<usize>,
        is_native: bool,
    ) -> impl Iterator<Item = (usize, Found<'b>)> {
        let mut end = 0;
        places.filter_map(move |at| {
            let class = classes[at];
            if self.first[usize::from(class) / 64] >> (class % 64) & 1 == 0 || at < end {
                return None;
            }
            let found = self.find(classes, at, is_native)?;
            end = at + found.len;
            Some((at, found))
        })
    }

    /// Where the first of the words begins that reach over the end of these places, or over the beginning of one that
    /// does. None if there is none, or if such words leave less than half of the places.
    pub(crate) fn start_across(&self, classes: &[Class], places: Range<usize>) -> Option<usize> {
        let mut end = places.end;
        let across = |end: usize| {
            let mut starts = end.saturating_sub(LONGEST_WORD - 1).max(places.start)..end;
            starts.find(|&at| self.find(classes, at, false).is_some_and(|found| at + found.len > end))
        };
        while let Some(start) = across(end) {
            end = start;
        }
        (end < places.end && end >= places.start + places.len() / 2).then_some(end)
    }

    /// The longest word that begins at a place of a line, where it is a word of its own: no other word reaches over one of
    /// its edges, or holds it.
    fn find(&self, classes: &[Class], at: usize, is_native: bool) -> Option<Found<'b>> {
        let [first, second] = *classes[at..].first_chunk()?;
        let lengths = self.starts.number(start(first, second))?;
        let run = &classes[at..classes.len().min(at + LONGEST_WORD)];
        let hashes = wholes(run);
        let is_word = |&len: &usize| lengths >> len & 1 == 1;
        let (len, value) =
            (1..=run.len()).rev().filter(is_word).find_map(|len| Some((len, self.words.number(hashes[len])?)))?;
        if (is_native && value & SHARED != 0) || self.is_part(classes, at, at + len) {
            return None;
        }
        Some(Found { len, value: self.values.get((value & !SHARED) as usize).copied()? })
    }

    fn is_part(&self, classes: &[Class], start: usize, end: usize) -> bool {
        (start.saturating_sub(LONGEST_WORD - 1)..end).any(|from| {
            let run = &classes[from..classes.len().min(from + LONGEST_WORD)];
            let hashes = wholes(run);
            // From before the word on, one that reaches into it; from its first character, a longer one; from within it, one
            // that reaches out.
            let shortest = match from {
                _ if from < start => start + 1,
                _ => end + 1,
            };
            (shortest - from..=run.len()).any(|len| len > 1 && self.blocking.contains(hashes[len]))
        })
    }
}

/// The hash of a word's first two characters.
#[inline]
fn start(first: Class, second: Class) -> u64 {
    mix(u64::from(first) << 16 | u64::from(second) | 1 << 40)
}

#[cfg(feature = "compile")]
pub(crate) use self::writer::Builder;

#[cfg(feature = "compile")]
mod writer {
    //! Collects words.

    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{
        hashed::writer::{compile_numbers, compile_set},
        phrases::whole,
        tables::writer::Writer,
    };

    /// The words as they are collected.
    #[derive(Default)]
    pub(crate) struct Builder {
        first: BTreeSet<Class>,
        starts: BTreeMap<u64, u32>,
        words: Vec<(u64, u32)>,
        values: Vec<String>,
        blocking: Vec<u64>,
    }

    impl Builder {
        /// A word of two characters or more, its value, and whether the region has the word itself, too.
        pub(crate) fn word(&mut self, key: &[Class], value: &str, is_shared: bool) {
            if let [first, second, ..] = *key
                && key.len() <= LONGEST_WORD
            {
                self.first.insert(first);
                *self.starts.entry(start(first, second)).or_default() |= 1 << key.len();
                let shared = if is_shared { SHARED } else { 0 };
                self.words.push((whole(key), self.values.len() as u32 | shared));
                self.values.push(value.to_owned());
            }
        }

        /// A word in which none of the blocking is found.
        pub(crate) fn block(&mut self, key: &[Class]) {
            if key.len() <= LONGEST_WORD {
                self.blocking.push(whole(key));
            }
        }

        pub(crate) fn write(&self, out: &mut Writer) {
            out.classes(&self.first);
            let starts: Vec<_> = self.starts.iter().map(|(&hash, &lengths)| (hash, lengths)).collect();
            out.bytes(&compile_numbers(&starts));
            out.bytes(&compile_numbers(&self.words));
            out.bytes(self.values.join("\n").as_bytes());
            out.bytes(&compile_set(&self.blocking));
        }
    }
}

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
    /// The classes that begin a word, those that are second in one, and those that are a word.
    first: Classes,
    second: Classes,
    alone: Classes,
    /// By the first two characters of words: their lengths, as bits.
    starts: Numbers<'b>,
    /// To an [`Entry`].
    words: Numbers<'b>,
    values: Vec<&'b str>,
    /// Words that reach over the beginning of one of the words, and under other hashes those that reach over the end of one;
    /// none longer than this.
    blocking: Set<'b>,
    longest_blocking: usize,
    senses: &'b [[u8; SENSE]],
    topics: Topics<'b>,
}

/// The words that show what a segment is about.
#[derive(Clone, Debug)]
struct Topics<'b> {
    first: Classes,
    starts: Numbers<'b>,
    /// To the topics of a word, one a byte; 0 is none.
    words: Numbers<'b>,
}

/// A bit for each class, in words of 64.
#[derive(Clone, Debug)]
struct Classes(Box<[u64; 0x1_0000 / 64]>);

/// How many topics a word can be of, and a sense can ask for to either side.
const TOPICS: usize = 4;
/// The bytes of a sense: the topics in which a word is replaced, and those in which it stays.
const SENSE: usize = 2 * TOPICS;

/// How many words of each topic are in a segment.
type Counts = [u16; 256];

/// What is known of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry(u32);

impl Entry {
    /// It stays: it is the region's own.
    const STAYS: u32 = 1 << 31;
    /// The region uses it, too: it stays in text of the target's script.
    const SHARED: u32 = 1 << 30;
    /// Where its sense, counted from 1, begins. Below is the place of its value.
    const SENSE: u32 = 20;

    fn is(self, flag: u32) -> bool {
        self.0 & flag != 0
    }

    fn value(self) -> usize {
        (self.0 & ((1 << Entry::SENSE) - 1)) as usize
    }

    fn sense(self) -> Option<usize> {
        ((self.0 & (Entry::SHARED - 1)) >> Entry::SENSE).checked_sub(1).map(|sense| sense as usize)
    }
}

/// A word at a place of a line.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Its length in characters.
    len: usize,
    entry: Entry,
    hash: u64,
}

/// What the characters of a segment say of its script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Some are of the other script alone.
    Foreign,
    /// Undecidable.
    Either,
    /// Some are of the target's script alone, and none of the other.
    Native,
}

/// A word that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'b> {
    /// Its length in characters.
    pub(crate) len: usize,
    pub(crate) value: &'b str,
}

impl Classes {
    fn read(reader: &mut Reader<'_>) -> Result<Classes, Error> {
        let mut bits = Box::new([0; 0x1_0000 / 64]);
        for class in reader.classes()? {
            bits[usize::from(class) / 64] |= 1 << (class % 64);
        }
        Ok(Classes(bits))
    }

    #[inline]
    fn has(&self, class: Class) -> bool {
        self.0[usize::from(class) / 64] >> (class % 64) & 1 == 1
    }
}

impl<'b> Words<'b> {
    pub(crate) fn read(reader: &mut Reader<'b>) -> Result<Words<'b>, Error> {
        let [first, second, alone] = [Classes::read(reader)?, Classes::read(reader)?, Classes::read(reader)?];
        let (starts, words) = (reader.numbers()?, reader.numbers()?);
        let values = reader.text()?.split('\n').collect();
        let (blocking, [longest]) = (reader.set()?, reader.array()?);
        let longest_blocking = usize::from(longest).min(LONGEST_WORD);
        let senses = reader.records()?;
        let topics = Topics { first: Classes::read(reader)?, starts: reader.numbers()?, words: reader.numbers()? };
        Ok(Words { first, second, alone, starts, words, values, blocking, longest_blocking, senses, topics })
    }

    /// The words that begin at one of the places of a line, in order, each with its place: none overlaps another.
    #[inline]
    pub(crate) fn all(
        &self,
        classes: &[Class],
        places: Range<usize>,
        script: Script,
    ) -> impl Iterator<Item = (usize, Found<'b>)> {
        let mut end = 0;
        let mut counts = None;
        places.clone().filter_map(move |at| {
            if !self.first.has(classes[at]) || at < end {
                return None;
            }
            let Known { len, entry, hash } = self.find(classes, at)?;
            end = at + len;
            let is_replaced = match entry.sense() {
                _ if entry.is(Entry::STAYS) => false,
                Some(sense) => {
                    script != Script::Native && {
                        let counts = counts.get_or_insert_with(|| {
                            self.topics
                                .count(classes, places.clone(), |part| self.is_cut(classes, part.start, part.end))
                        });
                        self.has_sense(sense, hash, counts)
                    }
                }
                None => script != Script::Native || !entry.is(Entry::SHARED),
            };
            let value = self.values.get(entry.value()).copied().filter(|_| is_replaced)?;
            Some((at, Found { len, value }))
        })
    }

    /// Where the first of the words begins that reach over the end of these places, or over the beginning of one that
    /// does. None if there is none, or if such words leave less than half of the places.
    pub(crate) fn start_across(&self, classes: &[Class], places: Range<usize>) -> Option<usize> {
        let mut end = places.end;
        let across = |end: usize| {
            let mut starts = end.saturating_sub(LONGEST_WORD - 1).max(places.start)..end;
            starts.find(|&at| self.find(classes, at).is_some_and(|found| at + found.len > end))
        };
        while let Some(start) = across(end) {
            end = start;
        }
        (end < places.end && end >= places.start + places.len() / 2).then_some(end)
    }

    /// The longest word that begins at a place of a line, where it is a word of its own: no other one that is as long
    /// reaches over one of its edges.
    #[inline]
    fn find(&self, classes: &[Class], at: usize) -> Option<Known> {
        let first = classes[at];
        let second = classes.get(at + 1).filter(|&&second| self.second.has(second));
        let pair = second.and_then(|&second| self.starts.number(start(first, second)));
        let lengths = pair.unwrap_or(0) | u32::from(self.alone.has(first)) << 1;
        if lengths == 0 { None } else { self.longest(classes, at, lengths) }
    }

    /// The longest word of one of these lengths, as [`find`](Self::find) has it.
    #[inline(never)]
    fn longest(&self, classes: &[Class], at: usize, lengths: u32) -> Option<Known> {
        let run = &classes[at..classes.len().min(at + LONGEST_WORD)];
        let hashes = wholes(run);
        let is_word = |&len: &usize| lengths >> len & 1 == 1;
        let (len, entry) =
            (1..=run.len()).rev().filter(is_word).find_map(|len| Some((len, self.words.number(hashes[len])?)))?;
        (!self.is_cut(classes, at, at + len)).then_some(Known { len, entry: Entry(entry), hash: hashes[len] })
    }

    /// Whether a word that is as long as these places reaches over their beginning or their end.
    fn is_cut(&self, classes: &[Class], start: usize, end: usize) -> bool {
        let longest = self.longest_blocking;
        if end - start > longest {
            return false;
        }
        (start.saturating_sub(longest.saturating_sub(1))..end).any(|from| {
            let run = &classes[from..classes.len().min(from + longest)];
            // From before the word on, one that ends within it; from within it, one that reaches out.
            let lengths = match from {
                _ if from < start => start + 1 - from..end - from,
                _ if from == start => return false,
                _ => end + 1 - from..run.len() + 1,
            };
            let lengths = lengths.start.max(end - start).max(2)..lengths.end.min(run.len() + 1);
            if lengths.is_empty() {
                return false;
            }
            let hashes = wholes(&run[..lengths.end - 1]);
            let side = if from < start { BEFORE } else { BEHIND };
            lengths.into_iter().any(|len| self.blocking.contains(hashes[len] ^ side))
        })
    }

    /// Whether a word is meant in the sense that the region has another one for, by the other words of its segment.
    fn has_sense(&self, sense: usize, word: u64, counts: &Counts) -> bool {
        let Some((topics, others)) = self.senses.get(sense).and_then(|sense| sense.split_at_checked(TOPICS)) else {
            return false;
        };
        let own = self.topics.words.number(word).unwrap_or(0).to_le_bytes();
        let of_topic =
            |&topic: &u8| counts[usize::from(topic)].saturating_sub((topic != 0 && own.contains(&topic)).into());
        let count = |topics: &[u8]| topics.iter().map(of_topic).sum::<u16>();
        match (count(topics), count(others)) {
            (0, 0) => topics[0] == 0,
            (of_it, of_others) => of_it > of_others,
        }
    }
}

impl Topics<'_> {
    /// Counts the words at these places of a line that are not cut.
    #[cold]
    fn count(&self, classes: &[Class], places: Range<usize>, is_cut: impl Fn(Range<usize>) -> bool) -> Counts {
        let mut counts = [0; 256];
        let mut known = Vec::new();
        let mut end = 0;
        for at in places.clone().take_while(|at| at + 1 < places.end) {
            if at < end || !self.first.has(classes[at]) {
                continue;
            }
            let Some(lengths) = self.starts.number(start(classes[at], classes[at + 1])) else { continue };
            let run = &classes[at..places.end.min(at + LONGEST_WORD)];
            let hashes = wholes(run);
            let is_word = |&len: &usize| lengths >> len & 1 == 1;
            let found =
                (2..=run.len()).rev().filter(is_word).find_map(|len| Some((len, self.words.number(hashes[len])?)));
            let Some((len, topics)) = found.filter(|&(len, _)| !is_cut(at..at + len)) else { continue };
            end = at + len;
            // Each word counts once.
            if !known.contains(&hashes[len]) {
                known.push(hashes[len]);
                for topic in topics.to_le_bytes().into_iter().filter(|&topic| topic != 0) {
                    counts[usize::from(topic)] += 1;
                }
            }
        }
        counts
    }
}

/// What makes two hashes of a word: where it reaches over the beginning of another one, and where over the end.
const BEFORE: u64 = 0;
const BEHIND: u64 = 0x5bd1_e995_8b2c_6e4d;

/// The hash of a word's first two characters.
#[inline]
fn start(first: Class, second: Class) -> u64 {
    mix(u64::from(first) << 16 | u64::from(second) | 1 << 40)
}

#[cfg(feature = "compile")]
pub(crate) use self::writer::{Builder, Sense, Word};

#[cfg(feature = "compile")]
mod writer {
    //! Collects words.

    use std::collections::{BTreeMap, BTreeSet};

    use fanjian_dictionary::ErrorKind;

    use super::*;
    use crate::{
        hashed::writer::{compile_numbers, compile_set},
        phrases::whole,
        tables::writer::Writer,
    };

    /// What happens to a word.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) enum Word {
        /// It stays: it is the region's own.
        Stays,
        /// It is replaced in any text.
        Always(String),
        /// The region uses it, too: it stays in text of the target's script.
        Shared(String),
        /// The same, but only in one of its senses.
        Sense(String, Sense),
    }

    impl Word {
        pub(crate) fn value(&self) -> Option<&str> {
            match self {
                Word::Stays => None,
                Word::Always(value) | Word::Shared(value) | Word::Sense(value, _) => Some(value),
            }
        }
    }

    /// What a segment must be about for a word to be replaced: more of its words are of `topics` than of `others`. If none
    /// is of either, the word is replaced if `topics` are none.
    #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) struct Sense {
        pub(crate) topics: Vec<String>,
        pub(crate) others: Vec<String>,
    }

    /// The words as they are collected.
    #[derive(Default)]
    pub(crate) struct Builder {
        first: BTreeSet<Class>,
        second: BTreeSet<Class>,
        alone: BTreeSet<Class>,
        starts: BTreeMap<u64, u32>,
        words: Vec<(u64, u32)>,
        values: Vec<String>,
        blocking: Vec<u64>,
        longest_blocking: usize,
        senses: Vec<[u8; SENSE]>,
        topics: Vec<String>,
        of_topics: BTreeMap<Vec<Class>, Vec<u8>>,
    }

    fn full(what: &str) -> Error {
        Error::new(ErrorKind::TooLarge, what)
    }

    impl Builder {
        /// A word, and what happens to it.
        pub(crate) fn word(&mut self, key: &[Class], word: &Word) -> Result<(), Error> {
            match *key {
                [] => return Ok(()),
                _ if key.len() > LONGEST_WORD => return Ok(()),
                [first] => {
                    self.alone.insert(first);
                    self.first.insert(first);
                }
                [first, second, ..] => {
                    self.first.insert(first);
                    self.second.insert(second);
                    *self.starts.entry(start(first, second)).or_default() |= 1 << key.len();
                }
            }
            let entry = match word {
                Word::Stays => Entry::STAYS,
                Word::Always(value) => self.value(value)?,
                Word::Shared(value) => self.value(value)? | Entry::SHARED,
                Word::Sense(value, sense) => {
                    let sense = self.sense(sense)?;
                    self.value(value)? | Entry::SHARED | sense << Entry::SENSE
                }
            };
            self.words.push((whole(key), entry));
            Ok(())
        }

        fn value(&mut self, value: &str) -> Result<u32, Error> {
            let place = self.values.len() as u32;
            if place >> Entry::SENSE != 0 {
                return Err(full("too many words of a region"));
            }
            self.values.push(value.to_owned());
            Ok(place)
        }

        fn sense(&mut self, sense: &Sense) -> Result<u32, Error> {
            let mut bytes = [0; SENSE];
            let (topics, others) = bytes.split_at_mut(TOPICS);
            for (names, places) in [(&sense.topics, topics), (&sense.others, others)] {
                if names.len() > TOPICS {
                    return Err(full("a word with more topics than four"));
                }
                for (name, place) in names.iter().zip(places) {
                    *place = self.topic(name)?;
                }
            }
            let place = self.senses.iter().position(|known| *known == bytes).unwrap_or_else(|| {
                self.senses.push(bytes);
                self.senses.len() - 1
            });
            let place = place as u32 + 1;
            if place >= Entry::SHARED >> Entry::SENSE { Err(full("too many senses")) } else { Ok(place) }
        }

        fn topic(&mut self, name: &str) -> Result<u8, Error> {
            let place = self.topics.iter().position(|known| known == name).unwrap_or_else(|| {
                self.topics.push(name.to_owned());
                self.topics.len() - 1
            });
            u8::try_from(place + 1).map_err(|_| full("too many topics"))
        }

        /// A word of a topic.
        pub(crate) fn topic_word(&mut self, key: &[Class], topic: &str) -> Result<(), Error> {
            let topic = self.topic(topic)?;
            let topics = self.of_topics.entry(key.to_vec()).or_default();
            if !topics.contains(&topic) {
                topics.push(topic);
            }
            let is_known = (2..=LONGEST_WORD).contains(&key.len()) && topics.len() <= TOPICS;
            if is_known {
                Ok(())
            } else {
                Err(full("a word of a topic has two to 15 characters, and four topics at most"))
            }
        }

        /// A word that reaches over the beginning of others, or over their end: these are not found there.
        pub(crate) fn block(&mut self, key: &[Class], is_before: bool) {
            if key.len() <= LONGEST_WORD {
                self.blocking.push(whole(key) ^ if is_before { BEFORE } else { BEHIND });
                self.longest_blocking = self.longest_blocking.max(key.len());
            }
        }

        pub(crate) fn write(&self, out: &mut Writer) {
            let numbers = |map: &BTreeMap<u64, u32>| {
                compile_numbers(&map.iter().map(|(&hash, &number)| (hash, number)).collect::<Vec<_>>())
            };
            out.classes(&self.first);
            out.classes(&self.second);
            out.classes(&self.alone);
            out.bytes(&numbers(&self.starts));
            out.bytes(&compile_numbers(&self.words));
            out.bytes(self.values.join("\n").as_bytes());
            out.bytes(&compile_set(&self.blocking));
            out.bytes(&[self.longest_blocking as u8]);
            out.bytes(self.senses.as_flattened());
            let (mut first, mut starts, mut words) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
            for (key, topics) in &self.of_topics {
                if let [one, two, ..] = key[..] {
                    first.insert(one);
                    *starts.entry(start(one, two)).or_insert(0) |= 1 << key.len();
                    let mut bytes = [0; TOPICS];
                    bytes[..topics.len()].copy_from_slice(topics);
                    words.push((whole(key), u32::from_le_bytes(bytes)));
                }
            }
            out.classes(&first);
            out.bytes(&numbers(&starts));
            out.bytes(&compile_numbers(&words));
        }
    }
}

//! Words that a region has others for, found as words of their own.

use std::{iter, ops::Range};

use fanjian_dictionary::Error;

use crate::{
    characters::Class,
    hashed::{Bloom, Numbers, mix},
    kept::KeptReason,
    kinds::{self, Kinds, Marked},
    phrases::{AROUND, Beginnings, LONGEST_WORD, whole},
    tables::Reader,
    target::WordLayers,
};

/// The words of a target, and those that they must not be found in.
#[derive(Clone, Debug)]
pub(crate) struct Words<'b> {
    kinds: Kinds,
    /// By the first two characters of words: their lengths, as bits.
    starts: Numbers<'b>,
    /// To an [`Entry`].
    words: Numbers<'b>,
    values: Values<'b>,
    /// Other words, which may reach over an edge of one of these: of two and three characters.
    around: Bloom<'b, AROUND>,
    senses: &'b [[u8; SENSE]],
    topics: Topics<'b>,
    /// The layers whose words stay.
    kept: WordLayers,
}

/// What the region's words are replaced by. They are not taken apart before they are needed: there are thousands.
#[derive(Clone, Copy, Debug)]
struct Values<'b> {
    /// All of them in a row.
    text: &'b str,
    /// The end of each in it.
    ends: &'b [[u8; 4]],
}

/// The words that show what a segment is about.
#[derive(Clone, Debug)]
struct Topics<'b> {
    /// As those of [`Words`], by the first two characters.
    starts: Numbers<'b>,
    /// To the topics of a word, one a byte; 0 is none.
    words: Numbers<'b>,
}

/// What a word costs where a text can be read in two ways: one of several characters, or a function word; another character that
/// is often a word alone; and a character that is none.
const WORD: u32 = 4;
const SINGLE: u32 = 5;
const LEFT_OVER: u32 = 6;
/// How many characters to each side of a word are looked at then; and how many there are with the word.
const SIDE: usize = 4;
const WINDOW: usize = LONGEST_WORD + 2 * SIDE;
/// How long the words around are at most: longer ones are seldom cut elsewhere.
pub(crate) const LONGEST_AROUND: usize = 3;

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
    /// Where its sense, counted from 1, begins. Below are its layer, also from 1, and the place of its value.
    const SENSE: u32 = 20;
    const LAYER: u32 = 16;

    fn is(self, flag: u32) -> bool {
        self.0 & flag != 0
    }

    fn value(self) -> usize {
        (self.0 & ((1 << Entry::LAYER) - 1)) as usize
    }

    fn layer(self) -> u32 {
        self.0 >> Entry::LAYER & 0xf
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

impl<'b> Values<'b> {
    /// The one at this place; none of damaged tables.
    #[inline]
    fn get(self, place: usize) -> Option<&'b str> {
        let end = |place: usize| self.ends.get(place).map(|&end| u32::from_le_bytes(end) as usize);
        let start = place.checked_sub(1).map_or(Some(0), end)?;
        self.text.get(start..end(place)?)
    }
}

impl<'b> Words<'b> {
    /// Reads the words of a region; `around` are the words that may be around them.
    pub(crate) fn read(reader: &mut Reader<'b>, around: Bloom<'b, AROUND>) -> Result<Words<'b>, Error> {
        let mut kinds = Kinds::new();
        [kinds::FIRST, kinds::SECOND, kinds::ALONE].into_iter().try_for_each(|kind| kinds.read(kind, reader))?;
        let (starts, words) = (reader.numbers()?, reader.numbers()?);
        let values = Values { text: reader.text()?, ends: reader.records()? };
        [kinds::SINGLE, kinds::FUNCTION, kinds::OPEN].into_iter().try_for_each(|kind| kinds.read(kind, reader))?;
        let senses = reader.records()?;
        kinds.read(kinds::TOPIC, reader)?;
        let topics = Topics { starts: reader.numbers()?, words: reader.numbers()? };
        Ok(Words { kinds, starts, words, values, around, senses, topics, kept: WordLayers::default() })
    }

    /// Has the words of these layers stay.
    pub(crate) fn keep(&mut self, layers: WordLayers) {
        self.kept = layers;
    }

    /// The words that begin at one of the places of a line, in order, each with its place: none overlaps another.
    #[inline]
    pub(crate) fn all(
        &self,
        classes: &[Class],
        places: Range<usize>,
        script: Script,
    ) -> impl Iterator<Item = (usize, Found<'b>)> {
        let mut starts = Marked::new(places.clone());
        let mut counts = None;
        iter::from_fn(move || {
            while let Some(at) = starts.next(|places| self.may_begin(classes, places)) {
                if let Some(known) = self.find(classes, at) {
                    starts.skip_to(at + known.len);
                    return Some((at, known));
                }
            }
            None
        })
        .filter_map(move |(at, Known { len, entry, hash })| {
            let is_replaced = match entry.sense() {
                _ if entry.is(Entry::STAYS) || self.kept.has(entry.layer()) => false,
                Some(sense) => {
                    script != Script::Native && {
                        let counts = counts.get_or_insert_with(|| {
                            self.topics.count(&self.kinds, classes, places.clone(), |part| {
                                self.is_cut(classes, part.start, part.end)
                            })
                        });
                        self.has_sense(sense, hash, counts)
                    }
                }
                None => script != Script::Native || !entry.is(Entry::SHARED),
            };
            let value = self.values.get(entry.value()).filter(|_| is_replaced)?;
            Some((at, Found { len, value }))
        })
    }

    /// At which of these places of a line a word may begin, by the classes there and behind: as bits, the first one lowest.
    #[inline]
    fn may_begin(&self, classes: &[Class], places: Range<usize>) -> u64 {
        let begins = |kinds: u8, next: u8| {
            let is_pair = kinds & kinds::FIRST & (next / kinds::SECOND);
            is_pair | ((kinds / kinds::ALONE) & 1)
        };
        self.kinds.marks(classes, places, begins)
    }

    /// The words that the region has others for, and that stay all the same at these places: each with its place, and why. None
    /// overlaps a word that is replaced.
    pub(crate) fn kept(
        &self,
        classes: &[Class],
        places: Range<usize>,
        script: Script,
    ) -> Vec<(usize, Found<'b>, KeptReason)> {
        let replaced: Vec<Range<usize>> =
            self.all(classes, places.clone(), script).map(|(at, found)| at..at + found.len).collect();
        let (mut words, mut end) = (Vec::new(), 0);
        for at in places.clone() {
            if at >= end
                && let Some(Known { len, entry, .. }) = self.find(classes, at)
            {
                end = at + len;
                words.push((at..end, entry));
            }
        }
        let (mut kept, mut end) = (Vec::new(), 0);
        for at in places.clone() {
            let beginnings = Beginnings::new(&classes[at..places.end.min(at + LONGEST_WORD)]);
            let longest = (2..=LONGEST_WORD.min(places.end - at)).rev();
            let known = longest.filter_map(|len| Some((len, Entry(self.words.number(beginnings.hash(len))?))));
            let known = known.filter(|(_, entry)| !entry.is(Entry::STAYS));
            for (len, entry) in known.filter(|(len, _)| at + len > end) {
                if replaced.iter().any(|word| word.start < at + len && at < word.end) {
                    continue;
                }
                let whole = words.iter().find(|(word, _)| word.start <= at && word.end >= at + len);
                let reason = match whole {
                    Some((word, found)) if word.len() > len && found.is(Entry::STAYS) => KeptReason::Within,
                    Some((word, _)) if word.len() > len => continue,
                    None => KeptReason::Crossed,
                    Some(_) if self.kept.has(entry.layer()) => KeptReason::Layer,
                    Some(_) if script == Script::Native => KeptReason::Shared,
                    Some(_) => KeptReason::OtherSense,
                };
                if let Some(value) = self.values.get(entry.value()) {
                    kept.push((at, Found { len, value }, reason));
                    end = at + len;
                }
                break;
            }
        }
        kept
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

    /// The longest word that begins at a place of a line and is a word of its own there.
    #[inline]
    fn find(&self, classes: &[Class], at: usize) -> Option<Known> {
        let first = classes[at];
        let second = classes.get(at + 1).filter(|&&second| self.kinds.has(second, kinds::SECOND));
        let pair = second.and_then(|&second| self.starts.number(start(first, second)));
        let lengths = pair.unwrap_or(0) | u32::from(self.kinds.has(first, kinds::ALONE)) << 1;
        if lengths == 0 { None } else { self.longest(classes, at, lengths) }
    }

    /// The longest word of one of these lengths, as [`find`](Self::find) has it.
    #[inline(never)]
    fn longest(&self, classes: &[Class], at: usize, lengths: u32) -> Option<Known> {
        let run = &classes[at..classes.len().min(at + highest(lengths))];
        let beginnings = Beginnings::new(run);
        longest_first(lengths, run.len()).find_map(|len| {
            let hash = beginnings.hash(len);
            let entry = self.words.number(hash)?;
            (!self.is_cut(classes, at, at + len)).then_some(Known { len, entry: Entry(entry), hash })
        })
    }

    /// Whether the text reads better without a word at these places: other words reach over one of its edges, and with them
    /// the characters around are fewer words, or less is left that is no word.
    ///
    /// 的士 in 勇敢的士兵 is cut, as 勇敢|的|士兵 leaves nothing, and 勇敢|的士|兵 leaves 兵. 用户 in 不同用户 is not, though 同用 is
    /// a word. Where both are as good, the word is one.
    fn is_cut(&self, classes: &[Class], start: usize, end: usize) -> bool {
        end - start > 1 && self.is_crossed(classes, start, end) && self.reads_better_without(classes, start, end)
    }

    /// Whether another word reaches over the beginning or the end of these places.
    fn is_crossed(&self, classes: &[Class], start: usize, end: usize) -> bool {
        let is_long = end - start > 2;
        self.is_around::<2>(classes, end - 1)
            || start > 0 && self.is_around::<2>(classes, start - 1)
            || self.is_around::<3>(classes, end - 1)
            || is_long && self.is_around::<3>(classes, end - 2)
            || start > 1 && self.is_around::<3>(classes, start - 2)
            || start > 0 && is_long && self.is_around::<3>(classes, start - 1)
            || (start + 1..end).any(|from| self.own_lengths(classes, from, end + 1 - from, classes.len()) != 0)
    }

    /// Whether so many characters from a place on are one of the words around.
    #[inline]
    fn is_around<const LEN: usize>(&self, classes: &[Class], from: usize) -> bool {
        let run = classes.get(from..).and_then(<[Class]>::first_chunk::<LEN>);
        run.is_some_and(|run| self.around.contains(whole(run)))
    }

    /// The lengths of the words of two characters and more that begin at a place and end by `end`, as bits.
    fn lengths(&self, classes: &[Class], at: usize, end: usize) -> u32 {
        const { assert!(LONGEST_AROUND == 3) };
        let until_end = &classes[..end];
        let [two, three] = [self.is_around::<2>(until_end, at), self.is_around::<3>(until_end, at)].map(u32::from);
        two << 2 | three << 3 | self.own_lengths(classes, at, 2, end)
    }

    /// The same of the words of the target that are not shorter than this.
    #[inline]
    fn own_lengths(&self, classes: &[Class], at: usize, shortest: usize, end: usize) -> u32 {
        let &[first, second, ..] = &classes[at..end] else { return 0 };
        if !self.kinds.has(first, kinds::FIRST) || !self.kinds.has(second, kinds::SECOND) {
            return 0;
        }
        let longest = LONGEST_WORD.min(end - at);
        // Most words are shorter than what is asked for, or would reach beyond the end: these need no hash.
        let asked = ((2 << longest) - 1) & !((1_u32 << shortest) - 1);
        let lengths = self.starts.number(start(first, second)).unwrap_or(0) & asked;
        if lengths == 0 {
            return 0;
        }
        let beginnings = Beginnings::new(&classes[at..at + highest(lengths)]);
        let is_word = |&len: &usize| self.words.number(beginnings.hash(len)).is_some();
        longest_first(lengths, longest).filter(is_word).fold(0, |lengths, len| lengths | 1 << len)
    }

    /// Whether the characters around these places cost less if they are not a word.
    fn reads_better_without(&self, classes: &[Class], start: usize, end: usize) -> bool {
        let (from, to) = (start.saturating_sub(SIDE), classes.len().min(end + SIDE));
        let mut words = [0; WINDOW];
        for at in from..to {
            words[at - from] = self.lengths(classes, at, to);
            if at <= start {
                // Not one that holds this word.
                words[at - from] &= (1 << (end - at)) - 1;
            }
        }
        // What the characters from `begin` to each place cost at least.
        let costs = |begin: usize| {
            let mut costs = [u32::MAX; WINDOW + 1];
            costs[begin - from] = 0;
            for at in begin..to {
                let so_far = costs[at - from];
                let next = &mut costs[at - from + 1];
                // At the ends of what is looked at, a character may be of a word that reaches further.
                let is_end = at == from && from > 0 || at + 1 == to && to < classes.len();
                *next = (so_far + if is_end { WORD } else { self.cost(classes, at) }).min(*next);
                let mut lengths = words[at - from];
                while lengths != 0 {
                    let next = &mut costs[at - from + lengths.trailing_zeros() as usize];
                    *next = (so_far + WORD).min(*next);
                    lengths &= lengths - 1;
                }
            }
            costs
        };
        let (all, behind) = (costs(from), costs(end));
        // Of three characters and more, it is seldom there by chance.
        let more = u32::from(end - start > 2);
        all[to - from] + more < all[start - from] + WORD + behind[to - from]
    }

    /// What a character alone costs.
    fn cost(&self, classes: &[Class], at: usize) -> u32 {
        let character = |at: usize| classes.get(at).and_then(|&class| char::from_u32(class.into()));
        let is_clause_end = || !character(at + 1).is_some_and(char::is_alphanumeric);
        let kinds = self.kinds.of(classes[at]);
        if kinds & kinds::FUNCTION != 0 {
            if kinds & kinds::OPEN != 0 && is_clause_end() { LEFT_OVER } else { WORD }
        } else if kinds & kinds::SINGLE != 0 || !character(at).is_some_and(char::is_alphabetic) {
            SINGLE
        } else {
            LEFT_OVER
        }
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
    fn count(
        &self,
        kinds: &Kinds,
        classes: &[Class],
        places: Range<usize>,
        is_cut: impl Fn(Range<usize>) -> bool,
    ) -> Counts {
        let mut counts = [0; 256];
        let mut known = Vec::new();
        let mut starts = Marked::new(places.start..places.end.saturating_sub(1));
        let is_first = |kinds: u8, _: u8| (kinds / kinds::TOPIC) & 1;
        while let Some(at) = starts.next(|places| kinds.marks(classes, places, is_first)) {
            let Some(lengths) = self.starts.number(start(classes[at], classes[at + 1])) else { continue };
            let run = &classes[at..places.end.min(at + highest(lengths))];
            let beginnings = Beginnings::new(run);
            let found = longest_first(lengths, run.len()).find_map(|len| {
                let hash = beginnings.hash(len);
                Some((len, hash, self.words.number(hash)?))
            });
            let Some((len, hash, topics)) = found.filter(|&(len, ..)| !is_cut(at..at + len)) else { continue };
            starts.skip_to(at + len);
            // Each word counts once.
            if !known.contains(&hash) {
                known.push(hash);
                for topic in topics.to_le_bytes().into_iter().filter(|&topic| topic != 0) {
                    counts[usize::from(topic)] += 1;
                }
            }
        }
        counts
    }
}

/// The lengths that are bits, up to the greatest that there is room for.
#[inline]
fn longest_first(lengths: u32, room: usize) -> impl Iterator<Item = usize> {
    let mut left = lengths & ((2 << room) - 2);
    iter::from_fn(move || {
        let len = left.checked_ilog2()?;
        left ^= 1 << len;
        Some(len as usize)
    })
}

/// The greatest of lengths that are bits, of those that a word can have; 0 if there is none.
#[inline]
fn highest(lengths: u32) -> usize {
    (31 - (lengths | 1).leading_zeros() as usize).min(LONGEST_WORD)
}

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
    use crate::{hashed::writer::compile_numbers, phrases::whole, tables::writer::Writer, target::WordLayer};

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
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Builder {
        /// Each with its [`Entry`].
        pub(crate) words: Vec<(Vec<Class>, u32)>,
        pub(crate) values: Vec<String>,
        pub(crate) single: BTreeSet<Class>,
        pub(crate) function: BTreeSet<Class>,
        pub(crate) open: BTreeSet<Class>,
        pub(crate) senses: Vec<[u8; SENSE]>,
        /// The names of topics: they are not written.
        pub(crate) topics: Vec<String>,
        pub(crate) of_topics: BTreeMap<Vec<Class>, Vec<u8>>,
    }

    fn full(what: &str) -> Error {
        Error::new(ErrorKind::TooLarge, what)
    }

    impl Builder {
        /// A word, what happens to it, and its layer.
        pub(crate) fn word(&mut self, key: &[Class], word: &Word, layer: Option<WordLayer>) -> Result<(), Error> {
            if !(1..=LONGEST_WORD).contains(&key.len()) {
                return Ok(());
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
            let layer = layer.map_or(0, |layer| layer as u32 + 1);
            self.words.push((key.to_vec(), entry | layer << Entry::LAYER));
            Ok(())
        }

        fn value(&mut self, value: &str) -> Result<u32, Error> {
            let place = self.values.len() as u32;
            if place >> Entry::LAYER != 0 {
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

        /// A character that is often a word alone: whether it is a function word, and whether it can end a clause.
        pub(crate) fn single(&mut self, class: Class, is_function: bool, ends_clauses: bool) {
            self.single.insert(class);
            if is_function {
                self.function.insert(class);
            }
            if !ends_clauses {
                self.open.insert(class);
            }
        }

        pub(crate) fn write(&self, out: &mut Writer) {
            let (mut second, mut alone) = (BTreeSet::new(), BTreeSet::new());
            for (key, _) in &self.words {
                match key[..] {
                    [one] => _ = alone.insert(one),
                    [_, two, ..] => _ = second.insert(two),
                    [] => {}
                }
            }
            let first: BTreeSet<Class> = self.words.iter().filter_map(|(key, _)| key.first()).copied().collect();
            out.classes(&first);
            out.classes(&second);
            out.classes(&alone);
            out.bytes(&starts(self.words.iter().map(|(key, _)| &key[..])));
            let words: Vec<_> = self.words.iter().map(|(key, entry)| (whole(key), *entry)).collect();
            out.bytes(&compile_numbers(&words));
            out.bytes(self.values.concat().as_bytes());
            let end = |end: &mut u32, value: &String| {
                *end += value.len() as u32;
                Some(end.to_le_bytes())
            };
            out.bytes(&self.values.iter().scan(0, end).flatten().collect::<Vec<_>>());
            out.classes(&self.single);
            out.classes(&self.function);
            out.classes(&self.open);
            out.bytes(self.senses.as_flattened());
            let of_topics = || self.of_topics.iter().filter(|(key, _)| key.len() > 1);
            out.classes(&of_topics().map(|(key, _)| key[0]).collect());
            out.bytes(&starts(of_topics().map(|(key, _)| &key[..])));
            let words = of_topics().map(|(key, topics)| {
                let mut bytes = [0; TOPICS];
                bytes.iter_mut().zip(topics).for_each(|(byte, &topic)| *byte = topic);
                (whole(key), u32::from_le_bytes(bytes))
            });
            out.bytes(&compile_numbers(&words.collect::<Vec<_>>()));
        }
    }

    /// The lengths of words, as bits, by their first two characters.
    fn starts<'k>(keys: impl Iterator<Item = &'k [Class]>) -> Vec<u8> {
        let mut starts = BTreeMap::new();
        for key in keys {
            if let [first, second, ..] = *key {
                *starts.entry(start(first, second)).or_insert(0) |= 1 << key.len();
            }
        }
        compile_numbers(&starts.into_iter().collect::<Vec<_>>())
    }
}

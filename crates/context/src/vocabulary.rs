//! Words that a region has others for, found as words of their own.

use std::{cell::LazyCell, ops::Range};

use fanjian_dictionary::Error;

use crate::{
    bloom::Bloom,
    characters::{Class, EDGE},
    kept::KeptReason,
    kinds::{self, Kinds},
    marked::Marked,
    phrases::{AROUND, LONGEST_WORD, whole},
    tables::Reader,
    target::WordLayers,
    topics::{TOPICS, TopicWords, Topics},
    word_table::{ANY_LENGTH, WordParts, WordTable},
};

/// The words of a target, and those that they must not be found in.
#[derive(Clone, Debug)]
pub(crate) struct Words<'b> {
    /// To an [`Entry`].
    words: WordTable<'b>,
    values: Values<'b>,
    /// Other words, which may reach over an edge of one of these: of two and three characters.
    around: Bloom<'b, AROUND>,
    kinds: Kinds<'b>,
    senses: &'b [[u8; SENSE]],
    /// The words that show what a segment is about: to the topics of a word, one a byte; 0 is none.
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

/// The bytes of a sense: the topics in which a word is replaced, and those in which it stays.
const SENSE: usize = 2 * TOPICS;

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
}

/// What the characters of a segment say of its script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Script {
    /// Some are of the other script alone.
    Foreign,
    /// Undecidable.
    #[default]
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
        let words = WordTable::new(&WordParts::read(reader)?);
        let values = Values { text: reader.text()?, ends: reader.records()? };
        let (kinds, senses) = (Kinds::read(reader)?, reader.records()?);
        let topics = Topics::read(reader)?;
        Ok(Words { words, values, around, kinds, senses, topics, kept: WordLayers::default() })
    }

    /// Has the words of these layers stay.
    pub(crate) fn keep(&mut self, layers: WordLayers) {
        self.kept = layers;
    }

    /// Calls `replace` with each word that begins at one of the places of a line, in order, and its place: none overlaps another.
    #[inline(always)]
    pub(crate) fn each(
        &self,
        classes: &[Class],
        places: Range<usize>,
        script: Script,
        topic_words: &mut TopicWords,
        mut replace: impl FnMut(usize, Found<'b>),
    ) {
        let mut starts = Marked::new(places.clone());
        let mut are_topics_known = false;
        while let Some(at) = starts.next(|places| self.words.marks(classes, places)) {
            let Some(Known { len, entry }) = self.find(classes, at) else { continue };
            starts.skip_to(at + len);
            let is_replaced = match entry.sense() {
                _ if entry.is(Entry::STAYS) || self.kept.has(entry.layer()) => false,
                Some(sense) => {
                    script != Script::Native && {
                        if !are_topics_known {
                            are_topics_known = true;
                            self.topics.find(classes, places.clone(), topic_words);
                        }
                        self.has_sense(sense, classes, at..at + len, topic_words)
                    }
                }
                None => script != Script::Native || !entry.is(Entry::SHARED),
            };
            if is_replaced && let Some(value) = self.values.get(entry.value()) {
                replace(at, Found { len, value });
            }
        }
    }

    /// The words that the region has others for, and that stay all the same at these places: each with its place, and why. None
    /// overlaps a word that is replaced.
    pub(crate) fn kept(
        &self,
        classes: &[Class],
        places: Range<usize>,
        script: Script,
    ) -> Vec<(usize, Found<'b>, KeptReason)> {
        let mut replaced = Vec::new();
        let topic_words = &mut TopicWords::default();
        self.each(classes, places.clone(), script, topic_words, |at, found| replaced.push(at..at + found.len));
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
            let run = &classes[at..places.end];
            let found = self.words.find(run, ANY_LENGTH & !0b11, |len, entry| {
                let entry = Entry(entry);
                if entry.is(Entry::STAYS)
                    || at + len <= end
                    || replaced.iter().any(|word| word.start < at + len && at < word.end)
                {
                    return None;
                }
                let whole = words.iter().find(|(word, _)| word.start <= at && word.end >= at + len);
                let reason = match whole {
                    Some((word, found)) if word.len() > len && found.is(Entry::STAYS) => KeptReason::Within,
                    Some((word, _)) if word.len() > len => return None,
                    None => KeptReason::Crossed,
                    Some(_) if self.kept.has(entry.layer()) => KeptReason::Layer,
                    Some(_) if script == Script::Native => KeptReason::Shared,
                    Some(_) => KeptReason::OtherSense,
                };
                Some((len, entry, reason))
            });
            if let Some((len, entry, reason)) = found
                && let Some(value) = self.values.get(entry.value())
            {
                kept.push((at, Found { len, value }, reason));
                end = at + len;
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
    #[inline(always)]
    fn find(&self, classes: &[Class], at: usize) -> Option<Known> {
        self.words.find(&classes[at..], ANY_LENGTH, |len, entry| {
            (!self.is_cut(classes, at, at + len)).then_some(Known { len, entry: Entry(entry) })
        })
    }

    /// Whether the text reads better without a word at these places: other words reach over one of its edges, and with them
    /// the characters around are fewer words, or less is left that is no word.
    ///
    /// 的士 in 勇敢的士兵 is cut, as 勇敢|的|士兵 leaves nothing, and 勇敢|的士|兵 leaves 兵. 用户 in 不同用户 is not, though 同用 is
    /// a word. Where both are as good, the word is one.
    #[inline]
    fn is_cut(&self, classes: &[Class], start: usize, end: usize) -> bool {
        end - start > 1 && self.is_crossed(classes, start, end) && self.reads_better_without(classes, start, end)
    }

    /// Whether another word reaches over the beginning or the end of these places.
    #[inline(never)]
    fn is_crossed(&self, classes: &[Class], start: usize, end: usize) -> bool {
        let word = &classes[start..end];
        let (&[first, second, ..], &[.., last_but_one, last]) = (word, word) else { return false };
        // No word has the edge of a line. (What the filter takes for one costs time, and changes nothing.)
        let class = |place: usize| classes.get(place).copied().unwrap_or(EDGE);
        let (before, left) = (class(start.wrapping_sub(2)), class(start.wrapping_sub(1)));
        let (right, behind) = (class(end), class(end + 1));
        // Without branches, which no processor could foresee: all are looked up at once.
        let over_two = self.is_around([left, first])
            | self.is_around([last, right])
            | self.is_around([before, left, first])
            | self.is_around([last, right, behind]);
        // None of three characters may hold the word.
        let over_three = || self.is_around([left, first, second]) | self.is_around([last_but_one, last, right]);
        let own = |from: usize| {
            let run = &classes[from..];
            self.words.may_begin(run) && self.own_lengths(run, ANY_LENGTH << (end - from + 1)) != 0
        };
        over_two || word.len() > 2 && over_three() || (start + 1..end).any(own)
    }

    /// Whether these characters are one of the words around.
    #[inline(always)]
    fn is_around<const LEN: usize>(&self, word: [Class; LEN]) -> bool {
        self.around.contains(whole(&word))
    }

    /// The lengths of the words of two characters and more that a run of characters begins with, as bits.
    fn lengths(&self, run: &[Class]) -> u32 {
        const { assert!(LONGEST_AROUND == 3) };
        // The filter takes a few others for words: those with a space or a sign are none.
        let is_word = |word: &[Class]| word.iter().all(|&class| is(class, char::is_alphanumeric));
        let two = run.first_chunk().is_some_and(|&word| self.is_around::<2>(word) && is_word(&word));
        let three = run.first_chunk().is_some_and(|&word| self.is_around::<3>(word) && is_word(&word));
        let own = if self.words.may_begin(run) { self.own_lengths(run, ANY_LENGTH & !0b11) } else { 0 };
        u32::from(two) << 2 | u32::from(three) << 3 | own
    }

    /// The same of the words of the target, of the lengths that are asked for.
    fn own_lengths(&self, run: &[Class], asked: u32) -> u32 {
        let mut lengths = 0;
        self.words.find(run, asked, |len, _| {
            lengths |= 1 << len;
            None::<()>
        });
        lengths
    }

    /// Whether the characters around these places cost less if they are not a word.
    #[inline(never)]
    fn reads_better_without(&self, classes: &[Class], start: usize, end: usize) -> bool {
        let (from, to) = (start.saturating_sub(SIDE), classes.len().min(end + SIDE));
        let mut words = [0; WINDOW];
        for at in from..to {
            words[at - from] = self.lengths(&classes[at..to]);
            if at <= start {
                // Not one that holds this word.
                words[at - from] &= (1 << (end - at)) - 1;
            }
        }
        // At the ends of what is looked at, a character may be of a word that reaches further.
        let is_end = |at: usize| at == from && from > 0 || at + 1 == to && to < classes.len();
        let mut alone = [0; WINDOW];
        for at in from..to {
            alone[at - from] = if is_end(at) { WORD } else { self.cost(classes, at) };
        }
        // What the characters from `begin` to each place cost at least.
        let costs = |begin: usize| {
            let mut costs = [u32::MAX; WINDOW + 1];
            costs[begin - from] = 0;
            for place in begin - from..to - from {
                let so_far = costs[place];
                costs[place + 1] = (so_far + alone[place]).min(costs[place + 1]);
                let mut lengths = words[place];
                while lengths != 0 {
                    let next = &mut costs[place + lengths.trailing_zeros() as usize];
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
        let is_clause_end = || !classes.get(at + 1).is_some_and(|&class| is(class, char::is_alphanumeric));
        let kinds = self.kinds.of(classes[at]);
        if kinds & kinds::FUNCTION != 0 {
            if kinds & kinds::OPEN != 0 && is_clause_end() { LEFT_OVER } else { WORD }
        } else if kinds & kinds::SINGLE != 0 || !is(classes[at], char::is_alphabetic) {
            SINGLE
        } else {
            LEFT_OVER
        }
    }

    /// Whether a word is meant in the sense that the region has another one for, by the words of topics in its segment.
    fn has_sense(&self, sense: usize, classes: &[Class], word: Range<usize>, words: &mut TopicWords) -> bool {
        let Some((topics, others)) = self.senses.get(sense).and_then(|sense| sense.split_at_checked(TOPICS)) else {
            return false;
        };
        // Its own topics say nothing.
        let own = LazyCell::new(|| self.topics.of(&classes[word]));
        let mut count = |topics: &[u8]| {
            let of_topic = |&topic: &u8| {
                let count = words.count(topic, classes, |word| self.is_cut(classes, word.start, word.end));
                u16::from(count) - u16::from(count > 0 && own.contains(&topic))
            };
            topics.iter().take_while(|&&topic| topic != 0).map(of_topic).sum::<u16>()
        };
        match (count(topics), count(others)) {
            (0, 0) => topics[0] == 0,
            (of_it, of_others) => of_it > of_others,
        }
    }
}

/// Whether a class is of one of the kinds of letters that Han characters are of.
#[inline]
fn is(class: Class, is_letter: impl Fn(char) -> bool) -> bool {
    // Most are, and need no search through the tables of Unicode.
    (0x4e00..0x9f00).contains(&class) || char::from_u32(class.into()).is_some_and(is_letter)
}

#[cfg(feature = "compile")]
pub(crate) use self::writer::{Builder, Sense, Word};

#[cfg(feature = "compile")]
mod writer {
    //! Collects words.

    use std::collections::{BTreeMap, BTreeSet};

    use fanjian_dictionary::ErrorKind;

    use super::*;
    use crate::{tables::writer::Writer, target::WordLayer, topics::MOST_TOPICS, word_table};

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
            if key.is_empty() || key.len() > LONGEST_WORD {
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
            if place + 1 >= MOST_TOPICS { Err(full("too many topics")) } else { Ok(place as u8 + 1) }
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

        pub(crate) fn write(&self, out: &mut Writer) -> Result<(), Error> {
            word_table::Builder::of(self.words.iter().map(|(key, entry)| (&key[..], *entry))).write(out)?;
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
            let of_topics = self.of_topics.iter().map(|(key, topics)| {
                let mut bytes = [0; TOPICS];
                bytes.iter_mut().zip(topics).for_each(|(byte, &topic)| *byte = topic);
                (&key[..], u32::from_le_bytes(bytes))
            });
            word_table::Builder::of(of_topics).write(out)
        }
    }
}

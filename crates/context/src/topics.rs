//! What a segment is about: the words of topics in it, by which the senses of other words are distinguished.

use std::{ops::Range, sync::OnceLock};

use fanjian_dictionary::Error;

use crate::{
    characters::Class,
    marked::Marked,
    tables::Reader,
    word_table::{ANY_LENGTH, WordParts, WordTable},
};

/// How many topics a word can be of.
pub(crate) const TOPICS: usize = 4;

/// Topics are counted from 1 to less than this.
pub(crate) const MOST_TOPICS: usize = 128;

/// The words of topics: each to its topics, one a byte; 0 is none. A table of them is made once a sense asks for them: in a short
/// text, none does.
#[derive(Clone, Debug)]
pub(crate) struct Topics<'b> {
    parts: WordParts<'b>,
    table: OnceLock<WordTable<'b>>,
}

/// The words of topics in a segment, and how many there are of each topic. Its memory is used again for the next one.
///
/// Few are of a topic that a sense asks for: so that whether one is cut, which takes most of the time, is found out for these
/// alone.
#[derive(Debug)]
pub(crate) struct TopicWords {
    words: Vec<TopicWord>,
    /// How many there are of each topic: all of them, or those that count, once that is known.
    counts: [u8; MOST_TOPICS],
    /// The topics of which it is known, as bits.
    known: u128,
}

impl Default for TopicWords {
    fn default() -> TopicWords {
        TopicWords { words: Vec::new(), counts: [0; MOST_TOPICS], known: 0 }
    }
}

/// The longest word that begins at a place, cut or not.
#[derive(Clone, Copy, Debug)]
struct TopicWord {
    topics: u32,
    start: u16,
    len: u8,
    /// Whether a word before it reaches over its beginning.
    is_overlapped: bool,
    /// Whether it is a word there, once that is known.
    stands: Option<bool>,
}

impl<'b> Topics<'b> {
    pub(crate) fn read(reader: &mut Reader<'b>) -> Result<Topics<'b>, Error> {
        Ok(Topics { parts: WordParts::read(reader)?, table: OnceLock::new() })
    }

    #[inline]
    fn table(&self) -> &WordTable<'b> {
        self.table.get_or_init(|| WordTable::new(&self.parts))
    }

    /// The topics of a word: none if it is of none.
    pub(crate) fn of(&self, word: &[Class]) -> [u8; TOPICS] {
        self.table().get(word).unwrap_or(0).to_le_bytes()
    }

    /// Finds the words of topics at these places of a line.
    #[inline(never)]
    pub(crate) fn find(&self, classes: &[Class], places: Range<usize>, found: &mut TopicWords) {
        let TopicWords { words, counts, known } = found;
        words.clear();
        (*counts, *known) = ([0; MOST_TOPICS], 0);
        let (table, end) = (self.table(), places.end);
        let (mut starts, mut reached) = (Marked::new(places), 0);
        while let Some(at) = starts.next(|places| table.marks(classes, places)) {
            let word = table.find(&classes[at..end], ANY_LENGTH, |len, topics| Some((len, topics)));
            let Some((len, topics)) = word else { continue };
            words.push(TopicWord {
                topics,
                start: at as u16,
                len: len as u8,
                is_overlapped: at < reached,
                stands: None,
            });
            reached = reached.max(at + len);
            for topic in topics.to_le_bytes() {
                let count = &mut counts[usize::from(topic) % MOST_TOPICS];
                *count = count.saturating_add(1);
            }
        }
    }
}

impl TopicWord {
    fn is_of(self, topic: u8) -> bool {
        self.topics.to_le_bytes().contains(&topic)
    }

    fn places(self) -> Range<usize> {
        let start = usize::from(self.start);
        start..start + usize::from(self.len)
    }
}

impl TopicWords {
    /// How many words of a topic there are, each counted once, and none overlapping another; `is_cut` returns whether a word
    /// at these places is none.
    pub(crate) fn count(&mut self, topic: u8, classes: &[Class], is_cut: impl Fn(Range<usize>) -> bool) -> u8 {
        let place = usize::from(topic) % MOST_TOPICS;
        if self.counts[place] > 0 && self.known >> place & 1 == 0 {
            self.known |= 1 << place;
            self.counts[place] = self.count_standing(topic, classes, is_cut);
        }
        self.counts[place]
    }

    #[inline(never)]
    fn count_standing(&mut self, topic: u8, classes: &[Class], is_cut: impl Fn(Range<usize>) -> bool) -> u8 {
        let mut count: u8 = 0;
        for index in 0..self.words.len() {
            let word = self.words[index];
            let is_same = |other: &TopicWord| {
                other.topics == word.topics
                    && other.stands == Some(true)
                    && classes[other.places()] == classes[word.places()]
            };
            if word.is_of(topic) && self.stands(index, &is_cut) && !self.words[..index].iter().any(is_same) {
                count = count.saturating_add(1);
            }
        }
        count
    }

    /// Whether a word is neither cut nor overlaps one before it that stands.
    fn stands(&mut self, index: usize, is_cut: impl Fn(Range<usize>) -> bool) -> bool {
        if let Some(stands) = self.words[index].stands {
            return stands;
        }
        // All that overlap each other, from the first one on.
        let before = self.words[..=index].iter().rev().take_while(|word| word.is_overlapped).count();
        let behind = self.words[index + 1..].iter().take_while(|word| word.is_overlapped).count();
        let mut end = 0;
        for word in &mut self.words[index - before..=index + behind] {
            let places = word.places();
            let stands = places.start >= end && !is_cut(places.clone());
            if stands {
                end = places.end;
            }
            word.stands = Some(stands);
        }
        self.words[index].stands == Some(true)
    }
}

//! The words of a user's dictionaries, to be found at the beginning of a text at a fraction of what a walk over an FST costs.

use std::ops::Range;

use fanjian_dictionary::{
    Group,
    utf8::{self, Utf8},
};

/// The entries that a group chooses, by their keys.
///
/// An entry that an earlier dictionary has a shorter key for is left out. What the group finds is then the longest match
/// among the others, as with the tables of configurations.
#[derive(Clone, Debug)]
pub struct WordTable {
    /// All keys and values, each value behind its key.
    text: String,
    /// In the order of the bytes of their keys.
    words: Vec<Word>,
    longest_key: usize,
    /// A hash table, of open addressing, of the first two characters of keys. Half of its slots are free, or more.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    key: usize,
    value: usize,
}

/// The words that begin with one pair: so many from the first on.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The bytes of two characters; 0 for a second one that there is not.
    pair: u64,
    first: usize,
    /// 0 in a free slot.
    len: usize,
}

impl WordTable {
    /// The words of a group. Costs time by their number.
    pub fn new(group: &Group) -> WordTable {
        let dictionaries: Vec<Group> = group.dictionaries().into_iter().cloned().map(Group::Dictionary).collect();
        let mut table = WordTable { text: String::new(), words: Vec::new(), longest_key: 0, slots: Vec::new() };
        for (index, dictionary) in dictionaries.iter().flat_map(Group::dictionaries).enumerate() {
            let before = &dictionaries[..index];
            dictionary.for_each_entry(|key, value| {
                if before.iter().all(|dictionary| dictionary.search(key).found.is_none()) {
                    table.words.push(Word { start: table.text.len(), key: key.len(), value: value.len() });
                    table.text.push_str(key);
                    table.text.push_str(value);
                }
            });
        }
        if dictionaries.len() > 1 {
            let WordTable { text, words, .. } = &mut table;
            words.sort_unstable_by_key(|word| word.key(text));
        }
        table.longest_key = table.words.iter().map(|word| word.key).max().unwrap_or(0);
        table.make_slots();
        table
    }

    fn make_slots(&mut self) {
        self.slots = vec![Slot::default(); (2 * self.words.len()).next_power_of_two()];
        let pairs: Vec<u64> = self.words.iter().map(|word| pair(word.key(&self.text).as_bytes())).collect();
        let mut first = 0;
        for words in pairs.chunk_by(|left, right| left == right) {
            let mut at = place(words[0], self.slots.len());
            while self.slots[at].len > 0 {
                at = (at + 1) % self.slots.len();
            }
            self.slots[at] = Slot { pair: words[0], first, len: words.len() };
            first += words.len();
        }
    }

    /// How long the longest key is, in bytes.
    #[must_use]
    pub fn longest_key(&self) -> usize {
        self.longest_key
    }

    /// The first word of a text that begins at one of these places, which are at the boundaries of characters: its place, the
    /// length of its key, and its value. Of those that begin there, it is the longest.
    #[must_use]
    pub fn first(&self, text: &str, places: Range<usize>) -> Option<(usize, (usize, &str))> {
        let mut at = places.start;
        while at < places.end {
            if let Some(word) = self.longest(&text[at..]) {
                return Some((at, word));
            }
            at += utf8::width(text.as_bytes()[at]);
        }
        None
    }

    /// The longest word that a text, which is not empty, begins with: the length of its key, and its value.
    #[inline]
    pub(crate) fn longest(&self, text: &str) -> Option<(usize, &str)> {
        let pair = pair(text.as_bytes());
        let first = u64::from(pair as u32);
        let longer = if pair == first { None } else { self.longest_of(pair, text) };
        longer.or_else(|| self.longest_of(first, text))
    }

    /// The longest word among those that begin with this pair.
    #[inline]
    fn longest_of(&self, pair: u64, text: &str) -> Option<(usize, &str)> {
        let mut at = place(pair, self.slots.len());
        loop {
            let slot = self.slots.get(at)?;
            if slot.len == 0 {
                return None;
            }
            if slot.pair == pair {
                return self.longest_in(&self.words[slot.first..slot.first + slot.len], text);
            }
            at = (at + 1) % self.slots.len();
        }
    }

    /// The longest word of these, which are in order.
    fn longest_in(&self, words: &[Word], text: &str) -> Option<(usize, &str)> {
        let (mut words, mut text) = (words, text.as_bytes());
        loop {
            // What begins the text is not behind it in order; and what is last before it has most in common with it.
            words = &words[..words.partition_point(|word| word.key(&self.text).as_bytes() <= text)];
            let word = words.last()?;
            let key = word.key(&self.text);
            let common = key.bytes().zip(text).take_while(|(left, right)| left == *right).count();
            if common == key.len() {
                let value = word.start + word.key;
                return Some((key.len(), &self.text[value..value + word.value]));
            }
            text = &text[..common];
        }
    }
}

impl Word {
    fn key<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.start + self.key]
    }
}

/// The bytes of the first two characters of a text, which is not empty.
#[inline]
fn pair(text: &[u8]) -> u64 {
    let first = Utf8::at(text, 0);
    let second = if first.len() < text.len() { Utf8::at(text, first.len()).bytes() } else { 0 };
    u64::from(first.bytes()) | u64::from(second) << 32
}

/// The slot of a pair, or the first of those before it that are not free.
#[inline]
fn place(pair: u64, slots: usize) -> usize {
    (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (slots - 1)
}

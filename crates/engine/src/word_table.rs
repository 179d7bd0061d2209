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
    /// Two bits for each character of the basic plane: whether it begins longer words, and whether it is one alone.
    starts: Vec<u64>,
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
    first: u32,
    /// 0 in a free slot.
    len: u32,
}

/// The characters of one word of the bits, and the words of all.
const CHARACTERS: usize = 32;
const STARTS: usize = 0x1_0000 / CHARACTERS;
const BEGINS_LONGER: u64 = 1;
const IS_WORD: u64 = 2;

impl WordTable {
    /// The words of a group. Costs time by their number.
    pub fn new(group: &Group) -> WordTable {
        let dictionaries: Vec<Group> = group.dictionaries().into_iter().cloned().map(Group::Dictionary).collect();
        let mut table = WordTable {
            text: String::new(),
            words: Vec::new(),
            longest_key: 0,
            starts: vec![0; STARTS],
            slots: Vec::new(),
        };
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

    /// The keys, in the order of their bytes.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.words.iter().map(|word| word.key(&self.text))
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
            self.slots[at] = Slot { pair: words[0], first: first as u32, len: words.len() as u32 };
            first += words.len();
        }
        for word in &self.words {
            let mut characters = word.key(&self.text).chars();
            let code = characters.next().map_or(0, |first| first as usize);
            let kind = if characters.as_str().is_empty() { IS_WORD } else { BEGINS_LONGER };
            if let Some(word) = self.starts.get_mut(code / CHARACTERS) {
                *word |= kind << (2 * (code % CHARACTERS));
            }
        }
    }

    /// What this character may begin, as bits.
    #[inline]
    fn starts(&self, code: u32) -> u64 {
        let code = code as usize;
        let all = BEGINS_LONGER | IS_WORD;
        self.starts.get(code / CHARACTERS).map_or(all, |word| word >> (2 * (code % CHARACTERS)) & all)
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
        let bytes = text.as_bytes();
        let mut at = places.start;
        while at < places.end {
            let word = utf8::load(bytes, at);
            // Nearly always of three bytes.
            let (code, len) = match word & 0xf0 {
                0xe0 => (utf8::code_of_three(word), 3),
                _ => utf8::decode(word),
            };
            let starts = self.starts(code);
            if starts != 0
                && let Some(word) = self.longest_of_kinds(starts, bytes, at)
            {
                return Some((at, word));
            }
            at += len;
        }
        None
    }

    /// The longest word that a text begins with from `at` on, whose first character there begins words of these kinds: the length of its
    /// key, and its value.
    #[inline]
    fn longest_of_kinds(&self, starts: u64, text: &[u8], at: usize) -> Option<(usize, &str)> {
        let text = text.get(at..)?;
        let pair = pair(text);
        let first = u64::from(pair as u32);
        // Words whose second character is NUL are among those of one character.
        let may_be_longer = starts & BEGINS_LONGER != 0 && pair != first;
        let longer = if may_be_longer { self.longest_of(pair, text) } else { None };
        let is_alone = starts & IS_WORD != 0 || pair == first;
        longer.or_else(|| if is_alone { self.longest_of(first, text) } else { None })
    }

    /// The longest word among those that begin with this pair.
    #[inline]
    fn longest_of(&self, pair: u64, text: &[u8]) -> Option<(usize, &str)> {
        let mut at = place(pair, self.slots.len());
        loop {
            let slot = self.slots.get(at)?;
            if slot.len == 0 {
                return None;
            }
            if slot.pair == pair {
                let first = slot.first as usize;
                return self.longest_in(&self.words[first..first + slot.len as usize], text);
            }
            at = (at + 1) % self.slots.len();
        }
    }

    /// The longest word of these, which are in order.
    fn longest_in(&self, words: &[Word], text: &[u8]) -> Option<(usize, &str)> {
        let (mut words, mut text) = (words, text);
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

#[cfg(test)]
mod tests {
    use fanjian_dictionary::Dictionary;
    use proptest::prelude::*;

    use super::*;

    fn text(len: Range<usize>) -> impl Strategy<Value = String> {
        let characters = vec!['a', 'é', '后', '面', '\0', '\u{20000}'];
        prop::collection::vec(prop::sample::select(characters), len).prop_map(String::from_iter)
    }

    fn dictionaries() -> impl Strategy<Value = Vec<Group>> {
        let keys = prop::collection::btree_set(text(1..5), 0..12);
        let dictionary = keys.prop_map(|keys| {
            let entries: String = keys.iter().enumerate().map(|(value, key)| format!("{key}\t{value}\n")).collect();
            Group::Dictionary(Dictionary::from_text("own", &entries).unwrap())
        });
        prop::collection::vec(dictionary, 0..4)
    }

    proptest! {
        #[test]
        fn finds_what_the_dictionaries_find(dictionaries in dictionaries(), text in text(0..12)) {
            let group = Group::ShortCircuit(dictionaries);
            let table = WordTable::new(&group);
            let places = || text.char_indices().map(|(at, _)| at);
            let found = |at: usize| group.search(&text[at..]).found.map(|found| (found.len, found.first()));
            for at in places() {
                let longest = table.first(&text, at..at + 1).map(|(_, word)| word);
                prop_assert_eq!(longest, found(at));
                prop_assert!(longest.is_none_or(|(len, _)| len <= table.longest_key()));
            }
            let first = places().find_map(|at| Some((at, found(at)?)));
            prop_assert_eq!(table.first(&text, 0..text.len()), first);
        }
    }
}

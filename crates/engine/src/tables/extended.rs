//! Copies of the tables of a configuration, to which keys are added: those of a user's own, and protected terms.
//!
//! An added key is non-compositional, whatever its value: what the tables say of a text holds as long as it has none. So the
//! filters get the pairs of the added keys, as they have those of the others: the joinable ones all of them, and the
//! non-compositional ones a single pair of each, whose right character becomes its anchor. A character that is a key alone is marked
//! in the table of characters.
//!
//! The copies cost some microseconds for each configuration, and then time by the number of the added keys alone.

use std::{collections::HashMap, iter};

use fanjian_dictionary::utf8::Utf8;

use super::{
    FusedTables,
    characters::{BASIC, Character, Characters, Notable, PAGE, place, place_of_page},
    pair_filter::{Filter, MOST, Pair, place as place_of_pair},
};

/// Bits of the filters for each pair that is added, before the power of two that their size is rounded up to.
const BITS: usize = 32;

/// The tables of a configuration with keys that were added.
#[derive(Clone, Debug)]
pub(crate) struct ExtendedTables {
    base: &'static FusedTables<'static>,
    characters: CharacterPages,
    joinable: Vec<[u8; 4]>,
    non_compositional: Vec<[u8; 4]>,
    notable: Box<[[[u8; 8]; 2]; BASIC]>,
    ascii: Option<Box<AsciiStops>>,
}

/// Why the loop that converts characters looks at one: the number of its set among the [`Notable`] ones.
#[derive(Clone, Copy, Debug)]
enum Notice {
    Changes,
    IsAnchor,
}

impl ExtendedTables {
    /// The tables, to which about this number of keys will be added.
    pub(crate) fn new(base: &'static FusedTables<'static>, keys: usize) -> ExtendedTables {
        ExtendedTables {
            base,
            characters: CharacterPages::new(&base.characters),
            joinable: grown(base.joinable, 2 * keys),
            non_compositional: grown(base.non_compositional, keys),
            notable: Box::new(*base.notable.0),
            ascii: None,
        }
    }

    /// Adds a key. None if the numbers of the pages of characters do not suffice.
    pub(crate) fn add(&mut self, key: &str) -> Option<()> {
        let mut characters = key.chars();
        let Some(first) = characters.next() else { return Some(()) };
        if characters.as_str().is_empty() {
            self.add_notable(None, first, Notice::Changes);
            return self.characters.add(first);
        }
        let pairs = key.chars().zip(characters);
        for (left, right) in pairs.clone() {
            add_pair(&mut self.joinable, Pair::new(Utf8::new(left), Utf8::new(right)));
        }
        // A pair that no built-in key holds is rare in a text, and one that ends with ASCII costs more.
        let cost = |&(left, right): &(char, char)| {
            let (left, right) = (Utf8::new(left), Utf8::new(right));
            (right.len() == 1, self.base.joins(left, right), !self.base.is_non_compositional(left, right))
        };
        let (left, right) = pairs.min_by_key(cost)?;
        add_pair(&mut self.non_compositional, Pair::new(Utf8::new(left), Utf8::new(right)));
        self.add_notable(Some(left), right, Notice::IsAnchor);
        Some(())
    }

    /// Has the loop that converts characters look at one, behind this one or any. It looks at all that have two or four bytes.
    fn add_notable(&mut self, left: Option<char>, right: char, notice: Notice) {
        let bytes = Utf8::new(right).bytes();
        match right.len_utf8() {
            1 => self.ascii.get_or_insert_default().add(left, bytes as u8),
            3 => {
                let word = &mut self.notable[place(bytes)][notice as usize];
                *word = (u64::from_le_bytes(*word) | 1 << (bytes >> 16 & 0x3f)).to_le_bytes();
            }
            _ => {}
        }
    }

    /// The tables, to convert by.
    pub(crate) fn tables(&self) -> FusedTables<'_> {
        FusedTables {
            characters: self.characters.table(),
            joinable: Filter { words: &self.joinable },
            non_compositional: Filter { words: &self.non_compositional },
            notable: Notable(&self.notable),
            // They have no place for more characters.
            buckets: None,
            words: None,
            ascii: self.ascii.as_deref(),
            ..*self.base
        }
    }
}

/// The ASCII characters that a key was added for: those alone, and those behind another character.
#[derive(Clone, Debug)]
pub(crate) struct AsciiStops {
    /// By the character before, the last one for any that is not of ASCII: a bit for each character.
    behind: [[u64; 2]; 0x81],
}

impl Default for AsciiStops {
    fn default() -> AsciiStops {
        AsciiStops { behind: [[0; 2]; 0x81] }
    }
}

impl AsciiStops {
    fn add(&mut self, left: Option<char>, right: u8) {
        let add = |bits: &mut [u64; 2]| bits[usize::from(right / 64 % 2)] |= 1 << (right % 64);
        match left {
            None => self.behind.iter_mut().for_each(add),
            Some(left) => add(&mut self.behind[(left as usize).min(0x80)]),
        }
    }

    /// Whether a key was added for this character of ASCII, behind a character that ends with this byte.
    #[inline]
    pub(crate) fn contains(&self, left: u8, right: u8) -> bool {
        let bits = self.behind[usize::from(left.min(0x80))];
        bits[usize::from(right / 64 % 2)] >> (right % 64) & 1 == 1
    }
}

/// A copy of a table of characters, of those pages alone that it uses.
#[derive(Clone, Debug)]
struct CharacterPages {
    basic: Box<[[u8; 2]; BASIC]>,
    beyond: Vec<[u8; 2]>,
    pages: Vec<[u8; 4]>,
    /// Which pages are of one place of the directory alone, and may change.
    is_own: Vec<bool>,
}

impl CharacterPages {
    fn new(base: &Characters<'_>) -> CharacterPages {
        let mut copy = CharacterPages {
            basic: Box::new(*base.basic),
            beyond: base.beyond.to_vec(),
            pages: Vec::new(),
            is_own: Vec::new(),
        };
        let mut numbers: HashMap<[u8; 2], [u8; 2]> = HashMap::new();
        // The page of characters that have none is the first one.
        for number in iter::once(&mut [0; 2]).chain(&mut *copy.basic).chain(&mut copy.beyond) {
            *number = *numbers.entry(*number).or_insert_with(|| {
                let start = usize::from(u16::from_le_bytes(*number)) * PAGE;
                copy.pages.extend_from_slice(base.pages.get(start..start + PAGE).unwrap_or(&[[0; 4]; PAGE]));
                copy.is_own.push(false);
                // The base has no more pages than there are numbers.
                ((copy.is_own.len() - 1) as u16).to_le_bytes()
            });
        }
        copy
    }

    fn table(&self) -> Characters<'_> {
        Characters { basic: &self.basic, beyond: &self.beyond, pages: &self.pages }
    }

    /// Notes that a character alone is a key.
    fn add(&mut self, character: char) -> Option<()> {
        let (page, index) = (character as usize / PAGE, character as usize % PAGE);
        let number = match page.checked_sub(BASIC) {
            None => &mut self.basic[place_of_page(page)],
            Some(page) => {
                if self.beyond.len() <= page {
                    self.beyond.resize(page + 1, [0; 2]);
                }
                &mut self.beyond[page]
            }
        };
        let mut start = usize::from(u16::from_le_bytes(*number)) * PAGE;
        if !self.is_own[start / PAGE] {
            *number = u16::try_from(self.is_own.len()).ok()?.to_le_bytes();
            self.pages.extend_from_within(start..start + PAGE);
            self.is_own.push(true);
            start = self.pages.len() - PAGE;
        }
        let entry = &mut self.pages[start + index];
        *entry = Character(u32::from_le_bytes(*entry)).with_added_key().0.to_le_bytes();
        Some(())
    }
}

/// The words of a filter with room for so many more pairs: the copies of what it has are where the larger one looks for it.
fn grown(base: Filter<'_>, pairs: usize) -> Vec<[u8; 4]> {
    let least = base.words.len();
    let len = (pairs * BITS / 32).next_power_of_two().clamp(least, MOST.max(least));
    base.words.repeat(len / least)
}

fn add_pair(words: &mut [[u8; 4]], pair: Pair) {
    let (index, first, second) = place_of_pair(pair, words.len());
    words[index] = (u32::from_le_bytes(words[index]) | 1 << first | 1 << second).to_le_bytes();
}

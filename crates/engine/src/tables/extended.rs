//! Copies of the tables of a configuration, to which keys are added: those of a user's own, and protected terms.
//!
//! An added key is non-compositional, whatever its value: what the tables say of a text holds as long as it has none. So the
//! filters get the pairs of the added keys, as they have those of the others: the joinable ones all of them, and the
//! non-compositional ones a single pair of each, with its anchor: the one that costs a text the least, which is mostly one with a
//! character that is an anchor already. A character that is a key alone is marked in the table of characters.
//!
//! The copies cost some microseconds for each configuration, and then time by the number of the added keys alone.

use std::{collections::HashMap, iter};

use fanjian_dictionary::utf8::Utf8;

use super::{
    FusedTables,
    buckets::GrownBuckets,
    characters::{BASIC, Character, Characters, Notable, PAGE, place, place_of_page},
    frequency::{ALL, frequency},
    pair_filter::{Filter, MOST, Pair, place as place_of_pair},
};

/// Bits of the filters for each pair that is added, before the power of two that their size is rounded up to.
const BITS: usize = 32;

/// The character of a pair at which texts are asked for it.
#[derive(Clone, Copy, Debug)]
enum Anchor {
    Left,
    Right,
}

/// How many words each character of the basic plane is in.
#[derive(Debug)]
struct WordsOfCharacters(Vec<u16>);

impl Default for WordsOfCharacters {
    fn default() -> WordsOfCharacters {
        // Memory that is 0 already, of which only what is touched is taken.
        WordsOfCharacters(vec![0; 0x1_0000])
    }
}

impl WordsOfCharacters {
    fn add(&mut self, character: char) {
        if let Some(words) = self.0.get_mut(character as usize) {
            *words = words.saturating_add(1);
        }
    }

    fn with(&self, character: char) -> u64 {
        self.0.get(character as usize).copied().unwrap_or_default().into()
    }
}

/// What the tables of a configuration have in the place of their own, with keys that were added.
#[derive(Clone, Debug)]
pub(crate) struct ExtendedTables {
    characters: CharacterPages,
    joinable: Vec<[u8; 4]>,
    non_compositional: Vec<[u8; 4]>,
    notable: Box<[[[u8; 8]; 2]; BASIC]>,
    /// If the configuration has some, and few characters are added.
    buckets: Option<GrownBuckets>,
    ascii: Option<Box<AsciiStops>>,
    keeps_lines: bool,
}

/// Why the loop that converts characters looks at one: the number of its set among the [`Notable`] ones.
#[derive(Clone, Copy, Debug)]
enum Notice {
    Changes,
    IsAnchor,
}

impl ExtendedTables {
    /// The tables `base`, with these keys. None if the numbers of the pages of characters do not suffice.
    pub(crate) fn new<'k>(
        base: &FusedTables<'_>,
        keys: impl Iterator<Item = &'k str> + Clone,
    ) -> Option<ExtendedTables> {
        let (mut count, mut words) = (0, WordsOfCharacters::default());
        for key in keys.clone() {
            count += 1;
            key.chars().for_each(|character| words.add(character));
        }
        let mut tables = ExtendedTables {
            characters: CharacterPages::new(&base.characters),
            joinable: grown(base.joinable, 2 * count),
            non_compositional: grown(base.non_compositional, count),
            notable: Box::new(*base.notable.0),
            buckets: base.buckets.map(GrownBuckets::new),
            ascii: None,
            keeps_lines: base.keeps_lines && !keys.clone().any(|key| key.contains('\n')),
        };
        // Keys of two characters have no choice of pairs: what they need, longer ones may use, too.
        let is_short = |key: &&str| key.chars().nth(2).is_none();
        let (short, long) = (keys.clone().filter(is_short), keys.filter(|key| !is_short(key)));
        short.chain(long).try_for_each(|key| tables.add(base, key, &words))?;
        let notable = Notable(&tables.notable);
        tables.buckets =
            tables.buckets.take().and_then(|buckets| buckets.if_few(|bytes| notable.three_bytes(bytes) != [0; 2]));
        Some(tables)
    }

    /// Adds a key, which is one of these words.
    fn add(&mut self, base: &FusedTables<'_>, key: &str, words: &WordsOfCharacters) -> Option<()> {
        let mut characters = key.chars();
        let Some(first) = characters.next() else { return Some(()) };
        if characters.as_str().is_empty() {
            self.add_notable(None, first, Notice::Changes);
            return self.characters.add(first);
        }
        let pairs = || key.chars().zip(key.chars().skip(1));
        for (left, right) in pairs() {
            add_pair(&mut self.joinable, Pair::new(Utf8::new(left), Utf8::new(right)));
        }
        let choices = pairs().flat_map(|(left, right)| {
            // Only where both have three bytes is a pair found by its left character.
            let by_left = left.len_utf8() == 3 && right.len_utf8() == 3;
            [Some((left, right, Anchor::Right)), by_left.then_some((left, right, Anchor::Left))].into_iter().flatten()
        });
        let (left, right, anchor) = choices.min_by_key(|&choice| self.cost(base, choice, words))?;
        add_pair(&mut self.non_compositional, Pair::new(Utf8::new(left), Utf8::new(right)));
        match anchor {
            Anchor::Right => self.add_notable(Some(left), right, Notice::IsAnchor),
            Anchor::Left => self.add_notable(None, left, Notice::IsAnchor),
        }
        Some(())
    }

    /// What it costs a text to find a key by this pair: about the instructions for each of its characters, [`ALL`] times.
    fn cost(
        &self,
        base: &FusedTables<'_>,
        (left, right, anchor): (char, char, Anchor),
        words: &WordsOfCharacters,
    ) -> u64 {
        /// Instructions for each pair that is found, and for each anchor.
        const PAIR: u64 = 300;
        const ANCHOR: u64 = 25;
        /// How many times as often a pair that some built-in key has is in texts as by its characters.
        const KNOWN: u64 = 30;

        if right.is_ascii() {
            return u64::MAX;
        }
        let pair = Pair::new(Utf8::new(left), Utf8::new(right));
        let pairs = if self.finds(pair) {
            0
        } else {
            let known = if base.joins_pair(pair) { KNOWN } else { 1 };
            PAIR * known * frequency(left) * frequency(right) / ALL
        };
        let anchor = match anchor {
            Anchor::Left => left,
            Anchor::Right => right,
        };
        let anchors = if self.is_anchor(anchor) { 0 } else { ANCHOR * frequency(anchor) / words.with(anchor).max(1) };
        pairs + anchors
    }

    /// Whether this pair is in the filter of non-compositional ones, for whatever key.
    fn finds(&self, pair: Pair) -> bool {
        Filter { words: &self.non_compositional }.contains(pair)
    }

    /// Whether the loop that converts characters looks for pairs with this one.
    fn is_anchor(&self, character: char) -> bool {
        let bytes = Utf8::new(character).bytes();
        character.len_utf8() != 3 || Notable(&self.notable).three_bytes(bytes)[Notice::IsAnchor as usize] == 1
    }

    /// Has the loop that converts characters look at one, behind this one or any. It looks at all that have two or four bytes.
    fn add_notable(&mut self, left: Option<char>, right: char, notice: Notice) {
        let bytes = Utf8::new(right).bytes();
        match right.len_utf8() {
            1 => self.ascii.get_or_insert_default().add(left, bytes as u8),
            3 => {
                let word = &mut self.notable[place(bytes)][notice as usize];
                *word = (u64::from_le_bytes(*word) | 1 << (bytes >> 16 & 0x3f)).to_le_bytes();
                self.buckets.iter_mut().for_each(|buckets| buckets.add(bytes));
            }
            _ => {}
        }
    }

    /// The tables to convert by, which these were made from `base` for.
    pub(crate) fn tables<'t>(&'t self, base: &FusedTables<'t>) -> FusedTables<'t> {
        FusedTables {
            characters: self.characters.table(),
            joinable: Filter { words: &self.joinable },
            non_compositional: Filter { words: &self.non_compositional },
            notable: Notable(&self.notable),
            buckets: self.buckets.as_ref().map(GrownBuckets::buckets),
            words: None,
            ascii: self.ascii.as_deref(),
            keeps_lines: self.keeps_lines,
            ..*base
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

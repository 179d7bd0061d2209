//! Copies of the tables of a configuration, to which keys are added: those of a user's own, and protected terms.
//!
//! An added key is non-compositional, whatever its value: what the tables say of a text holds as long as it has none. So the
//! filters get the pairs of the added keys, as they have those of the others: the joinable ones all of them, and the
//! non-compositional ones a single pair of each. A character that is a key alone is marked in the table of characters.
//!
//! The copies cost some microseconds for each configuration, and then time by the number of the added keys alone.

use std::{collections::HashMap, iter};

use fanjian_dictionary::utf8::Utf8;

use super::{
    FusedTables,
    characters::{
        ADDED, BASIC, Changing, Character, Characters, GENERAL, LEFT, PAGE, RIGHT, bit as changing_bit, place_of_page,
    },
    pair_filter::{Filter, MOST, Pair, place as place_of_pair},
};

/// Bits of the filters for each pair that is added, before the power of two that their size is rounded up to.
const BITS: usize = 32;
/// With more pairs of non-compositional keys, they are not rare in a text: then the filter is asked about each pair.
const SELDOM: usize = 300;
/// With more characters than this, a set of those that may change spares nothing.
const FEW: usize = 256;

/// The tables of a configuration with keys that were added.
#[derive(Clone, Debug)]
pub(crate) struct ExtendedTables {
    base: &'static FusedTables<'static>,
    basic: Box<[[u8; 2]; BASIC]>,
    beyond: Vec<[u8; 2]>,
    pages: Vec<[u8; 4]>,
    joinable: Vec<[u8; 4]>,
    non_compositional: Vec<[u8; 4]>,
    changing: Option<Box<[[u8; 8]; BASIC]>>,
    skips_ascii: bool,
    is_mostly_compositional: bool,
}

impl ExtendedTables {
    /// The tables with these keys. None if the numbers of the pages of characters do not suffice.
    pub(crate) fn new<'k>(
        base: &'static FusedTables<'static>,
        keys: impl Iterator<Item = &'k str>,
    ) -> Option<ExtendedTables> {
        let added = AddedKeys::new(base, keys);
        let mut characters = CharacterPages::new(&base.characters);
        for (&character, &flags) in &added.characters {
            characters.add(character, flags)?;
        }
        let CharacterPages { basic, beyond, pages, .. } = characters;
        let pairs = |pairs: &[(char, char)]| -> Vec<Pair> {
            pairs.iter().map(|&(left, right)| Pair::new(Utf8::new(left), Utf8::new(right))).collect()
        };
        Some(ExtendedTables {
            base,
            basic,
            beyond,
            pages,
            joinable: with_pairs(base.joinable, &pairs(&added.joinable)),
            non_compositional: with_pairs(base.non_compositional, &pairs(&added.non_compositional)),
            changing: added.changing(base.changing),
            skips_ascii: base.skips_ascii && !added.ends_with_ascii,
            is_mostly_compositional: base.is_mostly_compositional && added.non_compositional.len() <= SELDOM,
        })
    }

    /// The tables, to convert by.
    pub(crate) fn tables(&self) -> FusedTables<'_> {
        FusedTables {
            characters: Characters { basic: &self.basic, beyond: &self.beyond, pages: &self.pages },
            joinable: Filter { words: &self.joinable },
            non_compositional: Filter { words: &self.non_compositional },
            changing: self.changing.as_deref().map(Changing),
            skips_ascii: self.skips_ascii,
            is_mostly_compositional: self.is_mostly_compositional,
            ..*self.base
        }
    }
}

/// What is added to the tables of a configuration.
#[derive(Debug, Default)]
struct AddedKeys {
    joinable: Vec<(char, char)>,
    /// One pair of each key.
    non_compositional: Vec<(char, char)>,
    /// The characters that are a key alone, or that are in one of these pairs, with their flags.
    characters: HashMap<char, u32>,
    /// Whether ASCII ends one of these pairs, or is a key: then it cannot be skipped.
    ends_with_ascii: bool,
}

impl AddedKeys {
    fn new<'k>(base: &FusedTables<'_>, keys: impl Iterator<Item = &'k str>) -> AddedKeys {
        let mut added = AddedKeys::default();
        for key in keys {
            let mut characters = key.chars();
            let Some(first) = characters.next() else { continue };
            if characters.as_str().is_empty() {
                added.flag(first, ADDED | GENERAL);
                added.ends_with_ascii |= first.is_ascii();
                continue;
            }
            let pairs = key.chars().zip(characters);
            added.joinable.extend(pairs.clone());
            // A pair that no built-in key holds is rare in a text, and one that ends with ASCII would keep that from being
            // skipped.
            let cost = |&(left, right): &(char, char)| {
                let (left, right) = (Utf8::new(left), Utf8::new(right));
                (right.len() == 1, base.joins(left, right), !base.is_non_compositional(left, right))
            };
            if let Some((left, right)) = pairs.min_by_key(cost) {
                added.non_compositional.push((left, right));
                added.flag(left, LEFT);
                added.flag(right, RIGHT);
                added.ends_with_ascii |= right.is_ascii();
            }
        }
        for pairs in [&mut added.joinable, &mut added.non_compositional] {
            pairs.sort_unstable();
            pairs.dedup();
        }
        added
    }

    fn flag(&mut self, character: char, flags: u32) {
        *self.characters.entry(character).or_default() |= flags;
    }

    /// The characters that do not always stay as they are, with those that are added. None if they are many.
    fn changing(&self, base: Option<Changing<'_>>) -> Option<Box<[[u8; 8]; BASIC]>> {
        let mut words = Box::new(*base?.0);
        let stops = self.characters.iter().filter(|(_, flags)| **flags & (GENERAL | RIGHT) != 0);
        let stops: Vec<char> = stops.map(|(&character, _)| character).collect();
        if stops.len() > FEW {
            return None;
        }
        for bit in stops.into_iter().map(|character| changing_bit(Utf8::new(character).bytes())) {
            words[bit / 64][bit % 64 / 8] |= 1 << (bit % 8);
        }
        Some(words)
    }
}

/// A copy of a table of characters, of those pages alone that it uses.
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

    /// Adds flags to what the table says of a character; with [`ADDED`], they take the place of its output.
    fn add(&mut self, character: char, flags: u32) -> Option<()> {
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
        *entry = Character(u32::from_le_bytes(*entry)).with(flags).0.to_le_bytes();
        Some(())
    }
}

/// The words of a filter with more pairs. It grows with them: the copies of what it has are where the larger one looks for it.
fn with_pairs(base: Filter<'_>, pairs: &[Pair]) -> Vec<[u8; 4]> {
    let len = (pairs.len() * BITS / 32).next_power_of_two().clamp(base.words.len(), MOST.max(base.words.len()));
    let mut words = base.words.repeat(len / base.words.len());
    for &pair in pairs {
        let (index, first, second) = place_of_pair(pair, len);
        words[index] = (u32::from_le_bytes(words[index]) | 1 << first | 1 << second).to_le_bytes();
    }
    words
}

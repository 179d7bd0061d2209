//! What tells, from two neighbouring characters at a time, where a text needs no segmentation and no phrases.
//!
//! A *stretch* is text between two places that no key reaches across, at any stage. Most keys give what their characters
//! give one by one; they matter only because they keep others from matching. A stretch that holds none of the others,
//! the *effective* ones, is converted character by character.
//!
//! For each configuration, the tables hold the final output of each character alone, and a filter of pairs of
//! neighbouring characters: those *linked* by a key that holds both, and among them one pair (a rare one) of each
//! effective key. The filter is by hash. A pair found in it by accident makes a stretch longer, or has it converted by the
//! long way: it costs time, and changes nothing.
//!
//! The argument that this is exact, for a conversion chain of one or two stages:
//!
//! - No key matches across the edge of a stretch. A key of the segmentation or of the first stage holds both characters of
//!   each pair that it matches across. A key of the second stage is matched against what the first has made: across a
//!   place between two entries of the first stage, it holds the last character of the one's value and the first of the
//!   other's; all pairs of characters which such entries can end and begin with are linked.
//! - In a stretch without a pair of an effective key, every entry of the first stage that matches gives what its
//!   characters give. The second stage is then matched against these characters; for each of its effective keys, the
//!   filter holds one of its pairs as every pair of source characters that the first stage makes it from.
//!
//! Characters that this does not cover are *special*: those of the normalization, those whose output is not one character
//! of the basic plane, those beyond it that are in keys, and the operators of ideographic description sequences. Their stretch is converted by the long way, and they link with both
//! neighbours. Configurations with three stages, with normalization of more than single characters, or where an earlier stage
//! deletes text or makes such an operator, have no tables.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::RangeInclusive,
};

use crate::{Group, Plan, bytes::u32_at};

/// Cells of the filter for each pair, and at least: of the pairs that are in no key, one in ten or fewer are taken for
/// linked.
const CELLS: usize = 8;
const LEAST_CELLS: usize = 1 << 15;
/// In a page, stands for a character that is special. 0 stands for one that stays as it is.
const SPECIAL: u16 = u16::MAX;
/// The operators of ideographic description sequences.
const OPERATORS: RangeInclusive<char> = '\u{2ff0}'..='\u{2fff}';
const PAGE: usize = 64;
const HEADER: usize = 4 + 4 + 4;
const TABLE: usize = 7 * 4;

/// The tables of one configuration.
#[derive(Clone, Copy, Debug)]
pub struct Stretches<'b> {
    /// The number of a page for each 64 code points.
    directory: &'b [[u8; 2]],
    pages: &'b [[u8; 2]],
    /// Two bits a pair.
    pairs: &'b [u8],
    shift: u32,
    skips_ascii: bool,
}

/// What the filter has for a pair of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair(u8);

impl Pair {
    /// Whether a key may reach across the place between them.
    #[inline]
    pub fn links(self) -> bool {
        self.0 & 1 != 0
    }

    /// Whether an effective key may hold them.
    #[inline]
    pub fn is_effective(self) -> bool {
        self.0 & 2 != 0
    }
}

/// The left character of a pair, ready to be looked up with many right ones.
#[derive(Clone, Copy, Debug)]
pub struct Left(u32);

impl Left {
    /// Takes any code point.
    #[inline]
    pub fn new(character: u32) -> Left {
        Left(character.wrapping_mul(0x9e37_79b1))
    }

    /// The cell of the pair with this right character, in a filter of 2^(32 − shift) cells.
    #[inline]
    fn cell(self, right: u32, shift: u32) -> usize {
        (self.0.wrapping_add(right.wrapping_mul(0x85eb_ca77)) >> shift) as usize
    }
}

impl<'b> Stretches<'b> {
    /// The tables of this name among those that [`compile`] made. Nothing for a configuration that has none.
    ///
    /// `bytes` must be what [`compile`] made; a damaged table gives a wrong conversion or none.
    pub fn find(bytes: &'b [u8], name: &str) -> Option<Stretches<'b>> {
        let number = |at: usize| u32_at(bytes, at).map(|number| number as usize);
        let part = |at: usize| bytes.get(number(at)?..)?.get(..number(at + 4)?);
        let tables = (0..number(0)?).map(|index| HEADER + index * TABLE);
        let table = tables.into_iter().find(|&table| part(table) == Some(name.as_bytes()))?;
        let pairs = part(table + 16)?;
        Some(Stretches {
            directory: part(table + 8)?.as_chunks().0,
            pages: part(4)?.as_chunks().0,
            pairs,
            shift: 32 - (pairs.len() * 4).checked_ilog2()?,
            skips_ascii: number(table + 24)? == 1,
        })
    }

    /// What becomes of a code point alone: itself, or another of the basic plane. Nothing for a special one, which has to be
    /// converted by the long way, as has its stretch.
    #[inline]
    pub fn alone(&self, character: u32) -> Option<u32> {
        let code = character as usize;
        let page = self.directory.get(code / PAGE).map_or(0, |&page| u16::from_le_bytes(page));
        let entry =
            self.pages.get(usize::from(page) * PAGE + code % PAGE).map_or(SPECIAL, |&entry| u16::from_le_bytes(entry));
        (entry != SPECIAL).then_some(if entry == 0 { character } else { u32::from(entry) })
    }

    /// What the filter has for these two.
    #[inline]
    pub fn pair(&self, left: Left, right: u32) -> Pair {
        let cell = left.cell(right, self.shift);
        let byte = self.pairs.get(cell / 4).copied().unwrap_or(0b1111_1111);
        Pair(byte >> (cell % 4 * 2) & 3)
    }

    /// Whether ASCII stays as it is, and no effective key holds two ASCII characters side by side.
    pub fn skips_ascii(&self) -> bool {
        self.skips_ascii
    }
}

/// The tables of these configurations. One that they cannot be made for is left out.
///
/// Costs some hundred milliseconds each: it is for build scripts.
pub fn compile(plans: &[(String, Plan)]) -> Vec<u8> {
    let mut pages = vec![[0; PAGE]];
    let mut numbers = HashMap::from([([0; PAGE], 0_u16)]);
    let mut blocks = Vec::new();
    let mut found: HashMap<Vec<u8>, (usize, usize)> = HashMap::new();
    let tables: Vec<_> = plans.iter().filter_map(|(name, plan)| Some((name, Table::new(plan)?))).collect();
    let start = HEADER + tables.len() * TABLE;

    let mut header = (tables.len() as u32).to_le_bytes().to_vec();
    let mut directory = Vec::new();
    for (name, table) in &tables {
        let numbers = table.pages().into_iter().flat_map(|page| {
            let number = *numbers.entry(page).or_insert_with(|| {
                pages.push(page);
                (pages.len() - 1) as u16
            });
            number.to_le_bytes()
        });
        for block in [name.as_bytes().to_vec(), numbers.collect(), table.cells()] {
            // Configurations share what is the same.
            let (offset, len) = *found.entry(block).or_insert_with_key(|block| {
                blocks.extend_from_slice(block);
                (start + blocks.len() - block.len(), block.len())
            });
            directory.extend([offset as u32, len as u32]);
        }
        directory.push(u32::from(table.skips_ascii()));
    }
    header.extend(
        [start + blocks.len(), pages.len() * PAGE * 2].iter().flat_map(|&number| (number as u32).to_le_bytes()),
    );
    header.extend(directory.iter().flat_map(|number| number.to_le_bytes()));
    header.extend(blocks);
    header.extend(pages.iter().flatten().flat_map(|entry| entry.to_le_bytes()));
    header
}

type Characters = BTreeMap<char, BTreeSet<char>>;

/// The tables of a configuration before they are written.
struct Table {
    alone: BTreeMap<char, u16>,
    linked: BTreeSet<(char, char)>,
    effective: BTreeSet<(char, char)>,
}

impl Table {
    /// Nothing where the configuration is of a kind that the argument does not cover.
    fn new(plan: &Plan) -> Option<Table> {
        let normalization: Vec<_> = plan.normalization.iter().flat_map(entries).collect();
        let segmentation: Vec<_> = plan.segmentation.iter().flat_map(entries).collect();
        let (first, second) = match plan.chain.as_slice() {
            [] => (None, None),
            [first] => (Some(first), None),
            [first, second] => (Some(first), Some(second)),
            _ => return None,
        };
        let first_entries = first.map(entries).unwrap_or_default();
        let second_entries = second.map(entries).unwrap_or_default();
        let is_uncovered = |value: &str| value.is_empty() || value.contains(is_operator);
        if normalization.iter().any(|(key, value)| key.chars().count() > 1 || value.contains(is_operator))
            || (second.is_some() && first_entries.iter().any(|(_, value)| is_uncovered(value)))
        {
            return None;
        }

        let all = [&normalization, &segmentation, &first_entries, &second_entries];
        let characters: BTreeSet<char> = all.into_iter().flatten().flat_map(|(key, _)| key.chars()).collect();
        let once = |character: char| convert(first, &character.to_string());
        let normalized: BTreeSet<char> = normalization.iter().flat_map(|(key, _)| key.chars()).collect();
        let mut alone = BTreeMap::new();
        let mut sources = Characters::new();
        for &character in &characters {
            let after_first = once(character);
            if let Some(single) = single(&after_first) {
                sources.entry(single).or_default().insert(character);
            }
            let covered = single(&after_first).is_some() && !normalized.contains(&character) && character < '\u{10000}';
            let output = single(&convert(second, &after_first)).filter(|_| covered);
            if output != Some(character) {
                let output =
                    output.and_then(|output| u16::try_from(u32::from(output)).ok()).filter(|&output| output != 0);
                alone.insert(character, output.unwrap_or(SPECIAL));
            }
        }

        alone.extend(OPERATORS.map(|operator| (operator, SPECIAL)));

        let mut linked: BTreeSet<(char, char)> =
            segmentation.iter().chain(&first_entries).flat_map(|(key, _)| pairs(key)).collect();
        // How often a pair stands in a key: the fewer, the rarer it should be in texts.
        let mut counts: HashMap<(char, char), usize> = HashMap::new();
        for pair in first_entries.iter().flat_map(|(key, _)| pairs(key)) {
            *counts.entry(pair).or_default() += 1;
        }
        // By the last and the first characters that entries of the first stage give, those that they end and begin with.
        let (mut ends, mut begins) = (sources.clone(), sources.clone());
        for (key, value) in &first_entries {
            for (table, key, value) in [
                (&mut ends, key.chars().next_back(), value.chars().next_back()),
                (&mut begins, key.chars().next(), value.chars().next()),
            ] {
                if let (Some(key), Some(value)) = (key, value) {
                    table.entry(value).or_default().insert(key);
                }
            }
        }
        for (left, right) in second_entries.iter().flat_map(|(key, _)| pairs(key)) {
            linked.extend(product(&ends, &begins, left, right));
            for pair in product(&sources, &sources, left, right) {
                *counts.entry(pair).or_default() += 1;
            }
        }

        let mut effective = BTreeSet::new();
        let by_characters = |group: Option<&Group>, key: &str| -> String {
            key.chars().map(|character| convert(group, &character.to_string())).collect()
        };
        let count = |pair: &(char, char)| counts.get(pair).copied().unwrap_or(0);
        for (entries, group, is_first) in [(&first_entries, first, true), (&second_entries, second, false)] {
            let mut keys: Vec<_> = entries
                .iter()
                .filter(|(key, value)| key.chars().nth(1).is_some() && by_characters(group, key) != *value)
                .map(|(key, _)| key.as_str())
                .collect();
            // Short keys have no choice of pairs: what they need, longer ones may use too.
            keys.sort_by_key(|key| key.chars().count());
            for key in keys {
                let choices = pairs(key).map(|(left, right)| match is_first {
                    true => BTreeSet::from([(left, right)]),
                    false => product(&sources, &sources, left, right).collect(),
                });
                let new = |pairs: &BTreeSet<(char, char)>| -> usize {
                    pairs.difference(&effective).map(|pair| 1 + count(pair)).sum()
                };
                effective.extend(choices.min_by_key(new).unwrap_or_default());
            }
        }
        linked.extend(&effective);
        Some(Table { alone, linked, effective })
    }

    fn pages(&self) -> Vec<[u16; PAGE]> {
        let mut pages = Vec::new();
        for (&character, &output) in &self.alone {
            let code = character as usize;
            if pages.len() <= code / PAGE {
                pages.resize(code / PAGE + 1, [0; PAGE]);
            }
            pages[code / PAGE][code % PAGE] = output;
        }
        pages
    }

    fn cells(&self) -> Vec<u8> {
        let cells = (self.linked.len() * CELLS).next_power_of_two().max(LEAST_CELLS);
        let shift = 32 - cells.ilog2();
        let mut bytes = vec![0; cells / 4];
        for (pairs, bits) in [(&self.linked, 1), (&self.effective, 3)] {
            for &(left, right) in pairs {
                let cell = Left::new(left as u32).cell(right as u32, shift);
                bytes[cell / 4] |= bits << (cell % 4 * 2);
            }
        }
        bytes
    }

    fn skips_ascii(&self) -> bool {
        self.effective.iter().all(|(left, right)| !left.is_ascii() || !right.is_ascii())
            && self.alone.keys().all(|character| !character.is_ascii())
    }
}

/// All entries of all dictionaries of a group, with their first candidates.
fn entries(group: &Group) -> Vec<(String, String)> {
    let entries = group.dictionaries().into_iter().map(|dictionary| dictionary.to_entries());
    let first =
        |(key, candidates): (&str, &[String])| (key.to_owned(), candidates.first().cloned().unwrap_or_default());
    entries.flat_map(|entries| entries.iter().map(first).collect::<Vec<_>>()).collect()
}

/// A whole text through a stage.
fn convert(group: Option<&Group>, text: &str) -> String {
    let Some(group) = group else { return text.to_owned() };
    let mut converted = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let len = match group.search(rest).found {
            Some(found) => {
                converted.push_str(found.first());
                found.len
            }
            None => {
                converted.push(character);
                character.len_utf8()
            }
        };
        rest = &rest[len..];
    }
    converted
}

fn is_operator(character: char) -> bool {
    OPERATORS.contains(&character)
}

/// The only character of a text that has but one.
fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn pairs(key: &str) -> impl Iterator<Item = (char, char)> {
    key.chars().zip(key.chars().skip(1))
}

/// All pairs of the left character's sources and the right one's.
fn product(lefts: &Characters, rights: &Characters, left: char, right: char) -> impl Iterator<Item = (char, char)> {
    let rights = rights.get(&right);
    let lefts = lefts.get(&left).into_iter().flatten();
    lefts.flat_map(move |&left| rights.into_iter().flatten().map(move |&right| (left, right)))
}

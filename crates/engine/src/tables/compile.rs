//! The writer of the tables: for build scripts, and for releases and configuration files at run time.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    thread,
};

use fanjian_dictionary::{Error, ErrorKind, Group, Plan, han::single};

use super::{
    CONFIGURATION, HEAD, SEAL, SWITCHES,
    anchors::AnchoredPairs,
    buckets,
    characters::writer::{Description, Output, Pages, notable},
    matcher::writer::{Parts, chosen},
    pair_filter::writer::build,
};
use crate::description::is_operator;

/// Bits for each pair in the filter of joinable ones, before the power of two that they are rounded up to. With half of them,
/// `tw2sp` had four fifths of its speed.
const JOINABLE_BITS: usize = 16;
/// The same for pairs of non-compositional keys. With a quarter, `s2t` had five sixths of its speed.
const NON_COMPOSITIONAL_BITS: usize = 32;

/// The tables of these configurations, by name. A configuration that they cannot be made for is left out.
///
/// Costs a tenth of a second each, which all processors share, by the number of entries.
///
/// # Errors
///
/// [`TooLarge`](fanjian_dictionary::ErrorKind::TooLarge) from 4 GiB on; and where texts could come to a key of the second stage by too
/// many pairs of characters, as those of no release do.
pub fn compile(plans: &[(String, Plan)]) -> Result<Vec<u8>, Error> {
    let mut pages = Pages::new();
    let mut blocks = Vec::new();
    let mut found: HashMap<Vec<u8>, [u32; 2]> = HashMap::new();
    let mut tables = Vec::new();
    for ((name, plan), table) in plans.iter().zip(in_parallel(plans, |(_, plan)| Table::new(plan))) {
        if let Some(parts) = table?.and_then(|table| table.parts(plan, &mut pages)) {
            tables.push((name, parts));
        }
    }
    let start = HEAD + tables.len() * CONFIGURATION;
    // Configurations share what is the same.
    let mut add = |block: &[u8]| {
        *found.entry(block.to_owned()).or_insert_with(|| {
            blocks.extend_from_slice(block);
            [start + blocks.len() - block.len(), block.len()].map(|number| number as u32)
        })
    };
    let mut directory = Vec::new();
    for (name, (parts, switches)) in &tables {
        directory.extend(add(name.as_bytes()));
        directory.extend(parts.iter().flat_map(|part| add(part)));
        directory.extend(switches.map(u32::from));
    }
    let pages = add(pages.bytes());
    let numbers = [tables.len() as u32].into_iter().chain(pages).chain(directory);
    let contents: Vec<u8> = numbers.flat_map(u32::to_le_bytes).chain(blocks).collect();
    SEAL.close(&contents)
}

/// The results for these items, in their order, made by as many threads as can run at once.
fn in_parallel<T: Sync, R: Send>(items: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(threads).max(1);
    let work = |items| -> Vec<R> { <[T]>::iter(items).map(&make).collect() };
    if items.len() <= share {
        // Not every system has threads.
        return work(items);
    }
    thread::scope(|scope| {
        let threads: Vec<_> = items.chunks(share).map(|items| scope.spawn(move || work(items))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no item is one to panic for")).collect()
    })
}

type Sources = BTreeMap<char, BTreeSet<char>>;

/// The tables of a configuration before they are written.
struct Table {
    map_char: BTreeMap<char, Output>,
    /// In order, each once.
    joinable: Vec<(char, char)>,
    non_compositional: AnchoredPairs,
    /// See [`keeps_lines`](FusedTables::keeps_lines).
    keeps_lines: bool,
}

impl Table {
    /// None if the configuration is of a kind that the argument does not cover.
    fn new(plan: &Plan) -> Result<Option<Table>, Error> {
        let normalization: Vec<_> = plan.normalization.iter().flat_map(entries).collect();
        let segmentation: Vec<_> = plan.segmentation.iter().flat_map(entries).collect();
        let (first, second) = match plan.chain.as_slice() {
            [] => (None, None),
            [first] => (Some(first), None),
            [first, second] => (Some(first), Some(second)),
            _ => return Ok(None),
        };
        let first_entries = first.map(entries).unwrap_or_default();
        let second_entries = second.map(entries).unwrap_or_default();
        let is_uncovered = |value: &str| value.is_empty() || value.contains(is_operator);
        if normalization.iter().any(|(key, value)| key.chars().count() > 1 || value.contains(is_operator))
            || (second.is_some() && first_entries.iter().any(|(_, value)| is_uncovered(value)))
        {
            return Ok(None);
        }

        let all = [&normalization, &segmentation, &first_entries, &second_entries];
        let characters: BTreeSet<char> = all.into_iter().flatten().flat_map(|(key, _)| key.chars()).collect();
        let once = |character: char| convert(first, &character.to_string());
        let normalized: BTreeSet<char> = normalization.iter().flat_map(|(key, _)| key.chars()).collect();
        let mut map_char = BTreeMap::new();
        let mut sources = Sources::new();
        for &character in &characters {
            let after_first = once(character);
            if let Some(single) = single(&after_first) {
                sources.entry(single).or_default().insert(character);
            }
            let covered = single(&after_first).is_some() && !normalized.contains(&character) && character < '\u{10000}';
            let output = single(&convert(second, &after_first)).filter(|_| covered);
            if output != Some(character) {
                map_char.insert(character, output.map_or(Output::Fallback, Output::Character));
            }
        }

        let operators = ('\u{2ff0}'..='\u{2fff}').filter(|&character| is_operator(character));
        map_char.extend(operators.map(|operator| (operator, Output::Fallback)));

        let mut joinable: Vec<(char, char)> =
            segmentation.iter().chain(&first_entries).flat_map(|(key, _)| pairs(key)).collect();
        // How often a pair is in a key: the fewer, the rarer it should be in texts.
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
        if let Some(second) = second {
            check_pairs(second, [&ends, &begins])?;
        }
        for (left, right) in second_entries.iter().flat_map(|(key, _)| pairs(key)) {
            joinable.extend(product(&ends, &begins, left, right));
            for pair in product(&sources, &sources, left, right) {
                *counts.entry(pair).or_default() += 1;
            }
        }

        let mut keys = Vec::new();
        for (entries, group, is_first) in [(&first_entries, first, true), (&second_entries, second, false)] {
            let are_sources = |character: char| match is_first {
                true => BTreeSet::from([character]),
                false => sources.get(&character).cloned().unwrap_or_default(),
            };
            let mut by_characters = ByCharacters { group, outputs: HashMap::new() };
            let non_compositional =
                entries.iter().filter(|(key, value)| key.chars().nth(1).is_some() && !by_characters.gives(key, value));
            keys.extend(non_compositional.map(|(key, _)| key.chars().map(are_sources).collect()));
        }
        let non_compositional = AnchoredPairs::choose(keys, &counts);
        joinable.extend(&non_compositional.pairs);
        // As numbers, they are sorted in a tenth of the time that a set of them takes.
        joinable.sort_unstable_by_key(|&(left, right)| u64::from(left) << 32 | u64::from(right));
        joinable.dedup();
        let keeps_lines = !characters.contains(&'\n');
        Ok(Some(Table { map_char, joinable, non_compositional, keeps_lines }))
    }

    /// The parts of the file that belong to this configuration, without its name; and its switches.
    fn parts(&self, plan: &Plan, pages: &mut Pages) -> Option<(Vec<Vec<u8>>, [bool; SWITCHES])> {
        let stages: Vec<_> = plan.chain.iter().map(chosen).collect();
        let map_char: Vec<BTreeMap<char, String>> = stages
            .iter()
            .map(|entries| entries.iter().filter_map(|(key, value)| Some((single(key)?, value.clone()))).collect())
            .collect();
        let nothing = BTreeMap::new();
        let segments = plan.segmentation.as_ref().map(chosen);
        let mut first_keys = stages.iter().take(1).flat_map(BTreeMap::keys).filter(|key| single(key).is_none());
        let is_segment = |key| segments.as_ref().is_some_and(|segments| segments.contains_key(key));
        let first_stage_matches_alone = !first_keys.all(is_segment);
        let segmentation = segments.map(|segments| {
            let keys = segments.into_keys();
            let entries = keys.map(|key| (key.clone(), convert(plan.chain.first(), &key))).collect();
            Parts::compile(&entries, map_char.first().unwrap_or(&nothing), true, pages)
        });
        let mut matchers = vec![segmentation];
        let of_stages = stages
            .iter()
            .zip(&map_char)
            .map(|(entries, map_char)| Some(Parts::compile(entries, map_char, false, pages)));
        matchers.extend(of_stages.chain([None, None]).take(2));

        let mut characters: BTreeMap<char, Description> = BTreeMap::new();
        for (&character, &output) in &self.map_char {
            characters.entry(character).or_default().output = Some(output);
        }
        // Of no use to a whole configuration, but so it has pages in common with its stage.
        for key in stages.first().into_iter().flat_map(|entries| entries.keys()).filter(|key| single(key).is_none()) {
            characters.entry(key.chars().next()?).or_default().begins = true;
        }
        let changing: BTreeSet<char> = self.map_char.keys().copied().collect();
        let AnchoredPairs { pairs, anchors } = &self.non_compositional;
        let all_notable = changing.union(anchors).copied().filter(|character| character.len_utf8() == 3).collect();
        let mut parts = vec![
            pages.add(&characters)?,
            build(self.joinable.iter(), JOINABLE_BITS),
            build(pairs.iter(), NON_COMPOSITIONAL_BITS),
            notable(&changing, anchors),
            buckets::writer::build(&all_notable),
        ];
        for matcher in matchers {
            let Parts { directory, slots, records } = matcher.unwrap_or_else(|| Some(Parts::default()))?;
            parts.extend([directory, slots, records]);
        }
        Some((parts, [self.skips_ascii(), first_stage_matches_alone, self.keeps_lines]))
    }

    /// Not where ASCII ends a pair: then it could not be skipped without a look at what is before it.
    fn skips_ascii(&self) -> bool {
        self.non_compositional.pairs.iter().all(|(_, right)| !right.is_ascii())
            && self.map_char.keys().all(|character| !character.is_ascii())
    }
}

/// The greatest number of pairs of source characters that keys of a second stage may be made from, each counted for each key: those of
/// `s2twp` have 16,000. A forged dictionary could have many million times as many.
const MOST_PAIRS: usize = 1 << 20;

/// An error for a second stage whose keys can be made from more pairs, by the characters that entries of the first stage end and begin with.
fn check_pairs(second: &Group, [ends, begins]: [&Sources; 2]) -> Result<(), Error> {
    let sources = |sources: &Sources, character| sources.get(&character).map_or(0, BTreeSet::len);
    let mut count = 0_usize;
    for dictionary in second.dictionaries() {
        dictionary.for_each_entry(|key, _| {
            for (left, right) in pairs(key) {
                // Keys have copies of the sources, too.
                let [lefts, rights] = [sources(ends, left), sources(begins, right)];
                count = count.saturating_add(lefts.saturating_mul(rights)).saturating_add(lefts).saturating_add(rights);
            }
        });
        if count > MOST_PAIRS {
            let message = format!(
                "its keys could be made by the stage before it from {count} pairs of characters; at most {MOST_PAIRS} are \
                 supported: leave out entries that make many characters the same"
            );
            return Err(Error::new(ErrorKind::TooLarge, message).at(dictionary.name()));
        }
    }
    Ok(())
}

/// All entries of all dictionaries of a group, with their first candidates.
fn entries(group: &Group) -> Vec<(String, String)> {
    let mut entries = Vec::new();
    for dictionary in group.dictionaries() {
        dictionary.for_each_entry(|key, value| entries.push((key.to_owned(), value.to_owned())));
    }
    entries
}

/// What a stage makes of characters alone, each of which it is asked once.
struct ByCharacters<'g> {
    group: Option<&'g Group>,
    outputs: HashMap<char, String>,
}

impl ByCharacters<'_> {
    /// Whether the characters of `key`, one by one, become `value`.
    fn gives(&mut self, key: &str, value: &str) -> bool {
        let mut rest = Some(value);
        for character in key.chars() {
            let convert = || convert(self.group, character.encode_utf8(&mut [0; 4]));
            let output = self.outputs.entry(character).or_insert_with(convert);
            rest = rest.and_then(|rest| rest.strip_prefix(output.as_str()));
        }
        rest == Some("")
    }
}

/// A whole text through a stage, if there is one.
fn convert(group: Option<&Group>, text: &str) -> String {
    group.map_or_else(|| text.to_owned(), |group| group.convert(text))
}

fn pairs(key: &str) -> impl Iterator<Item = (char, char)> {
    key.chars().zip(key.chars().skip(1))
}

/// All pairs of the left character's sources and the right one's.
fn product(lefts: &Sources, rights: &Sources, left: char, right: char) -> impl Iterator<Item = (char, char)> {
    let rights = rights.get(&right);
    let lefts = lefts.get(&left).into_iter().flatten();
    lefts.flat_map(move |&left| rights.into_iter().flatten().map(move |&right| (left, right)))
}

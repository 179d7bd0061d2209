//! Makes the table that the build script embeds from the dictionaries: which character each character is folded to.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt::Write,
};

use fanjian_dictionary::Entries;

/// Dictionaries of characters, read from the folder of dictionaries: all candidates of a key are in its class.
const CHARACTERS: &[&str] = &[
    "CJK_Compatibility_Ideographs",
    "HKVariants",
    "HKVariantsRev",
    "JPShinjitaiCharacters",
    "JPShinjitaiCharactersRev",
    "STCharacters",
    "TSCharacters",
    "TSCharactersExt",
    "TWVariants",
    "TWVariantsRev",
    "fold/Radicals",
    "fold/Variants",
    "targets/CantoneseCharacters",
    "targets/Classes",
    "targets/HKVariants",
    "targets/SimplifiedClasses",
    "targets/SimplifiedVariants",
    "targets/TWVariants",
];

/// A character before this can be folded.
const LIMIT: u32 = 0x3_2400;

/// How many characters a page of the table has.
const PAGE: u32 = 64;

/// Added to what a character is folded to if that begins a word of the list.
const BEGINS_WORD: u32 = 1 << 31;

/// Returns the dictionary of a name.
type Read<'r> = dyn FnMut(&str) -> Result<Entries, Box<dyn Error>> + 'r;

/// The table as Rust source. `read` returns the dictionary of a name.
pub(crate) fn compile(read: &mut Read<'_>) -> Result<String, Box<dyn Error>> {
    let mut folded = classes(read)?;
    widths_and_cases(&mut folded);
    for (from, to) in &folded {
        if folded.get(to).is_some_and(|again| again != to) {
            return Err(format!("'{from}' is folded to '{to}', and that to another character").into());
        }
    }
    let words = words(&read("fold/Words")?, &folded)?;
    source(&folded, &words)
}

/// The Simplified character of each character's class.
fn classes(read: &mut Read<'_>) -> Result<BTreeMap<char, char>, Box<dyn Error>> {
    let mut apart = BTreeSet::new();
    for (key, candidates) in read("fold/Apart")?.iter() {
        for (one, other) in candidates.iter().filter_map(|candidate| pair(key, candidate)) {
            apart.extend([(one, other), (other, one)]);
        }
    }
    let mut neighbours: BTreeMap<char, Vec<char>> = BTreeMap::new();
    for name in CHARACTERS {
        for (key, candidates) in read(name)?.iter() {
            for pair in candidates.iter().filter_map(|candidate| pair(key, candidate)) {
                if !apart.contains(&pair) {
                    neighbours.entry(pair.0).or_default().push(pair.1);
                    neighbours.entry(pair.1).or_default().push(pair.0);
                }
            }
        }
    }
    // Of a class, the key is the form that Simplified words are written with most; of rare ones, what OpenCC gives.
    let mut rank: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    for (word, _) in read("STPhrases")?.iter() {
        word.chars().for_each(|character| rank.entry(character).or_default().0 += 1);
    }
    for (_, candidates) in read("TSCharacters")?.iter() {
        candidates[0].chars().for_each(|character| rank.entry(character).or_default().1 += 1);
    }
    let mut folded = BTreeMap::new();
    for &first in neighbours.keys() {
        if folded.contains_key(&first) {
            continue;
        }
        let mut class = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some(member) = open.pop() {
            open.extend(neighbours[&member].iter().filter(|&&neighbour| class.insert(neighbour)));
        }
        let best = |&member: &char| {
            let (words, results) = rank.get(&member).copied().unwrap_or_default();
            (words, results, ('\u{4e00}'..='\u{9fff}').contains(&member), std::cmp::Reverse(member))
        };
        let key = class.iter().copied().max_by_key(best).ok_or("a class without characters")?;
        folded.extend(class.into_iter().map(|member| (member, key)));
    }
    Ok(folded)
}

/// The two characters of an entry of one character.
fn pair(key: &str, candidate: &str) -> Option<(char, char)> {
    let single = |text: &str| {
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    Some((single(key)?, single(candidate)?))
}

/// Adds the half-width forms of full-width characters, and lower case.
fn widths_and_cases(folded: &mut BTreeMap<char, char>) {
    let lower = |character: char| match character {
        'ς' => 'σ',
        // Its lower case is two characters, of which the second is a combining dot.
        'İ' => 'i',
        _ => character.to_lowercase().next().unwrap_or(character),
    };
    for character in (0..LIMIT).filter_map(char::from_u32) {
        let narrow = match character {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
            '\u{ffe0}' => '¢',
            '\u{ffe1}' => '£',
            '\u{ffe2}' => '¬',
            '\u{ffe4}' => '¦',
            '\u{ffe5}' => '¥',
            '\u{ffe6}' => '₩',
            _ => character,
        };
        if lower(narrow) != character {
            folded.insert(character, lower(narrow));
        }
    }
}

/// The words, checked: the longest ones first.
fn words(entries: &Entries, folded: &BTreeMap<char, char>) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let words: Vec<(String, String)> = entries.iter().map(|(key, to)| (key.to_owned(), to[0].clone())).collect();
    for (key, value) in &words {
        let is_folded = |text: &str| text.chars().all(|found| folded.get(&found).is_none_or(|&to| to == found));
        if key.chars().count() != value.chars().count() || !is_folded(key) || !is_folded(value) {
            return Err(format!("fold/Words: '{key}' and '{value}' must be folded, and as long as each other").into());
        }
        // No text around a value makes a key of it, so that a folded text is not folded again.
        let meets = |other: &str| {
            let mut cuts = value.char_indices().map(|(cut, _)| cut).skip(1);
            value.contains(other) || cuts.any(|cut| other.starts_with(&value[cut..]) || other.ends_with(&value[..cut]))
        };
        if let Some((other, _)) = words.iter().find(|(other, _)| meets(other)) {
            return Err(format!("fold/Words: '{value}', which '{key}' becomes, can be a part of '{other}'").into());
        }
    }
    let mut words = words;
    words.sort_by_key(|(key, _)| std::cmp::Reverse(key.len()));
    Ok(words)
}

/// The table: pages of characters, each of which has the number of what it is folded to.
fn source(folded: &BTreeMap<char, char>, words: &[(String, String)]) -> Result<String, Box<dyn Error>> {
    let starts: BTreeSet<char> = words.iter().filter_map(|(key, _)| key.chars().next()).collect();
    let mut results = vec![0];
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let mut pages: Vec<Vec<usize>> = vec![vec![0; PAGE as usize]];
    let mut page_numbers = Vec::new();
    for first in (0..LIMIT).step_by(PAGE as usize) {
        let mut page = Vec::new();
        for code in first..first + PAGE {
            let Some(character) = char::from_u32(code) else {
                page.push(0);
                continue;
            };
            let to = folded.get(&character).copied().unwrap_or(character);
            let begins_word = starts.contains(&to);
            if to == character && !begins_word {
                page.push(0);
                continue;
            }
            let result = to as u32 | if begins_word { BEGINS_WORD } else { 0 };
            page.push(*numbers.entry(result).or_insert_with(|| {
                results.push(result);
                results.len() - 1
            }));
        }
        let number = pages.iter().position(|known| *known == page).unwrap_or_else(|| {
            pages.push(page);
            pages.len() - 1
        });
        page_numbers.push(number);
    }
    if pages.len().max(results.len()) > usize::from(u16::MAX) {
        return Err("the table of the fold has more entries than its numbers".into());
    }
    let mut out = String::new();
    let entries = pages.concat();
    writeln!(out, "static PAGES: [u16; {}] = {page_numbers:?};", page_numbers.len())?;
    writeln!(out, "static ENTRIES: [u16; {}] = {entries:?};", entries.len())?;
    writeln!(out, "static RESULTS: [u32; {}] = {results:?};", results.len())?;
    writeln!(out, "static WORDS: [(&str, &str); {}] = {words:?};", words.len())?;
    writeln!(out, "const BEGINS_WORD: u32 = {BEGINS_WORD};")?;
    writeln!(out, "const PAGE: usize = {PAGE};")?;
    Ok(out)
}

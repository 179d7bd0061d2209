//! Repair of the damage done by glosses.
//!
//! The glosses were inserted by bytes, behind the two bytes of a character in GBK, wherever these occurred. In 發自內心, 自 is
//! `D7 D4` and 內 is `83 C8`; `D4 83` is 詢, and so its reading was inserted: `D7 D4 83 (xún) C8`. The decoder of the page then
//! took `83` for the first byte of a character, and lost it with the parenthesis behind it: 自?xún). The text behind it lacks
//! its first byte, so that its characters are combined from the halves of two, until ASCII, or a lost byte of the next gloss,
//! restores the alignment.
//!
//! The reconstruction: the last byte of the character before, and the reading, determine which character was glossed (nearly
//! always a single one), and thereby the lost byte. With it, the halves behind are combined again. A byte that was lost before
//! another gloss is determined by the reading of that gloss. If there is exactly one reconstruction, the damage is repaired. A
//! byte that was lost together with ASCII, such as a line feed, cannot be determined: the text before it is repaired, and it
//! remains.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use crate::{
    found::{Damage, Gloss},
    readings::{self, Candidate},
};

/// The longest damage, in characters. Anything longer has another cause.
const LONGEST: usize = 64;
/// The longest reading with its parenthesis, in bytes.
const LONGEST_READING: usize = 6 * 4 + 1;

/// Whether a character takes the place of a lost byte.
fn is_lost(character: char) -> bool {
    matches!(character, '?' | '\u{fffd}')
}

/// All damage in a text with these glosses.
pub(crate) fn damages(text: &str, glosses: &[Gloss]) -> Vec<Damage> {
    if !text.contains(is_lost) {
        return Vec::new();
    }
    let machine = Machine::new(text, glosses);
    let mut damages: Vec<Damage> = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(is_lost) {
        if at < from {
            continue;
        }
        let Some(before) = before(text, at, glosses) else { continue };
        let Some((reading, end)) = reading_of_lost(text, at) else { continue };
        let mut search = Search { found: Vec::new(), machine: &machine };
        if let Some([_, last]) = readings::gbk(before) {
            for candidate in machine.candidates(reading, last) {
                search.follow(text, end, candidate.bytes[1]);
            }
        }
        // The original of the page was Simplified text, of characters in GB 2312.
        let mut found = search.found;
        if found.iter().any(Reconstruction::is_of_gb_2312) {
            found.retain(Reconstruction::is_of_gb_2312);
        }
        match found.as_slice() {
            [only] => {
                damages.push(Damage { span: at..only.end, original: Some(only.original.clone()) });
                damages.extend(only.lost.clone().map(|span| Damage { span, original: None }));
            }
            _ => damages.push(Damage { span: at..end, original: None }),
        }
        from = damages.last().map_or(end, |damage| damage.span.end);
    }
    damages
}

/// The character before a place, or before the gloss that ends at this place.
fn before(text: &str, at: usize, glosses: &[Gloss]) -> Option<char> {
    let at = glosses.binary_search_by_key(&at, |gloss| gloss.span.end).map_or(at, |found| glosses[found].span.start);
    text[..at].chars().next_back()
}

/// The reading behind a lost byte, and the end of its parenthesis. Some decoders lose the opening one with the byte; others
/// keep it.
fn reading_of_lost(text: &str, at: usize) -> Option<(&str, usize)> {
    let from = at + text[at..].chars().next()?.len_utf8();
    let from = from + usize::from(text[from..].starts_with('('));
    reading(text, from)
}

/// The reading in parentheses at a place, and the end of these.
fn reading_in_parentheses(text: &str, at: usize) -> Option<(&str, usize)> {
    if text[at..].starts_with('(') { reading(text, at + 1) } else { None }
}

/// The reading from a place to its closing parenthesis, and the end of this.
fn reading(text: &str, from: usize) -> Option<(&str, usize)> {
    let rest = &text[from..];
    let rest = &rest[..rest.floor_char_boundary(LONGEST_READING)];
    let reading = &rest[..rest.find(')')?];
    readings::is_syllable(reading).then_some((reading, from + reading.len() + 1))
}

/// The behaviour of a machine: it inserts one reading, or a few, behind every occurrence of the characters in its list.
struct Machine {
    readings: HashMap<char, BTreeSet<String>>,
    /// Characters that are in the text without a gloss, and never with one.
    plain: HashSet<char>,
}

impl Machine {
    fn new(text: &str, glosses: &[Gloss]) -> Machine {
        let mut readings: HashMap<char, BTreeSet<String>> = HashMap::new();
        for gloss in glosses {
            readings.entry(gloss.character).or_default().insert(readings::normal(&gloss.reading));
        }
        let plain = text.chars().filter(|character| !readings.contains_key(character)).collect();
        Machine { readings, plain }
    }

    fn glosses(&self, character: char) -> bool {
        self.readings.contains_key(&character)
    }

    /// The characters with a reading and a first byte that it may have glossed. A character that is glossed elsewhere in the
    /// text has to have this reading there.
    fn candidates(&self, reading: &str, first: u8) -> Vec<Candidate> {
        let reading = readings::normal(reading);
        let is_known = |character| self.readings.get(&character).map(|readings| readings.contains(&reading));
        let candidates = readings::candidates(&reading).iter().copied();
        candidates
            .filter(|candidate| candidate.bytes[0] == first && !self.plain.contains(&candidate.character))
            .filter(|candidate| is_known(candidate.character) != Some(false))
            .collect()
    }
}

/// A search for all originals of a damaged text.
struct Search<'m> {
    found: Vec<Reconstruction>,
    machine: &'m Machine,
}

/// A possible original of a damaged text.
struct Reconstruction {
    original: String,
    /// The end of the damage.
    end: usize,
    /// A character behind it that was lost together with ASCII, and cannot be determined.
    lost: Option<Range<usize>>,
}

impl Reconstruction {
    fn is_of_gb_2312(&self) -> bool {
        readings::is_of_gb_2312(&self.original)
    }
}

impl Search<'_> {
    /// Finds the reconstructions from a place on that follows the first byte of a character.
    fn follow(&mut self, text: &str, at: usize, first: u8) {
        let (mut at, mut first) = (at, first);
        let mut original = String::new();
        // A character that the machine glosses has its gloss, unless it was torn apart.
        let mut is_torn = true;
        for _ in 0..LONGEST {
            let Some(character) = text[at..].chars().next() else { return };
            let behind = at + character.len_utf8();
            if is_lost(character) {
                let Some((reading, end)) = reading_of_lost(text, at) else {
                    if !original.is_empty() {
                        self.found.push(Reconstruction { original, end: at, lost: Some(at..behind) });
                    }
                    return;
                };
                for candidate in self.machine.candidates(reading, first) {
                    let original = format!("{original}{}", candidate.character);
                    self.found.push(Reconstruction { original, end, lost: None });
                }
                return;
            }
            let gloss = |character: char| {
                let (reading, end) = reading_in_parentheses(text, behind)?;
                readings::is_reading(character, &readings::normal(reading)).then_some(end)
            };
            let (second, next) = match (u8::try_from(character), readings::gbk(character)) {
                (Ok(byte), _) if byte.is_ascii() => (byte, None),
                // Browsers show it for the byte 80, which does not begin a character.
                _ if character == '€' => (0x80, None),
                (_, Some([second, next])) => (second, Some(next)),
                _ => return,
            };
            let Some(whole) = readings::from_gbk([first, second]) else { return };
            let Some(next) = next else {
                // The second byte of the last character that was cut in two is on its own, and the rest is aligned.
                let gloss = gloss(whole);
                if gloss.is_some() || is_torn || !self.machine.glosses(whole) {
                    original.push(whole);
                    self.found.push(Reconstruction { original, end: gloss.unwrap_or(behind), lost: None });
                }
                return;
            };
            if !is_torn && self.machine.glosses(whole) {
                return;
            }
            original.push(whole);
            // The halves of two characters may be those of a glossed one, whose gloss has torn the second one apart.
            let gloss = gloss(character);
            is_torn = gloss.is_some();
            at = gloss.unwrap_or(behind);
            first = next;
        }
    }
}

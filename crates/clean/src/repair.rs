//! What glosses damaged, and what stood there.
//!
//! The glosses were put in by bytes, behind the two bytes that a character has in GBK, wherever they stood. In 發自內心, 自 is
//! `D7 D4` and 內 is `83 C8`; `D4 83` is 詢, and so its reading came in between: `D7 D4 83 (xún) C8`. Whoever read the page then
//! took `83` for the beginning of a character, and lost it with the parenthesis behind it: 自?xún). What follows has lost its
//! first byte, so that characters fall together from the halves of two, until ASCII, or a lost byte of the next gloss, sets them
//! right again.
//!
//! The way back: the last byte of the character before, and the reading, tell which character was glossed (nearly always one),
//! and that tells the lost byte. With it, the halves behind are put together again. Where a byte before another gloss was
//! lost, its reading tells it, too. If all this can be done in exactly one way, it is mended. A byte that
//! was lost together with ASCII, such as a line feed, cannot be known: what stands before it is mended, and it stays.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use crate::{
    Damage, Gloss,
    readings::{self, Candidate},
};

/// What damage is taken to reach over, in characters. Behind that, something else is wrong.
const LONGEST: usize = 64;
/// As long as a reading can be, with its parenthesis, in bytes.
const LONGEST_READING: usize = 6 * 4 + 1;

/// What bytes that are lost stand as.
fn is_lost(character: char) -> bool {
    matches!(character, '?' | '\u{fffd}')
}

/// All damage in a text, which has these glosses.
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
        let mut ways = Ways { found: Vec::new(), machine: &machine };
        if let Some([_, last]) = readings::gbk(before) {
            for candidate in machine.candidates(reading, last) {
                ways.follow(text, end, candidate.bytes[1]);
            }
        }
        // The original of the page was Simplified text, of characters that GB 2312 has.
        if ways.found.iter().any(|way| readings::is_of_gb_2312(&way.original)) {
            ways.found.retain(|way| readings::is_of_gb_2312(&way.original));
        }
        match ways.found.as_slice() {
            [way] => {
                damages.push(Damage { span: at..way.end, original: Some(way.original.clone()) });
                damages.extend(way.lost.clone().map(|span| Damage { span, original: None }));
            }
            _ => damages.push(Damage { span: at..end, original: None }),
        }
        from = damages.last().map_or(end, |damage| damage.span.end);
    }
    damages
}

/// The character before a place; if a gloss stands between them, the one before that.
fn before(text: &str, at: usize, glosses: &[Gloss]) -> Option<char> {
    let at = glosses.binary_search_by_key(&at, |gloss| gloss.span.end).map_or(at, |found| glosses[found].span.start);
    text[..at].chars().next_back()
}

/// The reading behind a lost byte, and where its parenthesis ends. Some decoders lose the opening one with the byte; others
/// leave it.
fn reading_of_lost(text: &str, at: usize) -> Option<(&str, usize)> {
    let from = at + text[at..].chars().next()?.len_utf8();
    let from = from + usize::from(text[from..].starts_with('('));
    reading(text, from)
}

/// The reading that stands in parentheses at a place, and where these end.
fn reading_in_parentheses(text: &str, at: usize) -> Option<(&str, usize)> {
    if text[at..].starts_with('(') { reading(text, at + 1) } else { None }
}

/// The reading from a place to its parenthesis, and where this ends.
fn reading(text: &str, from: usize) -> Option<(&str, usize)> {
    let rest = &text[from..];
    let rest = &rest[..rest.floor_char_boundary(LONGEST_READING)];
    let reading = &rest[..rest.find(')')?];
    readings::is_syllable(reading).then_some((reading, from + reading.len() + 1))
}

/// What is known of a machine: it puts one reading, or a few, behind every occurrence of the characters in its list.
struct Machine {
    readings: HashMap<char, BTreeSet<String>>,
    /// Characters that stand in the text without a gloss, and never with one.
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

    /// The characters with a reading and a first byte that it may have glossed: those that it glosses elsewhere in the text in
    /// the same way, if there are such.
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

/// All texts that may have become what stands there.
struct Ways<'m> {
    found: Vec<Way>,
    machine: &'m Machine,
}

/// A text that may have become what stands there.
struct Way {
    original: String,
    end: usize,
    /// A character behind it that was lost together with ASCII, which cannot be known.
    lost: Option<Range<usize>>,
}

impl Ways<'_> {
    /// Finds the ways from a place on where the first byte of a character is known, and its second one is to come.
    fn follow(&mut self, text: &str, at: usize, first: u8) {
        let (mut at, mut first) = (at, first);
        let mut original = String::new();
        // A character that the machine glosses has its gloss, but for one that was torn apart.
        let mut is_torn = true;
        for _ in 0..LONGEST {
            let Some(character) = text[at..].chars().next() else { return };
            let behind = at + character.len_utf8();
            if is_lost(character) {
                let Some((reading, end)) = reading_of_lost(text, at) else {
                    if !original.is_empty() {
                        self.found.push(Way { original, end: at, lost: Some(at..behind) });
                    }
                    return;
                };
                for candidate in self.machine.candidates(reading, first) {
                    let original = format!("{original}{}", candidate.character);
                    self.found.push(Way { original, end, lost: None });
                }
                return;
            }
            let gloss = |character: char| {
                let (reading, end) = reading_in_parentheses(text, behind)?;
                readings::is_reading(character, &readings::normal(reading)).then_some(end)
            };
            let (second, next) = match (u8::try_from(character), readings::gbk(character)) {
                (Ok(byte), _) if byte.is_ascii() => (byte, None),
                // What browsers show for the byte 80, which begins no character.
                _ if character == '€' => (0x80, None),
                (_, Some([second, next])) => (second, Some(next)),
                _ => return,
            };
            let Some(whole) = readings::from_gbk([first, second]) else { return };
            let Some(next) = next else {
                // The second byte of the last character that was cut in two stands alone, and what follows is whole.
                let gloss = gloss(whole);
                if gloss.is_some() || is_torn || !self.machine.glosses(whole) {
                    original.push(whole);
                    self.found.push(Way { original, end: gloss.unwrap_or(behind), lost: None });
                }
                return;
            };
            if !is_torn && self.machine.glosses(whole) {
                return;
            }
            original.push(whole);
            // The halves of two characters may look like one that was glossed: its gloss has torn the second one apart.
            let gloss = gloss(character);
            is_torn = gloss.is_some();
            at = gloss.unwrap_or(behind);
            first = next;
        }
    }
}

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
//! was lost together with ASCII, such as a line feed, cannot be known.

use std::collections::BTreeSet;

use super::{
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
pub(super) fn damages(text: &str, glosses: &[Gloss]) -> Vec<Damage> {
    let glossed: BTreeSet<char> = glosses.iter().map(|gloss| gloss.character).collect();
    let is_glossed = |character: char| glossed.contains(&character);
    let mut damages: Vec<Damage> = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(is_lost) {
        if at < from {
            continue;
        }
        let Some(before) = before(text, at, glosses) else { continue };
        let Some(reading) = reading(&text[at..]) else { continue };
        let mut ways = Ways { found: Vec::new(), is_glossed: &is_glossed };
        if let Some([_, last]) = readings::gbk(before) {
            let normal = readings::normal(reading);
            let rest = at + lost_len(&text[at..]) + reading.len() + 1;
            for candidate in ways.candidates(&normal, last) {
                ways.follow(text, rest, candidate.bytes[1], String::new());
            }
        }
        let end = at + lost_len(&text[at..]) + reading.len() + 1;
        let damage = match ways.found.as_slice() {
            [(original, end)] => Damage { span: at..*end, original: Some(original.clone()) },
            _ => Damage { span: at..end, original: None },
        };
        from = damage.span.end;
        damages.push(damage);
    }
    damages
}

/// The character before a place; if a gloss stands between them, the one before that.
fn before(text: &str, at: usize, glosses: &[Gloss]) -> Option<char> {
    let at = glosses.binary_search_by_key(&at, |gloss| gloss.span.end).map_or(at, |found| glosses[found].span.start);
    text[..at].chars().next_back()
}

/// The reading behind lost bytes, up to its parenthesis.
fn reading(text: &str) -> Option<&str> {
    let behind = &text[lost_len(text)..];
    let behind = &behind[..behind.floor_char_boundary(LONGEST_READING)];
    let reading = &behind[..behind.find(')')?];
    readings::is_syllable(reading).then_some(reading)
}

/// The reading in the parentheses that a text begins with.
fn reading_in_parentheses(text: &str) -> Option<&str> {
    let behind = text.strip_prefix('(')?;
    let behind = &behind[..behind.floor_char_boundary(LONGEST_READING)];
    let reading = &behind[..behind.find(')')?];
    readings::is_syllable(reading).then_some(reading)
}

fn lost_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// All texts that may have become what stands there, each with the end of that.
struct Ways<'g> {
    found: Vec<(String, usize)>,
    is_glossed: &'g dyn Fn(char) -> bool,
}

impl Ways<'_> {
    /// The characters with a reading and a first byte that a machine may have glossed: those that it glosses elsewhere in the
    /// text, if there are such.
    fn candidates(&self, reading: &str, first: u8) -> Vec<Candidate> {
        let candidates = readings::candidates(reading).iter().copied();
        let all: Vec<_> = candidates.filter(|candidate| candidate.bytes[0] == first).collect();
        let known: Vec<_> = all.iter().copied().filter(|candidate| (self.is_glossed)(candidate.character)).collect();
        if known.is_empty() { all } else { known }
    }

    /// Goes on at `at`, where the first byte of a character is known, and its second one is to come. `original` is what has
    /// been put together.
    fn follow(&mut self, text: &str, at: usize, first: u8, original: String) {
        // A character that the machine glosses would have its gloss, but for the one that was torn apart.
        let is_glossed = self.is_glossed;
        let plain = |bytes, original: &String| {
            readings::from_gbk(bytes).filter(|&character| original.is_empty() || !is_glossed(character))
        };
        let mut first = first;
        let mut original = original;
        let mut at = at;
        for _ in 0..LONGEST {
            let Some(character) = text[at..].chars().next() else { return };
            if is_lost(character) {
                let Some(reading) = reading(&text[at..]) else { return };
                let end = at + character.len_utf8() + reading.len() + 1;
                let normal = readings::normal(reading);
                for candidate in self.candidates(&normal, first) {
                    self.found.push((format!("{original}{}", candidate.character), end));
                }
                return;
            }
            if let Ok(byte) = u8::try_from(character)
                && byte.is_ascii()
            {
                // The second byte of the last character that was cut in two; its own gloss may be behind it, and what
                // follows is whole.
                let Some(whole) = readings::from_gbk([first, byte]) else { return };
                let behind = &text[at + 1..];
                let gloss = reading_in_parentheses(behind)
                    .filter(|reading| readings::is_reading(whole, &readings::normal(reading)))
                    .map(|reading| reading.len() + 2);
                if gloss.is_some() || original.is_empty() || !is_glossed(whole) {
                    original.push(whole);
                    self.found.push((original, at + 1 + gloss.unwrap_or(0)));
                }
                return;
            }
            let Some([second, next]) = readings::gbk(character) else { return };
            let Some(whole) = plain([first, second], &original) else { return };
            original.push(whole);
            first = next;
            at += character.len_utf8();
        }
    }
}

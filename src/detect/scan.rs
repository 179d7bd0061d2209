//! The counting loop over a text, or over a part of one.
//!
//! Text is processed in chunks of 64 bytes. The places where characters of three bytes begin are found for a whole chunk at
//! once, as in the conversion. Each of them costs a load of its number, one of the increments of this number, which are added
//! to all counters at once, and one of the filter of the pairs that begin words. Not an improvement: a test by bits of the
//! numbers whether a word may begin with the one character and continue with the other. Nearly all common characters pass it,
//! and the mispredicted branches cost a third of the speed.

use std::ops::Range;

use fanjian_dictionary::utf8::{self, Utf8};
use wide::u8x16;

use super::{
    classes::{self, Classes, HAN, Kind, TRADITIONAL},
    counts::Detection,
};

const CHUNK: usize = 64;
/// The last character of a chunk may reach over its end.
const BEHIND: usize = 4;
/// The number of chunks after which counters of a byte may be full: a chunk has at most 22 characters of three bytes.
const CHUNKS: usize = 255 / 22;
/// The distance from a word within which the nearest character of one script decides, in characters.
const NEAR: usize = 24;
/// The number of bytes around a part of a text that its counts depend on: `NEAR` characters before or behind the first two
/// characters of a word, or the rest of the word.
pub(super) const CONTEXT: usize = 4 * NEAR + classes::LONGEST_REST;

pub(super) fn count(text: &str) -> Detection {
    count_part(text, 0..text.len(), &mut 0)
}

/// Counts the characters that begin in a part of a text, and the words whose second character does. `word_end` is the end of
/// the last word before the part, and becomes that of the last word in it.
///
/// The result for consecutive parts is that for the whole text if each call has [`CONTEXT`] bytes of the text on both sides
/// of its part.
pub(super) fn count_part(text: &str, part: Range<usize>, word_end: &mut usize) -> Detection {
    let mut scan = Scan {
        classes: Classes::get(),
        text: text.as_bytes(),
        found: Detection::default(),
        sums: u8x16::default(),
        before: Before::at(text.as_bytes(), part.start),
        word_end: *word_end,
    };
    let mut at = part.start;
    let mut chunks = 0;
    while at + CHUNK <= part.end
        && let Some(window) = scan.text.get(at..at + CHUNK + BEHIND)
    {
        scan.chunk(window.first_chunk().expect("the window has as many bytes"), at);
        at += CHUNK;
        chunks += 1;
        if chunks % CHUNKS == 0 {
            scan.flush();
        }
    }
    scan.flush();
    scan.rest(at..part.end);
    *word_end = scan.word_end;
    scan.found
}

struct Scan<'t> {
    classes: &'static Classes,
    text: &'t [u8],
    found: Detection,
    sums: u8x16,
    before: Before,
    /// Where the last word ends.
    word_end: usize,
}

/// The last character of three bytes, and where it ends.
#[derive(Clone, Copy)]
struct Before {
    end: usize,
    code: u16,
}

impl Before {
    /// The character of three bytes that ends at a place, if one does.
    fn at(text: &[u8], at: usize) -> Before {
        match at.checked_sub(3).map(|start| &text[start..at]) {
            Some(&[first @ 0xe0..0xf0, second, third]) => {
                Before { end: at, code: code(u32::from_le_bytes([first, second, third, 0])) }
            }
            _ => Before { end: usize::MAX, code: 0 },
        }
    }
}

impl Scan<'_> {
    /// Counts the characters that begin in a chunk, which begins at `at` of the text.
    #[inline]
    fn chunk(&mut self, window: &[u8; CHUNK + BEHIND], at: usize) {
        let (mut three, mut four) = (0_u64, 0_u64);
        for (index, &bytes) in window[..CHUNK].as_chunks().0.iter().enumerate() {
            let bytes = u8x16::new(bytes);
            let is_behind = (bytes & u8x16::splat(0xc0)).simd_eq(u8x16::splat(0x80));
            let is_of_three = (bytes & u8x16::splat(0xf0)).simd_eq(u8x16::splat(0xe0));
            let is_of_four = (bytes & u8x16::splat(0xf0)).simd_eq(u8x16::splat(0xf0));
            self.found.characters += 16 - is_behind.to_bitmask().count_ones() as usize;
            three |= u64::from(is_of_three.to_bitmask()) << (16 * index);
            four |= u64::from(is_of_four.to_bitmask()) << (16 * index);
        }
        let classes = self.classes;
        let (mut before, mut sums) = (self.before, self.sums);
        while three != 0 {
            let place = three.trailing_zeros() as usize;
            three &= three - 1;
            let bytes = window[place % CHUNK..].first_chunk().expect("four bytes are in the window");
            let code = code(u32::from_le_bytes(*bytes));
            sums += u8x16::new(classes.lanes(classes.number(code)));
            let start = at + place;
            let pair = classes::pair(before.code, code);
            if classes.may_begin(pair) && before.end == start {
                self.word(pair, start + 3);
            }
            before = Before { end: start + 3, code };
        }
        (self.before, self.sums) = (before, sums);
        while four != 0 {
            let place = four.trailing_zeros() as usize;
            four &= four - 1;
            self.four_bytes(at + place);
        }
    }

    /// Counts a word in Traditional text, if one begins with these two characters, which end at `end`.
    #[inline(never)]
    fn word(&mut self, pair: u32, end: usize) {
        let start = end - 6;
        let Some((len, kind)) = self.classes.word(pair, &self.text[end..]) else { return };
        if start < self.word_end || !self.is_traditional_at(start, end) {
            return;
        }
        self.word_end = end + len;
        match kind {
            Kind::Converted => self.found.converted += 1,
            Kind::Taiwan => self.found.taiwan_words += 1,
            Kind::HongKong => self.found.hong_kong_words += 1,
        }
    }

    /// Whether a word is in Traditional text: by its own characters of one script, or else by the nearest one before it in its
    /// line, or else behind it.
    fn is_traditional_at(&self, start: usize, end: usize) -> bool {
        let within = [self.script_at(start), self.script_at(start + 3)].into_iter().find(|&script| script != 0);
        let script = within.or_else(|| self.script_before(start)).or_else(|| self.script_behind(end));
        script.is_some_and(|script| script & TRADITIONAL != 0)
    }

    fn script_before(&self, start: usize) -> Option<u16> {
        let mut at = start;
        for _ in 0..NEAR {
            at = utf8::floor(self.text, at.checked_sub(1)?);
            match (self.text[at], self.script_at(at)) {
                (b'\n', _) => return None,
                (_, 0) => {}
                (_, script) => return Some(script),
            }
        }
        None
    }

    fn script_behind(&self, end: usize) -> Option<u16> {
        let mut at = end;
        for _ in 0..NEAR {
            match (*self.text.get(at)?, self.script_at(at)) {
                (b'\n', _) => return None,
                (first, 0) => at += utf8::width(first),
                (_, script) => return Some(script),
            }
        }
        None
    }

    /// The script of the character at a place, if it is of one script only.
    fn script_at(&self, at: usize) -> u16 {
        match self.text.get(at..at + 3) {
            Some(&[first @ 0xe0..0xf0, second, third]) => {
                let code = code(u32::from_le_bytes([first, second, third, 0]));
                self.classes.flags(self.classes.number(code)) & (classes::SIMPLIFIED | TRADITIONAL)
            }
            _ => 0,
        }
    }

    fn four_bytes(&mut self, at: usize) {
        let character = char::from_u32(Utf8::at(self.text, at).code());
        self.found.han += usize::from(character.is_some_and(|character| self.classes.of(character) & HAN != 0));
    }

    /// Counts the rest behind the last chunk, which may begin within a character that has been counted.
    fn rest(&mut self, rest: Range<usize>) {
        for at in rest {
            let byte = self.text[at];
            self.found.characters += usize::from(byte & 0xc0 != 0x80);
            match byte {
                0xe0..0xf0 => {
                    let code = code(u32::from_le_bytes([byte, self.text[at + 1], self.text[at + 2], 0]));
                    self.sums += u8x16::new(self.classes.lanes(self.classes.number(code)));
                    let pair = classes::pair(self.before.code, code);
                    if self.classes.may_begin(pair) && self.before.end == at {
                        self.word(pair, at + 3);
                    }
                    self.before = Before { end: at + 3, code };
                }
                0xf0.. => self.four_bytes(at),
                _ => {}
            }
        }
        self.flush();
    }

    /// Adds the counters of a byte to the result, and clears them.
    fn flush(&mut self) {
        self.found.add_classes(&self.sums.to_array());
        self.sums = u8x16::default();
    }
}

/// The code of a character of three bytes, of which the first one is lowest.
#[inline]
fn code(bytes: u32) -> u16 {
    utf8::code_of_three(bytes) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::plainly;

    /// A lane of counters takes 255 characters: too many chunks between two flushes would lose 256 of them without a trace.
    #[test]
    fn counters_of_a_byte_do_not_overflow() {
        let classes = Classes::get();
        let mut seen = Vec::new();
        for character in '\u{800}'..='\u{ffff}' {
            let class = classes.of(character);
            if seen.contains(&class) {
                continue;
            }
            seen.push(class);
            // Characters of a class alone, with an offset from the chunks, and among others.
            for text in [character.to_string(), format!("{character}{character}a"), format!("{character}發𠮷")] {
                let text = format!("a{}", text.repeat(6000));
                let found = count(&text);
                let words = Detection {
                    converted: found.converted,
                    taiwan_words: found.taiwan_words,
                    hong_kong_words: found.hong_kong_words,
                    ..plainly(&text)
                };
                assert_eq!(found, words, "{character}");
            }
        }
        assert!(seen.len() > 10, "{} classes", seen.len());
    }
}

//! The loop over a text that counts.
//!
//! Text is taken in chunks of 64 bytes. The places where characters of three bytes begin are found for a whole chunk at once, as
//! in the conversion (`engine/characters.rs`). Each of them costs a load for its number, one for what the number adds to the
//! counters, which all are added to at once, and one for the filter of the pairs that begin words. What did not help: to ask
//! first, by bits of their numbers, whether a word may begin with the one character and go on with the other; nearly all common
//! ones may, and the processor's guesses go wrong: a third of the speed.

use wide::u8x16;

use super::{
    Detection,
    classes::{self, Classes, HAN, Kind, TRADITIONAL},
};

const CHUNK: usize = 64;
/// The last character of a chunk may reach over its end.
const BEHIND: usize = 4;
/// Counters of a byte take so many chunks: each has at most 22 characters of three bytes.
const CHUNKS: usize = 255 / 22;
/// How far from a word the next character is looked for that tells the script, in characters.
const NEAR: usize = 24;

pub(super) fn count(text: &str) -> Detection {
    let mut scan = Scan {
        classes: Classes::get(),
        text: text.as_bytes(),
        found: Detection::default(),
        sums: u8x16::default(),
        // Nowhere.
        before: Before { end: usize::MAX, code: 0 },
        word_end: 0,
    };
    let mut at = 0;
    let mut chunks = 0;
    while let Some(window) = scan.text.get(at..at + CHUNK + BEHIND) {
        scan.chunk(window.first_chunk().expect("the window has as many bytes"), at);
        at += CHUNK;
        chunks += 1;
        if chunks % CHUNKS == 0 {
            scan.flush();
        }
    }
    scan.flush();
    scan.rest(at);
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

    /// Counts a word, if one begins with these two characters, which end at `end`, and it stands in Traditional text.
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

    /// Whether a word has characters of Traditional text alone, or else, whether the character that tells the script, and stands
    /// nearest before it in its line, or else behind it, is one.
    fn is_traditional_at(&self, start: usize, end: usize) -> bool {
        let within = [self.script_at(start), self.script_at(start + 3)].into_iter().find(|&script| script != 0);
        let told = within.or_else(|| self.told_before(start)).or_else(|| self.told_behind(end));
        told.is_some_and(|script| script & TRADITIONAL != 0)
    }

    fn told_before(&self, start: usize) -> Option<u16> {
        let mut at = start;
        for _ in 0..NEAR {
            at = floor(self.text, at.checked_sub(1)?);
            match (self.text[at], self.script_at(at)) {
                (b'\n', _) => return None,
                (_, 0) => {}
                (_, script) => return Some(script),
            }
        }
        None
    }

    fn told_behind(&self, end: usize) -> Option<u16> {
        let mut at = end;
        for _ in 0..NEAR {
            match (*self.text.get(at)?, self.script_at(at)) {
                (b'\n', _) => return None,
                (first, 0) => at += len(first),
                (_, script) => return Some(script),
            }
        }
        None
    }

    /// The script that the character at a place is of alone.
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
        let character = str::from_utf8(&self.text[at..at + 4]).ok().and_then(|text| text.chars().next());
        self.found.han += usize::from(character.is_some_and(|character| self.classes.of(character) & HAN != 0));
    }

    /// Counts what is left behind the last chunk: less than that, and some bytes of it may be of a character that was counted.
    fn rest(&mut self, at: usize) {
        let mut at = at;
        while at < self.text.len() {
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
            at += 1;
        }
        self.flush();
    }

    /// Empties the counters of a byte.
    fn flush(&mut self) {
        let [han, simplified, traditional, forms, taiwan, hong_kong, standard, kana, shinjitai, not_japanese, ..] =
            self.sums.to_array().map(usize::from);
        self.sums = u8x16::default();
        let found = &mut self.found;
        found.han += han;
        found.simplified += simplified;
        found.traditional += traditional;
        found.forms += forms;
        found.taiwan += taiwan;
        found.hong_kong += hong_kong;
        found.standard += standard;
        found.kana += kana;
        found.shinjitai += shinjitai;
        found.not_japanese += not_japanese;
    }
}

/// The code of a character of three bytes, of which the first one is lowest.
#[inline]
fn code(bytes: u32) -> u16 {
    ((bytes & 0x0f) << 12 | bytes >> 2 & 0x0fc0 | bytes >> 16 & 0x3f) as u16
}

/// How many bytes a character has, by its first one.
fn len(first: u8) -> usize {
    match first {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    }
}

/// The last beginning of a character up to a place.
fn floor(text: &[u8], at: usize) -> usize {
    let mut at = at;
    while text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80) {
        at -= 1;
    }
    at
}

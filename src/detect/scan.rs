//! The loop over a text that counts.
//!
//! Text is taken in chunks of 64 bytes. The places where characters of three bytes begin are found for a whole chunk at once, as
//! in the conversion (`engine/characters.rs`). Each of them costs a load for its number, one for what the number adds to the
//! counters, which all are added to at once, and, where a word may begin and go on, one for the filter of such pairs.

use wide::u8x16;

use super::{
    Detection,
    classes::{self, BEGINS, Classes, FOLLOWS, HAN, Kind, Number, TRADITIONAL},
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
        before: Before { end: 0, code: 0, number: 0 },
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
    number: Number,
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
        while three != 0 {
            let place = three.trailing_zeros() as usize;
            three &= three - 1;
            let bytes = window[place % CHUNK..].first_chunk().expect("four bytes are in the window");
            self.three_bytes(at + place, u32::from_le_bytes(*bytes));
        }
        while four != 0 {
            let place = four.trailing_zeros() as usize;
            four &= four - 1;
            self.four_bytes(at + place);
        }
    }

    /// Counts a character of three bytes, of which the first one is lowest.
    #[inline]
    fn three_bytes(&mut self, at: usize, bytes: u32) {
        let code = ((bytes & 0x0f) << 12 | bytes >> 2 & 0x0fc0 | bytes >> 16 & 0x3f) as u16;
        let number = self.classes.number(code);
        self.sums += u8x16::new(self.classes.lanes(number));
        let before = self.before;
        self.before = Before { end: at + 3, code, number };
        if before.number & BEGINS != 0
            && number & FOLLOWS != 0
            && before.end == at
            && self.classes.may_begin(before.code, code)
        {
            self.word(before, at + 3, code);
        }
    }

    /// Counts a word, if one begins with these two characters, and it stands in Traditional text.
    #[cold]
    fn word(&mut self, before: Before, end: usize, code: u16) {
        let start = before.end - 3;
        let Some((len, kind)) = self.classes.word(before.code, code, &self.text[end..]) else { return };
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
        let script = |character: char| self.classes.of(character) & (classes::SIMPLIFIED | TRADITIONAL);
        let text = |bytes| str::from_utf8(bytes).unwrap_or_default();
        // Characters of these few bytes are whole: the places are ends of characters.
        let from = floor(self.text, start.saturating_sub(3 * NEAR));
        let to = floor(self.text, (end + 3 * NEAR).min(self.text.len()));
        let within = text(&self.text[start..end]).chars();
        let before = text(&self.text[from..start]).chars().rev().take_while(|&character| character != '\n');
        let behind = text(&self.text[end..to]).chars().take_while(|&character| character != '\n');
        let told = within.chain(before).chain(behind).map(script).find(|&script| script != 0);
        told.is_some_and(|script| script & TRADITIONAL != 0)
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
                    let bytes = [byte, self.text[at + 1], self.text[at + 2], 0];
                    self.three_bytes(at, u32::from_le_bytes(bytes));
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

/// The last beginning of a character up to a place.
fn floor(text: &[u8], at: usize) -> usize {
    let mut at = at;
    while text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80) {
        at -= 1;
    }
    at
}

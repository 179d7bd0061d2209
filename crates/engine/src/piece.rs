//! A piece of text, and the spans in it: where they begin and end. What a span is, is said in [`tables`](crate::tables).

use fanjian_dictionary::utf8::{self, Utf8};

use crate::{
    cache::Caches,
    overlay::Overlay,
    scan::{self, Hit},
    stage::Stages,
    tables::{FusedTables, Pair},
};

/// A piece of text, and what it is converted with.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'p> {
    pub(crate) tables: &'p FusedTables<'p>,
    pub(crate) caches: &'p Caches,
    pub(crate) overlay: Option<&'p Overlay>,
    pub(crate) stages: &'p Stages,
    pub(crate) text: &'p str,
    pub(crate) last: bool,
}

/// How many bytes before a hit are looked at: three characters of three bytes, and the end of a shorter one.
const AT: usize = 10;

impl Piece<'_> {
    /// How many bytes at its beginning stay as they are, up to a place that nothing reaches across. It is a whole text.
    pub(crate) fn same(&self) -> usize {
        let Piece { tables, .. } = *self;
        let text = self.text.as_bytes();
        let mut at = 0;
        loop {
            let left = if at > 0 { Utf8::before(text, at) } else { Utf8::default() };
            at = scan::same(tables, text, at, left);
            if at == text.len() {
                return at;
            }
            let character = Utf8::at(text, at);
            let is_non_compositional = at > 0 && self.is_non_compositional(Utf8::before(text, at), character);
            if is_non_compositional || tables.map_char(character) != Some(character) {
                return self.back(0, at, Some(character).filter(|&character| !tables.is_fallback(character)));
            }
            at += character.len();
        }
    }

    /// Whether a non-compositional key may hold these two, side by side.
    #[inline]
    pub(crate) fn is_non_compositional(&self, left: Utf8, right: Utf8) -> bool {
        self.tables.joins(left, right) && self.tables.is_non_compositional(left, right)
    }

    /// Whether the pair of a hit is a span, of two characters of three bytes each: two of three are that have to be converted with
    /// `s2twp`. False if that takes more than a short look. Of text whose ASCII stays as it is.
    #[inline]
    pub(crate) fn stands_alone(&self, edge: usize, hit: Hit) -> bool {
        let Some(around) = self.around(hit.at) else { return false };
        let [before, left, right, behind] = [AT - 7, AT - 3, AT, AT + 3].map(|place| utf8::load(around, place));
        if !(is_of_three(left) && is_of_three(right)) {
            return false;
        }
        // Without branches, which a processor would guess wrongly.
        let joins_left = self.tables.joins_pair(Pair::around(before, left)) & (hit.at - 3 != edge);
        let joins_right = self.tables.joins_pair(Pair::behind_three(right, behind));
        let is_fallback = is_of_three(behind) & self.tables.three_bytes(behind).is_fallback();
        !(joins_left | joins_right | is_fallback) & ends_short(before) & begins_short(behind)
    }

    /// Where the span of a hit begins and ends, if it has no more than one character before the pair and one behind it, as nineteen of
    /// twenty have, and a short look shows that.
    #[inline]
    pub(crate) fn short_span(&self, edge: usize, hit: Hit) -> Option<(usize, usize)> {
        let Hit { at, left, right } = hit;
        let around = self.around(at)?;
        let four = |at: usize| utf8::load(around, at);
        let joins = |place: usize| self.tables.joins_pair(Pair::between(four(place - 4), four(place)));
        let more_left = joins(AT - 3) & (at - 3 != edge);
        let more_right = joins(AT + 3);
        let too_long = more_left & joins(AT - 6) & (at - 6 != edge) | more_right & joins(AT + 6);
        let has_widths = (left.len() == 3)
            & (right.len() == 3)
            & ends_short(four(AT - 7))
            & begins_short(four(AT + 3))
            & (!more_left | is_of_three(four(AT - 6)) & ends_short(four(AT - 10)))
            & (!more_right | is_of_three(four(AT + 3)) & begins_short(four(AT + 6)));
        let behind = four(if more_right { AT + 6 } else { AT + 3 });
        let is_fallback = is_of_three(behind) & self.tables.three_bytes(behind).is_fallback();
        let (span, end) = (at - if more_left { 6 } else { 3 }, at + if more_right { 6 } else { 3 });
        (has_widths & !too_long & !is_fallback).then_some((span, end))
    }

    /// The bytes around a place, which is [`AT`] in them.
    #[inline]
    fn around(&self, at: usize) -> Option<&[u8; AT + 13]> {
        self.text.as_bytes().get(at.checked_sub(AT)?..)?.first_chunk()
    }

    /// Where the span begins that the text before `at`, but not beyond `edge`, belongs to, together with `right` behind
    /// it; or in any case, where there is none.
    #[inline]
    pub(crate) fn back(&self, edge: usize, at: usize, right: Option<Utf8>) -> usize {
        let text = self.text.as_bytes();
        let (mut span, mut right) = (at, right);
        while span > edge {
            let left = Utf8::before(text, span);
            if right.is_some_and(|right| !self.tables.joins(left, right)) {
                break;
            }
            span -= left.len();
            right = Some(left);
        }
        span
    }

    /// Where the span ends that goes on at `at` with this character. None if it has fallback characters, or may go
    /// on behind the piece.
    #[inline]
    pub(crate) fn forward(&self, at: usize, character: Utf8) -> Option<usize> {
        let text = self.text.as_bytes();
        let (mut end, mut left) = (at + character.len(), character);
        while end < text.len() {
            let right = Utf8::at(text, end);
            if self.tables.is_fallback(right) {
                return None;
            }
            if !self.tables.joins(left, right) {
                return Some(end);
            }
            end += right.len();
            left = right;
        }
        self.last.then_some(end)
    }

    /// How long is, in bytes, what the characters from one place to another become one by one.
    pub(crate) fn converted_len(&self, from: usize, to: usize) -> usize {
        let text = self.text.as_bytes();
        let (mut at, mut len) = (from, 0);
        while at < to {
            let character = Utf8::at(text, at);
            len += self.tables.map_char(character).unwrap_or(character).len();
            at += character.len();
        }
        len
    }
}

/// Whether these four bytes end with a character of one byte or three.
#[inline]
fn ends_short(bytes: u32) -> bool {
    (bytes >> 31 == 0) | is_of_three(bytes >> 8)
}

/// Whether these bytes begin with a character of one byte or three.
#[inline]
fn begins_short(bytes: u32) -> bool {
    (bytes & 0x80 == 0) | is_of_three(bytes)
}

/// Whether these bytes begin with a character of three bytes.
#[inline]
fn is_of_three(bytes: u32) -> bool {
    bytes & 0xf0 == 0xe0
}

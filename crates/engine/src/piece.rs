//! A piece of text, and the spans in it: where they begin and end. What a span is, is said in [`tables`](crate::tables).

use fanjian_dictionary::utf8::{self, Utf8};

use crate::{
    cache::Caches,
    description,
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
    /// The text, perhaps with 0 before and behind it. Places are those here.
    pub(crate) bytes: &'p [u8],
    /// Where the text begins there.
    pub(crate) start: usize,
    pub(crate) last: bool,
}

/// How far a span reaches beyond the pair of a hit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Whether the character before the pair is in the span.
    left: bool,
    /// Whether the one behind it is.
    right: bool,
    /// Whether the one behind it is a fallback character.
    ends_at_fallback: bool,
}

impl Reach {
    /// Whether the pair is the span: two of three are that have to be converted with `s2twp`.
    #[inline]
    pub(crate) fn is_pair(self) -> bool {
        // One branch, since a processor cannot guess it.
        !(self.left | self.right | self.ends_at_fallback)
    }
}

/// How many bytes before a hit are looked at: three characters of three bytes, and the end of a shorter one.
const AT: usize = 10;

impl<'p> Piece<'p> {
    /// A piece of this text, with nothing around it.
    #[inline]
    pub(crate) fn new(
        tables: &'p FusedTables<'p>,
        caches: &'p Caches,
        overlay: Option<&'p Overlay>,
        stages: &'p Stages,
        text: &'p str,
        last: bool,
    ) -> Piece<'p> {
        Piece { tables, caches, overlay, stages, text, bytes: text.as_bytes(), start: 0, last }
    }

    /// The place where the text ends.
    #[inline]
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

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

    /// How far the span of a hit reaches beyond its pair, if both are characters of three bytes, and so are those beside them, or have
    /// one. None if that takes more than a short look. Of text whose ASCII stays as it is.
    #[inline]
    pub(crate) fn reach(&self, edge: usize, hit: Hit) -> Option<Reach> {
        let around = self.around(hit.at)?;
        let [before, left, right, behind] = [AT - 7, AT - 3, AT, AT + 3].map(|place| utf8::load(around, place));
        if !(is_of_three(left) && is_of_three(right) && ends_short(before) && begins_short(behind)) {
            return None;
        }
        let left = self.tables.joins_pair(Pair::around(before, left)) & (hit.at - 3 != edge);
        let right = self.tables.joins_pair(Pair::behind_three(right, behind));
        Some(Reach { left, right, ends_at_fallback: self.is_fallback(behind) })
    }

    /// Where the span of a hit begins and ends that reaches so far, if that is no more than one character at each side, as in nineteen
    /// of twenty spans, and a short look shows it.
    #[inline]
    pub(crate) fn short_span(&self, edge: usize, hit: Hit, reach: Reach) -> Option<(usize, usize)> {
        let Reach { left, right, .. } = reach;
        let at = hit.at;
        let around = self.around(at)?;
        let [before, first, last, behind] = [AT - 10, AT - 6, AT + 3, AT + 6].map(|place| utf8::load(around, place));
        let is_longer = left & self.tables.joins_pair(Pair::around(before, first)) & (at - 6 != edge)
            | right & self.tables.joins_pair(Pair::behind_three(last, behind));
        let has_widths =
            (!left | is_of_three(first) & ends_short(before)) & (!right | is_of_three(last) & begins_short(behind));
        // The one behind the pair is not to be one either where the span goes on.
        let ends_at_fallback = reach.ends_at_fallback | right & self.is_fallback(behind);
        let (span, end) = (at - if left { 6 } else { 3 }, at + if right { 6 } else { 3 });
        (has_widths & !is_longer & !ends_at_fallback).then_some((span, end))
    }

    /// Whether these bytes begin with a fallback character of three bytes.
    #[inline]
    fn is_fallback(&self, bytes: u32) -> bool {
        is_of_three(bytes) & self.tables.three_bytes(bytes).is_fallback()
    }

    /// The bytes around a place, which is [`AT`] in them.
    #[inline]
    fn around(&self, at: usize) -> Option<&[u8; AT + 13]> {
        self.bytes.get(at.checked_sub(AT)?..)?.first_chunk()
    }

    /// Where the span begins that the text before `at`, but not beyond `edge`, belongs to, together with `right` behind
    /// it; or in any case, where there is none.
    #[inline]
    pub(crate) fn back(&self, edge: usize, at: usize, right: Option<Utf8>) -> usize {
        let (mut span, mut right) = (at, right);
        while span > edge {
            let left = Utf8::before(self.bytes, span);
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
        let (mut end, mut left) = (at + character.len(), character);
        while end < self.end() {
            let right = Utf8::at(self.bytes, end);
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
        let (mut at, mut len) = (from, 0);
        while at < to {
            let character = Utf8::at(self.bytes, at);
            len += self.tables.map_char(character).unwrap_or(character).len();
            at += character.len();
        }
        len
    }
}

/// The end of a span, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Open {
    last: Option<Utf8>,
    last_is_fallback: bool,
    /// Whether one of its characters is a fallback character, as far as it is known.
    pub(crate) has_fallback: bool,
    /// How many more characters an ideographic description sequence may reach over.
    reach: usize,
}

impl Open {
    /// Behind text that nothing is known of: a description sequence may have begun.
    pub(crate) fn behind_unknown() -> Open {
        Open { reach: description::LONGEST, ..Open::default() }
    }

    /// Where the span ends in `text`. None if it may go on behind it.
    pub(crate) fn end(&mut self, tables: &FusedTables<'_>, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < text.len() {
            let character = Utf8::at(text, at);
            let is_fallback = tables.is_fallback(character);
            if let Some(last) = self.last {
                let joins = self.reach > 0 || self.last_is_fallback || is_fallback;
                if !joins && !tables.joins(last, character) {
                    return Some(at);
                }
            }
            let is_operator = is_fallback && char::from_u32(character.code()).is_some_and(description::is_operator);
            self.reach = if is_operator { description::LONGEST } else { self.reach.saturating_sub(1) };
            self.last = Some(character);
            self.last_is_fallback = is_fallback;
            self.has_fallback |= is_fallback;
            at += character.len();
        }
        None
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

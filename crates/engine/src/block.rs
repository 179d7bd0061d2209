//! The conversion of a block of text into memory that has room for it: what needs no segmentation by the loop of
//! [`scan`](crate::scan), the spans between by what is known of them, or by the tables.

use fanjian_dictionary::utf8::{self, Utf8};

use crate::{
    cache::{Cache, Caches, Short},
    cursor::{Block, Cursor, Place},
    piece::{Piece, Reach},
    scan::{self, Answer, Hit, Output, Stop},
};

/// Longer spans are converted part by part.
pub(crate) const LONGEST: usize = 16 * 1024;

/// What blocks are converted with, to be used for one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    /// None between two pieces, and before it is needed.
    cache: Option<Box<Cache>>,
}

/// Why a block is left.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pause {
    /// It is converted.
    End,
    /// What comes next needs room for so many bytes.
    Room(usize),
    /// The span that begins here is longer than a block has memory for, may go on behind the piece, or has fallback characters.
    Span(usize),
}

impl Blocks {
    /// Leaves the cache to other conversions by the same tables.
    #[inline]
    pub(crate) fn release_cache(&mut self, caches: &Caches) {
        if let Some(cache) = self.cache.take() {
            caches.keep(cache);
        }
    }

    /// Converts the text up to the end of a block, or to that of a span that goes on behind it, or to the place where it has to pause.
    /// The output begins at `to`, and returned is where it ends.
    pub(crate) fn convert(
        &mut self,
        piece: &Piece<'_>,
        place: &mut Place,
        to: usize,
        block: Block<'_>,
    ) -> (usize, Pause) {
        let even = place.at;
        self.go_on(piece, place, Cursor { to, even }, block)
    }

    /// Converts a whole text, of which the scan can read a chunk, and which is no longer than that, as [`convert`](Self::convert).
    #[inline(always)]
    pub(crate) fn convert_chunk(&mut self, piece: &Piece<'_>, out: &mut [u8]) -> (usize, Pause) {
        let (start, end) = (piece.start, piece.end());
        let mut place = Place { at: start, edge: start };
        let mut to = Cursor { to: 0, even: start };
        if piece.tables.skips_ascii() {
            let mut convert =
                |hit: Hit, out: Output<'_>| self.convert_hit(piece, (&mut to, &mut place.edge), end, hit, out);
            let text = scan::Text { bytes: piece.bytes, start, end };
            let at = scan::convert_chunk(piece.tables, text, out, &mut convert);
            to.to = to.to.wrapping_add(at - start);
            if at == end {
                return (to.to, Pause::End);
            }
            place.at = at;
        }
        self.go_on(piece, &mut place, to, Block { end, out })
    }

    fn go_on(&mut self, piece: &Piece<'_>, place: &mut Place, mut to: Cursor, mut block: Block<'_>) -> (usize, Pause) {
        let end = block.end;
        while place.at < end {
            let left = if place.at > place.edge { Utf8::before(piece.bytes, place.at) } else { Utf8::default() };
            // The output of a span that begins where lengths were the same already can be replaced.
            let (start, from) = (to.even, to.to - (place.at - to.even));
            let mut convert =
                |hit: Hit, out: Output<'_>| self.convert_hit(piece, (&mut to, &mut place.edge), end, hit, out);
            let text = scan::Text { bytes: piece.bytes, start, end };
            let (at, stop) = scan::convert(piece.tables, text, place.at, left, &mut block.out[from..], &mut convert);
            // It has wrapped if words have become shorter at the very beginning.
            to.to = to.to.wrapping_add(at - place.at);
            place.at = at;
            if at == end {
                break;
            }
            if let Some(pause) = self.pass(piece, place, stop, &mut to, &mut block) {
                return (to.to, pause);
            }
        }
        (to.to, Pause::End)
    }

    /// Converts what the loop has stopped at: a character, or a span. Pauses before either.
    fn pass(
        &mut self,
        piece: &Piece<'_>,
        place: &mut Place,
        stop: Stop,
        to: &mut Cursor,
        block: &mut Block<'_>,
    ) -> Option<Pause> {
        let Piece { tables, bytes, .. } = *piece;
        let (at, character) = (place.at, Utf8::at(bytes, place.at));
        let pair = match stop {
            _ if at <= place.edge => None,
            Stop::Pair(left, right) => {
                (tables.joins(left, right) && !tables.is_fallback(right)).then_some((left, right))
            }
            Stop::Other => {
                let left = Utf8::before(bytes, at);
                let is_pair = piece.is_non_compositional(left, character) && !tables.is_fallback(character);
                is_pair.then_some((left, character))
            }
        };
        if pair.is_none()
            && let Some(output) = tables.map_char(character)
        {
            let end = at + character.len();
            if let Some(needed) = to.lacks(output.len(), end, block) {
                return Some(Pause::Room(needed));
            }
            place.at = end;
            to.put(&output.bytes().to_le_bytes()[..output.len()], character.len(), end, block.out);
            return None;
        }

        let (span, span_end) = match pair {
            Some((left, right)) => (piece.back(place.edge, at - left.len(), Some(left)), piece.forward(at, right)),
            None if tables.is_fallback(character) => (piece.back(place.edge, at, None), None),
            None => (piece.back(place.edge, at, Some(character)), piece.forward(at, character)),
        };
        to.back(piece, span, at);
        place.at = span;
        match span_end {
            Some(span_end) if span_end - span <= LONGEST => self.pass_span(piece, (span, span_end), place, to, block),
            _ => Some(Pause::Span(span)),
        }
    }

    /// Converts a whole span at `place`.
    fn pass_span(
        &mut self,
        piece: &Piece<'_>,
        (span, span_end): (usize, usize),
        place: &mut Place,
        to: &mut Cursor,
        block: &mut Block<'_>,
    ) -> Option<Pause> {
        let len = span_end - span;
        if let Some(known) = self.known(piece, span, span_end) {
            let lacks = to.lacks(known.len(), span_end, block);
            if lacks.is_none() {
                to.put_short(known, len, span_end, block.out);
                *place = Place { at: span_end, edge: span_end };
            }
            return lacks.map(Pause::Room);
        }
        let converted = self.convert_span(piece, span, span_end);
        let lacks = to.lacks(converted.len(), span_end, block);
        if lacks.is_none() {
            to.put(converted, len, span_end, block.out);
            *place = Place { at: span_end, edge: span_end };
        }
        lacks.map(Pause::Room)
    }

    /// Converts the span of a hit in place, if it does not reach beyond `end`, and if there is room for what it becomes. `to` and
    /// `edge` are those of the block.
    #[inline(never)]
    fn convert_hit(
        &mut self,
        piece: &Piece<'_>,
        (to, edge): (&mut Cursor, &mut usize),
        end: usize,
        hit: Hit,
        mut out: Output<'_>,
    ) -> Answer {
        if hit.at <= *edge {
            return Answer::Skip;
        }
        let Some(reach) = piece.reach(*edge, hit) else {
            return self.convert_unknown_hit(piece, (to, edge), end, (hit, None), out);
        };
        if !reach.is_pair() {
            return self.convert_longer_hit(piece, (to, edge), end, (hit, reach), out);
        }
        let (span, span_end) = (hit.at - 3, hit.at + 3);
        match self.known(piece, span, span_end) {
            Some(known) if span_end <= end => {
                let more = out.replace(span, span_end - span, end - span_end, known);
                to.answer(edge, span_end, more)
            }
            _ => self.convert_unknown_hit(piece, (to, edge), end, (hit, Some((span, span_end))), out),
        }
    }

    /// The same, of a hit whose span is longer than its pair.
    #[inline(never)]
    fn convert_longer_hit(
        &mut self,
        piece: &Piece<'_>,
        (to, edge): (&mut Cursor, &mut usize),
        end: usize,
        (hit, reach): (Hit, Reach),
        mut out: Output<'_>,
    ) -> Answer {
        let short = piece.short_span(*edge, hit, reach);
        if let Some((span, span_end)) = short
            && span_end <= end
            && let Some(known) = self.known(piece, span, span_end)
        {
            let more = out.replace(span, span_end - span, end - span_end, known);
            return to.answer(edge, span_end, more);
        }
        self.convert_unknown_hit(piece, (to, edge), end, (hit, short), out)
    }

    /// The same, of a hit whose span has not been met, if it is given, or is longer.
    #[inline(never)]
    fn convert_unknown_hit(
        &mut self,
        piece: &Piece<'_>,
        (to, edge): (&mut Cursor, &mut usize),
        end: usize,
        (hit, short): (Hit, Option<(usize, usize)>),
        mut out: Output<'_>,
    ) -> Answer {
        let Hit { at, left, right } = hit;
        if !piece.tables.joins(left, right) {
            return Answer::Skip;
        }
        let longer = || Some((piece.back(*edge, at - left.len(), Some(left)), piece.forward(at, right)?));
        let Some((span, span_end)) = short.or_else(longer) else { return Answer::Stop };
        let len = span_end - span;
        if span_end > end || len > LONGEST || piece.tables.is_fallback(right) {
            return Answer::Stop;
        }
        let rest = end - span_end;
        if short.is_none()
            && let Some(known) = self.known(piece, span, span_end)
        {
            return to.answer(edge, span_end, out.replace(span, len, rest, known));
        }
        let converted = self.convert_span(piece, span, span_end);
        let more = match Short::new(converted, 0, converted.len()) {
            Some(converted) => out.replace(span, len, rest, converted),
            None => out.replace_same(span, len, converted).then_some(0),
        };
        to.answer(edge, span_end, more)
    }

    /// Converts a span without fallback characters, or as much of its beginning as is decided, if it is not `whole`. Returns how many
    /// bytes of it that is, up to an edge. It may be less than could be: the first block without an edge ends it.
    pub(crate) fn convert_long(&mut self, piece: &Piece<'_>, span: &str, whole: bool, out: &mut Vec<u8>) -> usize {
        let Cache { scratch, .. } = &mut **self.cache.get_or_insert_with(|| piece.caches.take());
        let mut rest = span.as_bytes();
        loop {
            if whole && rest.len() <= LONGEST {
                piece.tables.convert(rest, scratch, out);
                return span.len();
            }
            let len = piece.tables.convert_beginning(&rest[..utf8::floor(rest, LONGEST)], scratch, out);
            if len == 0 {
                return span.len() - rest.len();
            }
            rest = &rest[len..];
        }
    }

    /// What this span becomes, if it is in the cache. Of a length that is known where it is called, it costs half as much.
    #[inline(always)]
    fn known(&mut self, piece: &Piece<'_>, span: usize, span_end: usize) -> Option<Short> {
        let short = Short::new(piece.bytes, span, span_end)?;
        self.cache.get_or_insert_with(|| piece.caches.take()).get(short)
    }

    /// What this span becomes, which is not [known](Self::known).
    fn convert_span(&mut self, piece: &Piece<'_>, span: usize, span_end: usize) -> &[u8] {
        let short = Short::new(piece.bytes, span, span_end);
        let cache = self.cache.get_or_insert_with(|| piece.caches.take());
        let bytes = &piece.bytes[span..span_end];
        if short.is_none() && cache.get_long(bytes) {
            return &cache.converted;
        }
        let Cache { scratch, converted, .. } = &mut **cache;
        converted.clear();
        // The condition leaves out the code for words where there are none.
        match piece.overlay.filter(|_| !cfg!(fanjian_tables_alone)) {
            None => piece.tables.convert(bytes, scratch, converted),
            Some(overlay) => {
                let span = &piece.text[span - piece.start..span_end - piece.start];
                overlay.convert(piece.tables, span, scratch, converted);
            }
        }
        match short {
            Some(short) => cache.insert(short),
            None => cache.insert_long(bytes),
        }
        &cache.converted
    }
}

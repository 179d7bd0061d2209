//! Spans that conversions have met: most that need the long way come again and again.
//!
//! Without it, 2 MB of manuals are converted at half the speed with `s2twp`, for their many regional words (23 November
//! 2026, beside a bare loop in one run).

use fanjian_dictionary::pool::Pool;

use crate::tables::Scratch;

/// The greatest number of short spans, two for each of their hashes: 256 kB.
const SPANS: usize = 8192;
const HASHES: usize = SPANS / 2;
/// The places for spans that two later ones of the same hash have driven out: of 1,500 spans that manuals have again and again, one
/// conversion in thirty met such a one.
const EVICTED: usize = HASHES / 8;
/// The places for spans of more than 15 bytes: one span in fifty of manuals, whose conversion costs a hundred looks.
const LONG: usize = 1024;
/// The memory in bytes that is kept for what a span becomes. With own words there is no limit to what one needs.
const SPAN_OUTPUT: usize = 4 * 1024;
/// Spreads the low bits of a product's other factor.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// The bytes that fit beside their number.
const LONGEST: usize = 15;

/// What short spans become, by one configuration, and memory to convert others.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    /// Stretch and output, by the span's hash, the later one first; behind these, those that were driven out.
    places: Vec<[[u128; 2]; 2]>,
    /// Longer spans, and what they become, one for each of their hashes; nothing before the first.
    long: Vec<[Long; 2]>,
    pub(crate) scratch: Scratch,
    /// What a span becomes, before it is known whether it keeps its length.
    pub(crate) converted: Vec<u8>,
}

/// A text of no more than 31 bytes, with their number behind them in the last one, which is 0 where there is none.
type Long = [u8; 32];

/// A text of one to 15 bytes, the first one lowest, and their number in the highest byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Short(u128);

impl Short {
    /// The bytes of `text` from `start` to `end`. None if they are too many, or none.
    #[inline]
    pub(crate) fn new(text: &[u8], start: usize, end: usize) -> Option<Short> {
        let len = end - start;
        if len > LONGEST || len == 0 {
            return None;
        }
        let word = match text.get(start..).and_then(|rest| rest.first_chunk()) {
            Some(word) => u128::from_le_bytes(*word) & u128::MAX >> (128 - 8 * len),
            None => {
                let mut word = [0; 16];
                word[..len].copy_from_slice(&text[start..end]);
                u128::from_le_bytes(word)
            }
        };
        Some(Short(word | (len as u128) << 120))
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        (self.0 >> 120) as usize
    }

    /// Puts the bytes at the beginning of `out`, which has as many or more. Nothing is read there, where it may have been written
    /// just before, in other pieces.
    #[inline]
    pub(crate) fn put(self, out: &mut [u8]) {
        let len = self.len();
        let out = &mut out[..len];
        // Two words that overlap, where there are as many bytes as one has.
        if let Some(first) = out.first_chunk_mut() {
            *first = (self.0 as u64).to_le_bytes();
            if let Some(last) = out.last_chunk_mut() {
                *last = ((self.0 >> (8 * (len - 8))) as u64).to_le_bytes();
            }
        } else if let Some(first) = out.first_chunk_mut() {
            *first = (self.0 as u32).to_le_bytes();
            if let Some(last) = out.last_chunk_mut() {
                *last = ((self.0 >> (8 * (len - 4))) as u32).to_le_bytes();
            }
        } else {
            out.copy_from_slice(&self.0.to_le_bytes()[..len]);
        }
    }

    #[inline]
    fn hash(self) -> usize {
        let mixed = (self.0 as u64 ^ (self.0 >> 64) as u64).wrapping_mul(MIX);
        // The higher a bit, the more of the text's are mixed in it.
        (mixed >> (64 - HASHES.ilog2())) as usize
    }
}

impl Cache {
    fn new() -> Cache {
        Cache {
            // Memory that is 0 already, of which only what is touched is taken.
            places: vec![[[0; 2]; 2]; HASHES + EVICTED],
            long: Vec::new(),
            scratch: Scratch::default(),
            converted: Vec::new(),
        }
    }

    /// Gives back the memory that a span with much longer output has taken.
    #[inline]
    fn forget_long_output(&mut self) {
        if self.converted.capacity() > SPAN_OUTPUT || self.scratch.capacity() > SPAN_OUTPUT {
            (self.scratch, self.converted) = Default::default();
        }
    }

    /// What this span becomes, if that is known.
    #[inline]
    pub(crate) fn get(&self, span: Short) -> Option<Short> {
        let hash = span.hash();
        // Which of both it is cannot be guessed.
        let place = self.places.get(hash)?;
        let [known, output] = place[usize::from(place[1][0] == span.0)];
        if known == span.0 { Some(Short(output)) } else { self.get_evicted(span, hash) }
    }

    #[inline(never)]
    fn get_evicted(&self, span: Short, hash: usize) -> Option<Short> {
        let place = self.places.get(place_of_evicted(hash))?;
        place.iter().find(|[known, _]| *known == span.0).map(|[_, output]| Short(*output))
    }

    /// Keeps what this span became, which is in `converted`, if that is short, too.
    pub(crate) fn insert(&mut self, span: Short) {
        if let Some(output) = Short::new(&self.converted, 0, self.converted.len()) {
            let hash = span.hash();
            let evicted = self.push(hash, [span.0, output.0]);
            if evicted[0] != 0 {
                self.push(place_of_evicted(hash), evicted);
            }
        }
    }

    /// Puts what this longer span becomes into `converted`. Returns whether that is known.
    pub(crate) fn get_long(&mut self, span: &[u8]) -> bool {
        let Some(span) = long(span) else { return false };
        match self.long.get(hash_of_long(&span)) {
            Some([known, [output @ .., len]]) if *known == span => {
                self.converted.clear();
                self.converted.extend_from_slice(&output[..usize::from(*len)]);
                true
            }
            _ => false,
        }
    }

    /// Keeps what a span became that is not short, if neither is too long.
    pub(crate) fn insert_long(&mut self, span: &[u8]) {
        if let (Some(span), Some(output)) = (long(span), long(&self.converted)) {
            if self.long.is_empty() {
                self.long = vec![[[0; 32]; 2]; LONG];
            }
            self.long[hash_of_long(&span)] = [span, output];
        }
    }

    /// Puts a span first, and returns the one that was last.
    fn push(&mut self, place: usize, span: [u128; 2]) -> [u128; 2] {
        let [first, last] = self.places[place];
        self.places[place] = [span, first];
        last
    }
}

/// Where spans of this hash are kept when two later ones have their place.
fn place_of_evicted(hash: usize) -> usize {
    HASHES + hash % EVICTED
}

/// None if the text is too long.
fn long(text: &[u8]) -> Option<Long> {
    let mut long = [0; 32];
    let [bytes @ .., len] = &mut long;
    bytes.get_mut(..text.len())?.copy_from_slice(text);
    *len = text.len() as u8;
    Some(long)
}

fn hash_of_long(text: &Long) -> usize {
    let words = text.as_chunks().0.iter().map(|&word| u64::from_le_bytes(word));
    let mixed = words.fold(0, |mixed: u64, word| (mixed.rotate_left(23) ^ word).wrapping_mul(MIX));
    (mixed >> (64 - LONG.ilog2())) as usize
}

/// Caches that conversions have left for later ones by the same configuration.
#[derive(Debug, Default)]
pub(crate) struct Caches(Pool<Cache>);

impl Caches {
    /// One of them, or a new one.
    #[inline]
    pub(crate) fn take(&self) -> Box<Cache> {
        self.0.take().unwrap_or_else(|| Box::new(Cache::new()))
    }

    /// Keeps one.
    #[inline]
    pub(crate) fn keep(&self, mut cache: Box<Cache>) {
        cache.forget_long_output();
        self.0.keep(cache);
    }
}

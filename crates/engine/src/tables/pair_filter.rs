//! A set of pairs of characters, by hash: it may hold some that it was not given.
//!
//! It is a Bloom filter of two bits a pair, both in one word of 32 (F. Putze, P. Sanders and J. Singler: Cache-, Hash- and
//! Space-Efficient Bloom Filters, 2007), so that it costs one read, and little of the nearest cache: with one bit a pair in
//! twice the memory, `s2twp` had four fifths of the speed.

use fanjian_dictionary::utf8::Utf8;

/// The greatest number of words: 128 kB, for which there are 15 bits.
pub(super) const MOST: usize = 1 << 15;

#[derive(Clone, Copy, Debug)]
pub(super) struct Filter<'b> {
    /// As many as a power of two.
    pub(super) words: &'b [[u8; 4]],
}

/// Two characters side by side, as they stand in a text: the last three bytes of the left one, and the first three of the right
/// one, each with 0 for those that it has not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair(u64);

impl Pair {
    /// These two.
    #[inline]
    pub(crate) fn new(left: Utf8, right: Utf8) -> Pair {
        let left = match left.len() {
            3 => left.bytes(),
            1 => left.bytes() << 16,
            2 => left.bytes() << 8,
            _ => left.bytes() >> 8,
        };
        Pair(u64::from(left) | u64::from(right.bytes() & 0xff_ffff) << 24)
    }

    /// Those on both sides of a place, of these four bytes before it and behind it, the first one lowest. The left one has one
    /// byte or three, and the right one three.
    #[inline]
    pub(crate) fn around(before: u32, behind: u32) -> Pair {
        let left = if before >> 31 == 0 { 0xff_0000 } else { 0xff_ffff };
        Pair((u64::from(behind) << 32 | u64::from(before)) >> 8 & (0xffff_ff00_0000 | left))
    }

    /// These two: the left one has three bytes, and the right one, the first of these, one or three.
    #[inline]
    pub(crate) fn behind_three(left: u32, behind: u32) -> Pair {
        let right = if behind & 0x80 == 0 { 0xff } else { 0xff_ffff };
        Pair(u64::from(left & 0xff_ffff) | u64::from(behind & right) << 24)
    }
}

impl<'b> Filter<'b> {
    /// `bytes` are a filter that was made.
    pub(super) fn new(bytes: &'b [u8]) -> Option<Filter<'b>> {
        let words = bytes.as_chunks().0;
        words.len().is_power_of_two().then_some(Filter { words })
    }

    #[inline]
    pub(super) fn contains(&self, pair: Pair) -> bool {
        let (index, first, second) = place(pair, self.words.len());
        self.words.get(index).is_none_or(|&word| {
            let word = u32::from_le_bytes(word);
            word >> first & word >> second & 1 != 0
        })
    }
}

/// The word of a pair, and its two bits there.
#[inline]
pub(super) fn place(pair: Pair, words: usize) -> (usize, u32, u32) {
    // The higher a bit, the more of the pair's are mixed in it.
    let mixed = pair.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 49) as usize & (words - 1), (mixed >> 44) as u32 & 31, (mixed >> 39) as u32 & 31)
}

/// A filter that is being made.
pub(super) struct Builder {
    words: Vec<u32>,
}

impl Builder {
    /// Of this length in bytes.
    pub(super) fn new(len: usize) -> Builder {
        Builder { words: vec![0; len / 4] }
    }

    pub(super) fn insert(&mut self, left: Utf8, right: Utf8) {
        if !self.words.len().is_power_of_two() {
            return;
        }
        let (index, first, second) = place(Pair::new(left, right), self.words.len());
        self.words[index] |= 1 << first | 1 << second;
    }

    /// The filter. None if its length is no power of two.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        let is_filter = self.words.len().is_power_of_two();
        is_filter.then(|| self.words.into_iter().flat_map(u32::to_le_bytes).collect())
    }
}

#[cfg(feature = "compile")]
pub(super) mod writer {
    //! Makes a filter.

    use super::*;

    /// The least number of words, of 32 bits.
    const LEAST: usize = 512;
    /// The filter of these, with `bits` bits for each or up to twice as many, but no more than the cache next but one can hold.
    pub(in crate::tables) fn build<'p>(pairs: impl ExactSizeIterator<Item = &'p (char, char)>, bits: usize) -> Vec<u8> {
        let len = (pairs.len() * bits / 32).next_power_of_two().clamp(LEAST, MOST);
        let mut filter = Builder::new(4 * len);
        pairs.for_each(|&(left, right)| filter.insert(Utf8::new(left), Utf8::new(right)));
        filter.finish().unwrap_or_default()
    }
}

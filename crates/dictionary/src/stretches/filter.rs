//! A set of pairs of characters, by hash: it may hold some that it was not given.
//!
//! It is a Bloom filter of two bits a pair, both in one word of 32 (F. Putze, P. Sanders and J. Singler: Cache-, Hash- and
//! Space-Efficient Bloom Filters, 2007), so that it costs one read, and little of the nearest cache: with one bit a pair in
//! twice the memory, `s2twp` had four fifths of the speed.

use std::collections::BTreeSet;

use super::utf8::Utf8;

/// So many words at least, of 32 bits.
const LEAST: usize = 512;
/// So many words at most: 128 kB.
const MOST: usize = 1 << 15;

#[derive(Clone, Copy, Debug)]
pub(super) struct Filter<'b> {
    /// As many as a power of two.
    words: &'b [[u8; 4]],
}

/// Two characters side by side, mixed.
#[inline]
pub(super) fn hash(left: Utf8, right: Utf8) -> u64 {
    let both = u64::from(left.bytes()) << 24 ^ u64::from(right.bytes());
    ((u128::from(both) * 0x9e37_79b9_7f4a_7c15) >> 64) as u64
}

impl<'b> Filter<'b> {
    /// `bytes` are what [`build`] gave.
    pub(super) fn new(bytes: &'b [u8]) -> Option<Filter<'b>> {
        let words = bytes.as_chunks().0;
        words.len().is_power_of_two().then_some(Filter { words })
    }

    #[inline]
    pub(super) fn contains(&self, left: Utf8, right: Utf8) -> bool {
        let (index, first, second) = place(hash(left, right), self.words.len());
        self.words.get(index).is_none_or(|&word| {
            let word = u32::from_le_bytes(word);
            (word >> first & word >> second) & 1 != 0
        })
    }
}

/// The word of a pair, and its two bits there.
#[inline]
fn place(hash: u64, words: usize) -> (usize, u32, u32) {
    ((hash >> 10) as usize & (words - 1), (hash & 31) as u32, (hash >> 5 & 31) as u32)
}

/// The filter of these, with so many bits for each or up to twice as many, but no more than the cache next but one can hold.
pub(super) fn build(pairs: &BTreeSet<(char, char)>, bits: usize) -> Vec<u8> {
    let len = (pairs.len() * bits / 32).next_power_of_two().clamp(LEAST, MOST);
    let mut words = vec![0_u32; len];
    for &(left, right) in pairs {
        let (index, first, second) = place(hash(Utf8::new(left), Utf8::new(right)), len);
        words[index] |= 1 << first | 1 << second;
    }
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

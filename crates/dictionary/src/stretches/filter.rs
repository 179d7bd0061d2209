//! A set of pairs of characters, by hash: it may hold some that it was not given.

use std::collections::BTreeSet;

use super::utf8::Utf8;

/// So many words at least, of 32 bits.
const LEAST: usize = 512;

#[derive(Clone, Copy, Debug)]
pub(super) struct Filter<'b> {
    /// As many as a power of two.
    words: &'b [[u8; 4]],
}

/// Two characters side by side, mixed: 20 bits.
#[inline]
pub(super) fn hash(left: Utf8, right: Utf8) -> u32 {
    let both = u64::from(left.bytes()) << 24 ^ u64::from(right.bytes());
    (both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) as u32
}

impl<'b> Filter<'b> {
    /// `bytes` are what [`build`] gave.
    pub(super) fn new(bytes: &'b [u8]) -> Option<Filter<'b>> {
        let words = bytes.as_chunks().0;
        words.len().is_power_of_two().then_some(Filter { words })
    }

    #[inline]
    pub(super) fn contains(&self, left: Utf8, right: Utf8) -> bool {
        let (index, bit) = place(hash(left, right), self.words.len());
        self.words.get(index).is_none_or(|&word| u32::from_le_bytes(word) >> bit & 1 != 0)
    }
}

#[inline]
fn place(hash: u32, words: usize) -> (usize, u32) {
    ((hash / 32) as usize & (words - 1), hash % 32)
}

/// The filter of these, with at least so many bits for each, but no more than the hash can tell.
pub(super) fn build(pairs: &BTreeSet<(char, char)>, bits: usize) -> Vec<u8> {
    let len = (pairs.len() * bits / 32).next_power_of_two().clamp(LEAST, 1 << 15);
    let mut words = vec![0_u32; len];
    for &(left, right) in pairs {
        let (index, bit) = place(hash(Utf8::new(left), Utf8::new(right)), len);
        words[index] |= 1 << bit;
    }
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

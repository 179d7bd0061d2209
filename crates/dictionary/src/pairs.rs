//! A filter of the first two characters of a dictionary's keys.
//!
//! Most characters of a text begin some key, but few of them do together with the character behind them. One read shows
//! that for nearly all of the others, which saves the walk over the FST.
//!
//! It is a block of bits, a power of two and at least 64 of them, in which the bit by the hash of each pair is set.

/// Bits for each distinct pair: about one in ten of the pairs that begin no key passes.
const BITS: usize = 8;

/// Whether a key may begin with these two characters. Never false where one does.
#[inline]
pub(crate) fn may_begin(filter: &[u8], first: char, second: char) -> bool {
    let bit = hash(first, second) as usize & (filter.len() * 8 - 1);
    filter.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
}

/// Whether the filter has a size that [`may_begin`] can search.
pub(crate) fn is_sound(filter: &[u8]) -> bool {
    filter.len() >= 8 && filter.len().is_power_of_two()
}

/// The first two characters of a key of two characters or more.
pub(crate) fn first_two(key: &str) -> Option<(char, char)> {
    let mut characters = key.chars();
    Some((characters.next()?, characters.next()?))
}

/// The filter of the first two characters of keys that are sorted.
pub(crate) fn build(pairs: impl Iterator<Item = (char, char)>) -> Vec<u8> {
    let mut pairs: Vec<(char, char)> = pairs.collect();
    pairs.dedup();
    let mut filter = vec![0; (pairs.len() * BITS).next_power_of_two().max(64) / 8];
    for (first, second) in pairs {
        let bit = hash(first, second) as usize & (filter.len() * 8 - 1);
        filter[bit / 8] |= 1 << (bit % 8);
    }
    filter
}

#[inline]
fn hash(first: char, second: char) -> u32 {
    let mixed = (first as u32).wrapping_mul(0x9e37_79b1) ^ (second as u32).wrapping_mul(0x85eb_ca77);
    mixed ^ mixed >> 15
}

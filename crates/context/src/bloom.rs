//! Sets of hashes that lie in static bytes, as Bloom filters.

use fanjian_dictionary::{Error, ErrorKind};

/// A set of hashes as a Bloom filter of so many words of 64 bits: of other hashes, a few are taken for one of them (one in a
/// hundred where a word has five). Without bytes it is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bloom<'b, const WORDS: usize>(Option<&'b [[u8; 8]; WORDS]>);

/// One of the three bits of a hash in a filter of so many words of 64 bits: the word, and the place in it.
#[inline(always)]
fn bloom_bit<const WORDS: usize>(hash: u64, index: u64) -> (usize, u32) {
    const { assert!(WORDS.is_power_of_two()) };
    let bit = hash.wrapping_add((hash >> 32 | 1).wrapping_mul(index)) as usize % (64 * WORDS);
    (bit / 64, (bit % 64) as u32)
}

impl<'b, const WORDS: usize> Bloom<'b, WORDS> {
    /// Takes the bytes of a filter.
    pub(crate) fn new(bytes: &'b [u8]) -> Result<Bloom<'b, WORDS>, Error> {
        let (words, rest) = bytes.as_chunks();
        let filter = words.try_into().ok();
        if rest.is_empty() && (filter.is_some() || words.is_empty()) {
            Ok(Bloom(filter))
        } else {
            Err(Error::new(ErrorKind::Damaged, "not a filter of this version"))
        }
    }

    #[inline(always)]
    pub(crate) fn contains(&self, hash: u64) -> bool {
        let Some(words) = self.0 else { return false };
        let is_set = |index| {
            let (word, bit) = bloom_bit::<WORDS>(hash, index);
            u64::from_le_bytes(words[word]) >> bit & 1 == 1
        };
        // Most searches end at the first one.
        is_set(0) && is_set(1) && is_set(2)
    }
}

/// Compiles a filter.
#[cfg(feature = "compile")]
pub(crate) fn compile<const WORDS: usize>(hashes: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut hashes = hashes.peekable();
    if hashes.peek().is_none() {
        return Vec::new();
    }
    let mut words = vec![[0; 8]; WORDS];
    for hash in hashes {
        for (word, bit) in [0, 1, 2].map(|index| bloom_bit::<WORDS>(hash, index)) {
            words[word][bit as usize / 8] |= 1 << (bit % 8);
        }
    }
    words.into_flattened()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hashed::mix;

    #[test]
    fn a_filter_has_its_hashes_and_few_others() {
        let bytes = compile::<{ 1 << 13 }>((0..40_000).map(mix));
        let filter = Bloom::<{ 1 << 13 }>::new(&bytes).unwrap();
        assert!((0..40_000).all(|number| filter.contains(mix(number))));
        let others = (40_000..80_000).filter(|&number| filter.contains(mix(number))).count();
        assert!(others < 800, "{others} of 40000");
        assert!(Bloom::<{ 1 << 13 }>::new(&bytes[8..]).is_err());
        assert!(!Bloom::<{ 1 << 13 }>::new(&[]).unwrap().contains(mix(1)));
    }
}

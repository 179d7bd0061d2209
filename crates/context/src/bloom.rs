//! Sets of hashes that lie in static bytes, as Bloom filters.

use fanjian_dictionary::{Error, ErrorKind};

/// A set of hashes as a Bloom filter of so many words of 64 bits: of other hashes, a few are taken for one of them (one in a
/// hundred where a word has five, two in a thousand where it has three). Without bytes it is empty.
///
/// All bits of a hash are in one word (F. Putze, P. Sanders and J. Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007):
/// so a search is one read without a branch, and several in a row wait for memory at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bloom<'b, const WORDS: usize>(Option<&'b [[u8; 8]; WORDS]>);

/// The word of a hash in a filter of so many, and its bits there: up to four.
#[inline(always)]
fn bits_of<const WORDS: usize>(hash: u64) -> (usize, u64) {
    const { assert!(WORDS.is_power_of_two() && WORDS as u64 <= 1 << 40) };
    let bits = [58, 52, 46, 40].into_iter().fold(0, |bits, shift| bits | 1 << (hash >> shift & 63));
    (hash as usize % WORDS, bits)
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
        let (word, bits) = bits_of::<WORDS>(hash);
        u64::from_le_bytes(words[word]) & bits == bits
    }
}

/// Compiles a filter.
#[cfg(feature = "compile")]
pub(crate) fn compile<const WORDS: usize>(hashes: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut hashes = hashes.peekable();
    if hashes.peek().is_none() {
        return Vec::new();
    }
    let mut words = vec![0; WORDS];
    for (word, bits) in hashes.map(bits_of::<WORDS>) {
        words[word] |= bits;
    }
    words.into_iter().flat_map(u64::to_le_bytes).collect()
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

//! Hash tables that lie in static bytes: from a 64-bit hash to a few bytes.
//!
//! A slot begins with 32 bits of the hash, and a key goes into the first free slot from its place on. The keys are not
//! kept: two that agree in those bits and lie near each other are taken for one, which happens to one search in some
//! thousand million.

use fanjian_dictionary::{Error, ErrorKind};

/// A table that was compiled, with slots of `N` bytes; the first four are the hash's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashed<'b, const N: usize> {
    slots: &'b [[u8; N]],
    /// A bit for each hash that may be there, by its upper bits: most searches end here, in memory that stays near.
    filter: &'b [[u8; 8]],
    /// How far a check is shifted to its bit.
    shift: u32,
}

fn check(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

/// How far a check is shifted to its bit of a filter.
fn shift(words: usize) -> u32 {
    32 - (64 * words).trailing_zeros()
}

#[inline]
fn place(hash: u64, slots: usize) -> usize {
    (((hash & 0xffff_ffff) * slots as u64) >> 32) as usize
}

impl<'b, const N: usize> Hashed<'b, N> {
    /// Takes the bytes of a table.
    pub(crate) fn new(bytes: &'b [u8]) -> Result<Hashed<'b, N>, Error> {
        let parse = || {
            let (words, rest) = bytes.split_first_chunk::<4>()?;
            let words = u32::from_le_bytes(*words) as usize;
            let (filter, slots) = rest.split_at_checked(words.checked_mul(8)?)?;
            let (slots, left) = slots.as_chunks();
            let is_whole = left.is_empty() && !slots.is_empty() && words.is_power_of_two() && words <= 1 << 26;
            is_whole.then(|| Hashed { slots, filter: filter.as_chunks().0, shift: shift(words) })
        };
        parse().ok_or_else(|| Error::new(ErrorKind::Damaged, "not a hash table of this version"))
    }

    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<&'b [u8; N]> {
        let bit = (check(hash) >> self.shift) as usize;
        let is_there = self.filter.get(bit / 64).is_some_and(|&word| u64::from_le_bytes(word) >> (bit % 64) & 1 == 1);
        if is_there { self.find(hash) } else { None }
    }

    /// The same where most hashes that are asked for are there: the filter is left out.
    #[inline]
    pub(crate) fn find(&self, hash: u64) -> Option<&'b [u8; N]> {
        let mut slot = place(hash, self.slots.len());
        // Some slots are free; damaged bytes must not make this run for ever.
        for _ in 0..self.slots.len() {
            let found = &self.slots[slot];
            let found_check = u32::from_le_bytes([found[0], found[1], found[2], found[3]]);
            if found_check == check(hash) {
                return Some(found);
            }
            if found_check == 0 {
                return None;
            }
            slot += 1;
            if slot == self.slots.len() {
                slot = 0;
            }
        }
        None
    }
}

/// A set of hashes.
pub(crate) type Set<'b> = Hashed<'b, 4>;

impl Set<'_> {
    #[inline]
    pub(crate) fn contains(&self, hash: u64) -> bool {
        self.get(hash).is_some()
    }
}

/// A set of hashes as a Bloom filter of so many words of 64 bits: of other hashes, a few are taken for one of them (one in a
/// hundred where a word has five). Without bytes it is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bloom<'b, const WORDS: usize>(Option<&'b [[u8; 8]; WORDS]>);

/// One of the three bits of a hash in a filter of so many words of 64 bits: the word, and the place in it.
#[inline(always)]
fn bloom_bit<const WORDS: usize>(hash: u64, index: u64) -> (usize, u32) {
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

/// A table from hashes to 32 bits.
pub(crate) type Numbers<'b> = Hashed<'b, 8>;

impl Numbers<'_> {
    #[inline]
    pub(crate) fn number(&self, hash: u64) -> Option<u32> {
        self.get(hash).map(|&[_, _, _, _, a, b, c, d]| u32::from_le_bytes([a, b, c, d]))
    }
}

/// Spreads the bits of a key over all of a hash: both halves of a product of 128 bits.
#[inline]
pub fn mix(key: u64) -> u64 {
    let product = u128::from(key ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(feature = "compile")]
pub(crate) mod writer {
    //! Makes such tables.

    use super::*;

    /// A third of the slots stays free, so that searches end soon: with a seventh, words were searched a fifth slower.
    fn slots(entries: usize) -> usize {
        entries + entries / 2 + 1
    }

    /// How many words of 64 bits the filter has: eight bits or more for each slot.
    fn filter(slots: usize) -> usize {
        slots.div_ceil(8).next_power_of_two()
    }

    /// Compiles entries, each with four bytes of its own before its value. Of several with one hash, the first one counts.
    pub(crate) fn compile<const N: usize>(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> Vec<u8> {
        let mut table = vec![[0; N]; slots(entries.len())];
        let mut bits = vec![0_u64; filter(table.len())];
        let shift = shift(bits.len());
        for (hash, mut entry) in entries {
            entry[..4].copy_from_slice(&check(hash).to_le_bytes());
            let mut slot = place(hash, table.len());
            while table[slot][..4] != [0; 4] && table[slot][..4] != entry[..4] {
                slot = (slot + 1) % table.len();
            }
            if table[slot][..4] == [0; 4] {
                table[slot] = entry;
            }
            let bit = (check(hash) >> shift) as usize;
            bits[bit / 64] |= 1 << (bit % 64);
        }
        let mut bytes = (bits.len() as u32).to_le_bytes().to_vec();
        bytes.extend(bits.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(table.as_flattened());
        bytes
    }

    /// Compiles a filter.
    pub(crate) fn compile_bloom<const WORDS: usize>(hashes: impl Iterator<Item = u64>) -> Vec<u8> {
        let mut hashes = hashes.peekable();
        if hashes.peek().is_none() {
            return Vec::new();
        }
        let mut words = vec![0_u64; WORDS];
        for hash in hashes {
            for (word, bit) in [0, 1, 2].map(|index| bloom_bit::<WORDS>(hash, index)) {
                words[word] |= 1 << bit;
            }
        }
        words.into_iter().flat_map(u64::to_le_bytes).collect()
    }

    /// Compiles a set.
    pub(crate) fn compile_set(hashes: &[u64]) -> Vec<u8> {
        compile(hashes.iter().map(|&hash| (hash, [0; 4])))
    }

    /// Compiles a table of numbers.
    pub(crate) fn compile_numbers(entries: &[(u64, u32)]) -> Vec<u8> {
        compile(entries.iter().map(|&(hash, value)| {
            let [a, b, c, d] = value.to_le_bytes();
            (hash, [0, 0, 0, 0, a, b, c, d])
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        writer::{self, compile_numbers},
        *,
    };

    #[test]
    fn finds_what_was_compiled_and_nothing_else() {
        let entries: Vec<(u64, u32)> = (0..1000).map(|number| (mix(number), number as u32)).collect();
        let bytes = compile_numbers(&entries);
        let table = Numbers::new(&bytes).unwrap();
        for &(hash, value) in &entries {
            assert_eq!(table.number(hash), Some(value));
        }
        assert!((1000..9000).all(|number| table.number(mix(number)).is_none()));
        assert_eq!(Numbers::new(&compile_numbers(&[])).unwrap().number(1), None);
    }

    #[test]
    fn a_filter_has_its_hashes_and_few_others() {
        let bytes = writer::compile_bloom::<{ 1 << 13 }>((0..40_000).map(mix));
        let filter = Bloom::<{ 1 << 13 }>::new(&bytes).unwrap();
        assert!((0..40_000).all(|number| filter.contains(mix(number))));
        let others = (40_000..80_000).filter(|&number| filter.contains(mix(number))).count();
        assert!(others < 800, "{others} of 40000");
        assert!(Bloom::<{ 1 << 13 }>::new(&bytes[8..]).is_err());
    }

    #[test]
    fn other_bytes_are_refused() {
        let bytes = compile_numbers(&[(1, 2)]);
        assert!(Numbers::new(&bytes[..bytes.len() - 1]).is_err());
        assert!(Numbers::new(&[]).is_err());
        assert!(Numbers::new(&[3, 0, 0, 0, 0]).is_err());
    }
}

//! Hash tables that lie in static bytes: from a 64-bit hash to a few bytes.
//!
//! A table is a perfect hash, by hash and displace: hashes are divided into buckets of a few, and each bucket has a seed by which all
//! of its hashes have slots of their own. So a search reads one seed, of which all lie near each other, and one slot, and nothing that it reads
//! decides what it reads next: searches that follow each other wait for memory at once. (Linear probing behind a filter read two to
//! three places in a row, with a branch behind each.)
//!
//! A slot begins with a fingerprint: 31 bits of the hash, or 27 and a value in the lowest ones. The keys are not kept: a hash with
//! the fingerprint of its slot is taken for the one that is there. Which slot it is depends on all bits, also on those that are
//! not in the fingerprint: so this happens to one search in some thousand million, or hundred million.

use std::hint;

use fanjian_dictionary::{Error, ErrorKind};

#[cfg(feature = "compile")]
pub(crate) mod writer;

/// A table that was compiled, with slots of `N` bytes; the first four are a fingerprint, and a value of `VALUE` bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hashed<'b, const N: usize, const VALUE: u32 = 0> {
    /// Of each bucket.
    seeds: &'b [u8],
    slots: &'b [[u8; N]],
}

/// A hash, and which slot of a table it has if it is there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Search {
    hash: u64,
    place: usize,
}

/// The bits of a hash that its slot has, above room for a value: never 0, as free slots are.
#[inline]
fn fingerprint<const VALUE: u32>(hash: u64) -> u32 {
    ((hash >> 32) as u32 | 1 << VALUE) & (u32::MAX << VALUE)
}

/// The first four bytes of a slot.
#[inline]
fn head<const N: usize>(slot: &[u8; N]) -> u32 {
    u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]])
}

fn damaged() -> Error {
    Error::new(ErrorKind::Damaged, "not a hash table of this version")
}

/// Which one of so many buckets a hash is in.
#[inline]
fn bucket_of(hash: u64, buckets: usize) -> usize {
    (((hash & 0xffff_ffff) * buckets as u64) >> 32) as usize
}

/// Which one of so many slots a hash has by the seed of its bucket.
#[inline]
fn place_of(hash: u64, seed: u8, slots: usize) -> usize {
    let spread = (hash ^ u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32;
    ((spread * slots as u64) >> 32) as usize
}

impl<'b, const N: usize, const VALUE: u32> Hashed<'b, N, VALUE> {
    /// Takes the bytes of a table.
    pub(crate) fn new(bytes: &'b [u8]) -> Result<Hashed<'b, N, VALUE>, Error> {
        let parse = || {
            let (buckets, rest) = bytes.split_first_chunk::<4>()?;
            let (seeds, slots) = rest.split_at_checked(u32::from_le_bytes(*buckets) as usize)?;
            let (slots, left) = slots.as_chunks();
            let is_whole = left.is_empty() && !slots.is_empty() && !seeds.is_empty();
            is_whole.then_some(Hashed { seeds, slots })
        };
        parse().ok_or_else(damaged)
    }

    /// Which slot a hash has if it is there.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        place_of(hash, self.seeds[bucket_of(hash, self.seeds.len())], self.slots.len())
    }

    /// The slot at a place, and whether it is that of a hash.
    #[inline]
    fn at(&self, place: usize, hash: u64) -> (&'b [u8; N], bool) {
        let slot = &self.slots[place];
        (slot, (head(slot) ^ fingerprint::<VALUE>(hash)) >> VALUE == 0)
    }

    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<&'b [u8; N]> {
        let (slot, is_there) = self.at(self.place(hash), hash);
        is_there.then_some(slot)
    }

    /// Where a hash is to be looked for.
    #[inline]
    pub(crate) fn search(&self, hash: u64) -> Search {
        Search { hash, place: self.place(hash) }
    }

    /// The slot of a hash, or `other`: without a branch, for searches that follow each other.
    #[inline]
    pub(crate) fn at_or(&self, Search { hash, place }: Search, other: &'b [u8; N]) -> &'b [u8; N] {
        let (slot, is_there) = self.at(place, hash);
        hint::select_unpredictable(is_there, slot, other)
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

/// A table from hashes to [`SMALL`] bits.
pub(crate) type SmallNumbers<'b> = Hashed<'b, 4, SMALL>;

/// How many bits there are with a hash in four bytes.
pub(crate) const SMALL: u32 = 4;

impl SmallNumbers<'_> {
    #[inline]
    pub(crate) fn number(&self, hash: u64) -> Option<u32> {
        self.get(hash).map(|slot| head(slot) & ((1 << SMALL) - 1))
    }
}

/// A table from hashes to 32 bits, of which most that are asked for are not there: a byte for each slot answers for nearly all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RareNumbers<'b> {
    numbers: Numbers<'b>,
    /// The lowest byte of the hash that has each slot.
    lowest: &'b [u8],
}

impl<'b> RareNumbers<'b> {
    /// Takes the bytes of a table, and those of its hashes.
    pub(crate) fn new(bytes: &'b [u8], lowest: &'b [u8]) -> Result<RareNumbers<'b>, Error> {
        let numbers = Numbers::new(bytes)?;
        if lowest.len() != numbers.slots.len() {
            return Err(damaged());
        }
        Ok(RareNumbers { numbers, lowest })
    }

    #[inline]
    pub(crate) fn number(&self, hash: u64) -> Option<u32> {
        let place = self.numbers.place(hash);
        if self.lowest[place] != hash as u8 {
            return None;
        }
        let (&[_, _, _, _, number @ ..], is_there) = self.numbers.at(place, hash);
        is_there.then(|| u32::from_le_bytes(number))
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

#[cfg(test)]
mod tests {
    use super::{
        writer::{compile_numbers, compile_rare, compile_small},
        *,
    };

    fn entries(count: u64) -> Vec<(u64, u32)> {
        (0..count).map(|number| (mix(number), number as u32 % 16)).collect()
    }

    /// Tables of each kind, with the same entries.
    struct Tables {
        numbers: Vec<u8>,
        small: Vec<u8>,
        rare: [Vec<u8>; 2],
    }

    impl Tables {
        fn of(entries: &[(u64, u32)]) -> Tables {
            Tables {
                numbers: compile_numbers(entries).unwrap(),
                small: compile_small(entries).unwrap(),
                rare: compile_rare(entries).unwrap(),
            }
        }

        fn numbers(&self, hash: u64) -> [Option<u32>; 3] {
            let [rare, lowest] = &self.rare;
            [
                Numbers::new(&self.numbers).unwrap().number(hash),
                SmallNumbers::new(&self.small).unwrap().number(hash),
                RareNumbers::new(rare, lowest).unwrap().number(hash),
            ]
        }
    }

    /// A slot was found by the fingerprint alone: one of 40,000 other hashes was then taken for one that is there.
    #[test]
    fn finds_what_was_compiled_and_nothing_else() {
        const COUNT: u64 = 30_000;
        let entries = entries(COUNT);
        let tables = Tables::of(&entries);
        for &(hash, value) in &entries {
            assert_eq!(tables.numbers(hash), [Some(value); 3]);
        }
        let mut others = [0; 3];
        for number in COUNT..1_000_000 {
            for (count, found) in others.iter_mut().zip(tables.numbers(mix(number))) {
                *count += u32::from(found.is_some());
            }
        }
        assert_eq!(others, [0; 3]);
        assert_eq!(Numbers::new(&compile_numbers(&[]).unwrap()).unwrap().number(1), None);
    }

    #[test]
    fn of_several_with_one_hash_the_first_one_counts() {
        let hash = mix(1);
        // The second one differs in a bit that no fingerprint has.
        let entries = [(hash, 5), (hash ^ 1, 7), (hash, 6)];
        let tables = Tables::of(&entries);
        for (hash, value) in [(hash, 5), (hash ^ 1, 7)] {
            assert_eq!(tables.numbers(hash), [Some(value); 3]);
        }
    }

    #[test]
    fn at_or_returns_the_slot_or_the_other_one() {
        let bytes = compile_numbers(&[(mix(1), 2)]).unwrap();
        let (table, other) = (Numbers::new(&bytes).unwrap(), [9; 8]);
        assert_eq!(table.at_or(table.search(mix(1)), &other)[4..], [2, 0, 0, 0]);
        assert_eq!(table.at_or(table.search(mix(2)), &other), &other);
    }

    #[test]
    fn hashes_that_are_alike_are_an_error() {
        // All are in one bucket: so many that none of its seeds will do, or too many.
        for count in [20, 64, 1000] {
            let entries: Vec<(u64, u32)> = (0..count).map(|number| (number << 32, 0)).collect();
            assert_eq!(compile_numbers(&entries).unwrap_err().kind(), ErrorKind::Damaged, "{count}");
        }
    }

    #[test]
    fn other_bytes_are_refused_or_searched() {
        let bytes = compile_numbers(&[(1, 2)]).unwrap();
        assert!(Numbers::new(&bytes[..bytes.len() - 1]).is_err());
        assert!(Numbers::new(&bytes[..6]).is_err());
        assert!(Numbers::new(&[]).is_err());
        assert!(Numbers::new(&[0; 12]).is_err());
        assert!(Numbers::new(&[3, 0, 0, 0, 0]).is_err());
        let entries = entries(20);
        let [rare, lowest] = compile_rare(&entries).unwrap();
        assert!(RareNumbers::new(&rare, &lowest[1..]).is_err());
        for at in 0..rare.len() {
            for bit in 0..8 {
                let mut changed = rare.clone();
                changed[at] ^= 1 << bit;
                for &(hash, _) in &entries {
                    _ = Numbers::new(&changed).map(|table| table.number(hash));
                    _ = SmallNumbers::new(&changed).map(|table| table.number(hash));
                    _ = RareNumbers::new(&changed, &lowest).map(|table| table.number(hash));
                    // A byte that fits no hash.
                    _ = RareNumbers::new(&changed, &vec![!(hash as u8); lowest.len()]).map(|table| table.number(hash));
                }
            }
        }
    }
}

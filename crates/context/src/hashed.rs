//! Hash tables that lie in static bytes: from a 64-bit hash to a few bytes.
//!
//! A table is a perfect hash: hashes are divided into groups of a few, and each group has a seed by which all of its hashes have
//! slots of their own. So a search reads one seed, of which all lie near each other, and one slot, and nothing that it reads
//! decides what it reads next: searches that follow each other wait for memory at once. (Linear probing behind a filter read two to
//! three places in a row, with a branch behind each.)
//!
//! A slot begins with 32 bits of the hash, or with fewer and a value in the lowest ones. The keys are not kept: two that agree in
//! those bits and in their group are taken for one, which happens to one search in some thousand million (or hundred million).

use std::hint;

use fanjian_dictionary::{Error, ErrorKind};

/// A table that was compiled, with slots of `N` bytes; the first four are the hash's, but for their lowest bits, `VALUE` of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hashed<'b, const N: usize, const VALUE: u32 = 0> {
    seeds: &'b [[u8; 2]],
    slots: &'b [[u8; N]],
}

/// The bits of a hash that its slot has, with room for a value of so many bits: never 0, as free slots are.
#[inline]
fn check<const VALUE: u32>(hash: u64) -> u32 {
    ((hash >> 32) as u32 | 1 << VALUE) & (u32::MAX << VALUE)
}

/// The first four bytes of a slot.
#[inline]
fn head<const N: usize>(slot: &[u8; N]) -> u32 {
    u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]])
}

/// Which one of so many groups a hash is of.
#[inline]
fn group(hash: u64, groups: usize) -> usize {
    (((hash & 0xffff_ffff) * groups as u64) >> 32) as usize
}

/// Which one of so many slots a check has by the seed of its group.
#[inline]
fn place(check: u32, seed: u16, slots: usize) -> usize {
    let spread = (check ^ u32::from(seed).wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
    ((u64::from(spread) * slots as u64) >> 32) as usize
}

impl<'b, const N: usize, const VALUE: u32> Hashed<'b, N, VALUE> {
    /// Takes the bytes of a table.
    pub(crate) fn new(bytes: &'b [u8]) -> Result<Hashed<'b, N, VALUE>, Error> {
        let parse = || {
            let (groups, rest) = bytes.split_first_chunk::<4>()?;
            let (seeds, slots) = rest.split_at_checked((u32::from_le_bytes(*groups) as usize).checked_mul(2)?)?;
            let (slots, left) = slots.as_chunks();
            let is_whole = left.is_empty() && !slots.is_empty() && !seeds.is_empty();
            is_whole.then_some(Hashed { seeds: seeds.as_chunks().0, slots })
        };
        parse().ok_or_else(|| Error::new(ErrorKind::Damaged, "not a hash table of this version"))
    }

    /// Which slot a hash has if it is there.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        let seed = u16::from_le_bytes(self.seeds[group(hash, self.seeds.len())]);
        place(check::<VALUE>(hash), seed, self.slots.len())
    }

    /// That slot, and whether the hash is there.
    #[inline]
    fn slot(&self, hash: u64) -> (&'b [u8; N], bool) {
        let slot = &self.slots[self.place(hash)];
        (slot, (head(slot) ^ check::<VALUE>(hash)) >> VALUE == 0)
    }

    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<&'b [u8; N]> {
        let (slot, is_there) = self.slot(hash);
        is_there.then_some(slot)
    }

    /// The slot of a hash, or `other`: without a branch, for searches that follow each other.
    #[inline]
    pub(crate) fn get_or(&self, hash: u64, other: &'b [u8; N]) -> &'b [u8; N] {
        let (slot, is_there) = self.slot(hash);
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
            return Err(Error::new(ErrorKind::Damaged, "not a hash table of this version"));
        }
        Ok(RareNumbers { numbers, lowest })
    }

    #[inline]
    pub(crate) fn number(&self, hash: u64) -> Option<u32> {
        let place = self.numbers.place(hash);
        if self.lowest[place] != hash as u8 {
            return None;
        }
        let [_, _, _, _, number @ ..] = self.numbers.slots[place];
        (head(&self.numbers.slots[place]) == check::<0>(hash)).then(|| u32::from_le_bytes(number))
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

    use std::{mem, ops::Range};

    use super::*;

    /// How many hashes a group has, on an average: with more, seeds are sought longer; with fewer, they take more memory.
    const GROUP: usize = 3;

    /// How many slots so many entries have at first: a fifth stays free, or seeds are sought for long.
    fn slots(entries: usize) -> usize {
        entries + entries / 4 + 1
    }

    /// Compiles entries, each with four bytes of its own before its value; in these, `VALUE` bits are of the value. Of several with
    /// one hash, the first one counts.
    pub(crate) fn compile<const N: usize, const VALUE: u32>(
        entries: impl ExactSizeIterator<Item = (u64, [u8; N])>,
    ) -> Vec<u8> {
        Placed::<N, VALUE>::of(entries).bytes()
    }

    /// Entries, each in its slot.
    struct Placed<const N: usize, const VALUE: u32> {
        seeds: Vec<u16>,
        slots: Vec<[u8; N]>,
    }

    impl<const N: usize, const VALUE: u32> Placed<N, VALUE> {
        fn of(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> Self {
            let groups = Groups::<N, VALUE>::of(entries);
            let mut size = slots(groups.places.iter().map(Range::len).sum());
            loop {
                match groups.place(size) {
                    Some(placed) => return placed,
                    None => size += size / 8 + 1,
                }
            }
        }

        fn slot(&self, hash: u64) -> usize {
            let seed = self.seeds[group(hash, self.seeds.len())];
            place(check::<VALUE>(hash), seed, self.slots.len())
        }

        fn bytes(&self) -> Vec<u8> {
            let mut bytes = (self.seeds.len() as u32).to_le_bytes().to_vec();
            bytes.extend(self.seeds.iter().flat_map(|seed| seed.to_le_bytes()));
            bytes.extend(self.slots.as_flattened());
            bytes
        }
    }

    /// Entries in the order of their groups.
    struct Groups<const N: usize, const VALUE: u32> {
        entries: Vec<[u8; N]>,
        /// Where those of each group are.
        places: Vec<Range<usize>>,
    }

    impl<const N: usize, const VALUE: u32> Groups<N, VALUE> {
        fn of(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> Self {
            let groups = entries.len() / GROUP + 1;
            let with_group = |(hash, mut entry): (u64, [u8; N])| {
                let bits = head(&entry) & !(u32::MAX << VALUE);
                entry[..4].copy_from_slice(&(check::<VALUE>(hash) | bits).to_le_bytes());
                (group(hash, groups), entry)
            };
            let entries: Vec<(usize, [u8; N])> = entries.map(with_group).collect();
            let mut of_groups = Groups { entries: vec![[0; N]; entries.len()], places: vec![0..0; groups] };
            // Packed tables are unpacked by this: a sort takes longer.
            entries.iter().for_each(|&(group, _)| of_groups.places[group].end += 1);
            let mut start = 0;
            for place in &mut of_groups.places {
                let len = mem::replace(&mut place.end, start);
                place.start = start;
                start += len;
            }
            for (group, entry) in entries {
                let place = &mut of_groups.places[group];
                let is_new = |other: &[u8; N]| (head(other) ^ head(&entry)) >> VALUE != 0;
                if of_groups.entries[place.clone()].iter().all(is_new) {
                    of_groups.entries[place.end] = entry;
                    place.end += 1;
                }
            }
            of_groups
        }

        /// Finds a seed for each group, the largest ones first. None if one finds none by which its entries have free slots, of so
        /// many in all.
        fn place(&self, size: usize) -> Option<Placed<N, VALUE>> {
            let mut placed = Placed { seeds: vec![0; self.places.len()], slots: vec![[0; N]; size] };
            // Looked at more often than slots are, and smaller.
            let mut taken = vec![0_u64; size / 64 + 1];
            let largest = self.places.iter().map(Range::len).max().unwrap_or(0);
            for len in (1..=largest).rev() {
                for (places, chosen) in
                    self.places.iter().zip(&mut placed.seeds).filter(|(places, _)| places.len() == len)
                {
                    let entries = &self.entries[places.clone()];
                    *chosen = (0..=u16::MAX).find(|&seed| Self::take(entries, seed, size, &mut taken))?;
                    for entry in entries {
                        placed.slots[Self::slot(entry, *chosen, size)] = *entry;
                    }
                }
            }
            Some(placed)
        }

        #[inline]
        fn slot(entry: &[u8; N], seed: u16, size: usize) -> usize {
            place(head(entry) & u32::MAX << VALUE, seed, size)
        }

        /// Takes the slots that entries have by a seed. False, and none is taken, if one was taken before.
        #[inline]
        fn take(entries: &[[u8; N]], seed: u16, size: usize, taken: &mut [u64]) -> bool {
            for (index, entry) in entries.iter().enumerate() {
                let slot = Self::slot(entry, seed, size);
                if taken[slot / 64] >> (slot % 64) & 1 == 1 {
                    for entry in &entries[..index] {
                        let slot = Self::slot(entry, seed, size);
                        taken[slot / 64] ^= 1 << (slot % 64);
                    }
                    return false;
                }
                taken[slot / 64] |= 1 << (slot % 64);
            }
            true
        }
    }

    /// Compiles a set.
    pub(crate) fn compile_set(hashes: &[u64]) -> Vec<u8> {
        compile::<4, 0>(hashes.iter().map(|&hash| (hash, [0; 4])))
    }

    fn place_numbers(entries: &[(u64, u32)]) -> Placed<8, 0> {
        Placed::of(entries.iter().map(|&(hash, value)| {
            let [a, b, c, d] = value.to_le_bytes();
            (hash, [0, 0, 0, 0, a, b, c, d])
        }))
    }

    /// Compiles a table of numbers.
    pub(crate) fn compile_numbers(entries: &[(u64, u32)]) -> Vec<u8> {
        place_numbers(entries).bytes()
    }

    /// Compiles a table of numbers of [`SMALL`] bits.
    pub(crate) fn compile_small(entries: &[(u64, u32)]) -> Vec<u8> {
        compile::<4, SMALL>(entries.iter().map(|&(hash, value)| (hash, value.to_le_bytes())))
    }

    /// Compiles a table of [`RareNumbers`], and the bytes of its hashes.
    pub(crate) fn compile_rare(entries: &[(u64, u32)]) -> [Vec<u8>; 2] {
        let placed = place_numbers(entries);
        let mut lowest = vec![0; placed.slots.len()];
        entries.iter().rev().for_each(|&(hash, _)| lowest[placed.slot(hash)] = hash as u8);
        [placed.bytes(), lowest]
    }
}

#[cfg(test)]
mod tests {
    use super::{
        writer::{compile_numbers, compile_rare, compile_small},
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
    fn the_other_tables_have_the_same() {
        let entries: Vec<(u64, u32)> = (0..1000).map(|number| (mix(number), number as u32 % 16)).collect();
        let (small, [rare, lowest]) = (compile_small(&entries), compile_rare(&entries));
        let (small, rare) = (SmallNumbers::new(&small).unwrap(), RareNumbers::new(&rare, &lowest).unwrap());
        for &(hash, value) in &entries {
            assert_eq!((small.number(hash), rare.number(hash)), (Some(value), Some(value)));
        }
        assert!((1000..9000).all(|number| small.number(mix(number)).or(rare.number(mix(number))).is_none()));
        assert!(RareNumbers::new(&compile_rare(&entries)[0], &lowest[1..]).is_err());
    }

    #[test]
    fn of_several_with_one_hash_the_first_one_counts() {
        let hash = mix(1);
        // Its group and its check are the same; its lowest byte is not.
        let entries = [(hash, 5), (hash, 6), (hash ^ 1, 7)];
        let (numbers, [rare, lowest]) = (compile_numbers(&entries), compile_rare(&entries));
        assert_eq!(Numbers::new(&numbers).unwrap().number(hash), Some(5));
        assert_eq!(RareNumbers::new(&rare, &lowest).unwrap().number(hash), Some(5));
    }

    #[test]
    fn other_bytes_are_refused() {
        let bytes = compile_numbers(&[(1, 2)]);
        assert!(Numbers::new(&bytes[..bytes.len() - 1]).is_err());
        assert!(Numbers::new(&bytes[..6]).is_err());
        assert!(Numbers::new(&[]).is_err());
        assert!(Numbers::new(&[0; 12]).is_err());
        assert!(Numbers::new(&[3, 0, 0, 0, 0]).is_err());
    }
}

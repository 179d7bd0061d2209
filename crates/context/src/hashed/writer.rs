//! Makes the tables.

use std::ops::Range;

use super::*;

/// How many hashes a group has, on an average: with more, seeds are sought longer; with fewer, they take more memory.
const GROUP: usize = 3;

/// How many a group may have: none of good hashes has half as many.
const LARGEST_GROUP: usize = 64;

/// How often a table may become larger for seeds to be found. (The first size suffices, nearly always.)
const ATTEMPTS: usize = 8;

/// How many slots so many entries have at first: a fifth stays free, or seeds are sought for long.
fn slots(entries: usize) -> usize {
    entries + entries / 4 + 1
}

/// Compiles entries, each with four bytes of its own before its value; in these, `VALUE` bits are of the value. Of several with one
/// hash, the first one counts.
///
/// # Errors
///
/// [`Damaged`](ErrorKind::Damaged) for many hashes that are alike: those of packed tables may be anything.
pub(crate) fn compile<const N: usize, const VALUE: u32>(
    entries: impl ExactSizeIterator<Item = (u64, [u8; N])>,
) -> Result<Vec<u8>, Error> {
    Ok(Placed::<N, VALUE>::of(entries)?.bytes())
}

/// Compiles a set.
pub(crate) fn compile_set(hashes: &[u64]) -> Result<Vec<u8>, Error> {
    compile::<4, 0>(hashes.iter().map(|&hash| (hash, [0; 4])))
}

/// Compiles a table of numbers.
pub(crate) fn compile_numbers(entries: &[(u64, u32)]) -> Result<Vec<u8>, Error> {
    Ok(Placed::of_numbers(entries)?.bytes())
}

/// Compiles a table of numbers of [`SMALL`] bits.
pub(crate) fn compile_small(entries: &[(u64, u32)]) -> Result<Vec<u8>, Error> {
    compile::<4, SMALL>(entries.iter().map(|&(hash, value)| {
        debug_assert!(value < 1 << SMALL, "{value} has more bits");
        (hash, value.to_le_bytes())
    }))
}

/// Compiles a table of [`RareNumbers`], and the bytes of its hashes.
pub(crate) fn compile_rare(entries: &[(u64, u32)]) -> Result<[Vec<u8>; 2], Error> {
    let placed = Placed::of_numbers(entries)?;
    let mut lowest = vec![0; placed.slots.len()];
    entries.iter().for_each(|&(hash, _)| lowest[placed.slot(hash)] = hash as u8);
    Ok([placed.bytes(), lowest])
}

/// Entries, each in its slot.
struct Placed<const N: usize, const VALUE: u32> {
    seeds: Vec<u16>,
    slots: Vec<[u8; N]>,
}

impl Placed<8, 0> {
    fn of_numbers(entries: &[(u64, u32)]) -> Result<Self, Error> {
        Self::of(entries.iter().map(|&(hash, value)| {
            let [a, b, c, d] = value.to_le_bytes();
            (hash, [0, 0, 0, 0, a, b, c, d])
        }))
    }
}

impl<const N: usize, const VALUE: u32> Placed<N, VALUE> {
    fn of(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> Result<Self, Error> {
        let groups = Groups::of(entries);
        let mut size = slots(groups.ranges.iter().map(Range::len).sum());
        for _ in 0..ATTEMPTS {
            if let Some(placed) = groups.find_seeds(size) {
                return Ok(placed);
            }
            size += size / 8 + 1;
        }
        Err(Error::new(ErrorKind::Damaged, "too many hashes of a table are alike"))
    }

    fn slot(&self, hash: u64) -> usize {
        slot(hash, self.seeds[group(hash, self.seeds.len())], self.slots.len())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = (self.seeds.len() as u32).to_le_bytes().to_vec();
        bytes.extend(self.seeds.iter().flat_map(|seed| seed.to_le_bytes()));
        bytes.extend(self.slots.as_flattened());
        bytes
    }
}

/// Entries with their hashes, in the order of their groups.
struct Groups<const N: usize> {
    entries: Vec<(u64, [u8; N])>,
    /// Where those of each group are.
    ranges: Vec<Range<usize>>,
}

impl<const N: usize> Groups<N> {
    fn of(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> Groups<N> {
        let entries: Vec<(u64, [u8; N])> = entries.collect();
        let groups = entries.len() / GROUP + 1;
        let mut counts = vec![0; groups];
        entries.iter().for_each(|&(hash, _)| counts[group(hash, groups)] += 1);
        let mut start = 0;
        let mut ranges: Vec<Range<usize>> = counts
            .into_iter()
            .map(|count| {
                let range = start..start;
                start += count;
                range
            })
            .collect();
        // Packed tables are unpacked by this: a sort would take longer.
        let mut of_groups = vec![(0, [0; N]); entries.len()];
        for (hash, entry) in entries {
            let range = &mut ranges[group(hash, groups)];
            // A group that is too large is refused, whatever is in it.
            if range.len() > LARGEST_GROUP || of_groups[range.clone()].iter().all(|&(other, _)| other != hash) {
                of_groups[range.end] = (hash, entry);
                range.end += 1;
            }
        }
        Groups { entries: of_groups, ranges }
    }

    /// Finds a seed for each group, the largest ones first. None if one finds none by which its entries have free slots, of so
    /// many in all.
    fn find_seeds<const VALUE: u32>(&self, size: usize) -> Option<Placed<N, VALUE>> {
        let mut placed = Placed { seeds: vec![0; self.ranges.len()], slots: vec![[0; N]; size] };
        // Looked at more often than slots are, and smaller.
        let mut taken = vec![0_u64; size / 64 + 1];
        let largest = self.ranges.iter().map(Range::len).max().filter(|&len| len <= LARGEST_GROUP)?;
        for len in (1..=largest).rev() {
            for (range, chosen) in self.ranges.iter().zip(&mut placed.seeds).filter(|(range, _)| range.len() == len) {
                let entries = &self.entries[range.clone()];
                *chosen = (0..=u16::MAX).find(|&seed| take(entries, seed, size, &mut taken))?;
                for &(hash, mut entry) in entries {
                    let value = head(&entry) & !(u32::MAX << VALUE);
                    entry[..4].copy_from_slice(&(check::<VALUE>(hash) | value).to_le_bytes());
                    placed.slots[slot(hash, *chosen, size)] = entry;
                }
            }
        }
        Some(placed)
    }
}

/// Takes the slots that entries have by a seed. False, and none is taken, if one was taken before.
#[inline]
fn take<const N: usize>(entries: &[(u64, [u8; N])], seed: u16, size: usize, taken: &mut [u64]) -> bool {
    for (index, &(hash, _)) in entries.iter().enumerate() {
        let place = slot(hash, seed, size);
        if taken[place / 64] >> (place % 64) & 1 == 1 {
            for &(hash, _) in &entries[..index] {
                let place = slot(hash, seed, size);
                taken[place / 64] ^= 1 << (place % 64);
            }
            return false;
        }
        taken[place / 64] |= 1 << (place % 64);
    }
    true
}

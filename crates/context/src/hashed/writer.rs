//! Makes the tables.

use std::ops::Range;

use super::*;

/// How many hashes a bucket has, on an average: with more, seeds are sought longer; with fewer, they take more memory.
const BUCKET: usize = 3;

/// How many a bucket may have: none of good hashes has half as many.
const LARGEST_BUCKET: usize = 64;

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
    compile::<8, 0>(entries.iter().map(|&(hash, value)| {
        let [a, b, c, d] = value.to_le_bytes();
        (hash, [0, 0, 0, 0, a, b, c, d])
    }))
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
    let bytes = compile_numbers(entries)?;
    let numbers = Numbers::new(&bytes)?;
    let mut lowest = vec![0; numbers.slots.len()];
    entries.iter().for_each(|&(hash, _)| lowest[numbers.place(hash)] = hash as u8);
    Ok([bytes, lowest])
}

/// Entries, each in its slot.
struct Placed<const N: usize, const VALUE: u32> {
    seeds: Vec<u8>,
    slots: Vec<[u8; N]>,
}

impl<const N: usize, const VALUE: u32> Placed<N, VALUE> {
    fn of(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> Result<Self, Error> {
        let buckets = Buckets::of(entries).ok_or_else(too_many_alike)?;
        let mut slots = slots(buckets.ranges.iter().map(Range::len).sum());
        for _ in 0..ATTEMPTS {
            if let Some(placed) = buckets.find_seeds(slots) {
                return Ok(placed);
            }
            slots += slots / 8 + 1;
        }
        Err(too_many_alike())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = (self.seeds.len() as u32).to_le_bytes().to_vec();
        bytes.extend(&self.seeds);
        bytes.extend(self.slots.as_flattened());
        bytes
    }
}

fn too_many_alike() -> Error {
    Error::new(ErrorKind::Damaged, "too many hashes of a table are alike")
}

/// Entries with their hashes, in the order of their buckets.
struct Buckets<const N: usize> {
    entries: Vec<(u64, [u8; N])>,
    /// Where those of each bucket are.
    ranges: Vec<Range<usize>>,
}

impl<const N: usize> Buckets<N> {
    /// None if one would be too large.
    fn of(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> Option<Buckets<N>> {
        let entries: Vec<(u64, [u8; N])> = entries.collect();
        let buckets = entries.len() / BUCKET + 1;
        let mut counts = vec![0; buckets];
        entries.iter().for_each(|&(hash, _)| counts[bucket_of(hash, buckets)] += 1);
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
        let mut in_order = vec![(0, [0; N]); entries.len()];
        for (hash, entry) in entries {
            let range = &mut ranges[bucket_of(hash, buckets)];
            if in_order[range.clone()].iter().all(|&(other, _)| other != hash) {
                in_order[range.end] = (hash, entry);
                range.end += 1;
                if range.len() > LARGEST_BUCKET {
                    return None;
                }
            }
        }
        Some(Buckets { entries: in_order, ranges })
    }

    /// Finds a seed for each bucket, the largest ones first. None if one finds none by which its entries have free slots, of so
    /// many in all.
    fn find_seeds<const VALUE: u32>(&self, slots: usize) -> Option<Placed<N, VALUE>> {
        let mut placed = Placed { seeds: vec![0; self.ranges.len()], slots: vec![[0; N]; slots] };
        // Looked at more often than slots are, and smaller.
        let mut taken = vec![0_u64; slots / 64 + 1];
        let largest = self.ranges.iter().map(Range::len).max().unwrap_or(0);
        for len in (1..=largest).rev() {
            for (range, chosen) in self.ranges.iter().zip(&mut placed.seeds).filter(|(range, _)| range.len() == len) {
                let entries = &self.entries[range.clone()];
                *chosen = (0..=u8::MAX).find(|&seed| take(entries, seed, slots, &mut taken))?;
                for &(hash, mut entry) in entries {
                    let value = head(&entry) & !(u32::MAX << VALUE);
                    entry[..4].copy_from_slice(&(fingerprint::<VALUE>(hash) | value).to_le_bytes());
                    placed.slots[place_of(hash, *chosen, slots)] = entry;
                }
            }
        }
        Some(placed)
    }
}

/// Takes the slots that entries have by a seed. False, and none is taken, if one was taken before.
#[inline]
fn take<const N: usize>(entries: &[(u64, [u8; N])], seed: u8, slots: usize, taken: &mut [u64]) -> bool {
    for (index, &(hash, _)) in entries.iter().enumerate() {
        let place = place_of(hash, seed, slots);
        if taken[place / 64] >> (place % 64) & 1 == 1 {
            for &(hash, _) in &entries[..index] {
                let place = place_of(hash, seed, slots);
                taken[place / 64] ^= 1 << (place % 64);
            }
            return false;
        }
        taken[place / 64] |= 1 << (place % 64);
    }
    true
}

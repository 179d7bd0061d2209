//! The notable characters where they are few, in a form that vectors search: a set that may hold some that it was not given.
//!
//! They are in eight buckets. A bucket holds each character whose first, second and third byte are each that of one of its
//! characters (G. Langdale and others: Teddy, in Hyperscan). Of Traditional text, one character in a hundred is held by accident
//! with `t2tw`, and seven with `t2hk`, which has 136.

use fanjian_dictionary::utf8::Utf8;

use super::frequency::frequent;

/// A bit for each bucket, by the low four bits of a first byte, and the low six bits of a second and of a third.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Buckets<'b> {
    pub(crate) first: &'b [u8; 16],
    pub(crate) second: &'b [[u8; 16]; 4],
    pub(crate) third: &'b [[u8; 16]; 4],
}

impl<'b> Buckets<'b> {
    /// None if these bytes are none.
    pub(crate) fn new(bytes: &'b [u8]) -> Option<Buckets<'b>> {
        let [first, others @ ..]: &[[u8; 16]; 9] = bytes.as_chunks().0.first_chunk()?;
        let (second, third) = others.split_first_chunk()?;
        Some(Buckets { first, second, third: third.first_chunk()? })
    }
}

/// How many buckets there are.
const BUCKETS: usize = 8;
/// The greatest share of frequent characters, in percent, that may be found by accident.
const BY_ACCIDENT: usize = 10;

/// The low bits of the bytes of a character of three.
type Bytes = [u8; 3];

/// Whether this is more accidents among the frequent characters than buckets may have.
fn too_many(accidents: usize) -> bool {
    accidents * 100 > frequent().count() * BY_ACCIDENT
}

/// A copy of buckets, to which characters are added.
#[derive(Clone, Debug)]
pub(super) struct GrownBuckets {
    first: [u8; 16],
    second: [[u8; 16]; 4],
    third: [[u8; 16]; 4],
    /// How many first, second and third bytes each bucket has.
    sizes: [[usize; 3]; BUCKETS],
    added: usize,
}

impl GrownBuckets {
    /// The greatest number of characters that are added: more find too many others.
    const MOST_ADDED: usize = 100;

    pub(super) fn new(base: Buckets<'_>) -> GrownBuckets {
        let Buckets { first, second, third } = base;
        let count = |bytes: &[u8], bucket: usize| bytes.iter().filter(|&byte| byte >> bucket & 1 == 1).count();
        let sizes =
            |bucket| [&first[..], second.as_flattened(), third.as_flattened()].map(|bytes| count(bytes, bucket));
        let sizes = std::array::from_fn(sizes);
        GrownBuckets { first: *first, second: *second, third: *third, sizes, added: 0 }
    }

    /// Adds the character of three bytes with these low bits, the first byte lowest: to the bucket that then holds the fewest more.
    pub(super) fn add(&mut self, bytes: u32) {
        let [first, second, third] = self.of(bytes);
        let found = [*first, *second, *third];
        if found[0] & found[1] & found[2] != 0 || self.added > Self::MOST_ADDED {
            return;
        }
        self.added += 1;
        let with =
            |bucket: usize, number: usize| self.sizes[bucket][number] + usize::from(found[number] >> bucket & 1 == 0);
        let size = |bucket: usize| (0..3).map(|number| with(bucket, number)).product::<usize>();
        let growth = |&bucket: &usize| size(bucket) - self.sizes[bucket].iter().product::<usize>();
        let Some(bucket) = (0..BUCKETS).min_by_key(growth) else { return };
        self.sizes[bucket] = [0, 1, 2].map(|number| with(bucket, number));
        self.of(bytes).into_iter().for_each(|byte| *byte |= 1 << bucket);
    }

    /// The bytes of the tables that say which buckets a character may be in.
    fn of(&mut self, bytes: u32) -> [&mut u8; 3] {
        let [first, second, third]: Bytes = low_bits(bytes);
        [
            &mut self.first[usize::from(first)],
            &mut self.second.as_flattened_mut()[usize::from(second)],
            &mut self.third.as_flattened_mut()[usize::from(third)],
        ]
    }

    /// These, unless too many frequent characters are found that are not among those that are `wanted`.
    pub(super) fn if_few(mut self, wanted: impl Fn(u32) -> bool) -> Option<GrownBuckets> {
        let accidents = frequent().map(|(character, _)| Utf8::new(character).bytes()).filter(|&bytes| {
            let [first, second, third] = self.of(bytes);
            *first & *second & *third != 0 && !wanted(bytes)
        });
        let accidents = accidents.count();
        (self.added <= Self::MOST_ADDED && !too_many(accidents)).then_some(self)
    }

    pub(super) fn buckets(&self) -> Buckets<'_> {
        Buckets { first: &self.first, second: &self.second, third: &self.third }
    }
}

/// The low bits of the bytes of a character of three, the first byte lowest.
fn low_bits(bytes: u32) -> Bytes {
    let [first, second, third, _] = bytes.to_le_bytes();
    [first & 0xf, second & 0x3f, third & 0x3f]
}

#[cfg(feature = "compile")]
pub(super) mod writer {
    //! Makes buckets, in the form that is read above.

    use std::collections::BTreeSet;

    use fanjian_dictionary::utf8::Utf8;

    use super::{BUCKETS, Bytes, low_bits, too_many};
    use crate::tables::frequency::frequent;

    /// More characters, beside the rare ones, are not tried.
    const MOST: usize = 200;
    /// The first and second byte of operators of ideographic description sequences, and those of compatibility ideographs: they
    /// are seldom, and have a bucket of their own.
    const RARE: [[char; 2]; 2] = [['\u{2fc0}', '\u{2fff}'], ['\u{f900}', '\u{faff}']];

    fn bytes(character: char) -> Bytes {
        low_bits(Utf8::new(character).bytes())
    }

    /// The low bits of the first bytes that are in it, as bits; those of the second, and of the third.
    #[derive(Clone, Copy, Debug)]
    struct Bucket([u64; 3]);

    impl Bucket {
        fn new(character: Bytes) -> Bucket {
            Bucket(character.map(|byte| 1 << byte))
        }

        /// How many characters it holds.
        fn size(self) -> u32 {
            self.0.into_iter().map(u64::count_ones).product()
        }

        fn holds(self, character: Bytes) -> bool {
            self.0.into_iter().zip(character).all(|(bytes, byte)| bytes >> byte & 1 == 1)
        }

        fn with(self, other: Bucket) -> Bucket {
            Bucket(std::array::from_fn(|number| self.0[number] | other.0[number]))
        }
    }

    /// The buckets of these characters of three bytes. Empty if they would hold too many others.
    pub(in crate::tables) fn build(characters: &BTreeSet<char>) -> Vec<u8> {
        let is_rare = |character: &char| RARE.iter().any(|[first, last]| (first..=last).contains(&character));
        let (rare, others): (Vec<char>, Vec<char>) = characters.iter().copied().partition(is_rare);
        if others.len() > MOST {
            return Vec::new();
        }
        let mut buckets: Vec<Bucket> = others.iter().map(|&character| Bucket::new(bytes(character))).collect();
        // Again and again, those two become one that then hold the fewest more.
        while buckets.len() >= BUCKETS {
            let growth = |&(one, other): &(usize, usize)| {
                let [one, other]: [Bucket; 2] = [buckets[one], buckets[other]];
                one.with(other).size() - one.size() - other.size()
            };
            let all = (0..buckets.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
            let Some((one, other)) = all.min_by_key(growth) else { break };
            buckets[other] = buckets[other].with(buckets[one]);
            buckets.swap_remove(one);
        }
        let rare = rare.into_iter().map(|character| Bucket::new(bytes(character)));
        buckets.extend(rare.reduce(Bucket::with));

        let accidents = frequent().filter(|(character, _)| {
            !characters.contains(character) && buckets.iter().any(|bucket| bucket.holds(bytes(*character)))
        });
        if too_many(accidents.count()) {
            return Vec::new();
        }
        let mut tables = [vec![0; 16], vec![0; 64], vec![0; 64]];
        for (number, bucket) in buckets.iter().enumerate() {
            for (table, bytes) in tables.iter_mut().zip(bucket.0) {
                table
                    .iter_mut()
                    .enumerate()
                    .for_each(|(byte, buckets)| *buckets |= u8::from(bytes >> byte & 1 == 1) << number);
            }
        }
        tables.concat()
    }
}

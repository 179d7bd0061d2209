//! The notable characters where they are few, in a form that vectors search: a set that may hold some that it was not given.
//!
//! They are in eight buckets. A bucket holds each character whose first, second and third byte are each that of one of its
//! characters (G. Langdale and others: Teddy, in Hyperscan). Of Traditional text, one character in a hundred is held by accident
//! with `t2tw`, and seven with `t2hk`, which has 136.

/// A bit for each bucket, by the low four bits of a first byte, and the low six bits of a second and of a third.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))),
    expect(dead_code, reason = "only vectors search them")
)]
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

#[cfg(feature = "compile")]
pub(super) mod writer {
    //! Makes buckets, in the form that is read above.

    use std::collections::BTreeSet;

    use fanjian_dictionary::utf8::Utf8;

    use crate::tables::frequency::frequent;

    const BUCKETS: usize = 8;
    /// More characters, beside the rare ones, are not tried.
    const MOST: usize = 200;
    /// The greatest share of frequent characters, in percent, that may be found by accident.
    const BY_ACCIDENT: usize = 10;
    /// The first and second byte of operators of ideographic description sequences, and those of compatibility ideographs: they
    /// are seldom, and have a bucket of their own.
    const RARE: [[char; 2]; 2] = [['\u{2fc0}', '\u{2fff}'], ['\u{f900}', '\u{faff}']];

    /// The low bits of the bytes of a character.
    type Bytes = [u8; 3];

    fn bytes(character: char) -> Bytes {
        let [first, second, third, _] = Utf8::new(character).bytes().to_le_bytes();
        [first & 0xf, second & 0x3f, third & 0x3f]
    }

    #[derive(Clone, Debug, Default)]
    struct Bucket([BTreeSet<u8>; 3]);

    impl Bucket {
        fn new(character: Bytes) -> Bucket {
            Bucket(character.map(|byte| BTreeSet::from([byte])))
        }

        /// How many characters it holds.
        fn size(&self) -> usize {
            self.0.iter().map(BTreeSet::len).product()
        }

        fn holds(&self, character: Bytes) -> bool {
            self.0.iter().zip(character).all(|(bytes, byte)| bytes.contains(&byte))
        }

        fn with(&self, other: &Bucket) -> Bucket {
            let mut both = self.clone();
            both.0.iter_mut().zip(&other.0).for_each(|(bytes, others)| bytes.extend(others));
            both
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
                let [one, other]: [&Bucket; 2] = [&buckets[one], &buckets[other]];
                one.with(other).size() - one.size() - other.size()
            };
            let all = (0..buckets.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
            let Some((one, other)) = all.min_by_key(growth) else { break };
            buckets[other] = buckets[other].with(&buckets[one]);
            buckets.swap_remove(one);
        }
        let rare = rare.into_iter().map(|character| Bucket::new(bytes(character)));
        buckets.extend(rare.reduce(|all, bucket| all.with(&bucket)));

        let accidents = frequent().filter(|(character, _)| {
            !characters.contains(character) && buckets.iter().any(|bucket| bucket.holds(bytes(*character)))
        });
        if accidents.count() * 100 > frequent().count() * BY_ACCIDENT {
            return Vec::new();
        }
        let mut tables = [vec![0; 16], vec![0; 64], vec![0; 64]];
        for (number, bucket) in buckets.iter().enumerate() {
            for (table, bytes) in tables.iter_mut().zip(&bucket.0) {
                bytes.iter().for_each(|&byte| table[usize::from(byte)] |= 1 << number);
            }
        }
        tables.concat()
    }
}

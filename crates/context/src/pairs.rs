//! Records of a character with one of its neighbours: all that a decision needs in most places.
//!
//! For each character that is decided about, and each neighbour that something is known of, there is one record. It has
//! what the phrase of the two says, the shapes of longer phrases that hold both, the model's weights for the neighbour, and
//! which further characters the model knows something of. So most decisions cost two searches, and the searches for more
//! are made where there may be more to find.

use crate::{
    characters::{CANDIDATES, Class},
    hashed::{Hashed, Search, mix},
    model::{self, Weights, feature_hash},
    phrases::{LONGEST, Strength, Vote},
};

/// A character and a neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pair {
    pub(crate) character: Class,
    pub(crate) neighbour: Class,
    pub(crate) is_right: bool,
}

/// What is known of a pair, as it lies in the table: read where it is needed, of which there is little in most decisions.
///
/// Behind four bytes of the hash, four have what the neighbour weighs; four the shapes of longer phrases, and in the five
/// highest bits what the phrase of the two says; two which characters behind the neighbour the model knows, as a filter; and
/// two which characters on the other side it knows together with this neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record<'b>(&'b [u8; 16]);

/// The first bit of the shapes of each length's phrases, from three characters on: one bit for each place of the left one
/// of the two.
const fn group(len: usize) -> usize {
    (len - 1) * (len - 2) / 2 - 1
}

/// The bits of the shapes.
const SHAPES: usize = group(LONGEST + 1);
/// Where the word of the two begins: three bits the candidate, two its strength and one more.
const VOTE: usize = 32 - 5;
const _: () = assert!(SHAPES <= VOTE && CANDIDATES <= 8);

/// The shapes in which the left one is the phrase's first character, and those in which the right one is its last.
const FIRST: u32 = edges(0);
const LAST: u32 = edges(1);

/// For each length, its first bit, or its last one.
const fn edges(last: usize) -> u32 {
    let (mut bits, mut len) = (0, 3);
    while len <= LONGEST {
        bits |= 1 << (group(len) + last * (len - 2));
        len += 1;
    }
    bits
}

/// For each shape, the length of the phrase, and the place of the left one in it.
const OF_SHAPE: [(u8, u8); 32] = {
    let (mut shapes, mut len) = ([(0, 0); 32], 3);
    while len <= LONGEST {
        let mut place = 0;
        while place + 1 < len {
            shapes[group(len) + place] = (len as u8, place as u8);
            place += 1;
        }
        len += 1;
    }
    shapes
};

/// The runs of characters around one that may be phrases of three characters and more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Runs {
    /// A bit for each shape: of those in which the character is the last one, and of the others.
    last: u32,
    others: u32,
}

impl Runs {
    /// By the records of both neighbours: each must know the run, where it is in it. And a phrase must have the character and the
    /// two nearest others, by `are_in_phrase`, which is asked no more than it has to be.
    #[inline]
    pub(crate) fn new((left, right): (Record<'_>, Record<'_>), are_in_phrase: impl Fn(Three) -> bool) -> Runs {
        let filter = |three: Three, runs: u32| if runs != 0 && are_in_phrase(three) { runs } else { 0 };
        // With the left neighbour, the left one's place is one less.
        let both = filter(Three::Around, left.shapes() << 1 & right.shapes() & !FIRST);
        let first = filter(Three::Right, right.shapes() & FIRST);
        Runs { last: filter(Three::Left, left.shapes() & LAST), others: both | first }
    }

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.last | self.others == 0
    }
}

/// A character and the two nearest others of a phrase: one to each side, two to the left, or two to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Three {
    Around,
    Left,
    Right,
}

impl Three {
    /// Those of a phrase of three characters and more.
    #[cfg(feature = "compile")]
    pub(crate) fn of_phrase(len: usize, offset: usize) -> Three {
        match offset {
            0 => Three::Right,
            _ if offset + 1 == len => Three::Left,
            _ => Three::Around,
        }
    }

    /// Their hash, by the neighbours of the character: that of the model's feature of these.
    #[inline]
    pub(crate) fn hash(self, class: Class, around: [Class; 4]) -> u64 {
        let template = match self {
            Three::Around => 3,
            Three::Left => 4,
            Three::Right => 5,
        };
        feature_hash(template, model::key(template, class, around))
    }
}

/// Whether there is a phrase of a character and one of its neighbours, which have these records.
#[inline]
pub(crate) fn is_phrase_of_two((left, right): (Record<'_>, Record<'_>)) -> bool {
    (left.bits() | right.bits()) >> VOTE != 0
}

/// The length of each, and the place of the character in it: the longest first, and of one length the leftmost first.
impl Iterator for Runs {
    type Item = (usize, usize);

    #[inline]
    fn next(&mut self) -> Option<(usize, usize)> {
        let bit = (self.last | self.others).checked_ilog2()?;
        let (len, first) = OF_SHAPE[bit as usize];
        // Of a shape that is of both, the last place comes first.
        let is_last = self.last >> bit & 1 == 1;
        let runs = if is_last { &mut self.last } else { &mut self.others };
        *runs ^= 1 << bit;
        let offset = if is_last { len - 1 } else { first };
        Some((len.into(), offset.into()))
    }
}

impl Pair {
    pub(crate) fn new(character: Class, neighbour: Class, is_right: bool) -> Pair {
        Pair { character, neighbour, is_right }
    }

    /// A character with each of its two nearest neighbours. No phrase holds the edge of a line, which the model knows.
    #[inline]
    pub(crate) fn beside(character: Class, [_, left, right, _]: [Class; 4]) -> [Pair; 2] {
        [Pair::new(character, left, false), Pair::new(character, right, true)]
    }

    #[inline]
    fn hash(self) -> u64 {
        mix(u64::from(self.character) << 32 | u64::from(self.neighbour) << 8 | u64::from(self.is_right))
    }
}

/// What is pointed at where there is no record.
static NOTHING: [u8; 16] = [0; 16];

impl Default for Record<'_> {
    /// What is known of most pairs: nothing.
    fn default() -> Self {
        Record(&NOTHING)
    }
}

impl Record<'_> {
    /// Four of its bytes: read at once, where taken out of all sixteen they would be read one by one.
    #[inline]
    fn four(&self, index: usize) -> [u8; 4] {
        self.0.as_chunks().0[index]
    }

    /// What the neighbour weighs.
    #[inline]
    pub(crate) fn weights(&self) -> Weights {
        let [_, _, _, _, a, b, c, d, ..] = *self.0;
        [a, b, c, d].map(|weight| weight as i8)
    }

    #[inline]
    fn bits(&self) -> u32 {
        u32::from_le_bytes(self.four(2))
    }

    /// What the phrase of the two says, if there is one.
    #[inline]
    pub(crate) fn vote(&self, is_right: bool) -> Option<Vote> {
        let bits = self.bits();
        let strength = Strength::from_bits((bits >> (VOTE + 3)).checked_sub(1)?);
        let candidate = (bits >> VOTE & 7) as u8;
        Some(Vote { len: 2, offset: u8::from(!is_right), candidate, strength, crossed: 0 })
    }

    /// The shapes of longer phrases that hold both.
    #[inline]
    fn shapes(&self) -> u32 {
        self.bits() & ((1 << SHAPES) - 1)
    }

    /// Whether the model may know the character behind the neighbour.
    #[inline]
    pub(crate) fn knows_beyond(&self, class: Class) -> bool {
        u32::from_le_bytes(self.four(3)) >> filter_bit(class) & 1 == 1
    }

    /// Whether the model may know the neighbour on the other side together with this one.
    #[inline]
    pub(crate) fn knows_across(&self, class: Class) -> bool {
        u32::from_le_bytes(self.four(3)) >> (16 + filter_bit(class)) & 1 == 1
    }
}

#[inline]
fn filter_bit(class: Class) -> u32 {
    u32::from(class.wrapping_mul(0x9e37) >> 12)
}

/// The records of all pairs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pairs<'b>(Hashed<'b, 16>);

impl<'b> Pairs<'b> {
    pub(crate) fn new(records: Hashed<'b, 16>) -> Pairs<'b> {
        Pairs(records)
    }

    /// What is known of a pair.
    #[inline]
    pub(crate) fn get(&self, pair: Pair) -> Record<'b> {
        self.at(self.search(pair))
    }

    /// Where what is known of a pair is to be looked for.
    #[inline]
    pub(crate) fn search(&self, pair: Pair) -> Search {
        self.0.search(pair.hash())
    }

    /// What is there.
    #[inline]
    pub(crate) fn at(&self, search: Search) -> Record<'b> {
        Record(self.0.at_or(search, &NOTHING))
    }
}

#[cfg(feature = "compile")]
pub(crate) use self::writer::Builder;

#[cfg(feature = "compile")]
mod writer {
    //! Makes the records.

    use std::{
        collections::HashMap,
        hash::{BuildHasherDefault, Hasher},
    };

    use fanjian_dictionary::Error;

    use super::*;
    use crate::{characters::near, hashed};

    /// Records as they are made: also when packed tables are unpacked, so that time counts.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Builder {
        records: HashMap<Pair, Known, BuildHasherDefault<PairHasher>>,
    }

    /// What a [`Record`] is made of.
    #[derive(Clone, Copy, Debug, Default)]
    struct Known {
        weights: Weights,
        bits: u32,
        beyond: u16,
        across: u16,
    }

    impl Known {
        fn set_vote(&mut self, candidate: usize, strength: Strength) {
            if self.bits >> (VOTE + 3) == 0 {
                self.bits |= (candidate as u32 | (strength as u32 + 1) << 3) << VOTE;
            }
        }
    }

    /// The bytes of a pair, which are fewer than eight.
    #[derive(Default)]
    struct PairHasher(u64);

    impl Hasher for PairHasher {
        fn write(&mut self, bytes: &[u8]) {
            bytes.iter().for_each(|&byte| self.0 = self.0 << 8 | u64::from(byte));
        }

        fn finish(&self) -> u64 {
            // The map looks at the lowest bits and at the highest ones. A product of 128 bits is slow in WebAssembly.
            self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26)
        }
    }

    impl Builder {
        fn record(&mut self, pair: Pair) -> &mut Known {
            self.records.entry(pair).or_default()
        }

        /// A phrase's word on its character at `offset`. Of several with one key, the first one counts.
        pub(crate) fn phrase(&mut self, phrase: &[Class], offset: usize, candidate: usize, strength: Strength) {
            let len = phrase.len();
            let mut add = |neighbour: usize, is_right: bool| {
                let beside = near(phrase[neighbour]);
                // A letter or a digit is here like any other one.
                if len == 2 && char::from_u32(u32::from(beside)).is_some_and(|beside| beside.is_ascii_alphanumeric()) {
                    return;
                }
                let record = self.record(Pair::new(phrase[offset], beside, is_right));
                match len {
                    2 => record.set_vote(candidate, strength),
                    _ => record.bits |= 1 << (group(len) + offset.min(neighbour)),
                }
            };
            if offset > 0 {
                add(offset - 1, false);
            }
            if offset + 1 < len {
                add(offset + 1, true);
            }
        }

        /// What a neighbour weighs.
        pub(crate) fn weights(&mut self, pair: Pair, weights: Weights) {
            self.record(pair).weights = weights;
        }

        /// The model knows `class` behind the neighbour.
        pub(crate) fn beyond(&mut self, pair: Pair, class: Class) {
            self.record(pair).beyond |= 1 << filter_bit(class);
        }

        /// The model knows `class` on the other side.
        pub(crate) fn across(&mut self, pair: Pair, class: Class) {
            self.record(pair).across |= 1 << filter_bit(class);
        }

        pub(crate) fn compile(&self) -> Result<Vec<u8>, Error> {
            let mut records: Vec<(&Pair, &Known)> = self.records.iter().collect();
            records.sort_unstable_by_key(|(pair, _)| **pair);
            hashed::writer::compile::<16, 0>(records.into_iter().map(|(pair, record)| {
                let mut entry = [0; 16];
                entry[4..8].copy_from_slice(&record.weights.map(|weight| weight as u8));
                entry[8..12].copy_from_slice(&record.bits.to_le_bytes());
                entry[12..14].copy_from_slice(&record.beyond.to_le_bytes());
                entry[14..].copy_from_slice(&record.across.to_le_bytes());
                (pair.hash(), entry)
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_longest_and_leftmost_first() {
        let mut builder = Builder::default();
        // 1 at each of its places in phrases that agree in what stands beside it.
        for phrase in [&[1, 2, 9][..], &[8, 1, 2], &[7, 8, 1], &[8, 1, 2, 9], &[6, 7, 8, 1], &[6, 7, 8, 1, 2, 3, 4, 5]]
        {
            let offset = phrase.iter().position(|&class| class == 1).unwrap();
            builder.phrase(phrase, offset, 0, Strength::Learned);
        }
        let bytes = builder.compile().unwrap();
        let pairs = Pairs::new(Hashed::new(&bytes).unwrap());
        let (left, right) = (pairs.get(Pair::new(1, 8, false)), pairs.get(Pair::new(1, 2, true)));
        let runs: Vec<_> = Runs::new((left, right), |_| true).collect();
        assert_eq!(runs, [(8, 3), (4, 3), (4, 1), (3, 2), (3, 1), (3, 0)]);
        assert_eq!(Runs::new((Record::default(), right), |_| true).collect::<Vec<_>>(), [(3, 0)]);
        assert_eq!(Runs::new((left, Record::default()), |_| true).collect::<Vec<_>>(), [(4, 3), (3, 2)]);
        // Of those whose nearest three characters are in no phrase, none.
        let of = |three: Three| Runs::new((left, right), |asked| asked == three).collect::<Vec<_>>();
        assert_eq!(of(Three::Around), [(8, 3), (4, 1), (3, 1)]);
        assert_eq!(of(Three::Left), [(4, 3), (3, 2)]);
        assert_eq!(of(Three::Right), [(3, 0)]);
    }

    #[test]
    fn a_record_is_read_as_it_was_made() {
        let mut builder = Builder::default();
        builder.phrase(&[10, 20], 0, 7, Strength::Decides);
        builder.phrase(&[10, 20], 0, 1, Strength::Learned);
        builder.phrase(&[30, 10, 20, 40], 1, 0, Strength::Learned);
        let (left, right) = (Pair::new(10, 30, false), Pair::new(10, 20, true));
        builder.weights(right, [1, -2, 127, -127]);
        builder.beyond(right, 40);
        builder.across(right, 30);
        let bytes = builder.compile().unwrap();
        let pairs = Pairs::new(Hashed::new(&bytes).unwrap());
        let record = pairs.get(right);
        assert_eq!(
            record.vote(true),
            Some(Vote { len: 2, offset: 0, candidate: 7, strength: Strength::Decides, crossed: 0 })
        );
        assert_eq!(record.weights(), [1, -2, 127, -127]);
        assert!(record.knows_beyond(40) && record.knows_across(30));
        assert_eq!(pairs.get(left).vote(false), None);
        assert_eq!(Runs::new((pairs.get(left), record), |_| true).collect::<Vec<_>>(), [(4, 1)]);
        assert_eq!(Runs::new((Record::default(), record), |_| true).next(), None);
        assert_eq!(pairs.get(Pair::new(20, 10, true)), Record::default());
    }
}

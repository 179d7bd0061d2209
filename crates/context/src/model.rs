//! The weights that were learned, and the features that they belong to.

use crate::{
    characters::{CANDIDATES, Class},
    hashed::mix,
    phrases::{LONGEST, Vote},
};

/// A feature weighs for or against this many candidates of a class, the first ones.
pub const WEIGHED: usize = 4;

/// What a feature weighs for each candidate.
pub(crate) type Weights = [i8; WEIGHED];

/// The scores of a class's candidates.
pub(crate) type Scores = [i32; CANDIDATES];

/// For phrases of two characters and of more: one weight for the longest one that covers a character, one for each other.
pub const LENGTHS: usize = LONGEST - 1;

/// Words may cross none of a phrase's edges, one, or both.
pub const CROSSINGS: usize = 3;

/// The features of neighbouring characters, by name.
pub const TEMPLATES: [&str; 8] =
    ["alone", "left", "right", "left and right", "two left", "two right", "two left, one right", "one left, two right"];

/// How many characters to the left and to the right of its own each feature looks at.
pub const SPANS: [(usize, usize); TEMPLATES.len()] = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2)];

/// The feature that the longest phrase over a character supports this candidate.
#[cfg(feature = "compile")]
pub const AGREEMENT: usize = TEMPLATES.len();

/// What a feature of one template looks at: the class that is decided about, and up to three more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub(crate) u64);

impl Key {
    #[inline]
    pub(crate) fn new(class: Class, [a, b, c]: [Class; 3]) -> Key {
        Key(u64::from(class) << 48 | u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c))
    }

    /// The hash of a feature of a template.
    #[cfg(feature = "train")]
    pub fn hash(self, template: usize) -> u64 {
        feature_hash(template, self)
    }

    #[cfg(feature = "compile")]
    pub(crate) fn class(self) -> Class {
        (self.0 >> 48) as Class
    }

    #[cfg(feature = "compile")]
    pub(crate) fn others(self) -> [Class; 3] {
        [(self.0 >> 32) as Class, (self.0 >> 16) as Class, self.0 as Class]
    }

    /// All four classes, the one that is decided about first: keys are in their order.
    #[cfg(feature = "compile")]
    pub(crate) fn classes(self) -> [Class; 4] {
        let [a, b, c] = self.others();
        [self.class(), a, b, c]
    }
}

/// The key of a feature of neighbours: two to the left and two to the right.
#[inline]
pub(crate) fn key(template: usize, class: Class, [l2, l1, r1, r2]: [Class; 4]) -> Key {
    let others = match template {
        1 => [l1, 0, 0],
        2 => [r1, 0, 0],
        3 => [l1, r1, 0],
        4 => [l2, l1, 0],
        5 => [r1, r2, 0],
        6 => [l2, l1, r1],
        7 => [l1, r1, r2],
        _ => [0, 0, 0],
    };
    Key::new(class, others)
}

/// The hash of a feature that looks further than a neighbour.
#[inline]
pub(crate) fn feature_hash(template: usize, key: Key) -> u64 {
    mix(key.0 ^ (template as u64).wrapping_mul(0x9fb2_1c65_1e98_df25))
}

/// What a phrase's vote weighs by its length: that of the longest phrase over a character, and that of each other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteWeights {
    /// The longest phrase over a character that no word crosses, if none of its length says something else.
    pub longest: [i16; LENGTHS],
    /// Each other one, by the number of its edges that words cross.
    pub others: [[i16; LENGTHS]; CROSSINGS],
}

impl VoteWeights {
    #[inline]
    pub(crate) fn longest(&self, vote: Vote) -> i32 {
        self.longest[usize::from(vote.len) - 2].into()
    }

    #[inline]
    pub(crate) fn others(&self, vote: Vote) -> i32 {
        self.others[usize::from(vote.crossed)][usize::from(vote.len) - 2].into()
    }

    /// As bytes of a model or of compiled tables.
    #[cfg(feature = "compile")]
    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> {
        self.longest.into_iter().chain(self.others.into_iter().flatten()).flat_map(i16::to_le_bytes)
    }

    /// From what [`bytes`](Self::bytes) gave.
    pub(crate) fn read(bytes: &[u8]) -> Option<VoteWeights> {
        let numbers = bytes.as_chunks().0;
        let number = |place: usize| numbers.get(place).copied().map(i16::from_le_bytes);
        number((1 + CROSSINGS) * LENGTHS - 1)?;
        let row = |row: usize| std::array::from_fn(|place| number(row * LENGTHS + place).unwrap_or(0));
        Some(VoteWeights { longest: row(0), others: std::array::from_fn(|crossed| row(1 + crossed)) })
    }
}

#[cfg(feature = "compile")]
pub use self::whole::*;

#[cfg(feature = "compile")]
mod whole {
    //! A model as a whole, as it is learned and compiled.

    use fanjian_dictionary::{Error, seal::Seal};

    use super::*;

    /// The head of a model.
    const SEAL: Seal = Seal { magic: b"fjmodel\x1a", version: 5, what: "context model" };
    /// The bytes of the weights of votes.
    const VOTES: usize = (1 + CROSSINGS) * LENGTHS * 2;
    /// The bytes of a feature: template, key, weights.
    const FEATURE: usize = 1 + 8 + WEIGHED;

    /// The key of the [`AGREEMENT`].
    #[cfg(feature = "train")]
    pub fn agreement(class: Class, vote: Vote) -> Key {
        Key::new(class, [vote.len.into(), vote.candidate.into(), 0])
    }

    /// What a decision weighs: the characters around, two to each side at most, and the phrases that cover the character.
    ///
    /// Weights have 8 bits, and scores are sums of integers: they are the same on every machine.
    #[derive(Clone, Debug)]
    pub struct Model {
        /// What phrases weigh.
        pub votes: VoteWeights,
        /// What everything else weighs.
        pub features: Vec<Feature>,
    }

    /// A feature, and what it weighs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Feature {
        /// Which template it is of.
        pub template: usize,
        /// What it looks at.
        pub key: Key,
        /// What it weighs for each candidate.
        pub weights: Weights,
    }

    impl Model {
        /// A model without features: the longest phrase decides, and of several the leftmost.
        pub fn dictionary() -> Model {
            let votes = VoteWeights { longest: [64; LENGTHS], others: [[0; LENGTHS]; CROSSINGS] };
            Model { votes, features: Vec::new() }
        }

        /// Reads the bytes of a model.
        ///
        /// # Errors
        ///
        /// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) for other bytes.
        pub fn read(bytes: &[u8]) -> Result<Model, Error> {
            let contents = SEAL.open_checked(bytes)?;
            let parse = || {
                let (votes, features) = contents.split_at_checked(VOTES)?;
                let (features, rest) = features.as_chunks::<FEATURE>();
                let feature = |&[template, a, b, c, d, e, f, g, h, ref weights @ ..]: &[u8; FEATURE]| {
                    let template = usize::from(template);
                    (template <= AGREEMENT).then(|| Feature {
                        template,
                        key: Key(u64::from_le_bytes([a, b, c, d, e, f, g, h])),
                        weights: weights.map(|weight| weight as i8),
                    })
                };
                let features = features.iter().map(feature).collect::<Option<Vec<_>>>()?;
                rest.is_empty().then_some(Model { votes: VoteWeights::read(votes)?, features })
            };
            parse().ok_or_else(|| SEAL.damaged("its features do not fit"))
        }

        /// The bytes of the model, its features in order.
        ///
        /// # Errors
        ///
        /// [`TooLarge`](fanjian_dictionary::ErrorKind::TooLarge) from 4 GiB on.
        pub fn write(mut self) -> Result<Vec<u8>, Error> {
            self.features.sort_unstable();
            let mut bytes: Vec<u8> = self.votes.bytes().collect();
            for Feature { template, key, weights } in self.features {
                bytes.push(template as u8);
                bytes.extend(key.0.to_le_bytes());
                bytes.extend(weights.map(|weight| weight as u8));
            }
            SEAL.close(&bytes)
        }
    }
}

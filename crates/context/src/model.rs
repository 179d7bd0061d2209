//! The weights that a [`Trainer`](crate::Trainer) has learned.

use fanjian_dictionary::{Error, ErrorKind};

use crate::{
    characters::{CANDIDATES, Class},
    hashed::{Hashed, mix},
    phrases::{LONGEST, Vote},
};

/// A feature weighs for or against the first so many candidates of a class.
pub(crate) const WEIGHED: usize = 4;

/// The scores of a class's candidates.
pub(crate) type Scores = [i32; CANDIDATES];

const MAGIC: &[u8; 8] = b"FJCTX\0\0\x01";
/// For phrases of two characters and of more: one weight for the longest one that covers a character, one for each other.
const LENGTHS: usize = LONGEST - 1;
const HEADER: usize = MAGIC.len() + 2 * LENGTHS * 2;

/// What a decision weighs: the characters around, two to each side at most, and the phrases that cover the character.
///
/// A model is read where it lies. It holds 8-bit weights by the hashes of features, and scores are sums of integers: they
/// are the same on every machine.
#[derive(Clone, Debug)]
pub struct Model<'b> {
    longest: [i16; LENGTHS],
    others: [i16; LENGTHS],
    weights: Hashed<'b>,
}

/// The features of neighbouring characters, by name.
pub(crate) const TEMPLATES: [&str; 8] =
    ["alone", "left", "right", "left and right", "two left", "two right", "two left, one right", "one left, two right"];

/// The hashes of the features of a character among its neighbours.
#[inline]
pub(crate) fn features(class: Class, [l2, l1, r1, r2]: [Class; 4]) -> [u64; TEMPLATES.len()] {
    [
        feature(class, 0, [0; 3]),
        feature(class, 1, [l1, 0, 0]),
        feature(class, 2, [r1, 0, 0]),
        feature(class, 3, [l1, r1, 0]),
        feature(class, 4, [l2, l1, 0]),
        feature(class, 5, [r1, r2, 0]),
        feature(class, 6, [l2, l1, r1]),
        feature(class, 7, [l1, r1, r2]),
    ]
}

/// The hash of the feature that the longest phrase over a character stands for this candidate.
#[inline]
pub(crate) fn agreement(class: Class, vote: Vote) -> u64 {
    feature(class, 8, [vote.len as Class, vote.candidate as Class, 0])
}

#[inline]
fn feature(class: Class, template: u64, [a, b, c]: [Class; 3]) -> u64 {
    let characters = u64::from(class) << 48 | u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c);
    mix(characters ^ template.wrapping_mul(0x9fb2_1c65_1e98_df25))
}

impl<'b> Model<'b> {
    /// A model without features: the longest phrase decides, and of several the leftmost.
    pub fn dictionary() -> Model<'static> {
        Model { longest: [64; LENGTHS], others: [0; LENGTHS], weights: Hashed::default() }
    }

    /// Takes bytes that a [`Trainer`](crate::Trainer) has made.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) for other bytes.
    pub fn read(bytes: &'b [u8]) -> Result<Model<'b>, Error> {
        if bytes.len() < HEADER || !bytes.starts_with(MAGIC) || !(bytes.len() - HEADER).is_multiple_of(8) {
            return Err(Error::new(ErrorKind::Damaged, "not a context model of this version"));
        }
        let (header, weights) = bytes[MAGIC.len()..].split_at(HEADER - MAGIC.len());
        let number = |place: usize| i16::from_le_bytes([header[2 * place], header[2 * place + 1]]);
        Ok(Model {
            longest: std::array::from_fn(number),
            others: std::array::from_fn(|place| number(LENGTHS + place)),
            weights: Hashed::new(weights),
        })
    }

    /// The bytes of a model.
    pub(crate) fn write(longest: [i16; LENGTHS], others: [i16; LENGTHS], weights: &[(u64, [i8; WEIGHED])]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(longest.iter().chain(&others).flat_map(|weight| weight.to_le_bytes()));
        let entries: Vec<_> = weights
            .iter()
            .map(|&(hash, weights)| (hash, u32::from_le_bytes(weights.map(|weight| weight as u8))))
            .collect();
        bytes.extend(crate::hashed::compile(&entries));
        bytes
    }

    #[inline]
    pub(crate) fn weights(&self, hash: u64) -> Option<[i8; WEIGHED]> {
        self.weights.get(hash).map(|weights| weights.to_le_bytes().map(|weight| weight as i8))
    }

    /// What a phrase's vote weighs.
    #[inline]
    pub(crate) fn vote(&self, vote: Vote, is_longest: bool) -> i32 {
        let weights = if is_longest { &self.longest } else { &self.others };
        i32::from(weights[vote.len - 2])
    }

    pub(crate) fn has_features(&self) -> bool {
        !self.weights.is_empty()
    }
}

/// How many characters to the left and to the right of its own each feature looks at.
pub(crate) const SPANS: [(usize, usize); TEMPLATES.len()] =
    [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2)];

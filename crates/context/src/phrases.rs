//! The phrases that cover a character, and the candidate that each supports.

use crate::{
    characters::{CANDIDATES, Class},
    hashed::{SMALL, SmallNumbers, mix},
};

/// Phrases up to this length, in characters, are known. (Of OpenCC's phrases, 1 in 300 is longer.)
pub(crate) const LONGEST: usize = 8;

/// The size of the filter of the words that may be around those of a region, in words of 64 bits.
pub(crate) const AROUND: usize = 1 << 14;

/// Words that a region has others for are known up to this length, in characters.
pub(crate) const LONGEST_WORD: usize = 15;

/// The number of characters to each side of a character that can matter to it.
pub(crate) const REACH: usize = LONGEST_WORD - 1;

/// The same where no words are replaced: those of a phrase, and the one that a common word at its edge reaches.
pub(crate) const DECISION_REACH: usize = LONGEST;
const _: () = assert!(DECISION_REACH <= REACH);

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A phrase's word on one of its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// How long the phrase is, in characters.
    pub len: u8,
    /// The place of the character in it.
    pub offset: u8,
    /// The candidate, as a place among those of the character's class.
    pub candidate: u8,
    /// How much its word counts.
    pub strength: Strength,
    /// How many of its edges a common word crosses: it may be no word there.
    pub crossed: u8,
}

/// How much a phrase's word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// As much as the model gives it.
    Learned = 0,
    /// Nothing outweighs it but a longer phrase that decides.
    Decides = 1,
}

impl Strength {
    #[inline]
    pub(crate) fn from_bits(bits: u32) -> Strength {
        if bits == 0 { Strength::Learned } else { Strength::Decides }
    }
}

impl Vote {
    /// What it weighs, where that is not learned.
    pub(crate) fn weight(self) -> Option<i32> {
        match self.strength {
            Strength::Learned => None,
            Strength::Decides => Some(DECIDES << (2 * self.len)),
        }
    }
}

/// Finds the longest of the phrases whose weight is learned and whose edges no word crosses: none if another one of its
/// length says something else.
#[derive(Clone, Copy, Debug, Default)]
pub struct Longest {
    vote: Option<Vote>,
    is_disputed: bool,
}

impl Longest {
    /// Takes the next one: they come longest first.
    #[inline]
    pub fn take(&mut self, vote: Vote) {
        if vote.strength == Strength::Learned && vote.crossed == 0 {
            match self.vote {
                None => self.vote = Some(vote),
                Some(longest) => {
                    self.is_disputed |= vote.len == longest.len && vote.candidate != longest.candidate;
                }
            }
        }
    }

    /// The longest one.
    #[inline]
    pub fn undisputed(self) -> Option<Vote> {
        self.vote.filter(|_| !self.is_disputed)
    }
}

/// More than all that is learned adds up to.
const DECIDES: i32 = 2000;

#[inline]
fn next_sum(sum: u64, class: Class) -> u64 {
    sum.wrapping_mul(BASE).wrapping_add(u64::from(class) + 1)
}

#[inline]
fn key(run: u64, len: usize, offset: usize) -> u64 {
    mix(run ^ ((len as u64) << 8 | offset as u64).wrapping_mul(0xd6e8_feb8_6659_fd93))
}

/// The beginnings of a run of characters, up to the longest phrase.
pub(crate) struct Beginnings {
    /// By their length.
    sums: [u64; LONGEST + 1],
}

impl Beginnings {
    #[inline]
    pub(crate) fn new(run: &[Class]) -> Beginnings {
        let mut sums = [0; LONGEST + 1];
        let mut sum = 0;
        for (&class, place) in run.iter().zip(&mut sums[1..]) {
            sum = next_sum(sum, class);
            *place = sum;
        }
        Beginnings { sums }
    }

    /// The hash of the one of this length, as [`whole`] has it.
    #[inline]
    pub(crate) fn hash(&self, len: usize) -> u64 {
        key(self.sums[len], len, WHOLE)
    }
}

const WHOLE: usize = 0xff;

/// The hash under which a phrase as a whole is found.
#[inline]
pub(crate) fn whole(phrase: &[Class]) -> u64 {
    key(sum(phrase), phrase.len(), WHOLE)
}

#[inline]
fn sum(phrase: &[Class]) -> u64 {
    phrase.iter().fold(0, |sum, &class| next_sum(sum, class))
}

/// Phrases of three characters and more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrases<'b>(SmallNumbers<'b>);

impl<'b> Phrases<'b> {
    pub(crate) fn new(votes: SmallNumbers<'b>) -> Phrases<'b> {
        Phrases(votes)
    }

    /// The word of a phrase that covers the character at `at`, at `offset` in it.
    #[inline]
    pub(crate) fn vote(&self, classes: &[Class], at: usize, len: usize, offset: usize) -> Option<Vote> {
        let start = at.checked_sub(offset)?;
        let run = classes.get(start..start + len)?;
        let value = self.0.number(key(sum(run), len, offset))?;
        // Three bits are the candidate, one is its strength.
        const { assert!(2 * CANDIDATES <= 1 << SMALL) };
        let candidate = (value as u8) % CANDIDATES as u8;
        Some(Vote {
            len: len as u8,
            offset: offset as u8,
            candidate,
            strength: Strength::from_bits(value / CANDIDATES as u32),
            crossed: 0,
        })
    }
}

#[cfg(feature = "compile")]
pub(crate) use self::writer::Builder;

#[cfg(feature = "compile")]
mod writer {
    //! Collects phrases.

    use fanjian_dictionary::Error;

    use super::*;
    use crate::hashed;

    /// The words of phrases of three characters and more, as they are collected. What is first said counts.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Builder {
        entries: Vec<(u64, u32)>,
    }

    impl Builder {
        pub(crate) fn insert(&mut self, phrase: &[Class], offset: usize, candidate: usize, strength: Strength) {
            if phrase.len() > 2 {
                let hash = key(sum(phrase), phrase.len(), offset);
                self.entries.push((hash, (candidate + CANDIDATES * strength as usize) as u32));
            }
        }

        pub(crate) fn compile(&self) -> Result<Vec<u8>, Error> {
            hashed::writer::compile_small(&self.entries)
        }
    }
}

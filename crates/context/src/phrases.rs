//! The phrases that cover a character, and the candidate that each stands for.

use crate::{
    characters::Class,
    hashed::{Hashed, mix},
};

/// Phrases up to this length, in characters, are known. (Of OpenCC's phrases, 1 in 300 is longer.)
pub(crate) const LONGEST: usize = 8;

/// So many characters to each side of a character can matter to it.
pub(crate) const REACH: usize = LONGEST - 1;

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A phrase's word on one of its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vote {
    /// How long the phrase is, in characters.
    pub(crate) len: usize,
    /// Where the character stands in it.
    pub(crate) offset: usize,
    /// The candidate, as a place among those of the character's class.
    pub(crate) candidate: usize,
    /// Whether nothing outweighs it.
    pub(crate) decides: bool,
}

/// What the phrases are searched in: the hashes of all runs of characters around one.
#[derive(Debug)]
pub(crate) struct Window {
    sums: [u64; 2 * REACH + 2],
    /// How many characters there are before the one in the middle, and from it on.
    before: usize,
    from: usize,
}

const POWERS: [u64; LONGEST + 1] = {
    let mut powers = [1_u64; LONGEST + 1];
    let mut len = 1;
    while len <= LONGEST {
        powers[len] = powers[len - 1].wrapping_mul(BASE);
        len += 1;
    }
    powers
};

impl Window {
    /// The window around `classes[at]`.
    #[inline]
    pub(crate) fn new(classes: &[Class], at: usize, reach: usize) -> Window {
        let start = at.saturating_sub(reach);
        let end = classes.len().min(at + reach + 1);
        let mut window = Window { sums: [0; 2 * REACH + 2], before: at - start, from: end - at };
        let mut sum = 0_u64;
        for (index, &class) in classes[start..end].iter().enumerate() {
            sum = sum.wrapping_mul(BASE).wrapping_add(u64::from(class) + 1);
            window.sums[index + 1] = sum;
        }
        window
    }

    /// The hash of the `len` characters of which the middle one is at `offset`.
    #[inline]
    fn hash(&self, len: usize, offset: usize) -> u64 {
        let start = self.before - offset;
        let run = self.sums[start + len].wrapping_sub(self.sums[start].wrapping_mul(POWERS[len]));
        key(run, len, offset)
    }
}

#[inline]
fn key(run: u64, len: usize, offset: usize) -> u64 {
    mix(run ^ ((len as u64) << 8 | offset as u64).wrapping_mul(0xd6e8_feb8_6659_fd93))
}

/// The hash under which a phrase's word on one of its characters is found.
pub(crate) fn hash(phrase: &[Class], offset: usize) -> u64 {
    key(sum(phrase), phrase.len(), offset)
}

/// The hash under which a phrase as a whole is found.
pub(crate) fn whole(phrase: &[Class]) -> u64 {
    key(sum(phrase), phrase.len(), 0xff)
}

fn sum(phrase: &[Class]) -> u64 {
    phrase.iter().fold(0_u64, |sum, &class| sum.wrapping_mul(BASE).wrapping_add(u64::from(class) + 1))
}

/// A vote as it is stored: the candidate, and above it whether it decides.
pub(crate) fn value(candidate: usize, decides: bool) -> u32 {
    candidate as u32 | u32::from(decides) << 8
}

/// The longest phrases first, and of one length the leftmost first: calls `vote` with the word of each phrase that covers
/// the character in the middle of the window.
#[inline]
pub(crate) fn votes(phrases: Hashed<'_>, window: &Window, longest: usize, mut vote: impl FnMut(Vote)) {
    for len in (2..=longest).rev() {
        for offset in (0..len).rev() {
            if offset <= window.before
                && len - offset <= window.from
                && let Some(value) = phrases.get(window.hash(len, offset))
            {
                let (candidate, decides) = ((value & 0xff) as usize, value >> 8 & 1 == 1);
                vote(Vote { len, offset, candidate, decides });
            }
        }
    }
}

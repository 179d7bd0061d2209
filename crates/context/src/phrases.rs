//! The phrases that cover a character, and the candidate that each stands for.

use std::collections::BTreeMap;

use crate::{
    characters::{CANDIDATES, Class},
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
    pub(crate) strength: Strength,
}

/// How much a phrase's word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    /// As much as the model gives it.
    Learned = 0,
    /// More than most of what speaks otherwise, but not enough to change a text that is of the target's script.
    Prefers = 1,
    /// Nothing outweighs it but a longer phrase that decides.
    Decides = 2,
}

impl Vote {
    /// What it weighs, where that is not learned.
    pub(crate) fn weight(self) -> Option<i32> {
        match self.strength {
            Strength::Learned => None,
            Strength::Prefers => Some(PREFERS),
            Strength::Decides => Some(DECIDES << (2 * self.len)),
        }
    }
}

/// Less than the margin of a text that is of the target's script, more than the others.
pub(crate) const PREFERS: i32 = 100;
/// More than all that is learned adds up to.
const DECIDES: i32 = 2000;

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
fn hash(phrase: &[Class], offset: usize) -> u64 {
    key(sum(phrase), phrase.len(), offset)
}

/// The hash under which a phrase as a whole is found.
pub(crate) fn whole(phrase: &[Class]) -> u64 {
    key(sum(phrase), phrase.len(), 0xff)
}

fn sum(phrase: &[Class]) -> u64 {
    phrase.iter().fold(0_u64, |sum, &class| sum.wrapping_mul(BASE).wrapping_add(u64::from(class) + 1))
}

/// A vote as it is stored: the candidate, and above it its strength.
fn value(candidate: usize, strength: Strength) -> u32 {
    candidate as u32 | (strength as u32) << 8
}

/// The shapes of the phrases that hold a character and one of its neighbours, as bits. A shape is a length, and the place
/// of the left one of the two in the phrase: a group of `len - 1` bits for each length, the shortest first.
#[derive(Clone, Copy, Debug, Default)]
struct Shapes(u32);

/// The first bit of each length's group.
const fn group(len: usize) -> usize {
    (len - 1) * (len - 2) / 2
}

impl Shapes {
    fn of(len: usize, left: usize) -> Shapes {
        Shapes(1 << (group(len) + left))
    }

    /// The places of the left one in the phrases of this length, as bits.
    #[inline]
    fn places(self, len: usize) -> u32 {
        self.0 >> group(len) & ((1 << (len - 1)) - 1)
    }
}

/// The hashes under which the [`Shapes`] of a character with its left neighbour, or with its right one, are found.
#[inline]
pub(crate) fn pair(left: Class, right: Class, is_right: bool) -> u64 {
    mix(u64::from(left) << 32 | u64::from(right) << 8 | u64::from(is_right) | 1 << 60)
}

/// The longest phrases first, and of one length the leftmost first: calls `vote` with the word of each phrase that covers
/// the character at `at`.
///
/// Few do. The shapes of those that hold a neighbour, too, are looked up first, and say which runs need a search.
#[inline]
pub(crate) fn votes(phrases: &Hashed<'_>, classes: &[Class], at: usize, mut vote: impl FnMut(Vote)) {
    let shapes = |pair| Shapes(phrases.get(pair).unwrap_or(0));
    let left = match at {
        0 => Shapes::default(),
        _ => shapes(pair(classes[at - 1], classes[at], false)),
    };
    let right = classes.get(at + 1).map_or(Shapes::default(), |&right| shapes(pair(classes[at], right, true)));
    let all = left.0 | right.0;
    if all == 0 {
        return;
    }
    let longest = (2..=LONGEST).rev().find(|&len| all >> group(len) != 0).unwrap_or(2);
    let window = Window::new(classes, at, longest - 1);
    for len in (2..=longest).rev() {
        // With the left neighbour, the character's place is one more than that one's.
        let (before, behind) = (left.places(len) << 1, right.places(len));
        let last = 1 << (len - 1);
        let mut places = (before & last) | (behind & 1) | (before & behind);
        while places != 0 {
            let offset = 31 - places.leading_zeros() as usize;
            places &= !(1 << offset);
            if offset <= window.before
                && len - offset <= window.from
                && let Some(value) = phrases.get(window.hash(len, offset))
            {
                let strength = match value >> 8 {
                    0 => Strength::Learned,
                    1 => Strength::Prefers,
                    _ => Strength::Decides,
                };
                // Damaged tables must not reach beyond the scores.
                vote(Vote { len, offset, candidate: value as usize % CANDIDATES, strength });
            }
        }
    }
}

/// The entries of phrases' words: each on the character at a place of the phrase's classes. What is first said counts.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    entries: Vec<(u64, u32)>,
    shapes: BTreeMap<u64, u32>,
}

impl Votes {
    pub(crate) fn insert(&mut self, phrase: &[Class], offset: usize, candidate: usize, strength: Strength) {
        self.entries.push((hash(phrase, offset), value(candidate, strength)));
        if offset > 0 {
            let pair = pair(phrase[offset - 1], phrase[offset], false);
            *self.shapes.entry(pair).or_default() |= Shapes::of(phrase.len(), offset - 1).0;
        }
        if offset + 1 < phrase.len() {
            let pair = pair(phrase[offset], phrase[offset + 1], true);
            *self.shapes.entry(pair).or_default() |= Shapes::of(phrase.len(), offset).0;
        }
    }

    /// A word on a character alone.
    pub(crate) fn insert_alone(&mut self, class: Class, candidate: usize) {
        self.entries.push((whole(&[class]), value(candidate, Strength::Decides)));
    }

    pub(crate) fn compile(mut self) -> Vec<u8> {
        self.entries.extend(self.shapes);
        crate::hashed::compile(&self.entries)
    }
}

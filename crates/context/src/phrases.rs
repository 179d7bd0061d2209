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

impl Vote {
    /// What the vote of a phrase weighs that nothing outweighs, except a longer one of the same kind.
    pub(crate) fn decisive(self) -> i32 {
        DECISIVE << (2 * self.len)
    }
}

/// More than all that is learned adds up to.
const DECISIVE: i32 = 2000;

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

/// A vote as it is stored: the candidate, and above it whether it decides.
fn value(candidate: usize, decides: bool) -> u32 {
    candidate as u32 | u32::from(decides) << 8
}

/// The lengths of the phrases that hold a character and its neighbour, as bits: below, of those in which nothing stands on
/// the character's other side; above, of the others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lengths(pub(crate) u32);

impl Lengths {
    /// The lengths as one phrase of the length `len` gives them: it goes on behind the character or not.
    pub(crate) fn of(len: usize, goes_on: bool) -> Lengths {
        Lengths(1 << (len + if goes_on { 16 } else { 0 }))
    }

    fn ending(self) -> u32 {
        self.0 & 0xffff
    }

    fn going_on(self) -> u32 {
        self.0 >> 16
    }
}

/// The hashes under which the [`Lengths`] of a character with its left neighbour, or with its right one, are found.
#[inline]
pub(crate) fn pair(left: Class, right: Class, is_right: bool) -> u64 {
    mix(u64::from(left) << 32 | u64::from(right) << 8 | u64::from(is_right) | 1 << 60)
}

/// The longest phrases first, and of one length the leftmost first: calls `vote` with the word of each phrase that covers
/// the character at `at`.
///
/// Few do. What phrases there can be with its neighbours is looked up first, so that most lengths need no search.
#[inline]
pub(crate) fn votes(phrases: &Hashed<'_>, classes: &[Class], at: usize, mut vote: impl FnMut(Vote)) {
    let lengths = |pair| Lengths(phrases.get(pair).unwrap_or(0));
    let left = match at {
        0 => Lengths::default(),
        _ => lengths(pair(classes[at - 1], classes[at], false)),
    };
    let right = classes.get(at + 1).map_or(Lengths::default(), |&right| lengths(pair(classes[at], right, true)));
    let inside = left.going_on() & right.going_on();
    let mut rest = left.ending() | right.ending() | inside;
    if rest == 0 {
        return;
    }
    let window = Window::new(classes, at, 31 - rest.leading_zeros() as usize - 1);
    while rest != 0 {
        let len = 31 - rest.leading_zeros() as usize;
        rest &= !(1 << len);
        for offset in (0..len).rev() {
            let kind = match offset {
                0 => right.ending(),
                _ if offset == len - 1 => left.ending(),
                _ => inside,
            };
            if kind >> len & 1 == 1
                && offset <= window.before
                && len - offset <= window.from
                && let Some(value) = phrases.get(window.hash(len, offset))
            {
                let (candidate, decides) = ((value & 0xff) as usize, value >> 8 & 1 == 1);
                vote(Vote { len, offset, candidate, decides });
            }
        }
    }
}

/// The entries of phrases' words: each on the character at a place of the phrase's classes. What is first said counts.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    entries: Vec<(u64, u32)>,
    lengths: std::collections::BTreeMap<u64, u32>,
}

impl Votes {
    pub(crate) fn insert(&mut self, phrase: &[Class], offset: usize, candidate: usize, decides: bool) {
        self.entries.push((hash(phrase, offset), value(candidate, decides)));
        let (len, last) = (phrase.len(), phrase.len() - 1);
        if offset > 0 {
            let pair = pair(phrase[offset - 1], phrase[offset], false);
            *self.lengths.entry(pair).or_default() |= Lengths::of(len, offset < last).0;
        }
        if offset < last {
            let pair = pair(phrase[offset], phrase[offset + 1], true);
            *self.lengths.entry(pair).or_default() |= Lengths::of(len, offset > 0).0;
        }
    }

    /// A word on a character alone.
    pub(crate) fn insert_alone(&mut self, class: Class, candidate: usize) {
        self.entries.push((whole(&[class]), value(candidate, true)));
    }

    pub(crate) fn compile(mut self) -> Vec<u8> {
        self.entries.extend(self.lengths);
        crate::hashed::compile(&self.entries)
    }
}

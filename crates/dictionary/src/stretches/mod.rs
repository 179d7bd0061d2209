//! What tells, from two neighbouring characters at a time, where a text needs no segmentation and no phrases; and what
//! searches the rest.
//!
//! A *stretch* is text between two places that no key reaches across, at any stage. Most keys give what their characters
//! give one by one; they matter only because they keep others from matching. A stretch that holds none of the others,
//! the *effective* ones, is converted character by character.
//!
//! For each configuration, the tables hold the final output of each character alone, and two filters of pairs of
//! neighbouring characters: one of those *linked* by a key that holds both, and one with a single pair (a rare one) of each
//! effective key. The filters are by hash. A pair found in one by accident makes a stretch longer, or has it searched:
//! it costs time, and changes nothing.
//!
//! The argument that this is exact, for a conversion chain of one or two stages:
//!
//! - No key matches across the edge of a stretch. A key of the segmentation or of the first stage holds both characters of
//!   each pair that it matches across. A key of the second stage is matched against what the first has made: across a
//!   place between two entries of the first stage, it holds the last character of the one's value and the first of the
//!   other's; all pairs of characters which such entries can end and begin with are linked.
//! - In a stretch without a pair of an effective key, every entry of the first stage that matches gives what its
//!   characters give. The second stage is then matched against these characters; for each of its effective keys, the
//!   filter holds one of its pairs as every pair of source characters that the first stage makes it from.
//!
//! The other stretches are searched by a table for each stage, in which the groups of dictionaries have become one; the
//! module `matcher` tells why that is the same.
//!
//! Characters that this does not cover are *special*: those of the normalization, those whose output is not one character,
//! those beyond the basic plane that are in keys, and the operators of ideographic description sequences. Their stretch
//! is converted by the chain, and they link with both neighbours. Configurations with three stages, with normalization of
//! more than single characters, or where an earlier stage deletes text or makes such an operator, have no tables.
//!
//! All numbers are little-endian. Their widths, and how the parts of a file follow each other, are told where they are
//! written; a file belongs to the version that wrote it.

mod characters;
mod compile;
mod filter;
mod matcher;
mod utf8;

use std::ops::RangeInclusive;

pub use self::{
    characters::{Before, Character},
    compile::compile,
    filter::Pair,
    utf8::Utf8,
};
use self::{
    characters::{Characters, Involved},
    filter::Filter,
    matcher::Matcher,
};
use crate::bytes::u32_at;

/// The operators of ideographic description sequences.
const OPERATORS: RangeInclusive<char> = '\u{2ff0}'..='\u{2fff}';

/// The numbers of a file's head: how many configurations, and where the pages are.
const HEAD: usize = 3 * 4;
/// The parts of a configuration, each an offset and a length: its name; the directory of its characters; the filters of linked
/// pairs and of those of effective keys; the characters involved; and three for each of its matchers.
const PARTS: usize = 5 + 3 * 3;
/// The matchers of the segmentation and of the two stages: directory, slots and records of each.
const MATCHERS: [usize; 3] = [5, 8, 11];
const CONFIGURATION: usize = PARTS * 8 + 3 * 4;

/// The tables of one configuration.
#[derive(Clone, Copy, Debug)]
pub struct Stretches<'b> {
    characters: Characters<'b>,
    linked: Filter<'b>,
    effective: Filter<'b>,
    skips_ascii: bool,
    /// Where pairs of effective keys are seldom.
    involved: Option<Involved<'b>>,
    /// Finds the segments, and what the first stage makes of them.
    segmentation: Option<Matcher<'b>>,
    stages: [Option<Matcher<'b>>; 2],
    /// Whether keys of the first stage may match where none of the segmentation does.
    first_matches_alone: bool,
    is_seldom_effective: bool,
}

/// Memory for conversions, to be used again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    after_first: Vec<u8>,
}

impl<'b> Stretches<'b> {
    /// The tables of this name among those that [`compile`] made. Nothing for a configuration that has none.
    ///
    /// `bytes` must be what [`compile`] made; a damaged table gives a wrong conversion or none.
    pub fn find(bytes: &'b [u8], name: &str) -> Option<Stretches<'b>> {
        let number = |at: usize| u32_at(bytes, at).map(|number| number as usize);
        let part = |at: usize| bytes.get(number(at)?..)?.get(..number(at + 4)?);
        let configurations = (0..number(0)?).map(|index| HEAD + index * CONFIGURATION);
        let at = configurations.into_iter().find(|&at| part(at) == Some(name.as_bytes()))?;
        let pages = part(4)?;
        let parts = |index: usize| part(at + index * 8);
        let matcher = |index: usize| {
            let characters = Characters::new(parts(index)?, pages)?;
            Some(Matcher::new(characters, parts(index + 1)?, parts(index + 2)?))
        };
        Some(Stretches {
            characters: Characters::new(parts(1)?, pages)?,
            linked: Filter::new(parts(2)?)?,
            effective: Filter::new(parts(3)?)?,
            involved: Involved::new(parts(4)?),
            segmentation: matcher(MATCHERS[0]),
            stages: [matcher(MATCHERS[1]), matcher(MATCHERS[2])],
            skips_ascii: number(at + PARTS * 8)? == 1,
            first_matches_alone: number(at + PARTS * 8 + 4)? == 1,
            is_seldom_effective: number(at + PARTS * 8 + 8)? == 1,
        })
    }

    /// What becomes of a character alone. Nothing for a special one: its stretch has to go through the chain.
    #[inline]
    pub fn alone(&self, character: Utf8) -> Option<Utf8> {
        self.characters.get(character).output(character)
    }

    /// Whether a character is special.
    #[inline]
    pub fn is_special(&self, character: Utf8) -> bool {
        self.characters.get(character).is_special()
    }

    /// What the table says of the character of three bytes with these low bits, the first byte lowest.
    #[inline]
    pub fn three_bytes(&self, bytes: u32) -> Character {
        self.characters.three_bytes(bytes)
    }

    /// Whether a key may reach across the place between these two.
    #[inline]
    pub fn links(&self, left: Utf8, right: Utf8) -> bool {
        self.linked.contains(Pair::new(left, right))
    }

    /// Whether an effective key may hold these two.
    #[inline]
    pub fn is_effective(&self, left: Utf8, right: Utf8) -> bool {
        self.is_pair_effective(Pair::new(left, right))
    }

    /// Whether an effective key may hold this pair.
    #[inline]
    pub fn is_pair_effective(&self, pair: Pair) -> bool {
        self.effective.contains(pair)
    }

    /// Whether ASCII stays as it is, and no effective key holds two ASCII characters side by side.
    pub fn skips_ascii(&self) -> bool {
        self.skips_ascii
    }

    /// Whether two characters of a text seldom may be in an effective key by what each of them says, which is when it is
    /// worth asking for [`Character::needs_a_look`].
    pub fn is_seldom_effective(&self) -> bool {
        self.is_seldom_effective
    }

    /// Whether few characters may change, which is when it is worth asking for [`involves`](Stretches::involves).
    pub fn involves_few(&self) -> bool {
        self.involved.is_some()
    }

    /// Whether the character of three bytes with these low bits, the first byte lowest, may change, or may be in an effective
    /// key together with the one before it. Where that is not known, it is said to.
    #[inline]
    pub fn involves(&self, bytes: u32) -> bool {
        self.involved.is_none_or(|involved| involved.three_bytes(bytes))
    }

    /// Appends what becomes of a whole stretch, or of several, without special characters.
    pub fn convert(&self, stretch: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) {
        let Some(segmentation) = &self.segmentation else {
            return self.convert_segment(stretch, scratch, out);
        };
        // What is in no key is a segment, from the last key to the next.
        let (mut at, mut segment) = (0, 0);
        while at < stretch.len() {
            let rest = &stretch[at..];
            let Some(key) = segmentation.longest(rest) else {
                at += Utf8::at(rest, 0).len();
                continue;
            };
            if segment < at {
                self.convert_segment(&stretch[segment..at], scratch, out);
            }
            match &self.stages[1] {
                Some(second) => {
                    scratch.after_first.clear();
                    segmentation.push(key, rest, &mut scratch.after_first);
                    second.replace(&scratch.after_first, out);
                }
                None => segmentation.push(key, rest, out),
            }
            at += key.len;
            segment = at;
        }
        self.convert_segment(&stretch[segment..], scratch, out);
    }

    fn convert_segment(&self, segment: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) {
        match &self.stages {
            [Some(first), Some(second)] => {
                scratch.after_first.clear();
                if self.first_matches_alone {
                    first.replace(segment, &mut scratch.after_first);
                } else {
                    first.replace_characters(segment, &mut scratch.after_first);
                }
                second.replace(&scratch.after_first, out);
            }
            [Some(first), None] => first.replace(segment, out),
            [None, _] => out.extend_from_slice(segment),
        }
    }
}

//! Fused lookup tables for configurations: they show, by two neighbouring characters at a time, where a text needs no
//! segmentation and no phrases, and search the rest.
//!
//! A *span* is text between two match boundaries: places that no key reaches across, at any stage. Most keys are
//! *compositional*: they give what their characters give one by one, and matter only because they keep others from matching.
//! A span that holds no *non-compositional* key is converted character by character.
//!
//! For each configuration, the tables have the final output of each character alone, and two filters of pairs of
//! neighbouring characters: the *joinable* ones, which some key holds side by side; and a single pair (a rare one) of each
//! non-compositional key. The filters are by hash. A pair found in one by accident makes a span longer, or has it searched:
//! it costs time, and changes nothing.
//!
//! The argument that this is exact, for a conversion chain of one or two stages:
//!
//! - No key matches across the edge of a span. A key of the segmentation or of the first stage holds both characters of
//!   each pair that it matches across. A key of the second stage is matched against the output of the first: across a
//!   place between two entries of the first stage, it holds the last character of one's value and the first of the
//!   other's; all pairs of characters which such entries can end and begin with are joinable.
//! - In a span without a pair of a non-compositional key, every entry of the first stage that matches gives what its
//!   characters give. The second stage is then matched against these characters; for each of its non-compositional keys,
//!   the filter holds one of its pairs as every pair of source characters that the first stage makes it from.
//!
//! The other spans are searched by a table for each stage, in which the groups of dictionaries have become one; the
//! module `matcher` argues why that is the same.
//!
//! Characters that this does not cover are *fallback* characters: those of the normalization, those whose output is not one
//! character, those beyond the basic plane that are in keys, and the operators of ideographic description sequences. Their
//! span is converted by the reference chain, and they join with both neighbours. Configurations with three stages, with
//! normalization of more than single characters, or where an earlier stage deletes text or makes such an operator, have no
//! tables.
//!
//! All numbers are little-endian. Their widths, and the order of the parts of a file, are stated where they are written; a
//! file belongs to the version that wrote it.

#[cfg(feature = "compile")]
mod anchors;
mod buckets;
mod characters;
#[cfg(feature = "compile")]
mod compile;
mod extended;
mod frequency;
mod matcher;
mod packed;
mod pair_filter;

use std::{collections::BTreeMap, ops::Range};

use fanjian_dictionary::{
    Dictionary, Entries, Error, Group, Plan, bytes::u32_at, processor::Vectors, seal::Seal, utf8::Utf8,
};

pub use self::packed::unpack;
pub(crate) use self::{
    buckets::Buckets,
    characters::{Character, NotableWords},
    extended::{AsciiStops, ExtendedTables},
    pair_filter::Pair,
};
use self::{
    characters::{Characters, Notable},
    matcher::{LONGEST_KEY, Matcher},
    pair_filter::Filter,
};
#[cfg(feature = "compile")]
pub use self::{compile::compile, packed::pack};
use crate::description::{self, Description};

/// The head of a file of tables.
const SEAL: Seal = Seal { magic: b"fjtable\x1a", version: 3, what: "file of conversion tables" };

/// The numbers of a file's head: how many configurations, and where the pages are.
const HEAD: usize = 3 * 4;
/// The parts of a configuration, each an offset and a length: its name; the directory of its characters; the filters of joinable
/// pairs and of those of non-compositional keys; the notable characters; the buckets of these, if there are some; and
/// three for each of its matchers.
const PARTS: usize = 6 + 3 * 3;
/// The matchers of the segmentation and of the two stages: directory, slots and records of each.
const MATCHERS: [usize; 3] = [6, 9, 12];
/// The switches behind them: whether ASCII is skipped, whether keys of the first stage match alone, and whether lines are kept.
const SWITCHES: usize = 3;
const CONFIGURATION: usize = PARTS * 8 + SWITCHES * 4;

/// The tables of one configuration.
#[derive(Clone, Copy, Debug)]
pub struct FusedTables<'b> {
    characters: Characters<'b>,
    joinable: Filter<'b>,
    non_compositional: Filter<'b>,
    /// The latter without keys that were added.
    of_configuration: Filter<'b>,
    skips_ascii: bool,
    notable: Notable<'b>,
    /// The same, where they are few.
    buckets: Option<Buckets<'b>>,
    /// The same, for vectors that can make use of them.
    words: Option<&'b NotableWords>,
    /// Those that the processor has.
    vectors: Option<Vectors>,
    /// Finds the segments, and what the first stage makes of them.
    segmentation: Option<Matcher<'b>>,
    stages: [Option<Matcher<'b>>; 2],
    /// Of keys that were added.
    ascii: Option<&'b AsciiStops>,
    /// Whether keys of the first stage may match where none of the segmentation does.
    first_stage_matches_alone: bool,
    keeps_lines: bool,
}

/// Memory for conversions, to be used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    after_first: Vec<u8>,
    ends: Vec<TokenEnd>,
}

/// Where a token of the first stage ends: in the source, and in the output of that stage.
#[derive(Clone, Copy, Debug)]
struct TokenEnd {
    source: usize,
    output: usize,
}

impl Scratch {
    /// How much memory it has, in bytes.
    #[inline]
    pub(crate) fn capacity(&self) -> usize {
        self.after_first.capacity() + self.ends.capacity() * size_of::<TokenEnd>()
    }
}

impl<'b> FusedTables<'b> {
    /// The tables of this name in what `compile` made, which is part of the program. None if the configuration has none.
    ///
    /// # Errors
    ///
    /// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) and [`Version`](fanjian_dictionary::ErrorKind::Version), by the
    /// head alone: see [`check`].
    pub fn find(bytes: &'b [u8], name: &str) -> Result<Option<FusedTables<'b>>, Error> {
        Ok(Self::find_unpacked(SEAL.open(bytes)?, name))
    }

    /// The same in what [`unpack`] made.
    pub fn find_unpacked(bytes: &'b [u8], name: &str) -> Option<FusedTables<'b>> {
        let number = |at: usize| u32_at(bytes, at).map(|number| number as usize);
        let part = |at: usize| bytes.get(number(at)?..)?.get(..number(at + 4)?);
        let configurations = (0..number(0)?).map(|index| HEAD + index * CONFIGURATION);
        let at = configurations.into_iter().find(|&at| part(at) == Some(name.as_bytes()))?;
        let pages = part(4)?;
        let parts = |index: usize| part(at + index * 8);
        let switch = |index: usize| Some(number(at + PARTS * 8 + index * 4)? == 1);
        let matcher = |index: usize| {
            let characters = Characters::new(parts(index)?, pages)?;
            Some(Matcher::new(characters, parts(index + 1)?, parts(index + 2)?))
        };
        Some(FusedTables {
            characters: Characters::new(parts(1)?, pages)?,
            joinable: Filter::new(parts(2)?)?,
            non_compositional: Filter::new(parts(3)?)?,
            of_configuration: Filter::new(parts(3)?)?,
            notable: Notable::new(parts(4)?)?,
            buckets: Buckets::new(parts(5)?),
            words: None,
            vectors: Vectors::detect(),
            segmentation: matcher(MATCHERS[0]),
            stages: [matcher(MATCHERS[1]), matcher(MATCHERS[2])],
            skips_ascii: switch(0)?,
            ascii: None,
            first_stage_matches_alone: switch(1)?,
            keeps_lines: switch(2)?,
        })
    }

    /// The plan that these tables were made from, with one dictionary in the place of each group, and without the candidates that
    /// a conversion does not choose. `normalization` is not in the tables.
    ///
    /// # Errors
    ///
    /// Those of [`Dictionary::from_entries`].
    pub fn plan(&self, normalization: Option<Group>) -> Result<Plan, Error> {
        let group = |name: &str, matcher: &Matcher<'_>, cuts: bool| -> Result<Group, Error> {
            let mut entries = BTreeMap::new();
            matcher.each_entry(cuts, |key, value| _ = entries.insert(key.to_owned(), value.to_owned()));
            let mut sorted = Entries::new();
            entries.iter().try_for_each(|(key, value)| sorted.insert(key, [value.as_str()]))?;
            Ok(Group::Dictionary(Dictionary::from_entries(name, &sorted)?))
        };
        let segmentation =
            self.segmentation.as_ref().map(|matcher| group("segmentation", matcher, true)).transpose()?;
        let stages = self.stages.iter().flatten();
        let chain = stages.map(|matcher| group("conversion", matcher, false)).collect::<Result<_, _>>()?;
        Ok(Plan { normalization: normalization.into_iter().collect(), segmentation, chain })
    }

    /// The output of a character alone. None for a fallback character: its span has to go through the chain.
    #[inline]
    pub(crate) fn map_char(&self, character: Utf8) -> Option<Utf8> {
        self.characters.get(character).output(character)
    }

    /// Whether a character is a fallback character.
    #[inline]
    pub(crate) fn is_fallback(&self, character: Utf8) -> bool {
        self.characters.get(character).is_fallback()
    }

    /// What the table says of the character of three bytes with these low bits, the first byte lowest.
    #[inline]
    pub(crate) fn three_bytes(&self, bytes: u32) -> Character {
        self.characters.three_bytes(bytes)
    }

    /// Whether a key may reach across the place between these two.
    #[inline]
    pub(crate) fn joins(&self, left: Utf8, right: Utf8) -> bool {
        self.joins_pair(Pair::new(left, right))
    }

    /// Whether a key may reach across the middle of this pair.
    #[inline]
    pub(crate) fn joins_pair(&self, pair: Pair) -> bool {
        self.joinable.contains(pair)
    }

    /// Whether a non-compositional key may hold these two.
    #[inline]
    pub(crate) fn is_non_compositional(&self, left: Utf8, right: Utf8) -> bool {
        self.is_non_compositional_pair(Pair::new(left, right))
    }

    /// Whether a non-compositional key may hold this pair.
    #[inline]
    pub(crate) fn is_non_compositional_pair(&self, pair: Pair) -> bool {
        self.non_compositional.contains(pair)
    }

    /// Whether ASCII stays as it is, and no non-compositional key holds two ASCII characters side by side.
    pub(crate) fn skips_ascii(&self) -> bool {
        self.skips_ascii
    }

    /// Whether no key holds a line feed, so that nothing reaches across one, whatever follows.
    pub(crate) fn keeps_lines(&self) -> bool {
        self.keeps_lines
    }

    /// The ASCII characters that are not to be skipped.
    #[inline]
    pub(crate) fn ascii_stops(&self) -> Option<&AsciiStops> {
        self.ascii
    }

    /// Whether the character of three bytes with these low bits, the first byte lowest, changes, or is not to be had from the table
    /// of characters alone; and whether it is the anchor of a pair of a non-compositional key, of which each has one: as 1 or 0.
    #[inline]
    pub(crate) fn notable(&self, bytes: u32) -> [u64; 2] {
        self.notable.three_bytes(bytes)
    }

    /// The notable characters in buckets, where they are few.
    #[inline]
    pub(crate) fn buckets(&self) -> Option<Buckets<'b>> {
        self.buckets
    }

    /// The notable characters in words, if the processor's vectors read them: 16 kB, made in some microseconds.
    pub(crate) fn make_notable_words(&self) -> Option<Box<NotableWords>> {
        let reads = self.buckets.is_none() && self.vectors.is_some_and(Vectors::has_avx512);
        reads.then(|| Box::new(self.notable.words()))
    }

    /// The same tables with these [words](Self::make_notable_words), which are made from them.
    pub(crate) fn with_notable_words(self, words: Option<&'b NotableWords>) -> FusedTables<'b> {
        FusedTables { words, ..self }
    }

    /// The notable characters in words.
    #[inline]
    pub(crate) fn words(&self) -> Option<&'b NotableWords> {
        self.words
    }

    /// The vectors that the processor has.
    #[inline]
    pub(crate) fn vectors(&self) -> Option<Vectors> {
        self.vectors
    }

    /// The same without buckets, as tables of a configuration with many notable characters are.
    #[cfg(test)]
    pub(crate) fn without_buckets(self) -> Self {
        FusedTables { buckets: None, ..self }
    }

    /// The same tables, for other vectors, or for what every processor can do.
    #[cfg(test)]
    pub(crate) fn with_vectors(self, vectors: Option<Vectors>) -> FusedTables<'b> {
        FusedTables { vectors, ..self }
    }

    /// The length in bytes of the first token of a text without fallback characters: of the longest key of the segmentation, or
    /// of the only stage; or of a character.
    pub(crate) fn token(&self, text: &[u8]) -> usize {
        let keys = self.segmentation.as_ref().or(self.stages[0].as_ref());
        keys.and_then(|keys| keys.longest(text)).map_or_else(|| Utf8::at(text, 0).len(), |key| key.len)
    }

    /// Appends the output of a whole span, or of several, without fallback characters.
    pub(crate) fn convert(&self, span: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) {
        let (segment, _) = self.convert_to_last_key(span, span.len(), scratch, out);
        if segment < span.len() {
            self.convert_segment(&span[segment..], scratch, out);
        }
    }

    /// Appends the output of the beginning of a span without fallback characters, which may go on behind this part of it: up to the last
    /// edge within. Returns the length of that in bytes; 0 if there is none.
    ///
    /// An edge within a span is a place where a token ends at every stage, and every token before it is known whatever follows: what
    /// is behind it is converted as if it were the beginning, since a stage takes the longest key from each place where one has ended.
    pub(crate) fn convert_beginning(&self, part: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) -> usize {
        let (segment, end) = self.convert_to_last_key(part, part.len().saturating_sub(LONGEST_KEY), scratch, out);
        segment + self.convert_segment_beginning(&part[segment..end], scratch, out)
    }

    /// Appends the output up to the last key of the segmentation that begins before `to`. Returns where that ends, and where the last
    /// token ends that begins there: behind the key, none is one.
    fn convert_to_last_key(&self, span: &[u8], to: usize, scratch: &mut Scratch, out: &mut Vec<u8>) -> (usize, usize) {
        let Some(segmentation) = &self.segmentation else { return (0, span.len()) };
        // What is in no key is a segment, from the last key to the next.
        let (mut at, mut segment) = (0, 0);
        while at < to {
            let rest = &span[at..];
            let Some(key) = segmentation.longest(rest) else {
                at += Utf8::at(rest, 0).len();
                continue;
            };
            if segment < at {
                self.convert_segment(&span[segment..at], scratch, out);
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
        (segment, at)
    }

    /// Appends the output of a span, or of a part of one, in which no token is a key that was added, and no character a fallback
    /// one. Most such spans are searched for an added key alone: without a pair of the others, they are converted by characters.
    pub(crate) fn convert_without_added(&self, part: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) {
        let start = out.len();
        let (mut at, mut left) = (0, Utf8::default());
        while at < part.len() {
            let right = Utf8::at(part, at);
            match self.map_char(right) {
                Some(output) if at == 0 || !self.of_configuration.contains(Pair::new(left, right)) => output.push(out),
                _ => {
                    out.truncate(start);
                    return self.convert(part, scratch, out);
                }
            }
            at += right.len();
            left = right;
        }
    }

    /// Appends the output of a text of any characters, stage by stage: what the reference chain gives, but that it takes a whole
    /// text. `normalization` is sorted.
    pub fn convert_stages(&self, text: &str, normalization: &[(char, &str)], out: &mut Vec<u8>) {
        let mut normalized = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let len = match description::read(rest) {
                Description::Complete(len) => len,
                _ => character.len_utf8(),
            };
            match normalization.binary_search_by_key(&character, |&(key, _)| key) {
                Ok(found) => normalized.push_str(normalization[found].1),
                Err(_) => normalized.push_str(part(rest, 0..len)),
            }
            rest = part(rest, len..rest.len());
        }
        let end = normalized.len();
        let (mut at, mut segment) = (0, 0);
        while let Some(segmentation) = self.segmentation.as_ref().filter(|_| at < end) {
            let rest = part(&normalized, at..end);
            if let Description::Complete(len) = description::read(rest) {
                at += len;
                continue;
            }
            let Some(key) = segmentation.longest(rest.as_bytes()) else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            self.convert_segment_stages(part(&normalized, segment..at), out);
            self.convert_segment_stages(part(&normalized, at..at + key.len), out);
            at += key.len;
            segment = at;
        }
        self.convert_segment_stages(part(&normalized, segment..end), out);
    }

    fn convert_segment_stages(&self, segment: &str, out: &mut Vec<u8>) {
        let [Some(first), second] = &self.stages else { return out.extend_from_slice(segment.as_bytes()) };
        let Some(second) = second else { return first.replace_around_descriptions(segment, out) };
        let mut after_first = Vec::new();
        first.replace_around_descriptions(segment, &mut after_first);
        let Ok(after_first) = str::from_utf8(&after_first) else { unreachable!("the first stage gives UTF-8") };
        second.replace_around_descriptions(after_first, out);
    }

    /// As [`convert_beginning`](Self::convert_beginning), of a segment in no key of the segmentation.
    fn convert_segment_beginning(&self, segment: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) -> usize {
        let [Some(first), second] = &self.stages else {
            out.extend_from_slice(segment);
            return segment.len();
        };
        let Scratch { after_first, ends } = scratch;
        after_first.clear();
        ends.clear();
        let takes_keys = second.is_none() || self.first_stage_matches_alone;
        let mut at = 0;
        while at + LONGEST_KEY <= segment.len() {
            let rest = &segment[at..];
            at +=
                if takes_keys { first.replace_next(rest, after_first) } else { first.replace_first(rest, after_first) };
            ends.push(TokenEnd { source: at, output: after_first.len() });
        }
        let Some(second) = second else {
            out.extend_from_slice(after_first);
            return at;
        };
        let (mut to, mut edge, mut edge_of_output) = (0, 0, out.len());
        let mut ends = ends.iter().peekable();
        while to + LONGEST_KEY <= after_first.len() {
            to += second.replace_next(&after_first[to..], out);
            while ends.next_if(|end| end.output < to).is_some() {}
            if let Some(end) = ends.next_if(|end| end.output == to) {
                (edge, edge_of_output) = (end.source, out.len());
            }
        }
        out.truncate(edge_of_output);
        edge
    }

    fn convert_segment(&self, segment: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) {
        match &self.stages {
            [Some(first), Some(second)] => {
                scratch.after_first.clear();
                if self.first_stage_matches_alone {
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

/// A part of a text, of whole characters. What `[]` says when it fails brings 6 kB of WebAssembly.
pub(crate) fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).expect("the part is of whole characters")
}

/// Checks the whole of what `compile` made: for tests of what is embedded.
///
/// # Errors
///
/// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) and [`Version`](fanjian_dictionary::ErrorKind::Version).
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    SEAL.open_checked(bytes).map(drop)
}

//! Words of the user's own: parts of a text that become what their values say, whatever the target would make of them.
//!
//! They win over context, and over built-in words of their length or shorter; a longer built-in word that holds one wins
//! over it. What stands around an own word is decided as if there were none: its characters are context like any others.

use std::ops::Range;

/// A part of a text, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWord {
    /// Its place in the text, in bytes. None overlaps another.
    pub source: Range<usize>,
    /// What it becomes.
    pub value: String,
    /// Whether it also wins over a longer built-in word.
    pub is_fixed: bool,
}

/// What takes the place of some characters of a segment.
#[derive(Clone, Debug)]
pub(crate) struct Replacement<'v> {
    /// The places of the characters among the classes.
    pub(crate) places: Range<usize>,
    pub(crate) value: &'v str,
    /// Which one of the own words it is; None for one of the region's.
    pub(crate) own: Option<usize>,
}

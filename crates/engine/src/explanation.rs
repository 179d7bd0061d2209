//! What a conversion did to a text, as plain data.

use std::ops::Range;

/// What a conversion did to a text: see [`trace`](crate::trace).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The pieces of text after each stage.
    pub stages: Vec<Vec<String>>,
    /// The parts of the source in their order, without gaps.
    pub parts: Vec<Part>,
}

/// A part of the source, what it became, and the entries that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its place in the source, in bytes.
    pub source: Range<usize>,
    /// What the conversion put in its place.
    pub output: String,
    /// The entries that made the output, in the order in which they did.
    pub entries: Vec<AppliedEntry>,
}

/// An entry that a conversion applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedEntry {
    /// At which step of the conversion.
    pub step: Step,
    /// The name of the dictionary.
    pub dictionary: String,
    /// The key.
    pub key: String,
    /// The first candidate.
    pub value: String,
    /// The other candidates.
    pub alternatives: Vec<String>,
}

/// A step of a conversion. Stages are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A protected term was taken out of the conversion.
    Protected,
    /// A stage of the normalization.
    Normalization(usize),
    /// An entry of the user's own was applied at the segmentation.
    OwnEntry,
    /// A stage of the conversion chain.
    Conversion(usize),
}

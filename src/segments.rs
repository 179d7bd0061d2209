use std::ops::Range;

#[cfg(feature = "targets")]
use fanjian_context::Candidate;
use fanjian_engine::{AppliedEntry, Part};

use crate::preferences;

/// A part of a text, what the conversion made of it, and why: see [`Converter::segments`](crate::Converter::segments).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Segment {
    /// The place of the part in the source, in bytes.
    pub source: Range<usize>,
    /// What the conversion put in its place.
    pub output: String,
    /// The entries that made the output, in the order in which they did. Empty if no dictionary holds the text.
    pub decisions: Vec<Decision>,
}

/// An entry that a conversion applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Decision {
    /// At which step of the conversion.
    pub step: Step,
    /// The name of the dictionary that holds the entry, the tag of the target that decided, or `punctuation`.
    pub dictionary: String,
    /// The entry's key. After the first step it is a key in the output of earlier steps, not in the source.
    pub key: String,
    /// The entry's first candidate, which took the key's place.
    pub value: String,
    /// The entry's other candidates.
    pub alternatives: Vec<String>,
    /// The candidates with their scores and what spoke for each, the chosen one first, where a target decided by context.
    /// Empty everywhere else.
    #[cfg(feature = "targets")]
    pub candidates: Vec<Candidate>,
}

/// The steps of a conversion. Stages are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Step {
    /// A protected term was taken out of the conversion.
    Protected,
    /// A stage of the normalization.
    Normalization(usize),
    /// An entry of the user's own was applied where the text is cut into segments.
    OwnEntry,
    /// A stage of the conversion chain.
    Conversion(usize),
    /// A target: the character has no other output.
    Character,
    /// A target: one of several candidates, by the phrases and the characters around.
    Choice {
        /// How much higher than the character itself, where that may be right already, another one must score to take its
        /// place.
        margin: i32,
    },
    /// A target: a word for which the region has another.
    Word,
    /// A target: the caller said what this part of the text becomes, see
    /// [`segments_replacing`](crate::Converter::segments_replacing).
    #[cfg(feature = "targets")]
    Fixed,
    /// A character became the one that is preferred: see [`prefer`](crate::ConverterBuilder::prefer).
    Preference,
    /// Quotation marks became those of the region: see [`punctuation`](crate::ConverterBuilder::punctuation).
    Punctuation,
}

impl Step {
    /// The name of the step, for programs.
    ///
    /// ```
    /// assert_eq!(fanjian::Step::Conversion(2).name(), "conversion");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Step::Protected => "protected",
            Step::Normalization(_) => "normalization",
            Step::OwnEntry => "own",
            Step::Conversion(_) => "conversion",
            Step::Character => "character",
            Step::Choice { .. } => "choice",
            Step::Word => "word",
            #[cfg(feature = "targets")]
            Step::Fixed => "fixed",
            Step::Preference => "preference",
            Step::Punctuation => "punctuation",
        }
    }

    /// The number of the stage, from 1, where there may be several.
    #[must_use]
    pub const fn stage(self) -> Option<usize> {
        match self {
            Step::Normalization(stage) | Step::Conversion(stage) => Some(stage),
            _ => None,
        }
    }
}

/// What a part of a text becomes, whatever the conversion would make of it: see
/// [`segments_replacing`](crate::Converter::segments_replacing).
#[cfg(feature = "targets")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Replacement {
    /// The place of the part in the text, in bytes.
    pub source: Range<usize>,
    /// What takes its place.
    pub output: String,
}

/// A conversion step by step: see [`Converter::inspect`](crate::Converter::inspect).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Inspection {
    /// The text as it was given.
    pub input: String,
    /// The text after each stage of the normalization.
    pub normalization: Vec<String>,
    /// The normalized text in segments. The whole text is one where the configuration has no segmentation.
    pub segments: Vec<String>,
    /// The segments after each stage of the conversion chain.
    pub stages: Vec<Vec<String>>,
    /// The converted text.
    pub output: String,
}

impl From<Part> for Segment {
    fn from(Part { source, output, entries }: Part) -> Segment {
        Segment { source, output, decisions: entries.into_iter().map(Decision::from).collect() }
    }
}

#[cfg(feature = "targets")]
impl Decision {
    /// A decision without its reasons.
    pub(crate) fn of_step(step: Step) -> Decision {
        let (dictionary, key, value) = (String::new(), String::new(), String::new());
        Decision { step, dictionary, key, value, alternatives: Vec::new(), candidates: Vec::new() }
    }
}

impl From<AppliedEntry> for Decision {
    fn from(AppliedEntry { step, dictionary, key, value, alternatives }: AppliedEntry) -> Decision {
        // An own dictionary may have any name.
        let is_preference = matches!(step, fanjian_engine::Step::Conversion(_)) && dictionary == preferences::NAME;
        let step = if is_preference { Step::Preference } else { step.into() };
        Decision {
            step,
            dictionary,
            key,
            value,
            alternatives,
            #[cfg(feature = "targets")]
            candidates: Vec::new(),
        }
    }
}

impl From<fanjian_engine::Step> for Step {
    fn from(step: fanjian_engine::Step) -> Step {
        match step {
            fanjian_engine::Step::Protected => Step::Protected,
            fanjian_engine::Step::Normalization(stage) => Step::Normalization(stage),
            fanjian_engine::Step::OwnEntry => Step::OwnEntry,
            fanjian_engine::Step::Conversion(stage) => Step::Conversion(stage),
        }
    }
}

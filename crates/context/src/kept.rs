//! Words that stay although the region has others for them, and why.

use std::ops::Range;

/// A word for which the region has another one, and that stays: see [`Engine::kept_words`](crate::Engine::kept_words).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct KeptWord {
    /// Its place in the text, in bytes.
    pub source: Range<usize>,
    /// What it becomes elsewhere.
    pub value: String,
    /// Why it stays here.
    pub reason: KeptReason,
}

/// Why a word stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum KeptReason {
    /// The text is of the target's script, and the region has the word itself, in this sense or another one.
    Shared,
    /// It has two senses, and the other words of the segment do not speak for this one.
    OtherSense,
    /// It is of a layer whose words are kept.
    Layer,
    /// It is within a longer word of the region's own.
    Within,
    /// Another word reaches over its edge: the text reads better without it.
    Crossed,
}

impl KeptReason {
    /// The name of the reason, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeptReason::Shared => "shared",
            KeptReason::OtherSense => "other-sense",
            KeptReason::Layer => "layer",
            KeptReason::Within => "within",
            KeptReason::Crossed => "crossed",
        }
    }
}

//! Results of a search for glosses.

use std::{borrow::Cow, ops::Range};

/// A gloss made by a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Gloss {
    /// The glossed character.
    pub character: char,
    /// Its reading, as written in the text.
    pub reading: String,
    /// The range of the reading and its parentheses, in bytes.
    pub span: Range<usize>,
}

/// Damage done by glosses, which were inserted by bytes of GBK: also where the last byte of one character and the first byte
/// of the next one are the bytes of a third character.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Damage {
    /// Its range, including the rest of the gloss, in bytes.
    pub span: Range<usize>,
    /// The original text. None if there is more than one possible original, or none.
    pub original: Option<String>,
}

/// The glosses and the damage in a text, as found by [`glosses`](crate::glosses).
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Glosses {
    /// Glosses made by a machine, in order. Empty if the document does not reach the thresholds.
    pub glosses: Vec<Gloss>,
    /// The damage, in order. It does not overlap with the glosses.
    pub damages: Vec<Damage>,
    /// The number of different characters that are glossed.
    pub characters: usize,
    /// The share of the Chinese characters of the text that have a gloss, from 0 to 1.
    pub share: f64,
}

impl Glosses {
    /// Whether there are neither glosses nor damage.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.glosses.is_empty() && self.damages.is_empty()
    }

    /// The damage that cannot be repaired.
    pub fn unrepaired(&self) -> impl Iterator<Item = &Damage> {
        self.damages.iter().filter(|damage| damage.original.is_none())
    }

    /// What removes the glosses from the text, and repairs the damage if `repair` is true: parts of the text, in order and apart,
    /// and what they become.
    #[must_use]
    pub fn changes(&self, repair: bool) -> Vec<(Range<usize>, &str)> {
        let glosses = self.glosses.iter().map(|gloss| (gloss.span.clone(), ""));
        let repaired = self.damages.iter().filter(|_| repair);
        let repaired = repaired.filter_map(|damage| Some((damage.span.clone(), damage.original.as_deref()?)));
        let mut changes: Vec<_> = glosses.chain(repaired).collect();
        changes.sort_by_key(|(span, _)| span.start);
        changes
    }

    /// Removes the glosses from the text in which they were found, and repairs the damage if `repair` is true. Returns the
    /// text itself if there is nothing to change.
    #[must_use]
    pub fn strip<'t>(&self, text: &'t str, repair: bool) -> Cow<'t, str> {
        let changes = self.changes(repair);
        if changes.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        for (span, original) in changes {
            clean.push_str(text.get(at..span.start).unwrap_or_default());
            clean.push_str(original);
            at = span.end;
        }
        clean.push_str(text.get(at..).unwrap_or_default());
        Cow::Owned(clean)
    }
}

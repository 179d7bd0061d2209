//! Words that stay although the region has others for them, and why.

use std::ops::Range;

use crate::{engine::Engine, history::ScriptHistory, segment::Segment, target::Target};

/// A word for which the region has another one, and that stays: see [`Engine::kept_words`].
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

impl Engine {
    /// The words of a text that the region has others for, and that stay; in order, as
    /// [`explain`](Engine::explain) takes the text. None if all words stay.
    pub fn kept_words(&self, text: &str, from: Option<Target>, history: &mut ScriptHistory) -> Vec<KeptWord> {
        let mut kept = Vec::new();
        let Some(words) = self.all_words() else { return kept };
        let mut segment = Segment::default();
        let mut at = 0;
        while let Some(len) = self.scan(&mut segment, &text[at..], true) {
            let source = &text[at..at + len];
            let script = self.context(&segment, from, history).script();
            let before = segment.own().start;
            let starts: Vec<usize> = source.char_indices().map(|(start, _)| start).chain([len]).collect();
            for (place, found, reason) in words.kept(segment.classes(), segment.own(), script) {
                let from = place - before;
                if !segment.is_japanese(place) {
                    let source = at + starts[from]..at + starts[from + found.len];
                    kept.push(KeptWord { source, value: found.value.to_owned(), reason });
                }
            }
            segment.next(source.ends_with('\n'));
            at += len;
        }
        kept
    }
}

//! Words that a region has others for, found as words of their own.

use crate::{
    characters::Class,
    compile::Reader,
    hashed::Hashed,
    phrases::{self, LONGEST},
};

/// The words of a target, and those that they must not be found in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    /// To the place of the value, and above it whether the region has the word itself, too, in another sense.
    words: Hashed<'static>,
    values: Vec<&'static str>,
    /// Words that reach over an edge of one of the words, or hold one.
    others: Hashed<'static>,
}

/// The bit that marks a word which the region uses, too.
pub(crate) const SHARED: u32 = 1 << 31;

impl Words {
    pub(crate) fn read(reader: &mut Reader) -> Option<Words> {
        let words = Hashed::new(reader.bytes()?);
        let values = str::from_utf8(reader.bytes()?).ok()?;
        let values = values.split('\n').collect();
        let others = Hashed::new(reader.bytes()?);
        Some(Words { words, values, others })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn value(&self, value: u32) -> &'static str {
        self.values.get(value as usize).copied().unwrap_or_default()
    }

    /// The length and value of the longest word that begins at a place of a line, where it is a word of its own: no other
    /// word reaches over one of its edges, or holds it.
    pub(crate) fn find(&self, classes: &[Class], at: usize, is_native: bool) -> Option<(usize, u32)> {
        let longest = LONGEST.min(classes.len() - at);
        let (len, value) = (1..=longest).rev().find_map(|len| {
            let value = self.words.get(phrases::whole(&classes[at..at + len]))?;
            Some((len, value))
        })?;
        let end = at + len;
        if (is_native && value & SHARED != 0) || self.is_part(classes, at, end) {
            return None;
        }
        Some((len, value & !SHARED))
    }

    fn is_part(&self, classes: &[Class], start: usize, end: usize) -> bool {
        let first = start.saturating_sub(LONGEST - 1);
        (first..end).any(|from| {
            // From before the word on, one that reaches into it; from within it, one that reaches out.
            let shortest = if from <= start { (start + 1).max(from + 2) } else { end + 1 };
            let last = classes.len().min(from + LONGEST);
            (shortest.max(from + 2)..=last).any(|to| {
                let is_other = (from, to) != (start, end) && !(from == start && to < end);
                is_other && self.others.get(phrases::whole(&classes[from..to])).is_some()
            })
        })
    }
}

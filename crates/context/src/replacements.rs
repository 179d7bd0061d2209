//! What an own word replaces: whether a longer phrase covers it, and which of the region's words give way to it.

use std::ops::Range;

use crate::{
    engine::{Engine, ScriptContext},
    own::{OwnWord, Replacement},
    phrases::{Beginnings, LONGEST},
    segment::Segment,
};

/// How many characters before a part of a text can matter to [`Engine::is_covered`].
pub const BEFORE: usize = LONGEST - 1;

impl Engine {
    /// Whether a longer phrase that the target knows covers a part of a text. None if that depends on what follows a text
    /// that is not the `last` piece. Of the text before the part, the last [`BEFORE`] characters matter.
    pub fn is_covered(&self, text: &str, part: Range<usize>, is_last: bool) -> Option<bool> {
        let (before, key, behind) = (&text[..part.start], &text[part.clone()], &text[part.end..]);
        let len = key.chars().count();
        if len >= LONGEST || key.contains('\n') {
            return Some(false);
        }
        let class = |character: char| self.entries.class(character);
        let is_on_line = |&character: &char| character != '\n';
        let mut classes: Vec<_> = before.chars().rev().take(BEFORE).take_while(is_on_line).map(class).collect();
        classes.reverse();
        let start = classes.len();
        classes.extend(key.chars().map(class));
        let more = LONGEST - len;
        classes.extend(behind.chars().take(more).take_while(is_on_line).map(class));
        let is_whole =
            classes.len() == start + len + more || behind.chars().take(more).any(|character| character == '\n');
        if !is_whole && !is_last {
            return None;
        }
        let is_silent = |from: usize| {
            let shortest = (start + len).max(from + len + 1);
            let longest = classes.len().min(from + LONGEST);
            shortest <= longest && {
                let beginnings = Beginnings::new(&classes[from..longest]);
                (shortest..=longest).any(|to| self.shared.silent.contains(beginnings.hash(to - from)))
            }
        };
        let mut is_covered = (0..=start).any(is_silent);
        for lexicon in [&self.shared.lexicon, &self.preferences] {
            for at in 0..classes.len() {
                if is_covered {
                    return Some(true);
                }
                is_covered = lexicon.all_votes(&classes, at).any(|vote| {
                    let from = at - usize::from(vote.offset);
                    let to = from + usize::from(vote.len);
                    from <= start && to >= start + len && to - from > len
                });
            }
        }
        Some(is_covered)
    }

    /// What takes the place of characters of a segment, in order: own words, which may begin before it and end behind it,
    /// and the region's words. `text` is the segment's, and `offset` its place in the text that the own words lie in.
    pub(crate) fn replacements<'v>(
        &self,
        segment: &Segment,
        context: ScriptContext,
        text: &str,
        offset: usize,
        own: impl IntoIterator<Item = &'v OwnWord>,
    ) -> Vec<Replacement<'v>> {
        let mut regional: Vec<Replacement<'v>> = self
            .words(segment, context)
            .into_iter()
            .map(|(start, found)| Replacement { places: start..start + found.len, value: found.value, own: None })
            .collect();
        let (mut place, mut at) = (segment.own().start, offset);
        let mut place_of = |byte: usize| {
            if byte > at {
                place += text[at - offset..byte - offset].chars().count();
                at = byte;
            }
            place
        };
        let end = offset + text.len();
        let mut replacements = Vec::new();
        for (index, OwnWord { source, value, is_fixed }) in own.into_iter().enumerate() {
            if source.start >= end {
                break;
            }
            if source.end <= offset {
                continue;
            }
            let places = place_of(source.start.max(offset))..place_of(source.end.min(end));
            // A word lies within the segment: it cannot hold one that reaches out.
            let is_within = source.start >= offset && source.end <= end;
            let is_longer = |word: &Replacement<'_>| {
                word.places.start <= places.start && word.places.end >= places.end && word.places.len() > places.len()
            };
            if is_within && !is_fixed && regional.iter().any(is_longer) {
                continue;
            }
            let value = if source.start >= offset { value.as_str() } else { "" };
            replacements.push(Replacement { places, value, own: Some(index) });
        }
        regional.retain(|word| {
            let is_apart =
                |own: &Replacement<'_>| own.places.end <= word.places.start || own.places.start >= word.places.end;
            replacements.iter().all(is_apart)
        });
        replacements.append(&mut regional);
        replacements.sort_by_key(|replacement| replacement.places.start);
        replacements
    }
}

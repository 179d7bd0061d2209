//! Decisions of a conversion in plain words.

use std::ops::Range;

use fanjian::{Candidate, Config, Converter, Decision, KeptReason, KeptWord, Segment, Step, Target};

use crate::{
    commands::evidence::Evidence,
    messages::{message, text},
    print::escape,
};

/// A text with what became of it, character by character as far as that goes.
pub(crate) struct Converted<'t> {
    text: &'t str,
    /// The parts that cannot be divided: where they are in the text, and what they became.
    parts: Vec<(Range<usize>, String)>,
    to_simplified: Converter,
}

/// A decision in plain words.
pub(crate) struct Reason {
    /// The place that speaks for it: a word, or the characters around.
    pub(crate) place: Option<Range<usize>>,
    pub(crate) words: String,
}

impl<'t> Converted<'t> {
    /// A text with its segments.
    pub(crate) fn new(text: &'t str, segments: &[Segment]) -> Converted<'t> {
        let mut parts = Vec::new();
        for Segment { source, output, decisions, .. } in segments {
            if decisions.is_empty() {
                let characters = text[source.clone()].char_indices();
                parts.extend(characters.map(|(at, character)| {
                    let start = source.start + at;
                    (start..start + character.len_utf8(), character.to_string())
                }));
            } else {
                parts.push((source.clone(), output.clone()));
            }
        }
        Converted { text, parts, to_simplified: Converter::new(Config::T2s) }
    }

    /// The text at a place.
    pub(crate) fn source(&self, place: Range<usize>) -> &'t str {
        &self.text[place]
    }

    /// What a place became. None if it divides a part.
    pub(crate) fn output(&self, place: Range<usize>) -> Option<String> {
        if place.is_empty() {
            return Some(String::new());
        }
        let first = self.parts.binary_search_by_key(&place.start, |(part, _)| part.start).ok()?;
        let parts = self.parts[first..].iter().take_while(|(part, _)| part.start < place.end);
        let last = parts.clone().last()?;
        (last.0.end == place.end).then(|| parts.map(|(_, output)| output.as_str()).collect())
    }

    /// What is around a place, with this in its place.
    fn with(&self, around: Range<usize>, place: &Range<usize>, decided: &str) -> Option<String> {
        if around.start > place.start || around.end < place.end {
            return self.output(around);
        }
        Some(self.output(around.start..place.start)? + decided + &self.output(place.end..around.end)?)
    }

    /// The place with this many characters more to the left and to the right.
    fn around(&self, place: &Range<usize>, left: usize, right: usize) -> Option<Range<usize>> {
        let start = match left {
            0 => place.start,
            _ => self.text[..place.start].char_indices().rev().nth(left - 1)?.0,
        };
        let behind = &self.text[place.end..];
        let end = match right {
            0 => 0,
            _ => behind.char_indices().nth(right - 1).map(|(at, character)| at + character.len_utf8())?,
        };
        Some(start..place.end + end).filter(|place| !self.text[place.clone()].contains('\n'))
    }

    /// Where a phrase is that covers a character. Phrases are named in Simplified.
    fn phrase(&self, place: &Range<usize>, phrase: &str) -> Option<Range<usize>> {
        let len = phrase.chars().count();
        let phrase = self.to_simplified.convert(phrase);
        (0..len).find_map(|left| {
            let around = self.around(place, left, len - 1 - left)?;
            (self.to_simplified.convert(&self.text[around.clone()]) == phrase).then_some(around)
        })
    }

    /// What decided at a place.
    pub(crate) fn reason(&self, place: &Range<usize>, decision: &Decision) -> Reason {
        let plain = |words: String| Reason { place: None, words };
        let dictionary = escape(&decision.dictionary);
        match decision.step {
            Step::Protected => plain(text("protected term")),
            Step::OwnEntry => plain(message!("own word, in {dictionary}", dictionary)),
            Step::Normalization(_) => plain(message!("normalized by {dictionary}", dictionary)),
            Step::Conversion(_) => plain(message!("entry of {dictionary}", dictionary) + &others(decision)),
            Step::Character => plain(message!("the one form in {dictionary}", dictionary)),
            Step::Word => plain(message!("{dictionary} has another word", dictionary)),
            Step::Preference => plain(message!("preferred to {other}", other = escape(&decision.key))),
            Step::Fixed => plain(text("decided by a person")),
            Step::Punctuation => plain(text("quotation marks of the region")),
            Step::Choice { margin } => self.choice(place, decision, margin),
            _ => plain(dictionary),
        }
    }

    fn choice(&self, place: &Range<usize>, decision: &Decision, margin: i32) -> Reason {
        let plain = |words: String| Reason { place: None, words };
        let Some((chosen, others)) = decision.candidates.split_first() else { return plain(text("chosen")) };
        let Some(next) = others.iter().max_by_key(|other| other.score) else {
            return plain(text("no other candidate"));
        };
        if next.score > chosen.score {
            let why = match margin {
                100.. if decision.dictionary == Target::Simplified.tag() => text("the text is Simplified"),
                100.. => text("the text is Traditional"),
                _ => text("it may be right already"),
            };
            let (other, ahead) = (escape(&next.text), next.score - chosen.score);
            return plain(message!(
                "{why}; {other} scores {ahead} higher, and {margin} are needed",
                why,
                other,
                ahead,
                margin
            ));
        }
        let (evidence, _) = strongest(chosen, next);
        let (evidence_place, words) = match evidence {
            Evidence::Phrase(phrase) => {
                let found = self.phrase(place, phrase);
                let word = found
                    .clone()
                    .and_then(|found| self.with(found, place, &chosen.text))
                    .unwrap_or_else(|| phrase.to_owned());
                (found, message!("{word} is a word", word = escape(&word)))
            }
            Evidence::Around(left, right) => {
                let around = self.around(place, left, right);
                let words = around.clone().and_then(|around| self.with(around, place, &chosen.text));
                let words = words.map_or_else(
                    || text("at the beginning or the end of a line"),
                    |words| message!("texts write {words}", words = escape(&words)),
                );
                (around, words)
            }
            Evidence::Alone | Evidence::Other => (None, text("the more frequent one")),
            Evidence::Cantonese => (None, text("the text is Cantonese")),
        };
        Reason { place: evidence_place, words: message!("{words}; next: {next}", words, next = escape(&next.text)) }
    }
}

/// Why a word stays.
pub(crate) fn kept(word: &KeptWord, target: Option<Target>) -> String {
    let target = target.map_or_else(|| text("the region"), |target| target.tag().to_owned());
    let value = escape(&word.value);
    match word.reason {
        KeptReason::Shared => {
            message!("text of {target} has it itself; in the other script it becomes {value}", target, value)
        }
        KeptReason::OtherSense => message!("{value} in another sense, for which too little speaks here", value),
        KeptReason::Layer => message!("--keep-words; otherwise {value}", value),
        KeptReason::Within => message!("part of a longer word that {target} has; elsewhere {value}", target, value),
        KeptReason::Crossed => message!("no word here, by the words around; elsewhere {value}", value),
        _ => message!("elsewhere {value}", value),
    }
}

fn others(decision: &Decision) -> String {
    let others: Vec<_> = decision.alternatives.iter().map(|other| escape(other)).collect();
    if others.is_empty() { String::new() } else { message!("; also: {others}", others = others.join(" ")) }
}

/// From what weight on the characters around are named, where the character alone has more.
const ENOUGH: i32 = 20;

/// What speaks most for a candidate and against the next one, and how much.
fn strongest<'c>(chosen: &'c Candidate, next: &'c Candidate) -> (Evidence<'c>, i32) {
    let mut sums: Vec<(Evidence<'c>, i32)> = Vec::new();
    for (candidate, sign) in [(chosen, 1), (next, -1)] {
        for feature in &candidate.features {
            let (evidence, _) = Evidence::of(&feature.name);
            match sums.iter_mut().find(|(known, _)| *known == evidence) {
                Some((_, sum)) => *sum += sign * feature.weight,
                None => sums.push((evidence, sign * feature.weight)),
            }
        }
    }
    // What is around says more to a reader than how frequent a character is. Of equals, phrases come first.
    let strongest = |is_wanted: fn(&Evidence<'c>) -> bool| {
        sums.iter().rev().filter(|(evidence, _)| is_wanted(evidence)).max_by_key(|&&(_, sum)| sum).copied()
    };
    let around = strongest(|evidence| *evidence != Evidence::Alone).filter(|&(_, sum)| sum >= ENOUGH);
    around.or_else(|| strongest(|_| true)).unwrap_or((Evidence::Alone, 0))
}

/// The probability from which on a choice counts as certain.
pub(crate) const CERTAIN: f64 = 0.9995;

/// A probability in percent.
pub(crate) fn percent(probability: f64) -> String {
    if probability >= CERTAIN { ">99.9 %".to_owned() } else { format!("{:.1} %", 100.0 * probability) }
}

/// A probability as a bar of ten.
pub(crate) fn bar(probability: f64) -> String {
    let full = if probability >= CERTAIN { 10 } else { (10.0 * probability) as usize };
    "▇".repeat(full) + &"▁".repeat(10 - full.min(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_ten_places() {
        for probability in [0.0, 0.05, 0.94, 0.98, 0.9994, 1.0] {
            assert_eq!(bar(probability).chars().count(), 10);
        }
        assert_eq!((bar(0.98).as_str(), percent(0.98).as_str()), ("▇▇▇▇▇▇▇▇▇▁", "98.0 %"));
        assert_eq!(percent(1.0), ">99.9 %");
    }
}

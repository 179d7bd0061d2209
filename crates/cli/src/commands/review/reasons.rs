//! Why a candidate scored as it did, in a few words.

use fanjian::{Candidate, Feature};
use serde::Serialize;

/// How many reasons are given for a candidate.
const MOST: usize = 3;

/// Something that spoke for a candidate, or against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Reason {
    /// `phrase`, `around` (the characters beside it), `alone` (the character by itself), `cantonese` or `other`.
    pub(super) kind: &'static str,
    /// The characters that it is about.
    pub(super) text: String,
    pub(super) weight: i32,
}

/// The names of features about neighbours; a name that another one begins with comes behind it.
const AROUND: [&str; 7] =
    ["left and right ", "two left, one right ", "one left, two right ", "two left ", "two right ", "left ", "right "];

/// The strongest reasons for a candidate, those of the same characters together.
pub(super) fn reasons(candidate: &Candidate) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for Feature { name, weight, .. } in &candidate.features {
        let (kind, text) = kind(name);
        match reasons.iter_mut().find(|reason| reason.kind == kind && reason.text == text) {
            Some(reason) => reason.weight = reason.weight.saturating_add(*weight),
            None => reasons.push(Reason { kind, text: text.to_owned(), weight: *weight }),
        }
    }
    reasons.retain(|reason| reason.weight > 0);
    reasons.sort_by_key(|reason| -reason.weight);
    reasons.truncate(MOST);
    reasons
}

fn kind(name: &str) -> (&'static str, &str) {
    if let Some(phrase) = name.strip_prefix("phrase ") {
        let phrase = phrase.strip_suffix(", the longest").unwrap_or(phrase);
        return ("phrase", phrase.strip_suffix(", for this character").unwrap_or(phrase));
    }
    if let Some(text) = AROUND.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        return ("around", text);
    }
    match name.strip_prefix("alone ") {
        Some(text) => ("alone", text),
        None if name == "Cantonese" => ("cantonese", ""),
        None => ("other", name),
    }
}

#[cfg(test)]
mod tests {
    use fanjian::{Converter, Target};

    use super::*;

    #[test]
    fn every_feature_of_a_text_has_a_kind() {
        let converter = Converter::for_target(Target::Taiwan);
        let text = "他的头发干了，只有一只猫在里面发现面条和后台的系统。";
        let segments = converter.segments(text);
        let candidates: Vec<_> =
            segments.iter().flat_map(|segment| &segment.decisions).flat_map(|decision| &decision.candidates).collect();
        let kinds = candidates.iter().flat_map(|candidate| &candidate.features).map(|feature| kind(&feature.name));
        let kinds: Vec<_> = kinds.collect();
        assert!(kinds.len() > 20 && kinds.iter().all(|(kind, _)| *kind != "other"), "{kinds:?}");
        assert!(candidates.iter().any(|candidate| !reasons(candidate).is_empty()));
    }
}

//! Why a candidate scored as it did, in a few words.

use fanjian::{Candidate, Feature};
use serde::Serialize;

use crate::commands::evidence::Evidence;

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
    let (evidence, text) = Evidence::of(name);
    let kind = match evidence {
        Evidence::Phrase(_) => "phrase",
        Evidence::Around(..) => "around",
        Evidence::Alone => "alone",
        Evidence::Cantonese => "cantonese",
        Evidence::Other => "other",
    };
    (kind, text)
}

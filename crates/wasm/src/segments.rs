//! Segments of a text and their reasons, as JSON: the package has their types, and their documentation.

use fanjian::{Candidate, Decision, Error, ErrorKind, KeptWord, Replacement, Segment, Step};
use serde::Serialize;

use crate::{error::Failure, utf16::Places};

#[derive(Serialize)]
struct SegmentView<'s> {
    start: usize,
    end: usize,
    input: &'s str,
    output: &'s str,
    /// The step of the last decision, or `unchanged`.
    kind: &'static str,
    decisions: Vec<DecisionView<'s>>,
}

#[derive(Serialize)]
struct DecisionView<'s> {
    step: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<usize>,
    dictionary: &'s str,
    key: &'s str,
    value: &'s str,
    alternatives: &'s [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<CandidateView<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
}

#[derive(Serialize)]
struct CandidateView<'s> {
    text: &'s str,
    score: i32,
    features: Vec<FeatureView<'s>>,
}

#[derive(Serialize)]
struct FeatureView<'s> {
    name: &'s str,
    weight: i32,
}

#[derive(Serialize)]
struct KeptView<'s> {
    start: usize,
    end: usize,
    input: &'s str,
    value: &'s str,
    reason: &'static str,
}

/// The segments of this text.
pub(crate) fn json(text: &str, segments: &[Segment]) -> Result<String, Failure> {
    let mut places = Places::new(text);
    let view = |segment| segment_view(text, segment, &mut places);
    written(&segments.iter().map(view).collect::<Vec<_>>())
}

fn segment_view<'s>(text: &'s str, segment: &'s Segment, places: &mut Places<'_>) -> SegmentView<'s> {
    SegmentView {
        start: places.before(segment.source.start),
        end: places.before(segment.source.end),
        input: text.get(segment.source.clone()).unwrap_or_default(),
        output: &segment.output,
        kind: segment.decisions.last().map_or("unchanged", |decision| decision.step.name()),
        decisions: segment.decisions.iter().map(decision_view).collect(),
    }
}

fn decision_view(decision: &Decision) -> DecisionView<'_> {
    DecisionView {
        step: decision.step.name(),
        stage: decision.step.stage(),
        dictionary: &decision.dictionary,
        key: &decision.key,
        value: &decision.value,
        alternatives: &decision.alternatives,
        candidates: decision.candidates.iter().map(candidate_view).collect(),
        margin: match decision.step {
            Step::Choice { margin } => Some(margin),
            _ => None,
        },
        lead: decision.lead(),
        probability: decision.probability(),
    }
}

fn candidate_view(candidate: &Candidate) -> CandidateView<'_> {
    let features = candidate.features.iter();
    CandidateView {
        text: &candidate.text,
        score: candidate.score,
        features: features.map(|feature| FeatureView { name: &feature.name, weight: feature.weight }).collect(),
    }
}

/// The words of this text that stay.
pub(crate) fn kept_json(text: &str, kept: &[KeptWord]) -> Result<String, Failure> {
    let mut places = Places::new(text);
    let kept = kept.iter().map(|word| KeptView {
        start: places.before(word.source.start),
        end: places.before(word.source.end),
        input: text.get(word.source.clone()).unwrap_or_default(),
        value: &word.value,
        reason: word.reason.name(),
    });
    written(&kept.collect::<Vec<_>>())
}

/// The replacements at these places: start and end of each, in code units.
pub(crate) fn replacements(text: &str, places: &[u32], outputs: Vec<String>) -> Result<Vec<Replacement>, Failure> {
    let mut replacements = Vec::new();
    let mut bytes = Places::new(text);
    for (place, output) in places.as_chunks::<2>().0.iter().zip(outputs) {
        let [start, end] = place.map(|units| bytes.byte_at(units as usize));
        let (Some(start), Some(end)) = (start, end) else {
            let [start, end] = place;
            let message =
                format!("a replacement of {start} to {end} is not at the boundaries of characters of the text");
            return Err(Error::new(ErrorKind::Config, message).into());
        };
        replacements.push(Replacement { source: start..end, output });
    }
    Ok(replacements)
}

/// JSON of values that have nothing which JSON lacks.
pub(crate) fn written(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Error::new(ErrorKind::Unsupported, error.to_string()).into())
}

//! The forms of an explanation beside a line for people: all entries with their scores, and JSON.

use fanjian::{Candidate, Decision, Feature, Step};
use serde_json::{Value, json};

use super::place::Position;
use crate::{
    commands::{
        reasons::{self, percent},
        rows::{Row, change, rows},
    },
    print::escape,
};

/// A part as an object of JSON.
pub(super) fn object(
    position: Position,
    source: &str,
    output: &str,
    decisions: &[Decision],
    reasons: &[reasons::Reason],
) -> Value {
    let decisions: Vec<_> =
        decisions.iter().zip(reasons).map(|(decision, reason)| decision_json(decision, reason)).collect();
    json!({
        "line": position.line, "column": position.column, "offset": position.offset, "source": source, "output": output,
        "decisions": decisions,
    })
}

/// A part with its entries, their other candidates, and scores.
pub(super) fn detailed(source: &str, output: &str, decisions: &[Decision], reasons: &[reasons::Reason]) -> String {
    let mut lines = format!("{}\n", change(source, output));
    let entries: Vec<_> = decisions.iter().map(row).collect();
    lines += &rows(&entries, 4);
    for (decision, reason) in decisions.iter().zip(reasons).filter(|(decision, _)| !decision.candidates.is_empty()) {
        let probability = decision.probability().map_or_else(String::new, |it| format!("{}: ", percent(it)));
        lines += &format!("        {probability}{}\n", reason.words);
        lines.extend(decision.candidates.iter().map(score));
    }
    lines
}

fn row(decision: &Decision) -> Row<'_> {
    let Decision { dictionary, key, value, alternatives: others, .. } = decision;
    Row { dictionary, key, value, others }
}

/// A candidate, its score, and what spoke for it and against it, as a line.
fn score(Candidate { text, score, features, .. }: &Candidate) -> String {
    let features: Vec<_> =
        features.iter().map(|Feature { name, weight, .. }| format!("{} {weight:+}", escape(name))).collect();
    let features = if features.is_empty() { String::new() } else { format!(": {}", features.join(", ")) };
    format!("        {text} {score}{features}\n")
}

fn decision_json(decision: &Decision, reason: &reasons::Reason) -> Value {
    let mut record = json!({
        "step": decision.step.name(), "stage": decision.step.stage(), "dictionary": decision.dictionary, "key": decision.key, "value": decision.value,
        "alternatives": decision.alternatives, "reason": reason.words, "probability": decision.probability(),
    });
    if let Step::Choice { margin } = decision.step {
        let feature = |feature: &Feature| json!({ "name": feature.name, "weight": feature.weight });
        let candidate = |Candidate { text, score, features, .. }: &Candidate| {
            let features: Vec<_> = features.iter().map(feature).collect();
            json!({ "text": text, "score": score, "features": features })
        };
        record["margin"] = margin.into();
        record["candidates"] = decision.candidates.iter().map(candidate).collect();
    }
    record
}

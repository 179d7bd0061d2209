//! A summary as JSON.

use fanjian::Named;
use serde_json::{Map, Value, json};

use crate::{
    commands::detect::{
        lines::{Part, json_record},
        summary::{REASONS, Reason, Summary, Suspicious},
    },
    report::json::rounded,
};

/// The summary as one object.
pub(super) fn summary(summary: &Summary) -> Value {
    let scripts: Map<_, _> = summary
        .scripts
        .iter()
        .map(|(script, count)| (script.name().to_owned(), json!({ "texts": count.texts, "han": count.han })))
        .collect();
    let lengths =
        summary.by_length().into_iter().map(|(from, to, texts)| json!({ "from": from, "to": to, "texts": texts }));
    let confidence =
        summary.by_confidence().into_iter().map(|(from, to, texts)| json!({ "from": from, "to": to, "texts": texts }));
    let named = summary
        .named
        .iter()
        .map(|(target, texts, others)| json!({ "target": target.name(), "texts": texts, "others": others }));
    let reasons: Map<_, _> =
        REASONS.iter().zip(summary.reasons).map(|(reason, texts)| (reason.name().to_owned(), texts.into())).collect();
    json!({
        "unit": if summary.is_of_records { "record" } else { "file" },
        "texts": summary.texts,
        "characters": summary.characters,
        "han": summary.han,
        "binary": summary.binary,
        "failed": summary.failed,
        "scripts": scripts,
        "lengths": lengths.collect::<Vec<_>>(),
        "confidence": confidence.collect::<Vec<_>>(),
        "machine_converted": { "texts": summary.machine_converted.texts, "han": summary.machine_converted.han },
        "named": named.collect::<Vec<_>>(),
        "suspicious": { "texts": summary.suspicious, "reasons": reasons },
        "worst": summary.worst().into_iter().map(suspicious).collect::<Vec<_>>(),
    })
}

fn suspicious(suspicious: &Suspicious) -> Value {
    let place = &suspicious.place;
    let part = Part { line: place.line, range: None, found: suspicious.found };
    let mut record = json_record(&place.path, &part);
    record["reasons"] = suspicious.reasons.iter().map(|reason| reason.name()).collect();
    let named = suspicious.reasons.iter().find_map(|reason| match reason {
        Reason::OtherThanNamed(target) => Some(target.name()),
        _ => None,
    });
    if let Some(named) = named {
        record["named"] = named.into();
    }
    if place.line.is_some() {
        record["beginning"] = place.beginning.clone().into();
    }
    record["confidence"] = rounded(suspicious.found.confidence()).into();
    record
}

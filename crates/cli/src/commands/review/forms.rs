//! The contexts as JSON and as a table.

use serde_json::{Value, json};

use super::{
    contexts::{Context, Contexts},
    places::{Choice, Place},
};

/// The object of a context.
pub(super) fn object(context: &Context, contexts: &Contexts) -> Value {
    let Context { place, count, places } = context;
    json!({
        "source": place.source, "output": place.output, "probability": rounded(place.probability),
        "lead": place.lead,
        "candidates": place.candidates.iter().map(candidate).collect::<Vec<_>>(),
        "count": count,
        "places": places.iter().map(|(file, place)| place_object(place, &contexts.files[*file].0)).collect::<Vec<_>>(),
    })
}

pub(super) fn candidate(Choice { text, score, reasons }: &Choice) -> Value {
    json!({ "text": text, "score": score, "why": reasons })
}

fn place_object(place: &Place, path: &str) -> Value {
    let mut object = json!({ "path": path });
    if let Some(part) = &place.part {
        object["part"] = part.clone().into();
    }
    if let Some(line) = place.line {
        object["line"] = line.into();
    }
    if let Some(column) = place.column {
        object["column"] = column.into();
    }
    object["before"] = place.before.clone().into();
    object["after"] = place.after.clone().into();
    object["occurrence"] = place.occurrence.into();
    object
}

/// A probability, to four places.
pub(super) fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

/// A line of JSON for each context.
pub(super) fn json_lines(contexts: &Contexts) -> impl Iterator<Item = String> + '_ {
    contexts.contexts.iter().map(|context| object(context, contexts).to_string())
}

/// The columns of the table.
const COLUMNS: [&str; 11] =
    ["probability", "count", "path", "part", "line", "column", "before", "source", "after", "output", "candidates"];

/// Whether a text begins as a table or as lines of JSON of a review.
pub(super) fn is_form(head: &str) -> bool {
    head.starts_with(&COLUMNS.join("\t")) || head.starts_with("{\"source\":") && head.contains(",\"probability\":")
}

/// A header, and a row for each context: of its first place.
pub(super) fn tsv_lines(contexts: &Contexts) -> impl Iterator<Item = String> + '_ {
    let row = |context: &Context| {
        let Context { place, count, places } = context;
        let (file, first) = &places[0];
        let number = |number: Option<usize>| number.map_or_else(String::new, |number| number.to_string());
        let candidates: Vec<_> = place.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
        let cells = [
            format!("{:.4}", place.probability),
            count.to_string(),
            contexts.files[*file].0.clone(),
            first.part.clone().unwrap_or_default(),
            number(first.line),
            number(first.column),
            first.before.clone(),
            first.source.clone(),
            first.after.clone(),
            place.output.clone(),
            candidates.join(" "),
        ];
        cells.map(|cell| cell.replace(['\t', '\r', '\n'], " ")).join("\t")
    };
    [COLUMNS.join("\t")].into_iter().chain(contexts.contexts.iter().map(row))
}

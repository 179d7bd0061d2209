//! JSON form of the report: an object for each file, and a summary.

use std::path::Path;

use fanjian_documents::FontGap;
use fanjian_records::Counts;
use serde_json::{Value, json};

use crate::{
    messages,
    report::{
        changes::Change,
        outcome::{Outcome, State, Totals},
    },
};

/// The object of a file.
pub(crate) fn file(outcome: &Outcome) -> Value {
    let mut object =
        json!({ "type": "file", "path": outcome.path.display().to_string(), "state": outcome.state.name() });
    match &outcome.state {
        State::Skipped(why) => object["message"] = messages::in_english_if(true, || why.to_string()).into(),
        State::Document(kind) => object["message"] = format!("document: {kind}").into(),
        State::Failed(message) => object["message"] = message.clone().into(),
        _ => {}
    }
    if let Some(conversion) = &outcome.conversion {
        let key = if conversion.target.is_some() { "target" } else { "config" };
        object[key] = conversion.name().into();
        if let Some(release) = &conversion.dictionaries {
            object["dictionaries"] = release.as_str().into();
        }
    }
    if let Some(found) = outcome.encoding {
        object["encoding"] = found.encoding.to_string().into();
        object["detected"] = found.confidence.is_some().into();
        if let Some(confidence) = found.confidence {
            object["confidence"] = rounded(confidence).into();
        }
    }
    if let Some(line) = outcome.unclosed_mark {
        object["unclosed_mark"] = line.into();
    }
    if let Some(marks) = outcome.overlooked_marks {
        object["overlooked_marks"] = json!({ "line": marks.line, "mark": marks.mark.to_string(), "more": marks.more });
    }
    if let Some(decided) = &outcome.decided {
        object["decisions"] =
            json!({ "applied": decided.applied(), "text_changed": decided.has_changed, "lost": decided.lost });
    }
    if let Some(findings) = &outcome.cleaned {
        findings.add_to(&mut object);
    }
    if let Some(done) = &outcome.document {
        object["format"] = done.format.name().into();
        object["groups"] = done.report.groups.into();
        object["changed_groups"] = done.report.changed.into();
        object["moved"] = done.report.moved.into();
        object["language_tags"] = done.report.tags.into();
        if done.format.is_container() {
            object["changed_parts"] = done.report.parts.into();
            object["left_parts"] = done.report.left.into();
            let font = |font: &FontGap| json!({ "part": font.part, "lacking": font.lacking });
            object["fonts"] = done.report.fonts.iter().map(font).collect();
        }
    }
    if let Some(to) = &outcome.destination {
        object["destination"] = to.display().to_string().into();
    }
    if let Some(counts) = &outcome.records {
        object["records"] = records(counts);
    }
    if !outcome.changes.is_empty() {
        object["changes"] = outcome.changes.iter().map(change).collect();
    }
    object
}

/// The object of a file or folder that has a new name, or would get one.
pub(crate) fn rename(from: &Path, to: &Path) -> Value {
    json!({ "type": "rename", "path": from.to_string_lossy(), "destination": to.to_string_lossy() })
}

/// The last object. `has_cleaning` is whether files could be left out.
pub(crate) fn summary(totals: &Totals, has_cleaning: bool) -> Value {
    let mut summary = json!({
        "type": "summary", "files": totals.files(), "changed": totals.changed, "unchanged": totals.unchanged,
        "skipped": totals.skipped, "failed": totals.failed,
    });
    if !totals.documents.is_empty() {
        summary["documents"] = json!(totals.documents);
    }
    if totals.renamed > 0 {
        summary["renamed"] = totals.renamed.into();
    }
    if has_cleaning {
        summary["dropped"] = totals.dropped.into();
    }
    if let Some(counts) = &totals.records {
        summary["finished"] = totals.finished.into();
        summary["records"] = records(counts);
    }
    summary
}

/// A probability, to three places: more digits are good for nothing.
pub(crate) fn rounded(confidence: f64) -> f64 {
    (confidence * 1000.0).round() / 1000.0
}

fn change(change: &Change) -> Value {
    let Change { line, column, source, output, kind, text, part, .. } = change;
    let mut object = match part {
        Some(part) => json!({ "part": &**part, "text": &**text, "column": column, "source": source, "output": output }),
        None => json!({ "line": line, "column": column, "source": source, "output": output }),
    };
    if let Some(kind) = kind {
        object["kind"] = kind.name().into();
    }
    object
}

fn records(counts: &Counts) -> Value {
    json!({
        "read": counts.read, "kept": counts.kept, "changed": counts.changed, "dropped": counts.dropped,
        "broken": counts.broken, "glossed": counts.glossed, "without_text": counts.without_text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::changes::changes;

    #[test]
    fn an_object_has_what_is_known_of_the_file() {
        let mut outcome = Outcome::new(Path::new("a.txt"), true, State::Changed);
        assert_eq!(file(&outcome).to_string(), r#"{"type":"file","path":"a.txt","state":"changed"}"#);
        outcome.destination = Some("out/a.txt".into());
        outcome.changes = changes("的头", "的頭", None, &[]);
        let object = file(&outcome);
        assert_eq!(object["destination"], "out/a.txt");
        assert_eq!(
            object["changes"],
            json!([{ "line": 1, "column": 2, "source": "头", "output": "頭", "kind": "script" }])
        );
        outcome.state = State::Failed("cannot read it".to_owned());
        assert_eq!(file(&outcome)["message"], "cannot read it");

        let mut totals = Totals::default();
        totals.add(&outcome);
        let expected = r#"{"type":"summary","files":1,"changed":0,"unchanged":0,"skipped":0,"failed":1}"#;
        assert_eq!(summary(&totals, false).to_string(), expected);
        assert_eq!(summary(&totals, true)["dropped"], 0);
    }
}

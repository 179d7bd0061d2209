//! A line for each text, for people or as JSON.

use std::ops::Range;

use fanjian::{Detection, Script, Span};
use serde_json::{Value, json};

use crate::{
    messages::{message, text, translatable},
    print,
    report::json::rounded,
};

/// A text, or a part of one, and its detection.
pub(super) struct Part {
    pub(super) line: Option<u64>,
    pub(super) range: Option<Range<usize>>,
    pub(super) found: Detection,
}

impl Part {
    pub(super) fn whole(found: Detection) -> Part {
        Part { line: None, range: None, found }
    }

    pub(super) fn line(line: u64, found: Detection) -> Part {
        Part { line: Some(line), range: None, found }
    }

    pub(super) fn span(span: Span) -> Part {
        Part { line: Some(span.line as u64), range: Some(span.range), found: span.detection }
    }
}

/// The record of a detection for programs, to which others may be added.
pub(super) fn json_record(name: &str, part: &Part) -> Value {
    let found = &part.found;
    let scores = found.scores();
    let mut record = json!({
        "path": name, "script": found.script().name(), "confidence": rounded(found.confidence()),
        "scores": {
            "simplified": rounded(scores.simplified), "traditional": rounded(scores.traditional), "taiwan": rounded(scores.taiwan),
            "hong_kong": rounded(scores.hong_kong), "standard": rounded(scores.standard), "japanese": rounded(scores.japanese),
        },
        "machine_converted": found.is_machine_converted(),
    });
    // The last count is evidence against Japanese, which the script shows.
    for (name, count) in found.counts().filter(|(name, _)| *name != "not_japanese") {
        record[name] = count.into();
    }
    if let Some(line) = part.line {
        record["line"] = line.into();
    }
    if let Some(range) = &part.range {
        record["start"] = range.start.into();
        record["end"] = range.end.into();
    }
    record
}

/// The record of a detection for people: the evidence for the script, and none for what it is not.
pub(super) fn text_record(name: &str, part: &Part) -> String {
    let found = &part.found;
    let name = print::escape(name);
    let at = match (part.line, &part.range) {
        (Some(line), Some(range)) => {
            message!("{name}:{line}: bytes {start}-{end}", name, line, start = range.start, end = range.end)
        }
        (Some(line), None) => format!("{name}:{line}"),
        _ => name,
    };
    let script = found.script();
    let confidence = match script {
        Script::Undecided | Script::NotChinese => String::new(),
        _ => format!(" {:.2}", found.confidence()),
    };
    let converted = if found.is_machine_converted() { text(", machine-converted") } else { String::new() };
    // The words and forms of a region are those of Traditional text.
    let (is_traditional, is_japanese) = (script.is_traditional(), script == Script::Japanese);
    let counts = [
        (true, found.han, translatable("Chinese"), translatable("Chinese")),
        (!is_japanese, found.simplified, translatable("only Simplified"), translatable("only Simplified")),
        (!is_japanese, found.traditional, translatable("only Traditional"), translatable("only Traditional")),
        (is_traditional, found.taiwan, translatable("form of Taiwan"), translatable("forms of Taiwan")),
        (is_traditional, found.hong_kong, translatable("form of Hong Kong"), translatable("forms of Hong Kong")),
        (is_traditional, found.taiwan_words, translatable("word of Taiwan"), translatable("words of Taiwan")),
        (is_traditional, found.hong_kong_words, translatable("word of Hong Kong"), translatable("words of Hong Kong")),
        (
            true,
            found.converted,
            translatable("word converted by characters"),
            translatable("words converted by characters"),
        ),
        (is_japanese, found.kana, translatable("kana"), translatable("kana")),
    ];
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(is_evidence, count, ..)| *is_evidence && *count > 0)
        .map(|(_, count, one, several)| {
            message!("{count} {what}", count, what = text(if count == 1 { one } else { several }))
        })
        .collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
    format!("{at}: {script}{confidence}{converted}{counts}")
}

#[cfg(test)]
mod tests {
    use fanjian::detect;

    use super::*;

    #[test]
    fn a_line_has_the_evidence_for_its_script() {
        let line = |text: &str| text_record("a", &Part::whole(detect(text)));
        // 台 and 着 are also forms of a region.
        assert_eq!(line("我们看着台灯"), "a: simplified 0.99 (6 Chinese, 2 only Simplified)");
        assert_eq!(line("我們心裡"), "a: taiwan 0.85 (4 Chinese, 2 only Traditional, 1 form of Taiwan)");
        assert_eq!(line("日本の国会は"), "a: japanese 1.00 (4 Chinese, 2 kana)");
        assert_eq!(line("一二三"), "a: undecided (3 Chinese)");
        assert_eq!(line("abc"), "a: not-chinese");
    }
}

use fanjian::{Converter, builtin_dictionaries};

use crate::{
    Source,
    targets::{joined, streamed},
};

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let tofu_risk = source.one_in(2);
    let (json, text) = if source.one_in(2) {
        let json = config(&mut source);
        (json, source.text(8))
    } else {
        let json = String::from_utf8_lossy(source.rest()).into_owned();
        (json, "我的头发在软件里，說著⿰头发\n頭髮".to_owned())
    };
    let Ok(converter) = Converter::builder().config_json(json).tofu_risk(tofu_risk).build() else { return };
    let converted = converter.convert(&text);
    assert_eq!(converter.reference().convert(&text), converted);
    let cuts: Vec<_> = text.as_bytes().chunks(2).map(<[u8]>::len).collect();
    assert_eq!(streamed(&converter, text.as_bytes(), &cuts), converted.as_bytes());
    assert_eq!(joined(&converter, &text), converted);
    assert_eq!(converter.inspect(&text).output, converted);
}

/// A configuration of the right form, as a rule.
fn config(source: &mut Source<'_>) -> String {
    let mut members = Vec::new();
    if !source.one_in(4) {
        members.push("\"name\": \"own\"".to_owned());
    }
    if source.one_in(3) {
        members.push(format!("\"normalization\": [{}]", stage(source)));
    }
    if source.one_in(2) {
        let kind = source.choose(&["mmseg", "mmseg", "mmseg", "other"]);
        members.push(format!("\"segmentation\": {{\"type\": \"{kind}\", \"dict\": {}}}", dictionary(source, 2)));
    }
    let stages: Vec<_> = (0..1 + source.below(3)).map(|_| stage(source)).collect();
    members.push(format!("\"conversion_chain\": [{}]", stages.join(", ")));
    format!("{{{}}}", members.join(", "))
}

fn stage(source: &mut Source<'_>) -> String {
    format!("{{\"dict\": {}}}", dictionary(source, 2))
}

fn dictionary(source: &mut Source<'_>, depth: usize) -> String {
    let tofu = if source.one_in(6) { ", \"may_output_tofu\": true" } else { "" };
    match source.byte() % 8 {
        0 | 1 if depth > 0 => {
            let policy = source.choose(&["", ", \"match_policy\": \"union\"", ", \"match_policy\": \"short_circuit\""]);
            let dictionaries: Vec<_> = (0..source.below(4)).map(|_| dictionary(source, depth - 1)).collect();
            format!("{{\"type\": \"group\"{policy}, \"dicts\": [{}]{tofu}}}", dictionaries.join(", "))
        }
        2 | 3 => {
            let entries: Vec<_> =
                (0..source.below(4)).map(|_| format!("{}: {}", json(source.word()), json(&source.text(2)))).collect();
            format!("{{\"type\": \"inline\", \"entries\": {{{}}}{tofu}}}", entries.join(", "))
        }
        _ => {
            let kind = source.choose(&["text", "ocd2"]);
            format!("{{\"type\": \"{kind}\", \"file\": \"{}.{}\"{tofu}}}", name(source), kind.replace("text", "txt"))
        }
    }
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn name(source: &mut Source<'_>) -> String {
    let names: Vec<_> = builtin_dictionaries().map(|dictionary| dictionary.name().to_owned()).collect();
    source.choose(&names).clone()
}

//! The page of a review: one file of HTML that needs no other.

use serde_json::{Value, json};

use super::{
    contexts::{Context, Contexts},
    forms::{candidate, rounded},
    places::Place,
};
use crate::messages;

const HTML: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
const STRINGS: &str = include_str!("page/strings.json");

/// The page with these contexts.
pub(super) fn page(contexts: &Contexts) -> String {
    let data = in_script(&data(contexts).to_string());
    let strings = in_script(STRINGS);
    let parts = [
        ("@LANGUAGE@", messages::tag()),
        ("@STYLE@", STYLE),
        ("@STRINGS@", &strings),
        ("@DATA@", &data),
        ("@SCRIPT@", SCRIPT),
    ];
    let mut page = String::with_capacity(HTML.len() + STYLE.len() + SCRIPT.len() + STRINGS.len() + data.len());
    let mut rest = HTML;
    // A text of the data may be a name of a part: each is looked for in the frame alone.
    for (name, part) in parts {
        let (before, behind) = rest.split_once(name).unwrap_or((rest, ""));
        page.push_str(before);
        page.push_str(part);
        rest = behind;
    }
    page + rest
}

/// Whether a text begins as such a page.
pub(super) fn is_page(head: &str) -> bool {
    head.starts_with("<!doctype html>") && head.contains("<title>fanjian review</title>")
}

/// JSON that can stand in an element `script`: without what would end it, or begin a comment.
fn in_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe += &format!("\\u{:04x}", u32::from(character)),
            _ => safe.push(character),
        }
    }
    safe
}

fn data(contexts: &Contexts) -> Value {
    let files: Vec<_> = contexts.files.iter().map(|(path, hash)| json!({ "path": path, "hash": hash })).collect();
    json!({
        "options": contexts.options, "files": files,
        "contexts": contexts.contexts.iter().map(context).collect::<Vec<_>>(),
    })
}

fn context(context: &Context) -> Value {
    let Context { place, count, places } = context;
    json!({
        "source": place.source, "output": place.output, "probability": rounded(place.probability),
        "candidates": place.candidates.iter().map(candidate).collect::<Vec<_>>(),
        "near": [place.near.0, place.near.1], "count": count,
        "left": parts(&place.left), "right": parts(&place.right),
        "places": places.iter().map(|(file, place)| listed(*file, place)).collect::<Vec<_>>(),
    })
}

/// Text that stays is a string; what changes is what it was, and what it became.
fn parts(parts: &[(String, String)]) -> Value {
    let part = |(source, output): &(String, String)| match source == output {
        true => json!(source),
        false => json!([source, output]),
    };
    parts.iter().map(part).collect()
}

fn listed(file: usize, place: &Place) -> Value {
    let Place { part, line, column, before, after, occurrence, left, right, .. } = place;
    json!({
        "file": file, "part": part, "line": line, "column": column, "before": before, "after": after,
        "occurrence": occurrence, "left": parts(left), "right": parts(right),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn nothing_in_a_text_ends_the_script() {
        let json = in_script(r#""</script><!--<b>&\u2028""#);
        assert!(!json.contains(['<', '>', '&']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), "</script><!--<b>&\u{2028}");
    }

    #[test]
    fn every_string_is_there_in_each_language_and_is_used() {
        let strings: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(STRINGS).unwrap();
        assert_eq!(strings.keys().collect::<Vec<_>>(), ["en", "zh-CN", "zh-TW"]);
        let english = &strings["en"];
        for (language, texts) in &strings {
            assert!(texts.keys().eq(english.keys()), "{language}");
            assert!(texts.values().all(|text| !text.is_empty()), "{language}");
        }
        for key in english.keys() {
            let is_used = SCRIPT.contains(&format!("\"{key}\"")) || HTML.contains(&format!("\"{key}\""));
            assert!(is_used, "{key}");
        }
    }

    #[test]
    fn the_page_fetches_nothing() {
        let page = page(&Contexts::default());
        assert!(page.contains("default-src 'none'"));
        for remote in
            ["http://", "https://", "src=", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "eval("]
        {
            assert!(!page.contains(remote), "{remote}");
        }
    }
}

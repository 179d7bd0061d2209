//! The texts: sentences of the tree, and what is made of them.

use std::{fmt::Write as _, fs, io, path::Path};

/// Sentences with regional words: those of `tests/vocabulary/NAME.txt` without their marks, in two halves.
///
/// A converter reads the first one before anything is counted: it has then made what it makes once, and has met other
/// text than the second one.
pub(crate) fn sentences(name: &str) -> io::Result<[String; 2]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vocabulary");
    let text = fs::read_to_string(folder.join(name).with_extension("txt"))?;
    let mut halves = [const { String::new() }; 2];
    for (index, line) in text.lines().filter(|line| !line.starts_with('#')).enumerate() {
        let half = &mut halves[index % 2];
        for part in line.split('[') {
            // `word|its value]rest`, but for the first part.
            match part.split_once(']') {
                None => *half += part,
                Some((marked, rest)) => {
                    *half += marked.split('|').next().unwrap_or_default();
                    *half += rest;
                }
            }
        }
        half.push('\n');
    }
    Ok(halves)
}

/// A page with a paragraph for each line, with as much markup as pages have.
pub(crate) fn html(text: &str) -> String {
    let mut page = String::new();
    for (number, line) in text.lines().enumerate() {
        let _ = writeln!(
            page,
            "<p class=\"paragraph\" id=\"p{number}\"><span lang=\"zh\" dir=\"ltr\">{line}</span>\
             <a href=\"https://example.org/pages/index.html?page={number}&amp;language=zh\">#</a></p>",
        );
    }
    page
}

/// Strings of this number of characters.
pub(crate) fn strings(text: &str, characters: usize) -> Vec<String> {
    let all: Vec<char> = text.chars().filter(|&character| character != '\n').collect();
    all.chunks_exact(characters).map(String::from_iter).collect()
}

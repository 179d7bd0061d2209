//! Sentences in which words are marked: `tests/vocabulary/README.md` has the format.

use std::{fs, io, ops::Range, path::Path};

use fanjian::Target;

/// The configurations that there are sentences for.
pub(crate) const CONFIGS: [&str; 4] = ["s2twp", "s2hkp", "tw2sp", "hk2sp"];

/// The target that does what a configuration does.
pub(crate) fn target(config: &str) -> Target {
    match config {
        "s2twp" => Target::Taiwan,
        "s2hkp" => Target::HongKong,
        _ => Target::Simplified,
    }
}

pub(crate) struct Sentence {
    /// Without the marks.
    pub(crate) text: String,
    pub(crate) marks: Vec<Mark>,
}

pub(crate) struct Mark {
    /// Where the word is, in characters.
    pub(crate) places: Range<usize>,
    /// What it may become; nothing if it stays.
    pub(crate) values: Vec<String>,
}

impl Sentence {
    fn parse(line: &str) -> Sentence {
        let mut sentence = Sentence { text: String::new(), marks: Vec::new() };
        for part in line.split_inclusive(']') {
            let (plain, marked) = part.split_once('[').unwrap_or((part, ""));
            sentence.text += plain;
            if let Some(marked) = marked.strip_suffix(']') {
                let start = sentence.text.chars().count();
                let mut forms = marked.split('|');
                sentence.text += forms.next().unwrap_or_default();
                let places = start..sentence.text.chars().count();
                sentence.marks.push(Mark { places, values: forms.map(str::to_owned).collect() });
            }
        }
        sentence
    }

    /// The sentences of a configuration.
    pub(crate) fn read(folder: &Path, config: &str) -> io::Result<Vec<Sentence>> {
        let text = fs::read_to_string(folder.join(format!("{config}.txt")))?;
        Ok(text.lines().filter(|line| !line.starts_with('#')).map(Sentence::parse).collect())
    }
}

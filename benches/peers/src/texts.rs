//! The texts that are converted, as files that all workers read.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use worker::Result;

/// How much text the measurement of memory converts, in bytes.
const MEMORY: usize = 20_000_000;
/// How much text a file for the command holds, in bytes.
const LARGE: usize = 200_000_000;
/// Lengths of short strings, in characters of three bytes mostly, and what they are called.
pub(crate) const LENGTHS: [(usize, &str); 4] =
    [(10, "10 characters"), (30, "30 characters"), (100, "100 characters"), (341, "1 KB")];
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

/// Writes the texts to a folder of their own, cut at a line's end after so many megabytes.
pub(crate) fn prepare(corpus: &Path, megabytes: Option<f64>) -> Result<Texts> {
    let folder = import::root().join("target/peers");
    fs::create_dir_all(&folder)?;
    let read = |name: &str| {
        fs::read_to_string(corpus.join(name))
            .map_err(|error| format!("{}: {error}; run benches/corpus.py first", corpus.join(name).display()))
    };
    let mut bytes = BTreeMap::new();
    for script in ["simplified", "traditional"] {
        for kind in ["txt", "html"] {
            let name = format!("{script}.{kind}");
            let mut text = read(&name)?;
            if kind == "txt" {
                fs::write(folder.join(format!("{script}.memory")), repeated(&text, MEMORY))?;
                for (length, name) in LENGTHS {
                    fs::write(folder.join(format!("{script}, {name}")), strings(&text, length))?;
                }
            }
            if let Some(limit) = megabytes.map(|megabytes| (megabytes * 1e6) as usize) {
                text.truncate(end_of_line(&text, limit));
            }
            fs::write(folder.join(&name), &text)?;
            bytes.insert(name, text.len());
        }
    }
    let text = read("simplified.txt")?;
    fs::write(folder.join("small"), &text[..end_of_line(&text, 1024)])?;
    fs::write(folder.join("large"), repeated(&text, LARGE))?;
    Ok(Texts { folder, bytes, sources: serde_json::from_str(&read("sources.json")?)? })
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

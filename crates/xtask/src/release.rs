//! A release of dictionaries, for the trials of packages that take one.

use fanjian::Dictionaries;
use import::Result;

/// The bytes of a release with the configuration s2t, by which 头发 becomes 首髮 and all else stays.
pub(crate) fn one_word(name: &str) -> Result<Vec<u8>> {
    let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "Words.txt"}}]}"#;
    let files = [("Words.txt", "头发\t首髮\n"), ("s2t.json", json)];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    Ok(Dictionaries::from_files(name, files)?.to_bytes()?)
}

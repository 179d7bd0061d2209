//! The words of the built-in dictionaries, to make texts of.

use std::{fs, path::Path};

/// All keys and values of the built-in dictionaries.
pub(crate) fn words() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
    let mut words = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            words.extend(lines.flat_map(|line| line.split(['\t', ' '])).map(str::to_owned));
        }
    }
    words.sort();
    words.dedup();
    words
}

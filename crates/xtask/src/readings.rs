//! The readings of characters, for cleaning: one compact file, from the crate `pinyin`.

use std::collections::BTreeMap;

use import::Result;
use pinyin::ToPinyinMulti;

use crate::generated;

const FILE: &str = "crates/clean/src/readings.txt";
const HEAD: &str = "# Readings in pinyin, each with the characters that have it, in the order of their code points. From the crate pinyin
# 0.11, whose data are those of pinyin-data (see NOTICE). Written by `cargo xtask generate`.
";

/// Writes the file, or with `check` only compares.
pub(crate) fn generate(check: bool) -> Result<()> {
    let mut characters: BTreeMap<&str, String> = BTreeMap::new();
    for character in '\u{3000}'..='\u{3ffff}' {
        for reading in character.to_pinyin_multi().into_iter().flatten() {
            let found = characters.entry(reading.with_tone()).or_default();
            if !found.ends_with(character) {
                found.push(character);
            }
        }
    }
    let lines: String = characters.iter().map(|(reading, characters)| format!("{reading}\t{characters}\n")).collect();
    generated::whole(FILE, &format!("{HEAD}{lines}"), check)
}

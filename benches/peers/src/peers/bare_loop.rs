//! The least that a conversion has to do: decode a character, look it up in a table, encode it. No phrases.

use std::borrow::Cow;

use fanjian::{Config, Converter};
use worker::{CONFIGS, Peer};

pub(super) const PEER: Peer = Peer {
    configs: &CONFIGS,
    load: |config| {
        let table = table(config.parse()?);
        Ok(Box::new(move |text| {
            let mut out = String::with_capacity(text.len());
            for character in text.chars() {
                out.push(table.get(character as usize).copied().unwrap_or(character));
            }
            Cow::Owned(out)
        }))
    },
};

/// What becomes of each character of the basic plane when it is alone, after all stages of the configuration.
fn table(config: Config) -> Vec<char> {
    let converter = Converter::new(config);
    let alone = |code| {
        // The surrogates are no characters; they keep the places filled.
        let character = char::from_u32(code).unwrap_or_default();
        let text = character.to_string();
        let converted = converter.convert(&text);
        let mut characters = converted.chars();
        characters.next().filter(|_| characters.next().is_none()).unwrap_or(character)
    };
    (0..=0xffff).map(alone).collect()
}

//! Cleaning of whole texts: held in memory up to a limit, and what is told of them.

use std::{mem, sync::Arc};

use fanjian_clean::{Cleaned, Glosses, Options};
use serde_json::{Value, json};

use crate::arguments::Policy;

/// What is done to a text, and how much of it is held for that, in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cleaning {
    pub(crate) options: Options,
    pub(crate) limit: usize,
    /// Whether each gloss is to be told, and not only how many there are.
    pub(crate) has_places: bool,
}

/// What was found in a text, and done to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) glosses: usize,
    pub(crate) characters: usize,
    pub(crate) share: f64,
    pub(crate) damages: usize,
    pub(crate) unrepaired: usize,
    /// The text is to be left out.
    pub(crate) is_dropped: bool,
    /// The text was too long to be held, and went through as it is.
    pub(crate) is_too_long: bool,
    places: Option<Value>,
}

/// Cleans a text that comes in pieces.
pub(crate) struct Cleaner {
    cleaning: Arc<Cleaning>,
    policy: Policy,
    text: Vec<u8>,
    pub(crate) found: Found,
}

impl Cleaner {
    pub(crate) fn new(cleaning: &Arc<Cleaning>, policy: Policy) -> Cleaner {
        Cleaner { cleaning: Arc::clone(cleaning), policy, text: Vec::new(), found: Found::default() }
    }

    /// Takes another piece, and appends what is done: nothing before the last one, unless the text is too long.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        if !self.found.is_too_long {
            self.text.extend_from_slice(piece);
            if self.text.len() <= self.cleaning.limit {
                return if is_last { self.clean(out) } else { Ok(()) };
            }
            self.found.is_too_long = true;
            out.append(&mut self.text);
            return Ok(());
        }
        out.extend_from_slice(piece);
        Ok(())
    }

    fn clean(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let bytes = mem::take(&mut self.text);
        let lossy;
        let text = match (str::from_utf8(&bytes), self.policy) {
            (Ok(text), _) => text,
            (Err(_), Policy::Replace) => {
                lossy = String::from_utf8_lossy(&bytes);
                &*lossy
            }
            (Err(error), _) => {
                let at = error.valid_up_to();
                return Err(format!(
                    "not UTF-8: invalid byte 0x{:02X} at offset {at} (--from-encoding auto finds out what it is; \
                     --invalid-utf8 replace puts U+FFFD in its place)",
                    bytes[at]
                ));
            }
        };
        let Cleaned { text: cleaned, found, .. } = fanjian_clean::clean(text, &self.cleaning.options);
        self.found = Found {
            glosses: found.glosses.len(),
            characters: found.characters,
            share: found.share,
            damages: found.damages.len(),
            unrepaired: found.unrepaired().count(),
            is_dropped: cleaned.is_none(),
            is_too_long: false,
            places: self.cleaning.has_places.then(|| places(text, &found)),
        };
        out.extend_from_slice(cleaned.unwrap_or_default().as_bytes());
        Ok(())
    }
}

impl Found {
    /// A line for people.
    pub(crate) fn line(&self) -> String {
        let Found { glosses, characters, share, damages, unrepaired, .. } = self;
        if *glosses == 0 && *damages == 0 {
            return "no glosses of a machine".to_owned();
        }
        let places = if *damages == 1 { "place" } else { "places" };
        let damage = match (damages, unrepaired) {
            (0, _) => String::new(),
            (damages, 0) => format!("; damage in {damages} {places}, which can be mended"),
            (damages, unrepaired) => format!("; damage in {damages} {places}, {unrepaired} of which cannot be mended"),
        };
        format!("{glosses} glosses of {characters} characters, on {:.1} % of the Chinese ones{damage}", 100.0 * share)
    }

    /// Adds it to the record of a file.
    pub(crate) fn add_to(&self, record: &mut Value) {
        let Found { glosses, characters, share, damages, unrepaired, is_too_long, .. } = self;
        record["gloss_count"] = (*glosses).into();
        record["glossed_characters"] = (*characters).into();
        record["gloss_share"] = ((share * 10_000.0).round() / 10_000.0).into();
        record["damage_count"] = (*damages).into();
        record["unrepaired_count"] = (*unrepaired).into();
        record["too_long"] = (*is_too_long).into();
        if let Some(Value::Object(places)) = &self.places {
            places.iter().for_each(|(name, places)| record[name] = places.clone());
        }
    }
}

/// All glosses and damage: where, in bytes of the text as UTF-8, and what stands there.
fn places(text: &str, found: &Glosses) -> Value {
    let glosses = found.glosses.iter().map(|gloss| {
        json!({
            "start": gloss.span.start, "end": gloss.span.end, "text": &text[gloss.span.clone()],
            "character": gloss.character, "reading": gloss.reading,
        })
    });
    let glosses: Vec<_> = glosses.collect();
    let damages: Vec<_> = found
        .damages
        .iter()
        .map(|damage| {
            json!({
                "start": damage.span.start, "end": damage.span.end, "text": &text[damage.span.clone()],
                "original": damage.original,
            })
        })
        .collect();
    json!({ "glosses": glosses, "damages": damages })
}

//! Cleaning of whole texts, which are held in memory up to a limit.

use std::{mem, sync::Arc};

use fanjian::{Error, InvalidUtf8};
use fanjian_clean::{Cleaned, Glosses, Options};
use serde_json::{Value, json};

use crate::messages::{message, text};

/// What is done to a text, and how much of it is held for that, in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cleaning {
    pub(crate) options: Options,
    pub(crate) limit: usize,
    /// Whether the findings list each gloss, and not only how many there are.
    pub(crate) has_places: bool,
}

/// What cleaning found in a text, and did to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    pub(crate) glosses: usize,
    pub(crate) characters: usize,
    pub(crate) share: f64,
    pub(crate) damages: usize,
    pub(crate) unrepaired: usize,
    /// The text is to be left out.
    pub(crate) is_dropped: bool,
    places: Option<Value>,
}

/// Cleans a text that comes in pieces.
pub(crate) struct Cleaner {
    cleaning: Arc<Cleaning>,
    policy: InvalidUtf8,
    text: Vec<u8>,
    pub(crate) findings: Findings,
}

impl Cleaner {
    pub(crate) fn new(cleaning: &Arc<Cleaning>, policy: InvalidUtf8) -> Cleaner {
        Cleaner { cleaning: Arc::clone(cleaning), policy, text: Vec::new(), findings: Findings::default() }
    }

    /// Takes another piece, and appends what is done: nothing before the last one. Whether a machine made the glosses is
    /// decided by the whole text, so that one which is too long to be held cannot be cleaned part by part.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        let limit = self.cleaning.limit;
        if piece.len() > limit - self.text.len() {
            return Err(message!(
                "longer than {limit} bytes, which a text to be cleaned may have at most: raise --limit",
                limit
            ));
        }
        self.text.extend_from_slice(piece);
        if is_last { self.clean(out) } else { Ok(()) }
    }

    fn clean(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let bytes = mem::take(&mut self.text);
        let lossy;
        let text = match (str::from_utf8(&bytes), self.policy) {
            (Ok(text), _) => text,
            (Err(_), InvalidUtf8::Replace) => {
                lossy = String::from_utf8_lossy(&bytes);
                &*lossy
            }
            (Err(_), _) => {
                return Err(message!(
                    "{error} (--from-encoding auto detects the encoding; --invalid-utf8 replace writes U+FFFD instead)",
                    error = Error::invalid_utf8(&bytes, 0)
                ));
            }
        };
        let Cleaned { text: cleaned, found, .. } = fanjian_clean::clean(text, &self.cleaning.options);
        self.findings = Findings {
            glosses: found.glosses.len(),
            characters: found.characters,
            share: found.share,
            damages: found.damages.len(),
            unrepaired: found.unrepaired().count(),
            is_dropped: cleaned.is_none(),
            places: self.cleaning.has_places.then(|| places(text, &found)),
        };
        out.extend_from_slice(cleaned.unwrap_or_default().as_bytes());
        Ok(())
    }
}

impl Findings {
    /// A line for people.
    pub(crate) fn line(&self) -> String {
        let Findings { glosses, characters, share, damages, unrepaired, .. } = self;
        if *glosses == 0 && *damages == 0 {
            return text("no machine-made glosses");
        }
        let damage = match (damages, unrepaired) {
            (0, _) => String::new(),
            (1, 0) => text("; damage in 1 place, which can be repaired"),
            (1, _) => text("; damage in 1 place, which cannot be repaired"),
            (damages, 0) => message!("; damage in {damages} places, which can be repaired", damages),
            (damages, unrepaired) => {
                message!("; damage in {damages} places, {unrepaired} of which cannot be repaired", damages, unrepaired)
            }
        };
        message!(
            "{glosses} glosses of {characters} characters, on {share} % of the Chinese ones{damage}",
            glosses,
            characters,
            share = format!("{:.1}", 100.0 * share),
            damage
        )
    }

    /// Adds it to the record of a file.
    pub(crate) fn add_to(&self, record: &mut Value) {
        let Findings { glosses, characters, share, damages, unrepaired, .. } = self;
        record["gloss_count"] = (*glosses).into();
        record["glossed_characters"] = (*characters).into();
        record["gloss_share"] = ((share * 10_000.0).round() / 10_000.0).into();
        record["damage_count"] = (*damages).into();
        record["unrepaired_count"] = (*unrepaired).into();
        if let Some(Value::Object(places)) = &self.places {
            places.iter().for_each(|(name, places)| record[name] = places.clone());
        }
    }
}

/// All glosses and damage: their places, in bytes of the text as UTF-8, and their text.
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

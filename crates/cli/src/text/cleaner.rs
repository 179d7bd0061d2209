//! Cleaning of whole texts, which are held in memory up to a limit.

use std::{mem, ops::Range, sync::Arc};

use fanjian::{Error, InvalidUtf8};
use fanjian_clean::{Cleaned, Damage, Gloss, Glosses, Options};
use fanjian_documents::{Format, Group, Options as DocumentOptions};
use serde_json::{Value, json};

use crate::{
    io::encodings::Encoding,
    messages::{message, text},
    text::{
        clean_document::{self, CleanedDocument},
        document::{self, Done, Seen},
    },
};

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

/// Cleans a text that comes in pieces, or a document: the bytes of an archive, or a text.
pub(crate) struct Cleaner {
    cleaning: Arc<Cleaning>,
    policy: InvalidUtf8,
    document: Option<(Format, DocumentOptions)>,
    text: Vec<u8>,
    pub(crate) findings: Findings,
    /// What was done to a document. None before the end.
    pub(crate) done: Option<Done>,
    /// The texts of an archive, and what they became.
    pub(crate) shown: Option<Seen>,
}

impl Cleaner {
    pub(crate) fn new(
        cleaning: &Arc<Cleaning>,
        policy: InvalidUtf8,
        document: Option<(Format, DocumentOptions)>,
    ) -> Cleaner {
        Cleaner {
            cleaning: Arc::clone(cleaning),
            policy,
            document,
            text: Vec::new(),
            findings: Findings::default(),
            done: None,
            shown: None,
        }
    }

    /// The format of a document. None: plain text.
    pub(crate) fn format(&self) -> Option<Format> {
        self.document.as_ref().map(|(format, _)| *format)
    }

    /// The encoding in which a document is, and stays.
    pub(crate) fn keep_encoding(&mut self, encoding: Encoding) {
        if let Some((_, options)) = &mut self.document {
            *options = options.clone().kept_encoding(Some(encoding.to_string()));
        }
    }

    pub(crate) fn is_of_archive(&self) -> bool {
        self.format().is_some_and(Format::is_container)
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
        let (bytes, folded) = document::readable(mem::take(&mut self.text), self.format(), self.policy);
        if self.is_of_archive() {
            return self.clean_document(&bytes, None, out);
        }
        let text = str::from_utf8(&bytes).map_err(|_| {
            message!(
                "{error} (--from-encoding auto detects the encoding; --invalid-utf8 replace writes U+FFFD instead)",
                error = Error::invalid_utf8(&bytes, 0)
            )
        })?;
        if self.document.is_some() {
            return self.clean_document(&bytes, folded, out);
        }
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

    /// `folded` is what the document is if nothing changes, unless that is the source.
    fn clean_document(&mut self, source: &[u8], folded: Option<Vec<u8>>, out: &mut Vec<u8>) -> Result<(), String> {
        let Some((format, options)) = &self.document else { return Ok(()) };
        let CleanedDocument { bytes, old, found, new, report } =
            clean_document::clean(source, *format, options, &self.cleaning.options)
                .map_err(|error| document::message(&error, *format, source))?;
        self.done = Some(Done { format: *format, report });
        self.shown = format.is_container().then(|| Seen::of_groups(&old, &new));
        let of_all = found.first();
        self.findings = Findings {
            glosses: found.iter().map(|found| found.glosses.len()).sum(),
            characters: of_all.map_or(0, |found| found.characters),
            share: of_all.map_or(0.0, |found| found.share),
            damages: found.iter().map(|found| found.damages.len()).sum(),
            unrepaired: found.iter().map(|found| found.unrepaired().count()).sum(),
            is_dropped: bytes.is_none(),
            places: self.cleaning.has_places.then(|| places_in_document(&old, &found)),
        };
        match (folded, bytes.unwrap_or_default()) {
            (Some(folded), bytes) if bytes == source => out.extend_from_slice(&folded),
            (_, bytes) => out.extend_from_slice(&bytes),
        }
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
    json!({
        "glosses": found.glosses.iter().map(|gloss| of_gloss(text, gloss)).collect::<Vec<_>>(),
        "damages": found.damages.iter().map(|damage| of_damage(text, damage)).collect::<Vec<_>>(),
    })
}

/// The same in the groups of a document, in bytes of it, or of a part of an archive.
fn places_in_document(groups: &[Group], found: &[Glosses]) -> Value {
    let placed = |group: &Group, mut found: Value, span: &Range<usize>| {
        found["start"] = group.place(span.start).into();
        // Of the last byte, as there may be markup behind it.
        found["end"] = (group.place(span.end - 1) + 1).into();
        if let Some(part) = &group.part {
            found["part"] = part.as_str().into();
        }
        found
    };
    let (mut glosses, mut damages) = (Vec::new(), Vec::new());
    for (group, found) in groups.iter().zip(found) {
        let of_group = found.glosses.iter().map(|gloss| placed(group, of_gloss(&group.text, gloss), &gloss.span));
        glosses.extend(of_group);
        let of_group = found.damages.iter().map(|damage| placed(group, of_damage(&group.text, damage), &damage.span));
        damages.extend(of_group);
    }
    json!({ "glosses": glosses, "damages": damages })
}

fn of_gloss(text: &str, gloss: &Gloss) -> Value {
    json!({
        "start": gloss.span.start, "end": gloss.span.end, "text": &text[gloss.span.clone()],
        "character": gloss.character, "reading": gloss.reading,
    })
}

fn of_damage(text: &str, damage: &Damage) -> Value {
    json!({
        "start": damage.span.start, "end": damage.span.end, "text": &text[damage.span.clone()],
        "original": damage.original,
    })
}

//! From the bytes of a file to the bytes that it becomes: decoded, converted, encoded.

use std::sync::Arc;

use fanjian::Converter;

use crate::{
    arguments::Policy,
    cleaning::{self, Cleaner, Cleaning},
    encodings::{Decode, Encode, Encoding, Found},
    passages::{Passages, Rules},
};

/// How a text is converted.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) converter: Converter,
    pub(crate) rules: Arc<Rules>,
    pub(crate) invalid: Policy,
    /// None: what the file has.
    pub(crate) to: Option<Encoding>,
    /// What stands for characters that this encoding lacks.
    pub(crate) replacement: Option<String>,
    /// Each line is a text of its own.
    pub(crate) by_lines: bool,
    /// The text is cleaned, as a whole, rather than converted alone.
    pub(crate) cleaning: Option<Arc<Cleaning>>,
}

/// Converts the bytes of one file, which come in pieces.
pub(crate) struct Transform {
    decode: Decode,
    passages: Passages,
    cleaner: Option<Cleaner>,
    encode: Encode,
    text: Vec<u8>,
    converted: Vec<u8>,
    /// The whole text and what it became, as UTF-8, for whoever wants to look at both.
    pub(crate) seen: Option<(Vec<u8>, Vec<u8>)>,
    /// How many bytes of byte order mark are still to be left out.
    skip: usize,
    mark: &'static [u8],
}

impl Transform {
    pub(crate) fn new(settings: &Settings, found: Found) -> Transform {
        let Found { encoding: from, has_mark, .. } = found;
        let to = settings.to.unwrap_or(from);
        // Of text that stays UTF-8, the mark is a character like others.
        let is_plain = from.is_utf_8() && to.is_utf_8();
        let skip = if has_mark && !is_plain { from.mark().len() } else { 0 };
        // A mark tells the byte order, which UTF-8 has not: it is kept, but not made.
        let mark = if has_mark && !is_plain && !to.is_utf_8() { to.mark() } else { b"" };
        let passages = Passages::new(&settings.converter, settings.invalid.into(), &settings.rules, settings.by_lines);
        Transform {
            decode: Decode::new(from, settings.invalid, skip),
            passages: passages.starting_at(if from.is_utf_8() { skip } else { 0 }),
            cleaner: settings.cleaning.as_ref().map(|cleaning| Cleaner::new(cleaning, settings.invalid)),
            encode: Encode::new(to, settings.replacement.clone()),
            text: Vec::new(),
            converted: Vec::new(),
            seen: None,
            skip,
            mark,
        }
    }

    /// What cleaning found in the text, when all of it has been pushed.
    pub(crate) fn cleaned(&mut self) -> Option<cleaning::Found> {
        self.cleaner.take().map(|cleaner| cleaner.found)
    }

    /// Converts another piece, and appends what can be decided; all that is left, with the last piece. Errors are of the text
    /// before which all is done.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        let skipped = self.skip.min(piece.len());
        self.skip -= skipped;
        let piece = &piece[skipped..];
        out.extend_from_slice(std::mem::take(&mut self.mark));
        self.text.clear();
        self.converted.clear();
        let decoded = self.decode.push(piece, is_last, &mut self.text);
        let hint = " (--from-encoding auto finds out what it is; --invalid-utf8 replace or pass converts the rest)";
        let is_end = is_last && decoded.is_ok();
        let converted = match &mut self.cleaner {
            Some(cleaner) => cleaner.push(&self.text, is_end, &mut self.converted),
            None => {
                self.passages.push(&self.text, is_end, &mut self.converted).map_err(|error| format!("{error}{hint}"))
            }
        };
        if let Some((text, all)) = &mut self.seen {
            text.extend_from_slice(&self.text);
            all.extend_from_slice(&self.converted);
        }
        let encoded = self.encode.push(&self.converted, is_last, out);
        decoded.and(converted).and(encoded)
    }
}

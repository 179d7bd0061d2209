//! Conversion of the bytes of one file: decoded, cleaned or converted, encoded.

use std::sync::Arc;

use fanjian::{Converter, InvalidUtf8};
use fanjian_documents::{Format, Options, whole_characters};

use crate::{
    io::encodings::{Decoder, Encoder, Encoding, FileEncoding},
    text::{
        cleaner::{Cleaner, Cleaning, Findings},
        decisions::{Decided, FileDecisions},
        document::{Document, Done, Seen},
        invalid_bytes,
        protected::{OverlookedMarks, ProtectedRegions, Rules},
    },
};

/// How a text is converted.
#[derive(Clone, Debug)]
pub(crate) struct TextOptions {
    pub(crate) converter: Converter,
    pub(crate) rules: Arc<Rules>,
    pub(crate) invalid: InvalidUtf8,
    /// None: the encoding of the file.
    pub(crate) to: Option<Encoding>,
    /// The replacement for characters that this encoding lacks.
    pub(crate) replacement: Option<String>,
    /// The text is cleaned, as a whole, rather than converted alone.
    pub(crate) cleaning: Option<Arc<Cleaning>>,
    /// How documents are converted.
    pub(crate) documents: Options,
    /// The text is a document of this format. None: it is plain text.
    pub(crate) document: Option<Format>,
    /// The decisions of a person about the text.
    pub(crate) decisions: Option<FileDecisions>,
}

/// Converts the bytes of one file, which come in pieces.
pub(crate) struct Transform {
    decoder: Decoder,
    regions: ProtectedRegions,
    cleaner: Option<Cleaner>,
    document: Option<Document>,
    encoder: Encoder,
    /// The encoding of a document that keeps its own: known when all of its text is.
    kept: Option<Encoding>,
    replacement: Option<String>,
    text: Vec<u8>,
    converted: Vec<u8>,
    /// The whole text and what it became, as UTF-8, for whoever wants to look at both.
    pub(crate) seen: Option<Seen>,
    /// How many bytes of byte order mark are still to be left out.
    skip: usize,
    mark: &'static [u8],
}

impl Transform {
    /// `head` is the beginning of the file, if it is to be looked at for the script of its first lines.
    pub(crate) fn new(options: &TextOptions, found: FileEncoding, head: Option<&[u8]>) -> Transform {
        let FileEncoding { encoding: from, has_mark, .. } = found;
        // An archive stays what it is.
        let is_archive = options.document.is_some_and(Format::is_container);
        let to = options.to.filter(|_| !is_archive).unwrap_or(from);
        // Of text that stays UTF-8, the mark is a character like others.
        let is_plain = from.is_utf_8() && to.is_utf_8();
        let skip = if has_mark && !is_plain { from.mark().len() } else { 0 };
        // A mark marks the byte order, which UTF-8 does not have: it is kept, but not added.
        let mark = if has_mark && !is_plain && !to.is_utf_8() { to.mark() } else { b"" };
        // Where a document states its encoding, it states the new one.
        let documents = || {
            let documents = options.documents.clone();
            if to == from {
                documents.kept_encoding(Some(to.to_string()))
            } else {
                documents.encoding(Some(to.to_string()))
            }
        };
        let document = options.document.map(|format| (format, documents()));
        let (cleaner, document) = match &options.cleaning {
            Some(cleaning) => (Some(Cleaner::new(cleaning, options.invalid, document)), None),
            None => (None, document),
        };
        let document = document.map(|(format, documents)| {
            Document::new(format, documents, options.invalid).decided_by(options.decisions.clone())
        });
        let mut regions = ProtectedRegions::new(&options.converter, options.invalid, &options.rules)
            .decided_by(options.decisions.clone());
        regions = regions.starting_at(if from.is_utf_8() { skip } else { 0 });
        if let Some(head) = head.filter(|_| cleaner.is_none() && document.is_none()) {
            let head = head.get(skip..).unwrap_or_default();
            regions = regions.beginning_with(&Decoder::new(from, options.invalid, skip).beginning(head));
        }
        let has_format = document.is_some() || cleaner.as_ref().is_some_and(|cleaner| cleaner.format().is_some());
        Transform {
            decoder: Decoder::new(from, options.invalid, skip),
            regions,
            cleaner,
            document,
            encoder: Encoder::new(to, options.replacement.clone()),
            kept: (has_format && options.to.is_none()).then_some(from),
            replacement: options.replacement.clone(),
            text: Vec::new(),
            converted: Vec::new(),
            seen: None,
            skip,
            mark,
        }
    }

    /// The line of a mark that switched conversion off to the end, when all of the text has been pushed.
    pub(crate) fn unclosed_mark(&self) -> Option<u64> {
        let done = self.document.as_ref().and_then(|document| document.done.as_ref());
        self.regions.unclosed().or_else(|| done?.report.unclosed_mark.map(|line| line as u64))
    }

    /// Comments with a mark that does not count, when all of the text has been pushed.
    pub(crate) fn overlooked_marks(&self) -> Option<OverlookedMarks> {
        self.regions.overlooked()
    }

    /// What became of the decisions, when all of the text has been pushed.
    pub(crate) fn decided(&mut self) -> Option<Decided> {
        match &mut self.document {
            Some(document) => document.decided.take(),
            None => self.regions.decided(),
        }
    }

    /// The findings of cleaning, when all of the text has been pushed.
    pub(crate) fn cleaned(&self) -> Option<Findings> {
        self.cleaner.as_ref().map(|cleaner| cleaner.findings.clone())
    }

    /// The format of a document. None: plain text.
    pub(crate) fn format(&self) -> Option<Format> {
        let of_cleaner = || self.cleaner.as_ref()?.format();
        self.document.as_ref().map(|document| document.format).or_else(of_cleaner)
    }

    /// What was done to a document, when all of it has been pushed.
    pub(crate) fn document(&mut self) -> Option<Done> {
        match (&mut self.document, &mut self.cleaner) {
            (Some(document), _) => document.done.take(),
            (None, cleaner) => cleaner.as_mut()?.done.take(),
        }
    }

    /// The text that was last decoded, and what was last converted, as UTF-8.
    pub(crate) fn last(&self) -> (&[u8], &[u8]) {
        (&self.text, &self.converted)
    }

    /// A document that was read in an encoding is in another one, as its text shows. Nothing of it is written before its end.
    fn keep_encoding(&mut self, old: Encoding, new: Encoding) {
        if new == old {
            return;
        }
        self.kept = Some(new);
        self.encoder = Encoder::new(new, self.replacement.clone());
        match (&mut self.document, &mut self.cleaner) {
            (Some(document), _) => document.keep_encoding(new),
            (None, Some(cleaner)) => cleaner.keep_encoding(new),
            (None, None) => {}
        }
    }

    /// Converts another piece, and appends what can be decided; all that is left, with the last piece. Errors are of
    /// the text before which all is done.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        let skipped = self.skip.min(piece.len());
        self.skip -= skipped;
        let piece = &piece[skipped..];
        out.extend_from_slice(std::mem::take(&mut self.mark));
        self.text.clear();
        self.converted.clear();
        let decoded = self.decoder.push(piece, is_last, &mut self.text);
        let is_end = is_last && decoded.is_ok();
        if let Some(kept) = self.kept {
            self.keep_encoding(kept, kept.of_text(&self.text));
        }
        let converted = match (&mut self.document, &mut self.cleaner) {
            (Some(document), _) => document.push(&self.text, is_end, &mut self.converted),
            (None, Some(cleaner)) => cleaner.push(&self.text, is_end, &mut self.converted),
            (None, None) => {
                let result = self.regions.push(&self.text, is_end, &mut self.converted);
                result.map_err(|error| invalid_bytes(&error))
            }
        };
        let cleaned = self.cleaner.as_mut().filter(|cleaner| cleaner.is_of_archive());
        let archive = self.document.as_ref().filter(|document| document.is_archive());
        match (&mut self.seen, archive, cleaned) {
            (Some(seen), Some(archive), _) => {
                if let Some(shown) = archive.shown(&self.converted).filter(|_| is_end) {
                    *seen = shown;
                }
            }
            (Some(seen), None, Some(cleaner)) => *seen = cleaner.shown.take().unwrap_or_default(),
            (Some(seen), None, None) => {
                seen.old.extend_from_slice(&self.text);
                seen.new.extend_from_slice(&self.converted);
            }
            (None, _, _) => {}
        }
        // Folds within characters stay where a document stays as it is, but no other encoding can have them.
        let may_be_folded = is_end && self.format().is_some() && !self.encoder.is_for_utf_8();
        let whole = may_be_folded.then(|| whole_characters(&self.converted)).flatten();
        let encoded = self.encoder.push(whole.as_ref().map_or(&*self.converted, String::as_bytes), is_last, out);
        decoded.and(converted).and(encoded)
    }
}

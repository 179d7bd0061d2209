//! Documents, which are held in memory and converted as a whole.

use std::{borrow::Cow, collections::HashMap, mem, ops::Range, sync::Arc};

use fanjian::{Error, ErrorKind, InvalidUtf8};
use fanjian_documents::{FontGap, Format, Group, Options, Report, convert, convert_text, groups, whole_characters};
use serde::de::IgnoredAny;

use crate::{
    io::encodings::Encoding,
    messages::{message, text},
    text::{
        decisions::{Decided, FileDecisions, Passage},
        invalid_bytes,
        passed::Passed,
    },
};

/// The limit of a document in bytes: it is held in memory, and more than once.
pub(crate) const LIMIT: usize = 1024 * 1024 * 1024;

/// What was done to a document.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) format: Format,
    pub(crate) report: Report,
}

impl Done {
    /// A few words for people.
    pub(crate) fn line(&self) -> String {
        let Done { format, report: Report { groups, changed, moved, .. } } = self;
        let moved = if *moved == 0 { String::new() } else { message!(", {moved} moved over markup", moved) };
        message!("{format}: {changed} of {groups} texts changed{moved}", format, changed, groups, moved)
    }

    /// The embedded documents that stay as they are, for people.
    pub(crate) fn left(&self) -> Option<String> {
        match self.report.left {
            0 => None,
            1 => Some(text(
                "an embedded document is encrypted, signed, damaged or in a format that is not read: it is left as it is",
            )),
            left => Some(message!(
                "{left} embedded documents are encrypted, signed, damaged or in a format that is not read: they are left as they are",
                left
            )),
        }
    }

    /// The fonts of a book that lack characters, for people.
    pub(crate) fn fonts(&self) -> impl Iterator<Item = String> + '_ {
        self.report.fonts.iter().map(|FontGap { part, lacking, .. }| match lacking {
            Some(1) => message!("the font {part} lacks a character of the new text", part),
            Some(lacking) => message!("the font {part} lacks {lacking} characters of the new text", part, lacking),
            None => message!(
                "the font {part} cannot be looked at, as it is compressed or obfuscated: it may lack characters of the new text",
                part
            ),
        })
    }
}

/// A text and what it became, as UTF-8, for whoever wants to look at both.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) old: Vec<u8>,
    pub(crate) new: Vec<u8>,
    /// For each line, the part of an archive that it is in. Empty if it is none.
    pub(crate) parts: Vec<Arc<str>>,
}

impl Seen {
    /// The texts of an archive, and of what it became: a line for each group.
    pub(crate) fn of_groups(old: &[Group], new: &[Group]) -> Seen {
        let lines = |groups: &[Group]| -> Vec<u8> {
            groups.iter().flat_map(|group| (group.text.replace('\n', " ") + "\n").into_bytes()).collect()
        };
        let parts = old.iter().map(|group| group.part.as_deref().unwrap_or_default().into()).collect();
        Seen { old: lines(old), new: lines(new), parts }
    }
}

/// Converts a document that comes in pieces: the bytes of an archive, or a text as UTF-8.
pub(crate) struct Document {
    pub(crate) format: Format,
    options: Options,
    policy: InvalidUtf8,
    source: Vec<u8>,
    /// None before the end.
    pub(crate) done: Option<Done>,
    decisions: Option<FileDecisions>,
    /// What became of the decisions, at the end.
    pub(crate) decided: Option<Decided>,
}

impl Document {
    pub(crate) fn new(format: Format, options: Options, policy: InvalidUtf8) -> Document {
        Document { format, options, policy, source: Vec::new(), done: None, decisions: None, decided: None }
    }

    /// The encoding in which the document is, and stays.
    pub(crate) fn keep_encoding(&mut self, encoding: Encoding) {
        self.options = self.options.clone().kept_encoding(Some(encoding.to_string()));
    }

    /// The same for a document that these decisions are about.
    pub(crate) fn decided_by(self, decisions: Option<FileDecisions>) -> Document {
        Document { decisions, ..self }
    }

    /// Takes another piece, and appends what is done: nothing before the last one.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        if piece.len() > LIMIT - self.source.len() {
            return Err(message!(
                "a document of more than {limit} MiB: --plain converts it as plain text",
                limit = LIMIT >> 20
            ));
        }
        self.source.extend_from_slice(piece);
        if is_last { self.convert(out) } else { Ok(()) }
    }

    fn convert(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let folded;
        (self.source, folded) = readable(mem::take(&mut self.source), Some(self.format), self.policy);
        let is_passed = self.policy == InvalidUtf8::Pass && !self.is_archive();
        let passed = is_passed.then(|| Passed::text(&self.source)).flatten().map(|(text, passed)| {
            self.source = text.into_bytes();
            passed
        });
        if let Some(decisions) = self.decisions.take() {
            self.options = self.decide(&decisions)?;
        }
        let options = &self.options;
        let message = |error| message(&error, self.format, &self.source);
        let report = if self.format.is_container() {
            let converted = convert(&self.source, self.format, options).map_err(message)?;
            out.extend_from_slice(&converted.bytes);
            converted.report
        } else {
            let text = str::from_utf8(&self.source).map_err(|_| message(Error::invalid_utf8(&self.source, 0)))?;
            let converted = convert_text(text, self.format, options).map_err(message)?;
            match (folded, passed, converted.text) {
                (Some(folded), _, Cow::Borrowed(_)) => out.extend_from_slice(&folded),
                (_, Some(passed), text) => passed.bytes(&text, out),
                (_, None, text) => out.extend_from_slice(text.as_bytes()),
            }
            converted.report
        };
        self.done = Some(Done { format: self.format, report });
        Ok(())
    }

    /// Finds where the decisions apply. Returns the options with what becomes something else.
    fn decide(&mut self, decisions: &FileDecisions) -> Result<Options, String> {
        let groups = groups(&self.source, self.format, &self.options)
            .map_err(|error| message(&error, self.format, &self.source))?;
        let passages: Vec<_> =
            groups.iter().map(|Group { part, text, .. }| Passage { part: part.as_deref(), text }).collect();
        let (fixed, mut decided) = decisions.find(&passages);
        decided.places = vec![self.places(&groups, &decided.places)];
        self.decided = Some(decided);
        // Groups of one place with the same text would be the same group.
        let fixed: HashMap<_, _> = groups
            .into_iter()
            .zip(fixed)
            .filter(|(_, fixed)| !fixed.is_empty())
            .map(|(Group { part, start, text, .. }, fixed)| ((part, start, text), fixed))
            .collect();
        let options = self.options.clone();
        if fixed.is_empty() {
            return Ok(options);
        }
        Ok(options.replace(move |Group { part, start, text, .. }| {
            fixed.get(&(part.clone(), *start, text.clone())).cloned().unwrap_or_default()
        }))
    }

    /// Parts of the groups as parts of the document; of an archive, as parts of [what is shown](Document::shown) of it.
    fn places(&self, groups: &[Group], parts: &[Vec<Range<usize>>]) -> Vec<Range<usize>> {
        let (mut places, mut start) = (Vec::new(), 0);
        for (group, parts) in groups.iter().zip(parts) {
            let place = |at| if self.is_archive() { start + at } else { group.place(at) };
            places.extend(parts.iter().map(|part| place(part.start)..place(part.end - 1) + 1));
            start += group.text.len() + 1;
        }
        places.sort_by_key(|place| place.start);
        places
    }

    /// The texts of an archive, and of what it became: a line for each group.
    pub(crate) fn shown(&self, converted: &[u8]) -> Option<Seen> {
        let old = groups(&self.source, self.format, &self.options).ok()?;
        // Text in a language that the conversion does not take is in no group: tags that follow would take it away.
        let has_new_tags = self.done.as_ref().is_some_and(|done| done.report.tags > 0);
        let converted = match has_new_tags {
            true => self.with_tags_kept().ok()?,
            false => Cow::Borrowed(converted),
        };
        let new = groups(&converted, self.format, &self.options).ok()?;
        Some(Seen::of_groups(&old, &new))
    }

    /// What the document becomes, but for its tags of languages.
    fn with_tags_kept(&self) -> Result<Cow<'_, [u8]>, Error> {
        Ok(convert(&self.source, self.format, &self.options.clone().keep_tags(true))?.bytes)
    }

    pub(crate) fn is_archive(&self) -> bool {
        self.format.is_container()
    }
}

/// The bytes of a text, or of a document of this format, as they are read; and as they were, where folds within characters have
/// moved: a document is these if nothing else changes.
pub(crate) fn readable(bytes: Vec<u8>, format: Option<Format>, policy: InvalidUtf8) -> (Vec<u8>, Option<Vec<u8>>) {
    if format.is_some_and(Format::is_container) {
        return (bytes, None);
    }
    if format.is_some()
        && let Some(text) = whole_characters(&bytes)
    {
        return (text.into_bytes(), Some(bytes));
    }
    if policy == InvalidUtf8::Replace
        && let Cow::Owned(text) = String::from_utf8_lossy(&bytes)
    {
        return (text.into_bytes(), None);
    }
    (bytes, None)
}

/// The message about a document that cannot be converted, with the ways out.
pub(crate) fn message(error: &Error, format: Format, source: &[u8]) -> String {
    match error.kind() {
        ErrorKind::Syntax if format == Format::Json && is_json_lines(source) => text(
            "JSON lines, and not one document of JSON (fanjian --jsonl --field NAME converts a field of each line; --glob with ! \
             before the name leaves the file out)",
        ),
        ErrorKind::InvalidUtf8 if !format.is_container() => invalid_bytes(error),
        ErrorKind::InvalidUtf8 if format == Format::Zip => {
            message!("{error} (--from-encoding names the encoding of texts in it, or is auto)", error)
        }
        ErrorKind::Syntax if !format.is_container() => {
            message!("cannot be read as {format}: {error} (--plain converts it as plain text)", format, error)
        }
        _ => error.to_string(),
    }
}

/// Whether the first two lines of a source are objects of JSON.
fn is_json_lines(source: &[u8]) -> bool {
    let lines = source.split(|byte| *byte == b'\n').map(|line| line.trim_ascii()).filter(|line| !line.is_empty());
    let is_object = |line: &[u8]| line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok();
    let mut first = lines.take(2).map(is_object);
    first.next() == Some(true) && first.next() == Some(true)
}

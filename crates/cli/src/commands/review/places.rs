//! The doubtful places of one file.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    path::Path,
    sync::Arc,
};

use fanjian::{Decision, InvalidUtf8, Segment};
use fanjian_documents::{self as documents, Format, Group, whole_characters};

use super::reasons::{Reason, reasons};
use crate::{
    error::Failure,
    files::walk::InputFile,
    io::{
        documents::{find_encoding, format, kind, unread},
        encodings::{Decoder, FromEncoding, NotFound},
        source::Source,
    },
    messages,
    settings::resolver::FileSettings,
    text::{
        decisions::{HERE, NEAR, Passage, around, fingerprint},
        document::{LIMIT, message},
        lines::Lines,
        protected,
    },
};

/// The encoding of a file whose settings say nothing of it.
const FROM_ENCODING: FromEncoding = FromEncoding::Auto;

/// A place whose conversion is doubtful.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) source: String,
    pub(super) output: String,
    pub(super) probability: f64,
    pub(super) lead: i32,
    pub(super) candidates: Vec<Choice>,
    /// The part of an archive.
    pub(super) part: Option<String>,
    /// The line and the column in a file that is a text, both from 1.
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    /// The text around, on its line: what it is, and what it becomes, in parts.
    pub(super) left: Vec<(String, String)>,
    pub(super) right: Vec<(String, String)>,
    /// The text around, by which it is known.
    pub(super) before: String,
    pub(super) after: String,
    /// The characters around that make it the same context.
    pub(super) near: (String, String),
    /// Which one of the places of the file that look alike, from 1.
    pub(super) occurrence: usize,
}

/// A candidate of a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) text: String,
    pub(super) score: i32,
    pub(super) reasons: Vec<Reason>,
}

/// The doubtful places of a file, and the fingerprint of its text.
pub(super) struct Found {
    pub(super) places: Vec<Place>,
    pub(super) hash: String,
}

/// Reads files of the same settings.
pub(super) struct Reader<'s> {
    pub(super) settings: &'s FileSettings,
    /// Places that are right with a lower probability are doubtful.
    pub(super) confidence: f64,
    pub(super) takes_binary: bool,
}

/// A passage, its conversion, and where it is.
struct Converted {
    text: String,
    segments: Vec<Segment>,
    part: Option<String>,
    place: In,
}

/// What a passage is of its file.
enum In {
    /// All of a plain text.
    Text(Lines<'static>),
    /// A text of a document with lines.
    Document(Group, Arc<Lines<'static>>),
    /// A text of an archive.
    Archive,
}

impl In {
    /// The line and the column of a place of the passage.
    fn position(&self, at: usize) -> Option<(usize, usize)> {
        match self {
            In::Text(lines) => Some(lines.position(at)),
            In::Document(group, lines) => Some(lines.position(group.place(at))),
            In::Archive => None,
        }
    }
}

impl Reader<'_> {
    /// Reads a file. None if it is no text, in a folder.
    pub(super) fn read(&self, file: &InputFile) -> Result<Option<Found>, Failure> {
        let mut bytes = Vec::new();
        let mut source = Source::open(&file.path, false)?;
        source.read(&mut bytes, LIMIT + 1)?;
        if bytes.len() > LIMIT {
            return Err(Failure::Failed(messages::message!(
                "a file of more than {limit} MiB cannot be reviewed",
                limit = LIMIT >> 20
            )));
        }
        let effective = &self.settings.effective;
        let document = (effective.plain != Some(true)).then(|| format(&file.path, &bytes, effective.format)).flatten();
        let passages = match document.filter(|format| *format != Format::Zip || file.is_given) {
            Some(format) => self.document(&file.path, &bytes, format)?,
            None => {
                if let Some(kind) = kind(&file.path, &bytes).filter(|_| !self.takes_binary) {
                    let failure = || Failure::Failed(unread(kind, &bytes));
                    return if file.is_given { Err(failure()) } else { Ok(None) };
                }
                match self.decoded(&bytes, None) {
                    Ok(text) => vec![self.plain(text?, source.is_regular())],
                    Err(NotFound::NoText(why)) if file.is_given => return Err(Failure::Failed(why.to_string())),
                    Err(NotFound::NoText(_)) => return Ok(None),
                    Err(NotFound::Uncertain(message)) => return Err(Failure::Failed(message)),
                }
            }
        };
        Ok(Some(self.doubtful(&passages)))
    }

    fn decoded(&self, bytes: &[u8], format: Option<Format>) -> Result<Result<String, Failure>, NotFound> {
        let from = self.settings.from.unwrap_or(FROM_ENCODING);
        let found = find_encoding(format, bytes, true, Some(from), self.takes_binary)?;
        let skipped = if found.has_mark && !found.encoding.is_utf_8() { found.encoding.mark().len() } else { 0 };
        if let Some(text) = format.and_then(|_| whole_characters(bytes)) {
            return Ok(Ok(text));
        }
        let mut text = Vec::new();
        let mut decoder = Decoder::new(found.encoding, self.settings.text.invalid, skipped);
        let decoded = decoder.push(&bytes[skipped..], true, &mut text);
        Ok(decoded.map_err(Failure::Failed).and_then(|()| match String::from_utf8(text) {
            Ok(text) => Ok(text),
            Err(error) if self.settings.text.invalid == InvalidUtf8::Replace => {
                Ok(String::from_utf8_lossy(error.as_bytes()).into_owned())
            }
            Err(error) => Err(fanjian::Error::invalid_utf8(error.as_bytes(), 0).into()),
        }))
    }

    fn plain(&self, text: String, is_regular: bool) -> Converted {
        let options = &self.settings.text;
        let looks_ahead = self.settings.decides_script() && is_regular;
        let segments = protected::segments(&options.converter, &options.rules, &text, looks_ahead);
        let place = In::Text(Lines::new(text.clone()));
        Converted { text, segments, part: None, place }
    }

    fn document(&self, path: &Path, bytes: &[u8], format: Format) -> Result<Vec<Converted>, Failure> {
        let options = &self.settings.text;
        let text = match format.is_container() {
            true => None,
            false => match self.decoded(bytes, Some(format)) {
                Ok(text) => Some(text?),
                Err(NotFound::NoText(why)) => return Err(Failure::Failed(why.to_string())),
                Err(NotFound::Uncertain(message)) => return Err(Failure::Failed(message)),
            },
        };
        let source = text.as_ref().map_or(bytes, |text| text.as_bytes());
        let groups = documents::segments(source, format, &options.documents.clone().path(path))
            .map_err(|error| Failure::Failed(message(&error, format, source)))?;
        let lines = text.map(|text| Arc::new(Lines::new(text)));
        let converted = groups.into_iter().map(|found| {
            let group = found.group;
            let protected = options.rules.matches_in_text(&group.text);
            let is_protected = |segment: &Segment| {
                let place = &segment.source;
                protected.iter().any(|range| range.start < place.end && place.start < range.end)
            };
            let segments = found.segments.into_iter().filter(|segment| !is_protected(segment)).collect();
            let (text, part) = (group.text.clone(), group.part.clone());
            let place = lines.as_ref().map_or(In::Archive, |lines| In::Document(group, Arc::clone(lines)));
            Converted { text, segments, part, place }
        });
        Ok(converted.collect())
    }

    fn doubtful(&self, passages: &[Converted]) -> Found {
        let mut places = Vec::new();
        let mut positions = Vec::new();
        for (number, passage) in passages.iter().enumerate() {
            for (index, segment) in passage.segments.iter().enumerate() {
                let Some(decision) = self.doubt(segment) else { continue };
                let at = segment.source.start;
                let mut place = place(passage, index, decision);
                (place.line, place.column) = passage.place.position(at).unzip();
                positions.push((number, at));
                places.push(place);
            }
        }
        count_occurrences(passages, &mut places, &positions);
        let texts: Vec<_> =
            passages.iter().map(|Converted { text, part, .. }| Passage { part: part.as_deref(), text }).collect();
        Found { places, hash: fingerprint(&texts) }
    }

    /// The decision of a segment, if it is doubtful.
    fn doubt<'d>(&self, segment: &'d Segment) -> Option<&'d Decision> {
        let decision = segment.decisions.first()?;
        decision.probability().filter(|&confidence| confidence < self.confidence || self.confidence >= 1.0)?;
        Some(decision)
    }
}

fn place(passage: &Converted, index: usize, decision: &Decision) -> Place {
    let segment = &passage.segments[index];
    let range = segment.source.clone();
    let (before, after) = around(&passage.text, range.clone(), HERE);
    let near = around(&passage.text, range.clone(), NEAR);
    let mut candidates: Vec<Choice> = Vec::new();
    for candidate in &decision.candidates {
        // Candidates of the model can be spelled alike in the target.
        if candidates.iter().all(|known| known.text != candidate.text) {
            let (text, score) = (candidate.text.clone(), candidate.score);
            candidates.push(Choice { text, score, reasons: reasons(candidate) });
        }
    }
    Place {
        source: passage.text[range.clone()].to_owned(),
        output: segment.output.clone(),
        probability: decision.probability().unwrap_or(1.0),
        lead: decision.lead().unwrap_or(0),
        candidates,
        part: passage.part.clone(),
        line: None,
        column: None,
        left: shown(passage, range.start - before.len()..range.start),
        right: shown(passage, range.end..range.end + after.len()),
        before: before.to_owned(),
        after: after.to_owned(),
        near: (near.0.to_owned(), near.1.to_owned()),
        occurrence: 1,
    }
}

/// What the parts of a range are, and what they become. A part that reaches out of it is as it is in the text.
fn shown(passage: &Converted, range: Range<usize>) -> Vec<(String, String)> {
    let Converted { text, segments, .. } = passage;
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut add = |source: &str, output: &str| match parts.last_mut() {
        _ if source.is_empty() => {}
        Some((old, new)) if old == new && source == output => {
            old.push_str(source);
            new.push_str(output);
        }
        _ => parts.push((source.to_owned(), output.to_owned())),
    };
    let first = segments.partition_point(|segment| segment.source.end <= range.start);
    let mut at = range.start;
    for Segment { source, output, .. } in
        segments[first..].iter().take_while(|segment| segment.source.start < range.end)
    {
        if source.start >= at && source.end <= range.end {
            add(&text[at..source.start], &text[at..source.start]);
            add(&text[source.clone()], output);
            at = source.end;
        }
    }
    add(&text[at..range.end], &text[at..range.end]);
    parts
}

/// Of places that look alike, which one of the file's each is: also those count that are not doubtful.
fn count_occurrences(passages: &[Converted], places: &mut [Place], positions: &[(usize, usize)]) {
    let characters: HashSet<&str> = places.iter().map(|place| place.source.as_str()).collect();
    let characters: HashSet<char> = characters.iter().filter_map(|source| source.chars().next()).collect();
    let wanted: HashSet<_> = places.iter().map(key).collect();
    let mut counts: HashMap<(Option<&str>, &str, &str, &str), usize> = HashMap::new();
    let mut occurrences: HashMap<(usize, usize), usize> = HashMap::new();
    for (number, Converted { text, part, .. }) in passages.iter().enumerate() {
        for (at, character) in text.char_indices().filter(|(_, character)| characters.contains(character)) {
            let range = at..at + character.len_utf8();
            let (before, after) = around(text, range.clone(), HERE);
            let key = (part.as_deref(), &text[range], before, after);
            if wanted.contains(&key) {
                let count = counts.entry(key).or_default();
                *count += 1;
                occurrences.insert((number, at), *count);
            }
        }
    }
    let found: Vec<_> = positions.iter().map(|position| occurrences.get(position).copied().unwrap_or(1)).collect();
    places.iter_mut().zip(found).for_each(|(place, occurrence)| place.occurrence = occurrence);
}

/// What a place is known by.
fn key(place: &Place) -> (Option<&str>, &str, &str, &str) {
    (place.part.as_deref(), &place.source, &place.before, &place.after)
}

//! JSON lines: conversion of the texts at some paths, with every other byte preserved.

use std::{
    borrow::Cow,
    collections::HashMap,
    io::{Read, Write},
    ops::Range,
};

use fanjian::{Error, ErrorKind};
use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, error::Category, value::RawValue};

use crate::{
    chunks::{Chunk, Chunks, MARK, Split},
    copy::copy,
    metric::{Metric, Metrics, Value},
    options::RecordOptions,
    path::{Path, Step},
    read::ReadOptions,
    report::{Added, Counts, DetectedRecord, Presence, RejectedRecord, Report},
    text::{STAND_IN, Text},
};

/// Conversion of the texts at some [`Path`]s of JSON lines, with a record on each line. Every other byte of a record is
/// preserved: the order of members, whitespace, the spelling of numbers and other strings, duplicate members, line endings.
///
/// An unchanged text keeps its spelling. In a changed one, each character is written as the one that was in its place, as an
/// escape or as it is; or in ASCII, if all were before. Lone surrogates (`"\ud800"`) are preserved.
///
/// ```
/// use fanjian::{Config, Converter};
/// use fanjian_records::{Jsonl, RecordOptions};
///
/// let options = RecordOptions::default().convert(Converter::new(Config::S2twp));
/// let jsonl = Jsonl::new(options, ["text".parse()?, "tags[]".parse()?]);
/// let record = r#"{"id": 1.0, "text": "鼠标\/头发", "tags": ["软件", null], "raw": "软件"}"#;
/// let converted = r#"{"id": 1.0, "text": "滑鼠\/頭髮", "tags": ["軟體", null], "raw": "软件"}"#;
/// assert_eq!(jsonl.record(record)?.as_deref(), Some(converted));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Jsonl {
    options: RecordOptions,
    paths: Vec<Path>,
    read: ReadOptions,
}

impl Jsonl {
    /// A conversion of the texts at these paths.
    pub fn new(options: RecordOptions, paths: impl IntoIterator<Item = Path>) -> Jsonl {
        Jsonl { options, paths: paths.into_iter().collect(), read: ReadOptions::default() }
    }

    /// Sets the options for reading. Invalid bytes are replaced anywhere in a record.
    #[must_use]
    pub fn read_options(mut self, options: ReadOptions) -> Jsonl {
        self.read = options;
        self
    }

    /// The paths.
    #[must_use]
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// Converts one record. Returns None if it is dropped.
    ///
    /// # Errors
    ///
    /// The record is not JSON, or it cannot be converted.
    pub fn record<'r>(&self, record: &'r str) -> Result<Option<Cow<'r, str>>, Error> {
        let mut counts = Counts::new(self.paths.len());
        Ok(match self.convert(record, &mut counts)?.0 {
            Converted::Same => Some(Cow::Borrowed(record)),
            Converted::Changed(changed) => Some(Cow::Owned(changed)),
            Converted::Dropped => None,
        })
    }

    /// A reader of an input as chunks.
    pub fn chunks<R: Read>(&self, reader: R) -> Chunks<R> {
        Chunks::new(reader, Lines, self.read.max_record)
    }

    /// Converts the records of a chunk, and appends those that are kept. Blank lines are not records, and are preserved.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_records::{Chunk, Jsonl, RecordOptions};
    ///
    /// let jsonl = Jsonl::new(RecordOptions::default().convert(Converter::new(Config::S2t)), ["t".parse()?]);
    /// let mut out = Vec::new();
    /// let report = jsonl.chunk(&Chunk::new("{\"t\":\"头发\"}\r\n{\"t\":\n", 8), &mut out);
    /// assert_eq!(out, "{\"t\":\"頭髮\"}\r\n".as_bytes());
    /// assert_eq!((report.counts.read, report.counts.kept, report.counts.broken), (2, 1, 1));
    /// assert_eq!((report.broken[0].line, &*report.broken[0].record), (9, &b"{\"t\":"[..]));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn chunk(&self, chunk: &Chunk, out: &mut Vec<u8>) -> Report {
        let mut report = Report::new(self.paths.len());
        let mut bytes = chunk.bytes.as_slice();
        if chunk.is_first
            && let Some(behind) = bytes.strip_prefix(MARK)
        {
            out.extend_from_slice(MARK);
            bytes = behind;
        }
        if let Some(len) = chunk.too_long {
            report.counts.read += 1;
            report.add_too_long(chunk.line, bytes, len, false, &self.read);
            return report;
        }
        for (number, line) in (chunk.line..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
            let whole = line.strip_suffix(b"\n").unwrap_or(line);
            let record = whole.strip_suffix(b"\r").unwrap_or(whole);
            if record.trim_ascii().is_empty() {
                out.extend_from_slice(line);
                continue;
            }
            report.counts.read += 1;
            let goes_on = if report.add_too_long(number, record, whole.len() as u64, false, &self.read) {
                !self.read.stop_at_broken
            } else {
                let result = self.line(record, &line[record.len()..], &mut report.counts, out);
                report.add(number, record, result, &self.read)
            };
            if !goes_on {
                break;
            }
        }
        report
    }

    /// Converts a whole input by one thread, in bounded memory. `broken` is called with each broken record, and returns whether
    /// to go on.
    ///
    /// # Errors
    ///
    /// [`Io`](ErrorKind::Io) if the reader or the writer fails.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_records::{Jsonl, RecordOptions};
    ///
    /// let jsonl = Jsonl::new(RecordOptions::default().convert(Converter::new(Config::S2t)), ["text".parse()?]);
    /// let input = "{\"text\":\"头发\"}\nno record\n{\"text\":null}\n";
    /// let mut out = Vec::new();
    /// let counts = jsonl.copy(input.as_bytes(), &mut out, |broken| {
    ///     eprintln!("line {}: {}", broken.line, broken.reason);
    ///     true
    /// })?;
    /// assert_eq!(out, "{\"text\":\"頭髮\"}\n{\"text\":null}\n".as_bytes());
    /// assert_eq!((counts.kept, counts.changed, counts.without_text[0]), (2, 1, 1));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn copy(
        &self,
        reader: impl Read,
        writer: impl Write,
        broken: impl FnMut(RejectedRecord) -> bool,
    ) -> Result<Counts, Error> {
        let counts = Counts::new(self.paths.len());
        copy(self.chunks(reader), writer, counts, broken, |chunk, out| self.chunk(chunk, out))
    }

    /// Converts the record of a line, and appends it with its line ending. Returns whether it is kept.
    fn line(&self, record: &[u8], end: &[u8], counts: &mut Counts, out: &mut Vec<u8>) -> Result<Added, Error> {
        let text = self.read.text(record)?;
        let (converted, detected) = self.convert(&text, counts)?;
        match converted {
            Converted::Same => out.extend_from_slice(text.as_bytes()),
            Converted::Changed(changed) => out.extend_from_slice(changed.as_bytes()),
            Converted::Dropped => return Ok(Added { is_kept: false, detected }),
        }
        out.extend_from_slice(end);
        Ok(Added { is_kept: true, detected })
    }

    fn convert(&self, record: &str, counts: &mut Counts) -> Result<(Converted, Option<DetectedRecord>), Error> {
        let found = Walk::find(&self.paths, record, self.options.added())?;
        let mut is_missing = false;
        for (path, without) in counts.without_text.iter_mut().enumerate() {
            let has_text = found.spans.iter().any(|(of, _)| *of == path);
            *without += u64::from(!has_text);
            is_missing |= !has_text;
            let presence = &mut counts.presence[path];
            if has_text || found.reached.contains(&path) {
                *presence = Presence::Present;
            } else if *presence == Presence::Unknown {
                *presence = Presence::Absent { instead: texts(record) };
            }
        }
        let name = |path: usize| self.paths[path].to_string();
        let mut spans = found.spans;
        // Several paths may lead to the same text, and their order is not that of the texts.
        spans.sort_by_key(|(path, span)| (span.start, *path));
        for pair in spans.windows(2) {
            if let [(first, span), (second, same)] = pair
                && span == same
            {
                self.options.check_one_format((*first, *second), name)?;
            }
        }
        spans.dedup_by(|(_, second), (_, first)| second == first);
        let text = |(path, span): &(usize, Range<usize>)| decode(*path, &record[span.clone()]);
        let texts = spans.iter().map(text).collect::<Result<Vec<_>, _>>()?;
        let processed = self.options.apply(&texts, is_missing, name)?;
        counts.glossed += u64::from(processed.has_glosses);
        if !processed.is_kept {
            return Ok((Converted::Dropped, processed.detected));
        }
        let is_changed = processed.outputs.iter().any(Option::is_some);
        counts.changed += u64::from(is_changed);
        if !is_changed && self.options.added().is_empty() {
            return Ok((Converted::Same, processed.detected));
        }
        let mut changed = String::with_capacity(record.len() + 64);
        let mut at = 0;
        for (((_, span), text), output) in spans.into_iter().zip(&texts).zip(&processed.outputs) {
            let Some(output) = output else { continue };
            changed.push_str(&record[at..span.start]);
            encode(output, &text.surrogates, &record[span.clone()], &mut changed)?;
            at = span.end;
        }
        if !self.options.added().is_empty() {
            let shape = found
                .shape
                .ok_or_else(|| Error::new(ErrorKind::Syntax, "cannot add to the record: it is not an object"))?;
            changed.push_str(&record[at..shape.end]);
            at = shape.end;
            self.add(&processed.metrics, &shape, &mut changed)?;
        }
        changed.push_str(&record[at..]);
        Ok((Converted::Changed(changed), processed.detected))
    }

    /// Appends the members that are added to an object.
    fn add(&self, metrics: &Metrics, shape: &Shape<'_>, out: &mut String) -> Result<(), Error> {
        for (at, (metric, name)) in self.options.added().iter().enumerate() {
            if at > 0 || !shape.is_empty {
                out.push_str(shape.comma.unwrap_or(if shape.colon == ":" { "," } else { ", " }));
            }
            out.push_str(&json_string(name)?);
            out.push_str(shape.colon);
            match metrics.value(*metric) {
                Value::Name(name) => out.push_str(&json_string(name)?),
                Value::Count(count) => out.push_str(&count.to_string()),
            }
        }
        Ok(())
    }
}

/// A rule for lines as records.
struct Lines;

impl Split for Lines {
    fn last_end(&self, bytes: &[u8]) -> usize {
        memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1)
    }

    /// A blank line ends as a record does.
    fn blank(&self, _: &[u8]) -> usize {
        0
    }

    fn next_end(&self, bytes: &[u8]) -> Option<usize> {
        memchr::memchr(b'\n', bytes).map(|at| at + 1)
    }
}

/// The result for a record.
enum Converted {
    Same,
    Changed(String),
    Dropped,
}

fn json_string(text: &str) -> Result<String, Error> {
    serde_json::to_string(text).map_err(|error| Error::new(ErrorKind::Syntax, error.to_string()))
}

/// The spelling of an object, and the place where a member can be added.
struct Shape<'r> {
    /// The text between a name and a value.
    colon: &'r str,
    /// The text between a member and the next one, if there are two.
    comma: Option<&'r str>,
    is_empty: bool,
    /// The end of the last member.
    end: usize,
}

/// A search for the texts at paths.
struct Walk<'w, 'r> {
    paths: &'w [Path],
    record: &'r str,
    /// The ranges of strings, with their quotes, and the paths that lead to them.
    spans: Vec<(usize, Range<usize>)>,
    /// The paths that lead to a value other than a string, or may lead to a text in other records.
    reached: Vec<usize>,
    added: &'w [(Metric, String)],
    shape: Option<Shape<'r>>,
    /// The error by which the search was ended.
    failure: Option<Error>,
}

/// A path that leads into a value, and the number of its steps up to there.
type Going = (usize, usize);

impl<'w, 'r> Walk<'w, 'r> {
    fn find(paths: &'w [Path], record: &'r str, added: &'w [(Metric, String)]) -> Result<Walk<'w, 'r>, Error> {
        let mut walk =
            Walk { paths, record, spans: Vec::new(), reached: Vec::new(), added, shape: None, failure: None };
        let going: Vec<_> = (0..paths.len()).map(|path| (path, 0)).collect();
        let result = if record.trim_ascii_start().starts_with(['{', '[']) {
            let mut json = Deserializer::from_str(record);
            let is_top = !added.is_empty();
            let result = json.deserialize_any(Within { walk: &mut walk, going: &going, is_top });
            result.and_then(|()| json.end())
        } else {
            serde_json::from_str::<&RawValue>(record).and_then(|value| walk.value(value.get(), &going))
        };
        match result {
            Ok(()) => Ok(walk),
            Err(error) => Err(walk.failure.unwrap_or_else(|| not_json(&error))),
        }
    }

    /// The range of a part of the record.
    fn span(&self, part: &'r str) -> Range<usize> {
        let start = part.as_ptr() as usize - self.record.as_ptr() as usize;
        start..start + part.len()
    }

    /// A value that these paths lead to, or into.
    fn value(&mut self, value: &'r str, going: &[Going]) -> serde_json::Result<()> {
        let is_end = |&(path, steps): &Going| self.paths[path].0.len() == steps;
        if value.starts_with('"') {
            let span = self.span(value);
            self.spans.extend(going.iter().filter(|going| is_end(going)).map(|&(path, _)| (path, span.clone())));
            return Ok(());
        }
        let is_null = value == "null";
        self.reached.extend(going.iter().filter(|going| is_null || is_end(going)).map(|&(path, _)| path));
        if value.starts_with(['{', '[']) && !going.iter().all(is_end) {
            let mut json = Deserializer::from_str(value);
            json.deserialize_any(Within { walk: self, going, is_top: false })?;
        }
        Ok(())
    }

    /// The paths that continue with a step for which this is true.
    fn onward(&self, going: &[Going], is_step: impl Fn(&Step) -> bool) -> Vec<Going> {
        let goes = |&&(path, steps): &&Going| self.paths[path].0.get(steps).is_some_and(&is_step);
        going.iter().filter(goes).map(|&(path, steps)| (path, steps + 1)).collect()
    }
}

/// The error for a record that is not JSON. The column is that in the only line.
fn not_json(error: &serde_json::Error) -> Error {
    let reason = match error.classify() {
        Category::Eof => "unexpected end",
        Category::Io | Category::Syntax | Category::Data => "syntax error",
    };
    Error::new(ErrorKind::Syntax, format!("not JSON: {reason} at byte {}", error.column()))
}

/// The inside of an object or an array.
struct Within<'i, 'w, 'r> {
    walk: &'i mut Walk<'w, 'r>,
    going: &'i [Going],
    /// Whether it is the record itself, and members are to be added.
    is_top: bool,
}

impl<'r> Visitor<'r> for Within<'_, '_, 'r> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<M: MapAccess<'r>>(self, mut members: M) -> Result<(), M::Error> {
        let Within { walk, going, is_top } = self;
        let mut shape = Shape { colon: ": ", comma: None, is_empty: true, end: 0 };
        while let Some(name) = members.next_key::<&'r RawValue>()? {
            let value = members.next_value::<&'r RawValue>()?.get();
            let name = name.get();
            let onward = walk.onward(going, |step| matches!(step, Step::Member(wanted) if is_name(name, wanted)));
            if is_top {
                if let Some((_, added)) = walk.added.iter().find(|(_, added)| is_name(name, added)) {
                    let message = format!("the record already has '{added}': choose another name");
                    walk.failure = Some(Error::new(ErrorKind::Syntax, message));
                    return Err(serde::de::Error::custom("the search was ended"));
                }
                let (name, value) = (walk.span(name), walk.span(value));
                if !shape.is_empty {
                    shape.comma = Some(&walk.record[shape.end..name.start]);
                }
                shape.colon = &walk.record[name.end..value.start];
                (shape.is_empty, shape.end) = (false, value.end);
            }
            if !onward.is_empty() {
                walk.value(value, &onward).map_err(serde::de::Error::custom)?;
            }
        }
        if is_top {
            if shape.is_empty {
                shape.end = walk.record.find('{').map_or(0, |at| at + 1);
            }
            walk.shape = Some(shape);
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'r>>(self, mut elements: S) -> Result<(), S::Error> {
        let Within { walk, going, .. } = self;
        let mut number = 0;
        while let Some(value) = elements.next_element::<&'r RawValue>()? {
            let onward = walk.onward(going, |step| *step == Step::Every || *step == Step::Element(number));
            number += 1;
            if !onward.is_empty() {
                walk.value(value.get(), &onward).map_err(serde::de::Error::custom)?;
            }
        }
        // The array of another record may have this element.
        let may_be = |step: &Step| matches!(step, Step::Element(wanted) if *wanted >= number) || number == 0;
        let is_array = |step: &Step| !matches!(step, Step::Member(_)) && may_be(step);
        let reached = walk.onward(going, is_array);
        walk.reached.extend(reached.into_iter().map(|(path, _)| path));
        Ok(())
    }
}

/// How many texts of a record are named instead of a field that it lacks.
const NAMED: usize = 12;

/// The paths to the first few texts of a record.
fn texts(record: &str) -> Vec<String> {
    let mut paths = Vec::new();
    if let Ok(value) = serde_json::from_str(record) {
        add_texts(&value, &mut Vec::new(), &mut paths);
    }
    paths
}

fn add_texts(value: &serde_json::Value, steps: &mut Vec<Step>, paths: &mut Vec<String>) {
    let mut add = |step: Step, value: &serde_json::Value| {
        steps.push(step);
        add_texts(value, steps, paths);
        steps.pop();
        paths.len() < NAMED
    };
    match value {
        serde_json::Value::String(_) => {
            let path = Path(steps.clone()).to_string();
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        serde_json::Value::Array(values) => _ = values.iter().all(|value| add(Step::Every, value)),
        serde_json::Value::Object(members) => {
            _ = members.iter().all(|(name, value)| add(Step::Member(name.clone()), value));
        }
        _ => {}
    }
}

/// Whether a name as written, in quotes, is this one.
fn is_name(written: &str, name: &str) -> bool {
    if !written.contains('\\') {
        return written.get(1..written.len() - 1) == Some(name);
    }
    serde_json::from_str::<String>(written).is_ok_and(|written| written == name)
}

/// The text of a JSON string.
fn decode(field: usize, string: &str) -> Result<Text<'_>, Error> {
    if !string.contains('\\') {
        let text = string.get(1..string.len() - 1).unwrap_or_default();
        return Ok(Text::new(field, text));
    }
    if let Ok(text) = serde_json::from_str::<String>(string) {
        return Ok(Text::new(field, text));
    }
    // Only lone surrogates are left: as bytes they are in the form of UTF-8, three each.
    let bytes = Deserializer::from_str(string).deserialize_bytes(Bytes).map_err(|error| not_json(&error))?;
    let (mut text, mut surrogates) = (String::with_capacity(bytes.len()), Vec::new());
    let mut rest = bytes.as_slice();
    loop {
        let (valid, behind) = match str::from_utf8(rest) {
            Ok(valid) => (valid, None),
            Err(error) => {
                let (valid, behind) = rest.split_at(error.valid_up_to());
                (str::from_utf8(valid).unwrap_or_default(), Some(behind))
            }
        };
        text.push_str(valid);
        surrogates.extend(valid.matches(STAND_IN).map(|_| None));
        let Some(behind) = behind else { break };
        let &[0xed, high, low, ref behind @ ..] = behind else {
            return Err(Error::new(ErrorKind::InvalidUtf8, "a string is not text"));
        };
        text.push(STAND_IN);
        surrogates.push(Some(0xd000 | u16::from(high & 0x3f) << 6 | u16::from(low & 0x3f)));
        rest = behind;
    }
    Ok(Text { field, text: text.into(), surrogates })
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }
}

/// Appends a text as a JSON string, in the spelling of the `old` one.
fn encode(text: &str, surrogates: &[Option<u16>], old: &str, out: &mut String) -> Result<(), Error> {
    let spelling = Spelling::of(old);
    if spelling.escapes.is_empty() && !spelling.is_ascii && surrogates.is_empty() {
        out.push_str(&json_string(text)?);
        return Ok(());
    }
    let units = units(old);
    let mut surrogates = surrogates.iter();
    let mut write = |character: char, of: Option<&Unit<'_>>, out: &mut String| {
        let lone = if character == STAND_IN { surrogates.next().copied().flatten() } else { None };
        let code = lone.map_or(u32::from(character), u32::from);
        let is_escape = of.map_or(spelling.is_ascii, |of| of.raw.len() > 2 && of.raw.starts_with('\\'));
        match (of, spelling.escapes.get(&code)) {
            (Some(of), _) if of.code == code => out.push_str(of.raw),
            (of, Some(escape)) if of.is_none() || lone.is_some() => out.push_str(escape),
            _ => match (lone, usual_escape(character)) {
                (Some(lone), _) => spelling.unit(lone, out),
                (None, Some(escape)) => out.push_str(&escape),
                (None, None) if is_escape && !character.is_ascii() => {
                    character.encode_utf16(&mut [0; 2]).iter().for_each(|&unit| spelling.unit(unit, out));
                }
                (None, None) => out.push(character),
            },
        }
    };
    out.push('"');
    let ascii = units.iter().filter(|unit| unit.is_ascii()).map(|unit| unit.code);
    if !ascii.eq(text.chars().filter(char::is_ascii).map(u32::from)) {
        text.chars().for_each(|character| write(character, None, out));
        out.push('"');
        return Ok(());
    }
    // Characters of ASCII are those that were there, and so are others between them, if they are as many.
    let (mut old, mut new) = (units.as_slice(), text);
    loop {
        let (run, behind) = old.split_at(old.iter().position(Unit::is_ascii).unwrap_or(old.len()));
        let (new_run, new_behind) = new.split_at(new.find(|c: char| c.is_ascii()).unwrap_or(new.len()));
        let is_by_place = new_run.chars().count() == run.len();
        let firsts: HashMap<u32, &Unit<'_>> =
            if is_by_place { HashMap::new() } else { run.iter().rev().map(|unit| (unit.code, unit)).collect() };
        // A lone surrogate, which is always an escape, does not show how characters are written.
        let first = run.iter().find(|unit| char::from_u32(unit.code).is_some());
        for (at, character) in new_run.chars().enumerate() {
            let same = || firsts.get(&character.into()).copied().or(first);
            let of = if is_by_place { run.get(at) } else { same() };
            write(character, of, out);
        }
        let (Some(first), Some(character)) = (behind.first(), new_behind.chars().next()) else { break };
        write(character, Some(first), out);
        (old, new) = (&behind[1..], &new_behind[character.len_utf8()..]);
    }
    out.push('"');
    Ok(())
}

/// A character of a string as it is written.
struct Unit<'o> {
    raw: &'o str,
    /// Its code point, or the lone surrogate.
    code: u32,
}

impl Unit<'_> {
    fn is_ascii(&self) -> bool {
        self.code < 0x80
    }
}

/// The characters of a string, which has its quotation marks.
fn units(string: &str) -> Vec<Unit<'_>> {
    let mut rest = string.get(1..string.len() - 1).unwrap_or_default();
    let mut units = Vec::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        let (len, code) = if first == '\\' { escape(rest) } else { (first.len_utf8(), u32::from(first)) };
        let (raw, behind) = rest.split_at_checked(len).unwrap_or((rest, ""));
        units.push(Unit { raw, code });
        rest = behind;
    }
    units
}

/// The length of the escape that a text begins with, and its code point.
fn escape(text: &str) -> (usize, u32) {
    let unit = |at: usize| u16::from_str_radix(text.get(at..at + 6)?.strip_prefix("\\u")?, 16).ok();
    let code = match text.as_bytes().get(1) {
        Some(b'u') => {
            let first = unit(0).unwrap_or_default();
            let pair = [first, unit(6).unwrap_or_default()];
            return match char::decode_utf16(pair).next() {
                Some(Ok(character)) if character.len_utf16() == 2 => (12, character.into()),
                _ => (6, first.into()),
            };
        }
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        Some(b'n') => u32::from('\n'),
        Some(b'r') => u32::from('\r'),
        Some(b't') => u32::from('\t'),
        other => u32::from(other.copied().unwrap_or(b'\\')),
    };
    (2, code)
}

/// The spelling of a string, as far as it is not the usual one.
struct Spelling<'o> {
    /// Escapes, by their code points.
    escapes: HashMap<u32, &'o str>,
    /// Whether characters outside ASCII are escapes.
    is_ascii: bool,
    is_upper: bool,
}

impl<'o> Spelling<'o> {
    fn of(string: &'o str) -> Spelling<'o> {
        let mut spelling = Spelling { escapes: HashMap::new(), is_ascii: false, is_upper: false };
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'\\', &string.as_bytes()[at..]) {
            let start = at + found;
            let (len, code) = escape(&string[start..]);
            at = string.len().min(start + len);
            let escape = &string[start..at];
            let is_usual = char::from_u32(code).and_then(usual_escape).is_some_and(|usual| usual == escape);
            if !is_usual {
                spelling.is_ascii |= code >= 0x80;
                spelling.is_upper |= escape.len() > 2 && escape.bytes().any(|byte| byte.is_ascii_uppercase());
                spelling.escapes.insert(code, escape);
            }
        }
        spelling.is_ascii &= string.is_ascii();
        spelling
    }

    fn unit(&self, unit: u16, out: &mut String) {
        out.push_str(&if self.is_upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
    }
}

/// The usual escape of a character that JSON has to escape.
fn usual_escape(character: char) -> Option<Cow<'static, str>> {
    Some(match character {
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        '\u{8}' => "\\b".into(),
        '\u{c}' => "\\f".into(),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        '\0'..' ' => format!("\\u{:04x}", u32::from(character)).into(),
        _ => return None,
    })
}

//! The texts in JSON lines: every other byte of a record stays as it is.

use std::{
    borrow::Cow,
    collections::HashMap,
    io::{self, Read, Write},
    ops::Range,
};

use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, value::RawValue};

use crate::{
    Chunk, Chunks, Counts, Path, RecordOptions, RejectedRecord, Report,
    chunks::Cut,
    condition::{Metric, Metrics, Value},
    options::{STAND_IN, Text},
    path::Step,
    report::ReadOptions,
};
use fanjian::{Error, ErrorKind};

/// Converts the texts at some [`Path`]s of JSON lines, a record on each line, and leaves every other byte of a record as it
/// is: the order of members, spaces, how numbers and other strings are written, members of the same name, line endings.
///
/// A text that does not change keeps its spelling. One that does is written as UTF-8, in which a character that was an
/// escape before is one still; or in ASCII, if it was. Lone surrogates (`"\ud800"`) stay.
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
    limits: ReadOptions,
}

impl Jsonl {
    /// Does this with the texts at these paths.
    pub fn new(options: RecordOptions, paths: impl IntoIterator<Item = Path>) -> Jsonl {
        Jsonl { options, paths: paths.into_iter().collect(), limits: ReadOptions::default() }
    }

    /// A record of more bytes is broken. The default is 64 MiB.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Jsonl {
        self.limits.record = bytes;
        self
    }

    /// Ends a chunk at the first record that is broken.
    #[must_use]
    pub fn stop_at_broken(mut self, stops: bool) -> Jsonl {
        self.limits.stops = stops;
        self
    }

    /// Puts U+FFFD in the place of bytes that are not UTF-8, anywhere in a record. Else such a record is broken.
    #[must_use]
    pub fn replace_invalid(mut self, replaces: bool) -> Jsonl {
        self.limits.replaces = replaces;
        self
    }

    /// The paths.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// Converts one record. Gives nothing if it is left out.
    pub fn record<'r>(&self, record: &'r str) -> Result<Option<Cow<'r, str>>, Error> {
        let mut counts = Counts::new(self.paths.len());
        Ok(match self.convert(record, &mut counts)? {
            Converted::Same => Some(Cow::Borrowed(record)),
            Converted::Changed(changed) => Some(Cow::Owned(changed)),
            Converted::Dropped => None,
        })
    }

    /// Reads an input as chunks.
    pub fn chunks<R: Read>(&self, reader: R) -> Chunks<R> {
        Chunks::new(reader, Cut::Line, self.limits.record)
    }

    /// Converts the records of a chunk, and appends those that are kept. Blank lines are no records, and stay.
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
        let mut report = Report { counts: Counts::new(self.paths.len()), broken: Vec::new() };
        if let Some(len) = chunk.too_long {
            report.counts.read += 1;
            report.break_off(RejectedRecord::too_long(chunk.line, &chunk.bytes, len, &self.limits));
            return report;
        }
        let mut bytes = chunk.bytes.as_slice();
        if chunk.is_first
            && let Some(behind) = bytes.strip_prefix(b"\xef\xbb\xbf")
        {
            out.extend_from_slice(&bytes[..3]);
            bytes = behind;
        }
        for (number, line) in (chunk.line..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
            let whole = line.strip_suffix(b"\n").unwrap_or(line);
            let record = whole.strip_suffix(b"\r").unwrap_or(whole);
            let end = &line[record.len()..];
            if record.trim_ascii().is_empty() {
                out.extend_from_slice(line);
                continue;
            }
            report.counts.read += 1;
            let result = if whole.len() > self.limits.record {
                Err(RejectedRecord::too_long(number, record, whole.len() as u64, &self.limits))
            } else {
                let text = self.limits.text(record);
                let result = text.and_then(|text| Ok((self.convert(&text, &mut report.counts)?, text)));
                result.map_err(|error| RejectedRecord::new(number, error.to_string(), record))
            };
            match result {
                Ok((Converted::Same, text)) => out.extend_from_slice(text.as_bytes()),
                Ok((Converted::Changed(changed), _)) => out.extend_from_slice(changed.as_bytes()),
                Ok((Converted::Dropped, _)) => {
                    report.counts.dropped += 1;
                    continue;
                }
                Err(broken) => {
                    report.break_off(broken);
                    if self.limits.stops {
                        return report;
                    }
                    continue;
                }
            }
            report.counts.kept += 1;
            out.extend_from_slice(end);
        }
        report
    }

    /// Converts a whole input by one thread, in bounded memory. `broken` is given each record that is broken, and says whether
    /// to go on.
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
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn copy(
        &self,
        reader: impl Read,
        writer: impl Write,
        broken: impl FnMut(RejectedRecord) -> bool,
    ) -> io::Result<Counts> {
        let counts = Counts::new(self.paths.len());
        crate::report::copy(self.chunks(reader), writer, counts, broken, |chunk, out| self.chunk(chunk, out))
    }

    fn convert(&self, record: &str, counts: &mut Counts) -> Result<Converted, Error> {
        let found = Walk::find(&self.paths, record, self.options.added())?;
        let mut is_missing = false;
        for (path, without) in counts.without_text.iter_mut().enumerate() {
            let has_text = found.spans.iter().any(|(of, _)| *of == path);
            *without += u64::from(!has_text);
            is_missing |= !has_text;
        }
        let mut spans: Vec<_> = found.spans.into_iter().map(|(_, span)| span).collect();
        // Two paths may lead to the same text, and not in its order.
        spans.sort_by_key(|span| span.start);
        spans.dedup();
        let texts = spans.iter().map(|span| decode(&record[span.clone()])).collect::<Result<Vec<_>, _>>()?;
        let done = self.options.apply(&texts, is_missing)?;
        counts.glossed += u64::from(done.has_glosses);
        if !done.is_kept {
            return Ok(Converted::Dropped);
        }
        let is_changed = done.outputs.iter().any(Option::is_some);
        counts.changed += u64::from(is_changed);
        if !is_changed && self.options.added().is_empty() {
            return Ok(Converted::Same);
        }
        let mut changed = String::with_capacity(record.len() + 64);
        let mut at = 0;
        for ((span, text), output) in spans.into_iter().zip(&texts).zip(&done.outputs) {
            let Some(output) = output else { continue };
            changed.push_str(&record[at..span.start]);
            encode(output, &text.surrogates, &record[span.clone()], &mut changed)?;
            at = span.end;
        }
        if !self.options.added().is_empty() {
            let shape = found.shape.ok_or_else(|| {
                Error::new(ErrorKind::Syntax, "the record is no object, to which something could be added")
            })?;
            changed.push_str(&record[at..shape.end]);
            at = shape.end;
            self.add(&done.facts, &shape, &mut changed)?;
        }
        changed.push_str(&record[at..]);
        Ok(Converted::Changed(changed))
    }

    /// Appends the members that are added to an object.
    fn add(&self, facts: &Metrics, shape: &Shape<'_>, out: &mut String) -> Result<(), Error> {
        for (at, (fact, name)) in self.options.added().iter().enumerate() {
            if at > 0 || !shape.is_empty {
                out.push_str(shape.comma.unwrap_or(if shape.colon == ":" { "," } else { ", " }));
            }
            out.push_str(&json_string(name)?);
            out.push_str(shape.colon);
            match facts.value(*fact) {
                Value::Name(name) => out.push_str(&json_string(name)?),
                Value::Count(count) => out.push_str(&count.to_string()),
            }
        }
        Ok(())
    }
}

/// What became of a record.
enum Converted {
    Same,
    Changed(String),
    Dropped,
}

fn json_string(text: &str) -> Result<String, Error> {
    serde_json::to_string(text).map_err(|error| Error::new(ErrorKind::Syntax, error.to_string()))
}

/// How the members of an object are written, and where another one can be added.
struct Shape<'r> {
    /// Between a name and a value.
    colon: &'r str,
    /// Between a member and the next one, where there are two.
    comma: Option<&'r str>,
    is_empty: bool,
    /// Behind the last member.
    end: usize,
}

/// Looks for the texts that paths lead to.
struct Walk<'w, 'r> {
    paths: &'w [Path],
    record: &'r str,
    /// Strings as they are written, with their quotes, and the paths that lead to them.
    spans: Vec<(usize, Range<usize>)>,
    added: &'w [(Metric, String)],
    shape: Option<Shape<'r>>,
}

/// A path that leads into a value, and how many of its steps have been gone.
type Going = (usize, usize);

impl<'w, 'r> Walk<'w, 'r> {
    fn find(paths: &'w [Path], record: &'r str, added: &'w [(Metric, String)]) -> Result<Walk<'w, 'r>, Error> {
        let mut walk = Walk { paths, record, spans: Vec::new(), added, shape: None };
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
            Err(error) => Err(not_json(&error)),
        }
    }

    /// Where a part of the record stands in it.
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
        } else if value.starts_with(['{', '[']) && !going.iter().all(is_end) {
            let mut json = Deserializer::from_str(value);
            json.deserialize_any(Within { walk: self, going, is_top: false })?;
        }
        Ok(())
    }

    /// The paths that go on by a step for which this holds.
    fn onward(&self, going: &[Going], is_step: impl Fn(&Step) -> bool) -> Vec<Going> {
        let goes = |&&(path, steps): &&Going| self.paths[path].0.get(steps).is_some_and(&is_step);
        going.iter().filter(goes).map(|&(path, steps)| (path, steps + 1)).collect()
    }
}

fn not_json(error: &serde_json::Error) -> Error {
    let message = error.to_string();
    // It is always line 1 of one.
    let message = message.split(" at line ").next().unwrap_or_default();
    if error.is_data() {
        return Error::new(ErrorKind::Syntax, message);
    }
    Error::new(ErrorKind::Syntax, format!("not JSON: {message}, at byte {}", error.column()))
}

/// The inside of an object or an array.
struct Within<'i, 'w, 'r> {
    walk: &'i mut Walk<'w, 'r>,
    going: &'i [Going],
    /// It is the record itself, to which members are to be added.
    is_top: bool,
}

impl<'r> Visitor<'r> for Within<'_, '_, 'r> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<M: MapAccess<'r>>(self, mut members: M) -> Result<(), M::Error> {
        let Within { walk, going, is_top } = self;
        let error = <M::Error as serde::de::Error>::custom::<String>;
        let mut shape = Shape { colon: ": ", comma: None, is_empty: true, end: 0 };
        while let Some(name) = members.next_key::<&'r RawValue>()? {
            let value = members.next_value::<&'r RawValue>()?.get();
            let name = name.get();
            let onward = walk.onward(going, |step| matches!(step, Step::Member(wanted) if is_name(name, wanted)));
            if is_top {
                if let Some((_, added)) = walk.added.iter().find(|(_, added)| is_name(name, added)) {
                    return Err(error(format!("the record has '{added}' already: add it under another name")));
                }
                let (name, value) = (walk.span(name), walk.span(value));
                if !shape.is_empty {
                    shape.comma = Some(&walk.record[shape.end..name.start]);
                }
                shape.colon = &walk.record[name.end..value.start];
                (shape.is_empty, shape.end) = (false, value.end);
            }
            if !onward.is_empty() {
                walk.value(value, &onward).map_err(|wrong| error(wrong.to_string()))?;
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
                let error = <S::Error as serde::de::Error>::custom::<String>;
                walk.value(value.get(), &onward).map_err(|wrong| error(wrong.to_string()))?;
            }
        }
        Ok(())
    }
}

/// Whether a name as it is written, in quotes, is this one.
fn is_name(written: &str, name: &str) -> bool {
    if !written.contains('\\') {
        return written.get(1..written.len() - 1) == Some(name);
    }
    serde_json::from_str::<String>(written).is_ok_and(|written| written == name)
}

/// The text of a JSON string.
fn decode(string: &str) -> Result<Text<'_>, Error> {
    if !string.contains('\\') {
        let text = string.get(1..string.len() - 1).unwrap_or_default();
        return Ok(Text { text: text.into(), surrogates: Vec::new() });
    }
    if let Ok(text) = serde_json::from_str::<String>(string) {
        return Ok(Text { text: text.into(), surrogates: Vec::new() });
    }
    // What is left are lone surrogates: as bytes they come in the form of UTF-8, three each.
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
            return Err(Error::new(ErrorKind::InvalidUtf8, "a string that is no text"));
        };
        text.push(STAND_IN);
        surrogates.push(Some(0xd000 | u16::from(high & 0x3f) << 6 | u16::from(low & 0x3f)));
        rest = behind;
    }
    Ok(Text { text: text.into(), surrogates })
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

/// Appends a text as a JSON string, written as the `old` one was.
fn encode(text: &str, surrogates: &[Option<u16>], old: &str, out: &mut String) -> Result<(), Error> {
    let spelling = Spelling::of(old);
    if spelling.escapes.is_empty() && !spelling.is_ascii && surrogates.is_empty() {
        out.push_str(&json_string(text)?);
        return Ok(());
    }
    let mut surrogates = surrogates.iter();
    out.push('"');
    for character in text.chars() {
        let lone = if character == STAND_IN { surrogates.next().copied().flatten() } else { None };
        let code = lone.map_or(u32::from(character), u32::from);
        if let Some(escape) = spelling.escapes.get(&code) {
            out.push_str(escape);
        } else if let Some(lone) = lone {
            spelling.unit(lone, out);
        } else if let Some(escape) = usual_escape(character) {
            out.push_str(&escape);
        } else if spelling.is_ascii && !character.is_ascii() {
            character.encode_utf16(&mut [0; 2]).iter().for_each(|&unit| spelling.unit(unit, out));
        } else {
            out.push(character);
        }
    }
    out.push('"');
    Ok(())
}

/// How the characters of a string are written, where that is not how they usually are.
struct Spelling<'o> {
    /// Escapes, by what they mean.
    escapes: HashMap<u32, &'o str>,
    /// All that is not ASCII is an escape.
    is_ascii: bool,
    is_upper: bool,
}

impl<'o> Spelling<'o> {
    fn of(string: &'o str) -> Spelling<'o> {
        let mut spelling = Spelling { escapes: HashMap::new(), is_ascii: false, is_upper: false };
        let unit = |at: usize| {
            let digits = string.get(at..at + 6)?.strip_prefix("\\u")?;
            u16::from_str_radix(digits, 16).ok()
        };
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'\\', &string.as_bytes()[at..]) {
            let start = at + found;
            at = start + 2;
            let code = match string.as_bytes().get(start + 1) {
                Some(b'u') => {
                    let first = unit(start).unwrap_or_default();
                    at = start + 6;
                    let pair = [first, unit(at).unwrap_or_default()];
                    match char::decode_utf16(pair).next() {
                        Some(Ok(character)) => {
                            at += if character.len_utf16() == 2 { 6 } else { 0 };
                            u32::from(character)
                        }
                        _ => u32::from(first),
                    }
                }
                Some(b'b') => 0x08,
                Some(b'f') => 0x0c,
                Some(b'n') => u32::from('\n'),
                Some(b'r') => u32::from('\r'),
                Some(b't') => u32::from('\t'),
                Some(&other) => u32::from(other),
                None => break,
            };
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

/// What JSON has to escape, as it is mostly done.
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

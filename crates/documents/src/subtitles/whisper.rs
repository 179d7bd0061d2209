//! Transcripts of Whisper in JSON: the text, its segments, and their words with times.
//!
//! Source: [the writer of Whisper](https://github.com/openai/whisper/blob/main/whisper/utils.py), and that of
//! [whisper.cpp](https://github.com/ggml-org/whisper.cpp/blob/master/examples/cli/cli.cpp).

use std::{ops::Range, slice};

use fanjian::{Error, ErrorKind};

use crate::{
    data::json_reader::{Event, read},
    escape::Escape,
    lines::line_number,
    scan::{Group, Role, Scan},
};

/// How deep values may be.
const DEPTH: usize = 128;

/// The languages that Whisper names in full, of those whose text may have Han characters.
const LEFT: [&str; 3] = ["japanese", "korean", "vietnamese"];

/// Segments are cut anywhere, also within words: all of them are one text, and so are all words, and each is converted as the text of
/// the whole is. Where they are not the same, the words of a segment and the segment are one text each, and the text of the whole is
/// read by segments, if it is what they are together.
///
/// The name of the language is an argument of the program, and stays.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let root = document(source)?;
    let segments = root.get("segments").or_else(|| root.get("transcription")).map(Value::items);
    let (None, None) = (segments, root.get("text").and_then(Value::string)) else {
        scan_root(source, &root, segments.unwrap_or_default(), scan);
        return Ok(());
    };
    let message = "not a transcript of Whisper: no 'text', no 'segments' and no 'transcription'";
    Err(Error::new(ErrorKind::Syntax, message).on_line(1))
}

fn scan_root(source: &str, root: &Value<'_>, segments: &[Value<'_>], scan: &mut Scan<'_>) {
    let language = root.get("language").or_else(|| root.get("result")?.get("language")).and_then(Value::string);
    if let Some(language) = language {
        let language = &source[language];
        if LEFT.contains(&language.to_ascii_lowercase().as_str()) || !scan.options.languages.takes(language) {
            return;
        }
    }
    let strings = |values: &[Value<'_>], key: &str| -> Vec<Range<usize>> {
        values.iter().filter_map(|value| value.get(key)?.string()).collect()
    };
    let texts = strings(segments, "text");
    let whole = root.get("text").and_then(Value::string);
    let all = joined(source, &texts);
    let is_one = whole.as_ref().is_none_or(|text| joined(source, slice::from_ref(text)).trim() == all.trim());
    match whole {
        Some(text) if is_one => _ = scan.whole(Role::Text, text, Escape::Backslash),
        Some(text) => {
            for part in split(source, text, &texts) {
                scan.whole(Role::Text, part, Escape::Backslash);
            }
        }
        None => {}
    }
    if is_one {
        join(&texts, scan);
    } else {
        texts.iter().for_each(|text| join(slice::from_ref(text), scan));
    }
    let is_all = |parts: &[Range<usize>]| is_one && !parts.is_empty() && joined(source, parts).trim() == all.trim();
    for (list, key) in [("words", "word"), ("words", "text"), ("chars", "char"), ("tokens", "text")] {
        let of_segment = |segment: &Value<'_>| {
            let mut parts = segment.get(list).map(|list| strings(list.items(), key)).unwrap_or_default();
            // Those of whisper.cpp that are no text, such as `[_BEG_]`.
            parts.retain(|part| list != "tokens" || !source[part.clone()].starts_with("[_"));
            parts
        };
        let parts: Vec<_> = segments.iter().map(of_segment).collect();
        let flat = parts.concat();
        if is_all(&flat) {
            join(&flat, scan);
        } else {
            parts.iter().for_each(|parts| join(parts, scan));
        }
    }
    // As WhisperX and the services of OpenAI write them: those of all segments in one list.
    for (list, key) in [("word_segments", "word"), ("words", "word")] {
        let words = root.get(list).map(|list| strings(list.items(), key)).unwrap_or_default();
        if is_all(&words) {
            join(&words, scan);
            continue;
        }
        let mut rest = words.as_slice();
        for text in &texts {
            let count = leading(source, rest, text);
            join(&rest[..count], scan);
            rest = &rest[count..];
        }
        join(rest, scan);
    }
}

/// The text that strings are together.
fn joined(source: &str, strings: &[Range<usize>]) -> String {
    let units = strings.iter().flat_map(|raw| Escape::Backslash.units(&source[raw.clone()]));
    units.filter_map(|(_, character)| character).collect()
}

/// Adds a group of these strings.
fn join(parts: &[Range<usize>], scan: &mut Scan<'_>) {
    if parts.is_empty() {
        return;
    }
    let group: Group = scan.group(Role::Text);
    for part in parts {
        scan.text(group, part.clone(), Escape::Backslash);
    }
}

/// The characters of a string that are no spaces, and where each begins.
fn characters(source: &str, raw: Range<usize>) -> impl Iterator<Item = (usize, char)> + '_ {
    let units = Escape::Backslash.units(&source[raw.clone()]).collect::<Vec<_>>();
    let characters =
        units.into_iter().filter_map(move |(range, character)| Some((raw.start + range.start, character?)));
    characters.filter(|(_, character)| !character.is_whitespace())
}

/// A string in the parts that these texts have of it: the whole of it, if they are not what it is together.
fn split(source: &str, whole: Range<usize>, texts: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut starts = Vec::new();
    let mut rest = characters(source, whole.clone());
    for text in texts {
        let mut start = None;
        for (_, character) in characters(source, text.clone()) {
            match rest.next() {
                Some((at, found)) if found == character => start = start.or(Some(at)),
                _ => return vec![whole],
            }
        }
        starts.extend(start);
    }
    if rest.next().is_some() || starts.is_empty() {
        return vec![whole];
    }
    starts[0] = whole.start;
    let ends = starts[1..].iter().copied().chain([whole.end]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// How many of the words make up a text. All of them, if they do not.
fn leading(source: &str, words: &[Range<usize>], text: &Range<usize>) -> usize {
    let mut rest = characters(source, text.clone()).map(|(_, character)| character).peekable();
    for (count, word) in words.iter().enumerate() {
        if rest.peek().is_none() {
            return count;
        }
        for (_, character) in characters(source, word.clone()) {
            if rest.next() != Some(character) {
                return words.len();
            }
        }
    }
    words.len()
}

/// A value of JSON, with the places of strings in the source, without quotation marks.
enum Value<'s> {
    Object(Vec<(&'s str, Value<'s>)>),
    Array(Vec<Value<'s>>),
    String(Range<usize>),
    Other,
}

impl<'s> Value<'s> {
    fn get(&self, key: &str) -> Option<&Value<'s>> {
        let Value::Object(members) = self else { return None };
        members.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    fn items(&self) -> &[Value<'s>] {
        let Value::Array(items) = self else { return &[] };
        items
    }

    fn string(&self) -> Option<Range<usize>> {
        let Value::String(range) = self else { return None };
        Some(range.clone())
    }
}

/// An object or an array that is open, and the key of the value that is next in it.
struct Open<'s> {
    value: Value<'s>,
    key: &'s str,
}

impl<'s> Open<'s> {
    fn push(&mut self, value: Value<'s>) {
        match &mut self.value {
            Value::Object(members) => members.push((self.key, value)),
            Value::Array(items) => items.push(value),
            Value::String(_) | Value::Other => {}
        }
    }
}

/// The value of a document.
fn document(source: &str) -> Result<Value<'_>, Error> {
    let mut root = Value::Other;
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut too_deep = None;
    read(source, |event| {
        let value = match event {
            Event::Object(at) | Event::Array(at) if open.len() >= DEPTH => {
                too_deep = too_deep.or(Some(at));
                Value::Other
            }
            Event::Object(_) => return open.push(Open { value: Value::Object(Vec::new()), key: "" }),
            Event::Array(_) => return open.push(Open { value: Value::Array(Vec::new()), key: "" }),
            Event::Key(raw) => return open.last_mut().into_iter().for_each(|open| open.key = &source[raw.clone()]),
            Event::Comment(_) => return,
            Event::End(_) if too_deep.is_some() => return,
            Event::End(_) => open.pop().map_or(Value::Other, |open| open.value),
            Event::String(raw, _) => Value::String(raw),
            Event::Other(_) => Value::Other,
        };
        match open.last_mut() {
            Some(around) => around.push(value),
            None => root = value,
        }
    })?;
    match too_deep {
        None => Ok(root),
        Some(at) => {
            let message = format!("not a transcript of Whisper: values are deeper than {DEPTH}");
            Err(Error::new(ErrorKind::Syntax, message).on_line(line_number(source, at)))
        }
    }
}

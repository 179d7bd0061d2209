//! JSON, and what people write for it: comments, trailing commas, and the strings and keys of JSON5.

use std::{collections::HashMap, ops::Range, vec::IntoIter};

use fanjian::{Error, ErrorKind};

use crate::{
    data::{
        keys::{Plan, Use, names_language, plans, use_of},
        manifests::Manifest,
        values::stays_as_written,
    },
    escape::{Escape, quoted_len},
    lines::line_number,
    options::Options,
    placeholders::message,
    scan::Scan,
};

/// What is read in a source, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// An object begins; its place is that of its brace.
    Object(usize),
    Array(usize),
    /// An object or an array ends; its place is that of its bracket.
    End(usize),
    /// A key, without quotation marks.
    Key(Range<usize>),
    /// A string that is a value, without quotation marks.
    String(Range<usize>, Escape),
    /// A number or a name.
    Other(Range<usize>),
    /// A comment, without its marks.
    Comment(Range<usize>),
}

/// Where a reader is in an object or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A value is next.
    Value,
    /// A value or the end of the array is next.
    ValueOrEnd,
    /// A key or the end of the object is next.
    KeyOrEnd,
    /// A colon is next.
    Colon,
    /// A comma or the end is next.
    CommaOrEnd,
    /// The value of the document has been read.
    Done,
}

/// Reads a source: a value, with comments around and within.
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax), with the line.
pub(crate) fn read(source: &str, mut take: impl FnMut(Event)) -> Result<(), Error> {
    let bytes = source.as_bytes();
    let mut at = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut open: Vec<u8> = Vec::new();
    let mut state = State::Value;
    loop {
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() || first == '\u{feff}' {
            at += first.len_utf8();
            continue;
        }
        if first == '/' || (first == '#' && state != State::Colon) {
            let comment = comment(rest).ok_or_else(|| error(source, at, "a comment or a value", rest))?;
            take(Event::Comment(at + comment.start..at + comment.end));
            at += if rest.starts_with("/*") { comment.end + 2 } else { comment.end };
            continue;
        }
        let after_value = |open: &[u8]| if open.is_empty() { State::Done } else { State::CommaOrEnd };
        match (state, first) {
            (State::Value | State::ValueOrEnd, '{' | '[') => {
                open.push(bytes[at]);
                if first == '{' {
                    take(Event::Object(at));
                    state = State::KeyOrEnd;
                } else {
                    take(Event::Array(at));
                    state = State::ValueOrEnd;
                }
                at += 1;
            }
            (State::CommaOrEnd | State::ValueOrEnd, ']') | (State::CommaOrEnd | State::KeyOrEnd, '}') => {
                let expected = if first == ']' { b'[' } else { b'{' };
                if open.pop() != Some(expected) {
                    return Err(error(source, at, "another end", rest));
                }
                take(Event::End(at));
                state = after_value(&open);
                at += 1;
            }
            (State::CommaOrEnd, ',') => {
                state = if open.last() == Some(&b'{') { State::KeyOrEnd } else { State::ValueOrEnd };
                at += 1;
            }
            (State::Colon, ':') => {
                state = State::Value;
                at += 1;
            }
            (State::KeyOrEnd | State::Value | State::ValueOrEnd, '"' | '\'') => {
                let len =
                    quoted_len(&rest[1..], bytes[at]).ok_or_else(|| error(source, at, "the end of the string", ""))?;
                let raw = at + 1..at + 1 + len;
                at = raw.end + 1;
                if state == State::KeyOrEnd {
                    take(Event::Key(raw));
                    state = State::Colon;
                } else {
                    let escape = if first == '"' { Escape::Backslash } else { Escape::BackslashApostrophe };
                    take(Event::String(raw, escape));
                    state = after_value(&open);
                }
            }
            (State::KeyOrEnd | State::Value | State::ValueOrEnd, _) => {
                let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '+' | '.' | '\\');
                let len = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
                let is_value = state == State::KeyOrEnd || is_scalar(&rest[..len]);
                if len == 0 || !is_value {
                    let expected = if state == State::KeyOrEnd { "a key or '}'" } else { "a value" };
                    return Err(error(source, at, expected, rest));
                }
                if state == State::KeyOrEnd {
                    take(Event::Key(at..at + len));
                    state = State::Colon;
                } else {
                    take(Event::Other(at..at + len));
                    state = after_value(&open);
                }
                at += len;
            }
            (State::Colon, _) => return Err(error(source, at, "':'", rest)),
            (State::CommaOrEnd, _) => return Err(error(source, at, "',' or an end", rest)),
            (State::Done, _) => return Err(error(source, at, "the end of the document", rest)),
        }
    }
    if state == State::Done { Ok(()) } else { Err(error(source, at, "a value or an end", "")) }
}

/// The content of the comment at the beginning of a text. A comment without an end goes up to that of the text.
fn comment(text: &str) -> Option<Range<usize>> {
    let line = |start: usize| start..text.find(['\n', '\r']).unwrap_or(text.len());
    match text.as_bytes() {
        [b'/', b'/', ..] => Some(line(2)),
        [b'#', ..] => Some(line(1)),
        [b'/', b'*', ..] => Some(2..2 + text[2..].find("*/")?),
        _ => None,
    }
}

/// Whether a word is a number or a name that JSON5 has.
fn is_scalar(word: &str) -> bool {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    matches!(word, "true" | "false" | "null")
        || matches!(unsigned, "NaN" | "Infinity")
        || unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

pub(crate) fn error(source: &str, at: usize, expected: &str, found: &str) -> Error {
    let line = line_number(source, at);
    let message = match found.chars().next() {
        Some(found) => format!("not JSON: {expected} was expected, and not {found:?}"),
        None => format!("not JSON: {expected} was expected before the end"),
    };
    Error::new(ErrorKind::Syntax, message).on_line(line)
}

/// What happens below the keys of objects, by the places of their braces: of those that have a name of a language for a key.
pub(crate) type Plans = HashMap<usize, IntoIter<Plan>>;

/// What happens below the keys of objects; and which file of a tool the document is.
pub(crate) fn plans_of_objects(source: &str, options: &Options) -> Result<(Plans, Option<Manifest>), Error> {
    let mut open: Vec<(usize, Vec<&str>)> = Vec::new();
    let (mut objects, mut manifest) = (HashMap::new(), None);
    read(source, |event| match event {
        Event::Object(at) => open.push((at, Vec::new())),
        Event::Array(_) => open.push((0, Vec::new())),
        Event::Key(raw) => open.last_mut().into_iter().for_each(|(_, keys)| keys.push(&source[raw.clone()])),
        Event::End(_) => {
            let Some((at, keys)) = open.pop() else { return };
            if open.is_empty() {
                manifest = Manifest::of_json(&keys);
            }
            let plans = plans(&keys, options);
            if plans.iter().any(|plan| *plan != Plan::Convert) {
                objects.insert(at, plans.into_iter());
            }
        }
        _ => {}
    })?;
    Ok((objects, manifest))
}

/// What a value is in.
#[derive(Default)]
struct Open {
    /// The plans of the keys that are to come.
    plans: IntoIter<Plan>,
    /// All below stays.
    is_left: bool,
    /// What the values of a list are for.
    of: Use,
}

/// Strings that are values are converted, but for those that refer to something by its name, for regular expressions and for
/// commands, by their key. Keys stay, but for the names of languages: one that is Chinese follows the conversion, if the target's
/// is not in the object. What is below the name of another language stays.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let (mut objects, manifest) = plans_of_objects(source, scan.options)?;
    let mut open: Vec<Open> = Vec::new();
    let (mut key, mut is_left, mut of) = (None, false, Use::Text);
    read(source, |event| match event {
        Event::Object(at) => {
            open.push(Open { plans: objects.remove(&at).unwrap_or_default(), is_left, of: Use::Text });
            (key, of) = (None, Use::Text);
        }
        Event::Array(_) => {
            of = of.in_list();
            open.push(Open { is_left, of, ..Open::default() });
            key = None;
        }
        Event::End(_) => {
            open.pop();
            is_left = open.last().is_some_and(|open| open.is_left);
            of = open.last().map(|open| open.of).unwrap_or_default();
        }
        Event::Key(raw) => {
            let name = &source[raw.clone()];
            let is_of_tool = open.len() == 1 && manifest.is_some_and(|manifest| manifest.leaves(name));
            if let Some(open) = open.last_mut() {
                let plan = open.plans.next().unwrap_or(Plan::Convert);
                is_left = open.is_left || plan == Plan::Leave || is_of_tool;
                if plan == Plan::Rename && !is_left {
                    scan.tag(raw);
                }
            }
            of = use_of(name);
            key = Some(name);
        }
        Event::String(raw, escape) => {
            if key.take().is_some_and(names_language) {
                match open.len() {
                    1 => scan.language(source, raw),
                    _ => scan.tag(raw),
                }
            } else if !is_left && !stays_as_written(of, &source[raw.clone()], escape) {
                message(source, raw, escape, scan);
            }
        }
        Event::Other(_) => key = None,
        Event::Comment(raw) => scan.comment(&source[raw]),
    })
}

//! YAML.

use std::{borrow::Cow, collections::HashMap, ops::Range, vec::IntoIter};

use fanjian::{Error, ErrorKind};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::{
    data::{
        BLANKS, Rules,
        keys::{Plan, Use, names_language, plans, use_of},
        values::stays,
    },
    escape::{Escape, ends_escaped},
    language::Style,
    lines::{behind_line_end, lines, rest_of_line},
    options::Options,
    placeholders::{Part, message_of_parts},
    scalar::{Form, Scalar},
    scan::{Scan, StandIn, TagForm},
};

/// A mapping or a sequence around.
#[derive(Debug, Default)]
struct Open {
    is_mapping: bool,
    /// Of a mapping: whether a value is next, and not a key.
    has_key: bool,
    /// What happens below the keys that are to come.
    plans: IntoIter<Plan>,
    /// Whether all below stays: it is a key itself, or in another language.
    is_left: bool,
    /// What the values of a sequence are for.
    of: Use,
}

/// Scalars that are values are converted, line by line, but for those that refer to something by its name, as in JSON. Keys,
/// anchors, tags and comments stay; the names of languages among keys are as in JSON.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_by(source, Rules::default(), scan)
}

/// The same by these rules.
pub(crate) fn scan_by(source: &str, rules: Rules, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut mappings = plans_of_mappings(source, rules, scan.options)?;
    let mut places = Places::new(source);
    let has_marks = memchr::memmem::find(source.as_bytes(), b"fanjian:").is_some();
    let (mut open, mut number, mut end): (Vec<Open>, usize, usize) = (Vec::new(), 0, 0);
    let (mut key, mut is_left) = (None, false);
    for read in Parser::new_from_str(source) {
        let (event, span) = read.map_err(|error| syntax(error.info(), error.marker().line()))?;
        let is_node =
            matches!(event, Event::Scalar(..) | Event::Alias(_) | Event::MappingStart(..) | Event::SequenceStart(..));
        let mut is_key = false;
        if let Some(around) = open.last_mut().filter(|_| is_node) {
            is_left = around.is_left;
            is_key = around.is_mapping && !around.has_key;
            around.has_key = is_key;
        }
        match event {
            Event::MappingStart(..) => {
                let plans = mappings.remove(&number).unwrap_or_default();
                number += 1;
                is_left |= is_key || is_value_left(key.take(), rules);
                open.push(Open { is_mapping: true, has_key: false, plans, is_left, of: Use::Text });
            }
            Event::SequenceStart(..) => {
                let own = key.take();
                let of = own.as_ref().map_or(open.last().map_or(Use::Text, |open| open.of), |(key, _)| use_of(key));
                is_left |= is_key || is_value_left(own, rules);
                open.push(Open { is_left, of: of.in_list(), ..Open::default() });
            }
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                key = None;
            }
            Event::Scalar(value, style, anchor, tag) => {
                let mut raw = places.range(span);
                // One of nothing is said to be where the next token is.
                if value.is_empty() && style == ScalarStyle::Plain {
                    raw.end = raw.start;
                }
                if has_marks {
                    comments(&source[end..raw.start.max(end)], scan);
                }
                end = raw.end;
                let has_properties = anchor > 0 || tag.is_some();
                let raw = if has_properties { without_properties(source, raw, style) } else { raw };
                if is_key {
                    let plan = open.last_mut().and_then(|around| around.plans.next()).unwrap_or(Plan::Convert);
                    if plan == Plan::Rename && !is_left {
                        let raw = without_marks(source, raw, style, span)?;
                        scan.tag_in_form(raw, TagForm::AsFile(Style::default()));
                    }
                    key = Some((value, plan));
                    continue;
                }
                let key = key.take();
                let names_language = key.as_ref().is_some_and(|(key, _)| names_language(key));
                let is_binary = tag.is_some_and(|tag| tag.suffix == "binary");
                let is_single = !source[raw.clone()].trim_end().contains(['\n', '\r']);
                if names_language && is_single && !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    let raw = without_marks(source, raw, style, span)?;
                    if open.len() == 1 {
                        scan.language(source, raw)
                    } else {
                        scan.tag(raw)
                    }
                    continue;
                }
                let of = key.as_ref().map_or(open.last().map_or(Use::Text, |open| open.of), |(key, _)| use_of(key));
                if !is_left && !is_value_left(key, rules) && !is_binary && !stays(of, &value) {
                    scalar(source, raw, style, span, rules, scan)?;
                }
            }
            Event::Alias(_) => key = None,
            _ => {}
        }
    }
    Ok(())
}

fn is_value_left(key: Option<(Cow<'_, str>, Plan)>, rules: Rules) -> bool {
    key.is_some_and(|(key, plan)| plan == Plan::Leave || (rules.is_name)(&key))
}

/// What happens below the keys of mappings, by their numbers: of those that have a name of a language for a key.
fn plans_of_mappings(source: &str, rules: Rules, options: &Options) -> Result<HashMap<usize, IntoIter<Plan>>, Error> {
    // Its number, keys, and whether a value is next. A sequence has no number.
    let mut open: Vec<(Option<usize>, Vec<String>, bool)> = Vec::new();
    let (mut number, mut mappings, mut is_nested) = (0, HashMap::new(), false);
    for read in Parser::new_from_str(source) {
        let (event, _) = read.map_err(|error| syntax(error.info(), error.marker().line()))?;
        if let Event::MappingEnd | Event::SequenceEnd = event {
            let Some((Some(number), keys, _)) = open.pop() else { continue };
            let keys: Vec<_> = keys.iter().map(String::as_str).collect();
            let may_be_language_alone = open.is_empty() && is_nested && rules.is_file;
            let plans = plans(&keys, may_be_language_alone, options);
            if plans.iter().any(|plan| *plan != Plan::Convert) {
                mappings.insert(number, plans.into_iter());
            }
            continue;
        }
        let is_node =
            matches!(event, Event::Scalar(..) | Event::Alias(_) | Event::MappingStart(..) | Event::SequenceStart(..));
        // A source may have several documents, and a mapping that is a key has no key before it.
        if let (Event::MappingStart(..), [] | [(Some(_), _, true)]) = (&event, open.as_slice()) {
            is_nested = !open.is_empty();
        }
        if let Some((Some(_), keys, has_key)) = open.last_mut().filter(|_| is_node) {
            *has_key = !*has_key;
            // As many as keys that are scalars: others have no plan.
            if let (true, Event::Scalar(value, ..)) = (*has_key, &event) {
                keys.push(value.to_string());
            }
        }
        match event {
            Event::MappingStart(..) => {
                open.push((Some(number), Vec::new(), false));
                number += 1;
            }
            Event::SequenceStart(..) => open.push((None, Vec::new(), false)),
            _ => {}
        }
    }
    Ok(mappings)
}

/// Bytes of the source for markers, which count characters.
pub(crate) struct Places<'s> {
    source: &'s str,
    characters: usize,
    bytes: usize,
}

impl<'s> Places<'s> {
    pub(crate) fn new(source: &'s str) -> Places<'s> {
        Places { source, characters: 0, bytes: 0 }
    }

    pub(crate) fn range(&mut self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }

    fn byte(&mut self, character: usize) -> usize {
        if character < self.characters {
            (self.characters, self.bytes) = (0, 0);
        }
        let rest = &self.source[self.bytes..];
        let mut more = rest.char_indices().skip(character - self.characters);
        self.bytes += more.next().map_or(rest.len(), |(at, _)| at);
        self.characters = character;
        self.bytes
    }
}

/// Takes the comments between two scalars.
fn comments(gap: &str, scan: &mut Scan<'_>) {
    for line in lines(gap) {
        let line = &gap[line];
        let start = line.char_indices().find(|&(at, c)| c == '#' && (at == 0 || line[..at].ends_with([' ', '\t'])));
        if let Some((at, _)) = start {
            scan.comment(&line[at + 1..]);
        }
    }
}

/// A scalar's place without its anchor and its tag, and without the header of a block.
pub(crate) fn without_properties(source: &str, raw: Range<usize>, style: ScalarStyle) -> Range<usize> {
    let mut rest = &source[raw.clone()];
    let mut has_any = false;
    loop {
        let is_property = rest.starts_with(['&', '!']);
        let is_comment = has_any && rest.starts_with('#');
        if !is_property && !is_comment {
            break;
        }
        let end = if is_property { rest.find(BLANKS) } else { rest.find(['\n', '\r']) };
        rest = rest[end.unwrap_or(rest.len())..].trim_start_matches(BLANKS);
        has_any = true;
    }
    if has_any && matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
        rest = behind_line_end(&rest[rest_of_line(rest).len()..]).unwrap_or_default();
    }
    raw.end - rest.len()..raw.end
}

/// A scalar's place without quotation marks.
pub(crate) fn without_marks(
    source: &str,
    raw: Range<usize>,
    style: ScalarStyle,
    span: Span,
) -> Result<Range<usize>, Error> {
    let mark = match style {
        ScalarStyle::SingleQuoted => '\'',
        ScalarStyle::DoubleQuoted => '"',
        _ => return Ok(raw),
    };
    // What the parser calls the end may be that of a comment behind the string.
    let len = source[raw.clone()].strip_prefix(mark).and_then(|rest| closing(rest, mark));
    let len = len.ok_or_else(|| syntax("the end of a string was expected", span.start.line()))?;
    Ok(raw.start + 1..raw.start + 1 + len)
}

/// Where the quotation mark is that closes a string.
fn closing(rest: &str, mark: char) -> Option<usize> {
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && mark == '"' {
            characters.next();
        } else if character == mark && (mark == '"' || characters.next_if(|&(_, next)| next == mark).is_none()) {
            return Some(at);
        }
    }
    None
}

/// Adds a scalar: a message, with its lines for parts.
fn scalar(
    source: &str,
    raw: Range<usize>,
    style: ScalarStyle,
    span: Span,
    rules: Rules,
    scan: &mut Scan<'_>,
) -> Result<(), Error> {
    let raw = without_marks(source, raw, style, span)?;
    let (escape, form) = match style {
        ScalarStyle::SingleQuoted => (Escape::Doubled('\''), Some((Form::YamlSingle, 1))),
        ScalarStyle::DoubleQuoted => (Escape::Backslash, None),
        ScalarStyle::Plain => (Escape::None, Some((Form::YamlPlain, 0))),
        _ => (Escape::Bare("\n\r"), None),
    };
    let scalar = |(form, marks)| Scalar { raw: raw.start - marks..raw.end + marks, form };
    scan.scalars.extend(form.map(scalar));
    let mut parts = Vec::new();
    let mut is_continued = true;
    for line in lines(&source[raw.clone()]) {
        let line = raw.start + line.start..raw.start + line.end;
        let text = &source[line.clone()];
        let start = if parts.is_empty() { line.start } else { line.end - text.trim_start_matches([' ', '\t']).len() };
        // The backslash of a string that goes on in the next line is no text.
        let ends_continued = escape == Escape::Backslash && line.end < raw.end && ends_escaped(text);
        let end = line.end - usize::from(ends_continued);
        if !is_continued {
            parts.push(Part::Kept(start..start, StandIn::Break));
        }
        parts.push(Part::Text(start..end.max(start), escape));
        is_continued = ends_continued;
    }
    message_of_parts(source, rules.role, &parts, scan);
    Ok(())
}

pub(crate) fn syntax(message: &str, line: usize) -> Error {
    Error::new(ErrorKind::Syntax, format!("not YAML: {message}")).on_line(line)
}

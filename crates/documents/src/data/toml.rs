//! TOML.

use std::ops::Range;

use fanjian::{Error, ErrorKind};
use toml_parser::{
    ErrorSink, ParseError, Raw, Source, Span,
    decoder::Encoding,
    parser::{EventReceiver, RecursionGuard, parse_document},
};

use crate::{
    data::{
        BLANKS, Rules,
        keys::{Locale, locale, names_language, use_of},
        manifests::Manifest,
        values::stays_as_written,
    },
    escape::Escape,
    lines::line_number,
    placeholders::{Part, message_of_parts},
    scalar::{Form, Scalar},
    scan::Scan,
};

/// How deep arrays and inline tables may be.
const DEPTH: u32 = 128;

/// Strings that are values are converted, but for those that refer to something by its name, as in JSON. Keys and comments stay,
/// and what is below a key that is the name of another language.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_by(source, Rules::default(), scan)
}

/// The same by these rules.
pub(crate) fn scan_by(source: &str, rules: Rules, scan: &mut Scan<'_>) -> Result<(), Error> {
    let is_of_tool = scan.options.manifests && Manifest::of_toml(source).is_some();
    let mut receiver = Receiver {
        source,
        scan,
        rules,
        is_of_tool,
        in_header: false,
        table: None,
        open: Vec::new(),
        key: Key::default(),
    };
    parse(source, &mut receiver)
}

/// Reads a source.
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax), with the line.
pub(crate) fn parse(source: &str, receiver: &mut dyn EventReceiver) -> Result<(), Error> {
    // A byte order mark is read by the lexer.
    let tokens = Source::new(source).lex().into_vec();
    let mut error: Option<ParseError> = None;
    let mut guard = RecursionGuard::new(receiver, DEPTH);
    parse_document(&tokens, &mut guard, &mut |new: ParseError| _ = error.get_or_insert(new));
    let Some(error) = error else { return Ok(()) };
    let at = error.unexpected().or(error.context()).map_or(0, |span| span.start());
    let line = line_number(source, at);
    Err(Error::new(ErrorKind::Syntax, format!("not TOML: {}", error.description())).on_line(line))
}

/// A key that is read, which may have dots.
#[derive(Clone, Debug, Default)]
struct Key {
    /// Its last part.
    last: Range<usize>,
    /// Whether a part is the name of another language, or says that the value stays.
    is_left: bool,
    /// Whether a part is one of those of a tool's file that have text.
    is_text: bool,
    /// Whether its value has been read or has begun.
    is_done: bool,
}

struct Receiver<'r, 's, 'o> {
    source: &'s str,
    scan: &'r mut Scan<'o>,
    rules: Rules,
    /// It is a file of a tool: few of its values are text.
    is_of_tool: bool,
    in_header: bool,
    /// The key of the header.
    table: Option<Key>,
    /// The keys whose values are the arrays and inline tables around.
    open: Vec<Key>,
    key: Key,
}

impl Receiver<'_, '_, '_> {
    fn open(&mut self) {
        self.key.is_left |= self.open.last().is_some_and(|key| key.is_left);
        self.key.is_text |= self.open.last().is_some_and(|key| key.is_text);
        self.open.push(self.key.clone());
        self.key.is_done = true;
    }

    fn close(&mut self) {
        self.key = self.open.pop().unwrap_or_default();
        self.key.is_done = true;
    }

    fn header(&mut self) {
        self.in_header = true;
        self.key = Key::default();
    }

    fn end_header(&mut self) {
        self.in_header = false;
        self.key.is_done = true;
        self.table = Some(self.key.clone());
    }
}

impl EventReceiver for Receiver<'_, '_, '_> {
    fn std_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header();
    }

    fn std_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.end_header();
    }

    fn array_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header();
    }

    fn array_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.end_header();
    }

    fn inline_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open();
        true
    }

    fn inline_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.close();
    }

    fn array_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open();
        true
    }

    fn array_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.close();
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, _error: &mut dyn ErrorSink) {
        if self.key.is_done {
            self.key = Key::default();
        }
        let quotes = usize::from(encoding.is_some());
        self.key.last = span.start() + quotes..(span.end() - quotes).max(span.start() + quotes);
        let name = self.source.get(self.key.last.clone()).unwrap_or_default();
        self.key.is_left |=
            locale(name, &self.scan.options.languages) == Some(Locale::Left) || (self.rules.is_name)(name);
        self.key.is_text |= Manifest::is_text_of_toml(name);
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let is_first = !self.key.is_done;
        let keys = || self.table.iter().chain(self.open.last()).chain([&self.key]);
        let is_left = keys().any(|key| key.is_left) || (self.is_of_tool && !keys().any(|key| key.is_text));
        self.key.is_done = true;
        if let Some(text) = self.source.get(span.start()..span.end()) {
            // Reports a string without an end, escapes that there are not, and words that are no value.
            let _ = Raw::new_unchecked(text, encoding, span).decode_scalar(&mut String::new(), error);
        }
        let (marks, escape, form) = match encoding {
            Some(Encoding::BasicString) => (1, Escape::Backslash, None),
            Some(Encoding::LiteralString) => (1, Escape::None, Some(Form::TomlLiteral)),
            Some(Encoding::MlBasicString) => (3, Escape::Backslash, None),
            Some(Encoding::MlLiteralString) => (3, Escape::None, Some(Form::TomlLines)),
            None => return,
        };
        self.scan.scalars.extend(form.map(|form| Scalar { raw: span.start()..span.end(), form }));
        let raw = span.start() + marks..(span.end().saturating_sub(marks)).max(span.start() + marks);
        let Some(text) = self.source.get(raw.clone()) else { return };
        let key = self.source.get(self.key.last.clone()).unwrap_or_default();
        let of = use_of(key);
        if is_first && !self.in_header && names_language(key) {
            match (&self.table, self.open.is_empty()) {
                (None, true) => self.scan.language(self.source, raw),
                _ => self.scan.tag(raw),
            }
        } else if !is_left && !stays_as_written(if is_first { of } else { of.in_list() }, text, escape) {
            message_of_parts(self.source, self.rules.role, &parts(self.source, raw, escape), self.scan);
        }
    }

    fn comment(&mut self, span: Span, _error: &mut dyn ErrorSink) {
        self.scan.comment(self.source.get(span.start() + 1..span.end()).unwrap_or_default());
    }
}

/// The parts of a string: without backslashes that join lines, and the white space behind them.
fn parts(source: &str, raw: Range<usize>, escape: Escape) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut start = raw.start;
    if escape == Escape::Backslash {
        let mut at = raw.start;
        while let Some(found) = memchr::memchr(b'\\', &source.as_bytes()[at..raw.end]) {
            at += found;
            let rest = &source[at + 1..raw.end];
            if rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
                parts.push(Part::Text(start..at, escape));
                at = raw.end - rest.trim_start_matches(BLANKS).len();
                start = at;
            } else {
                at += 1 + rest.chars().next().map_or(0, char::len_utf8);
            }
        }
    }
    parts.push(Part::Text(start..raw.end, escape));
    parts
}

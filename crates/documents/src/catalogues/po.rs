//! Catalogues of gettext.

use std::ops::Range;

use fanjian::{Error, ErrorKind};

use crate::{
    encoding,
    escape::{Escape, quoted_len},
    language::Style,
    lines::lines,
    placeholders::{Part, message_of_parts},
    scan::{Role, Scan, TagForm},
};

/// What a keyword introduces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Context,
    Id,
    PluralId,
    /// A translation.
    String,
    /// The domain of the entries that follow.
    Domain,
}

/// What is read in a source, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// An empty line.
    Blank,
    /// A comment, behind its `#`.
    Comment(Range<usize>),
    /// A keyword, and whether it is of an obsolete entry.
    Keyword(Keyword, bool),
    /// A string, without quotation marks.
    String(Range<usize>),
}

/// Reads a source. `take` is called with each event and its range, from the start of the line if it is the first in it.
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax), with the line.
pub(crate) fn read(source: &str, mut take: impl FnMut(Event, &Range<usize>)) -> Result<(), Error> {
    let mut has_keyword = false;
    for (number, line) in lines(source).enumerate() {
        let error =
            |message: &str| Err(Error::new(ErrorKind::Syntax, format!("not PO: {message}")).on_line(number + 1));
        let text = source[line.clone()].trim_start_matches('\u{feff}').trim_start();
        if text.is_empty() {
            has_keyword = false;
            take(Event::Blank, &line);
            continue;
        }
        let obsolete = text.strip_prefix("#~").map(str::trim_start);
        let mut at = match obsolete {
            Some("") => continue,
            // The message as it was before: `#~| msgid`.
            Some(before) if before.starts_with('|') => {
                has_keyword = false;
                take(Event::Comment(line.end - before.len()..line.end), &line);
                continue;
            }
            Some(rest) => line.end - rest.len(),
            None if text.starts_with('#') => {
                has_keyword = false;
                take(Event::Comment(line.end - text.len() + 1..line.end), &line);
                continue;
            }
            None => line.end - text.len(),
        };
        // Keywords and their strings may all be in one line.
        let (mut start, mut is_string_due) = (line.start, false);
        while at < line.end {
            let rest = &source[at..line.end];
            let (event, len) = if let Some(text) = rest.strip_prefix('"') {
                let Some(len) = quoted_len(text, b'"') else { return error(STRING_EXPECTED) };
                if !has_keyword {
                    return error("a string has no keyword before it");
                }
                is_string_due = false;
                (Event::String(at + 1..at + 1 + len), len + 2)
            } else {
                let (name, keyword) = keyword(rest);
                let keyword = match keyword {
                    _ if is_string_due || name.is_empty() => return error(STRING_EXPECTED),
                    None => return error(&format!("'{name}' is no keyword of an entry")),
                    Some(keyword) => keyword,
                };
                (has_keyword, is_string_due) = (true, true);
                (Event::Keyword(keyword, obsolete.is_some()), name.len())
            };
            let end = at + len;
            take(event, &(start..end));
            at = line.end - source[end..line.end].trim_start().len();
            start = at;
        }
    }
    Ok(())
}

const STRING_EXPECTED: &str = "a string in quotation marks was expected";

/// The word that a text begins with, with the number of a form behind it, and which keyword it is.
fn keyword(text: &str) -> (&str, Option<Keyword>) {
    let len = text.find(|c: char| matches!(c, '"' | '[') || c.is_whitespace()).unwrap_or(text.len());
    let rest = text[len..].trim_start();
    if &text[..len] == "msgstr" && rest.starts_with('[') {
        let end = rest.find(']').map_or(text.len(), |end| text.len() - rest.len() + end + 1);
        return (&text[..end], text[..end].ends_with(']').then_some(Keyword::String));
    }
    let keyword = match &text[..len] {
        "msgctxt" => Keyword::Context,
        "msgid" => Keyword::Id,
        "msgid_plural" => Keyword::PluralId,
        "msgstr" => Keyword::String,
        "domain" => Keyword::Domain,
        name => return (name, None),
    };
    (&text[..len], Some(keyword))
}

/// Translations are converted, those of obsolete entries, too. The lines of a string are one text. In the header, the language
/// follows the conversion.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut entry = Entry::default();
    read(source, |event, _| match event {
        Event::Blank => entry.end(source, scan),
        Event::Comment(raw) => {
            entry.end(source, scan);
            scan.comment(&source[raw]);
        }
        Event::Keyword(keyword, _) => entry.begin(keyword, source, scan),
        Event::String(raw) => entry.string(raw),
    })?;
    entry.end(source, scan);
    Ok(())
}

/// What has been read of an entry.
#[derive(Debug, Default)]
struct Entry {
    keyword: Option<Keyword>,
    has_context: bool,
    /// Whether a string of the message's identifier is not empty.
    has_id: bool,
    /// The lines of the translation that is read.
    parts: Vec<Range<usize>>,
}

impl Entry {
    fn begin(&mut self, keyword: Keyword, source: &str, scan: &mut Scan<'_>) {
        self.translation(source, scan);
        // An entry need not have an empty line before it.
        let is_first = matches!(keyword, Keyword::Context | Keyword::Id | Keyword::Domain);
        if is_first && self.keyword == Some(Keyword::String) {
            *self = Entry::default();
        }
        self.has_context |= keyword == Keyword::Context;
        self.keyword = Some(keyword);
    }

    fn string(&mut self, raw: Range<usize>) {
        match self.keyword {
            Some(Keyword::Id) => self.has_id |= !raw.is_empty(),
            Some(Keyword::String) => self.parts.push(raw),
            _ => {}
        }
    }

    fn end(&mut self, source: &str, scan: &mut Scan<'_>) {
        self.translation(source, scan);
        *self = Entry::default();
    }

    fn translation(&mut self, source: &str, scan: &mut Scan<'_>) {
        let parts = std::mem::take(&mut self.parts);
        if !self.has_id && !self.has_context {
            for raw in parts {
                scan_header(source, raw, scan);
            }
            return;
        }
        let parts: Vec<_> = parts.into_iter().map(|raw| Part::Text(raw, Escape::BackslashOctal)).collect();
        if parts.iter().any(|part| matches!(part, Part::Text(raw, _) if !raw.is_empty())) {
            message_of_parts(source, Role::Text, &parts, scan);
        }
    }
}

/// A string of the header: `Language: zh_CN\n`, or more than one of such fields.
fn scan_header(source: &str, raw: Range<usize>, scan: &mut Scan<'_>) {
    let mut at = raw.start;
    for field in source[raw].split("\\n") {
        if let Some(value) = field.strip_prefix("Language:") {
            let start = at + field.len() - value.trim_start().len();
            scan.language_in_form(source, start..start + value.trim().len(), TagForm::Tag(Style::Posix));
        } else if field.starts_with("Content-Type:") {
            encoding::content_type(source, at..at + field.len(), scan);
        }
        at += field.len() + 2;
    }
}

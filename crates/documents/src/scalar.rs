//! Scalars that have no escapes: one that cannot hold what its text becomes is put between double quotation marks.

use std::{borrow::Cow, ops::Range};

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::escape::Escape;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// YAML, without quotation marks.
    YamlPlain,
    /// YAML, between apostrophes.
    YamlSingle,
    /// TOML, between apostrophes.
    TomlLiteral,
    /// TOML, between three apostrophes.
    TomlLines,
    /// Apple's `.strings`, without quotation marks.
    StringsName,
}

/// A scalar of the source.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    /// Its place, with its marks.
    pub(crate) raw: Range<usize>,
    pub(crate) form: Form,
}

impl Scalar {
    /// The scalar in double quotation marks, if it cannot hold these changes of it in its own form.
    pub(crate) fn quoted(&self, source: &str, edits: &[(Range<usize>, Cow<'_, str>)]) -> Option<String> {
        // Where the characters of ASCII stay, so does the syntax.
        if edits.iter().all(|(range, new)| shape(&source[range.clone()]).eq(shape(new))) {
            return None;
        }
        let (marks, quote) = match self.form {
            Form::YamlPlain | Form::StringsName => (0, "\""),
            Form::YamlSingle | Form::TomlLiteral => (1, "\""),
            Form::TomlLines => (3, "\"\"\""),
        };
        let inner = self.raw.start + marks..self.raw.end - marks;
        // What stays, and what is new, in turn.
        let mut parts = Vec::with_capacity(2 * edits.len() + 1);
        let mut at = inner.start;
        for (range, new) in edits {
            // Of two that overlap, the first is made.
            if range.start < at || range.end > inner.end {
                continue;
            }
            parts.push((&source[at..range.start], false));
            parts.push((&**new, true));
            at = range.end;
        }
        parts.push((&source[at..inner.end], false));
        let has_new_lines = parts.iter().any(|&(text, is_new)| is_new && text.contains(['\n', '\r']));
        let text: String = parts.iter().map(|(text, _)| *text).collect();
        let old = &source[inner];
        if self.form.holds(&text, old, has_new_lines) {
            return None;
        }
        let mut quoted = String::from(quote);
        for (text, is_new) in parts {
            let text = if self.form == Form::YamlSingle { text.replace("''", "'").into() } else { Cow::Borrowed(text) };
            let mut characters = text.chars().peekable();
            while let Some(character) = characters.next() {
                // TOML leaves out a line break at the beginning.
                let is_behind = quoted.len() > quote.len() || old.starts_with(['\n', '\r']);
                let is_whole = character == '\n' || characters.peek() == Some(&'\n');
                let keeps_lines = !is_new || (self.form == Form::TomlLines && is_behind && is_whole);
                match character {
                    '\t' => quoted.push(character),
                    '\n' | '\r' if keeps_lines => quoted.push(character),
                    _ if self.form == Form::StringsName => {
                        Escape::BackslashOctal.write_character(character, &mut quoted);
                    }
                    _ => Escape::Backslash.write_character(character, &mut quoted),
                }
            }
        }
        Some(quoted + quote)
    }
}

impl Form {
    /// Whether a text between the marks of the form is the scalar that it is to be, in place of the old text.
    fn holds(self, text: &str, old: &str, has_new_lines: bool) -> bool {
        let is_control = |c: char| c.is_ascii_control() && c != '\t';
        match self {
            Form::YamlPlain => !has_new_lines && is_plain(text),
            Form::YamlSingle => !has_new_lines && !text.contains(|c: char| is_control(c) && !matches!(c, '\n' | '\r')),
            Form::TomlLiteral => !text.contains(|c| c == '\'' || is_control(c)),
            Form::TomlLines => {
                let first_line = |text: &str| text.starts_with(['\n', '\r']);
                let is_other = |c: char| is_control(c) && c != '\n';
                let is_closed = text.contains("'''") || text.ends_with('\'');
                !is_closed && first_line(text) == first_line(old) && !text.replace("\r\n", "\n").contains(is_other)
            }
            Form::StringsName => !text.is_empty() && text.chars().all(is_of_name) && !text.contains("//"),
        }
    }
}

/// The characters of ASCII of a text, and where others are between them.
fn shape(text: &str) -> impl Iterator<Item = Option<char>> + '_ {
    let mut last_is_other = false;
    text.chars().filter_map(move |character| {
        let is_other = !character.is_ascii();
        let is_same_run = is_other && last_is_other;
        last_is_other = is_other;
        (!is_same_run).then_some((!is_other).then_some(character))
    })
}

/// Whether a text is a string as a plain scalar of YAML, in a block and between brackets.
fn is_plain(text: &str) -> bool {
    // Words that are no strings, of YAML 1.1, too.
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"];
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let is_word = || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    // At the beginning of a line, these end a document.
    let is_mark = text.starts_with("---") || text.starts_with("...");
    if is_mark || text.contains(['\n', '\r']) || (text.is_ascii() && (is_number || is_word())) {
        return false;
    }
    let is_read = |source: &str, before: usize| {
        let mut nodes = Parser::new_from_str(source).filter_map(|read| match read {
            Ok((Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::StreamEnd, _)) => None,
            Ok((event, _)) => Some(Some(event)),
            Err(_) => Some(None),
        });
        let scalar = nodes.nth(before).flatten();
        let is_same = matches!(&scalar, Some(Event::Scalar(value, ScalarStyle::Plain, 0, None)) if *value == text);
        let is_end = matches!(nodes.next(), Some(Some(Event::MappingEnd | Event::SequenceEnd)));
        is_same && is_end && nodes.next().is_none()
    };
    is_read(&format!("a: {text}\n"), 2) && is_read(&format!("[{text}]"), 1)
}

/// Whether a character may stand in a string of `.strings` without quotation marks.
pub(crate) fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ':' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_changes_that_overlap_the_first_is_made() {
        let scalar = Scalar { raw: 4..9, form: Form::TomlLiteral };
        let edits = [(5..7, "'".into()), (6..8, "x".into()), (8..9, "y".into())];
        assert_eq!(scalar.quoted("a = 'bcd'\n", &edits).as_deref(), Some("\"'d\""));
    }
}

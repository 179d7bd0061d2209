//! Messages: the placeholders, tags and sub-messages in the text that programs show.
//!
//! What is looked for is what libraries of messages write: `%d`, `%1$s` and `%(name)s` of printf, `%{count}`, `%name%`, `{0}`,
//! `{name}`, `{{x}}`, `${x}`, `#{x}`, `$name$`, `$t(key)`, `@:key`, `:name`, `__name__`, ICU's MessageFormat, tags such as
//! `<b>` or `<0>`, and mnemonics (`打&开`). A placeholder counts for a number or a word in the text around it, by its name.

use std::{collections::HashMap, ops::Range};

use crate::{
    data::values::is_reference,
    escape::Escape,
    markup::elements::{Class, Name, class},
    scan::{Group, Role, Scan, StandIn},
};

/// How deep the sub-messages of a message may be. Deeper ones stay.
const DEPTH: usize = 32;

/// The longest name of a placeholder, in characters, if it is not of ASCII.
const NAME: usize = 12;

/// The longest placeholder between marks, in bytes.
const WINDOW: usize = 1024;

/// The names, or the last words of names, of placeholders that stand for numbers.
const NUMBERS: [&str; 44] = [
    "n",
    "num",
    "nr",
    "no",
    "number",
    "numbers",
    "count",
    "counts",
    "cnt",
    "counter",
    "total",
    "totals",
    "size",
    "length",
    "len",
    "amount",
    "quantity",
    "qty",
    "index",
    "idx",
    "page",
    "pages",
    "day",
    "days",
    "hour",
    "hours",
    "minute",
    "minutes",
    "second",
    "seconds",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "times",
    "percent",
    "percentage",
    "max",
    "min",
    "limit",
    "age",
    "score",
];

/// A part of a message in a source.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(Range<usize>, Escape),
    Kept(Range<usize>, StandIn),
}

/// What a placeholder counts for: one such as `%d` or `{count}`, or else a name.
pub(crate) fn stand_in(text: &str) -> StandIn {
    let first = items(text).into_iter().next().and_then(|item| item.kept.filter(|_| item.range.start == 0));
    first.unwrap_or_else(|| by_name(text))
}

/// Adds a message of one part.
pub(crate) fn message(source: &str, raw: Range<usize>, escape: Escape, scan: &mut Scan<'_>) {
    message_of_parts(source, Role::Text, &[Part::Text(raw, escape)], scan);
}

/// Adds a message: a group for its text, and one for each sub-message in it. One that is nothing but a reference to something
/// by its name, such as an address, stays.
pub(crate) fn message_of_parts(source: &str, role: Role, parts: &[Part], scan: &mut Scan<'_>) {
    if is_reference_as_written(source, parts) {
        return;
    }
    let is_simple = |part: &Part| match part {
        Part::Text(raw, _) => !source[raw.clone()].bytes().any(|byte| b"%{$@<&_:#\\".contains(&byte)),
        Part::Kept(..) => true,
    };
    if parts.iter().all(is_simple) {
        let group = scan.group(role);
        for part in parts {
            match part {
                Part::Text(raw, escape) => scan.text(group, raw.clone(), *escape),
                Part::Kept(raw, stand_in) => scan.kept(group, raw.clone(), *stand_in),
            }
        }
        return;
    }
    let units = Units::new(source, parts);
    let mut groups: HashMap<usize, Group> = HashMap::new();
    for Item { message, range, kept } in items(&units.text) {
        let group = *groups.entry(message).or_insert_with(|| scan.group(role));
        match kept {
            Some(stand_in) => scan.kept(group, units.first(range.start), stand_in),
            None => units.add(range, group, parts, scan),
        }
    }
}

/// Whether a message is a [reference](is_reference). What is kept in it is a part of that, unless it is a break.
fn is_reference_as_written(source: &str, parts: &[Part]) -> bool {
    // A character that every reference has, or that may be an escape for one.
    let may_be = |part: &Part| match part {
        Part::Text(raw, _) => source[raw.clone()].bytes().any(|byte| b"./\\:@_^&".contains(&byte)),
        Part::Kept(..) => false,
    };
    if !parts.iter().any(may_be) {
        return false;
    }
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(raw, escape) if escape.is_plain(&source[raw.clone()]) => text.push_str(&source[raw.clone()]),
            Part::Text(raw, escape) => {
                text.extend(escape.units(&source[raw.clone()]).filter_map(|(_, character)| character));
            }
            Part::Kept(_, StandIn::Break) => text.push('\n'),
            Part::Kept(..) => text.push('\u{fffc}'),
        }
    }
    // Android's strings may be between quotation marks. Behind a backslash, `@` and `?` begin a text there.
    let is_escaped = |part: &Part| match part {
        Part::Text(raw, Escape::Android | Escape::BackslashApostrophe) => {
            ["\\@", "\\?"].iter().any(|start| source[raw.clone()].trim_start().starts_with(start))
        }
        _ => false,
    };
    !parts.first().is_some_and(is_escaped) && is_reference(text.trim().trim_matches('"'))
}

/// The text of a message, and where its characters come from.
struct Units {
    text: String,
    /// Of each character: its place in the text, its part and its place in the source.
    units: Vec<(usize, usize, Range<usize>)>,
}

impl Units {
    fn new(source: &str, parts: &[Part]) -> Units {
        let (mut text, mut units) = (String::new(), Vec::new());
        for (number, part) in parts.iter().enumerate() {
            match part {
                Part::Text(raw, escape) => {
                    for (range, character) in escape.units(&source[raw.clone()]) {
                        let Some(character) = character else { continue };
                        units.push((text.len(), number, raw.start + range.start..raw.start + range.end));
                        text.push(character);
                    }
                }
                Part::Kept(raw, _) => {
                    units.push((text.len(), number, raw.clone()));
                    text.push('\u{fffc}');
                }
            }
        }
        Units { text, units }
    }

    fn number(&self, at: usize) -> usize {
        self.units.partition_point(|unit| unit.0 < at)
    }

    /// The place in the source of the character at a place in the text.
    fn first(&self, at: usize) -> Range<usize> {
        self.units[self.number(at)].2.clone()
    }

    /// Adds the pieces of a range of the text.
    fn add(&self, range: Range<usize>, group: Group, parts: &[Part], scan: &mut Scan<'_>) {
        let units = &self.units[self.number(range.start)..self.number(range.end)];
        for units in units.chunk_by(|one, next| one.1 == next.1) {
            let raw = units[0].2.start..units[units.len() - 1].2.end;
            match &parts[units[0].1] {
                Part::Text(_, escape) => scan.text(group, raw, *escape),
                Part::Kept(_, stand_in) => scan.kept(group, raw, *stand_in),
            }
        }
    }
}

/// A part of a message's text, in bytes of it.
#[derive(Debug, PartialEq, Eq)]
struct Item {
    /// Zero for the message itself, and other numbers for its sub-messages.
    message: usize,
    range: Range<usize>,
    /// What it counts for, if it stays.
    kept: Option<StandIn>,
}

/// The items of a message. Bytes that are in none of them stay, and are not there for the text around them.
fn items(text: &str) -> Vec<Item> {
    let mut finder = Finder { text, items: Vec::new(), messages: 1 };
    finder.message(0, 0..text.len(), false, 0);
    finder.items
}

/// What is at a place of a message other than text.
enum Found {
    /// It counts for this.
    Kept(StandIn),
    /// It counts for nothing.
    Aside,
    /// It counts for this, and has these sub-messages.
    Messages(StandIn, Vec<Range<usize>>, bool),
}

struct Finder<'t> {
    text: &'t str,
    items: Vec<Item>,
    messages: usize,
}

impl Finder<'_> {
    fn message(&mut self, message: usize, range: Range<usize>, is_plural: bool, depth: usize) {
        let text = &self.text[..range.end];
        let (mut start, mut at) = (range.start, range.start);
        while at < range.end {
            let Some((len, found)) = found(text, range.start, at, is_plural) else {
                // `%%` and `\\` are characters by themselves.
                let is_pair = text[at..].starts_with("%%") || text[at..].starts_with("\\\\");
                at += if is_pair { 2 } else { text[at..].chars().next().map_or(1, char::len_utf8) };
                continue;
            };
            if start < at {
                self.items.push(Item { message, range: start..at, kept: None });
            }
            let place = at..at + len;
            at += len;
            start = at;
            match found {
                Found::Aside => {}
                Found::Kept(stand_in) => self.items.push(Item { message, range: place, kept: Some(stand_in) }),
                Found::Messages(stand_in, messages, is_plural_now) => {
                    self.items.push(Item { message, range: place, kept: Some(stand_in) });
                    if depth < DEPTH {
                        for range in messages {
                            self.messages += 1;
                            self.message(self.messages, range, is_plural || is_plural_now, depth + 1);
                        }
                    }
                }
            }
        }
        if start < range.end {
            self.items.push(Item { message, range: start..range.end, kept: None });
        }
    }
}

/// What begins at a place of a text, and its length in bytes.
fn found(text: &str, start: usize, at: usize, is_plural: bool) -> Option<(usize, Found)> {
    let rest = &text[at..];
    let before = text[start..at].chars().next_back();
    match rest.as_bytes()[0] {
        b'%' => percent(rest),
        b'{' => braces(rest, at),
        b'$' => dollar(rest),
        b'#' if rest.starts_with("#{") => Some((1 + end_of(&rest[1..], '{', '}')?, Found::Kept(by_name(&rest[2..])))),
        b'#' if is_plural => Some((1, Found::Kept(StandIn::Number))),
        b'@' => linked(rest),
        b':' if before.is_none_or(|before| !before.is_ascii_alphanumeric() && !matches!(before, ':' | '/' | '\\')) => {
            let len = name_len(&rest[1..]);
            (len > 0 && !rest[1 + len..].starts_with(':')).then(|| (1 + len, Found::Kept(by_name(&rest[1..]))))
        }
        b'<' => tag(rest),
        b'\\' if rest.starts_with("\\(") => Some((1 + end_of(&rest[1..], '(', ')')?, Found::Kept(by_name(&rest[2..])))),
        b'_' if rest.starts_with("__") => {
            let len = find(&rest[2..], "__").filter(|&len| len > 0 && name_len(&rest[2..2 + len]) == len)?;
            Some((len + 4, Found::Kept(by_name(&rest[2..2 + len]))))
        }
        mark @ (b'&' | b'_') => {
            let entities = ["&shy;", "&zwj;", "&zwnj;", "&ZeroWidthSpace;", "&#173;", "&#8203;"];
            if let Some(entity) = entities.iter().find(|entity| rest.starts_with(**entity)) {
                return Some((entity.len(), Found::Aside));
            }
            let is_letter = |character: Option<char>| character.is_some_and(|c| !c.is_ascii() && c.is_alphabetic());
            let is_within = is_letter(before) && is_letter(rest[1..].chars().next());
            let is_only = memchr::memchr(mark, &text.as_bytes()[start..]) == Some(at - start)
                && memchr::memchr(mark, &rest.as_bytes()[1..]).is_none();
            (is_within && is_only).then_some((1, Found::Aside))
        }
        _ => None,
    }
}

/// The length of a name at the beginning of a text: `name`, `user.name`.
fn name_len(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return 0;
    }
    let len = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
    text[..len].trim_end_matches('.').len()
}

/// The length of a key at the beginning of a text. A part of it that begins beyond ASCII ends with white space or punctuation;
/// behind others, such characters are text.
fn key_len(text: &str) -> usize {
    let len = name_len(text);
    let dot = usize::from(len > 0 && text[len..].starts_with('.'));
    let rest = &text[len + dot..];
    if (len > 0 && dot == 0) || !rest.starts_with(|c: char| !c.is_ascii() && c.is_alphanumeric()) {
        return len;
    }
    let is_of_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let end = rest.find(|c| !is_of_key(c)).unwrap_or(rest.len());
    len + dot + rest[..end].trim_end_matches('.').len()
}

/// What a placeholder counts for whose name begins a text, by the last word of that name.
fn by_name(text: &str) -> StandIn {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '$' | '-'));
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'[' | b']');
    let name = &text[..text.bytes().take_while(is_of_name).count()];
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return StandIn::Number;
    }
    let name = name.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    // `userCount`, `user_count`, `user.count`, `COUNT`.
    let is_edge = |c: char| !c.is_ascii_alphabetic();
    let word = name.rsplit(is_edge).next().unwrap_or_default();
    let is_upper = word.bytes().all(|byte| byte.is_ascii_uppercase());
    let camel = if is_upper { None } else { word.rfind(|c: char| c.is_ascii_uppercase()) };
    let last = word[camel.unwrap_or(0)..].to_ascii_lowercase();
    if NUMBERS.contains(&last.as_str()) { StandIn::Number } else { StandIn::Word }
}

/// Where a mark that ends a placeholder is, within [`WINDOW`].
fn find(text: &str, mark: &str) -> Option<usize> {
    memchr::memmem::find(&text.as_bytes()[..text.len().min(WINDOW)], mark.as_bytes())
}

/// The end of what begins with `open`: behind the `close` that belongs to it. None if it is nested deeper than messages are,
/// so that the time for a text is in proportion to its length.
fn end_of(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        if character == open {
            depth += 1;
            if depth > 2 * DEPTH {
                return None;
            }
        } else if character == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at + character.len_utf8());
            }
        } else if depth == 0 {
            return None;
        }
    }
    None
}

/// `%d`, `%1$s`, `%-5.2f`, `%lld`, `%@`, `%(name)s`, `%{name}`, `%<name>d`, `%name%`, `%1`, `%L1`, `%#@name@`.
fn percent(rest: &str) -> Option<(usize, Found)> {
    let bytes = rest.as_bytes();
    let kept = |len: usize, stand_in: StandIn| Some((len, Found::Kept(stand_in)));
    match bytes.get(1)? {
        b'%' => return None,
        b'{' => return kept(1 + end_of(&rest[1..], '{', '}')?, by_name(&rest[2..])),
        b'#' if rest.starts_with("%#@") => return kept(find(&rest[3..], "@")? + 4, StandIn::Word),
        _ => {}
    }
    let len = name_len(&rest[1..]);
    if len > 1 && rest[1 + len..].starts_with('%') {
        return kept(len + 2, by_name(&rest[1..]));
    }
    let mut at = 1;
    let mut named = None;
    for (open, close) in [('(', ')'), ('<', '>')] {
        if rest[1..].starts_with(open) {
            at += end_of(&rest[1..], open, close)?;
            named = Some(by_name(&rest[2..]));
        }
    }
    at += rest[at..].bytes().take_while(|byte| b"0123456789$-+.*'#".contains(byte)).count();
    at += rest[at..].bytes().take_while(|byte| b"hlLqjzt".contains(byte)).count();
    let is_number = named == Some(StandIn::Number);
    match rest.as_bytes().get(at) {
        Some(b's' | b'S' | b'@' | b'c' | b'p' | b'A' | b'B' | b'a' | b'b' | b'Z' | b'q' | b'v') if !is_number => {
            kept(at + 1, StandIn::Word)
        }
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'@' => kept(at + 1, StandIn::Number),
        // Of Qt.
        _ if rest.as_bytes()[at - 1].is_ascii_digit() && at <= 4 => kept(at, StandIn::Number),
        _ if named.is_some() => kept(at, named?),
        _ => None,
    }
}

/// `${name}`, `$t(key)`, `$name`, `$name$`.
fn dollar(rest: &str) -> Option<(usize, Found)> {
    let (len, stand_in) = if let Some(name) = rest.strip_prefix("${") {
        (1 + end_of(&rest[1..], '{', '}')?, by_name(name))
    } else if rest.starts_with("$t(") {
        (2 + end_of(&rest[2..], '(', ')')?, StandIn::Word)
    } else {
        let len = name_len(&rest[1..]);
        if len == 0 {
            return None;
        }
        (1 + len + usize::from(rest[1 + len..].starts_with('$')), by_name(&rest[1..]))
    };
    Some((len, Found::Kept(stand_in)))
}

/// Messages that are linked to: `@:key`, `@:(key)`, `@:{'key'}`, `@.lower:key`.
fn linked(rest: &str) -> Option<(usize, Found)> {
    let modifier = if rest[1..].starts_with('.') { 1 + name_len(&rest[2..]) } else { 0 };
    let key = 1 + modifier + rest[1 + modifier..].starts_with(':').then_some(1)?;
    let len = match rest.as_bytes().get(key)? {
        b'(' => end_of(&rest[key..], '(', ')')?,
        b'{' => end_of(&rest[key..], '{', '}')?,
        _ => Some(key_len(&rest[key..])).filter(|&len| len > 0)?,
    };
    Some((key + len, Found::Kept(StandIn::Word)))
}

/// A tag of HTML, or of a component: `<b>`, `</b>`, `<0>`, `<a href="…">`, `<br/>`, `<%= name %>`.
fn tag(rest: &str) -> Option<(usize, Found)> {
    if let Some(name) = rest.strip_prefix("<%") {
        return Some((find(rest, "%>")? + 2, Found::Kept(by_name(name.trim_start_matches('=')))));
    }
    if rest.starts_with("<!--") {
        return Some((find(rest, "-->")? + 3, Found::Aside));
    }
    let name = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let start = rest.len() - name.len();
    let len =
        name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':')).count();
    let name = &name[..len];
    if len == 0 {
        return None;
    }
    let mut quote = None;
    for (at, character) in rest[start + len..].char_indices() {
        let at = start + len + at;
        match (quote, character) {
            (None, '>') => {
                let is_empty = rest[..at].ends_with('/');
                let is_block = matches!(class(Name::new(name), false), Class::Block | Class::Break);
                return Some((
                    at + 1,
                    match (is_block, is_empty) {
                        (true, _) => Found::Kept(StandIn::Break),
                        (false, true) => Found::Kept(StandIn::Word),
                        (false, false) => Found::Aside,
                    },
                ));
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            // Behind the name, only attributes.
            (None, _) if !character.is_ascii() || character == '<' => return None,
            (None, _) if at == start + len && !character.is_ascii_whitespace() && character != '/' => return None,
            (None, _) => {}
        }
    }
    None
}

/// What is in braces: a placeholder, or an argument of ICU with sub-messages.
fn braces(rest: &str, at: usize) -> Option<(usize, Found)> {
    let end = end_of(rest, '{', '}')?;
    let content = &rest[1..end - 1];
    let kept = |stand_in: StandIn| Some((end, Found::Kept(stand_in)));
    if content.starts_with('{') || content.starts_with('%') {
        return kept(by_name(content));
    }
    if let Some((name, rest)) = content.split_once(',') {
        let kind = rest.split(',').next().unwrap_or_default();
        let arguments = at + 1 + name.len() + 1 + kind.len() + 1;
        let stand_in = by_name(name);
        let sub_messages = content.get(arguments - at - 1..);
        match (kind.trim(), sub_messages) {
            ("plural" | "selectordinal", Some(text)) => {
                if let Some(messages) = sub_messages_of(text, arguments) {
                    return Some((end, Found::Messages(StandIn::Number, messages, true)));
                }
            }
            ("select", Some(text)) => {
                if let Some(messages) = sub_messages_of(text, arguments) {
                    return Some((end, Found::Messages(stand_in, messages, false)));
                }
            }
            // `0#no one|1#one|1<{0} of them`: one text.
            ("choice", Some(text)) => {
                let message = arguments..arguments + text.len();
                return Some((end, Found::Messages(StandIn::Word, vec![message], false)));
            }
            ("number" | "ordinal" | "spellout", _) => return kept(StandIn::Number),
            ("date" | "time" | "duration" | "list", _) => return kept(stand_in),
            _ => {}
        }
    }
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
    if content.trim().is_empty() {
        return kept(StandIn::Number);
    }
    // `{name!r:>3}` of Python.
    let (name, format) = content.split_at(content.find(['!', ':']).unwrap_or(content.len()));
    let is_name = !name.is_empty() && name.chars().all(is_of_name) && name.chars().count() <= NAME && is_format(format);
    if is_name || content.is_ascii() { kept(by_name(content)) } else { None }
}

/// Whether this is a conversion and a format of Python, or nothing: `!r`, `:>3`, `:%Y年`, `:{width}`.
fn is_format(text: &str) -> bool {
    let text = ["!r", "!s", "!a"].iter().find_map(|conversion| text.strip_prefix(conversion)).unwrap_or(text);
    let Some(format) = text.strip_prefix(':') else { return text.is_empty() };
    let is_nested = format.starts_with('{') && format.ends_with('}');
    let options = format.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(format);
    is_nested || format.starts_with('%') || options.bytes().all(|byte| b"0123456789<>=^+-*#,_.%".contains(&byte))
}

/// The places of the sub-messages in `=0 {…} other {…}`, which is at `start`. None if it is something else.
fn sub_messages_of(text: &str, start: usize) -> Option<Vec<Range<usize>>> {
    let (mut at, mut messages) = (0, Vec::new());
    loop {
        let rest = text[at..].trim_start();
        at = text.len() - rest.len();
        if rest.is_empty() {
            return (!messages.is_empty()).then_some(messages);
        }
        let key = rest.find(|c: char| c == '{' || c.is_whitespace())?;
        at += key;
        if key == 0 {
            return None;
        }
        if rest.starts_with("offset:") {
            continue;
        }
        at = text.len() - text[at..].trim_start().len();
        let len = end_of(&text[at..], '{', '}')?;
        messages.push(start + at + 1..start + at + len - 1);
        at += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of a text, with what stands in them for what is kept.
    fn shown(text: &str) -> Vec<String> {
        let mut shown: Vec<(usize, String)> = Vec::new();
        for Item { message, range, kept } in items(text) {
            let part = kept.map_or_else(|| &text[range], |stand_in| stand_in.text());
            match shown.iter_mut().find(|(number, _)| *number == message) {
                Some((_, all)) => all.push_str(part),
                None => shown.push((message, part.to_owned())),
            }
        }
        shown.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn placeholders_count_for_numbers_and_words() {
        let cases = [
            ("只有 {n} 只猫", "只有 8 只猫"),
            ("共 %d 只羊，%s只想", "共 8 只羊，X只想"),
            ("{name}只想，{{ user.name }}", "X只想，X"),
            ("%1$s有%2$d%%，%(name)s %(count)s %-5.2f%lld", "X有8%%，X 8 88"),
            ("50%和100%。", "50%和100%。"),
            ("%{count}只%name%的${total}#{x}", "8只X的8X"),
            ("{0}只{1}只{}", "8只8只8"),
            ("{userCount}{user_count}{items[0].size}{数量}", "888X"),
            ("$t(头发.key)只@:common.name只:count 只", "X只X只8 只"),
            ("头<b>发</b>很<br/>干<0>头</0>", "头发很\n干头"),
            ("@:common.确定后 发 @:头发，@:common.name只 @.lower:a.头发", "X 发 X，X只 X"),
            ("{发!r} {发:>3} {数.count!s:%Y年} {发:{宽}} {发:d}只", "X X X X X只"),
            ("{注意: 头发} {请:头} {发, date, short}", "{注意: 头发} {请:头} X"),
            ("<a href=\"头.html\">头</a>发 <name/> 3 < 5 <头>", "头发 X 3 < 5 <头>"),
            ("打&开(&O) R&D", "打&开(&O) R&D"),
            ("打&开(O)", "打开(O)"),
            ("__name__的头发", "X的头发"),
            ("头_发(O)", "头发(O)"),
            ("{请输入，头发}", "{请输入，头发}"),
            ("{头", "{头"),
            ("<%= count %>只 \\(name)", "8只 X"),
            ("头&shy;发", "头发"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), [expected], "{text}");
        }
    }

    #[test]
    fn sub_messages_are_messages() {
        assert_eq!(
            shown("有{n, plural, offset:1 =0 {没有} one {一只} other {# 只{animal, select, cat {猫} other {狗}}}}在"),
            ["有8在", "没有", "一只", "8 只X", "猫", "狗"]
        );
        assert_eq!(shown("{0,choice,0#没有|1<{0}只}"), ["X", "0#没有|1<8只"]);
        assert_eq!(shown("{n, number, 头}只"), ["8只"]);
    }

    #[test]
    fn deep_messages_end() {
        let text = "{a, select, b {".repeat(10_000) + &"}}".repeat(10_000);
        assert!(items(&text).len() < 1000);
    }
}

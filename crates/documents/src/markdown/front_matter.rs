//! Front matter: YAML between `---`, or TOML between `+++`, before the text.
//!
//! Lines are read, and not the whole of these languages: a value is on the line of its key, or in the lines of a list or of a
//! block behind it. Other values stay.

use std::ops::Range;

use crate::{
    escape::Escape,
    lines::lines,
    scan::{Group, Role, Scan, StandIn},
};

/// The keys whose values are text.
const TEXT: [&str; 20] = [
    "title",
    "linktitle",
    "description",
    "summary",
    "subtitle",
    "author",
    "authors",
    "tag",
    "tags",
    "category",
    "categories",
    "keyword",
    "keywords",
    "excerpt",
    "series",
    "tagline",
    "lead",
    "sidebar_label",
    "sidebartitle",
    "pagination_label",
];

/// The keys whose values are names of languages.
const LANGUAGE: [&str; 3] = ["lang", "language", "locale"];

/// Takes the front matter of a source, and returns where it ends: 0 if there is none.
pub(super) fn scan(source: &str, scan: &mut Scan<'_>) -> usize {
    let mut all = lines(source);
    let Some(fence) = all.next().map(|line| source[line].trim_end()).filter(|line| matches!(*line, "---" | "+++"))
    else {
        return 0;
    };
    let mut body = Vec::new();
    let is_end = |line: &str| line == fence || (fence == "---" && line == "...");
    let end = loop {
        match all.next() {
            Some(line) if is_end(source[line.clone()].trim_end()) => break line.end,
            Some(line) => body.push(line),
            None => return 0,
        }
    };
    let mut reader = Reader { source, scan, is_yaml: fence == "---", lines: body };
    reader.read();
    end
}

struct Reader<'a, 's, 'o> {
    source: &'s str,
    scan: &'a mut Scan<'o>,
    is_yaml: bool,
    lines: Vec<Range<usize>>,
}

impl<'s> Reader<'_, 's, '_> {
    fn read(&mut self) {
        let mut at = 0;
        // The list of text that lines go on with, by its indentation.
        let mut list = None;
        // The indentation of the key whose people have names.
        let mut people = None;
        while at < self.lines.len() {
            let line = self.lines[at].clone();
            at += 1;
            let text = &self.source[line.clone()];
            let trimmed = text.trim_start();
            if let Some(comment) = trimmed.strip_prefix('#') {
                self.scan.comment(comment);
                continue;
            }
            if trimmed.is_empty() {
                continue;
            }
            let indentation = text.len() - trimmed.len();
            let item = if self.is_yaml { trimmed.strip_prefix("- ").map(str::trim_start) } else { None };
            let rest = item.unwrap_or(trimmed);
            let start = line.end - rest.len();
            if people.is_some_and(|of| indentation <= of && item.is_none()) {
                people = None;
            }
            let key = self.key(rest);
            let Some((key, len)) = key else {
                let is_in_list = |of: usize| if self.is_yaml { item.is_some() && indentation >= of } else { true };
                if list.is_some_and(is_in_list) {
                    self.values(start..line.end);
                    // The end of an array of TOML.
                    if !self.is_yaml && trimmed.starts_with(']') {
                        list = None;
                    }
                } else {
                    list = None;
                }
                continue;
            };
            list = None;
            let value = start + len..line.end;
            let value = value.end - self.source[value.clone()].trim_start().len()..value.end;
            let is_text = TEXT.contains(&key.as_str()) || (key == "name" && people.is_some());
            if LANGUAGE.contains(&key.as_str()) {
                self.language(value);
            } else if is_text {
                if matches!(key.as_str(), "author" | "authors") {
                    people = Some(indentation);
                }
                let first = self.source[value.clone()].trim_end();
                let is_open = first.is_empty() || first.starts_with('#') || (!self.is_yaml && first == "[");
                if is_open {
                    list = Some(indentation);
                } else if self.is_yaml && first.starts_with(['|', '>']) {
                    at = self.block(at, indentation);
                } else {
                    self.values(value);
                    list = (!self.is_yaml && first.starts_with('[') && !first.contains(']')).then_some(indentation);
                }
            }
        }
    }

    /// The key of a line, in lower case, and the length of all before its value.
    fn key(&self, line: &str) -> Option<(String, usize)> {
        let mark = if self.is_yaml { ':' } else { '=' };
        let (key, value) = line.split_once(mark)?;
        let name = key.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        let is_apart = !self.is_yaml || value.is_empty() || value.starts_with([' ', '\t']);
        (is_name && is_apart).then_some((name, key.len() + 1))
    }

    fn language(&mut self, value: Range<usize>) {
        if let Some((raw, _, _)) = self.value(value) {
            self.scan.language(self.source, raw);
        }
    }

    /// Takes a value, or those of a list on one line.
    fn values(&mut self, mut range: Range<usize>) {
        let is_list = self.source[range.clone()].starts_with('[') || !self.is_yaml;
        if self.source[range.clone()].starts_with('[') {
            range.start += 1;
        }
        while let Some((raw, escape, end)) = self.item(range.clone(), is_list) {
            if !raw.is_empty() {
                self.scan.whole(Role::Metadata, raw, escape);
            }
            if !is_list {
                break;
            }
            let rest = &self.source[end..range.end];
            match rest.trim_start().strip_prefix(',') {
                Some(rest) => range.start = range.end - rest.len(),
                None => break,
            }
        }
    }

    fn value(&self, range: Range<usize>) -> Option<(Range<usize>, Escape, usize)> {
        self.item(range, false)
    }

    /// The text of a value, how it is written, and where it ends. None if it is none of text on one line.
    fn item(&self, range: Range<usize>, is_in_list: bool) -> Option<(Range<usize>, Escape, usize)> {
        let text = self.source[range.clone()].trim_start();
        let start = range.end - text.len();
        let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
        if let Some(quote) = quote {
            let escape = match (quote, self.is_yaml) {
                ('"', _) => Escape::Backslash,
                (_, true) => Escape::Doubled('\''),
                (_, false) => Escape::None,
            };
            // Strings of more than one line.
            if !self.is_yaml && (text.starts_with("\"\"\"") || text.starts_with("'''")) {
                return None;
            }
            let end = quoted_end(&text[1..], escape, quote)?;
            return Some((start + 1..start + 1 + end, escape, start + end + 2));
        }
        // Only YAML has values without quotation marks that are text.
        if !self.is_yaml || text.starts_with(['&', '*', '!', '{', '|', '>', '%', '@', '`', '[']) {
            return None;
        }
        let end = if is_in_list { text.find([',', ']', '}'])? } else { text.find(" #").unwrap_or(text.len()) };
        let len = text[..end].trim_end().len();
        // A map.
        if text[..len].contains(": ") || text[..len].ends_with(':') {
            return None;
        }
        Some((start..start + len, Escape::None, start + end))
    }

    /// Takes the lines of a block of YAML, which are indented more than its key, and returns the number of the next line.
    fn block(&mut self, mut at: usize, indentation: usize) -> usize {
        let mut group: Option<Group> = None;
        while at < self.lines.len() {
            let line = self.lines[at].clone();
            let text = self.source[line.clone()].trim_start();
            if !text.is_empty() && line.len() - text.len() <= indentation {
                break;
            }
            let group = match group {
                Some(group) => {
                    self.scan.kept(group, line.start..line.start, StandIn::Break);
                    group
                }
                None => *group.insert(self.scan.group(Role::Metadata)),
            };
            self.scan.text(group, line.end - text.len()..line.end, Escape::None);
            at += 1;
        }
        at
    }
}

/// Where a string ends, by its quotation mark.
fn quoted_end(text: &str, escape: Escape, quote: char) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        match *bytes.get(at)? {
            b'\\' if escape == Escape::Backslash => at += 2,
            byte if byte == quote as u8 => {
                if escape == Escape::Doubled(quote) && bytes.get(at + 1) == Some(&byte) {
                    at += 2;
                } else {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}

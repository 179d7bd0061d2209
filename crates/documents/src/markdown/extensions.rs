//! What stands in Markdown of site generators and is no text: shortcodes, components, statements, addresses.

use std::{borrow::Cow, ops::Range};

use crate::{escape::ends_escaped, lines::lines};

/// The ranges of a source that stay, from a place on, in order and apart; of MDX, also the expressions in braces.
pub(super) fn kept(source: &str, from: usize, is_mdx: bool) -> Vec<Range<usize>> {
    let mut kept = Vec::new();
    let bytes = source.as_bytes();
    let mut at = from;
    let mut expressions = Expressions { at: from, ..Expressions::default() };
    while let Some(found) =
        bytes[at..].iter().position(|byte| matches!(byte, b'{' | b'<' | b':' | b'[' | b']' | b'@' | b'w' | b'W'))
    {
        at += found;
        let end = match bytes[at] {
            b'{' => match attribute_list(source, at) {
                Some(end) => {
                    at = keep_but_texts(source, at..end, &mut kept);
                    Some(end)
                }
                None => braces(source, at).or_else(|| if is_mdx { expressions.end(source, at) } else { None }),
            },
            b'<' => component(source, at).or_else(|| {
                let end = element(source, at)?;
                at = keep_but_texts(source, at..end, &mut kept);
                Some(end)
            }),
            b'@' => reference(source, at),
            b']' => sized_address(source, at),
            b'[' => wiki_link(source, at).map(|(text, end)| {
                // The text of a link with another one than its page's name is converted.
                kept.extend(text.map(|text| at..text));
                if text.is_some() {
                    at = end - 2;
                }
                end
            }),
            b'w' | b'W' => address_without_scheme(source, at),
            _ => address(source, at, from).or_else(|| emoji(source, at).map(|end| at..end)).map(|range| {
                kept.extend((range.start < at).then_some(range.start..at));
                range.end
            }),
        };
        match end {
            Some(end) => {
                kept.push(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    kept.extend(statements(source, from));
    kept.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(kept.len());
    for range in kept {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The source as it is parsed, of the same length: the indented text of an admonition or a tab of Python-Markdown, which would
/// be code, is that of an item of a list.
pub(super) fn parsed(source: &str) -> Cow<'_, str> {
    let mut places = Vec::new();
    // The indentation of a line that text is to follow.
    let mut before = None;
    for line in lines(source) {
        let text = &source[line.clone()];
        let indentation = text.bytes().take_while(|&byte| byte == b' ').count();
        if indentation == text.len() {
            continue;
        }
        places.extend(before.filter(|before| indentation >= before + 4).map(|before| line.start + before));
        before = is_admonition(&text[indentation..]).then_some(indentation);
    }
    if places.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut parsed = source.to_owned();
    for place in places {
        parsed.replace_range(place..=place, "-");
    }
    Cow::Owned(parsed)
}

/// Whether a line is `!!! note`, `??? note`, `???+ note` or `=== "Tab"`.
fn is_admonition(line: &str) -> bool {
    let is_quoted = |text: &str| text.starts_with(['"', '\'']);
    let name = |mark: &str| line.strip_prefix(mark).map(str::trim);
    ["!!! ", "??? ", "???+ "].iter().any(|mark| name(mark).is_some_and(|name| !name.is_empty()))
        || ["=== ", "===! "].iter().any(|mark| name(mark).is_some_and(is_quoted))
}

/// How long a shortcode or a tag may be, in bytes: more is not looked through for each that may begin.
const LONGEST: usize = 4096;

/// A part of a source, of the longest length at most.
fn window(source: &str, at: usize) -> &str {
    let mut end = source.len().min(at + LONGEST);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    &source[at..end]
}

/// Whether a paragraph ends in a text: its last line goes on behind it.
fn has_empty_line(text: &str) -> bool {
    text.rsplit('\n').skip(1).any(is_empty)
}

/// Whether a line has nothing but the marks of quotes.
fn is_empty(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'>'))
}

/// The rest of a paragraph, up to an empty line.
fn paragraph(text: &str) -> &str {
    let mut end = 0;
    for line in text.split('\n') {
        if end > 0 && is_empty(line) {
            return &text[..end - 1];
        }
        end += line.len() + 1;
    }
    text
}

/// Where a shortcode, an expression of a template, or a list of attributes ends.
fn braces(source: &str, at: usize) -> Option<usize> {
    const PAIRS: [(&str, &str); 6] =
        [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}"), ("{/*", "*/}"), ("{:", "}")];
    let rest = &source[at..];
    let (open, close) = PAIRS.iter().find(|(open, _)| rest.starts_with(open))?;
    let len = open.len() + window(source, at)[open.len()..].find(close)?;
    (!has_empty_line(&rest[..len])).then_some(at + len + close.len())
}

/// Where a list of attributes ends, as Pandoc and its relatives have them: `{#label .class key="value"}`. One without a label or
/// a class stands behind a link, a picture, a span, code or the mark of a block.
fn attribute_list(source: &str, at: usize) -> Option<usize> {
    let text = window(source, at);
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '/' | '+');
    let name_len = |text: &str| text.find(|c| !is_of_name(c)).filter(|&len| len > 0);
    let before = &source[..at];
    let mut is_list = before.ends_with([']', ')', '`']) || before.trim_end_matches(' ').ends_with(":::");
    let mut rest = text[1..].trim_start();
    let behind = loop {
        let item = rest.strip_prefix(['#', '.']);
        is_list |= item.is_some();
        let len = match item {
            Some(name) => 1 + name_len(name)?,
            None => {
                let (key, value) = rest.split_once('=')?;
                if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte)) {
                    return None;
                }
                let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
                let len = match quote {
                    Some(quote) => value[1..].find(quote)? + 2,
                    None => value.find(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '"' | '\''))?,
                };
                key.len() + 1 + len
            }
        };
        let behind = &rest[len..];
        rest = behind.trim_start();
        if let Some(behind) = rest.strip_prefix('}') {
            break behind;
        }
        if rest.len() == behind.len() {
            return None;
        }
    };
    let len = text.len() - behind.len();
    (is_list && !has_empty_line(&text[..len])).then_some(at + len)
}

/// Where a reference ends that begins with `@`: to a label, by what this is of (`@fig:a` of Pandoc, `@fig-a` of Quarto), or to an
/// entry of a bibliography, in brackets or with a year. Other names may be of persons in a text.
fn reference(source: &str, at: usize) -> Option<usize> {
    const LABELS: [&str; 18] = [
        "fig", "tbl", "tab", "sec", "eq", "lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem",
        "alg", "suppfig",
    ];
    let is_within_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '@' | '\\');
    if source[..at].ends_with(is_within_word) {
        return None;
    }
    let is_of_word = |c: &char| c.is_alphanumeric() || *c == '_';
    let rest = &window(source, at)[1..];
    let mut characters = rest.char_indices().peekable();
    let mut len = 0;
    while let Some((index, character)) = characters.next() {
        let is_joint = len > 0 && ":.#$%&-+?<>~/".contains(character);
        let is_joint = is_joint && characters.peek().is_some_and(|(_, next)| is_of_word(next));
        if !is_of_word(&character) && !is_joint {
            break;
        }
        len = index + character.len_utf8();
    }
    let key = &rest[..len];
    let is_label = key.split_once([':', '-']).is_some_and(|(kind, _)| LABELS.contains(&&*kind.to_ascii_lowercase()));
    let year = key.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let has_year = year.len() > 4 && year.bytes().rev().take(4).all(|byte| byte.is_ascii_digit());
    let is_cited = || {
        let line = &source[source.floor_char_boundary(at.saturating_sub(LONGEST / 8))..at];
        let line = line.rsplit('\n').next().unwrap_or_default();
        let is_open = line.rfind(['[', ']']).is_some_and(|found| line[found..].starts_with('['));
        let close = rest[len..].find(['[', ']', '\n']).filter(|close| rest[len + close..].starts_with(']'));
        is_open && close.is_some_and(|close| !rest[len + close + 1..].starts_with(['(', '[', '{']))
    };
    (len > 0 && (is_label || has_year || is_cited())).then_some(at + 1 + len)
}

/// The end of a link `[[page]]`; and, of `[[page|text]]`, where the text begins.
fn wiki_link(source: &str, at: usize) -> Option<(Option<usize>, usize)> {
    let rest = source[at..].strip_prefix("[[")?;
    let len = rest.find(['[', ']', '\n'])?;
    // What is followed by an address is a link of Markdown.
    let behind = rest[len..].strip_prefix("]]")?;
    if len == 0 || behind.starts_with(['(', '[', ':']) {
        return None;
    }
    let text = rest[..len].find('|').map(|bar| at + 2 + bar + 1);
    Some((text, at + 2 + len + 2))
}

/// Where the tag of a component ends, as MDX has them: a name that begins with a capital, and values in quotation marks and
/// braces.
fn component(source: &str, at: usize) -> Option<usize> {
    let rest = window(source, at).strip_prefix('<')?;
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let len = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')).count();
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase());
    let behind = &name[len..];
    let attribute = behind.trim_start();
    let is_end = attribute.starts_with(['>', '/']);
    let has_attribute = attribute.len() < behind.len()
        && attribute.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '{' | '_' | ':' | '@'));
    if !is_name || !(is_end || has_attribute) {
        return None;
    }
    let start = at + 1 + (rest.len() - behind.len());
    let (mut quote, mut depth) = (None, 0_usize);
    for (index, byte) in behind.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) => quote = (open != byte).then_some(open),
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => {
                let len = start + index - at;
                return (!has_empty_line(&source[at..][..len])).then_some(start + index + 1);
            }
            _ => {}
        }
    }
    None
}

/// How many expressions without an end are looked for in a part of the longest length.
const ENDLESS: usize = 128;

/// The expressions of MDX in a source, which are asked for from place to place.
#[derive(Default)]
struct Expressions {
    at: usize,
    /// The backticks behind which code stands on the line, if it does.
    backticks: usize,
    /// How many expressions without an end began up to here.
    endless: usize,
    endless_to: usize,
}

impl Expressions {
    /// Where an expression ends: its brace may stand in a string.
    fn end(&mut self, source: &str, at: usize) -> Option<usize> {
        let bytes = source.as_bytes();
        while let Some(found) = memchr::memchr2(b'`', b'\n', &bytes[self.at..at]) {
            self.at += found;
            let len = bytes[self.at..at].iter().take_while(|&&byte| byte == b'`').count();
            self.backticks = match self.backticks {
                // A line break.
                _ if len == 0 => 0,
                0 => len,
                open if open == len => 0,
                open => open,
            };
            self.at += len.max(1);
        }
        self.at = at;
        if self.backticks > 0 || ends_escaped(&source[..at]) {
            return None;
        }
        if at >= self.endless_to {
            (self.endless, self.endless_to) = (0, at + LONGEST);
        }
        if self.endless == ENDLESS {
            return None;
        }
        let rest = window(source, at);
        let len = balanced(rest, true).or_else(|| balanced(rest, false));
        // A brace in fenced code may be closed behind it.
        let len = len.filter(|&len| !rest[..len].split('\n').skip(1).any(is_fence));
        self.endless += usize::from(len.is_none());
        // Its own backticks are none of the line.
        self.at += len?;
        Some(self.at)
    }
}

/// Whether fenced code begins or ends with a line.
fn is_fence(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '>']);
    line.starts_with("```") || line.starts_with("~~~")
}

/// The length of what is between braces, with strings that may have braces or not.
fn balanced(text: &str, has_strings: bool) -> Option<usize> {
    let (mut quote, mut depth, mut is_escaped) = (None, 0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            _ if is_escaped => is_escaped = false,
            (Some(_), b'\\') => is_escaped = true,
            (Some(open), _) => quote = (open != byte).then_some(open),
            (None, b'"' | b'\'' | b'`') if has_strings => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth == 1 => return Some(at + 1),
            (None, b'}') => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// Where a tag of JSX ends that has an expression for a value, so that it is no HTML.
fn element(source: &str, at: usize) -> Option<usize> {
    let rest = window(source, at);
    let name = rest.strip_prefix('<')?;
    let len = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name[len..].starts_with([' ', '\t', '\n', '\r'])
    {
        return None;
    }
    let (mut at_byte, mut has_expression) = (1 + len, false);
    loop {
        at_byte += rest[at_byte..].find(['"', '\'', '{', '<', '>'])?;
        let behind = &rest[at_byte..];
        at_byte += match behind.as_bytes()[0] {
            b'{' => {
                has_expression |= rest[..at_byte].ends_with('=');
                balanced(behind, true)?
            }
            b'>' => {
                let is_tag = has_expression && !has_empty_line(&rest[..at_byte]);
                return is_tag.then_some(at + at_byte + 1);
            }
            b'<' => return None,
            quote => 2 + behind[1..].find(char::from(quote))?,
        };
    }
}

/// Attributes whose values are text, also those of pictures, tables and listings of Quarto.
const TEXTS: [&str; 10] =
    ["alt", "title", "placeholder", "label", "aria-label", "caption", "fig-alt", "fig-cap", "lst-cap", "tbl-cap"];

/// Keeps a tag or a list of attributes up to the last value that is text, but for these. Returns where the rest begins.
fn keep_but_texts(source: &str, range: Range<usize>, kept: &mut Vec<Range<usize>>) -> usize {
    let (mut at, inside) = (range.start, range.start + 1);
    for value in attributes_of_text(&source[inside..range.end]) {
        kept.push(at..inside + value.start);
        at = inside + value.end;
    }
    at
}

/// The values of a tag of JSX or a list of attributes that are text, without their quotation marks.
fn attributes_of_text(tag: &str) -> Vec<Range<usize>> {
    let (mut values, mut at) = (Vec::new(), 0);
    while let Some(found) = tag[at..].find(['"', '\'', '{']) {
        at += found;
        let rest = &tag[at..];
        let quote = rest.as_bytes()[0];
        let len =
            if quote == b'{' { balanced(rest, true) } else { rest[1..].find(char::from(quote)).map(|len| len + 2) };
        let Some(len) = len else { break };
        let name = tag[..at].strip_suffix('=').and_then(|before| before.rsplit(char::is_whitespace).next());
        if quote != b'{' && name.is_some_and(|name| TEXTS.contains(&name)) {
            values.push(at + 1..at + len - 1);
        }
        at += len;
    }
    values
}

/// Where the address of a picture ends that has a size, which is none in CommonMark: `](a.png =100x200)`.
fn sized_address(source: &str, at: usize) -> Option<usize> {
    let rest = source[at..].strip_prefix("](")?;
    let len = rest.find([')', '(', '\n'])?;
    let (_, size) = rest[..len].rsplit_once(" =").filter(|_| rest[len..].starts_with(')'))?;
    let is_of_size = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'x' | b'%' | b'*');
    let is_size = size.contains('x') && size.trim_end().bytes().all(is_of_size);
    is_size.then_some(at + 2 + len + 1)
}

/// An address without brackets around it, whose scheme ends at this colon. GitHub reads it up to a space or `<`; punctuation
/// of Chinese ends it, too, and so do its characters in the name of a host.
fn address(source: &str, colon: usize, from: usize) -> Option<Range<usize>> {
    let rest = source[colon..].strip_prefix("://")?;
    let scheme = source[from..colon].bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let len = host_and_path(rest)?;
    (scheme > 0).then_some(colon - scheme..colon + 3 + len)
}

/// Where an address ends that begins with `www.`, which GitHub takes for one, too.
fn address_without_scheme(source: &str, at: usize) -> Option<usize> {
    let is_within_word =
        source.as_bytes()[..at].last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    let (scheme, rest) = source[at..].split_at_checked(4)?;
    let begins = scheme.eq_ignore_ascii_case("www.") && !is_within_word;
    begins.then(|| host_and_path(rest)).flatten().map(|len| at + 4 + len)
}

/// How long the host and the path are that a text begins with.
fn host_and_path(rest: &str) -> Option<usize> {
    let host = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b".-:@[]%_".contains(byte)).count();
    if host == 0 {
        return None;
    }
    let path = &rest[host..];
    let is_in_path = |c: char| {
        let is_cjk_punctuation = matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '“' | '”' | '‘' | '’' | '…' | '—');
        !c.is_whitespace() && !is_cjk_punctuation && !matches!(c, '<' | '>' | '"' | '|' | '`' | '*' | ')' | ']')
    };
    let len = if path.starts_with(['/', '?', '#']) { path.find(|c| !is_in_path(c)).unwrap_or(path.len()) } else { 0 };
    Some(host + len)
}

/// Where an emoji by its name ends, which stands at the beginning of a word.
fn emoji(source: &str, at: usize) -> Option<usize> {
    if source[..at].chars().next_back().is_some_and(|before| !before.is_whitespace()) {
        return None;
    }
    let rest = &source[at + 1..];
    let name = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '+' | '-'))?;
    (name > 0 && rest[name..].starts_with(':')).then_some(at + name + 2)
}

/// The statements of MDX, which end with the paragraph, lines that include files, and those of MyST that are no text: targets,
/// directives with a file, and options of directives.
fn statements(source: &str, from: usize) -> Vec<Range<usize>> {
    let mut statements: Vec<Range<usize>> = Vec::new();
    let mut is_in_options = false;
    for line in lines(&source[from..]) {
        let start = from + line.start;
        let text = &source[start..from + line.end];
        let is_covered = statements.last().is_some_and(|last| start < last.end);
        if !is_covered && is_statement(text) {
            statements.push(start..start + paragraph(&source[start..]).len());
        } else {
            let directive = directive(text);
            let option = option(text);
            is_in_options &= option.is_some();
            // Of a directive, a label is what references find it by.
            let is_kept_option = is_in_options && option.is_some_and(|name| name == "label" || !TEXTS.contains(&name));
            let is_included = text.starts_with("<<<") || text.trim_start().starts_with("--8<--");
            if is_included || is_target(text) || is_kept_option || directive.is_some_and(names_file) {
                statements.push(start..start + text.len());
            }
            is_in_options |= directive.is_some();
        }
    }
    statements
}

/// The name of a directive that begins with a line: `:::{figure} a.png`. Between backticks, it is code.
fn directive(line: &str) -> Option<&str> {
    let behind = line.trim_start().strip_prefix(":::")?.trim_start_matches(':');
    Some(behind.strip_prefix('{')?.split_once('}')?.0)
}

/// Whether the argument of this directive is the name of a file or of a label.
fn names_file(directive: &str) -> bool {
    const NAMES: [&str; 6] = ["figure", "figure-md", "image", "include", "literalinclude", "bibliography"];
    NAMES.contains(&directive)
}

/// The name of the option that a line is: `:name: a`.
fn option(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start().strip_prefix(':')?.split_once(':')?;
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!name.is_empty() && name.bytes().all(is_of_name)).then_some(name)
}

/// Whether a line is a target of links: `(a)=`.
fn is_target(line: &str) -> bool {
    let name = line.trim().strip_prefix('(').and_then(|line| line.strip_suffix(")="));
    name.is_some_and(|name| !name.is_empty() && !name.contains(['(', ')']))
}

fn is_statement(line: &str) -> bool {
    const EXPORTED: [&str; 8] = ["const ", "let ", "var ", "default ", "function ", "async ", "{", "* "];
    if let Some(rest) = line.strip_prefix("import ") {
        let is_quoted = |text: &str| text.trim_start().starts_with(['"', '\'']);
        return is_quoted(rest)
            || rest.rsplit_once(" from ").is_some_and(|(_, module)| is_quoted(module))
            || rest.trim_end() == "{";
    }
    line.strip_prefix("export ").is_some_and(|rest| EXPORTED.iter().any(|word| rest.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_admonitions_is_an_item() {
        let source = "!!! note\n\n    a\n\n    ??? tip\n        b\n    c\n\n=== x\n    d\n";
        let expected = "!!! note\n\n-   a\n\n    ??? tip\n    -   b\n    c\n\n=== x\n    d\n";
        assert_eq!(parsed(source), expected);
    }

    #[test]
    fn what_is_no_text_is_found() {
        let cases: [(&str, &[&str]); 29] = [
            ("头{{< 图 src=\"头发\" >}}发{{% x %}}", &["{{< 图 src=\"头发\" >}}", "{{% x %}}"]),
            ("{% 头 %}{{ 头 }}{头发}", &["{% 头 %}{{ 头 }}"]),
            ("[[头]] [[头|发]] [[头](发)] [[头]](发)", &["[[头]]", "[[头|", "]]"]),
            ("{{ 头\n\n}}", &[]),
            ("<Tabs\n  a=\"头\"\n>\n", &["<Tabs\n  a=\"头\"\n>"]),
            ("<Tabs a={x > '}头'} b=\"头>\">头</Tabs>", &["<Tabs a={x > '}头'} b=\"头>\">", "</Tabs>"]),
            ("a <B and 头", &[]),
            ("见https://a.cn/头发?x=发，后来 https://a.cn的头发", &["https://a.cn/头发?x=发", "https://a.cn"]),
            (":头发: 头:发:", &[":头发:"]),
            ("import 头 from './头'\nexport const a = '头'\n\n头", &["import 头 from './头'\nexport const a = '头'"]),
            ("import 头发 is\n", &[]),
            ("<<< @/头.js\n头", &["<<< @/头.js"]),
            ("![头](头.png =100x200) ![头](头.png \"发\" =50%x)", &["](头.png =100x200)", "](头.png \"发\" =50%x)"]),
            ("[头](头 = 发) [头](头.png)", &[]),
            (
                "<img src={x('头').y} alt=\"头\" className=\"发\" title='发' />头",
                &["<img src={x('头').y} alt=\"", "\" className=\"发\" title='", "' />"],
            ),
            ("<a href=\"头\">{头}</a> a < b {头}", &[]),
            ("![头](a.png){#fig:头 .头} [头]{.头 #头}", &["{#fig:头 .头}", "{.头 #头}"]),
            ("`x`{.头 k=头 l='头 头'} [头]{k=头}", &["{.头 k=头 l='头 头'}", "{k=头}"]),
            ("::: {k=头}\n::::: {.头\n#头}", &["{k=头}", "{.头\n#头}"]),
            ("![](a.png){.头 fig-alt=\"头发\" k=\"头\"}", &["{.头 fig-alt=\"", "\" k=\"头\"}"]),
            ("{#if 头} {k=头} {.头\n\n} {头} {.} {#头", &[]),
            (
                "见 @sec:头发，@Fig-头.发。[@头发] [见 @头, 3; -@头发:头]",
                &["@sec:头发", "@Fig-头.发", "@头发", "@头", "@头发:头"],
            ),
            ("@头发2020 @头发2020a。", &["@头发2020", "@头发2020a"]),
            ("@头发 a@头.cn a@sec:头 [@头发](头) \\@sec:头 @12 @", &[]),
            ("(头发)=\n# 头\n", &["(头发)="]),
            ("(头)(发)=\n见 (头)=\n", &[]),
            (
                ":::{figure} 头.png\n:name: 头\n:alt: 头\n头\n:name: 头\n:::\n",
                &[":::{figure} 头.png", ":name: 头", ":alt:", ":name:"],
            ),
            (":::{note} 头\n:class: 头\n:::\n", &[":class: 头"]),
            ("::::{tip}\n头\n", &[]),
        ];
        for (source, expected) in cases {
            let found: Vec<_> = kept(source, 0, false).into_iter().map(|range| &source[range]).collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn expressions_of_mdx_are_no_text() {
        let cases: [(&str, &[&str]); 10] = [
            ("头 {数据.名称} 头", &["{数据.名称}"]),
            ("{[\"头}\"].includes(x) ? {a: 1} : '\\'}'}头", &["{[\"头}\"].includes(x) ? {a: 1} : '\\'}'}"]),
            ("{x && <p>don't</p>}头", &["{x && <p>don't</p>}"]),
            ("\\{头} `{` 头 `}` {头", &[]),
            ("{/* 头 */}\n\n{\n\n头}", &["{/* 头 */}", "{\n\n头}"]),
            ("`` { ` { `` 头 {x} ` } {y}\n{z}", &["{x}", "{z}"]),
            ("{ 头 { 头 {x}", &["{x}"]),
            ("```js\nf() {\n```\n\n头 } {x}", &["{x}"]),
            ("> ~~~js\n> f() {\n> ~~~\n\n头 } {x}", &["{x}"]),
            ("{'```'} {'~~~'}", &["{'```'}", "{'~~~'}"]),
        ];
        for (source, expected) in cases {
            let found: Vec<_> = kept(source, 0, true).into_iter().map(|range| &source[range]).collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn many_expressions_on_a_line_are_looked_for_in_linear_time() {
        let count = 20_000;
        let source = "``{`` {x}".repeat(count);
        assert_eq!(kept(&source, 0, true).len(), count);
        let source = "{".repeat(count) + "\n{x}";
        assert_eq!(kept(&source, 0, true), []);
        // What is behind them is found.
        let source = source + &" ".repeat(LONGEST) + "{x}";
        let found: Vec<_> = kept(&source, 0, true).into_iter().map(|range| &source[range]).collect();
        assert_eq!(found, ["{x}"]);
    }
}

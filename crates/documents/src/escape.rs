//! How characters are written in the formats: reading them, and writing new ones as the old ones were.

use std::{fmt::Write as _, iter, ops::Range};

use crate::lines::behind_line_end;

/// How the characters of a piece are written in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// As they are.
    None,
    /// As they are, where none of these characters can be written in any way.
    Bare(&'static str),
    /// Text of HTML or XML: entities.
    Markup,
    /// The same in a format of lines.
    MarkupLine,
    /// Text of MediaWiki: entities, by which what would be its markup is written, too.
    Wiki,
    /// An attribute of HTML or XML between quotation marks of this kind, or without them (NUL).
    Attribute(char),
    /// Text or an attribute of HTML that is text of XML: the entities of entities.
    MarkupTwice,
    /// A section of CDATA.
    CData,
    /// Backslashes as in strings of JSON, JavaScript, TOML, C and gettext, between double quotation marks: `\n`, `\"`,
    /// `\u53d1`, `\U000053D1`, `\u{53d1}`, `\xe4`, `\345` (bytes of UTF-8).
    Backslash,
    /// As [`Backslash`](Escape::Backslash), between apostrophes or in a section of CDATA of Android, where these are escaped,
    /// too.
    BackslashApostrophe,
    /// As [`Backslash`](Escape::Backslash), in gettext and Apple's `.strings`, whose control characters have octal numbers.
    BackslashOctal,
    /// As [`BackslashApostrophe`](Escape::BackslashApostrophe), in text of Android: `&` and `<` are written as entities.
    Android,
    /// Java's properties: backslashes, of which `\u53d1` stands for a character and one before a line feed for nothing.
    Properties,
    /// Scalars of YAML or strings of TOML between apostrophes: two of them stand for one.
    Doubled(char),
    /// Markdown: a backslash before punctuation, and entities.
    Markdown,
    /// Markdown whose backslashes and ampersands are text: only what is new is escaped.
    MarkdownAsIs,
    /// Text of Fluent, which has no escapes: what would be its markup is written as a string in braces.
    Fluent,
    /// Strings of Fluent: `\"`, `\\`, `\u53d1`.
    FluentString,
    /// Values of vCard and iCalendar: `\n`, `\,`, `\;`, `\\`.
    ContentLine,
    /// Text or an attribute of HTML in such a value, with the folds of its lines: the entities of HTML, also as in `&nbsp\;`.
    ContentLineMarkup,
    /// Quoted-printable (RFC 2045) of UTF-8: `=E5=A4=B4`, and `=` at the end of a line that goes on.
    QuotedPrintable,
    /// Addresses: `%E5%A4%B4` stands for the character of these bytes of UTF-8.
    Address,
    /// Strings of CSS: a backslash before a number, `\5934`, or before another character.
    StyleSheet,
}

/// Whether what comes behind a text is escaped: by an odd number of backslashes at its end.
pub(crate) fn ends_escaped(text: &str) -> bool {
    text.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1
}

/// How many bytes are looked through before what was found is looked at.
const BLOCK: usize = 4096;

/// The text of a character that is none: it separates words, and never changes.
const OTHER: char = '\u{fffc}';

/// Whether a character leaves words as they are when it stands in them: it is kept, and is no part of a group's text.
fn is_aside(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// A character of a piece, with its bytes in the source. None: nothing to read.
pub(crate) type Unit = (Range<usize>, Option<char>);

impl Escape {
    /// The characters of a piece's source. Every byte of it is in one of their ranges.
    pub(crate) fn units(self, raw: &str) -> impl Iterator<Item = Unit> + '_ {
        let mut at = 0;
        iter::from_fn(move || {
            let rest = &raw[at..];
            let first = rest.chars().next()?;
            let (len, character) = self.unit(rest, first).unwrap_or((first.len_utf8(), Some(first)));
            let character = character.filter(|&character| !is_aside(character));
            at += len;
            Some((at - len..at, character))
        })
    }

    /// Whether a piece's source is its text.
    pub(crate) fn is_plain(self, raw: &str) -> bool {
        self.is_unescaped(raw) && !has_aside(raw.as_bytes())
    }

    /// The same, if no aside is in it.
    pub(crate) fn is_unescaped(self, raw: &str) -> bool {
        let bytes = raw.as_bytes();
        let is_escaped = match self {
            Escape::None | Escape::Bare(_) | Escape::CData | Escape::MarkdownAsIs | Escape::Fluent => false,
            Escape::Markup | Escape::MarkupLine | Escape::Wiki | Escape::MarkupTwice | Escape::Attribute(_) => {
                memchr::memchr(b'&', bytes).is_some()
            }
            Escape::Backslash
            | Escape::BackslashApostrophe
            | Escape::BackslashOctal
            | Escape::Android
            | Escape::FluentString
            | Escape::Properties
            | Escape::ContentLine
            | Escape::StyleSheet => memchr::memchr(b'\\', bytes).is_some(),
            Escape::ContentLineMarkup => bytes.iter().any(|byte| matches!(byte, b'\\' | b'&' | b'\n' | b'\r')),
            Escape::Doubled(mark) => memchr::memchr(mark as u8, bytes).is_some(),
            Escape::Markdown => memchr::memchr2(b'\\', b'&', bytes).is_some(),
            Escape::QuotedPrintable => memchr::memchr(b'=', bytes).is_some(),
            Escape::Address => memchr::memchr(b'%', bytes).is_some(),
        };
        !is_escaped
    }

    /// Whether a text has characters that may have to be written in another way.
    pub(crate) fn has_special(self, text: &str) -> bool {
        let (bytes, any) = (text.as_bytes(), |is_special: fn(u8) -> bool| text.bytes().any(is_special));
        match self {
            Escape::None => false,
            Escape::Bare(refused) => text.contains(|character| refused.contains(character)),
            Escape::CData => memchr::memchr(b'>', bytes).is_some(),
            Escape::Fluent => any(|byte| byte < b' ' || matches!(byte, b'{' | b'}' | b'.' | b'*' | b'[' | b' ')),
            Escape::MarkupLine => any(|byte| byte < b' ' || matches!(byte, b'&' | b'<' | b'>')),
            // XML does not allow `]]>` in text.
            Escape::Markup => memchr::memchr3(b'&', b'<', b'>', bytes).is_some(),
            Escape::MarkupTwice => any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')),
            Escape::Attribute(quote) if quote != '\0' => {
                memchr::memchr3(b'&', b'<', quote as u8, bytes).is_some() || any(|byte| byte < b' ')
            }
            Escape::Backslash | Escape::BackslashOctal | Escape::FluentString => {
                any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\' | 0x7f))
            }
            Escape::BackslashApostrophe => {
                any(|byte| byte < b' ' || matches!(byte, b'"' | b'\'' | b'\\' | b'>' | 0x7f))
            }
            Escape::Properties => any(|byte| byte < b' ' || matches!(byte, b'\\' | 0x7f)),
            Escape::ContentLine => any(|byte| byte < b' ' || matches!(byte, b',' | b';' | b'\\')),
            Escape::ContentLineMarkup => {
                any(|byte| byte < b' ' || matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | b',' | b';' | b'\\'))
            }
            Escape::QuotedPrintable => any(|byte| !matches!(byte, b' '..=b'~') || byte == b'='),
            Escape::StyleSheet => any(|byte| byte < b' ' || matches!(byte, b'"' | b'\'' | b'\\')),
            Escape::Address => any(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()),
            Escape::Doubled(mark) => memchr::memchr(mark as u8, bytes).is_some(),
            // A space or an equals sign, too.
            Escape::Attribute(_) | Escape::Markdown | Escape::MarkdownAsIs | Escape::Wiki | Escape::Android => {
                any(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
            }
        }
    }

    /// The length in bytes of what is more than a character at the beginning of a source, and what it stands for.
    fn unit(self, rest: &str, first: char) -> Option<(usize, Option<char>)> {
        match (self, first) {
            (Escape::Markup | Escape::MarkupLine | Escape::Wiki | Escape::Attribute(_) | Escape::Markdown, '&') => {
                entity(rest)
            }
            (Escape::MarkupTwice, '&') => entity_twice(rest),
            (
                Escape::Backslash
                | Escape::BackslashApostrophe
                | Escape::BackslashOctal
                | Escape::Android
                | Escape::FluentString,
                '\\',
            ) => backslash(rest),
            (Escape::Properties, '\\') => properties(rest),
            (Escape::ContentLine, '\\') => match rest[1..].chars().next()? {
                'n' | 'N' => Some((2, Some('\n'))),
                next => Some((1 + next.len_utf8(), Some(next))),
            },
            (Escape::ContentLineMarkup, _) => content_line_markup(rest, first),
            (Escape::QuotedPrintable, '=') => quoted_printable(rest),
            (Escape::Address, '%') => percent(rest),
            (Escape::StyleSheet, '\\') => style_sheet(rest),
            (Escape::Doubled(mark), _) if first == mark && rest[1..].starts_with(mark) => Some((2, Some(mark))),
            (Escape::Markdown, '\\') => {
                let next = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
                Some((2, Some(next)))
            }
            _ => None,
        }
    }

    /// The first character of a text that cannot be written in any way.
    pub(crate) fn refused(self, text: &str) -> Option<char> {
        let Escape::Bare(refused) = self else { return None };
        text.chars().find(|&character| refused.contains(character))
    }

    /// Writes characters that take the place of `old`, in the way in which that was written. `is_upper` says in which case the
    /// letters of hexadecimal numbers are, where `old` is such a number without a letter.
    pub(crate) fn write(self, new: &str, old: &str, is_upper: impl FnOnce() -> bool, out: &mut String) {
        match self {
            Escape::QuotedPrintable => return write_quoted_printable(new, old, out),
            Escape::Address => return write_address(new, old, out),
            Escape::StyleSheet => return self.write_in_style_sheet(new, old, is_upper, out),
            _ => {}
        }
        let is_numeric = old.len() > 2 && (old.starts_with('\\') || old.starts_with("&#"));
        if !is_numeric || new.is_ascii() {
            new.chars().for_each(|character| self.write_character(character, out));
            return;
        }
        let is_upper = is_upper_hex(old).unwrap_or_else(is_upper);
        for character in new.chars() {
            if character.is_ascii() || !self.write_numeric(character, old, is_upper, out) {
                self.write_character(character, out);
            }
        }
    }

    /// Writes a character by its number, as `old` is. Returns false if `old` is not by number.
    fn write_numeric(self, character: char, old: &str, is_upper: bool, out: &mut String) -> bool {
        let is_markup = matches!(
            self,
            Escape::Markup
                | Escape::MarkupLine
                | Escape::Wiki
                | Escape::MarkupTwice
                | Escape::Attribute(_)
                | Escape::Markdown
                | Escape::ContentLineMarkup
        );
        let number = u32::from(character);
        let end = if old.ends_with("\\;") { "\\;" } else { ";" };
        let written = match &old.as_bytes()[..old.len().min(3)] {
            [b'&', b'#', b'x'] if is_markup && is_upper => write!(out, "&#x{number:X}{end}"),
            [b'&', b'#', b'x'] if is_markup => write!(out, "&#x{number:x}{end}"),
            [b'&', b'#', b'X'] if is_markup => write!(out, "&#X{number:X}{end}"),
            [b'&', b'#', _] if is_markup => write!(out, "&#{number}{end}"),
            [b'\\', b'u', b'{'] if is_upper => write!(out, "\\u{{{number:X}}}"),
            [b'\\', b'u', b'{'] => write!(out, "\\u{{{number:x}}}"),
            [b'\\', b'U', _] if old.len() == 10 && is_upper => write!(out, "\\U{number:08X}"),
            [b'\\', b'U', _] if old.len() == 10 => write!(out, "\\U{number:08x}"),
            [b'\\', b'u' | b'U', _] => {
                let letter = &old[1..2];
                let mut units = [0; 2];
                character.encode_utf16(&mut units).iter().try_for_each(|unit| {
                    if is_upper { write!(out, "\\{letter}{unit:04X}") } else { write!(out, "\\{letter}{unit:04x}") }
                })
            }
            _ => return false,
        };
        written.is_ok()
    }

    fn write_in_style_sheet(self, new: &str, old: &str, is_upper: impl FnOnce() -> bool, out: &mut String) {
        let is_numeric = old.as_bytes().get(1).is_some_and(u8::is_ascii_hexdigit);
        if !is_numeric || new.is_ascii() {
            new.chars().for_each(|character| self.write_character(character, out));
            return;
        }
        let is_upper = is_upper_hex(old).unwrap_or_else(is_upper);
        let digits = old[1..].trim_end_matches(|c: char| !c.is_ascii_hexdigit());
        // A number of six digits ends by itself. A shorter one ends as the old one does.
        let width = if digits.len() == 6 || new.chars().nth(1).is_some() { 6 } else { 0 };
        for character in new.chars() {
            let number = u32::from(character);
            let _ = if is_upper { write!(out, "\\{number:0width$X}") } else { write!(out, "\\{number:0width$x}") };
        }
        out.push_str(&old[1 + digits.len()..]);
    }

    /// Whether a unit that stays would be markup, or a part of it, behind what has been written of its piece, in place of `old`:
    /// `is_behind_new` says whether that ends with a new text.
    pub(crate) fn becomes_markup(self, unit: &str, before: &str, old: &str, is_behind_new: bool) -> bool {
        match (self, unit) {
            (Escape::Markup | Escape::CData | Escape::BackslashApostrophe, ">") => {
                // In HTML, it may have been there.
                before.ends_with("]]") && !old.ends_with("]]")
            }
            (Escape::Wiki, "'" | "_" | "-") | (Escape::Android, " ") if before.ends_with(unit) => is_behind_new,
            (Escape::Wiki | Escape::Android | Escape::Fluent, _) => is_behind_new && before.is_empty(),
            (Escape::Markdown | Escape::MarkdownAsIs, _) => {
                let is_at_line_start = |character| is_markdown(character, before) && !is_markdown(character, "a");
                is_behind_new && unit.len() == 1 && unit.chars().all(is_at_line_start)
            }
            _ => false,
        }
    }

    /// Whether the first letter of hexadecimal numbers in a piece's source is upper case. None if there is no letter.
    pub(crate) fn is_upper_hex(self, raw: &str) -> Option<bool> {
        if self.is_plain(raw) {
            return None;
        }
        self.units(raw).find_map(|(range, _)| is_upper_hex(&raw[range]))
    }

    /// Writes a character behind what has been written of its piece.
    pub(crate) fn write_character(self, character: char, out: &mut String) {
        use Escape::{
            Android, Attribute, Backslash, BackslashApostrophe, BackslashOctal, CData, ContentLine, ContentLineMarkup,
            Doubled, Fluent, FluentString, Markdown, MarkdownAsIs, Markup, MarkupLine, MarkupTwice, Properties,
            StyleSheet, Wiki,
        };
        let number = u32::from(character);
        match (self, character) {
            (Markup | MarkupLine | Wiki | Attribute(_) | Android, '&') => out.push_str("&amp;"),
            (MarkupTwice, '&') => out.push_str("&amp;amp;"),
            (MarkupTwice, '<') => out.push_str("&amp;lt;"),
            (MarkupTwice, '>') => out.push_str("&amp;gt;"),
            (MarkupTwice, '"') => out.push_str("&amp;quot;"),
            (MarkupTwice, '\'') => out.push_str("&amp;#39;"),
            (ContentLineMarkup, '&') => out.push_str("&amp\\;"),
            (ContentLineMarkup, '<') => out.push_str("&lt\\;"),
            (ContentLineMarkup, '>') => out.push_str("&gt\\;"),
            (ContentLineMarkup, '"' | '\'') => _ = write!(out, "&#{number}\\;"),
            (Markup | MarkupLine | Wiki | Attribute(_) | Android, '<') => out.push_str("&lt;"),
            (Markup | MarkupLine | Wiki | Android, '>') => out.push_str("&gt;"),
            // Two sections: what stands before the piece may end with brackets.
            (CData, '>') if out.len() < 2 || out.ends_with("]]") => out.push_str("]]><![CDATA[>"),
            (Attribute(quote), '"' | '\'') if quote == character => {
                out.push_str(if character == '"' { "&quot;" } else { "&#39;" });
            }
            // Without quotation marks, these end the value.
            (Attribute('\0'), '"' | '\'' | '=' | '>' | '`' | ' ') => _ = write!(out, "&#{number};"),
            // In XML, they would be spaces.
            (Attribute(_) | MarkupLine | Wiki, '\t' | '\n' | '\r' | '\u{c}') => _ = write!(out, "&#{number};"),
            (Wiki, '[' | ']' | '{' | '}' | '|' | '=' | '~') => _ = write!(out, "&#{number};"),
            (Wiki, '*' | '#' | ':' | ';' | '!' | '-' | '+' | ' ') if out.is_empty() => _ = write!(out, "&#{number};"),
            (Wiki, '\'' | '_' | '-') if out.is_empty() || out.ends_with(character) => _ = write!(out, "&#{number};"),
            (Backslash | BackslashApostrophe | BackslashOctal | Android | FluentString, '"' | '\\') => {
                out.extend(['\\', character])
            }
            (BackslashApostrophe | Android, '\'') => out.push_str("\\'"),
            // At its beginning, a value is a reference; and white space is cut off, and put together.
            (Android, '@' | '?') if out.is_empty() => out.extend(['\\', character]),
            (Android, ' ') if out.is_empty() || out.ends_with(' ') => out.push_str("\\u0020"),
            // The end of a section of CDATA.
            (BackslashApostrophe, '>') if out.ends_with("]]") => out.push_str("\\u003e"),
            (Backslash | BackslashApostrophe | BackslashOctal | Android | Properties, '\n') => out.push_str("\\n"),
            (Backslash | BackslashApostrophe | BackslashOctal | Android | Properties, '\t') => out.push_str("\\t"),
            (Backslash | BackslashApostrophe | BackslashOctal | Android | Properties, '\r') => out.push_str("\\r"),
            (BackslashOctal, '\0'..' ' | '\u{7f}') => _ = write!(out, "\\{number:03o}"),
            (Backslash | BackslashApostrophe | Android | Properties, '\0'..' ' | '\u{7f}') => {
                let _ = write!(out, "\\u{number:04x}");
            }
            (Properties, '\\') => out.push_str("\\\\"),
            (ContentLine | ContentLineMarkup, '\n') => out.push_str("\\n"),
            // A line break by itself would end the value.
            (ContentLine | ContentLineMarkup, '\r') => {}
            (ContentLine | ContentLineMarkup, ',' | ';' | '\\') | (StyleSheet, '"' | '\'' | '\\') => {
                out.extend(['\\', character])
            }
            (StyleSheet, '\0'..' ') => _ = write!(out, "\\{number:x} "),
            (Doubled(mark), _) if character == mark => out.extend([mark, mark]),
            (Markdown | MarkdownAsIs, '\n') => out.push_str("&#10;"),
            (Markdown | MarkdownAsIs, _) if is_markdown(character, out) => out.extend(['\\', character]),
            (Fluent, '{' | '}') => _ = write!(out, "{{\"{character}\"}}"),
            // At the beginning of a line, the first three are markup, and a space is none of the text.
            (Fluent, '.' | '*' | '[' | ' ') if out.is_empty() => _ = write!(out, "{{\"{character}\"}}"),
            (FluentString, '\0'..' ') => _ = write!(out, "\\u{number:04X}"),
            (Fluent, '\0'..' ') => _ = write!(out, "{{\"\\u{number:04X}\"}}"),
            _ => out.push(character),
        }
    }
}

/// Whether the first letter of a character's hexadecimal number is upper case. None if it is written in another way, or without
/// a letter.
fn is_upper_hex(unit: &str) -> Option<bool> {
    let digits = ["&#x", "&#X", "\\u", "\\U", "\\"].iter().find_map(|start| unit.strip_prefix(start))?;
    // One letter is a name, as that of a form feed.
    let digits = Some(digits).filter(|digits| digits.len() > 1)?;
    let letter = digits.bytes().find(|byte| byte.is_ascii_hexdigit() && byte.is_ascii_alphabetic())?;
    Some(letter.is_ascii_uppercase())
}

/// Whether a character may be markup of Markdown behind what has been written of a piece. Some are so only at the beginning of
/// a line, behind a number or not, where a piece can be.
fn is_markdown(character: char, before: &str) -> bool {
    match character {
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '{' | '}' | '"' => true,
        _ => character.is_ascii_punctuation() && before.bytes().all(|byte| byte == b' ' || byte.is_ascii_digit()),
    }
}

/// Whether an aside stands in these bytes of UTF-8.
pub(crate) fn has_aside(bytes: &[u8]) -> bool {
    // Without a branch, so that many bytes are compared at once: their first bytes are those of punctuation, too.
    let is_aside = |[first, second, third]: [u8; 3]| {
        (first == 0xe2) & (second == 0x80) & (third.wrapping_sub(0x8b) < 3)
            | (first == 0xe2) & (second == 0x81) & (third == 0xa0)
            | (first == 0xef) & (second == 0xbb) & (third == 0xbf)
            | (first == 0xc2) & (second == 0xad)
    };
    let has = |bytes: &[u8]| bytes.windows(3).fold(false, |has, at| has | is_aside([at[0], at[1], at[2]]));
    // The last two bytes are the whole of a soft hyphen.
    let mut starts = (0..bytes.len()).step_by(BLOCK);
    bytes.ends_with(&[0xc2, 0xad]) || starts.any(|start| has(&bytes[start..bytes.len().min(start + BLOCK + 2)]))
}

/// An entity: by number, or by one of the names that stand in Chinese text. Others separate words.
fn entity(rest: &str) -> Option<(usize, Option<char>)> {
    let bytes = rest.as_bytes();
    let (len, character) = match bytes {
        [b'&', b'#', b'x' | b'X', ..] => number(rest, 3, 16)?,
        [b'&', b'#', ..] => number(rest, 2, 10)?,
        _ => {
            // A document of XML may declare names in any script.
            let is_of_name = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
            let len = rest[1..].chars().take_while(is_of_name).map(char::len_utf8).sum::<usize>() + 1;
            if len == 1 || bytes.get(len) != Some(&b';') {
                return None;
            }
            (len, Some(named_character(&rest[1..len])))
        }
    };
    let has_end = bytes.get(len) == Some(&b';');
    Some((len + usize::from(has_end), character))
}

/// An entity of HTML, an escape or a fold in a value of vCard or iCalendar.
fn content_line_markup(rest: &str, first: char) -> Option<(usize, Option<char>)> {
    match first {
        '\r' | '\n' => {
            let behind = behind_line_end(rest)?.strip_prefix([' ', '\t'])?;
            Some((rest.len() - behind.len(), None))
        }
        '\\' => match rest[1..].chars().next()? {
            'n' | 'N' => Some((2, Some('\n'))),
            '\r' | '\n' => None,
            next => Some((1 + next.len_utf8(), Some(next))),
        },
        '&' => {
            let len = 1 + rest[1..].bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'#').count();
            let (read, character) = entity(&format!("{};", &rest[..len]))?;
            let end = ["\\;", ";"].into_iter().find(|end| rest[len..].starts_with(end)).unwrap_or_default();
            // What is an entity without its end, too, ends as it does.
            let is_whole = read == len + 1 && (!end.is_empty() || rest[1..].starts_with('#'));
            is_whole.then_some((len + end.len(), character))
        }
        _ => None,
    }
}

/// An entity whose characters may be written as entities: `&amp;nbsp;`.
fn entity_twice(rest: &str) -> Option<(usize, Option<char>)> {
    let (outer, character) = entity(rest)?;
    if character != Some('&') {
        return Some((outer, character));
    }
    let name = &rest[outer..];
    let len = name.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'#').count();
    let len = len + usize::from(name[len..].starts_with(';'));
    match entity(&format!("&{}", &name[..len])) {
        Some((inner, character)) => Some((outer + inner - 1, character)),
        None => Some((outer, character)),
    }
}

/// The number at `start` of a numeric entity, as a character.
fn number(rest: &str, start: usize, radix: u32) -> Option<(usize, Option<char>)> {
    let digits = rest[start..].chars().take_while(|digit| digit.is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    let value = u32::from_str_radix(&rest[start..start + digits], radix).ok().and_then(char::from_u32);
    Some((start + digits, Some(value.unwrap_or(OTHER))))
}

fn named_character(name: &str) -> char {
    match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "ZeroWidthSpace" => '\u{200b}',
        "NoBreak" => '\u{2060}',
        "zwj" => '\u{200d}',
        "zwnj" => '\u{200c}',
        "ensp" => '\u{2002}',
        "emsp" => '\u{2003}',
        "thinsp" => '\u{2009}',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "laquo" => '«',
        "raquo" => '»',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        "middot" => '·',
        "bull" => '•',
        _ => OTHER,
    }
}

/// A backslash and what belongs to it.
fn backslash(rest: &str) -> Option<(usize, Option<char>)> {
    let bytes = rest.as_bytes();
    Some(match bytes.get(1)? {
        b'u' if bytes.get(2) == Some(&b'{') => {
            // Six digits at most, after `\u{`.
            let end = memchr::memchr(b'}', &bytes[..bytes.len().min(10)])?;
            (end + 1, Some(hex(rest.get(3..end)?).and_then(char::from_u32).unwrap_or(OTHER)))
        }
        b'u' => utf16(rest, 2)?,
        // Eight digits; four in Apple's .strings.
        b'U' => match rest.get(2..10).and_then(hex) {
            Some(number) => (10, Some(char::from_u32(number).unwrap_or(OTHER))),
            None => utf16(rest, 2)?,
        },
        b'n' => (2, Some('\n')),
        b'r' => (2, Some('\r')),
        b't' => (2, Some('\t')),
        // Bytes, of which one may be a part of a character.
        b'x' => (2 + rest[2..].bytes().take(2).take_while(u8::is_ascii_hexdigit).count(), Some(OTHER)),
        b'0'..=b'7' => (1 + rest[1..].bytes().take(3).take_while(u8::is_ascii_digit).count(), Some(OTHER)),
        // A continued line.
        b'\n' => (2, None),
        b'\r' => (if bytes.get(2) == Some(&b'\n') { 3 } else { 2 }, None),
        _ => {
            let next = rest[1..].chars().next()?;
            (1 + next.len_utf8(), Some(next))
        }
    })
}

/// Units of UTF-16 in four digits each, from `start`: a character is one of them, or two in a row.
fn utf16(rest: &str, start: usize) -> Option<(usize, Option<char>)> {
    let first = u16::try_from(hex(rest.get(start..start + 4)?)?).ok()?;
    let end = start + 4;
    let second = rest.get(end + 2..end + 6).filter(|_| rest[end..].starts_with(&rest[..2])).and_then(hex);
    let both = second.and_then(|second| char::decode_utf16([first, u16::try_from(second).ok()?]).next()?.ok());
    Some(match both {
        Some(character) if character > '\u{ffff}' => (end + 6, Some(character)),
        _ => (end, Some(char::from_u32(first.into()).unwrap_or(OTHER))),
    })
}

fn properties(rest: &str) -> Option<(usize, Option<char>)> {
    if let Some(next) = behind_line_end(&rest[1..]) {
        return Some((rest.len() - next.trim_start_matches([' ', '\t', '\u{c}']).len(), None));
    }
    match rest.as_bytes().get(1)? {
        b'u' => utf16(rest, 2),
        b'n' => Some((2, Some('\n'))),
        b'r' => Some((2, Some('\r'))),
        b't' => Some((2, Some('\t'))),
        b'f' => Some((2, Some('\u{c}'))),
        _ => {
            let next = rest[1..].chars().next()?;
            Some((1 + next.len_utf8(), Some(next)))
        }
    }
}

/// A line that goes on, or a character whose bytes are written by number; between them, lines may go on.
fn quoted_printable(rest: &str) -> Option<(usize, Option<char>)> {
    if let Some(len) = soft_break(rest) {
        return Some((len, None));
    }
    let (mut bytes, mut at) = (Vec::new(), 0);
    loop {
        let byte = rest[at..].strip_prefix('=').and_then(|digits| digits.get(..2)).and_then(hex);
        let Some(byte) = byte.and_then(|byte| u8::try_from(byte).ok()) else { break };
        bytes.push(byte);
        at += 3;
        match str::from_utf8(&bytes) {
            Ok(text) => return Some((at, text.chars().next())),
            Err(error) if error.error_len().is_some() => break,
            Err(_) => at += soft_break(&rest[at..]).unwrap_or(0),
        }
    }
    if bytes.is_empty() { None } else { Some((3, Some(OTHER))) }
}

/// A character whose bytes are written by number.
fn percent(rest: &str) -> Option<(usize, Option<char>)> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    loop {
        let byte = rest.get(at..)?.strip_prefix('%')?.get(..2).and_then(hex)?;
        bytes.push(u8::try_from(byte).ok()?);
        at += 3;
        match str::from_utf8(&bytes) {
            Ok(text) => return Some((at, text.chars().next())),
            Err(error) if error.error_len().is_some() => return Some((3, Some(OTHER))),
            Err(_) => {}
        }
    }
}

/// Writes characters of an address: by the numbers of their bytes if `old` is so, or if they have another meaning in addresses.
fn write_address(new: &str, old: &str, out: &mut String) {
    let is_upper = !old.bytes().any(|byte| byte.is_ascii_lowercase());
    for character in new.chars() {
        let is_plain = character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~');
        if is_plain || (!character.is_ascii() && !old.starts_with('%')) {
            out.push(character);
            continue;
        }
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            let _ = if is_upper { write!(out, "%{byte:02X}") } else { write!(out, "%{byte:02x}") };
        }
    }
}

/// The length of what goes on in the next line.
fn soft_break(rest: &str) -> Option<usize> {
    let behind = behind_line_end(rest.strip_prefix('=')?.trim_start_matches([' ', '\t']))?;
    Some(rest.len() - behind.len())
}

/// Writes characters by the numbers of their bytes. A line that goes on within `old` does so behind as many bytes, or at the
/// end.
fn write_quoted_printable(new: &str, old: &str, out: &mut String) {
    let before = old.match_indices('=').position(|(at, _)| soft_break(&old[at..]).is_some());
    let written = old.match_indices('=').find_map(|(at, _)| Some(&old[at..at + soft_break(&old[at..])?]));
    let is_upper = !old.bytes().any(|byte| byte.is_ascii_lowercase());
    for (index, byte) in new.bytes().enumerate() {
        if Some(index) == before {
            out.push_str(written.unwrap_or_default());
        }
        let is_plain = matches!(byte, b' '..=b'~') && byte != b'=' && !old.starts_with('=');
        match (is_plain, is_upper) {
            (true, _) => out.push(char::from(byte)),
            (false, true) => _ = write!(out, "={byte:02X}"),
            (false, false) => _ = write!(out, "={byte:02x}"),
        }
    }
    if before.is_some_and(|before| before >= new.len()) {
        out.push_str(written.unwrap_or_default());
    }
}

/// A backslash of CSS and what belongs to it.
fn style_sheet(rest: &str) -> Option<(usize, Option<char>)> {
    let digits = rest[1..].bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if digits == 0 {
        let next = rest[1..].chars().next()?;
        // A line that goes on.
        return Some(match next {
            '\r' if rest[2..].starts_with('\n') => (3, None),
            '\n' | '\r' | '\u{c}' => (2, None),
            _ => (1 + next.len_utf8(), Some(next)),
        });
    }
    let character = hex(&rest[1..=digits]).and_then(char::from_u32).unwrap_or(OTHER);
    let behind = &rest[1 + digits..];
    let blank =
        if behind.starts_with("\r\n") { 2 } else { usize::from(behind.starts_with([' ', '\t', '\n', '\r', '\u{c}'])) };
    Some((1 + digits + blank, Some(character)))
}

fn hex(digits: &str) -> Option<u32> {
    let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// The length of a string, from behind its opening quotation mark up to the closing one, which may stand in it behind a backslash.
pub(crate) fn quoted_len(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
        if bytes[at] == quote {
            return Some(at);
        }
        // A backslash and the character behind it.
        at += 1 + text[at + 1..].chars().next()?.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(escape: Escape, raw: &str) -> String {
        escape.units(raw).filter_map(|(_, character)| character).collect()
    }

    #[test]
    fn characters_are_read_as_they_are_written() {
        assert_eq!(text(Escape::Markup, "干&#29157;&#x5934;&copy;&amp;头&shy;发&nbsp"), "干燥头\u{fffc}&头发&nbsp");
        assert_eq!(text(Escape::Markup, "&头发;&头发"), "\u{fffc}&头发");
        assert_eq!(
            text(Escape::Backslash, r#"\u53d1\ud842\udfb7\n\"\\\x41\u{53d1}\ud800"#),
            "发𠮷\n\"\\\u{fffc}发\u{fffc}"
        );
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(text(Escape::Properties, &format!("\\u53d1\\{end}   达\\:")), "发达:");
            assert_eq!(text(Escape::Backslash, &format!("发\\{end}达")), "发达");
        }
        assert_eq!(text(Escape::Doubled('\''), "it''s"), "it's");
        assert_eq!(text(Escape::Markdown, r"\*头\发"), r"*头\发");
        assert_eq!(text(Escape::Address, "%E5%A4%B4-%e5%8f%91%ff%2"), "头-发\u{fffc}%2");
        assert_eq!(text(Escape::MarkupTwice, "头&amp;#21457;&amp;amp;&#x5934;&amp;x&lt;"), "头发&头&x<");
        assert_eq!(
            text(Escape::ContentLineMarkup, "头\r\n 发\\n&#21457\\;\\,&nbsp;&#x5934;a&b\\"),
            "头发\n发,\u{a0}头a&b\\"
        );
    }

    #[test]
    fn characters_are_written_as_the_old_ones_were() {
        let written = |escape: Escape, new: &str, old: &str| {
            let mut out = String::new();
            escape.write(new, old, || true, &mut out);
            out
        };
        assert_eq!(written(Escape::Markup, "發", "&#21457;"), "&#30332;");
        assert_eq!(written(Escape::Markup, "發", "&#x53D1;"), "&#x767C;");
        assert_eq!(written(Escape::Backslash, "頭", r"\u5934"), r"\u982D");
        assert_eq!(written(Escape::ContentLineMarkup, "發", r"&#21457\;"), r"&#30332\;");
        assert_eq!(written(Escape::ContentLineMarkup, "a<,", "发"), r"a&lt\;\,");
        assert_eq!(written(Escape::Markup, "頭", "&#x5934;"), "&#x982D;");
        assert_eq!(written(Escape::Backslash, "發𠮷", r"\u53d1"), r"\u767c\ud842\udfb7");
        assert_eq!(written(Escape::Backslash, "a\"b", "头"), r#"a\"b"#);
        assert_eq!(written(Escape::Backslash, "臺", r"\台"), "臺");
        assert_eq!(written(Escape::Attribute('\0'), "a b", "头"), "a&#32;b");
        assert_eq!(written(Escape::Markdown, "*a.b-\n", "头"), r"\*a.b-&#10;");
        assert_eq!(written(Escape::Markdown, "1. a", "头"), r"1\. a");
        assert_eq!(written(Escape::Address, "髮-", "%e5%8f%91"), "%e9%ab%ae-");
        assert_eq!(written(Escape::Address, "髮 a", "发"), "髮%20a");
    }

    #[test]
    fn plain_sources_are_known() {
        assert!(Escape::Markup.is_plain("头发…”"));
        for raw in ["头\u{ad}发", "头\u{200b}", "头\u{200c}", "头\u{200d}", "\u{2060}", "\u{feff}头", "&amp;"] {
            assert!(!Escape::Markup.is_plain(raw), "{raw:?}");
        }
    }
}

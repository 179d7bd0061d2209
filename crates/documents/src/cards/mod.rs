//! Content lines of vCard (RFC 6350, RFC 2426, vCard 2.1) and of iCalendar (RFC 5545).

use std::ops::Range;

use fanjian::{Error, ErrorKind};

use crate::{
    escape::Escape,
    lines::lines,
    markup::html,
    scan::{Group, Role, Scan},
};

/// A property whose value is text.
struct Property {
    name: &'static str,
    role: Role,
    /// What separates texts in the value.
    separators: &'static [u8],
}

const fn property(name: &'static str, role: Role, separators: &'static [u8]) -> Property {
    Property { name, role, separators }
}

const VCARD: [Property; 11] = [
    property("FN", Role::Name, b""),
    property("N", Role::Name, b";,"),
    property("NICKNAME", Role::Name, b","),
    property("ORG", Role::Text, b";"),
    property("TITLE", Role::Text, b""),
    property("ROLE", Role::Text, b""),
    property("NOTE", Role::Note, b""),
    property("ADR", Role::Text, b";,"),
    property("LABEL", Role::Text, b""),
    property("CATEGORIES", Role::Metadata, b","),
    // What programs of Apple call a property of the same group.
    property("X-ABLABEL", Role::Text, b""),
];

const ICALENDAR: [Property; 9] = [
    property("SUMMARY", Role::Text, b""),
    property("DESCRIPTION", Role::Text, b""),
    property("LOCATION", Role::Text, b""),
    property("COMMENT", Role::Note, b""),
    property("CATEGORIES", Role::Metadata, b","),
    property("RESOURCES", Role::Metadata, b","),
    // What a calendar is called, by RFC 7986.
    property("NAME", Role::Metadata, b""),
    // What calendars are called by the programs that share them.
    property("X-WR-CALNAME", Role::Metadata, b""),
    property("X-WR-CALDESC", Role::Metadata, b""),
];

/// The properties of iCalendar that are text, as HTML where their type says so: that of Outlook, and that of RFC 9073.
const HTML: [&str; 2] = ["X-ALT-DESC", "STYLED-DESCRIPTION"];

/// The parameter of `ADR` with the address as it is printed.
const LABEL: &str = "LABEL";

/// Names, organizations, titles, notes, addresses, labels and categories of vCards are text.
pub(crate) fn scan_vcard(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    content_lines(source, (VCARD_BEGIN, "vCard"), &VCARD, scan)
}

/// Names, summaries, descriptions, places, comments, categories and resources of iCalendar are text.
pub(crate) fn scan_icalendar(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    content_lines(source, (ICALENDAR_BEGIN, "iCalendar"), &ICALENDAR, scan)
}

/// vCards or an iCalendar in UTF-8 whose lines are folded within characters, as RFC 5545 permits (3.1), and as programs do that
/// count bytes: the text with each such fold before its character. That of its unfolded lines is the same. None for all other
/// bytes.
///
/// ```
/// let calendar = b"BEGIN:VCALENDAR\r\nSUMMARY:\xe5\xa4\r\n \xb4\r\nEND:VCALENDAR\r\n";
/// let text = fanjian_documents::whole_characters(calendar);
/// assert_eq!(text.as_deref(), Some("BEGIN:VCALENDAR\r\nSUMMARY:\r\n 头\r\nEND:VCALENDAR\r\n"));
/// assert_eq!(fanjian_documents::whole_characters("头".as_bytes()), None);
/// ```
#[must_use]
pub fn whole_characters(source: &[u8]) -> Option<String> {
    let beginning = source.strip_prefix("\u{feff}".as_bytes()).unwrap_or(source).trim_ascii_start();
    let begins =
        |with: &str| beginning.get(..with.len()).is_some_and(|text| text.eq_ignore_ascii_case(with.as_bytes()));
    if !begins(VCARD_BEGIN) && !begins(ICALENDAR_BEGIN) {
        return None;
    }
    let (mut text, mut rest, mut is_folded) = (String::with_capacity(source.len()), source, false);
    while let Err(error) = str::from_utf8(rest) {
        let (valid, invalid) = rest.split_at(error.valid_up_to());
        text.push_str(str::from_utf8(valid).ok()?);
        let (fold, character, len) = folded_character(invalid)?;
        text.push_str(fold);
        text.push(character);
        (rest, is_folded) = (&invalid[len..], true);
    }
    text.push_str(str::from_utf8(rest).ok()?);
    is_folded.then_some(text)
}

/// The first fold within the character that bytes begin with, the character, and the length of all. None if they begin with none.
fn folded_character(bytes: &[u8]) -> Option<(&str, char, usize)> {
    let (mut character, mut fold, mut at) = (Vec::new(), None, 0);
    loop {
        let fold_len = match &bytes[at..] {
            [b'\r', b'\n', b' ' | b'\t', ..] => 3,
            [b'\n', b' ' | b'\t', ..] => 2,
            _ => 0,
        };
        if fold_len > 0 {
            fold = fold.or(str::from_utf8(&bytes[at..at + fold_len]).ok());
            at += fold_len;
            continue;
        }
        character.push(*bytes.get(at)?);
        at += 1;
        match str::from_utf8(&character) {
            Ok(text) => return Some((fold?, text.chars().next()?, at)),
            // More bytes are expected.
            Err(error) if error.error_len().is_none() => {}
            Err(_) => return None,
        }
    }
}

const VCARD_BEGIN: &str = "BEGIN:VCARD";
const ICALENDAR_BEGIN: &str = "BEGIN:VCALENDAR";

/// Reads content lines: a name, parameters and a value. A line that begins with a space goes on with the one before it: the
/// fold stays where it is, and separates nothing.
fn content_lines(
    source: &str,
    (begin, format): (&str, &str),
    properties: &[Property],
    scan: &mut Scan<'_>,
) -> Result<(), Error> {
    let mut all = lines(source).enumerate().peekable();
    let mut is_begun = false;
    while let Some((number, first)) = all.next() {
        let text = source[first.clone()].trim_start_matches('\u{feff}');
        if !is_begun && !text.trim().is_empty() {
            if !text.trim().eq_ignore_ascii_case(begin) {
                let message = format!("not {format}: {begin:?} was expected");
                return Err(Error::new(ErrorKind::Syntax, message).on_line(number + 1));
            }
            is_begun = true;
        }
        let mut parts = vec![first];
        while let Some((_, next)) = all.next_if(|(_, next)| source[next.clone()].starts_with([' ', '\t'])) {
            parts.push(next.start + 1..next.end);
        }
        let Some(head) = Head::read(source, &parts) else { continue };
        let mut end = parts.last().map_or(0, |last| last.end);
        if head.is_quoted_printable {
            // Here, the last character of a line says that it goes on.
            while source[..end].ends_with('=')
                && let Some((_, next)) = all.next()
            {
                end = next.end;
            }
            // A fold of this kind is written as the characters are, and read with them.
            parts.truncate(head.part + 1);
            parts[head.part].end = end;
        }
        let is_of_head = |property: &&Property| property.name.eq_ignore_ascii_case(&head.name);
        let property = properties.iter().find(is_of_head);
        let is_html = begin == ICALENDAR_BEGIN
            && HTML.iter().any(|name| name.eq_ignore_ascii_case(&head.name))
            && head.is_html
            && !head.is_quoted_printable;
        if !head.is_text || (property.is_none() && !is_html) {
            continue;
        }
        if let Some(language) = head.language {
            let is_taken = scan.options.languages.takes(&source[language.clone()]);
            if !is_taken {
                continue;
            }
            scan.tag(language);
        }
        parts[head.part].start = head.value;
        let (part, label) = (head.part, head.label);
        match property {
            Some(property) => {
                let escape = if head.is_quoted_printable { Escape::QuotedPrintable } else { Escape::ContentLine };
                // Between quotation marks, nothing is escaped.
                let label = label.filter(|_| property.name == "ADR").unwrap_or_default();
                let mut group = None;
                for raw in label {
                    add(&mut group, raw, Role::Text, Escape::Bare("\"\r\n;:,"), scan);
                }
                values(source, &parts[part..], property, escape, scan);
            }
            None => html_value(source, &parts[part..], scan),
        }
    }
    Ok(())
}

/// Adds the texts of a value, which is in these parts of the source.
fn values(source: &str, parts: &[Range<usize>], property: &Property, escape: Escape, scan: &mut Scan<'_>) {
    let mut group: Option<Group> = None;
    let mut is_escaped = false;
    for part in parts {
        let mut start = part.start;
        for at in part.clone() {
            let byte = source.as_bytes()[at];
            if !is_escaped && property.separators.contains(&byte) {
                add(&mut group, start..at, property.role, escape, scan);
                group = None;
                start = at + 1;
            }
            is_escaped = !is_escaped && byte == b'\\';
        }
        add(&mut group, start..part.end, property.role, escape, scan);
    }
}

/// Adds the texts of a value that is HTML, which is in these parts of the source.
fn html_value(source: &str, parts: &[Range<usize>], scan: &mut Scan<'_>) {
    let (mut text, mut places) = (String::new(), Vec::new());
    for part in parts {
        let raw = &source[part.clone()];
        for (range, character) in Escape::ContentLine.units(raw) {
            // What joins words has no character here.
            text.push(character.or_else(|| raw[range.clone()].chars().next()).unwrap_or_default());
            places.resize(text.len(), part.start + range.start);
        }
    }
    places.push(parts.last().map_or(0, |last| last.end));
    html::scan_unescaped(&text, &places, Escape::ContentLineMarkup, scan);
}

fn add(group: &mut Option<Group>, range: Range<usize>, role: Role, escape: Escape, scan: &mut Scan<'_>) {
    if !range.is_empty() {
        let group = *group.get_or_insert_with(|| scan.group(role));
        scan.text(group, range, escape);
    }
}

/// What stands before a value.
struct Head {
    /// Without the name of a group of properties before it.
    name: String,
    language: Option<Range<usize>>,
    /// The text of a label, by the lines that it is on.
    label: Option<Vec<Range<usize>>>,
    is_quoted_printable: bool,
    is_html: bool,
    /// The value is in UTF-8, and is not Base64.
    is_text: bool,
    /// The part in which the value begins, and where.
    part: usize,
    value: usize,
}

impl Head {
    /// None if the line has no value.
    fn read(source: &str, parts: &[Range<usize>]) -> Option<Head> {
        let mut is_quoted = false;
        let mut head = String::new();
        // Where each part is in the head and in the source.
        let mut places = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let text = &source[part.clone()];
            let is_end = |c: char| {
                is_quoted ^= c == '"';
                c == ':' && !is_quoted
            };
            let end = text.find(is_end);
            places.push((head.len(), part.start));
            head.push_str(&text[..end.unwrap_or(text.len())]);
            if let Some(end) = end {
                return Some(Head::new(&head, &places, number, part.start + end + 1));
            }
        }
        None
    }

    fn new(head: &str, places: &[(usize, usize)], part: usize, value: usize) -> Head {
        let mut is_quoted = false;
        let mut parameters = head.split(|c: char| {
            is_quoted ^= c == '"';
            c == ';' && !is_quoted
        });
        let name = parameters.next().unwrap_or_default();
        let mut at = name.len();
        let name = name.trim_start_matches('\u{feff}');
        let name = name.rsplit_once('.').map_or(name, |(_, name)| name).to_owned();
        let mut head = Head {
            name,
            language: None,
            label: None,
            is_quoted_printable: false,
            is_html: false,
            is_text: true,
            part,
            value,
        };
        for parameter in parameters {
            let end = at + 1 + parameter.len();
            at = end;
            let (key, written) = parameter.split_once('=').unwrap_or(("ENCODING", parameter));
            let value = written.trim_start_matches('"');
            let start = end - value.len();
            let value = value.trim_end_matches('"');
            let is = |name: &str| key.eq_ignore_ascii_case(name);
            if is("ENCODING") {
                head.is_quoted_printable |= value.eq_ignore_ascii_case("QUOTED-PRINTABLE");
                head.is_text &= !(value.eq_ignore_ascii_case("BASE64") || value.eq_ignore_ascii_case("B"));
            } else if is("CHARSET") {
                head.is_text &= value.eq_ignore_ascii_case("UTF-8") || value.eq_ignore_ascii_case("UTF8");
            } else if is("FMTTYPE") {
                head.is_html |= value.eq_ignore_ascii_case("text/html");
            } else if is("LANGUAGE") && !value.is_empty() {
                // A name that is folded stays.
                head.language = <[_; 1]>::try_from(in_source(places, start..start + value.len())).ok().map(|[raw]| raw);
            } else if is(LABEL) {
                head.label = Some(in_source(places, start..start + value.len()));
            }
        }
        head
    }
}

/// Where a range of a head is in the source, whose parts are in these places of both.
fn in_source(places: &[(usize, usize)], range: Range<usize>) -> Vec<Range<usize>> {
    let ends = places.iter().skip(1).map(|&(start, _)| start).chain([usize::MAX]);
    let within = places.iter().zip(ends).map(|(&(start, raw), end)| {
        let (from, to) = (range.start.max(start), range.end.min(end));
        (from < to).then(|| raw + from - start..raw + to - start)
    });
    within.flatten().collect()
}

//! SubStation Alpha and Advanced SubStation Alpha: sections of lines, of which events have text with overrides in braces.
//!
//! Source: [the format's description](https://github.com/libass/libass/wiki/ASS-File-Format-Guide), of libass.

use std::ops::Range;

use fanjian::{Error, ErrorKind};

use crate::{
    escape::Escape,
    lines::lines,
    scan::{Role, Scan, StandIn},
};

/// The script's information that is text.
const INFORMATION: [&str; 8] = [
    "title",
    "original script",
    "original translation",
    "original editing",
    "original timing",
    "synch point",
    "script updated by",
    "update details",
];

/// The columns of events where no line states them, of both formats; their number is the same.
const COLUMNS: Columns = Columns { style: Some(3), name: Some(4), effect: Some(8), count: 10 };

/// Which columns of an event are read, from 0. The last one is the text, which may have commas.
#[derive(Clone, Copy)]
struct Columns {
    style: Option<usize>,
    name: Option<usize>,
    effect: Option<usize>,
    count: usize,
}

impl Columns {
    /// By a line `Format:`. None if its last column is not the text.
    fn of(format: &str) -> Option<Columns> {
        let names: Vec<_> = format.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        let place = |wanted: &str| names.iter().position(|name| name == wanted);
        (names.last().is_some_and(|last| last == "text")).then(|| Columns {
            style: place("style"),
            name: place("name").or_else(|| place("actor")),
            effect: place("effect"),
            count: names.len(),
        })
    }
}

enum Section {
    Information,
    Events,
    Other,
}

/// Only the information of the script, and the names and texts of events, are text. Names of styles and fonts stay: they are
/// the same as those of files and of other sections.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut section = None;
    let mut columns = COLUMNS;
    for (number, line) in lines(source).enumerate() {
        let text = source[line.clone()].trim_end();
        if text.starts_with('[') && text.ends_with(']') {
            let name = text[1..text.len() - 1].to_ascii_lowercase();
            section = Some(match name.as_str() {
                "script info" => Section::Information,
                "events" => Section::Events,
                _ => Section::Other,
            });
            continue;
        }
        if let Some(comment) = text.strip_prefix(';') {
            scan.comment(comment);
            continue;
        }
        let Some(section) = &section else {
            if text.is_empty() {
                continue;
            }
            let message = "not SubStation Alpha: a line stands before the first section, such as '[Script Info]'";
            return Err(Error::new(ErrorKind::Syntax, message).on_line(number + 1));
        };
        let Some((key, _)) = text.split_once(':') else { continue };
        let value = line.start + key.len() + 1..line.start + text.len();
        match section {
            Section::Information if INFORMATION.contains(&key.trim().to_ascii_lowercase().as_str()) => {
                let start = value.end - source[value.clone()].trim_start().len();
                scan.whole(Role::Metadata, start..value.end, Escape::Bare("\n\r"));
            }
            Section::Events => match key.trim().to_ascii_lowercase().as_str() {
                "format" => {
                    let error = "the last column of the events is not 'Text'";
                    let error = || Error::new(ErrorKind::Syntax, error).on_line(number + 1);
                    columns = Columns::of(&source[value]).ok_or_else(error)?;
                }
                kind @ ("dialogue" | "comment") => event(source, value, columns, kind == "comment", scan),
                _ => {}
            },
            _ => {}
        }
    }
    if section.is_none() {
        let message = "not SubStation Alpha: no section, such as '[Script Info]'";
        return Err(Error::new(ErrorKind::Syntax, message).on_line(1));
    }
    Ok(())
}

/// Takes the columns of an event.
fn event(source: &str, line: Range<usize>, columns: Columns, is_comment: bool, scan: &mut Scan<'_>) {
    let mut at = line.start;
    let fields: Vec<_> = source[line.clone()]
        .splitn(columns.count, ',')
        .map(|field| {
            let start = at;
            at += field.len() + 1;
            start..start + field.len()
        })
        .collect();
    if fields.len() < columns.count {
        return;
    }
    let field = |column: Option<usize>| column.map_or("", |column| source[fields[column].clone()].trim());
    let text = fields[columns.count - 1].clone();
    if is_comment {
        scan.comment(&source[text.clone()]);
        // Templates and code of Aegisub's automation are programs.
        let kind = field(columns.effect).split(' ').next().unwrap_or_default();
        if ["template", "code", "mixin"].contains(&kind) {
            return;
        }
    }
    let style = field(columns.style).trim_start_matches('*');
    if scan.options.left_styles.iter().any(|left| left == style) {
        return;
    }
    if let Some(name) = columns.name {
        scan.whole(Role::Name, fields[name].clone(), Escape::Bare("\n\r,"));
    }
    dialogue(source, text, scan);
}

/// Takes the text of an event: overrides in braces do not end words, as those of karaoke stand before each syllable.
fn dialogue(source: &str, range: Range<usize>, scan: &mut Scan<'_>) {
    let group = scan.group(Role::Text);
    let bytes = source.as_bytes();
    let (mut start, mut at, mut is_drawing) = (range.start, range.start, false);
    // Whether braces still have an end in the text.
    let mut has_end = true;
    let mut text = |range: Range<usize>, is_drawing: bool, stand_in: Option<Range<usize>>| {
        if is_drawing {
            scan.kept(group, range, StandIn::Break);
        } else {
            // Not all players know a backslash before a brace.
            scan.text(group, range, Escape::Bare("\n\r{\\"));
        }
        if let Some(stand_in) = stand_in {
            scan.kept(group, stand_in, StandIn::Break);
        }
    };
    while let Some(found) = memchr::memchr2(b'{', b'\\', &bytes[at..range.end]) {
        at += found;
        match &bytes[at..range.end] {
            [b'\\', b'N' | b'n' | b'h', ..] => {
                text(start..at, is_drawing, Some(at..at + 2));
                at += 2;
                start = at;
            }
            [b'{', rest @ ..] if has_end => match memchr::memchr(b'}', rest) {
                Some(len) => {
                    text(start..at, is_drawing, None);
                    is_drawing = drawing(&source[at + 1..at + 1 + len]).unwrap_or(is_drawing);
                    at += len + 2;
                    start = at;
                }
                None => has_end = false,
            },
            _ => at += 1,
        }
    }
    text(start..range.end, is_drawing, None);
}

/// Whether overrides switch drawing on, by `\p1`, or off, by `\p0`. None if they do neither.
fn drawing(overrides: &str) -> Option<bool> {
    let level = |tag: &str| {
        let level = tag.strip_prefix('p')?.trim();
        let digits = level.len() - level.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        (digits > 0).then(|| level[..digits].bytes().any(|digit| digit != b'0'))
    };
    overrides.split('\\').filter_map(level).next_back()
}

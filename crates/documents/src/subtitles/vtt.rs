//! WebVTT: blocks of lines, of which the cues have text with tags in it.
//!
//! Source: [WebVTT](https://www.w3.org/TR/webvtt1/), sections 4 and 6.

use std::ops::Range;

use fanjian::{Error, ErrorKind};

use crate::{
    escape::Escape,
    lines::lines,
    scan::{Group, Role, Scan, StandIn},
};

pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let is_header = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']);
    if !source.strip_prefix("WEBVTT").is_some_and(is_header) {
        let message = "not WebVTT: the first line does not begin with 'WEBVTT'";
        return Err(Error::new(ErrorKind::Syntax, message).on_line(1));
    }
    let lines: Vec<_> = lines(source).collect();
    let is_taken = header_language(source, &lines, scan);
    let line = |at: usize| lines.get(at).map_or("", |line: &Range<usize>| &source[line.clone()]);
    let is_end = |at: usize| {
        let is_number = !line(at).is_empty() && line(at).bytes().all(|byte| byte.is_ascii_digit());
        line(at).trim().is_empty() || is_times(line(at)) || (is_number && is_times(line(at + 1)))
    };
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        at += 1;
        let is_first = start == 0 || line(start - 1).trim().is_empty();
        let is_note = is_first && matches!(line(start).split([' ', '\t']).next(), Some("NOTE"));
        let is_style = is_first && matches!(line(start).trim_end(), "STYLE" | "REGION");
        if !is_note && !is_style && !is_times(line(start)) {
            continue;
        }
        while at < lines.len() && !is_end(at) {
            at += 1;
        }
        let end = lines[at - 1].end;
        if is_note {
            scan.comment(&source[lines[start].start + "NOTE".len()..end]);
        } else if is_times(line(start)) && is_taken && start + 1 < at {
            Cue::new(source, scan).scan(lines[start + 1].start..end);
        }
    }
    Ok(())
}

fn is_times(line: &str) -> bool {
    line.contains("-->")
}

/// Finds the language in the header, and returns whether text in it is converted.
fn header_language(source: &str, lines: &[Range<usize>], scan: &mut Scan<'_>) -> bool {
    let mut is_taken = true;
    // A cue ends the header, too, without an empty line before it.
    for line in lines.iter().take_while(|line| !line.is_empty() && !is_times(&source[(*line).clone()])) {
        let Some((name, value)) = source[line.clone()].split_once(':') else { continue };
        if name.trim().eq_ignore_ascii_case("language") {
            let start = line.end - value.trim_start().len();
            let tag = start..start + value.trim().len();
            is_taken = scan.options.languages.takes(&source[tag.clone()]);
            scan.tag(tag);
        }
    }
    is_taken
}

/// How many tags can be open. Those beyond are not followed.
const DEPTH: usize = 256;

/// An open tag of a cue.
enum Open<'s> {
    /// `<rt>`: the text over that of the cue, a group of its own.
    Ruby(Group),
    /// `<lang ja>`, in a language whose text stays.
    Left,
    Other(&'s str),
}

impl Open<'_> {
    fn name(&self) -> &str {
        match self {
            Open::Ruby(_) => "rt",
            Open::Left => "lang",
            Open::Other(name) => name,
        }
    }
}

/// The text of a cue.
struct Cue<'a, 's, 'o> {
    source: &'s str,
    scan: &'a mut Scan<'o>,
    group: Group,
    open: Vec<Open<'s>>,
}

impl<'a, 's, 'o> Cue<'a, 's, 'o> {
    fn new(source: &'s str, scan: &'a mut Scan<'o>) -> Cue<'a, 's, 'o> {
        let group = scan.group(Role::Text);
        Cue { source, scan, group, open: Vec::new() }
    }

    fn scan(&mut self, range: Range<usize>) {
        let source = self.source.as_bytes();
        let (mut start, mut at) = (range.start, range.start);
        while let Some(found) = memchr::memchr(b'<', &source[at..range.end]) {
            let tag = at + found;
            let is_tag = source[tag + 1..range.end]
                .first()
                .is_some_and(|&next| next.is_ascii_alphanumeric() || matches!(next, b'/' | b'.'));
            if !is_tag {
                at = tag + 1;
                continue;
            }
            match memchr::memchr(b'>', &source[tag..range.end]) {
                Some(len) => {
                    self.text(start..tag);
                    at = tag + len + 1;
                    start = at;
                    self.tag(tag + 1..at - 1);
                }
                // No tag has an end any more.
                None => break,
            }
        }
        self.text(start..range.end);
    }

    /// The group of the innermost tag.
    fn current(&self) -> Group {
        let ruby = self.open.iter().rev().find_map(|open| match open {
            Open::Ruby(group) => Some(*group),
            _ => None,
        });
        ruby.unwrap_or(self.group)
    }

    /// Lines do not share words, as in SubRip.
    fn text(&mut self, range: Range<usize>) {
        let group = self.current();
        if self.open.iter().any(|open| matches!(open, Open::Left)) {
            self.scan.kept(group, range, StandIn::Break);
            return;
        }
        for (at, line) in lines(&self.source[range.clone()]).enumerate() {
            let line = range.start + line.start..range.start + line.end;
            if at > 0 {
                self.scan.kept(group, line.start..line.start, StandIn::Break);
            }
            self.scan.text(group, line, Escape::MarkupLine);
        }
        if self.source[range.clone()].ends_with(['\n', '\r']) {
            self.scan.kept(group, range.end..range.end, StandIn::Break);
        }
    }

    /// Takes what stands between `<` and `>`.
    fn tag(&mut self, range: Range<usize>) {
        let tag = &self.source[range.clone()];
        if let Some(name) = tag.strip_prefix('/') {
            let name = name.trim();
            if let Some(at) = self.open.iter().rposition(|open| open.name() == name) {
                self.open.truncate(at);
            } else if name == "ruby" {
                self.open.retain(|open| open.name() != "rt");
            }
            return;
        }
        if tag.starts_with(|first: char| first.is_ascii_digit()) {
            return;
        }
        let (name, annotation) = tag.split_once([' ', '\t', '\n', '\r']).unwrap_or((tag, ""));
        let name = name.split('.').next().unwrap_or_default();
        let start = range.end - annotation.trim_start().len();
        let annotation = start..start + annotation.trim().len();
        let open = match name {
            "v" => {
                // Another voice says other words.
                let group = self.current();
                self.scan.kept(group, range.start..range.start, StandIn::Break);
                self.scan.whole(Role::Name, annotation, Escape::MarkupLine);
                Open::Other(name)
            }
            "rt" => Open::Ruby(self.scan.group(Role::Text)),
            "lang" => {
                let is_taken = self.scan.options.languages.takes(&self.source[annotation.clone()]);
                self.scan.tag(annotation);
                if is_taken { Open::Other(name) } else { Open::Left }
            }
            _ => Open::Other(name),
        };
        if self.open.len() < DEPTH {
            self.open.push(open);
        }
    }
}

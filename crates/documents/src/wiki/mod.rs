//! Pages of MediaWiki.
//!
//! Targets of links, names of files, templates and parameters, categories, and what the wiki's own conversion (`-{…}-`) does
//! stay; text converts, and so do the values of templates that are no titles.

mod brackets;
mod names;

use std::{collections::HashMap, ops::Range};

use fanjian::Error;

use self::{
    brackets::{Bracket, brackets, is_tag},
    names::{FileParameter, file_parameter, is_block, is_category, is_file, is_of_language, keeps_values},
};
use crate::{
    data::values::is_reference,
    escape::Escape,
    markup::tags::Tag,
    scan::{Anchor, Content, Group, Piece, Reference, Role, Scan, StandIn},
};

/// What may be before the markup of a line.
const BLANKS: [char; 3] = [' ', '\t', '\r'];

pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let (headings, links, ends) = (Vec::new(), Vec::new(), HashMap::new());
    let page = Page { source, brackets: brackets(source), headings, links, ends, scan };
    page.read();
    Ok(())
}

/// A page, or a part of it that is read by itself: a caption, a value of a template.
struct Frame {
    at: usize,
    end: usize,
    role: Role,
    group: Option<Group>,
    /// Where the text begins that is not yet in a piece.
    start: usize,
    is_line_start: bool,
    /// The group ends with the line.
    ends_with_line: bool,
    /// Where the links end that the text is in, and how long their closing brackets are.
    links: Vec<(usize, usize)>,
    /// No address in brackets is closed before this place.
    unclosed: usize,
    /// The groups around footnotes, with their roles.
    around: Vec<(Option<Group>, Role)>,
    /// How many tables the text is in, and in which kind of cells the line is.
    tables: usize,
    cells: Option<Cells>,
    is_gallery: bool,
    /// In an `<imagemap>`: whether the line of its file has been read.
    has_map_file: Option<bool>,
    /// An element in another language, and how many of its name are open.
    foreign: Option<(String, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cells {
    Data,
    Headers,
}

impl Frame {
    fn new(range: Range<usize>, role: Role) -> Frame {
        Frame {
            at: range.start,
            end: range.end,
            role,
            group: None,
            start: range.start,
            is_line_start: true,
            ends_with_line: false,
            links: Vec::new(),
            unclosed: 0,
            around: Vec::new(),
            tables: 0,
            cells: None,
            is_gallery: false,
            has_map_file: None,
            foreign: None,
        }
    }

    /// Goes on behind something that is no text.
    fn skip_to(&mut self, at: usize) {
        self.at = at.min(self.end).max(self.at);
        self.start = self.at;
    }
}

struct Page<'s, 'c, 'o> {
    source: &'s str,
    brackets: HashMap<usize, (Bracket, usize)>,
    headings: Vec<Group>,
    /// The targets of links to headings of the page.
    links: Vec<Range<usize>>,
    /// The next closing tag of elements by their names, from where it was looked for last.
    ends: HashMap<&'static str, Option<usize>>,
    scan: &'c mut Scan<'o>,
}

impl<'s> Page<'s, '_, '_> {
    fn read(mut self) {
        let mut frames = vec![Frame::new(0..self.source.len(), Role::Text)];
        while let Some(mut frame) = frames.pop() {
            let mut inner = Vec::new();
            while frame.at < frame.end && inner.is_empty() {
                inner = match frame.is_line_start {
                    true => self.line_start(&mut frame),
                    false => self.inline(&mut frame),
                };
            }
            if frame.at < frame.end {
                frames.push(frame);
            } else {
                self.flush(&mut frame);
            }
            frames.extend(inner.into_iter().rev());
        }
        let mut texts: HashMap<Group, String> = self.headings.iter().map(|&group| (group, String::new())).collect();
        for Piece { group, raw, content } in self.scan.pieces.iter().filter(|_| !self.links.is_empty()) {
            let Some(text) = texts.get_mut(group) else { continue };
            match content {
                Content::Text(escape) => {
                    text.extend(escape.units(&self.source[raw.clone()]).filter_map(|(_, character)| character));
                }
                Content::Kept(stand_in) => text.push_str(stand_in.text()),
            }
        }
        let references = &mut self.scan.references;
        references.suffix = Some(|tries| format!("_{}", tries + 1));
        references.anchors.extend(self.headings.into_iter().map(|group| Anchor {
            group,
            old: anchor_of(&texts[&group]),
            name: Box::new(anchor_of),
        }));
        let anchors = references.by_name();
        for raw in self.links {
            let name = &self.source[raw.clone()];
            let Some(&anchor) = anchors.get(&anchor_of(name)) else { continue };
            let form: fn(&str) -> String =
                if name.contains(' ') { |name| name.replace('_', " ") } else { str::to_owned };
            references.places.push(Reference { raw, anchor, form });
        }
    }

    /// Whether an element of MediaWiki's extensions that begins before this place ends. One that does not is text.
    fn has_end(&mut self, name: &'static str, at: usize) -> bool {
        let known = self.ends.get(name).copied().filter(|end| end.is_none_or(|end| end >= at));
        let end = known.unwrap_or_else(|| {
            let bytes = self.bytes();
            let is_end = |start: &usize| bytes[start + 1..].strip_prefix(b"/").is_some_and(|rest| is_tag(rest, name));
            memchr::memchr_iter(b'<', &bytes[at..]).map(|len| at + len).find(is_end)
        });
        self.ends.insert(name, end);
        end.is_some()
    }

    fn bytes(&self) -> &'s [u8] {
        self.source.as_bytes()
    }

    /// Ends a piece before what comes next.
    fn flush(&mut self, frame: &mut Frame) {
        let range = frame.start..frame.at;
        frame.start = frame.at;
        if frame.foreign.is_some() || range.is_empty() {
            return;
        }
        if frame.group.is_none() && self.source[range.clone()].trim().is_empty() {
            return;
        }
        let group = *frame.group.get_or_insert_with(|| self.scan.group(frame.role));
        self.scan.text(group, range, Escape::Wiki);
    }

    /// Ends the group.
    fn end(&mut self, frame: &mut Frame) {
        self.flush(frame);
        frame.group = None;
    }

    /// What stands at this place counts for a word or a break in the text around.
    fn keep(&mut self, frame: &Frame, stand_in: StandIn) {
        if frame.foreign.is_none()
            && let Some(group) = frame.group
        {
            self.scan.kept(group, frame.at..frame.at, stand_in);
        }
    }

    fn line_end(&self, frame: &Frame) -> usize {
        let len = memchr::memchr(b'\n', &self.bytes()[frame.at..frame.end]);
        len.map_or(frame.end, |len| frame.at + len)
    }

    /// Reads what makes a line a heading, an item, a row or a cell. Returns the content of a heading, and the texts of a file.
    fn line_start(&mut self, frame: &mut Frame) -> Vec<Frame> {
        frame.is_line_start = false;
        frame.cells = None;
        let line_end = self.line_end(frame);
        let line = &self.source[frame.at..line_end];
        // An ideographic space is text, as MediaWiki sees it: behind one, no line is an item or a row.
        let blanks = line.len() - line.trim_start_matches(BLANKS).len();
        let text = line.trim_matches(BLANKS);
        let is_redirect = frame.at == 0
            && text.starts_with('#')
            && ["redirect", "重定向", "重新導向"].iter().any(|word| text[1..].to_lowercase().starts_with(word));
        if is_redirect {
            frame.skip_to(line_end);
            return Vec::new();
        }
        if text.starts_with('=')
            && let Some(heading) = self.heading(frame, line_end)
        {
            return vec![heading];
        }
        let bytes = text.as_bytes();
        if bytes.first().is_none_or(|byte| b"*#:;|!{-=".contains(byte)) {
            // Other elements than blocks end with a paragraph.
            frame.foreign.take_if(|(name, _)| !is_block(name));
        }
        match bytes {
            [] => self.end(frame),
            [b'{', b'|', ..] => {
                self.end(frame);
                frame.tables += 1;
                frame.skip_to(line_end);
            }
            [b'|', b'}', ..] if frame.tables > 0 => {
                self.end(frame);
                frame.tables -= 1;
                frame.skip_to(frame.at + blanks + 2);
            }
            [b'|', b'-', ..] if frame.tables > 0 => {
                self.end(frame);
                frame.skip_to(line_end);
            }
            [b'|' | b'!', rest @ ..] if frame.tables > 0 => {
                self.end(frame);
                let is_caption = rest.first() == Some(&b'+');
                frame.cells = Some(if bytes[0] == b'!' { Cells::Headers } else { Cells::Data });
                frame.skip_to(frame.at + blanks + 1 + usize::from(is_caption));
                self.cell_start(frame);
            }
            _ if frame.is_gallery && !text.starts_with('<') => {
                self.end(frame);
                let name = memchr::memchr(b'|', &self.bytes()[frame.at..line_end]);
                frame.skip_to(name.map_or(line_end, |len| frame.at + len + 1));
                frame.ends_with_line = true;
            }
            [first, ..] if *first != b'<' && frame.has_map_file.is_some() => {
                self.end(frame);
                let is_comment = *first == b'#';
                if !is_comment && frame.has_map_file.replace(true) == Some(false) {
                    let file = frame.at..line_end;
                    frame.skip_to(line_end);
                    return self.file(frame, file);
                }
                if is_comment {
                    frame.skip_to(line_end);
                }
                frame.ends_with_line = true;
            }
            [b'*' | b'#' | b':' | b';', ..] if blanks == 0 => {
                self.end(frame);
                frame.skip_to(frame.at + bytes.iter().take_while(|byte| b"*#:;".contains(byte)).count());
                frame.ends_with_line = true;
            }
            [b'-', b'-', b'-', b'-', ..] => {
                self.end(frame);
                frame.skip_to(frame.at + blanks + bytes.iter().take_while(|byte| **byte == b'-').count());
            }
            // It goes on with the paragraph.
            _ => self.keep(frame, StandIn::Break),
        }
        Vec::new()
    }

    /// Leaves the attributes of a cell: what is before a single `|`, without a link.
    fn cell_start(&mut self, frame: &mut Frame) {
        let bytes = self.bytes();
        let mut at = frame.at;
        while at < frame.end {
            if let Some(&(bracket, end)) = self.brackets.get(&at) {
                if bracket == Bracket::Link || end > frame.end {
                    return;
                }
                at = end;
                continue;
            }
            match bytes[at..frame.end] {
                [b'\n', ..] | [b'|', b'|', ..] => return,
                [b'!', b'!', ..] if frame.cells == Some(Cells::Headers) => return,
                [b'|', ..] => return frame.skip_to(at + 1),
                _ => at += 1,
            }
        }
    }

    /// The title in a heading. None if the line is none.
    fn heading(&mut self, frame: &mut Frame, line_end: usize) -> Option<Frame> {
        let line = &self.source[frame.at..line_end];
        let title = line.trim().trim_matches('=');
        let start = frame.at + (title.as_ptr() as usize - line.as_ptr() as usize);
        let is_closed = line.trim_end().ends_with('=');
        if title.trim().is_empty() || !is_closed {
            return None;
        }
        self.end(frame);
        frame.skip_to(line_end);
        let mut inner = Frame::new(start..start + title.len(), frame.role);
        if frame.foreign.is_none() {
            let group = self.scan.group(frame.role);
            (inner.group, inner.is_line_start) = (Some(group), false);
            self.headings.push(group);
            return Some(inner);
        }
        inner.foreign.clone_from(&frame.foreign);
        Some(inner)
    }

    /// Reads up to something that is no text, and it. Returns what is to be read before what follows.
    fn inline(&mut self, frame: &mut Frame) -> Vec<Frame> {
        let bytes = self.bytes();
        if let Some((end, width)) = frame.links.pop_if(|(end, _)| frame.at >= *end) {
            self.flush(frame);
            frame.skip_to(end + width);
            return Vec::new();
        }
        if let Some(&(bracket, end)) = self.brackets.get(&frame.at)
            && end <= frame.end
        {
            return self.bracket(frame, bracket, end);
        }
        match &bytes[frame.at..frame.end] {
            [b'\n', ..] => {
                if frame.ends_with_line {
                    self.end(frame);
                } else {
                    self.flush(frame);
                }
                frame.ends_with_line = false;
                frame.skip_to(frame.at + 1);
                frame.is_line_start = true;
            }
            [b'|', b'|', ..] if frame.cells.is_some() => self.next_cell(frame),
            [b'!', b'!', ..] if frame.cells == Some(Cells::Headers) => self.next_cell(frame),
            [b'<', ..] => self.tag(frame),
            [b'\'', b'\'', rest @ ..] => {
                self.flush(frame);
                frame.skip_to(frame.at + 2 + rest.iter().take_while(|byte| **byte == b'\'').count());
            }
            [b'_', b'_', ..] => self.switch(frame),
            [b'[', ..] => self.external_link(frame),
            [b'h' | b'H' | b'f' | b'F', ..] => match self.address_len(frame, frame.at) {
                Some(len) => {
                    self.flush(frame);
                    self.keep(frame, StandIn::Word);
                    frame.skip_to(frame.at + len);
                }
                None => frame.at += 1,
            },
            rest => {
                let is_markup = |byte: &u8| b"\n|!<'_hHfF-{[".contains(byte);
                let len = 1 + rest[1..].iter().position(is_markup).unwrap_or(rest.len() - 1);
                let end = frame.at + len;
                frame.at = frame.links.last().map_or(end, |(link, _)| end.min(*link));
            }
        }
        frame.at = frame.at.min(frame.end);
        Vec::new()
    }

    fn next_cell(&mut self, frame: &mut Frame) {
        self.end(frame);
        frame.skip_to(frame.at + 2);
        self.cell_start(frame);
    }

    /// Leaves a behaviour switch, such as `__NOTOC__`, which also has names in Chinese.
    fn switch(&mut self, frame: &mut Frame) {
        let rest = &self.source[frame.at + 2..frame.end];
        let name =
            rest.chars().take(20).take_while(|c| !c.is_whitespace() && *c != '_').map(char::len_utf8).sum::<usize>();
        if name > 0 && rest[name..].starts_with("__") {
            self.flush(frame);
            frame.skip_to(frame.at + 4 + name);
        } else {
            frame.at += 2;
        }
    }

    /// Reads up to the text of `[address text]`.
    fn external_link(&mut self, frame: &mut Frame) {
        let start = frame.at + 1;
        let Some(len) = self.address_len(frame, start).filter(|_| frame.unclosed <= frame.at) else {
            frame.at += 1;
            return;
        };
        let rest = &self.bytes()[start + len..frame.end];
        let Some(close) = memchr::memchr2(b']', b'\n', rest).filter(|close| rest[*close] == b']') else {
            // It is looked for once in a line.
            frame.unclosed = self.line_end(frame);
            frame.at += 1;
            return;
        };
        if frame.links.last().is_some_and(|(link, _)| start + len + close > *link) {
            frame.at += 1;
            return;
        }
        self.flush(frame);
        if close == 0 {
            // Readers see a number.
            self.keep(frame, StandIn::Word);
            frame.skip_to(start + len + 1);
        } else {
            frame.skip_to(start + len);
            frame.links.push((start + len + close, 1));
        }
    }

    /// The length of an address that begins here.
    fn address_len(&self, frame: &Frame, at: usize) -> Option<usize> {
        let rest = &self.source[at..frame.end];
        let starts = ["http://", "https://", "ftp://", "//"];
        let has_start = |start: &&&str| rest.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start));
        let start = starts.iter().find(has_start)?;
        // Without a scheme, only in brackets.
        if *start == "//" && !self.source[..at].ends_with('[') {
            return None;
        }
        let is_end = |c: char| {
            c.is_whitespace()
                || matches!(c, '[' | ']' | '<' | '>' | '"' | '|' | '{' | '}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}')
                || matches!(c, '：' | '；' | '？')
        };
        let len = rest.find(is_end).unwrap_or(rest.len());
        (len > start.len()).then_some(len)
    }

    fn bracket(&mut self, frame: &mut Frame, bracket: Bracket, end: usize) -> Vec<Frame> {
        self.flush(frame);
        let start = frame.at;
        let inside = start + 2..end.saturating_sub(2).max(start + 2);
        let mut inner = Vec::new();
        match bracket {
            Bracket::Comment => {
                let text = &self.source[start + 4..end];
                self.scan.comment(text.strip_suffix("-->").unwrap_or(text));
            }
            Bracket::Raw => self.raw(frame, end),
            Bracket::Parameter => self.keep(frame, StandIn::Word),
            Bracket::Variant => {
                // Some rules are for the rest of the page, and show nothing here.
                let flags = self.source[inside.clone()].split('|').next().unwrap_or_default().trim();
                if !matches!(flags, "H" | "T" | "-") {
                    self.keep(frame, StandIn::Word);
                }
            }
            Bracket::Template => {
                let is_line = self.source[..start].ends_with('\n') && frame.tables == 0;
                if is_line && self.source[end..].starts_with(['\n', '\r']) {
                    self.end(frame);
                }
                self.keep(frame, StandIn::Word);
                if frame.foreign.is_none() {
                    inner = self.values(inside, frame.role);
                }
            }
            Bracket::Link => return self.link(frame, inside, end),
        }
        frame.skip_to(end);
        inner
    }

    /// What is between the bars of a text, outside of brackets in it.
    fn split(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let (mut parts, mut start, mut at) = (Vec::new(), range.start, range.start);
        while at < range.end {
            if let Some(&(_, end)) = self.brackets.get(&at).filter(|(_, end)| *end <= range.end) {
                at = end;
                continue;
            }
            if self.bytes()[at] == b'|' {
                parts.push(start..at);
                start = at + 1;
            }
            at += 1;
        }
        parts.push(start..range.end);
        parts
    }

    /// The values of a template, which are read by themselves.
    fn values(&mut self, inside: Range<usize>, role: Role) -> Vec<Frame> {
        let parts = self.split(inside);
        if keeps_values(&self.source[parts[0].clone()]) {
            return Vec::new();
        }
        let value = |part: &Range<usize>| {
            let text = &self.source[part.clone()];
            // A name has no markup.
            let name = text.find('=').filter(|&at| !text[..at].contains(['<', '[', '{', '\'']));
            let value = part.start + name.map_or(0, |at| at + 1)..part.end;
            let text = &self.source[value.clone()];
            (!text.contains("{{{") && !is_reference(text)).then(|| Frame::new(value, role))
        };
        parts[1..].iter().filter_map(value).collect()
    }

    fn link(&mut self, frame: &mut Frame, inside: Range<usize>, end: usize) -> Vec<Frame> {
        let target = self.source[inside.clone()].split('|').next().unwrap_or_default();
        let bar = inside.start + target.len();
        if is_category(target) {
            frame.skip_to(end);
            return Vec::new();
        }
        if is_file(target) {
            frame.skip_to(end);
            return self.file(frame, inside);
        }
        if let Some((page, name)) = target.split_once('#')
            && !target.contains(['{', '<', '['])
        {
            let start = bar - name.trim_start().len();
            let name = start..start + name.trim().len();
            if page.trim().is_empty() {
                self.links.push(name);
            } else if frame.foreign.is_none() && !is_of_language(page) {
                self.scan.whole(Role::Attribute, name, Escape::Bare("[]{}|<>#\n\r"));
            }
        }
        if bar + 1 < inside.end {
            frame.skip_to(bar + 1);
            frame.links.push((inside.end, 2));
        } else {
            // The target is the text.
            self.keep(frame, StandIn::Word);
            frame.skip_to(end);
        }
        Vec::new()
    }

    /// What is text in the name of a file and its parameters: the caption, and the text in place of the picture.
    fn file(&self, frame: &Frame, range: Range<usize>) -> Vec<Frame> {
        if frame.foreign.is_some() {
            return Vec::new();
        }
        let parameter = |part: Range<usize>| match file_parameter(&self.source[part.clone()]) {
            FileParameter::Caption => Some(Frame::new(part, frame.role)),
            FileParameter::Alternative(start) => Some(Frame::new(part.start + start..part.end, Role::Attribute)),
            FileParameter::Other => None,
        };
        self.split(range).into_iter().skip(1).filter_map(parameter).collect()
    }

    /// An element whose content is no wikitext. Code and preformatted text are converted where the options say so.
    fn raw(&mut self, frame: &mut Frame, end: usize) {
        let rest = &self.bytes()[frame.at + 1..end];
        let is_pre = is_tag(rest, "pre");
        let is_code = is_pre || is_tag(rest, "code") || is_tag(rest, "syntaxhighlight") || is_tag(rest, "source");
        if is_pre {
            self.end(frame);
        }
        let open = memchr::memchr(b'>', rest).map(|len| frame.at + 2 + len);
        let close = memchr::memrchr(b'<', rest).map(|len| frame.at + 1 + len);
        if let (Some(open), Some(close)) = (open, close)
            && self.scan.options.code
            && is_code
            && open < close
            && frame.foreign.is_none()
        {
            self.scan.whole(Role::Text, open..close, Escape::Wiki);
        }
        self.keep(frame, StandIn::Word);
    }

    /// Reads a tag of HTML.
    fn tag(&mut self, frame: &mut Frame) {
        let rest = &self.bytes()[frame.at + 1..frame.end];
        let is_close = rest.first() == Some(&b'/');
        let name_start = usize::from(is_close);
        let len = rest[name_start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let close = memchr::memchr2(b'<', b'>', rest).filter(|close| rest[*close] == b'>');
        let Some(close) = close.filter(|_| len > 0) else {
            frame.at += 1;
            return;
        };
        let name = self.source[frame.at + 1 + name_start..frame.at + 1 + name_start + len].to_ascii_lowercase();
        let is_empty = rest[..close].ends_with(b"/");
        let (start, end) = (frame.at, frame.at + close + 2);
        let of_extension = ["gallery", "imagemap", "ref"].into_iter().find(|known| *known == name);
        if let Some(known) = of_extension.filter(|_| !is_close && !is_empty)
            && !self.has_end(known, end)
        {
            frame.at += 1;
            return;
        }
        self.flush(frame);
        match name.as_str() {
            "ref" if is_empty => {}
            "ref" if is_close => {
                if let Some((group, role)) = frame.around.pop() {
                    (frame.group, frame.role) = (group, role);
                }
            }
            "ref" => {
                frame.around.push((frame.group.take(), frame.role));
                frame.role = Role::Note;
            }
            "br" => self.keep(frame, StandIn::Break),
            "gallery" => {
                self.end(frame);
                frame.is_gallery = !is_close && !is_empty;
            }
            "imagemap" => {
                self.end(frame);
                frame.has_map_file = (!is_close && !is_empty).then_some(false);
                frame.is_line_start = frame.has_map_file.is_some();
            }
            _ if is_block(&name) => self.end(frame),
            _ => {}
        }
        if is_close {
            if let Some((foreign, depth)) = &mut frame.foreign
                && *foreign == name
            {
                *depth -= 1;
                if *depth == 0 {
                    frame.foreign = None;
                }
            }
        } else if let Some((foreign, depth)) = &mut frame.foreign {
            *depth += usize::from(*foreign == name && !is_empty);
        } else {
            let text = &self.source[start..end];
            if let Some(tag) = Tag::read(text) {
                let stays = tag.take_attributes(text, |raw| Some(start + raw.start..start + raw.end), self.scan);
                // The content of a footnote is of another text.
                if stays && !tag.is_empty && name != "ref" {
                    frame.foreign = Some((name, 1));
                }
            }
        }
        frame.skip_to(end);
    }
}

/// The name of a section, by its heading or as a link has it: spaces are underscores.
fn anchor_of(text: &str) -> String {
    text.split([' ', '_']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

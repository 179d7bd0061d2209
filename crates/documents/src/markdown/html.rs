//! The HTML in Markdown, which comes in pieces: the lines of a block, without what stands before each in quotes and lists.

use std::ops::Range;

use crate::markup::{
    elements::{
        CODE, Class, IFRAME, KBD, MATH, NOEMBED, NOFRAMES, Name, PRE, RP, RT, RTC, SAMP, SCRIPT, STYLE, SVG, TT, VAR,
        XMP,
    },
    tags,
};

/// What a tag is to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words go on over it.
    Inline,
    /// It ends words, but not the paragraph.
    Break,
    /// It ends the paragraph.
    Block,
    /// Its text is over other text.
    Ruby,
    /// Its text stays.
    Left,
}

/// A tag of HTML.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) tag: tags::Tag,
    /// All from `<` to `>`, without what stands before its lines in the source.
    pub(super) text: String,
    /// The beginnings of its pieces: in its text, and in the source.
    pieces: Vec<(usize, usize)>,
}

impl Tag {
    pub(super) fn kind(&self, with_code: bool) -> Kind {
        let is_hidden = match self.tag.name {
            SCRIPT | STYLE | IFRAME | NOEMBED | NOFRAMES | SVG | MATH => true,
            name => !with_code && is_code(name),
        };
        match self.tag.class() {
            _ if is_hidden && !self.tag.is_end && !self.tag.is_empty => Kind::Left,
            _ if matches!(self.tag.name, RT | RTC | RP) => Kind::Ruby,
            Class::Break => Kind::Break,
            Class::Block => Kind::Block,
            Class::Inline | Class::Aside | Class::Nothing => Kind::Inline,
        }
    }

    /// Where a range of its text is in the source. None if it goes over lines that have something before them there.
    pub(super) fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        let first = self.pieces[..self.pieces.partition_point(|piece| piece.0 <= range.start)].last()?;
        let last =
            self.pieces[..self.pieces.partition_point(|piece| piece.0 < range.end.max(range.start + 1))].last()?;
        let start = first.1 + (range.start - first.0);
        let end = last.1 + (range.end - last.0);
        (end - start == range.len()).then_some(start..end)
    }
}

/// Whether the text of an element is code.
fn is_code(name: Name) -> bool {
    matches!(name, CODE | KBD | PRE | SAMP | TT | VAR | XMP)
}

/// A part of HTML.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(Range<usize>),
    /// A tag, and where it is or ends.
    Tag(Range<usize>, Tag),
    /// The text of a comment.
    Comment(String),
}

/// Reads HTML in pieces.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// What has been read of a tag or a comment.
    open: String,
    pieces: Vec<(usize, usize)>,
    /// How much of it has been looked through.
    seen: usize,
    /// The quotation mark that is open there.
    quote: Option<u8>,
    /// The last byte before it that is no space.
    last: u8,
}

impl Reader {
    /// The parts of a piece of the source. A tag that goes on from a piece before has the place of its end.
    pub(super) fn read(&mut self, source: &str, range: Range<usize>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let rest = &source[at..range.end];
            if self.open.is_empty() {
                let start = rest.match_indices('<').map(|(at, _)| at).find(|&at| {
                    let is_first = |next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
                    rest[at + 1..].starts_with(is_first)
                });
                let len = start.unwrap_or(rest.len());
                if len > 0 {
                    parts.push(Part::Text(at..at + len));
                }
                at += len;
                if start.is_some() {
                    self.pieces.push((0, at));
                    self.open.push('<');
                    at += 1;
                }
                continue;
            }
            let before = self.open.len();
            if self.pieces.last().is_none_or(|piece| piece.1 + (before - piece.0) != at) {
                self.pieces.push((before, at));
            }
            self.open.push_str(rest);
            let Some(len) = self.end() else { break };
            let start = if before == 1 { at - 1 } else { at };
            at += len - before;
            self.open.truncate(len);
            let Reader { open: text, pieces, .. } = std::mem::take(self);
            if let Some(comment) = text.strip_prefix("<!--") {
                parts.push(Part::Comment(comment.trim_end_matches("-->").to_owned()));
            } else if let Some(tag) = tags::Tag::read(&text) {
                parts.push(Part::Tag(start..at, Tag { tag, text, pieces }));
            }
        }
        parts
    }

    /// Where the tag or the comment ends. A `>` in quotation marks is a part of a value, but for declarations, which are
    /// comments to HTML unless they are its DOCTYPE, and end at the first `>`.
    fn end(&mut self) -> Option<usize> {
        if self.open.starts_with("<!--") {
            let from = self.seen.saturating_sub(2).max(2);
            self.seen = self.open.len();
            return memchr::memmem::find(&self.open.as_bytes()[from..], b"-->").map(|len| from + len + 3);
        }
        let has_values = !self.open.starts_with("<!") && !self.open.starts_with("<?");
        for (at, byte) in self.open.bytes().enumerate().skip(self.seen) {
            match self.quote {
                Some(mark) => self.quote = (byte != mark).then_some(mark),
                None if byte == b'>' => return Some(at + 1),
                None if has_values && matches!(byte, b'"' | b'\'') && self.last == b'=' => self.quote = Some(byte),
                None => {}
            }
            if !byte.is_ascii_whitespace() {
                self.last = byte;
            }
        }
        self.seen = self.open.len();
        None
    }
}

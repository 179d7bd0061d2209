//! The tags of HTML in Markdown: which of them stand between words, and which have text that stays.

use std::ops::Range;

/// Elements within a paragraph: words go on over their tags.
const INLINE: [&str; 40] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "small",
];

/// Elements whose text is code.
const CODE: [&str; 6] = ["code", "kbd", "pre", "samp", "tt", "var"];

/// Elements whose text no one reads.
const HIDDEN: [&str; 4] = ["script", "style", "textarea", "svg"];

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

/// A tag: all from `<` to `>`.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) is_end: bool,
    pub(super) kind: Kind,
}

impl Tag {
    pub(super) fn new(tag: &str, with_code: bool) -> Tag {
        let inner = tag.trim_start_matches('<');
        let is_end = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let len = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inner.len());
        let name = inner[..len].to_ascii_lowercase();
        let is_empty = tag.ends_with("/>");
        let attributes = &inner[len..];
        let is_of = |names: &[&str]| names.contains(&name.as_str());
        let is_left = is_of(&HIDDEN)
            || (is_of(&CODE) && !with_code)
            || attributes.contains("translate=\"no\"")
            || attributes.contains("notranslate");
        let kind = match name.as_str() {
            _ if is_left && !is_empty && !is_end => Kind::Left,
            "br" | "img" | "input" | "button" | "select" => Kind::Break,
            "rt" | "rp" => Kind::Ruby,
            _ if is_of(&INLINE) || inner.starts_with(['!', '?']) => Kind::Inline,
            _ => Kind::Block,
        };
        Tag { name, is_end, kind }
    }
}

/// A part of HTML.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(Range<usize>),
    Tag(Range<usize>, Tag),
    /// The text of a comment.
    Comment(String),
}

/// Reads HTML that comes in pieces: the lines of a block, without what stands before each in quotes and lists.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// What has been read of a tag or a comment.
    open: String,
    /// How much of it has been looked through.
    seen: usize,
    /// The quotation mark that is open there.
    quote: Option<u8>,
    /// The last byte before it that is no space.
    last: u8,
}

impl Reader {
    /// The parts of a piece of the source. A tag that goes on from a piece before has the place of its end.
    pub(super) fn read(&mut self, source: &str, range: Range<usize>, with_code: bool) -> Vec<Part> {
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
                    self.open.push('<');
                    at += 1;
                }
                continue;
            }
            let before = self.open.len();
            self.open.push_str(rest);
            let Some(len) = self.end() else { break };
            let start = if before == 1 { at - 1 } else { at };
            at += len - before;
            self.open.truncate(len);
            let text = std::mem::take(self).open;
            match text.strip_prefix("<!--").and_then(|text| text.strip_suffix("-->")) {
                Some(comment) => parts.push(Part::Comment(comment.to_owned())),
                None => parts.push(Part::Tag(start..at, Tag::new(&text, with_code))),
            }
        }
        parts
    }

    /// Where the tag or the comment ends. A `>` in quotation marks is a part of a value.
    fn end(&mut self) -> Option<usize> {
        if self.open.starts_with("<!--") {
            let from = self.seen.saturating_sub(2).max(4);
            self.seen = self.open.len();
            return memchr::memmem::find(&self.open.as_bytes()[from..], b"-->").map(|len| from + len + 3);
        }
        for (at, byte) in self.open.bytes().enumerate().skip(self.seen) {
            match self.quote {
                Some(mark) => self.quote = (byte != mark).then_some(mark),
                None if byte == b'>' => return Some(at + 1),
                None if matches!(byte, b'"' | b'\'') && self.last == b'=' => self.quote = Some(byte),
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

//! HTML: read by the tokenizer of the standard, which never fails, and by rules for elements that lack their end tags.

use std::{convert::Infallible, ops::Range};

use fanjian::Error;
use html5gum::{Emitter, State, Tokenizer};

use super::{
    elements::Name,
    page::{Content, Page, Place, Syntax},
    reader::Reader,
    start_tag::{Attribute, Tag},
    templates::{masked, regions},
};
use crate::{escape::Escape, scan::Scan};

/// Finds the text of a page, or of a part of one.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_in(source, true, scan);
    Ok(())
}

/// The same of a page that stands in a text, in a language that is converted or not.
pub(crate) fn scan_in(source: &str, is_of_language: bool, scan: &mut Scan<'_>) {
    read(source, Place::At(0), is_of_language, scan);
}

/// The same of text or of a section of CDATA in a document of XML, which becomes HTML when it is read.
pub(crate) fn scan_escaped(document: &str, raw: Range<usize>, escape: Escape, scan: &mut Scan<'_>) {
    if escape == Escape::CData {
        return read(&document[raw.clone()], Place::At(raw.start), true, scan);
    }
    let (text, places) = unescaped(&document[raw.clone()], raw.start);
    scan_unescaped(&text, &places, Escape::MarkupTwice, scan);
}

/// The same of HTML whose bytes, and whose end, are in these places of a document, where texts are written by `escape`.
pub(crate) fn scan_unescaped(text: &str, places: &[usize], escape: Escape, scan: &mut Scan<'_>) {
    read(text, Place::Escaped(places, escape), true, scan);
}

/// Text without its entities, and where each byte of it and its end is in the document.
fn unescaped(raw: &str, start: usize) -> (String, Vec<usize>) {
    let (mut text, mut places) = (String::with_capacity(raw.len()), Vec::with_capacity(raw.len() + 1));
    for (range, character) in Escape::Markup.units(raw) {
        let literal = || raw[range.clone()].chars().next().filter(|&first| first != '&');
        // What joins words has no character here.
        let character = character.or_else(literal).unwrap_or('\u{ad}');
        text.push(character);
        places.resize(text.len(), range.start + start);
    }
    places.push(start + raw.len());
    (text, places)
}

fn read(source: &str, place: Place<'_>, is_of_language: bool, scan: &mut Scan<'_>) {
    let templates = regions(source);
    let masked = masked(source, &templates);
    let mut page = Page::new(source, place, Syntax::Html, &templates, scan);
    page.set_language(is_of_language);
    tokenize(Reader::new(&masked), Tokens::new(source, &masked, page));
}

fn tokenize(reader: impl html5gum::Reader<Error = Infallible>, tokens: Tokens<'_, '_, '_>) {
    let Ok(()) = Tokenizer::new_with_emitter(reader, tokens).finish();
}

/// What the tokenizer calls, with the places of what it reads.
///
/// The characters that it hands over are not looked at: text is what stands between tags, and a value ends where the
/// standard says, so that both are in the form in which they are written.
struct Tokens<'p, 's, 'o> {
    source: &'p str,
    /// The source without its templates.
    masked: &'p [u8],
    /// None when the source has ended.
    page: Option<Page<'p, 's, 'o>>,
    position: usize,
    /// Where the last `<` was.
    tag_start: usize,
    /// The text behind the last tag begins here.
    text_start: usize,
    /// A tag has begun and has not ended.
    is_in_tag: bool,
    is_end_tag: bool,
    is_self_closing: bool,
    is_component: bool,
    name: Name,
    last_start: Name,
    attributes: Vec<Attribute>,
    content: Content,
}

impl<'p, 's, 'o> Tokens<'p, 's, 'o> {
    fn new(source: &'p str, masked: &'p [u8], page: Page<'p, 's, 'o>) -> Tokens<'p, 's, 'o> {
        Tokens {
            source,
            masked,
            page: Some(page),
            position: 0,
            tag_start: 0,
            text_start: 0,
            is_in_tag: false,
            is_end_tag: false,
            is_self_closing: false,
            is_component: false,
            name: Name::default(),
            last_start: Name::default(),
            attributes: Vec::new(),
            content: Content::Markup,
        }
    }

    /// The text up to a place; what stands from there to `next` is none.
    fn text(&mut self, end: usize, next: usize) {
        let escape = match self.content {
            Content::Markup | Content::Entities => Escape::Markup,
            Content::Plain => Escape::None,
            Content::Raw | Content::Script => Escape::Bare("<"),
        };
        if let Some(page) = self.page.as_mut().filter(|_| self.text_start < end) {
            page.text(self.text_start..end, escape);
        }
        self.text_start = next;
    }

    fn start_tag(&mut self, start: bool) {
        self.is_in_tag = true;
        self.is_end_tag = !start;
        self.is_self_closing = false;
        self.is_component = false;
        self.name = Name::default();
        self.attributes.clear();
    }

    /// The places of values, whose ends are not known yet.
    fn end_values(&mut self) {
        for attribute in &mut self.attributes {
            let start = attribute.raw.start;
            if attribute.raw.end != usize::MAX {
                continue;
            }
            let rest = &self.masked[start..self.position];
            let len = match attribute.quote {
                '\0' => rest.iter().position(|byte| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'>')),
                quote => memchr::memchr(quote as u8, rest),
            };
            attribute.raw.end = start + len.unwrap_or(rest.len());
        }
    }

    fn comment(&mut self) {
        let raw = self.tag_start..self.position;
        self.text(raw.start, raw.end);
        let Some(page) = &mut self.page else { return };
        if self.source[raw.clone()].starts_with("<!--") {
            page.comment((raw.start + 4).min(raw.end)..raw.end);
        }
    }
}

impl Emitter for Tokens<'_, '_, '_> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start = Name::default();
        self.last_start.push(name.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        // A tag that the source ends in is no text.
        let end = if self.is_in_tag { self.tag_start } else { self.source.len() };
        self.text(end, self.source.len());
        if let Some(page) = self.page.take() {
            page.finish();
        }
    }

    fn emit_error(&mut self, _: html5gum::Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, _: &[u8]) {
        // What seemed to begin a tag was text.
        self.is_in_tag = false;
    }

    fn init_start_tag(&mut self) {
        self.start_tag(true);
    }

    fn init_end_tag(&mut self) {
        self.start_tag(false);
    }

    fn init_comment(&mut self) {
        self.is_in_tag = false;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        let raw = self.tag_start..self.position;
        self.text(raw.start, raw.end);
        self.is_in_tag = false;
        self.end_values();
        self.content = Content::Markup;
        let page = self.page.as_mut()?;
        if self.is_end_tag {
            page.end(self.name, self.is_component, &raw);
            return None;
        }
        self.last_start = self.name;
        let (name, attributes, is_component) = (self.name, self.attributes.as_slice(), self.is_component);
        let tag = Tag { name, attributes, raw, is_self_closing: self.is_self_closing, is_component };
        self.content = page.start(&tag);
        match self.content {
            Content::Markup => None,
            Content::Entities => Some(State::RcData),
            Content::Raw => Some(State::RawText),
            Content::Script => Some(State::ScriptData),
            Content::Plain => Some(State::PlainText),
        }
    }

    fn emit_current_comment(&mut self) {
        self.comment();
    }

    fn emit_current_doctype(&mut self) {
        self.text(self.tag_start, self.position);
    }

    fn set_self_closing(&mut self) {
        self.is_self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, name: &[u8]) {
        self.name.push(name);
        self.is_component |= name.contains(&b'-');
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {
        self.is_in_tag = false;
    }

    fn init_attribute(&mut self) {
        self.attributes.push(Attribute { name: Name::default(), raw: 0..0, quote: '\0' });
    }

    fn init_attribute_value(&mut self) {
        let start = self.position;
        // The end is found with that of the tag.
        if let Some(attribute) = self.attributes.last_mut() {
            attribute.raw = start..usize::MAX;
            attribute.quote = match self.masked.get(start.wrapping_sub(1)) {
                Some(b'"') => '"',
                Some(b'\'') => '\'',
                _ => '\0',
            };
        }
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        if let Some(attribute) = self.attributes.last_mut() {
            attribute.name.push(name);
        }
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        // The reader gives all of a value at once, as a rule: its end is known.
        let behind = self.masked.get(self.position).copied();
        if let Some(attribute) = self.attributes.last_mut()
            && attribute.raw.start + value.len() == self.position
            && attribute.quote != '\0'
            && behind == Some(attribute.quote as u8)
        {
            attribute.raw.end = self.position;
        }
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn start_open_tag(&mut self) {
        // In the place of a script where `<` begins no end tag, the text goes on.
        self.tag_start = self.position - 1;
        self.is_in_tag = false;
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end_tag && self.name == self.last_start
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        let is_foreign = self.page.as_ref().is_some_and(Page::is_in_foreign);
        if is_foreign {
            // A section of CDATA begins.
            self.text(self.tag_start, self.position);
            self.content = Content::Raw;
        }
        is_foreign
    }

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }
}

#[cfg(test)]
mod tests {
    use fanjian::{Config, Converter};
    use html5gum::Readable;
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::options::Options;

    const PARTS: &[&str] = &[
        "<p>",
        "</p>",
        "<p",
        "<a title=\"",
        "<a title='",
        "<a title=",
        "<b lang=en>",
        "\"",
        "'",
        "&amp;",
        "&#22836;",
        "&",
        "&lt",
        "\0",
        "\r\n",
        "\r",
        "\n",
        "<!--",
        "-->",
        "--!>",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea",
        "<svg>",
        "</svg>",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE html PUBLIC \"",
        "<?",
        "</",
        "<",
        ">",
        "/>",
        "=",
        " ",
        "/",
        "-",
        "头发",
        "干",
        "a",
        "<input value=\"",
        " type=submit",
        "<plaintext>",
        "<meta charset=\"",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn pages_are_read_as_by_the_reader_of_the_tokenizer(parts in prop::collection::vec(select(PARTS), 0..24)) {
            let source = parts.concat();
            let options = Options::new(Converter::new(Config::S2t));
            let mut scans = [Scan::new(&options), Scan::new(&options)];
            let [by_own, by_theirs] = &mut scans;
            scan_in(&source, true, by_own);
            let templates = regions(&source);
            let masked = masked(&source, &templates);
            let page = Page::new(&source, Place::At(0), Syntax::Html, &templates, by_theirs);
            tokenize((&*masked).to_reader(), Tokens::new(&source, &masked, page));
            let found = scans.each_ref().map(|scan| format!("{:?} {:?} {:?}", scan.roles, scan.pieces, scan.tags));
            prop_assert_eq!(&found[0], &found[1]);
        }
    }
}

//! XML: its elements, attributes and text, with their places in the source.
//!
//! Entities that a document declares itself are never expanded: they separate words.

use std::{collections::VecDeque, ops::Range};

use fanjian::{Error, ErrorKind};
use quick_xml::{Reader, events::BytesStart};

use crate::escape::Escape;

/// How deep elements may be.
const DEPTH: usize = 4096;

/// A name, with the namespace that its prefix stands for. Empty: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'s> {
    pub(crate) namespace: &'s str,
    pub(crate) local: &'s str,
}

#[derive(Clone, Debug)]
pub(crate) struct Attribute<'s> {
    pub(crate) name: Name<'s>,
    /// The value, as it is written.
    pub(crate) value: &'s str,
    /// Its place, without quotation marks.
    pub(crate) raw: Range<usize>,
    /// How its characters are written.
    pub(crate) escape: Escape,
}

#[derive(Clone, Debug)]
pub(crate) struct Element<'s> {
    pub(crate) name: Name<'s>,
    pub(crate) attributes: Vec<Attribute<'s>>,
    /// The place of its start tag.
    pub(crate) raw: Range<usize>,
}

impl<'s> Element<'s> {
    /// The attribute of this namespace and local name. An attribute without a prefix has no namespace.
    pub(crate) fn attribute(&self, namespace: &str, local: &str) -> Option<&Attribute<'s>> {
        self.attributes.iter().find(|attribute| attribute.name == Name { namespace, local })
    }

    /// The language that the element states: `xml:lang`, or else `lang`.
    pub(crate) fn language(&self) -> Option<&Attribute<'s>> {
        self.attribute(XML, "lang").or_else(|| self.attribute("", "lang"))
    }
}

/// The namespace of `xml:lang` and `xml:space`.
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";

#[derive(Clone, Debug)]
pub(crate) enum Event<'s> {
    /// A start tag. That of an empty element is followed by its [`End`](Event::End).
    Start(Element<'s>),
    End(Name<'s>),
    /// Text with the entities in it, up to the next tag, comment, instruction or section of CDATA.
    Text(Range<usize>),
    /// The content of a section of CDATA.
    CData(Range<usize>),
    /// The content of a comment.
    Comment(Range<usize>),
    /// The XML declaration.
    Declaration(Range<usize>),
    /// A processing instruction or a document type.
    Other(Range<usize>),
}

/// The events of a source, in order: an iterator that ends with the source or an error.
pub(crate) struct Xml<'s> {
    source: &'s str,
    reader: Reader<&'s [u8]>,
    /// Where the reader's positions begin in the source.
    first: usize,
    /// The namespaces that are declared, with the depth of their element.
    namespaces: Vec<(usize, &'s str, &'s str)>,
    open: Vec<Name<'s>>,
    waiting: VecDeque<Event<'s>>,
    has_ended: bool,
}

impl<'s> Xml<'s> {
    pub(crate) fn new(source: &'s str) -> Xml<'s> {
        // All marks: the reader takes one, and does not count it.
        let first = source.len() - source.trim_start_matches('\u{feff}').len();
        Xml {
            source,
            reader: Reader::from_str(&source[first..]),
            first,
            namespaces: vec![(0, "xml", XML)],
            open: Vec::new(),
            waiting: VecDeque::new(),
            has_ended: false,
        }
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).expect("a position in a source") + self.first
    }

    fn read(&mut self) -> Result<Option<Event<'s>>, Error> {
        use quick_xml::events::Event as Read;
        let mut text: Option<Range<usize>> = None;
        loop {
            let start = self.offset();
            let event = self.reader.read_event();
            let end = self.offset();
            let event = event.map_err(|error| self.error(&error.to_string(), start))?;
            if matches!(event, Read::Text(_) | Read::GeneralRef(_)) {
                text = Some(text.map_or(start, |text| text.start)..end);
                continue;
            }
            self.waiting.extend(text.filter(|text| !text.is_empty()).map(Event::Text));
            match event {
                Read::Start(tag) => self.start(&tag, start..end, false)?,
                Read::Empty(tag) => self.start(&tag, start..end, true)?,
                Read::End(_) => self.end(),
                // Without `<![CDATA[` and `]]>`, `<!--` and `-->`.
                Read::CData(_) => self.waiting.push_back(Event::CData(start + 9..end - 3)),
                Read::Comment(_) => self.waiting.push_back(Event::Comment(start + 4..end - 3)),
                Read::Decl(_) => self.waiting.push_back(Event::Declaration(start..end)),
                Read::PI(_) | Read::DocType(_) => self.waiting.push_back(Event::Other(start..end)),
                Read::Eof => {
                    self.has_ended = true;
                    if let Some(open) = self.open.last() {
                        return Err(self.error(&format!("the element '{}' has no end", open.local), end));
                    }
                }
                Read::Text(_) | Read::GeneralRef(_) => unreachable!("text has been taken before"),
            }
            return Ok(self.waiting.pop_front());
        }
    }

    fn start(&mut self, tag: &BytesStart<'s>, raw: Range<usize>, is_empty: bool) -> Result<(), Error> {
        let depth = self.open.len() + 1;
        if depth > DEPTH {
            return Err(self.error(&format!("elements are deeper than {DEPTH}"), raw.start));
        }
        let mut read = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.error(&error.to_string(), raw.start))?;
            let value = self.range(&attribute.value);
            let quote = self.source[..value.start].chars().next_back().unwrap_or('"');
            let name = self.range(attribute.key.0);
            read.push((&self.source[name], value, quote));
        }
        for (name, value, _) in &read {
            let value = &self.source[value.clone()];
            match name.strip_prefix("xmlns") {
                Some("") => self.namespaces.push((depth, "", value)),
                Some(prefix) if prefix.starts_with(':') => self.namespaces.push((depth, &name[6..], value)),
                _ => {}
            }
        }
        let name = self.range(tag.name().0);
        let name = self.name(&self.source[name], true);
        let attributes = read.into_iter().map(|(name, raw, quote)| Attribute {
            name: self.name(name, false),
            value: &self.source[raw.clone()],
            raw,
            escape: Escape::Attribute(quote),
        });
        let element = Element { name, attributes: attributes.collect(), raw };
        self.waiting.push_back(Event::Start(element));
        self.open.push(name);
        if is_empty {
            self.end();
        }
        Ok(())
    }

    fn end(&mut self) {
        let depth = self.open.len();
        self.waiting.extend(self.open.pop().map(Event::End));
        while self.namespaces.last().is_some_and(|&(of, ..)| of >= depth.max(1)) {
            self.namespaces.pop();
        }
    }

    /// The place of what the reader has borrowed from the source.
    fn range(&self, text: &str) -> Range<usize> {
        let start = (text.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        let range = start..start.wrapping_add(text.len());
        // What is not borrowed has no place.
        if self.source.get(range.clone()).is_some() { range } else { 0..0 }
    }

    fn name(&self, name: &'s str, is_element: bool) -> Name<'s> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if prefix.is_empty() && !is_element {
            return Name { namespace: "", local };
        }
        let found = self.namespaces.iter().rev().find(|&&(_, declared, _)| declared == prefix);
        Name { namespace: found.map_or("", |&(.., namespace)| namespace), local }
    }

    fn error(&self, message: &str, at: usize) -> Error {
        let line =
            self.source.as_bytes()[..at.min(self.source.len())].iter().filter(|&&byte| byte == b'\n').count() + 1;
        Error::new(ErrorKind::Syntax, format!("not well-formed XML: {message}")).on_line(line)
    }
}

impl<'s> Iterator for Xml<'s> {
    type Item = Result<Event<'s>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(Ok(event));
        }
        if self.has_ended {
            return None;
        }
        let read = self.read().transpose();
        self.has_ended |= matches!(read, Some(Err(_)));
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events, with their text.
    fn shown(source: &str) -> String {
        let event = |event: Result<Event<'_>, Error>| match event {
            Ok(Event::Start(element)) => {
                let attributes = element.attributes.iter();
                let attributes: String = attributes
                    .map(|attribute| {
                        let Name { namespace, local } = attribute.name;
                        format!(" {{{namespace}}}{local}={}", &source[attribute.raw.clone()])
                    })
                    .collect();
                format!("<{{{}}}{}{attributes}>", element.name.namespace, element.name.local)
            }
            Ok(Event::End(name)) => format!("</{}>", name.local),
            Ok(Event::Text(range)) => format!("T[{}]", &source[range]),
            Ok(Event::CData(range)) => format!("C[{}]", &source[range]),
            Ok(Event::Comment(range)) => format!("![{}]", &source[range]),
            Ok(Event::Declaration(range)) => format!("D[{}]", &source[range]),
            Ok(Event::Other(range)) => format!("O[{}]", &source[range]),
            Err(error) => format!("E[{error}]"),
        };
        Xml::new(source).map(event).collect()
    }

    #[test]
    fn events_have_their_places() {
        let source = "\u{feff}<?xml version='1.0'?><!--头--><a xmlns='A' xmlns:b='B' b:c='&#x5934;' d=\"e\">x&amp;发<b:e/><![CDATA[<发]]> </a>";
        assert_eq!(
            shown(source),
            "D[<?xml version='1.0'?>]![头]<{A}a {}xmlns=A {}b=B {B}c=&#x5934; {}d=e>T[x&amp;发]<{B}e></e>C[<发]T[ ]</a>"
        );
    }

    #[test]
    fn namespaces_end_with_their_elements() {
        assert_eq!(shown("<a xmlns='A'><b xmlns='B'/><c/></a>"), "<{A}a {}xmlns=A><{B}b {}xmlns=B></b><{A}c></c></a>");
    }

    #[test]
    fn what_is_not_well_formed_is_an_error_with_its_line() {
        assert!(shown("<a>\n<b></a>").contains("line 2: not well-formed XML"));
        assert!(shown("<a>\n头").contains("line 2: not well-formed XML: the element 'a' has no end"));
        assert!(shown("<a b=1>").contains("not well-formed"));
    }
}

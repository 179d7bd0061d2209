//! RSS 0.9x, 1.0 and 2.0, and Atom, with the elements of iTunes, Media RSS and Dublin Core in them.

use std::ops::Range;

use fanjian::Error;

use super::{
    html,
    xhtml::{PageReader, XHTML},
};
use crate::{
    entities,
    escape::Escape,
    scan::{Role, Scan},
    xml::{Element, Event, Name, Xml},
};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const ITUNES: &str = "http://www.itunes.com/dtds/podcast-1.0.dtd";
const MEDIA: &str = "http://search.yahoo.com/mrss/";
const RSS_1: &str = "http://purl.org/rss/1.0/";
const RSS_09: &str = "http://my.netscape.com/rdf/simple/0.9/";

/// What the text of an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// No text for readers.
    Other,
    Plain(Role),
    /// HTML, escaped or in a section of CDATA.
    Html,
    /// Elements of XHTML.
    Xhtml,
    Language,
}

/// Finds the text of a feed.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let events = Xml::new(source).collect::<Result<Vec<_>, Error>>()?;
    entities::scan(source, scan);
    let mut feed = Feed { source, scan, open: Vec::new() };
    // The language of a channel stands among its elements, and may be behind texts.
    let is_of_language = feed.channel_language(&events).is_none_or(|tag| feed.scan.options.languages.takes(tag));
    let mut events = events.into_iter();
    while let Some(event) = events.next() {
        match event {
            Event::Start(element) => {
                let inner = feed.start(&element, is_of_language);
                if inner == Kind::Xhtml {
                    feed.xhtml(&element, &mut events);
                }
            }
            Event::End(_) => _ = feed.open.pop(),
            Event::Text(range) => feed.text(range, Escape::Markup),
            Event::CData(range) => feed.text(range, Escape::CData),
            Event::Comment(range) => feed.scan.comment(&source[range]),
            Event::Declaration(_) | Event::Other(_) => {}
        }
    }
    Ok(())
}

struct Feed<'s, 'p, 'o> {
    source: &'s str,
    scan: &'p mut Scan<'o>,
    /// The elements that are open: what their text is, and whether it is of a language that is converted.
    open: Vec<(Kind, bool)>,
}

impl<'s> Feed<'s, '_, '_> {
    /// The language that a channel of RSS states for all of it.
    fn channel_language(&self, events: &[Event<'s>]) -> Option<&'s str> {
        events.windows(2).find_map(|pair| match pair {
            [Event::Start(element), Event::Text(range)] if kind(self.source, element) == Kind::Language => {
                Some(self.source[range.clone()].trim())
            }
            _ => None,
        })
    }

    fn start(&mut self, element: &Element<'s>, is_of_language: bool) -> Kind {
        let outer = self.open.last().map_or(is_of_language, |&(_, takes)| takes);
        let language = element.language();
        let takes = language.map_or(outer, |language| self.scan.options.languages.takes(language.value));
        let kind = kind(self.source, element);
        if let Some(language) = language {
            self.scan.tag(language.raw.clone());
        }
        let text = match (element.name.namespace, element.name.local) {
            (ATOM, "category") => element.attribute("", "label"),
            (ATOM, "link") => element.attribute("", "title"),
            _ => None,
        };
        if let Some(text) = text.filter(|_| takes) {
            self.scan.whole(Role::Attribute, text.raw.clone(), text.escape);
        }
        self.open.push((kind, takes));
        kind
    }

    fn text(&mut self, range: Range<usize>, escape: Escape) {
        let raw = &self.source[range.clone()];
        let Some(&(kind, takes)) = self.open.last() else { return };
        if raw.trim().is_empty() {
            return;
        }
        match kind {
            Kind::Language => {
                let start = range.start + (raw.len() - raw.trim_start().len());
                self.scan.tag(start..start + raw.trim().len());
            }
            Kind::Plain(role) if takes => _ = self.scan.whole(role, range, escape),
            Kind::Html if takes => html::scan_escaped(self.source, range, escape, self.scan),
            _ => {}
        }
    }

    /// The elements in an element, up to its end.
    fn xhtml(&mut self, element: &Element<'s>, events: &mut impl Iterator<Item = Event<'s>>) {
        let Some((_, takes)) = self.open.pop() else { return };
        let mut reader = PageReader::new(self.source, &[], self.scan);
        reader.set_language(takes);
        reader.read(&Event::Start(Element { attributes: Vec::new(), ..element.clone() }));
        let mut depth = 1_usize;
        for event in events {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            reader.read(&event);
            if depth == 0 {
                break;
            }
        }
        reader.finish();
    }
}

/// What the text of an element is, by its name and `type`.
fn kind(source: &str, element: &Element<'_>) -> Kind {
    let stated = element.attribute("", "type").map(|attribute| source[attribute.raw.clone()].trim());
    let Name { namespace, local } = element.name;
    match (namespace, local) {
        (ATOM, "title" | "subtitle" | "summary" | "content" | "rights" | "tagline" | "info") => match stated {
            None | Some("text" | "text/plain") => Kind::Plain(Role::Text),
            Some("html" | "text/html") => Kind::Html,
            Some("xhtml" | "application/xhtml+xml") => Kind::Xhtml,
            Some(_) => Kind::Other,
        },
        (ATOM, "name") => Kind::Plain(Role::Name),
        ("" | RSS_1 | RSS_09, "title" | "description" | "copyright") | (CONTENT, "encoded") => Kind::Html,
        ("" | RSS_1 | RSS_09, "category") => Kind::Plain(Role::Metadata),
        ("", "author" | "managingEditor" | "webMaster") => Kind::Plain(Role::Name),
        ("", "language") | (DUBLIN_CORE, "language") => Kind::Language,
        (ITUNES, "title" | "subtitle" | "summary") => Kind::Html,
        (ITUNES, "author" | "name") | (DUBLIN_CORE, "creator" | "contributor" | "publisher") => Kind::Plain(Role::Name),
        (ITUNES | MEDIA, "keywords") | (DUBLIN_CORE, "subject" | "rights") => Kind::Plain(Role::Metadata),
        (DUBLIN_CORE, "title" | "description") => Kind::Html,
        (MEDIA, "title" | "description" | "text") if stated == Some("html") => Kind::Html,
        (MEDIA, "title" | "description" | "text" | "credit" | "copyright") => Kind::Plain(Role::Text),
        (XHTML, "body" | "div") => Kind::Xhtml,
        _ => Kind::Other,
    }
}

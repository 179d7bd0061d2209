//! XHTML: HTML as XML. A page that is not well-formed is read as browsers read HTML.

use fanjian::Error;

use super::{
    elements::Name,
    html,
    page::{Page, Place, Syntax},
    start_tag::{Attribute, Tag},
    templates::{Region, regions},
};
use crate::{
    entities,
    escape::Escape,
    scan::Scan,
    xml::{self, Event, Xml},
};

pub(super) const XHTML: &str = "http://www.w3.org/1999/xhtml";
const SVG: &str = "http://www.w3.org/2000/svg";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
/// The namespace of what EPUB adds to pages.
const EPUB: &str = "http://www.idpf.org/2007/ops";

/// Finds the text of a page.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_in(source, true, scan)
}

/// The same of a page that stands in a text, in a language that is converted or not.
pub(crate) fn scan_in(source: &str, is_of_language: bool, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut attempt = Scan::new(scan.options);
    match scan_xml(source, is_of_language, &mut attempt) {
        Ok(()) => *scan = attempt,
        Err(_) => html::scan_in(source, is_of_language, scan),
    }
    Ok(())
}

/// The same of a page or picture that is well-formed.
pub(super) fn scan_xml(source: &str, is_of_language: bool, scan: &mut Scan<'_>) -> Result<(), Error> {
    let templates = regions(source);
    if is_of_language {
        entities::scan(source, scan);
    }
    let mut reader = PageReader::new(source, &templates, scan);
    reader.set_language(is_of_language);
    for event in Xml::new(source) {
        reader.read(&event?);
    }
    reader.finish();
    Ok(())
}

/// A page, or a part of an XML document that is one, read from its events.
pub(super) struct PageReader<'s, 'p, 'o> {
    source: &'s str,
    page: Page<'s, 'p, 'o>,
    attributes: Vec<Attribute>,
}

impl<'s, 'p, 'o> PageReader<'s, 'p, 'o> {
    pub(super) fn new(source: &'s str, templates: &'s [Region], scan: &'p mut Scan<'o>) -> PageReader<'s, 'p, 'o> {
        let page = Page::new(source, Place::At(0), Syntax::Xml, templates, scan);
        PageReader { source, page, attributes: Vec::new() }
    }

    /// Sets whether the page is in a language that is converted, as what it stands in.
    pub(super) fn set_language(&mut self, is_of_language: bool) {
        self.page.set_language(is_of_language);
    }

    pub(super) fn read(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(element) => {
                self.attributes.clear();
                self.attributes.extend(element.attributes.iter().map(|attribute| Attribute {
                    name: attribute_name(attribute.name),
                    raw: attribute.raw.clone(),
                    quote: self.source[..attribute.raw.start].chars().next_back().unwrap_or('"'),
                }));
                self.page.start(&Tag {
                    name: name(element.name),
                    attributes: &self.attributes,
                    raw: element.raw.clone(),
                    is_self_closing: false,
                    is_component: element.name.local.contains('-'),
                });
            }
            Event::End(element) => self.page.end(name(*element), false, &(0..0)),
            Event::Text(range) => self.page.text(range.clone(), Escape::Markup),
            Event::CData(range) => self.page.text(range.clone(), Escape::CData),
            Event::Comment(range) => self.page.comment(range.clone()),
            Event::Declaration(_) | Event::Other(_) => {}
        }
    }

    pub(super) fn finish(self) {
        self.page.finish();
    }
}

/// The name of an element, if it is of a page. Others are shown in a line.
fn name(name: xml::Name<'_>) -> Name {
    match name.namespace {
        "" | XHTML | SVG | MATHML => Name::new(name.local),
        _ => Name::default(),
    }
}

fn attribute_name(name: xml::Name<'_>) -> Name {
    match (name.namespace, name.local) {
        ("", local) => Name::new(local),
        (xml::XML, "lang") => super::elements::XML_LANG,
        (EPUB, "type") => super::elements::EPUB_TYPE,
        _ => Name::default(),
    }
}

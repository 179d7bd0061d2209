//! XHTML: HTML as XML. A page that is not well-formed is read as browsers read HTML.

use fanjian::Error;

use super::{
    elements::Name,
    html,
    page::{Attribute, Page, Place, Syntax, Tag},
};
use crate::{
    escape::Escape,
    scan::Scan,
    xml::{self, Event, Xml},
};

const XHTML: &str = "http://www.w3.org/1999/xhtml";
const SVG: &str = "http://www.w3.org/2000/svg";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// Finds the text of a page.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut attempt = Scan::new(scan.options);
    match scan_xml(source, &mut attempt) {
        Ok(()) => {
            *scan = attempt;
            Ok(())
        }
        Err(_) => html::scan(source, scan),
    }
}

/// The same of a page or picture that is well-formed.
pub(super) fn scan_xml(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut page = Page::new(source, Place::At(0), Syntax::Xml, &[], scan);
    let mut attributes = Vec::new();
    for event in Xml::new(source) {
        match event? {
            Event::Start(element) => {
                attributes.clear();
                attributes.extend(element.attributes.iter().map(|attribute| Attribute {
                    name: attribute_name(attribute.name),
                    raw: attribute.raw.clone(),
                    quote: source[..attribute.raw.start].chars().next_back().unwrap_or('"'),
                }));
                let tag = Tag {
                    name: name(element.name),
                    attributes: &attributes,
                    raw: element.raw,
                    is_self_closing: false,
                    is_component: element.name.local.contains('-'),
                };
                page.start(&tag);
            }
            Event::End(element) => page.end(name(element), false, &(0..0)),
            Event::Text(range) => page.text(range, Escape::Markup),
            Event::CData(range) => page.text(range, Escape::CData),
            Event::Comment(range) => page.comment(range),
            Event::Declaration(range) => page.instruction(range),
            Event::Other(_) => {}
        }
    }
    page.finish();
    Ok(())
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
        _ => Name::default(),
    }
}

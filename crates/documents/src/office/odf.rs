//! OpenDocument texts, spreadsheets and presentations (ISO/IEC 26300).

use std::{collections::HashMap, rc::Rc};

use fanjian::{Error, ErrorKind};

use super::{
    formula::{self, Brackets},
    walk::{Characters, Walk, walk},
    workbook::Workbook,
};
use crate::{
    container::Archive,
    decode::decoded_xml,
    format::Format,
    part::PartKind,
    scan::{Role, Scan, StandIn, TagForm},
    xml::{Attribute, Element, Event, Xml},
};

/// A vocabulary of OpenDocument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vocabulary {
    Office,
    Text,
    Table,
    Style,
    Number,
    Meta,
    /// Formatting, after XSL.
    Formatting,
    Svg,
    Presentation,
    Form,
    DublinCore,
    Link,
    /// What LibreOffice has added, in texts and in spreadsheets.
    LibreOffice,
    Manifest,
    Other,
}

impl Vocabulary {
    fn of(namespace: &str) -> Vocabulary {
        let Some(name) = namespace.strip_prefix("urn:oasis:names:tc:opendocument:xmlns:") else {
            return match namespace {
                "http://purl.org/dc/elements/1.1/" => Vocabulary::DublinCore,
                "http://www.w3.org/1999/xlink" => Vocabulary::Link,
                "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
                | "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" => Vocabulary::LibreOffice,
                _ => Vocabulary::Other,
            };
        };
        match name {
            "office:1.0" => Vocabulary::Office,
            "text:1.0" => Vocabulary::Text,
            "table:1.0" => Vocabulary::Table,
            "style:1.0" => Vocabulary::Style,
            "datastyle:1.0" => Vocabulary::Number,
            "meta:1.0" => Vocabulary::Meta,
            "xsl-fo-compatible:1.0" => Vocabulary::Formatting,
            "svg-compatible:1.0" => Vocabulary::Svg,
            "presentation:1.0" => Vocabulary::Presentation,
            "form:1.0" => Vocabulary::Form,
            "manifest:1.0" => Vocabulary::Manifest,
            _ => Vocabulary::Other,
        }
    }
}

/// The parts of a document that have text: the content, the styles with headers and footers, and the metadata, of the document
/// and of those in it, such as charts.
pub(crate) fn parts(archive: &mut Archive<'_>, format: Format) -> Result<Vec<(String, PartKind)>, Error> {
    check_manifest(archive)?;
    const SIGNATURES: &str = "META-INF/documentsignatures.xml";
    if archive.has(SIGNATURES) {
        let message = "the document is signed: the signature would be void; remove it to convert the document";
        return Err(Error::new(ErrorKind::Unsupported, message).at(SIGNATURES));
    }
    // A template may have nothing but styles.
    if !archive.has("content.xml") && !archive.has("styles.xml") {
        let message = format!("{format}: the archive has neither a part 'content.xml' nor a part 'styles.xml'");
        return Err(Error::new(ErrorKind::Syntax, message));
    }
    let mut workbook = None;
    if format == Format::Ods
        && let Some(bytes) = archive.read("content.xml")?
    {
        let mut sampled = Workbook::default();
        let added = decoded_xml(&bytes).and_then(|(text, _)| {
            sampled.add_sample(&text)?;
            sampled.add_sheets(&text)?;
            sampled.add_formulas(&text);
            Ok(())
        });
        added.map_err(|error| error.at("content.xml"))?;
        workbook = Some(Rc::new(sampled));
    }
    let has_text = |name: &&String| {
        let file = name.rsplit('/').next().unwrap_or_default();
        matches!(file, "content.xml" | "styles.xml" | "meta.xml")
    };
    let part = |name: &String| {
        let workbook = workbook.clone();
        let kind = PartKind::Text(Box::new(move |source, scan| part(workbook.as_deref(), source, scan)));
        (name.clone(), kind)
    };
    Ok(archive.names().iter().filter(has_text).map(part).collect())
}

/// Returns an error if a part is encrypted.
fn check_manifest(archive: &mut Archive<'_>) -> Result<(), Error> {
    const NAME: &str = "META-INF/manifest.xml";
    let Some(bytes) = archive.read(NAME)? else { return Ok(()) };
    let (text, _) = decoded_xml(&bytes).map_err(|error| error.at(NAME))?;
    for event in Xml::new(&text) {
        if let Event::Start(Element { name, .. }) = event.map_err(|error| error.at(NAME))?
            && name.local == "encryption-data"
            && Vocabulary::of(name.namespace) == Vocabulary::Manifest
        {
            let message = "the document is encrypted; save it without a password to convert it";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    Ok(())
}

fn part(workbook: Option<&Workbook>, source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    if let Some(workbook) = workbook {
        workbook.begin(scan);
    }
    let mut styles = Styles::default();
    walk(source, scan, Vocabulary::Other, Vocabulary::of, |walk, element| start(walk, element, &mut styles))?;
    if let Some(workbook) = workbook {
        workbook.end(source, scan);
    }
    Ok(())
}

/// The styles that say a language, by their names: whether it is one that is not converted.
#[derive(Default)]
struct Styles<'s> {
    are_foreign: HashMap<&'s str, bool>,
    /// The style that is open.
    name: Option<&'s str>,
}

type OdfWalk<'s, 'w, 'o> = Walk<'s, 'w, 'o, Vocabulary>;

fn start<'s>(walk: &mut OdfWalk<'s, '_, '_>, element: &Element<'s>, styles: &mut Styles<'s>) {
    let vocabulary = walk.top().vocabulary;
    if element.name.local == "a" {
        // What is shown over a link, in text and in drawings.
        whole(walk, own(element, Vocabulary::Office, "title"), Role::Attribute);
        whole(walk, own(element, Vocabulary::Link, "title"), Role::Attribute);
    }
    match vocabulary {
        Vocabulary::Text => text(walk, element, styles),
        Vocabulary::Table => table(walk, element),
        Vocabulary::LibreOffice => {
            table(walk, element);
            if element.name.local == "list-item" {
                whole(walk, own(element, Vocabulary::LibreOffice, "display-text"), Role::Attribute);
            }
            // Controls of content, which wrap text.
            if matches!(walk.around(1).characters, Characters::Text) {
                walk.top().characters = Characters::Text;
            }
        }
        Vocabulary::Style => style(walk, element, styles),
        Vocabulary::Number => {
            region(walk, element, Vocabulary::Number, "");
            if element.name.local == "text" {
                walk.begin_text_group();
            }
        }
        Vocabulary::Office if element.name.local == "annotation" => aside(walk, Role::Note),
        Vocabulary::Svg if matches!(element.name.local, "title" | "desc") => {
            walk.top().role = Role::Attribute;
            walk.begin_text_group();
        }
        Vocabulary::Presentation if element.name.local.ends_with("-decl") => walk.begin_text_group(),
        Vocabulary::Form => whole(walk, own(element, Vocabulary::Form, "label"), Role::Attribute),
        Vocabulary::DublinCore | Vocabulary::Meta if walk.around(1).local == "meta" => match element.name.local {
            "title" | "subject" | "description" | "keyword" => {
                walk.top().role = Role::Metadata;
                walk.begin_text_group();
            }
            "language" => walk.top().characters = Characters::Language,
            _ => {}
        },
        _ => {}
    }
}

/// Begins what has paragraphs of its own and does not end the paragraph around it.
fn aside(walk: &mut OdfWalk<'_, '_, '_>, role: Role) {
    let top = walk.top();
    (top.role, top.group) = (role, None);
}

/// Elements of text, whose characters are text if those around them are.
fn text<'s>(walk: &mut OdfWalk<'s, '_, '_>, element: &Element<'s>, styles: &Styles<'s>) {
    let is_inline = matches!(walk.around(1).characters, Characters::Text);
    match element.name.local {
        "p" | "h" => {
            walk.top().is_foreign = false;
            walk.begin_text_group();
        }
        "s" | "tab" | "line-break" => walk.break_words(element),
        "note" => aside(walk, Role::Note),
        "note-citation" | "script" => walk.leave(),
        "ruby-text" | "index-title-template" | "index-entry-span" => walk.begin_text_group(),
        // A link to a heading is by its text.
        "a" => {
            if let Some(Attribute { raw, value, escape, .. }) = own(element, Vocabulary::Link, "href")
                && let Some(heading) = value.strip_prefix('#').and_then(|value| value.strip_suffix("|outline"))
            {
                walk.scan.whole(Role::Attribute, raw.start + 1..raw.start + 1 + heading.len(), *escape);
            }
            walk.top().characters = if is_inline { Characters::Text } else { Characters::Other };
        }
        // The text around a number, such as `第` and `章`.
        "list-level-style-number" | "outline-level-style" => {
            whole(walk, own(element, Vocabulary::Style, "num-prefix"), Role::Text);
            whole(walk, own(element, Vocabulary::Style, "num-suffix"), Role::Text);
            whole(walk, own(element, Vocabulary::LibreOffice, "num-list-format"), Role::Text);
        }
        // What is chosen, and what it is chosen from: as each other, whatever stands around.
        "dropdown" if is_inline => {
            if let Some(group) = walk.top().group {
                walk.scan.kept(group, element.raw.start..element.raw.start, StandIn::Word);
            }
            walk.begin_text_group();
        }
        "label" => whole(walk, own(element, Vocabulary::Text, "value"), Role::Text),
        _ if is_inline => walk.top().characters = Characters::Text,
        _ => {}
    }
    if let Some(name) = own(element, Vocabulary::Text, "style-name")
        && let Some(is_foreign) = styles.are_foreign.get(name.value)
    {
        walk.top().is_foreign = *is_foreign;
    }
    // The value of a field, and what a field shows by a condition.
    whole(walk, own(element, Vocabulary::Office, "string-value"), Role::Text);
    for name in ["string-value", "string-value-if-true", "string-value-if-false"] {
        whole(walk, own(element, Vocabulary::Text, name), Role::Text);
    }
}

/// Elements of tables: the values of cells that are also their text, formulas, and strings that are compared with cells.
fn table(walk: &mut OdfWalk<'_, '_, '_>, element: &Element<'_>) {
    match element.name.local {
        "table-cell" | "covered-table-cell" => {
            whole(walk, own(element, Vocabulary::Office, "string-value"), Role::Text);
            expression(walk, own(element, Vocabulary::Table, "formula"));
        }
        "content-validation" => expression(walk, own(element, Vocabulary::Table, "condition")),
        "named-expression" => expression(walk, own(element, Vocabulary::Table, "expression")),
        "condition" => expression(walk, own(element, Vocabulary::LibreOffice, "value")),
        "help-message" | "error-message" => whole(walk, own(element, Vocabulary::Table, "title"), Role::Attribute),
        "filter-condition" | "filter-set-item" => whole(walk, own(element, Vocabulary::Table, "value"), Role::Text),
        "data-pilot-field" => whole(walk, own(element, Vocabulary::Table, "source-field-name"), Role::Text),
        "data-pilot-member" => whole(walk, own(element, Vocabulary::Table, "name"), Role::Text),
        _ => {}
    }
}

/// Elements of styles: the languages of text.
fn style<'s>(walk: &mut OdfWalk<'s, '_, '_>, element: &Element<'s>, styles: &mut Styles<'s>) {
    match element.name.local {
        "style" => styles.name = own(element, Vocabulary::Style, "name").map(|name| name.value),
        "default-style" => styles.name = None,
        "text-properties" => {
            region(walk, element, Vocabulary::Formatting, "");
            region(walk, element, Vocabulary::Style, "-asian");
            let language = own(element, Vocabulary::Style, "language-asian");
            if let (Some(name), Some(language)) = (styles.name, language) {
                styles.are_foreign.insert(name, walk.is_foreign(language.value));
            }
        }
        "map" => expression(walk, own(element, Vocabulary::Style, "condition")),
        _ => {}
    }
}

/// The region and the script of a language, which is an attribute of its own.
fn region(walk: &mut OdfWalk<'_, '_, '_>, element: &Element<'_>, vocabulary: Vocabulary, suffix: &str) {
    let named = |name: &str| own(element, vocabulary, &format!("{name}{suffix}"));
    if named("language").is_some_and(|language| language.value.eq_ignore_ascii_case("zh")) {
        let forms = [("country", TagForm::Region), ("script", TagForm::Script)];
        for (name, form) in forms {
            if let Some(attribute) = named(name) {
                walk.scan.tag_in_form(attribute.raw.clone(), form);
            }
        }
    }
    let tag = own(element, Vocabulary::Style, &format!("rfc-language-tag{suffix}"));
    walk.tag(tag.filter(|_| vocabulary != Vocabulary::Number));
}

fn expression(walk: &mut OdfWalk<'_, '_, '_>, attribute: Option<&Attribute<'_>>) {
    if let Some(Attribute { raw, escape, .. }) = attribute {
        formula::scan(walk.scan, walk.source, raw.clone(), *escape, Brackets::Cells);
    }
}

fn whole(walk: &mut OdfWalk<'_, '_, '_>, attribute: Option<&Attribute<'_>>, role: Role) {
    walk.attribute(attribute, role);
}

/// The attribute of this name in a vocabulary.
fn own<'e, 's>(element: &'e Element<'s>, vocabulary: Vocabulary, local: &str) -> Option<&'e Attribute<'s>> {
    let is_of = |attribute: &&Attribute<'_>| {
        attribute.name.local == local && Vocabulary::of(attribute.name.namespace) == vocabulary
    };
    element.attributes.iter().find(is_of)
}

//! EPUB 2 and 3: the package, its tables of contents and its documents.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::{Error, ErrorKind};

use crate::{
    container::{Archive, resolved},
    decode::decoded_xml,
    escape::Escape,
    fonts::{Font, Form, uuid},
    language::Languages,
    markup::{html, svg, xhtml},
    part::PartKind,
    scan::{Group, Role, Scan},
    xml::{Element, Event, Name, Xml},
};

const CONTAINER: &str = "META-INF/container.xml";
const ENCRYPTION: &str = "META-INF/encryption.xml";
const SIGNATURES: &str = "META-INF/signatures.xml";

const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const OPF: &str = "http://www.idpf.org/2007/opf";
const XML_ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";

/// What hides embedded fonts from other programs, and is no protection of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Obfuscation {
    /// That of EPUB: <https://www.w3.org/TR/epub-33/#sec-font-obfuscation>.
    Idpf,
    /// That of Adobe, by the UUID of the book.
    Adobe,
}

impl Obfuscation {
    fn of_algorithm(algorithm: &str) -> Option<Obfuscation> {
        match algorithm {
            "http://www.idpf.org/2008/embedding" => Some(Obfuscation::Idpf),
            "http://ns.adobe.com/pdf/enc#RC" => Some(Obfuscation::Adobe),
            _ => None,
        }
    }

    /// How a font is hidden in a book with this identifier.
    fn form(self, identifier: &str) -> Form {
        match self {
            Obfuscation::Idpf => {
                let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
                let key = sha1_smol::Sha1::from(identifier.replace(is_space, "")).digest().bytes().to_vec();
                Form::Masked { key, len: 1040 }
            }
            Obfuscation::Adobe => {
                let digits = identifier.trim().strip_prefix("urn:uuid:").unwrap_or(identifier);
                uuid(digits).map_or(Form::Hidden, |key| Form::Masked { key, len: 1024 })
            }
        }
    }
}

/// A file of the manifest of a package.
struct Item {
    id: String,
    /// Its name in the archive.
    name: String,
    media_type: String,
    is_navigation: bool,
}

/// The parts of a book that have text: packages, then tables of contents, then documents in the order in which they are read.
pub(crate) fn parts(archive: &mut Archive<'_>) -> Result<Vec<(String, PartKind)>, Error> {
    if archive.has(SIGNATURES) {
        let message =
            "the book is signed, and a conversion would break the signature: remove META-INF/signatures.xml first";
        return Err(Error::new(ErrorKind::Unsupported, message).at(SIGNATURES));
    }
    obfuscated(archive)?;
    let mut parts: Vec<(String, PartKind)> = Vec::new();
    let mut known = HashSet::new();
    for name in packages(archive)? {
        let Some(package) = read(archive, &name)? else {
            return Err(Error::new(ErrorKind::Damaged, "the package of the book is not in the archive").at(name));
        };
        let Package { mut items, spine, has_text, .. } =
            Package::read(&package, &name).map_err(|error| error.at(&name))?;
        if !known.insert(name.clone()) {
            continue;
        }
        parts.push((name, PartKind::Text(Box::new(move |source, scan| scan_package(source, has_text, scan)))));
        let order: HashMap<&str, usize> = spine.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        items.sort_by_key(|item| {
            let is_contents = item.is_navigation || item.media_type == "application/x-dtbncx+xml";
            (!is_contents, order.get(item.id.as_str()).copied().unwrap_or(usize::MAX))
        });
        for Item { name, media_type, .. } in items {
            if let Some(kind) = kind(&media_type, has_text)
                && known.insert(name.clone())
            {
                parts.push((name, kind));
            }
        }
    }
    Ok(parts)
}

/// How the text of a document of this media type is found. None if it has none.
fn kind(media_type: &str, has_text: bool) -> Option<PartKind> {
    Some(PartKind::Text(match media_type {
        "application/xhtml+xml" => Box::new(move |source, scan| xhtml::scan_in(source, has_text, scan)),
        "text/html" | "text/x-oeb1-document" => Box::new(move |source, scan| {
            html::scan_in(source, has_text, scan);
            Ok(())
        }),
        "image/svg+xml" => Box::new(move |source, scan| svg::scan_in(source, has_text, scan)),
        "application/x-dtbncx+xml" => Box::new(move |source, scan| scan_contents(source, has_text, scan)),
        _ => return None,
    }))
}

/// The names of parts that are obfuscated. An error if a part is encrypted.
fn obfuscated(archive: &mut Archive<'_>) -> Result<HashMap<String, Obfuscation>, Error> {
    let mut names = HashMap::new();
    let Some(source) = read(archive, ENCRYPTION)? else { return Ok(names) };
    let mut way = None;
    for event in Xml::new(&source) {
        let Event::Start(element) = event.map_err(|error| error.at(ENCRYPTION))? else { continue };
        match element.name {
            Name { namespace: XML_ENCRYPTION, local: "EncryptionMethod" } => {
                let algorithm = element.attribute("", "Algorithm").map_or("", |algorithm| algorithm.value);
                way = Obfuscation::of_algorithm(algorithm);
                if way.is_none() {
                    let message = format!("the book is protected by DRM ({algorithm}): its text cannot be read");
                    return Err(Error::new(ErrorKind::Unsupported, message).at(ENCRYPTION));
                }
            }
            Name { namespace: XML_ENCRYPTION, local: "CipherReference" } => {
                let name = element.attribute("", "URI").and_then(|uri| resolved("", uri.value));
                names.extend(name.zip(way));
            }
            _ => {}
        }
    }
    Ok(names)
}

/// The names of the packages of a book: it has one for each of its renditions.
fn packages(archive: &mut Archive<'_>) -> Result<Vec<String>, Error> {
    let Some(source) = read(archive, CONTAINER)? else {
        return Err(Error::new(ErrorKind::Syntax, format!("not an EPUB: there is no {CONTAINER}")));
    };
    let mut names = Vec::new();
    for event in Xml::new(&source) {
        if let Event::Start(element) = event.map_err(|error| error.at(CONTAINER))?
            && element.name.local == "rootfile"
            && element.attribute("", "media-type").is_none_or(|found| found.value == "application/oebps-package+xml")
        {
            names.extend(element.attribute("", "full-path").and_then(|path| resolved("", path.value)));
        }
    }
    match names.is_empty() {
        true => Err(Error::new(ErrorKind::Syntax, "not an EPUB: no package is named").at(CONTAINER)),
        false => Ok(names),
    }
}

fn read(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, Error> {
    let Some(bytes) = archive.read(name)? else { return Ok(None) };
    decoded_xml(&bytes).map(|(text, _)| Some(text.into_owned())).map_err(|error| error.at(name))
}

struct Package {
    items: Vec<Item>,
    /// The ids of documents in the order in which they are read.
    spine: Vec<String>,
    /// The book is not in a language such as Japanese, whose text is left as it is.
    has_text: bool,
    /// The identifier that is the book's own.
    identifier: String,
}

impl Package {
    fn read(source: &str, name: &str) -> Result<Package, Error> {
        let mut package = Package { items: Vec::new(), spine: Vec::new(), has_text: true, identifier: String::new() };
        let mut language: Option<&str> = None;
        let (mut is_language, mut is_identifier) = (false, false);
        let mut identifier_id = "";
        for event in Xml::new(source) {
            let element = match event? {
                Event::Text(range) if is_language => {
                    language = language.or(Some(source[range].trim()));
                    continue;
                }
                Event::Text(range) if is_identifier => {
                    let units = Escape::Markup.units(&source[range]);
                    package.identifier.extend(units.filter_map(|(_, character)| character));
                    continue;
                }
                Event::Start(element) => element,
                _ => {
                    (is_language, is_identifier) = (false, false);
                    continue;
                }
            };
            is_language = element.name == Name { namespace: DUBLIN_CORE, local: "language" };
            let value = |local: &str| element.attribute("", local).map_or("", |attribute| attribute.value);
            is_identifier = element.name == Name { namespace: DUBLIN_CORE, local: "identifier" }
                && value("id") == identifier_id
                && package.identifier.is_empty();
            match element.name.local {
                "package" => {
                    identifier_id = element.attribute("", "unique-identifier").map_or("", |attribute| attribute.value);
                }
                "item" => package.items.extend(resolved(name, value("href")).map(|name| Item {
                    id: value("id").to_owned(),
                    name,
                    media_type: value("media-type").to_ascii_lowercase(),
                    is_navigation: value("properties").split_ascii_whitespace().any(|property| property == "nav"),
                })),
                "itemref" => package.spine.push(value("idref").to_owned()),
                _ => {}
            }
        }
        package.has_text = language.is_none_or(|language| Languages::default().takes(language));
        Ok(package)
    }
}

/// What the text of an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Other,
    Text(Role),
    /// HTML that is escaped.
    Html,
    Language,
}

/// Finds the text of a package: what is said of the book.
fn scan_package(source: &str, has_text: bool, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_elements(source, has_text, scan, |element| {
        let Name { namespace, local } = element.name;
        let value = |local: &str| element.attribute("", local).map_or("", |attribute| attribute.value);
        let (kind, attribute) = match (namespace, local) {
            (DUBLIN_CORE, "description") => (Kind::Html, None),
            (DUBLIN_CORE, "creator" | "contributor") => (Kind::Text(Role::Name), element.attribute(OPF, "file-as")),
            (DUBLIN_CORE, "title" | "subject" | "publisher" | "rights") => {
                (Kind::Text(Role::Metadata), element.attribute(OPF, "file-as"))
            }
            (DUBLIN_CORE, "language") => (Kind::Language, None),
            (_, "meta") => match (value("property"), value("name")) {
                ("file-as" | "title" | "belongs-to-collection" | "schema:accessibilitySummary", _) => {
                    (Kind::Text(Role::Metadata), None)
                }
                (_, "title" | "calibre:series" | "calibre:title_sort") => {
                    (Kind::Other, element.attribute("", "content"))
                }
                _ => (Kind::Other, None),
            },
            // The parts of the book that a reader can go to.
            (_, "reference") => (Kind::Other, element.attribute("", "title")),
            _ => (Kind::Other, None),
        };
        (kind, attribute.map(|attribute| attribute.raw.clone()))
    })
}

/// Finds the text of a table of contents in the form of EPUB 2 (NCX).
fn scan_contents(source: &str, has_text: bool, scan: &mut Scan<'_>) -> Result<(), Error> {
    let kind = |element: &Element<'_>| match element.name.local {
        "text" => Kind::Text(Role::Text),
        _ => Kind::Other,
    };
    scan_elements(source, has_text, scan, |element| (kind(element), None))
}

/// Finds the text of the elements and the attributes that `find` returns.
fn scan_elements(
    source: &str,
    has_text: bool,
    scan: &mut Scan<'_>,
    find: impl Fn(&Element<'_>) -> (Kind, Option<Range<usize>>),
) -> Result<(), Error> {
    // The elements that are open: their kind, whether their language is converted, and their text.
    let mut open: Vec<(Kind, bool, Option<Group>)> = Vec::new();
    for event in Xml::new(source) {
        let (range, escape) = match event? {
            Event::Start(element) => {
                let language = element.language();
                let outer = open.last().map_or(has_text, |&(_, takes, _)| takes);
                let takes = language.map_or(outer, |language| scan.options.languages.takes(language.value));
                let (kind, attribute) = find(&element);
                if let Some(language) = language {
                    scan.tag(language.raw.clone());
                }
                let attribute = element.attributes.iter().find(|found| attribute.as_ref() == Some(&found.raw));
                if let Some(attribute) = attribute.filter(|_| takes) {
                    scan.whole(Role::Metadata, attribute.raw.clone(), attribute.escape);
                }
                open.push((kind, takes, None));
                continue;
            }
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Comment(range) => {
                scan.comment(&source[range]);
                continue;
            }
            Event::Declaration(_) | Event::Other(_) => continue,
            Event::Text(range) => (range, Escape::Markup),
            Event::CData(range) => (range, Escape::CData),
        };
        let Some((kind, takes, group)) = open.last_mut() else { continue };
        match kind {
            Kind::Language => {
                let text = &source[range.clone()];
                let start = range.start + (text.len() - text.trim_start().len());
                scan.tag(start..start + text.trim().len());
            }
            Kind::Text(role) if *takes => {
                let group = *group.get_or_insert_with(|| scan.group(*role));
                scan.text(group, range, escape);
            }
            Kind::Html if *takes => html::scan_escaped(source, range, escape, scan),
            _ => {}
        }
    }
    Ok(())
}

/// The embedded fonts of a book.
pub(crate) fn fonts(archive: &mut Archive<'_>) -> Result<Vec<Font>, Error> {
    let obfuscated = obfuscated(archive)?;
    let mut fonts = Vec::new();
    for name in packages(archive)? {
        let Some(package) = read(archive, &name)? else { continue };
        let Package { items, identifier, .. } = Package::read(&package, &name).map_err(|error| error.at(&name))?;
        fonts.extend(items.into_iter().filter(is_font).map(|item| {
            let form = match obfuscated.get(&item.name) {
                Some(way) => way.form(&identifier),
                None => Form::Plain,
            };
            Font { name: item.name, form }
        }));
    }
    Ok(fonts)
}

fn is_font(item: &Item) -> bool {
    let extension = item.name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_by_name =
        extension.is_some_and(|extension| matches!(extension.as_str(), "ttf" | "otf" | "ttc" | "woff" | "woff2"));
    is_by_name || item.media_type.starts_with("font/") || item.media_type.contains("font")
}

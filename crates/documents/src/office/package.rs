//! Packages of OOXML (OPC, ISO/IEC 29500-2): what their parts are, by their content types, or else by
//! their root elements.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use fanjian::{Error, ErrorKind};

use super::{
    bindings, drawing, excel,
    namespaces::Vocabulary,
    properties,
    walk::{Walk, walk},
    word,
    workbook::Workbook,
};
use crate::{
    container::Archive,
    decode::decoded_xml,
    format::Format,
    part::PartKind,
    scan::{Role, Scan},
    scanners::scanner,
    xml::{Element, Event, Name, Xml},
};

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Of vocabularies whose texts are known by the names of elements.
    Text,
    /// A chart, which in a workbook has the strings of cells.
    Chart,
    Workbook(WorkbookPart),
    /// A document that is embedded, such as the data of a chart.
    Package(Format),
    /// A text in another format, which Word shows as a part of the document (`altChunk`). None: it is not read.
    Chunk(Option<Format>),
    /// XML that controls of a document show.
    Bound,
    /// A digital signature.
    Signature,
}

/// A part of a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WorkbookPart {
    /// The names of sheets, and defined names.
    Main,
    SharedStrings,
    Sheet,
    /// A table, or the data of a pivot table: its names are also in cells.
    Names,
    /// Connections to data from elsewhere, by queries. It has no text.
    Connections,
    Other,
}

/// The parts of a package that have text.
pub(crate) fn parts(archive: &mut Archive<'_>, format: Format) -> Result<Vec<(String, PartKind)>, Error> {
    let types = ContentTypes::read(archive)?;
    let (mut kinds, mut bound) = (Vec::new(), HashMap::new());
    let (mut has_main, mut is_workbook) = (false, false);
    for name in archive.names().to_vec() {
        let content_type = types.of(&name);
        let mut kind = content_type.and_then(Kind::of_type);
        let mut is_main = content_type.is_some_and(|content_type| content_type.ends_with(".main+xml"));
        if matches!(content_type, None | Some("application/xml" | "text/xml")) && name.ends_with(".xml") {
            (kind, is_main) = Kind::of_root(&archive.read(&name)?.unwrap_or_default());
        }
        has_main |= is_main;
        is_workbook |= matches!(kind, Some(Kind::Workbook(_)));
        if kind == Some(Kind::Signature) {
            let message = "the document is signed: the signature would be void; remove it to convert the document";
            return Err(Error::new(ErrorKind::Unsupported, message).at(name));
        }
        kind = kind.filter(|kind| !matches!(kind, Kind::Chunk(_)) || format == Format::Docx);
        kinds.extend(kind.map(|kind| (name, kind)));
    }
    if !has_main {
        return Err(Error::new(ErrorKind::Syntax, format!("{format}: the archive has no main part of a document")));
    }
    if format == Format::Docx {
        let with_controls = kinds.iter().filter(|(_, kind)| *kind == Kind::Text).map(|(name, _)| name);
        bound = bindings::bindings(archive, with_controls)?;
        let known: HashSet<_> = kinds.iter().map(|(name, _)| name.clone()).collect();
        let names = archive.names().iter().filter(|name| bound.contains_key(*name) && !known.contains(*name));
        kinds.extend(names.map(|name| (name.clone(), Kind::Bound)));
        // In the order of the archive.
        let numbers: HashMap<_, _> = archive.names().iter().zip(0..).collect();
        kinds.sort_by_key(|(name, _)| numbers.get(name).copied().unwrap_or(usize::MAX));
    }
    let workbook = if is_workbook { Some(Rc::new(workbook(archive, &kinds)?)) } else { None };
    kinds.retain(|(_, kind)| *kind != Kind::Workbook(WorkbookPart::Connections));
    let part = |(name, kind)| {
        let places = bound.remove(&name);
        let kind = match (kind, &workbook) {
            (Kind::Package(format), _) => PartKind::Archive(format),
            (Kind::Chunk(format), _) => match format.and_then(scanner) {
                Some(scanner) => PartKind::Chunk(Box::new(scanner)),
                None => PartKind::Left,
            },
            (Kind::Workbook(_) | Kind::Chart, Some(workbook)) => {
                let workbook = Rc::clone(workbook);
                PartKind::Text(Box::new(move |source, scan| excel::scan(&workbook, source, scan)))
            }
            (Kind::Bound, _) => {
                let places = places.unwrap_or_default();
                PartKind::Text(Box::new(move |source, scan| bindings::scan(&places, source, scan)))
            }
            _ => {
                let places = places.map(bindings::without_properties);
                PartKind::Text(Box::new(move |source, found| {
                    scan(source, found)?;
                    places.as_ref().map_or(Ok(()), |places| bindings::scan(places, source, found))
                }))
            }
        };
        (name, kind)
    };
    Ok(kinds.into_iter().map(part).collect())
}

/// What the scanners of a workbook's parts need to know.
fn workbook(archive: &mut Archive<'_>, kinds: &[(String, Kind)]) -> Result<Workbook, Error> {
    let mut workbook = Workbook::default();
    let of = |part: WorkbookPart| {
        let is_of = move |(_, kind): &&(String, Kind)| *kind == Kind::Workbook(part);
        kinds.iter().filter(is_of).map(|(name, _)| name)
    };
    type Add = fn(&mut Workbook, &str) -> Result<(), Error>;
    let with_text: (WorkbookPart, Add) = if of(WorkbookPart::SharedStrings).next().is_some() {
        (WorkbookPart::SharedStrings, Workbook::add_strings)
    } else {
        (WorkbookPart::Sheet, Workbook::add_sample)
    };
    let sources: [(WorkbookPart, Add); 3] =
        [with_text, (WorkbookPart::Names, Workbook::add_names), (WorkbookPart::Main, Workbook::add_sheets)];
    for (part, add) in sources {
        for name in of(part) {
            let bytes = archive.read(name)?.unwrap_or_default();
            let added = decoded_xml(&bytes).and_then(|(text, _)| add(&mut workbook, &text));
            added.map_err(|error| error.at(name))?;
        }
    }
    for name in of(WorkbookPart::Sheet) {
        if workbook.has_sheets() {
            let bytes = archive.read(name)?.unwrap_or_default();
            let (text, _) = decoded_xml(&bytes).map_err(|error| error.at(name))?;
            workbook.add_formulas(&text);
        }
    }
    if of(WorkbookPart::Connections).next().is_some() {
        workbook.keep_names();
    }
    Ok(workbook)
}

/// Finds the texts of a part by the vocabularies of its elements.
fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    walk(source, scan, Vocabulary::Other, Vocabulary::of, |walk, element| {
        drawing::description(walk, element);
        let frame = *walk.top();
        match frame.vocabulary {
            Vocabulary::Word => word::start(walk, element),
            Vocabulary::Drawing => drawing::start(walk, element),
            Vocabulary::Chart | Vocabulary::ExtendedChart => drawing::chart(walk, element),
            Vocabulary::CoreProperties | Vocabulary::DublinCore | Vocabulary::CoverPage => {
                properties::start(walk, element)
            }
            // An alternative to what stands before it, for another program.
            Vocabulary::Compatibility if element.name.local == "Fallback" && frame.group.is_some() => {
                walk.begin_group();
            }
            Vocabulary::Math if matches!(element.name.local, "oMath" | "oMathPara") => {
                walk.break_words(element);
                walk.leave();
            }
            Vocabulary::Presentation => presentation(walk, element),
            Vocabulary::Vml => drawing::vml(walk, element),
            _ => {}
        }
    })
}

/// The comments of PowerPoint before 2021; their text is in no paragraph.
fn presentation(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    if element.name.local == "text" && walk.around(1).local == "cm" {
        walk.top().role = Role::Note;
        walk.begin_text_group();
    }
}

impl Kind {
    /// By the content type of a part. None if it has no text.
    fn of_type(content_type: &str) -> Option<Kind> {
        Some(match content_type {
            "application/vnd.openxmlformats-package.core-properties+xml"
            | "application/vnd.openxmlformats-officedocument.core-properties+xml"
            | "application/vnd.ms-word.stylesWithEffects+xml"
            | "application/vnd.ms-office.drawingml.diagramDrawing+xml"
            | "application/vnd.ms-powerpoint.comments+xml"
            | "application/vnd.openxmlformats-officedocument.drawing+xml" => Kind::Text,
            "application/vnd.ms-office.chartex+xml" => Kind::Chart,
            "application/vnd.ms-excel.threadedcomments+xml"
            | "application/vnd.ms-excel.slicer+xml"
            | "application/vnd.ms-excel.slicerCache+xml" => Kind::Workbook(WorkbookPart::Other),
            "text/html" => Kind::Chunk(Some(Format::Html)),
            "application/xhtml+xml" => Kind::Chunk(Some(Format::Xhtml)),
            "message/rfc822" | "application/rtf" | "text/rtf" | "text/plain" => Kind::Chunk(None),
            "application/vnd.ms-word.document.macroEnabled.12" => Kind::Package(Format::Docx),
            "application/vnd.ms-excel.sheet.macroEnabled.12" => Kind::Package(Format::Xlsx),
            "application/vnd.ms-powerpoint.presentation.macroEnabled.12" => Kind::Package(Format::Pptx),
            "application/vnd.openxmlformats-package.digital-signature-origin"
            | "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml" => Kind::Signature,
            _ if content_type.starts_with("application/vnd.ms-excel.") && content_type.ends_with(".main+xml") => {
                Kind::Workbook(WorkbookPart::Main)
            }
            _ if content_type.starts_with("application/vnd.ms-") && content_type.ends_with(".main+xml") => Kind::Text,
            _ => {
                let office = content_type.strip_prefix("application/vnd.openxmlformats-officedocument.")?;
                match office.split_once('.')? {
                    ("wordprocessingml", "document") => Kind::Package(Format::Docx),
                    ("spreadsheetml", "sheet") => Kind::Package(Format::Xlsx),
                    ("presentationml", "presentation") => Kind::Package(Format::Pptx),
                    ("spreadsheetml", part) => Kind::Workbook(match part {
                        "sharedStrings+xml" => WorkbookPart::SharedStrings,
                        "worksheet+xml" => WorkbookPart::Sheet,
                        "table+xml" | "pivotCacheDefinition+xml" => WorkbookPart::Names,
                        "connections+xml" => WorkbookPart::Connections,
                        "chartsheet+xml"
                        | "comments+xml"
                        | "dialogsheet+xml"
                        | "pivotCacheRecords+xml"
                        | "pivotTable+xml"
                        | "styles+xml" => WorkbookPart::Other,
                        _ if part.ends_with(".main+xml") => WorkbookPart::Main,
                        _ => return None,
                    }),
                    (_, rest) if rest.ends_with(".main+xml") => Kind::Text,
                    (
                        "wordprocessingml",
                        "document.glossary+xml"
                        | "header+xml"
                        | "footer+xml"
                        | "footnotes+xml"
                        | "endnotes+xml"
                        | "comments+xml"
                        | "numbering+xml"
                        | "styles+xml"
                        | "settings+xml",
                    )
                    | (
                        "presentationml",
                        "slide+xml" | "slideLayout+xml" | "slideMaster+xml" | "notesSlide+xml" | "notesMaster+xml"
                        | "handoutMaster+xml" | "comments+xml",
                    )
                    | ("drawingml", "chartshapes+xml" | "diagramData+xml") => Kind::Text,
                    ("drawingml", "chart+xml") => Kind::Chart,
                    _ => return None,
                }
            }
        })
    }

    /// By the root element of a part whose content type says no more than that it is XML; and whether it is the main part.
    fn of_root(part: &[u8]) -> (Option<Kind>, bool) {
        let Ok((text, _)) = decoded_xml(part) else { return (None, false) };
        let root = Xml::new(&text).find_map(|event| match event {
            Ok(Event::Start(element)) => Some(element.name),
            _ => None,
        });
        let Some(Name { namespace, local }) = root else { return (None, false) };
        let kind = match (Vocabulary::of(namespace), local) {
            (Vocabulary::Word | Vocabulary::Presentation | Vocabulary::Drawing, _)
            | (Vocabulary::CoreProperties | Vocabulary::CoverPage, _) => Kind::Text,
            (Vocabulary::Chart | Vocabulary::ExtendedChart, _) => Kind::Chart,
            (Vocabulary::Sheet, "workbook") => Kind::Workbook(WorkbookPart::Main),
            (Vocabulary::Sheet, "sst") => Kind::Workbook(WorkbookPart::SharedStrings),
            (Vocabulary::Sheet, "worksheet") => Kind::Workbook(WorkbookPart::Sheet),
            (Vocabulary::Sheet, "table" | "pivotCacheDefinition") => Kind::Workbook(WorkbookPart::Names),
            (Vocabulary::Sheet, "connections") => Kind::Workbook(WorkbookPart::Connections),
            (Vocabulary::Sheet | Vocabulary::SheetExtension | Vocabulary::ThreadedComments, _) => {
                Kind::Workbook(WorkbookPart::Other)
            }
            (Vocabulary::Signature, _) => Kind::Signature,
            _ => return (None, false),
        };
        (Some(kind), matches!(local, "document" | "presentation" | "workbook"))
    }
}

/// The content types of a package's parts.
#[derive(Default)]
struct ContentTypes {
    by_extension: HashMap<String, String>,
    by_name: HashMap<String, String>,
}

impl ContentTypes {
    fn read(archive: &mut Archive<'_>) -> Result<ContentTypes, Error> {
        const NAME: &str = "[Content_Types].xml";
        let mut types = ContentTypes::default();
        let Some(bytes) = archive.read(NAME)? else { return Ok(types) };
        let (text, _) = decoded_xml(&bytes).map_err(|error| error.at(NAME))?;
        for event in Xml::new(&text) {
            let Event::Start(element) = event.map_err(|error| error.at(NAME))? else { continue };
            let value = |local| element.attribute("", local).map(|attribute| attribute.value);
            let Some(content_type) = value("ContentType").map(str::to_owned) else { continue };
            if let Some(name) = value("PartName") {
                types.by_name.insert(normalized(name), content_type);
            } else if let Some(extension) = value("Extension") {
                types.by_extension.insert(extension.to_ascii_lowercase(), content_type);
            }
        }
        Ok(types)
    }

    fn of(&self, name: &str) -> Option<&str> {
        let name = normalized(name);
        let by_extension = || self.by_extension.get(name.rsplit_once('.')?.1);
        self.by_name.get(&name).or_else(by_extension).map(String::as_str)
    }
}

/// The name of a part, in the form in which names are compared: without regard to the case of letters of ASCII.
fn normalized(name: &str) -> String {
    name.trim_start_matches('/').to_ascii_lowercase()
}

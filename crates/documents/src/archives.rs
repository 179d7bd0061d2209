//! The formats that are archives: which of their parts have text, and how it is found.

use std::{borrow::Cow, collections::HashMap, path::Path};

use fanjian::{Error, ErrorKind};

use crate::{
    container::Archive,
    decode::decoded_source,
    epub, fonts,
    format::Format,
    group::SegmentedGroup,
    office,
    options::Options,
    part::{PartKind, convert_part, groups_of_part},
    report::{FontGap, Report},
    scan::Scan,
    scanners::scanner,
};

/// How deep archives may stand in archives.
const DEPTH: usize = 4;

/// The parts of an archive of this format that have text, by name, in the order in which they are read.
fn parts(archive: &mut Archive<'_>, format: Format, options: &Options) -> Result<Vec<(String, PartKind)>, Error> {
    match format {
        Format::Docx | Format::Xlsx | Format::Pptx => office::ooxml_parts(archive, format),
        Format::Odt | Format::Ods | Format::Odp => office::odf_parts(archive, format),
        Format::Epub => epub::parts(archive),
        Format::Zip => Ok(zip_parts(archive, options)),
        _ => Err(Error::new(ErrorKind::Unsupported, format!("{format}: not an archive"))),
    }
}

/// The documents of a zip archive, by their names.
fn zip_parts(archive: &Archive<'_>, options: &Options) -> Vec<(String, PartKind)> {
    let part = |name: &String| {
        let path = Path::new(name);
        let format = Format::of_path(path).filter(|format| !options.leaves(*format, path))?;
        let kind = match scanner(format) {
            Some(scanner) => PartKind::Text(Box::new(scanner)),
            None => PartKind::Archive(format),
        };
        Some((name.clone(), kind))
    };
    archive.names().iter().filter_map(part).collect()
}

/// What is done with the texts in an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Convert,
    List { has_segments: bool },
}

/// What came of it.
#[derive(Debug, Default)]
struct Outcome {
    report: Report,
    groups: Vec<SegmentedGroup>,
}

/// Converts an archive.
pub(crate) fn convert<'s>(
    source: &'s [u8],
    format: Format,
    options: &Options,
    report: &mut Report,
) -> Result<Cow<'s, [u8]>, Error> {
    let archive = Archive::open(source, options.limit)?;
    let (bytes, outcome) = walk(archive, format, Task::Convert, options, DEPTH)?;
    *report += outcome.report;
    Ok(bytes)
}

/// The texts of an archive, with their segments if these are asked for.
pub(crate) fn groups(
    source: &[u8],
    format: Format,
    options: &Options,
    has_segments: bool,
) -> Result<Vec<SegmentedGroup>, Error> {
    let task = Task::List { has_segments };
    walk(Archive::open(source, options.limit)?, format, task, options, DEPTH).map(|(_, outcome)| outcome.groups)
}

/// Walks over the parts of an archive. Returns the archive with what they became.
fn walk<'s>(
    mut archive: Archive<'s>,
    outer: Format,
    task: Task,
    options: &Options,
    depth: usize,
) -> Result<(Cow<'s, [u8]>, Outcome), Error> {
    let mut changed = HashMap::new();
    let mut outcome = Outcome::default();
    let mut names = Vec::new();
    for (name, kind) in parts(&mut archive, outer, options)? {
        names.push(name.clone());
        let Some(bytes) = archive.read(&name)? else { continue };
        let options = if options.replace.is_some() { &options.of_part(&name) } else { options };
        let walked = match kind {
            PartKind::Text(scanner) => walk_text(&bytes, &*scanner, outer, task, options),
            PartKind::Chunk(scanner) => match walk_text(&bytes, &*scanner, outer, task, options) {
                Err(error) if can_be_left(outer, &error) => {
                    outcome.report.left += 1;
                    continue;
                }
                walked => walked,
            },
            PartKind::Left => {
                outcome.report.left += 1;
                continue;
            }
            PartKind::Archive(_) if depth == 0 => continue,
            PartKind::Archive(format) => {
                let within = archive.open_part(&bytes);
                match within.and_then(|within| walk(within, format, task, options, depth - 1)) {
                    Err(error) if can_be_left(outer, &error) => {
                        outcome.report.left += 1;
                        continue;
                    }
                    walked => walked.map(|(bytes, within)| (changed_bytes(bytes), within)),
                }
            }
        };
        let (new, within) = walked.map_err(|error| {
            let place = error.place().map(|place| format!("{name}/{place}"));
            error.at(place.unwrap_or_else(|| name.clone()))
        })?;
        outcome.report += within.report;
        outcome.report.parts += usize::from(new.is_some());
        outcome.groups.extend(within.groups.into_iter().map(|mut segmented| {
            segmented.group.part = Some(match segmented.group.part {
                Some(inner) => format!("{name}/{inner}"),
                None => name.clone(),
            });
            segmented
        }));
        changed.extend(new.map(|bytes| (name, bytes)));
    }
    outcome.report.fonts.extend(font_gaps(&mut archive, outer, &names, &changed)?);
    archive.with(&changed).map(|bytes| (bytes, outcome))
}

/// The same of a part that is a text. Returns its bytes if it changes.
fn walk_text(
    bytes: &[u8],
    scanner: &dyn Fn(&str, &mut Scan<'_>) -> Result<(), Error>,
    outer: Format,
    task: Task,
    options: &Options,
) -> Result<(Option<Vec<u8>>, Outcome), Error> {
    let (text, encoding) = decoded_source(bytes, scanner, options, outer == Format::Zip)?;
    let mut outcome = Outcome::default();
    match task {
        Task::List { has_segments } => {
            outcome.groups = groups_of_part(&text, scanner, options, has_segments)?;
            Ok((None, outcome))
        }
        Task::Convert => {
            let options = options.clone().kept_encoding(Some(encoding.name().to_owned()));
            let converted = convert_part(&text, scanner, &options, &mut outcome.report)?;
            Ok((converted.map(|text| encoding.encoded(text)).transpose()?, outcome))
        }
    }
}

/// The fonts of an archive that lack characters of what some of its parts, of those with text, became.
fn font_gaps(
    archive: &mut Archive<'_>,
    format: Format,
    parts: &[String],
    changed: &HashMap<String, Vec<u8>>,
) -> Result<Vec<FontGap>, Error> {
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let fonts = match format {
        Format::Epub => epub::fonts(archive)?,
        Format::Zip => Vec::new(),
        _ => office::fonts::fonts(archive)?,
    };
    fonts::gaps(archive, fonts, parts, changed)
}

/// What is different in another version of an archive.
pub(crate) fn differences(old: &[u8], new: &[u8], format: Format, options: &Options) -> Result<Report, Error> {
    let (old, new) = (Archive::open(old, options.limit)?, Archive::open(new, options.limit)?);
    differences_within(old, new, format, options, DEPTH)
}

fn differences_within(
    mut old: Archive<'_>,
    mut new: Archive<'_>,
    format: Format,
    options: &Options,
    depth: usize,
) -> Result<Report, Error> {
    let (mut report, mut names, mut changed) = (Report::default(), Vec::new(), HashMap::new());
    for (name, kind) in parts(&mut old, format, options)? {
        names.push(name.clone());
        let (Some(bytes), Some(new_bytes)) = (old.read(&name)?, new.read(&name)?) else { continue };
        if bytes == new_bytes {
            continue;
        }
        if let PartKind::Archive(format) = kind
            && depth > 0
        {
            let (old, new) = (old.open_part(&bytes)?, new.open_part(&new_bytes)?);
            report += differences_within(old, new, format, options, depth - 1)?;
        }
        report.parts += 1;
        changed.insert(name, new_bytes);
    }
    report.fonts.extend(font_gaps(&mut old, format, &names, &changed)?);
    Ok(report)
}

/// The bytes of an archive that changed.
fn changed_bytes(bytes: Cow<'_, [u8]>) -> Option<Vec<u8>> {
    match bytes {
        Cow::Borrowed(_) => None,
        Cow::Owned(bytes) => Some(bytes),
    }
}

/// Whether a document that is embedded in one of this format stays as it is, and the rest is converted, where it cannot be
/// read. The documents of a zip archive are what is to be converted.
fn can_be_left(outer: Format, error: &Error) -> bool {
    let is_unreadable = matches!(
        error.kind(),
        ErrorKind::Damaged | ErrorKind::InvalidUtf8 | ErrorKind::Syntax | ErrorKind::Unsupported
    );
    is_unreadable && outer != Format::Zip
}

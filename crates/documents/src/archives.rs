//! The formats that are archives: which of their parts have text, and how it is found.

use std::{borrow::Cow, collections::HashMap, path::Path};

use fanjian::{Error, ErrorKind};

use crate::{
    container::Archive,
    decode::decoded,
    epub,
    format::Format,
    group::SegmentedGroup,
    office,
    options::Options,
    part::{PartKind, convert_part, groups_of_part},
    report::Report,
    scanners::scanner,
};

/// How deep archives may stand in archives.
const DEPTH: usize = 4;

/// The parts of an archive of this format that have text, by name, in the order in which they are read.
fn parts(archive: &mut Archive<'_>, format: Format) -> Result<Vec<(String, PartKind)>, Error> {
    match format {
        Format::Docx | Format::Xlsx | Format::Pptx => office::ooxml_parts(archive, format),
        Format::Odt | Format::Ods | Format::Odp => office::odf_parts(archive, format),
        Format::Epub => epub::parts(archive),
        Format::Zip => Ok(zip_parts(archive)),
        _ => Err(Error::new(ErrorKind::Unsupported, format!("{format}: not an archive"))),
    }
}

/// The documents of a zip archive, by their names.
fn zip_parts(archive: &Archive<'_>) -> Vec<(String, PartKind)> {
    let part = |name: &String| {
        let format = Format::of_path(Path::new(name))?;
        let kind = match scanner(format) {
            Some(scanner) => PartKind::Text(Box::new(scanner)),
            None => PartKind::Archive(format),
        };
        Some((name.clone(), kind))
    };
    archive.names().iter().filter_map(part).collect()
}

/// Converts an archive.
pub(crate) fn convert<'s>(
    source: &'s [u8],
    format: Format,
    options: &Options,
    report: &mut Report,
) -> Result<Cow<'s, [u8]>, Error> {
    convert_within(Archive::open(source, options.limit)?, format, options, report, DEPTH)
}

fn convert_within<'s>(
    mut archive: Archive<'s>,
    outer: Format,
    options: &Options,
    report: &mut Report,
    depth: usize,
) -> Result<Cow<'s, [u8]>, Error> {
    let mut changed = HashMap::new();
    for (name, kind) in parts(&mut archive, outer)? {
        let Some(bytes) = archive.read(&name)? else { continue };
        let options =
            &if options.replace.is_some() { Cow::Owned(options.of_part(&name)) } else { Cow::Borrowed(options) };
        let converted = match kind {
            PartKind::Text(scanner) => {
                let (text, encoding) = decoded(&bytes).map_err(|error| error.at(&name))?;
                let text = convert_part(&text, scanner, options, report).map_err(|error| error.at(&name))?;
                text.map(|text| encoding.encoded(text))
            }
            PartKind::Archive(_) if depth == 0 => None,
            PartKind::Archive(format) => {
                let mut inner = Report::default();
                let within = archive.open_part(&bytes);
                let converted =
                    within.and_then(|within| convert_within(within, format, options, &mut inner, depth - 1));
                match converted {
                    Ok(converted) => {
                        *report += inner;
                        match converted {
                            Cow::Borrowed(_) => None,
                            Cow::Owned(bytes) => Some(bytes),
                        }
                    }
                    Err(error) if can_be_left(outer, &error) => {
                        report.left += 1;
                        None
                    }
                    Err(error) => return Err(error.at(&name)),
                }
            }
        };
        report.parts += usize::from(converted.is_some());
        changed.extend(converted.map(|bytes| (name, bytes)));
    }
    if outer == Format::Epub {
        report.fonts.extend(epub::font_gaps(&mut archive, &changed)?);
    }
    archive.with(&changed)
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

/// The texts of an archive, with their segments if these are asked for.
pub(crate) fn groups(
    source: &[u8],
    format: Format,
    options: &Options,
    has_segments: bool,
) -> Result<Vec<SegmentedGroup>, Error> {
    let mut groups = Vec::new();
    add_groups((Archive::open(source, options.limit)?, format), options, has_segments, DEPTH, &mut groups)?;
    Ok(groups)
}

fn add_groups(
    (mut archive, outer): (Archive<'_>, Format),
    options: &Options,
    has_segments: bool,
    depth: usize,
    groups: &mut Vec<SegmentedGroup>,
) -> Result<(), Error> {
    for (name, kind) in parts(&mut archive, outer)? {
        let Some(bytes) = archive.read(&name)? else { continue };
        let first = groups.len();
        match kind {
            PartKind::Text(scanner) => {
                let (text, _) = decoded(&bytes).map_err(|error| error.at(&name))?;
                let found = groups_of_part(&text, scanner, options, has_segments);
                groups.extend(found.map_err(|error| error.at(&name))?);
            }
            PartKind::Archive(_) if depth == 0 => {}
            PartKind::Archive(format) => {
                let within = archive.open_part(&bytes);
                let added =
                    within.and_then(|within| add_groups((within, format), options, has_segments, depth - 1, groups));
                match added {
                    Err(error) if can_be_left(outer, &error) => groups.truncate(first),
                    added => added.map_err(|error| error.at(&name))?,
                }
            }
        }
        for SegmentedGroup { group, .. } in &mut groups[first..] {
            group.part = Some(match &group.part {
                Some(inner) => format!("{name}/{inner}"),
                None => name.clone(),
            });
        }
    }
    Ok(())
}

//! One source: a document that is a text, or a part of an archive.

use fanjian::Error;

use crate::{encoding, format::Format, group::SegmentedGroup, options::Options, report::Report, scan::Scan, write};

/// How the text of a part is found.
pub(crate) type PartScanner = Box<dyn Fn(&str, &mut Scan<'_>) -> Result<(), Error>>;

/// What a part of an archive is.
pub(crate) enum PartKind {
    /// A text whose pieces a scanner finds.
    Text(PartScanner),
    /// The same of one that another program has put into the document: if it cannot be read, it stays.
    Chunk(PartScanner),
    /// A text in a format that is not read: it stays.
    Left,
    /// An archive in an archive.
    Archive(Format),
}

/// Converts a source by what a scanner finds in it. None if nothing changes.
pub(crate) fn convert_part(
    source: &str,
    scanner: impl Fn(&str, &mut Scan<'_>) -> Result<(), Error>,
    options: &Options,
    report: &mut Report,
) -> Result<Option<String>, Error> {
    let Some((mark, text, scan)) = scanned(source, &scanner, options)? else { return Ok(None) };
    if let Some(at) = scan.unclosed_mark(text) {
        report.unclosed_mark = Some(1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count());
    }
    let states_other = scan.states_other;
    let converted = write::convert(mark, text, scan, options, report)?;
    let scanner = |source: &str, scan: &mut Scan<'_>| scan_source(source, &scanner, scan);
    Ok(converted.map(|text| encoding::restated(text, states_other, scanner, options)))
}

/// The texts of a source, with their segments if these are asked for.
pub(crate) fn groups_of_part(
    source: &str,
    scanner: impl FnOnce(&str, &mut Scan<'_>) -> Result<(), Error>,
    options: &Options,
    has_segments: bool,
) -> Result<Vec<SegmentedGroup>, Error> {
    let Some((mark, text, scan)) = scanned(source, scanner, options)? else { return Ok(Vec::new()) };
    let mut groups = write::texts(text, scan, has_segments);
    groups.iter_mut().for_each(|SegmentedGroup { group, .. }| group.move_behind(mark.len()));
    Ok(groups)
}

/// The byte order mark of a source, the rest of it, and what a scanner finds in that. None if everything stays, as the document
/// is in a language whose texts are not converted.
fn scanned<'s, 'o>(
    source: &'s str,
    scanner: impl FnOnce(&str, &mut Scan<'_>) -> Result<(), Error>,
    options: &'o Options,
) -> Result<Option<(&'s str, &'s str, Scan<'o>)>, Error> {
    let (mark, text) = encoding::without_mark(source);
    let mut scan = Scan::new(options);
    scan_source(text, scanner, &mut scan)?;
    Ok((!scan.is_foreign()).then_some((mark, text, scan)))
}

/// Reads a source by its scanner, and its XML declaration.
pub(crate) fn scan_source(
    source: &str,
    scanner: impl FnOnce(&str, &mut Scan<'_>) -> Result<(), Error>,
    scan: &mut Scan<'_>,
) -> Result<(), Error> {
    scanner(source, scan)?;
    if let Some(raw) = encoding::in_xml_declaration(source) {
        encoding::name(source, raw, scan);
    }
    Ok(())
}

pub(crate) fn utf_8(source: &[u8]) -> Result<&str, Error> {
    simdutf8::basic::from_utf8(source).map_err(|_| Error::invalid_utf8(source, 0))
}

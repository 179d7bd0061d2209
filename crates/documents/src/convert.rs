//! The conversion of a document.

use std::borrow::Cow;

use fanjian::{Error, ErrorKind};

use crate::{
    archives,
    format::Format,
    group::{Group, SegmentedGroup},
    options::Options,
    part::{convert_part, groups_of_part, utf_8},
    report::Report,
    scanners::{Scanner, scanner},
};

/// A converted document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Converted<'s> {
    /// The document: the bytes that were given, borrowed, if nothing changes.
    pub bytes: Cow<'s, [u8]>,
    /// What was done.
    pub report: Report,
}

/// A converted document that is a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConvertedText<'s> {
    /// The document: the text that was given, borrowed, if nothing changes.
    pub text: Cow<'s, str>,
    /// What was done.
    pub report: Report,
}

/// Converts a document: the bytes of a file.
///
/// A document that is a text is in UTF-8; others are to be decoded before, for [`convert_text`].
///
/// # Errors
///
/// - [`InvalidUtf8`](ErrorKind::InvalidUtf8) if a document that is a text, or a part of an archive, is not UTF-8.
/// - [`Syntax`](ErrorKind::Syntax) if the source is not in this format.
/// - [`Damaged`](ErrorKind::Damaged) if an archive is not one, or is truncated or altered.
/// - [`TooLarge`](ErrorKind::TooLarge) if a part of an archive is larger than [`Options::part_limit`], or all of them
///   together are larger than 16 times that.
/// - [`Config`](ErrorKind::Config) if [`Options::replace`] finds parts that are none of the text, or the conversion is not to a
///   target.
/// - [`Unsupported`](ErrorKind::Unsupported) if the document is encrypted or signed.
pub fn convert<'s>(source: &'s [u8], format: Format, options: &Options) -> Result<Converted<'s>, Error> {
    if format.is_container() {
        let mut report = Report::default();
        // The parts are in UTF-8 whatever becomes of texts.
        let options = &Options { encoding: None, ..options.clone() };
        let bytes = archives::convert(source, format, options, &mut report)?;
        return Ok(Converted { bytes, report });
    }
    let ConvertedText { text, report } = convert_text(utf_8(source)?, format, options)?;
    let bytes = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Ok(Converted { bytes, report })
}

/// Converts a document that is a text.
///
/// ```
/// use fanjian::{Config, Converter};
/// use fanjian_documents::{Format, Options, convert_text};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::new(Config::S2t));
/// let subtitles = "1\n00:00:01,000 --> 00:00:02,000\n头发";
/// assert_eq!(convert_text(subtitles, Format::Srt, &options)?.text, "1\n00:00:01,000 --> 00:00:02,000\n頭髮");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax) if the source is not in this format; [`Config`](ErrorKind::Config) as [`convert`];
/// [`Unsupported`](ErrorKind::Unsupported) if the format is
/// an archive.
pub fn convert_text<'s>(source: &'s str, format: Format, options: &Options) -> Result<ConvertedText<'s>, Error> {
    let mut report = Report::default();
    let text = convert_part(source, text_scanner(format)?, options, &mut report)?;
    Ok(ConvertedText { text: text.map_or(Cow::Borrowed(source), Cow::Owned), report })
}

/// The texts of a document, by groups: what a reader reads on without a break. Those of an archive are in the order of its
/// parts.
///
/// # Errors
///
/// As [`convert`].
pub fn groups(source: &[u8], format: Format, options: &Options) -> Result<Vec<Group>, Error> {
    let groups = segmented(source, format, options, false)?;
    Ok(groups.into_iter().map(|SegmentedGroup { group, .. }| group).collect())
}

/// The texts of a document as [`groups`] returns them, each with the segments of its conversion: what each part of it becomes,
/// and why.
///
/// The segments are those of the conversion alone: what [`Options::protect`] and [`Options::replace`] find is in them as any other
/// text.
///
/// ```
/// use fanjian::{Converter, Target};
/// use fanjian_documents::{Format, Options, segments};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::for_target(Target::Taiwan));
/// let found = segments("<p>头<b>发</b></p>".as_bytes(), Format::Html, &options)?;
/// assert_eq!((found[0].group.text.as_str(), found[0].segments[1].output.as_str()), ("头发", "髮"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As [`convert`].
pub fn segments(source: &[u8], format: Format, options: &Options) -> Result<Vec<SegmentedGroup>, Error> {
    segmented(source, format, options, true)
}

fn segmented(
    source: &[u8],
    format: Format,
    options: &Options,
    has_segments: bool,
) -> Result<Vec<SegmentedGroup>, Error> {
    if format.is_container() {
        return archives::groups(source, format, options, has_segments);
    }
    groups_of_part(utf_8(source)?, text_scanner(format)?, options, has_segments)
}

fn text_scanner(format: Format) -> Result<Scanner, Error> {
    let message = || format!("{format}: the format is an archive, and no text");
    scanner(format).ok_or_else(|| Error::new(ErrorKind::Unsupported, message()))
}

//! The conversion of a document.

use std::borrow::Cow;

use fanjian::{Error, ErrorKind};

use crate::{
    archives,
    decode::decoded_source,
    format::Format,
    group::{Group, SegmentedGroup},
    options::Options,
    part::{convert_part, groups_of_part},
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
/// A document that is a text is in UTF-8, in UTF-16 with a byte order mark, in the encoding that it states itself
/// ([`stated_encoding`](crate::stated_encoding)), or in the one that [`Options::find_encoding`] finds. It stays in it, and states
/// it as with [`Options::kept_encoding`].
///
/// ```
/// use fanjian::{Config, Converter};
/// use fanjian_documents::{Format, Options, convert};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::new(Config::S2t));
/// let page = b"<meta charset=gbk><p>\xcd\xb7<b>\xb7\xa2</b>";
/// // 頭髮, in GBK.
/// let expected = b"<meta charset=gbk><p>\xee\x5e<b>\xf3\x8c</b>";
/// assert_eq!(*convert(page, Format::Html, &options)?.bytes, *expected);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// - [`InvalidUtf8`](ErrorKind::InvalidUtf8) if a document that is a text, or a part of an archive, is not UTF-8 and states no
///   other encoding.
/// - [`Syntax`](ErrorKind::Syntax) if the source is not in this format.
/// - [`Damaged`](ErrorKind::Damaged) if an archive is not one, or is truncated or altered; or if a text is not in the encoding
///   that it states.
/// - [`TooLarge`](ErrorKind::TooLarge) if a part of an archive is larger than [`Options::part_limit`], or all of them
///   together are larger than 16 times that.
/// - [`Config`](ErrorKind::Config) if [`Options::replace`] finds parts that are none of the text, or the conversion is not to a
///   target.
/// - [`Unsupported`](ErrorKind::Unsupported) if the document is encrypted or signed, or if its encoding lacks a character of
///   the converted text.
pub fn convert<'s>(source: &'s [u8], format: Format, options: &Options) -> Result<Converted<'s>, Error> {
    // What is given as bytes keeps its encoding.
    let options = &Options { encoding: None, kept_encoding: None, ..options.clone() };
    let mut report = Report::default();
    if format.is_container() {
        let bytes = archives::convert(source, format, options, &mut report)?;
        return Ok(Converted { bytes, report });
    }
    let scanner = text_scanner(format)?;
    let (text, encoding) = decoded_source(source, scanner, options, true)?;
    let options = options.clone().kept_encoding(Some(encoding.name().to_owned()));
    let ConvertedText { text: converted, report } = convert_text(&text, format, &options)?;
    let bytes = match converted {
        Cow::Borrowed(_) => Cow::Borrowed(source),
        Cow::Owned(text) => Cow::Owned(encoding.encoded(text)?),
    };
    Ok(Converted { bytes, report })
}

/// What is different between an archive and what it became in several conversions: [`Report::parts`] and [`Report::fonts`] of all of
/// them together. All else in the report is zero, and so is all of it for a document that is a text.
///
/// ```
/// use fanjian::{Config, Converter};
/// use fanjian_documents::{Format, Options, differences};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::new(Config::S2t));
/// assert_eq!(differences(b"a", b"b", Format::Html, &options)?.parts, 0);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As [`convert`].
pub fn differences(old: &[u8], new: &[u8], format: Format, options: &Options) -> Result<Report, Error> {
    match format.is_container() && old != new {
        true => archives::differences(old, new, format, options),
        false => Ok(Report::default()),
    }
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
    let scanner = text_scanner(format)?;
    if is_left(format, options) {
        return Ok(ConvertedText { text: Cow::Borrowed(source), report });
    }
    let text = convert_part(source, scanner, options, &mut report)?;
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
    segmented_text(&decoded_source(source, text_scanner(format)?, options, true)?.0, format, options, has_segments)
}

/// The same as [`groups`] of a document that is a text.
///
/// ```
/// use fanjian::{Config, Converter};
/// use fanjian_documents::{Format, Options, groups_of_text};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::new(Config::S2t));
/// let groups = groups_of_text("<p>头<b>发</b><p>软件", Format::Html, &options)?;
/// assert_eq!(groups.iter().map(|group| &*group.text).collect::<Vec<_>>(), ["头发", "软件"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As [`convert_text`].
pub fn groups_of_text(source: &str, format: Format, options: &Options) -> Result<Vec<Group>, Error> {
    let groups = segmented_text(source, format, options, false)?;
    Ok(groups.into_iter().map(|SegmentedGroup { group, .. }| group).collect())
}

fn segmented_text(
    source: &str,
    format: Format,
    options: &Options,
    has_segments: bool,
) -> Result<Vec<SegmentedGroup>, Error> {
    let scanner = text_scanner(format)?;
    if is_left(format, options) {
        return Ok(Vec::new());
    }
    groups_of_part(source, scanner, options, has_segments)
}

/// Whether the path of a document says that it is a catalogue in a language that is not converted.
fn is_left(format: Format, options: &Options) -> bool {
    options.path.as_ref().is_some_and(|path| options.leaves(format, path))
}

fn text_scanner(format: Format) -> Result<Scanner, Error> {
    let message = || format!("{format}: the format is an archive, and no text");
    scanner(format).ok_or_else(|| Error::new(ErrorKind::Unsupported, message()))
}

//! The scanners of the formats that are texts.

use fanjian::Error;

use crate::{format::Format, markup, scan::Scan, subtitles};

/// Finds the pieces and tags of a source.
pub(crate) type Scanner = fn(&str, &mut Scan<'_>) -> Result<(), Error>;

/// The scanner of a format. None for archives.
pub(crate) fn scanner(format: Format) -> Option<Scanner> {
    Some(match format {
        Format::Html => markup::html::scan,
        Format::Xhtml => markup::xhtml::scan,
        Format::Svg => markup::svg::scan,
        Format::Feed => markup::feed::scan,
        Format::Srt => subtitles::srt::scan,
        _ => return None,
    })
}

//! The scanners of the formats that are texts.

use fanjian::Error;

use crate::{format::Format, markdown, scan::Scan, subtitles};

/// Finds the pieces and tags of a source.
pub(crate) type Scanner = fn(&str, &mut Scan<'_>) -> Result<(), Error>;

/// The scanner of a format. None for archives.
pub(crate) fn scanner(format: Format) -> Option<Scanner> {
    Some(match format {
        Format::Srt => subtitles::srt::scan,
        Format::Vtt => subtitles::vtt::scan,
        Format::Ass => subtitles::ass::scan,
        Format::Lrc => subtitles::lrc::scan,
        Format::Ttml => subtitles::ttml::scan,
        Format::Whisper => subtitles::whisper::scan,
        Format::Markdown => markdown::scan,
        _ => return None,
    })
}

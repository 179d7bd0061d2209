//! The scanners of the formats that are texts.

use fanjian::Error;

use crate::{cards, catalogues, data, format::Format, markdown, markup, scan::Scan, style_sheets, subtitles, wiki};

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
        Format::Json => data::json::scan,
        Format::Yaml => data::yaml::scan,
        Format::Toml => data::toml::scan,
        Format::Po => catalogues::po::scan,
        Format::Xliff => catalogues::xliff::scan,
        Format::Android => catalogues::android::scan,
        Format::Strings => catalogues::strings::scan,
        Format::Xcstrings => catalogues::xcstrings::scan,
        Format::Properties => catalogues::properties::scan,
        Format::Arb => catalogues::arb::scan,
        Format::Fluent => catalogues::fluent::scan,
        Format::Resx => catalogues::resx::scan,
        Format::Vtt => subtitles::vtt::scan,
        Format::Ass => subtitles::ass::scan,
        Format::Lrc => subtitles::lrc::scan,
        Format::Ttml => subtitles::ttml::scan,
        Format::Whisper => subtitles::whisper::scan,
        Format::Markdown => markdown::scan,
        Format::Wiki => wiki::scan,
        Format::Css => style_sheets::scan,
        Format::Vcard => cards::scan_vcard,
        Format::Ics => cards::scan_icalendar,
        _ => return None,
    })
}

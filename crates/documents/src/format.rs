//! The formats of documents, and which one a file is.

use std::path::Path;

use fanjian_dictionary::named;

use crate::{
    data::json_reader,
    xml::{Event, Xml},
};

named! {
    /// A format of documents.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian_documents::Format;
    ///
    /// assert_eq!(Format::of_path(Path::new("page.HTM")), Some(Format::Html));
    /// assert_eq!("html".parse::<Format>().unwrap(), Format::Html);
    /// // Extensions are names, too.
    /// assert_eq!("md".parse::<Format>().unwrap(), Format::Markdown);
    /// ```
    pub enum Format: "document format" or Format::of_extension {
        /// HTML, as browsers read it.
        Html "html" "HTML pages",
        /// XHTML: HTML that is XML.
        Xhtml "xhtml" "XHTML pages",
        /// EPUB 2 and 3.
        Epub "epub" "EPUB 2 and 3",
        /// SubRip.
        Srt "srt" "SubRip subtitles",
        /// WebVTT.
        Vtt "vtt" "WebVTT subtitles",
        /// Advanced SubStation Alpha, and SubStation Alpha.
        Ass "ass" "Advanced SubStation Alpha subtitles",
        /// Lyrics with times.
        Lrc "lrc" "lyrics with times",
        /// Timed Text Markup Language.
        Ttml "ttml" "Timed Text Markup Language",
        /// Whisper's JSON: segments and words with times.
        Whisper "whisper" "transcripts of Whisper in JSON",
        /// Word's documents.
        Docx "docx" "Word documents",
        /// Excel's workbooks. Equal strings stay equal: cells, names of a table's columns, strings in formulas, items of lists
        /// and filters. Names of sheets stay, and so do strings that are addresses, as in `INDIRECT`.
        Xlsx "xlsx" "Excel workbooks",
        /// PowerPoint's presentations.
        Pptx "pptx" "PowerPoint presentations",
        /// OpenDocument texts.
        Odt "odt" "OpenDocument texts",
        /// OpenDocument spreadsheets.
        Ods "ods" "OpenDocument spreadsheets",
        /// OpenDocument presentations.
        Odp "odp" "OpenDocument presentations",
        /// Markdown: CommonMark with GitHub's extensions and front matter.
        Markdown "markdown" "Markdown",
        /// MediaWiki's pages.
        Wiki "wiki" "pages of MediaWiki",
        /// CSS, Sass and Less: the strings of `content`.
        Css "css" "style sheets: the strings of content",
        /// vCard.
        Vcard "vcard" "vCards",
        /// iCalendar.
        Ics "ics" "calendars of iCalendar",
        /// JSON: the strings that are values.
        Json "json" "JSON: the strings that are values",
        /// YAML: the scalars that are values.
        Yaml "yaml" "YAML: the scalars that are values",
        /// TOML: the strings that are values.
        Toml "toml" "TOML: the strings that are values",
        /// Catalogues and templates of gettext.
        Po "po" "catalogues of gettext",
        /// XLIFF 1.2 and 2: the targets.
        Xliff "xliff" "XLIFF 1.2 and 2",
        /// Resources of Android: `strings.xml`.
        Android "android" "string resources of Android",
        /// Apple's `.strings`.
        Strings "strings" "Apple's .strings",
        /// Apple's string catalogues.
        Xcstrings "xcstrings" "Apple's string catalogues",
        /// Java's properties.
        Properties "properties" "Java's properties",
        /// Application Resource Bundles, of Flutter.
        Arb "arb" "Application Resource Bundles",
        /// Fluent.
        Fluent "fluent" "Fluent",
        /// Resources of .NET.
        Resx "resx" "resources of .NET",
        /// SVG pictures.
        Svg "svg" "SVG pictures",
        /// RSS and Atom.
        Feed "feed" "RSS and Atom feeds",
        /// A zip archive of such documents and of plain texts.
        Zip "zip" "zip archives of documents",
    }
}

impl Format {
    /// The format that the name of a file stands for, by its extension or, as `strings.xml`, the whole of it. None for plain
    /// text, and for what is not known. A `.json` may be [`Whisper`](Format::Whisper)'s: see [`of_content`](Format::of_content).
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (_, extension) = name.rsplit_once('.')?;
        match name.as_str() {
            "strings.xml" | "arrays.xml" | "plurals.xml" => Some(Format::Android),
            _ => Format::of_extension(extension),
        }
    }

    /// The format that an extension stands for, with or without its dot.
    fn of_extension(extension: &str) -> Option<Format> {
        let extension = extension.strip_prefix('.').unwrap_or(extension).to_ascii_lowercase();
        Some(match extension.as_str() {
            "htm" | "html" => Format::Html,
            "xhtml" | "xht" => Format::Xhtml,
            "epub" => Format::Epub,
            "srt" => Format::Srt,
            "vtt" => Format::Vtt,
            "ass" | "ssa" => Format::Ass,
            "lrc" => Format::Lrc,
            "ttml" | "dfxp" => Format::Ttml,
            "docx" | "docm" | "dotx" | "dotm" => Format::Docx,
            "xlsx" | "xlsm" | "xltx" | "xltm" => Format::Xlsx,
            "pptx" | "pptm" | "potx" | "potm" | "ppsx" | "ppsm" => Format::Pptx,
            "odt" | "ott" => Format::Odt,
            "ods" | "ots" => Format::Ods,
            "odp" | "otp" => Format::Odp,
            "md" | "markdown" | "mdx" | "mkd" => Format::Markdown,
            "wiki" | "mediawiki" => Format::Wiki,
            "css" | "scss" | "less" => Format::Css,
            "vcf" | "vcard" => Format::Vcard,
            "ics" | "ical" => Format::Ics,
            "json" | "json5" | "jsonc" | "webmanifest" => Format::Json,
            "yaml" | "yml" => Format::Yaml,
            "toml" => Format::Toml,
            "po" | "pot" => Format::Po,
            "xlf" | "xliff" => Format::Xliff,
            "strings" => Format::Strings,
            "xcstrings" => Format::Xcstrings,
            "properties" => Format::Properties,
            "arb" => Format::Arb,
            "ftl" => Format::Fluent,
            "resx" | "resw" => Format::Resx,
            "svg" => Format::Svg,
            "rss" | "atom" => Format::Feed,
            "zip" => Format::Zip,
            _ => return None,
        })
    }

    /// The format of a file by the beginning of its content, where its name says little: `.xml`, and a name without an extension,
    /// by the root element; `.json` as [`Whisper`](Format::Whisper)'s or [`Json`](Format::Json). Else by its name, as
    /// [`of_path`](Format::of_path).
    ///
    /// `head` is the beginning of the file in UTF-8, in bytes; the first kilobytes are enough, and may end anywhere. Transcripts
    /// are known by a `segments` list of objects with `text` and `start`.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian_documents::Format;
    ///
    /// let resources = b"<?xml version='1.0'?><resources><string name='a'>b</string></resources>";
    /// assert_eq!(Format::of_content(resources, Path::new("messages.xml")), Some(Format::Android));
    /// assert_eq!(Format::of_content(b"<note/>", Path::new("note.xml")), None);
    /// assert_eq!(Format::of_content(b"<note/>", Path::new("note.txt")), None);
    /// ```
    #[must_use]
    pub fn of_content(head: &[u8], path: &Path) -> Option<Format> {
        let by_path = Format::of_path(path);
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match (by_path, extension.as_deref()) {
            (Some(Format::Json), Some("json")) if is_transcript(valid(head)) => Some(Format::Whisper),
            (_, Some("xml")) => of_root(valid(head)),
            // A page without an extension need not be XML.
            (None, None) if head.trim_ascii_start().starts_with(b"<") => match of_root(valid(head)) {
                Some(Format::Xhtml) => Some(Format::Html),
                format => format,
            },
            _ => by_path,
        }
    }

    /// Whether documents of this format are messages of a program, whose language is often in the name of the file alone.
    #[must_use]
    pub fn is_catalogue(self) -> bool {
        use Format::{Android, Arb, Fluent, Json, Po, Properties, Resx, Strings, Toml, Yaml};
        matches!(self, Android | Arb | Fluent | Json | Po | Properties | Resx | Strings | Toml | Yaml)
    }

    /// Whether documents of this format are archives, and not texts.
    #[must_use]
    pub fn is_container(self) -> bool {
        use Format::{Docx, Epub, Odp, Ods, Odt, Pptx, Xlsx, Zip};
        matches!(self, Docx | Epub | Odp | Ods | Odt | Pptx | Xlsx | Zip)
    }
}

/// What is UTF-8 at the beginning of a text.
fn valid(head: &[u8]) -> &str {
    let chunk = head.utf8_chunks().next();
    chunk.map_or("", |chunk| chunk.valid())
}

/// The format of XML by its root element.
fn of_root(head: &str) -> Option<Format> {
    let root = Xml::new(head).map_while(Result::ok).find_map(|event| match event {
        Event::Start(element) => Some(element),
        _ => None,
    })?;
    Some(match root.name.local {
        "resources" => Format::Android,
        "xliff" => Format::Xliff,
        "rss" | "feed" | "RDF" => Format::Feed,
        "svg" => Format::Svg,
        "html" => Format::Xhtml,
        "tt" => Format::Ttml,
        "root" if head[root.raw.end..].contains("<resheader") => Format::Resx,
        _ => return None,
    })
}

/// Whether JSON is a transcript: an object with `segments`, of which the first has `text` and `start`.
fn is_transcript(head: &str) -> bool {
    if memchr::memmem::find(head.as_bytes(), b"\"segments\"").is_none() {
        return false;
    }
    let (mut path, mut key): (Vec<&str>, &str) = (Vec::new(), "");
    let (mut has_text, mut has_start) = (false, false);
    // The head may end anywhere: what is read before the error counts.
    let _ = json_reader::read(head, |event| match event {
        json_reader::Event::Object(_) | json_reader::Event::Array(_) => path.push(std::mem::take(&mut key)),
        json_reader::Event::End(_) => _ = path.pop(),
        json_reader::Event::Key(raw) => {
            key = &head[raw];
            if path == ["", "segments", ""] {
                has_text |= key == "text";
                has_start |= key == "start";
            }
        }
        json_reader::Event::String(..) | json_reader::Event::Other(_) => key = "",
        json_reader::Event::Comment(_) => {}
    });
    has_text && has_start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_names() {
        for (written, format) in [("md", Format::Markdown), (".MD", Format::Markdown), ("htm", Format::Html)] {
            assert_eq!(written.parse::<Format>().unwrap(), format);
        }
        // No extension means another format than the name that it is.
        for &format in Format::ALL {
            assert!(Format::of_extension(format.name()).is_none_or(|found| found == format), "{format}");
        }
        assert!("xml".parse::<Format>().is_err() && "".parse::<Format>().is_err());
    }

    #[test]
    fn formats_are_known_by_content() {
        let cases = [
            ("a.xml", "\u{feff}<?xml version='1.0'?><!-- x --><resources/>", Some(Format::Android)),
            ("a.xml", "<xliff version='1.2'><file", Some(Format::Xliff)),
            ("a.xml", "<feed xmlns='http://www.w3.org/2005/Atom'>", Some(Format::Feed)),
            ("a.xml", "<rss version='2.0'>", Some(Format::Feed)),
            ("a", "\n<svg xmlns='http://www.w3.org/2000/svg'>", Some(Format::Svg)),
            ("a.xml", "<html xmlns='http://www.w3.org/1999/xhtml'>", Some(Format::Xhtml)),
            ("a", "<!DOCTYPE html><html>", Some(Format::Html)),
            ("a.xml", "<tt xmlns='http://www.w3.org/ns/ttml'>", Some(Format::Ttml)),
            ("a.xml", "<root><resheader name='version'>", Some(Format::Resx)),
            ("a.xml", "<root><other/>", None),
            ("strings.xml", "<root/>", None),
            ("a.xml", "头发", None),
            ("a.txt", "<svg/>", None),
            ("a.html", "<svg/>", Some(Format::Html)),
            (
                "a.json",
                r#"{"text": "x", "segments": [{"id": 0, "start": 0.0, "end": 1, "text": "头"#,
                Some(Format::Whisper),
            ),
            ("a.json", r#"{"text": "x", "segments": [1, 2]}"#, Some(Format::Json)),
            ("a.json", r#"[{"start": 0, "text": "x"}]"#, Some(Format::Json)),
            ("a.srt", "", Some(Format::Srt)),
        ];
        for (path, head, expected) in cases {
            assert_eq!(Format::of_content(head.as_bytes(), Path::new(path)), expected, "{path}: {head}");
        }
        assert_eq!(Format::of_content(b"<svg title='\xe5", Path::new("a.xml")), None);
    }
}

//! The formats of documents, and which one a file is.

use std::path::Path;

use fanjian_dictionary::named;

named! {
    /// A format of documents.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian_documents::Format;
    ///
    /// assert_eq!(Format::of_path(Path::new("page.HTM")), Some(Format::Html));
    /// assert_eq!("html".parse::<Format>().unwrap(), Format::Html);
    /// ```
    pub enum Format: "document format" {
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
        Some(match extension {
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
            "xml" if name == "strings.xml" || name == "arrays.xml" || name == "plurals.xml" => Format::Android,
            _ => return None,
        })
    }

    /// Whether documents of this format are archives, and not texts.
    #[must_use]
    pub fn is_container(self) -> bool {
        use Format::{Docx, Epub, Odp, Ods, Odt, Pptx, Xlsx, Zip};
        matches!(self, Docx | Epub | Odp | Ods | Odt | Pptx | Xlsx | Zip)
    }
}

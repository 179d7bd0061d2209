//! The choices of a conversion of documents.

use std::{
    fmt,
    ops::Range,
    panic::RefUnwindSafe,
    path::{Path, PathBuf},
    sync::Arc,
};

use fanjian::{Converter, Replacement};

use crate::{format::Format, group::Group, language::Languages};

/// Finds the parts of a text that are not to be converted, in bytes, in order.
type Protect = Arc<dyn Fn(&str) -> Vec<Range<usize>> + Send + Sync + RefUnwindSafe>;

/// Finds the encoding of a text, as a label, by its bytes; or returns why it is not known.
type FindEncoding = Arc<dyn Fn(&[u8]) -> Result<String, String> + Send + Sync + RefUnwindSafe>;

/// Finds the parts of a group's text that become what the caller says, in bytes, in order.
type Replace = Arc<dyn Fn(&Group) -> Vec<Replacement> + Send + Sync + RefUnwindSafe>;

/// How documents are converted.
///
/// ```
/// use fanjian::{Converter, Target};
/// use fanjian_documents::{Format, Languages, Options, convert};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::for_target(Target::Taiwan)).languages(Languages::to_target(Target::Taiwan, None));
/// let page = "<p lang=zh-CN>她的头<b>发</b>";
/// let converted = convert(page.as_bytes(), Format::Html, &options)?;
/// assert_eq!(converted.bytes, "<p lang=zh-TW>她的頭<b>髮</b>".as_bytes());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Options {
    pub(crate) converter: Converter,
    pub(crate) languages: Languages,
    pub(crate) keeps_tags: bool,
    pub(crate) code: bool,
    pub(crate) marks: bool,
    /// Whether a file that a tool reads is known by its keys: most of its values are no text.
    pub(crate) manifests: bool,
    /// Whether a string catalogue keeps its texts in the language that its keys are in.
    pub(crate) keeps_sources: bool,
    pub(crate) protect: Option<Protect>,
    pub(crate) replace: Option<Replace>,
    /// The part of an archive that is converted.
    pub(crate) part: Option<String>,
    pub(crate) limit: u64,
    pub(crate) encoding: Option<String>,
    pub(crate) kept_encoding: Option<String>,
    pub(crate) find_encoding: Option<FindEncoding>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) left_styles: Arc<[String]>,
}

impl Options {
    /// The greatest size of an unpacked part of an archive, in bytes, if no other is set: 256 MiB.
    pub const LIMIT: u64 = 256 << 20;

    /// Conversion by this converter. Names of languages stay.
    #[must_use]
    pub fn new(converter: Converter) -> Options {
        Options {
            converter,
            languages: Languages::default(),
            keeps_tags: false,
            code: false,
            marks: true,
            manifests: true,
            keeps_sources: true,
            protect: None,
            replace: None,
            part: None,
            limit: Options::LIMIT,
            encoding: None,
            kept_encoding: None,
            find_encoding: None,
            path: None,
            left_styles: Arc::default(),
        }
    }

    /// Another converter, with all else as it is.
    #[must_use]
    pub fn converter(mut self, converter: Converter) -> Options {
        self.converter = converter;
        self
    }

    /// The languages whose texts are converted, and what their names become.
    #[must_use]
    pub fn languages(mut self, languages: Languages) -> Options {
        self.languages = languages;
        self
    }

    /// Whether tags of languages stay as they are: they follow by default. The groups of the result are then those of the
    /// source, one for one, also where [`languages`](Options::languages) take text of one script alone.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_documents::{Format, Languages, Options, convert_text};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let options = Options::new(Converter::new(Config::S2t)).languages(Languages::of_config(Config::S2t));
    /// let converted = convert_text("<p lang=zh-CN>头发", Format::Html, &options.keep_tags(true))?;
    /// assert_eq!(converted.text, "<p lang=zh-CN>頭髮");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn keep_tags(mut self, kept: bool) -> Options {
        self.keeps_tags = kept;
        self
    }

    /// Whether the text of code and of preformatted text is converted, too.
    #[must_use]
    pub fn code(mut self, converted: bool) -> Options {
        self.code = converted;
        self
    }

    /// Whether the marks `fanjian:off` and `fanjian:on` in comments leave what is between them as it is: they do by default.
    #[must_use]
    pub fn marks(mut self, count: bool) -> Options {
        self.marks = count;
        self
    }

    /// Leaves parts of texts as they are: `find` returns them for the text of a group, in bytes of it, in order and apart.
    #[must_use]
    pub fn protect(
        mut self,
        find: impl Fn(&str) -> Vec<Range<usize>> + Send + Sync + RefUnwindSafe + 'static,
    ) -> Options {
        self.protect = Some(Arc::new(find));
        self
    }

    /// Parts of texts become what the caller says, whatever the conversion would make of them: `find` returns them for a group,
    /// in bytes of its text, in order and apart. The conversion must be to a target.
    ///
    /// ```
    /// use fanjian::{Converter, Replacement, Target};
    /// use fanjian_documents::{Format, Options, convert_text};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let options = Options::new(Converter::for_target(Target::Taiwan)).replace(|group| {
    ///     let found = group.text.find('汇').into_iter();
    ///     found.map(|at| Replacement { source: at..at + 3, output: "彙".to_owned() }).collect()
    /// });
    /// assert_eq!(convert_text("<p><b>词</b>汇</p>", Format::Html, &options)?.text, "<p><b>詞</b>彙</p>");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn replace(
        mut self,
        find: impl Fn(&Group) -> Vec<Replacement> + Send + Sync + RefUnwindSafe + 'static,
    ) -> Options {
        self.replace = Some(Arc::new(find));
        self
    }

    /// These options for a part of an archive, or of one in an archive.
    pub(crate) fn of_part(&self, name: &str) -> Options {
        let part = match &self.part {
            Some(outer) => format!("{outer}/{name}"),
            None => name.to_owned(),
        };
        Options { part: Some(part), ..self.clone() }
    }

    /// The name of the encoding that a text will be written in by the caller, such as `Big5`: where a page, an XML document or
    /// a catalogue of gettext states its encoding, it becomes this. None, as at first: it stays. Only for
    /// [`convert_text`](crate::convert_text) and [`fill`](crate::fill); what is given as bytes keeps its encoding, and so do
    /// documents in archives.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_documents::{Format, Options, convert_text};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let options = Options::new(Converter::new(Config::S2t)).encoding(Some("Big5".to_owned()));
    /// let converted = convert_text("<meta charset=GB2312><p>头发", Format::Html, &options)?;
    /// assert_eq!(converted.text, "<meta charset=Big5><p>頭髮");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn encoding(mut self, name: Option<String>) -> Options {
        self.encoding = name;
        self
    }

    /// The name of the encoding that a text was read from by the caller, who will write it in the same one. What the text states
    /// stays, unless its converted characters go beyond it: `GB2312` becomes `GBK`, these become `gb18030`, and `Big5` becomes
    /// `Big5-HKSCS`; in a text in UTF-8, any other name becomes `UTF-8`. None, as at first: all stays. Only for
    /// [`convert_text`](crate::convert_text) and [`fill`](crate::fill), as [`encoding`](Options::encoding); what is given as bytes has
    /// it by itself.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_documents::{Format, Options, convert_text};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let options = Options::new(Converter::new(Config::S2t)).kept_encoding(Some("GBK".to_owned()));
    /// let converted = |page| convert_text(page, Format::Html, &options).map(|converted| converted.text.into_owned());
    /// assert_eq!(converted("<meta charset=GB2312><p>头发")?, "<meta charset=GBK><p>頭髮");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn kept_encoding(mut self, name: Option<String>) -> Options {
        self.kept_encoding = name;
        self
    }

    /// Finds the encodings of texts that are given as bytes, and of those in zip archives: `find` returns the label of one for
    /// the bytes of a text, such as `gbk` (<https://encoding.spec.whatwg.org/#names-and-labels>), or why it is not known. A
    /// byte order mark comes before it, and what the text states itself counts where `find` does not know.
    ///
    /// Without this, a text is in UTF-8, in UTF-16 with a mark, or in the encoding that it states.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_documents::{Format, Options, convert};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let options = Options::new(Converter::new(Config::S2t)).find_encoding(|_| Ok("gbk".to_owned()));
    /// let converted = convert(b"1\n00:00:01,000 --> 00:00:02,000\n\xcd\xb7\xb7\xa2\n", Format::Srt, &options)?;
    /// // 頭髮, in GBK.
    /// assert_eq!(*converted.bytes, *b"1\n00:00:01,000 --> 00:00:02,000\n\xee\x5e\xf3\x8c\n");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn find_encoding(
        mut self,
        find: impl Fn(&[u8]) -> Result<String, String> + Send + Sync + RefUnwindSafe + 'static,
    ) -> Options {
        self.find_encoding = Some(Arc::new(find));
        self
    }

    /// The path of the document: a catalogue of messages that is in another language with Han characters by its name or folder
    /// ([`Languages::takes_path`]) stays as it is. Those in a zip archive do by their names in it.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_documents::{Format, Options, convert_text};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let options = Options::new(Converter::new(Config::S2t)).path("locales/ja.json");
    /// assert_eq!(convert_text(r#"{"a": "国"}"#, Format::Json, &options)?.text, r#"{"a": "国"}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn path(mut self, path: impl Into<PathBuf>) -> Options {
        self.path = Some(path.into());
        self
    }

    /// Whether a document of this format and path is a catalogue in a language that is not converted.
    pub(crate) fn leaves(&self, format: Format, path: &Path) -> bool {
        format.is_catalogue() && !self.languages.takes_path(path)
    }

    /// Leaves subtitles of these styles as they are: their names, in SubStation Alpha's column `Style`.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_documents::{Format, Options, convert_text};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let options = Options::new(Converter::new(Config::S2t)).without_styles(["OPJP", "EDJP"]);
    /// let line = "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,OPJP,,0,0,0,,国学\n";
    /// assert_eq!(convert_text(line, Format::Ass, &options)?.text, line);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn without_styles(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Options {
        self.left_styles = names.into_iter().map(Into::into).collect();
        self
    }

    /// The greatest size of an unpacked part of an archive, in bytes. A larger one is an error.
    #[must_use]
    pub fn part_limit(mut self, limit: u64) -> Options {
        self.limit = limit;
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options {
            converter,
            languages,
            keeps_tags,
            code,
            marks,
            manifests,
            keeps_sources,
            protect,
            replace,
            part,
            limit,
            encoding,
            kept_encoding,
            find_encoding,
            path,
            left_styles,
        } = self;
        f.debug_struct("Options")
            .field("converter", converter)
            .field("languages", languages)
            .field("keeps_tags", keeps_tags)
            .field("code", code)
            .field("marks", marks)
            .field("manifests", manifests)
            .field("keeps_sources", keeps_sources)
            .field("protect", &protect.is_some())
            .field("replace", &replace.is_some())
            .field("part", part)
            .field("limit", limit)
            .field("encoding", encoding)
            .field("kept_encoding", kept_encoding)
            .field("find_encoding", &find_encoding.is_some())
            .field("path", path)
            .field("left_styles", left_styles)
            .finish()
    }
}

//! The choices of a conversion of documents.

use std::{fmt, ops::Range, panic::RefUnwindSafe, sync::Arc};

use fanjian::{Converter, Replacement};

use crate::{group::Group, language::Languages};

/// Finds the parts of a text that are not to be converted, in bytes, in order.
type Protect = Arc<dyn Fn(&str) -> Vec<Range<usize>> + Send + Sync + RefUnwindSafe>;

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
    pub(crate) code: bool,
    pub(crate) marks: bool,
    pub(crate) protect: Option<Protect>,
    pub(crate) replace: Option<Replace>,
    /// The part of an archive that is converted.
    pub(crate) part: Option<String>,
    pub(crate) limit: u64,
    pub(crate) encoding: Option<String>,
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
            code: false,
            marks: true,
            protect: None,
            replace: None,
            part: None,
            limit: Options::LIMIT,
            encoding: None,
            left_styles: Arc::default(),
        }
    }

    /// The languages whose texts are converted, and what their names become.
    #[must_use]
    pub fn languages(mut self, languages: Languages) -> Options {
        self.languages = languages;
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

    /// The name of the encoding that a document will be written in, such as `Big5`: where a page or an XML document states
    /// its encoding, it becomes this. None, as at first: it stays. Documents in archives stay in UTF-8.
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
        let Options { converter, languages, code, marks, protect, replace, part, limit, encoding, left_styles } = self;
        f.debug_struct("Options")
            .field("converter", converter)
            .field("languages", languages)
            .field("code", code)
            .field("marks", marks)
            .field("protect", &protect.is_some())
            .field("replace", &replace.is_some())
            .field("part", part)
            .field("limit", limit)
            .field("encoding", encoding)
            .field("left_styles", left_styles)
            .finish()
    }
}

use std::{
    borrow::Cow,
    fmt,
    io::{Read, Write},
    path::PathBuf,
};

use fanjian_context::{Target, Vocabulary};
use fanjian_dictionary::{Dictionary, Entries};

use crate::{
    Config, Error, ErrorKind,
    batch::{self, Batch},
    bytes::{self, InvalidUtf8},
    engine::{
        boundary,
        conversion::{Conversion, Tables},
        level::{Levels, Work},
        trace::{Trace, trace},
    },
    resolve::{self, Found, Resolved, Resolver, Source},
    segments::{Inspection, Segment},
    stream::{Reader, Stream, Writer},
    target::{self, Course},
    text,
};

/// Converts text by a configuration.
///
/// Made by [`Converter::new`] for a built-in configuration, and by [`Converter::builder`] for choices. It is `Send` and
/// `Sync`, and cheap to clone: clones share their tables.
///
/// Built-in configurations remember what short parts of texts became, for later conversions: 256 kB for each configuration
/// that is in use, and for each thread that can run at once.
///
/// ```
/// use fanjian::{Config, Converter};
///
/// let converter = Converter::new(Config::S2twp);
/// assert_eq!(converter.convert("鼠标坏了，后来换了一个"), "滑鼠壞了，後來換了一個");
/// ```
#[derive(Clone)]
pub struct Converter {
    levels: Levels,
    tables: Option<&'static Tables>,
    target: Option<Course>,
}

/// Shorter texts, in bytes, are converted at once, without a look for how much of them stays as it is.
const SHORT: usize = 256;

impl Converter {
    /// A converter by a built-in configuration, without the dictionaries that may output characters which many fonts
    /// lack: what OpenCC's command does.
    ///
    /// Reads no file and builds no dictionary: the dictionaries are part of the program and used where they lie.
    pub fn new(config: Config) -> Converter {
        Self::from(resolve::plain(config, false))
    }

    /// A converter to a target: from Chinese text of any kind, Simplified, Traditional of any region, or mixed. What is
    /// right in the target stays as it is, and to convert the output again changes nothing.
    ///
    /// Words stay; [`vocabulary`](ConverterBuilder::vocabulary) has them replaced, too. The first converter to a target
    /// reads its tables, in about half a millisecond.
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    ///
    /// let converter = Converter::for_target(Target::Taiwan);
    /// assert_eq!(converter.convert("他不是只有一只猫，头发也发白了"), "他不是只有一隻貓，頭髮也發白了");
    /// assert_eq!(converter.convert("皇后來了，這里的面包"), "皇后來了，這裡的麵包");
    /// ```
    pub fn for_target(target: Target) -> Converter {
        let levels = Vec::new().into();
        let course = Course { engine: target::engine(target, Vocabulary::Keep), from: None };
        Converter { levels, tables: None, target: Some(course) }
    }

    /// A converter with choices: see [`ConverterBuilder`].
    pub fn builder() -> ConverterBuilder {
        ConverterBuilder::default()
    }

    /// Converts a text. Gives the text itself where nothing changes.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// use std::borrow::Cow;
    ///
    /// let converter = Converter::new(Config::S2t);
    /// assert_eq!(converter.convert("皇后的头发"), "皇后的頭髮");
    /// assert!(matches!(converter.convert("一二三"), Cow::Borrowed("一二三")));
    /// ```
    pub fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut conversion = self.conversion();
        let same = if text.len() < SHORT { 0 } else { conversion.same(&self.levels, text) };
        if same == text.len() {
            return Cow::Borrowed(text);
        }
        let mut converted = String::with_capacity(text.len());
        converted.push_str(&text[..same]);
        text::append(&mut conversion, &self.levels, &text[same..], &mut converted);
        conversion.rest();
        if converted == text { Cow::Borrowed(text) } else { Cow::Owned(converted) }
    }

    /// Converts a text to the end of `out`, whose memory a caller may use again and again.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let converter = Converter::new(Config::T2s);
    /// let mut out = String::from("> ");
    /// converter.convert_into("頭髮", &mut out);
    /// assert_eq!(out, "> 头发");
    /// ```
    pub fn convert_into(&self, text: &str, out: &mut String) {
        let mut conversion = self.conversion();
        text::append(&mut conversion, &self.levels, text, out);
        conversion.rest();
    }

    /// Converts texts one after the other to the end of `out`, each on its own, and calls `end` behind each of them.
    ///
    /// This is the way for many short texts, such as the rows of a table: what a conversion needs is set up once for many of
    /// them, and nothing is allocated for each. `end` may come some texts after `texts` has given one.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let converter = Converter::new(Config::S2t);
    /// let (mut out, mut ends) = (String::new(), Vec::new());
    /// converter.convert_each(["头", "发"], &mut out, |out| ends.push(out.len()));
    /// assert_eq!((out.as_str(), ends), ("頭發", vec![3, 6])); // not 頭髮, as of one text
    ///
    /// let mut lines = String::new();
    /// converter.convert_each(["头发", "干"], &mut lines, |out| out.push('\n'));
    /// assert_eq!(lines, "頭髮\n幹\n");
    /// ```
    pub fn convert_each<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
        out: &mut String,
        mut end: impl FnMut(&mut String),
    ) {
        let mut conversion = self.conversion();
        if self.tables.is_none() {
            for text in texts {
                text::append(&mut conversion, &self.levels, text, out);
                end(out);
            }
        } else {
            let mut batch = Batch::default();
            for text in texts {
                batch.convert(&mut conversion, &self.levels, text, out, &mut end);
            }
            batch.finish(&mut conversion, &self.levels, out, &mut end);
        }
        conversion.rest();
    }

    /// Converts texts that stand in one string with a separator between them, each on its own. Gives the string itself where
    /// nothing changes.
    ///
    /// The result is that of [`convert`](Self::convert) for each of `texts.split(separator)`, with the same separator between.
    /// For a built-in configuration and a separator that is a control character of ASCII, such as a line feed or NUL, it
    /// costs what one text as long as all of them costs; otherwise, or with an ideographic description character in the
    /// texts, what [`convert_each`](Self::convert_each) does.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let converter = Converter::new(Config::S2t);
    /// assert_eq!(converter.convert_separated("头|发|头发", '|'), "頭|發|頭髮");
    /// ```
    pub fn convert_separated<'t>(&self, texts: &'t str, separator: char) -> Cow<'t, str> {
        if self.tables.is_some() && batch::can_separate(separator, texts) {
            return self.convert(texts);
        }
        let mut converted = String::with_capacity(texts.len());
        self.convert_each(texts.split(separator), &mut converted, |converted| converted.push(separator));
        converted.pop();
        if converted == texts { Cow::Borrowed(texts) } else { Cow::Owned(converted) }
    }

    /// Converts bytes that should be UTF-8, and does with others what `invalid` says. Gives the bytes themselves where
    /// nothing changes.
    ///
    /// ```
    /// use fanjian::{Config, Converter, InvalidUtf8};
    ///
    /// let converter = Converter::new(Config::S2t);
    /// let bytes = [b"\xff", "头发".as_bytes()].concat();
    /// let converted = converter.convert_bytes(&bytes, InvalidUtf8::Pass).unwrap();
    /// assert_eq!(converted, [b"\xff", "頭髮".as_bytes()].concat());
    ///
    /// let error = converter.convert_bytes(&bytes, InvalidUtf8::Strict).unwrap_err();
    /// assert_eq!(error.to_string(), "not UTF-8: invalid byte 0xFF at offset 0");
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidUtf8`](ErrorKind::InvalidUtf8) with the offset in bytes, under [`InvalidUtf8::Strict`] alone.
    pub fn convert_bytes<'b>(&self, text: &'b [u8], invalid: InvalidUtf8) -> Result<Cow<'b, [u8]>, Error> {
        bytes::convert(self, text, invalid)
    }

    /// Converts a text and tells, for each part of it, which entries of which dictionaries made the output, and what
    /// other candidates those entries have.
    ///
    /// The segments cover the text in order, without gaps; their outputs joined are what [`convert`](Self::convert)
    /// gives. An empty text has none. Costs many times what a conversion costs.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let segments = Converter::new(Config::S2twp).segments("我的发里");
    /// let li = segments.last().unwrap();
    /// assert_eq!((li.source.clone(), li.output.as_str()), (9..12, "裡"));
    ///
    /// let [first, second] = li.decisions.as_slice() else { panic!() };
    /// assert_eq!((first.dictionary.as_str(), first.key.as_str(), first.value.as_str()), ("STCharacters", "里", "裏"));
    /// assert_eq!(first.alternatives, ["里", "哩"]);
    /// assert_eq!((second.dictionary.as_str(), second.key.as_str(), second.value.as_str()), ("TWVariants", "裏", "裡"));
    /// ```
    pub fn segments(&self, text: &str) -> Vec<Segment> {
        if text.is_empty() {
            return Vec::new();
        }
        let segments = trace(self.levels.get(), text).segments;
        let Some(course) = self.target else { return segments };
        let convert = |segment: Segment| {
            if segment.decisions.is_empty() {
                target::segments(course, &segment.output, segment.source.start)
            } else {
                vec![segment]
            }
        };
        segments.into_iter().flat_map(convert).collect()
    }

    /// Converts a text and tells what it was after each step: normalization, segmentation, and each stage of the
    /// conversion chain.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let inspection = Converter::new(Config::S2twp).inspect("头发里的鼠标");
    /// assert_eq!(inspection.segments, ["头发", "里的鼠标"]);
    /// assert_eq!(inspection.stages, [["頭髮", "裏的鼠標"], ["頭髮", "裡的滑鼠"]]);
    /// ```
    pub fn inspect(&self, text: &str) -> Inspection {
        let Trace { levels, .. } = trace(self.levels.get(), text);
        let mut inspection = Inspection {
            input: text.to_owned(),
            normalization: Vec::new(),
            segments: Vec::new(),
            stages: Vec::new(),
            output: levels.last().map_or_else(|| text.to_owned(), |pieces| pieces.concat()),
        };
        inspection.segments.extend((!text.is_empty()).then(|| text.to_owned()));
        for (level, pieces) in self.levels.get().iter().zip(levels) {
            match level.work {
                Work::Protect(_) | Work::Segment { .. } => inspection.segments = pieces,
                Work::Normalize(_) => {
                    inspection.normalization.push(pieces.concat());
                    inspection.segments = pieces;
                }
                Work::Convert(_) => inspection.stages.push(pieces),
            }
        }
        if self.target.is_some() {
            inspection.output = self.convert(text).into_owned();
            inspection.stages.push(vec![inspection.output.clone()]);
        }
        inspection
    }

    /// Whether the conversion cuts the text into segments, across whose edges nothing matches.
    pub fn has_segmentation(&self) -> bool {
        self.levels.get().iter().any(|level| matches!(level.work, Work::Segment { .. }))
    }

    /// The last place within a text where it can be cut, in bytes from its beginning: whatever follows the text, the parts
    /// before and behind this place, each converted on its own and joined, are what the conversion of the whole gives.
    ///
    /// With it, several threads can convert one text. There is nothing where no such place is known; a [`Stream`] can still
    /// take the text in pieces. A text for a built-in configuration usually has one every few characters. With own words,
    /// protected terms or a configuration file, only places behind line feeds are known, and none where a key holds a line
    /// feed, or a value an ideographic description character.
    ///
    /// Costs a look at some hundred bytes at the end of the text, or at some 64 lines where only places behind line feeds
    /// are known; at more of it where these hold none. In the latter case, the first call looks at all entries of the
    /// dictionaries, too.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let converter = Converter::new(Config::S2t);
    /// let boundary = converter.boundary("我的头发，头").unwrap();
    /// let (before, rest) = "我的头发，头".split_at(boundary);
    /// assert_eq!((before, rest), ("我的头发，", "头")); // 头 could begin 头发
    /// assert_eq!([converter.convert(before), converter.convert("头发")].concat(), "我的頭髮，頭髮");
    /// ```
    pub fn boundary(&self, text: &str) -> Option<usize> {
        boundary::last(&self.levels, self.tables.map(|tables| &tables.stretches), text)
    }

    /// Begins a conversion of a text that comes in pieces: see [`Stream`].
    pub fn stream(&self) -> Stream {
        Stream::new(self.clone())
    }

    /// Wraps a reader: what is read from the result is what `reader` gives, converted. See [`Reader`].
    pub fn reader<R: Read>(&self, reader: R) -> Reader<R> {
        Reader::new(self.stream(), reader)
    }

    /// Wraps a writer: what is written to the result goes to `writer`, converted. See [`Writer`].
    pub fn writer<W: Write>(&self, writer: W) -> Writer<W> {
        Writer::new(self.stream(), writer)
    }

    /// The same converter, by the plain chain alone: what faster ways are compared with. Not part of the stable interface.
    #[doc(hidden)]
    #[must_use]
    pub fn reference(&self) -> Converter {
        Converter { tables: None, ..self.clone() }
    }

    pub(crate) fn levels(&self) -> &Levels {
        &self.levels
    }

    pub(crate) fn conversion(&self) -> Conversion {
        Conversion::new(self.tables, self.target)
    }
}

impl From<Config> for Converter {
    fn from(config: Config) -> Converter {
        Converter::new(config)
    }
}

impl From<Resolved> for Converter {
    fn from(Resolved { levels, tables, target }: Resolved) -> Converter {
        Converter { levels, tables, target }
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Converter")
            .field("levels", &self.levels.get())
            .field("target", &self.target.map(|course| course.engine.target()))
            .finish()
    }
}

/// Makes a [`Converter`] with choices.
///
/// Start with a configuration: a built-in one ([`config`](Self::config)), or one of OpenCC's JSON files
/// ([`config_file`](Self::config_file), [`config_json`](Self::config_json)). Words of one's own go into
/// [`dictionary`](Self::dictionary), words that must not change into [`protect`](Self::protect).
///
/// The speed of [`Converter::new`] is that of the built-in configurations as they are. With own or replaced dictionaries,
/// protected terms, or a configuration file, all text goes a plainer way, about as fast as OpenCC.
///
/// ```
/// use fanjian::{Config, Converter, Dictionary};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let converter = Converter::builder()
///     .config(Config::S2twp)
///     .dictionary(Dictionary::from_text("own words", "云原生\t雲端原生\n")?)
///     .protect(["钉钉"])
///     .build()?;
/// assert_eq!(converter.convert("钉钉的云原生软件"), "钉钉的雲端原生軟體");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConverterBuilder {
    source: Option<Source>,
    target: Option<Target>,
    from: Option<Target>,
    vocabulary: Vocabulary,
    resolver: Resolver,
    protected: Vec<String>,
}

impl ConverterBuilder {
    /// Converts by a built-in configuration. This, [`Config::S2t`], is the default.
    pub fn config(mut self, config: Config) -> Self {
        self.target = None;
        self.source = Some(Source::Found(Found::Builtin(config)));
        self
    }

    /// Converts by a configuration file of OpenCC's: JSON, with comments and trailing commas allowed.
    ///
    /// The dictionaries that it names are looked for in the file's folder, in the working folder, in the
    /// [`search_folder`](Self::search_folder)s, and among the built-in ones. Upstream's binary dictionaries (`.ocd2`)
    /// are not read: for them stands the text dictionary of the same name, from a file or built in.
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.target = None;
        self.source = Some(Source::Found(Found::File(path.into())));
        self
    }

    /// Converts by the text of a configuration, as [`config_file`](Self::config_file) does by a file. It has no folder
    /// of its own, and does not look in the working folder.
    pub fn config_json(mut self, json: impl Into<String>) -> Self {
        self.target = None;
        self.source = Some(Source::Found(Found::Text(json.into())));
        self
    }

    /// Converts by what OpenCC's command takes as a configuration: the path of a file; the name, with or without
    /// `.json`, of a file in a [`search_folder`](Self::search_folder); or the name of a built-in configuration.
    ///
    /// The first of these that there is decides. A folder of that name is no file, and does not stand in the way.
    pub fn config_name(mut self, name: impl Into<String>) -> Self {
        self.target = None;
        self.source = Some(Source::Name(name.into()));
        self
    }

    /// Converts to a target, in the place of a configuration: see [`Converter::for_target`].
    ///
    /// [`dictionary`](Self::dictionary) and [`protect`](Self::protect) work with it. It has no dictionaries that could be
    /// [replaced](Self::replace_dictionary), and takes no notice of [`tofu_risk`](Self::tofu_risk): its output has none.
    pub fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// Tells the [`target`](Self::target) which script all of the text is in: that of `script`, whose region does not matter.
    ///
    /// Without it, each sentence or line is looked at, and where its characters do not tell, what may be right already is
    /// likely to stay. So this makes a difference for short and plain texts. A text of the other script is then read
    /// without reserve: to convert the output once more, as the same script, may change it.
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// assert_eq!(Converter::for_target(Target::Taiwan).convert("制冷"), "制冷");
    /// let converter = Converter::builder().target(Target::Taiwan).source_script(Target::Simplified).build()?;
    /// assert_eq!(converter.convert("制冷"), "製冷");
    /// # Ok(())
    /// # }
    /// ```
    pub fn source_script(mut self, script: Target) -> Self {
        self.from = Some(script);
        self
    }

    /// What becomes of words for which the [`target`](Self::target) has others. They stay by default.
    ///
    /// ```
    /// use fanjian::{Converter, Target, Vocabulary};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local).build()?;
    /// assert_eq!(converter.convert("软件和鼠标"), "軟體和滑鼠");
    /// # Ok(())
    /// # }
    /// ```
    pub fn vocabulary(mut self, vocabulary: Vocabulary) -> Self {
        self.vocabulary = vocabulary;
        self
    }

    /// Looks for configurations by name, and for the dictionaries of configuration files, in this folder too. Those
    /// added first are searched first.
    pub fn search_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.resolver.folders.push(folder.into());
        self
    }

    /// Puts a dictionary of one's own before the built-in ones. Those added first are searched first.
    ///
    /// At each place that the conversion comes to, these are tried before all others, and what they hold is a segment
    /// of its own: its value is output as it is, and nothing matches across its edges. An entry of another dictionary
    /// that begins earlier in the text and reaches over the place still wins. (In a configuration with several stages
    /// and no segmentation, of which none is built in, the value goes through the later stages.)
    pub fn dictionary(mut self, dictionary: Dictionary) -> Self {
        self.resolver.own.push(dictionary);
        self
    }

    /// Uses a dictionary instead of the one that the configuration names, such as `TWPhrases`, wherever it does.
    pub fn replace_dictionary(mut self, name: impl Into<String>, dictionary: Dictionary) -> Self {
        self.resolver.replacements.push((name.into(), dictionary));
        self
    }

    /// Leaves these terms as they are, whatever the dictionaries say, at every step of the conversion.
    ///
    /// The leftmost terms are found first, and of those that begin at one place the longest. The text between two of
    /// them is converted as a text of its own.
    pub fn protect<S: Into<String>>(mut self, terms: impl IntoIterator<Item = S>) -> Self {
        self.protected.extend(terms.into_iter().map(Into::into));
        self
    }

    /// Whether dictionaries take part whose output may be characters that many fonts lack, and which show as boxes
    /// ("tofu").
    ///
    /// They do not by default, as in OpenCC's command. OpenCC's APIs take them in by default.
    pub fn tofu_risk(mut self, included: bool) -> Self {
        self.resolver.tofu_risk = included;
        self
    }

    /// Makes the converter.
    ///
    /// Costs as little as [`Converter::new`] for a built-in configuration, and time by the size of the dictionaries that
    /// a configuration file names.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) where a configuration, one of its dictionaries, or a dictionary to replace
    /// does not exist; [`Config`](ErrorKind::Config) where a configuration says something wrong;
    /// [`EmptyKey`](ErrorKind::EmptyKey) for an empty protected term; and those of [`Dictionary::from_path`] for the
    /// dictionaries that a configuration file names.
    pub fn build(mut self) -> Result<Converter, Error> {
        let mut protected = Entries::new();
        self.protected.sort();
        self.protected.dedup();
        for term in self.protected {
            if term.is_empty() {
                return Err(Error::new(ErrorKind::EmptyKey, "a protected term needs at least one character"));
            }
            protected.insert(term.clone(), [term])?;
        }
        self.resolver.protected = protected;
        if let Some(target) = self.target {
            let course = Course { engine: target::engine(target, self.vocabulary), from: self.from };
            return Ok(Converter::from(resolve::target(course, &self.resolver)?));
        }
        let source = self.source.unwrap_or(Source::Found(Found::Builtin(Config::default())));
        Ok(Converter::from(resolve::build(&source, &self.resolver)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::description;

    /// What texts are converted together by, and what would reach across it.
    #[test]
    fn no_entry_of_a_configuration_holds_a_control_character_or_an_operator() {
        for &config in Config::ALL {
            for tofu_risk in [false, true] {
                let converter = Converter::builder().config(config).tofu_risk(tofu_risk).build().unwrap();
                let dictionaries = converter.levels.get().iter().flat_map(|level| level.work.dictionaries());
                for entries in dictionaries.map(Dictionary::to_entries) {
                    for (key, values) in entries.iter() {
                        let mut words = values.iter().map(String::as_str).chain([key]);
                        let is_found = |c: char| c.is_ascii_control() || description::is_operator(c);
                        assert!(!words.any(|word| word.contains(is_found)), "{config}: {key:?}");
                    }
                }
            }
        }
    }
}

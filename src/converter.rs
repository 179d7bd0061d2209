use std::{
    borrow::Cow,
    fmt,
    io::{Read, Write},
};

#[cfg(feature = "targets")]
use std::ops::Range;

#[cfg(feature = "targets")]
use fanjian_context::{KeptWord, ScriptHistory, Target};
use fanjian_engine::{FastConversion, FastTables, Given, Stage, StageKind, Trace, is_boundary, last_boundary, trace};
use simdutf8::basic::from_utf8;

use crate::{
    Config, Error,
    batch::{self, Batch},
    bytes::{self, InvalidUtf8},
    conversion::{Conversion, ConversionPlan, Convert, Resolved},
    punctuation::QuotedSegments,
    resolve,
    segments::{Inspection, Segment},
    stream::{Reader, Stream, Writer},
    text,
};
#[cfg(feature = "targets")]
use crate::{
    ErrorKind,
    segments::Replacement,
    target::{self, TargetPlan},
};

/// Converts text by a configuration.
///
/// Made by [`Converter::new`] for a built-in configuration, and by [`Converter::builder`] for choices. It is `Send` and
/// `Sync`, and cheap to clone: clones share their tables.
///
/// Built-in configurations remember what short parts of texts became, for later conversions: up to 360 KiB for each
/// configuration that is in use, and for each thread that can run at once.
///
/// ```
/// use fanjian::{Config, Converter};
///
/// let converter = Converter::new(Config::S2twp);
/// assert_eq!(converter.convert("鼠标坏了，后来换了一个"), "滑鼠壞了，後來換了一個");
/// ```
#[derive(Clone)]
pub struct Converter(Resolved);

/// Shorter texts, in bytes, are converted at once, without a look for how much of them stays as it is.
const SHORT: usize = 256;
/// A text may become so much longer, as a part of it, before its memory is not enough.
const LONGER: usize = 32;

impl Converter {
    /// A converter by a built-in configuration, without the dictionaries that may output characters which many fonts
    /// lack: what OpenCC's command does.
    ///
    /// Reads no file and builds no dictionary: the dictionaries are part of the program and used where they lie.
    #[must_use]
    pub fn new(config: Config) -> Converter {
        Self::from(resolve::plain(config, false))
    }

    /// A converter to a target: from Chinese text of any kind, Simplified, Traditional of any region, or mixed. What is
    /// right in the target stays as it is, and to convert the output again changes nothing.
    ///
    /// Words stay; [`vocabulary`](crate::ConverterBuilder::vocabulary) has them replaced, too. The first converter to a target
    /// reads its tables, in about a fifth of a millisecond.
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    ///
    /// let converter = Converter::for_target(Target::Taiwan);
    /// assert_eq!(converter.convert("他不是只有一只猫，头发也发白了"), "他不是只有一隻貓，頭髮也發白了");
    /// assert_eq!(converter.convert("皇后來了，這里的面包"), "皇后來了，這裡的麵包");
    /// ```
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn for_target(target: Target) -> Converter {
        Converter(Resolved { stages: Vec::new().into(), plan: ConversionPlan::Target(TargetPlan::new(target)) })
    }

    /// Converts a text. Returns the text itself, borrowed, if nothing changes.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// use std::borrow::Cow;
    ///
    /// let converter = Converter::new(Config::S2t);
    /// assert_eq!(converter.convert("皇后的头发"), "皇后的頭髮");
    /// assert!(matches!(converter.convert("一二三"), Cow::Borrowed("一二三")));
    /// ```
    #[must_use]
    pub fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.0.plan {
            ConversionPlan::Config(tables) => {
                let whole = |converted: &str| {
                    if converted == text { Cow::Borrowed(text) } else { Cow::Owned(converted.to_owned()) }
                };
                text::short(*tables, &self.0.stages, text, whole)
                    .unwrap_or_else(|| self.convert_by(FastConversion::new(*tables), text))
            }
            plan => self.convert_by(plan.start(), text),
        }
    }

    #[inline]
    fn convert_by<'t>(&self, mut conversion: impl Convert, text: &'t str) -> Cow<'t, str> {
        let same = if text.len() < SHORT { 0 } else { conversion.same(&self.0.stages, text) };
        if same == text.len() {
            return Cow::Borrowed(text);
        }
        // Some more for what becomes longer, which costs nothing if it is not used, where to move a long text would.
        let mut converted = String::with_capacity(text.len() + text.len() / LONGER);
        converted.push_str(&text[..same]);
        text::append(&mut conversion, &self.0.stages, &text[same..], &mut converted);
        conversion.release_cache(&self.0.stages);
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
        if let ConversionPlan::Config(tables) = &self.0.plan
            && text::short(*tables, &self.0.stages, text, |converted| out.push_str(converted)).is_some()
        {
            return;
        }
        let mut conversion = self.conversion();
        text::append(&mut conversion, &self.0.stages, text, out);
        conversion.release_cache(&self.0.stages);
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
        if !self.is_separable() {
            for text in texts {
                text::append(&mut conversion, &self.0.stages, text, out);
                end(out);
            }
        } else {
            let mut batch = Batch::default();
            for text in texts {
                batch.convert(&mut conversion, &self.0.stages, text, out, &mut end);
            }
            batch.finish(&mut conversion, &self.0.stages, out, &mut end);
        }
        conversion.release_cache(&self.0.stages);
    }

    /// Converts the texts of one string, with a separator between them, each on its own. Returns the string itself if
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
    #[must_use]
    pub fn convert_separated<'t>(&self, texts: &'t str, separator: char) -> Cow<'t, str> {
        if self.is_separable() && batch::can_separate(separator, texts) {
            return self.convert(texts);
        }
        let mut converted = String::with_capacity(texts.len());
        self.convert_each(texts.split(separator), &mut converted, |converted| converted.push(separator));
        converted.pop();
        if converted == texts { Cow::Borrowed(texts) } else { Cow::Owned(converted) }
    }

    fn is_separable(&self) -> bool {
        self.0.plan.tables().is_some_and(FastTables::is_separable)
    }

    /// Converts bytes that should be UTF-8, and treats others as `invalid` says. Returns the bytes themselves if
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
    /// [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8) with the offset in bytes, under [`InvalidUtf8::Strict`] alone.
    pub fn convert_bytes<'b>(&self, text: &'b [u8], invalid: InvalidUtf8) -> Result<Cow<'b, [u8]>, Error> {
        match from_utf8(text) {
            Ok(text) => Ok(match self.convert(text) {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            }),
            Err(_) => bytes::convert(&self.0, text, invalid).map(Cow::Owned),
        }
    }

    /// Converts a text and returns, for each part of it, which entries of which dictionaries made the output, and what
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
        #[cfg(feature = "targets")]
        return self.segments_with_history(text, &mut ScriptHistory::default());
        #[cfg(not(feature = "targets"))]
        collected(|take| self.quoted(|take| self.traced(text).for_each(take), take))
    }

    /// The parts of a text and the entries that made them, from the stages that every text goes through.
    fn traced(&self, text: &str) -> impl Iterator<Item = Segment> {
        let parts = if text.is_empty() { Vec::new() } else { trace(self.chain(), text).parts };
        parts.into_iter().map(Segment::from)
    }

    /// The same for the rest of a text of this history, which is then that of the whole: see [`history`](Self::history).
    /// Quotations are those of the rest alone.
    #[cfg(feature = "targets")]
    pub fn segments_with_history(&self, text: &str, history: &mut ScriptHistory) -> Vec<Segment> {
        collected(|take| self.each_with_fixed(text, &[], history, true, take))
    }

    /// Converts a text, parts of which become what the caller says, and returns its segments: those of
    /// [`segments_with_history`](Self::segments_with_history), but that each part is one segment of [`Step::Fixed`](crate::Step::Fixed).
    ///
    /// What stands around the parts becomes what it would become without them: as context, they are what they are in the
    /// text. A part also wins over own words, and over longer words of the region. A part that holds text of a protected
    /// term stays without effect.
    ///
    /// ```
    /// use fanjian::{Converter, Replacement, ScriptHistory, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::for_target(Target::Taiwan);
    /// let fixed = [Replacement { source: 3..6, output: "彙".to_owned() }];
    /// let segments = converter.segments_replacing("词汇和汇率", &fixed, &mut ScriptHistory::default())?;
    /// assert_eq!(segments.iter().map(|segment| segment.output.as_str()).collect::<String>(), "詞彙和匯率");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) if the converter has a configuration and no target, or if the parts are not in
    /// order, overlap, are empty, or are not at the boundaries of characters of the text.
    #[cfg(feature = "targets")]
    pub fn segments_replacing(
        &self,
        text: &str,
        fixed: &[Replacement],
        history: &mut ScriptHistory,
    ) -> Result<Vec<Segment>, Error> {
        self.check_fixed(text, fixed)?;
        Ok(collected(|take| self.each_with_fixed(text, fixed, history, true, take)))
    }

    /// As [`segments_replacing`](Self::segments_replacing), but that `take` is called with each part of the text and its output,
    /// without the reasons: for long texts, whose segments would take many times their memory. Text that is copied may be in
    /// more parts.
    ///
    /// ```
    /// use fanjian::{Config, Converter, ScriptHistory};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let mut outputs = Vec::new();
    /// let converter = Converter::new(Config::S2twp);
    /// converter.each_output("的鼠标", &[], &mut ScriptHistory::default(), |source, output| {
    ///     outputs.push((source, output.to_owned()));
    /// })?;
    /// assert_eq!(outputs, [(0..3, "的".to_owned()), (3..9, "滑鼠".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`segments_replacing`](Self::segments_replacing), before any part.
    #[cfg(feature = "targets")]
    pub fn each_output(
        &self,
        text: &str,
        fixed: &[Replacement],
        history: &mut ScriptHistory,
        mut take: impl FnMut(Range<usize>, &str),
    ) -> Result<(), Error> {
        self.check_fixed(text, fixed)?;
        self.each_with_fixed(text, fixed, history, false, &mut |segment| take(segment.source, &segment.output));
        Ok(())
    }

    /// [`traced`](Self::traced), of one part of the text after the other.
    #[cfg(feature = "targets")]
    fn traced_in_parts(&self, text: &str, take: &mut dyn FnMut(Segment)) {
        let mut at = 0;
        while at < text.len() {
            let end = self.part_end(text, at);
            for mut segment in self.traced(&text[at..end]) {
                segment.source = at + segment.source.start..at + segment.source.end;
                take(segment);
            }
            at = end;
        }
    }

    /// The end of a part of a text that begins at a boundary: the next one that is known, or the end of the text.
    #[cfg(feature = "targets")]
    fn part_end(&self, text: &str, at: usize) -> usize {
        let tables = self.0.plan.unquoted().tables();
        let mut len = 4096;
        while len < text.len() - at {
            let part = &text[at..text.ceil_char_boundary(at + len)];
            if let Some(end) = last_boundary(&self.0.stages, tables, part, Given::Beginning).filter(|&end| end > 0) {
                return at + end;
            }
            len *= 2;
        }
        text.len()
    }

    #[cfg(feature = "targets")]
    fn check_fixed(&self, text: &str, fixed: &[Replacement]) -> Result<(), Error> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Config, message));
        if !matches!(self.0.plan.unquoted(), ConversionPlan::Target(_)) && !fixed.is_empty() {
            return wrong(
                "parts of a text are replaced in conversions to a target alone, not by a configuration".to_owned(),
            );
        }
        let mut end = 0;
        for Replacement { source, .. } in fixed {
            if source.start < end || source.is_empty() || text.get(source.clone()).is_none() {
                return wrong(format!(
                    "the part {source:?} to be replaced is empty, before byte {end} of the text, or not at boundaries of its characters"
                ));
            }
            end = source.end;
        }
        Ok(())
    }

    /// Calls `take` with each segment. Without `with_reasons`, those of a configuration are of parts of the text, and the decisions of
    /// a target have none.
    #[cfg(feature = "targets")]
    fn each_with_fixed(
        &self,
        text: &str,
        fixed: &[Replacement],
        history: &mut ScriptHistory,
        with_reasons: bool,
        take: &mut dyn FnMut(Segment),
    ) {
        let segments = |take: &mut dyn FnMut(Segment)| match *self.0.plan.unquoted() {
            ConversionPlan::Target(plan) => {
                let (_, own) = target::split(self.0.stages.get());
                for segment in self.traced(text) {
                    match segment.decisions.as_slice() {
                        [] => {
                            let part = (segment.output.as_str(), segment.source.start);
                            target::each_segment(plan, own, part, history, fixed, with_reasons, take);
                        }
                        _ => take(segment),
                    }
                }
            }
            _ if with_reasons => self.traced(text).for_each(take),
            _ => self.traced_in_parts(text, take),
        };
        self.quoted(segments, take);
    }

    /// The words of a text for which the target's region has others, and that stay all the same, each with the reason: to a
    /// target with [`Vocabulary::Local`](crate::Vocabulary::Local). `history` is that of the text before.
    ///
    /// ```
    /// use fanjian::{Converter, KeptReason, ScriptHistory, Target, Vocabulary};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local).build()?;
    /// let kept = converter.kept_words("這個視頻", ScriptHistory::default());
    /// assert_eq!((kept[0].source.clone(), kept[0].value.as_str()), (6..12, "影片"));
    /// assert_eq!(kept[0].reason, KeptReason::Shared);
    /// assert!(converter.kept_words("这个视频", ScriptHistory::default()).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn kept_words(&self, text: &str, mut history: ScriptHistory) -> Vec<KeptWord> {
        let ConversionPlan::Target(TargetPlan { engine, source_script }) = *self.0.plan.unquoted() else {
            return Vec::new();
        };
        let mut all = Vec::new();
        // Protected terms are not looked at.
        for Segment { source, output, .. } in self.traced(text).filter(|segment| segment.decisions.is_empty()) {
            let kept = engine.kept_words(&output, source_script, &mut history);
            all.extend(kept.into_iter().map(|mut kept| {
                kept.source = source.start + kept.source.start..source.start + kept.source.end;
                kept
            }));
        }
        all
    }

    /// Passes segments on with the quotation marks that they become.
    fn quoted(&self, segments: impl FnOnce(&mut dyn FnMut(Segment)), take: &mut dyn FnMut(Segment)) {
        match &self.0.plan {
            ConversionPlan::Quoted(quoted) => {
                let mut quoted = QuotedSegments::new(quoted.marks, take);
                segments(&mut |segment| quoted.push(segment));
                quoted.finish();
            }
            _ => segments(take),
        }
    }

    /// Converts a text and returns it after each step: normalization, segmentation, and each stage of the
    /// conversion chain.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let inspection = Converter::new(Config::S2twp).inspect("头发里的鼠标");
    /// assert_eq!(inspection.segments, ["头发", "里的鼠标"]);
    /// assert_eq!(inspection.stages, [["頭髮", "裏的鼠標"], ["頭髮", "裡的滑鼠"]]);
    /// ```
    #[must_use]
    pub fn inspect(&self, text: &str) -> Inspection {
        let Trace { stages, .. } = trace(self.chain(), text);
        let mut inspection = Inspection {
            input: text.to_owned(),
            normalization: Vec::new(),
            segments: Vec::new(),
            stages: Vec::new(),
            output: stages.last().map_or_else(|| text.to_owned(), |pieces| pieces.concat()),
        };
        inspection.segments.extend((!text.is_empty()).then(|| text.to_owned()));
        for (stage, pieces) in self.chain().iter().zip(stages) {
            match stage.kind() {
                StageKind::Protect(_) | StageKind::Segment { .. } => inspection.segments = pieces,
                StageKind::Normalize(_) => {
                    inspection.normalization.push(pieces.concat());
                    inspection.segments = pieces;
                }
                StageKind::Convert(_) => inspection.stages.push(pieces),
            }
        }
        if !matches!(self.0.plan, ConversionPlan::Config(_)) {
            inspection.output = self.convert(text).into_owned();
            inspection.stages.push(vec![inspection.output.clone()]);
        }
        inspection
    }

    /// Whether the conversion cuts the text into segments, across whose edges nothing matches.
    #[must_use]
    pub fn has_segmentation(&self) -> bool {
        self.chain().iter().any(|stage| matches!(stage.kind(), StageKind::Segment { .. }))
    }

    /// The last place within a text where it can be cut, in bytes from its beginning: whatever follows the text, the parts
    /// before and behind this place, each converted on its own and joined, are what the conversion of the whole gives. (To a
    /// target, the part behind it is converted by a stream with the [`history`](Self::history) of the part before it.)
    ///
    /// With it, several threads can convert one text. Returns None if no boundary is known; a [`Stream`] can still
    /// take the text in pieces. A text for a built-in configuration usually has one every few characters, with own words and
    /// protected terms, too. For other configuration files, replaced dictionaries and preferred characters, as long as there are no
    /// tables for them ([`prepare`](Self::prepare)), only places behind line feeds are known, and none where a key holds a line
    /// feed, or a value an ideographic description character. With
    /// [`punctuation`](crate::ConverterBuilder::punctuation), only places behind empty lines are known, where quotations end.
    ///
    /// Costs a look at some hundred bytes at the end of the text, or at some 64 lines where only places behind line feeds
    /// are known; at more of it where these hold none, and at all of it if there must be an empty line. In the latter cases, the first call looks at all entries of the
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
    #[must_use]
    pub fn boundary(&self, text: &str) -> Option<usize> {
        let Resolved { stages, plan } = &self.0;
        match plan {
            ConversionPlan::Quoted(quoted) => self.boundary_of_quotations(&quoted.plan, text),
            _ => last_boundary(stages, plan.tables(), text, Given::Beginning),
        }
    }

    /// As [`boundary`](Self::boundary), but of the end of a text, whatever stands before it: the place, in bytes from the beginning
    /// of `end`, is a boundary of the whole.
    ///
    /// So a thread that cuts a text for others need not decode more of it than some kilobytes. Returns None also where only a
    /// look at what stands before could show a boundary, and always with
    /// [`punctuation`](crate::ConverterBuilder::punctuation): ask [`boundary`](Self::boundary) of the whole then.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let text = format!("{}我的头发，头", "，".repeat(1000));
    /// let end = text.len() - 300;
    /// let converter = Converter::new(Config::S2t);
    /// let boundary = converter.boundary_of_end(&text[end..]).unwrap();
    /// assert_eq!(Some(end + boundary), converter.boundary(&text));
    /// assert_eq!(converter.boundary_of_end("，头"), None); // ⿰ before it would take both
    /// ```
    #[must_use]
    pub fn boundary_of_end(&self, end: &str) -> Option<usize> {
        let Resolved { stages, plan } = &self.0;
        match plan {
            ConversionPlan::Quoted(_) => None,
            _ => last_boundary(stages, plan.tables(), end, Given::End),
        }
    }

    /// The last place behind an empty line, where all quotations have ended. Which ones are open at another place depends on
    /// all of the text before it.
    fn boundary_of_quotations(&self, plan: &ConversionPlan, text: &str) -> Option<usize> {
        let stages = &self.0.stages;
        // That is asked with one character behind the place: no boundary is at the end of a text.
        let is_boundary = |at: usize| {
            let behind = text[at..].chars().next().map(|next| &text[..at + next.len_utf8()]);
            at == 0 || behind.is_some_and(|text| is_boundary(stages, plan.tables(), text))
        };
        let mut ends = memchr::memrchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).chain([0]);
        let mut end = ends.next()?;
        for start in ends {
            let line = &text[start..end];
            if line.trim().is_empty() && is_boundary(end) && is_boundary(start) {
                // An own word could be a space.
                let mut converted = String::new();
                text::append(&mut plan.start(), stages, line, &mut converted);
                if converted.ends_with('\n') && converted.trim().is_empty() {
                    return Some(end);
                }
            }
            end = start;
        }
        None
    }

    /// What a text shows of its script, for the conversion of what follows it: to a target, sentences and lines that do not
    /// show their script are taken for what those before them were. `before` is the history of what stands before the text:
    /// [`ScriptHistory::default`] if that is nothing, or the [`prior`](Self::prior) of the text. The text must end at a [`boundary`](Self::boundary).
    ///
    /// Costs a look at the last sentences of the text, as a rule. Nothing depends on it in a configuration, nor if the
    /// [`source_script`](crate::ConverterBuilder::source_script) is known.
    ///
    /// ```
    /// use fanjian::{Converter, ScriptHistory, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::for_target(Target::Simplified);
    /// assert_eq!(converter.convert("头发\n乾亮"), "头发\n乾亮");
    /// assert_eq!(converter.convert("乾亮"), "干亮");
    ///
    /// let history = converter.history("头发\n", ScriptHistory::default());
    /// let (mut rest, mut out) = (converter.stream().with_history(history), Vec::new());
    /// rest.push("乾亮".as_bytes(), &mut out)?;
    /// rest.finish(&mut out)?;
    /// assert_eq!(out, "乾亮".as_bytes());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn history(&self, text: &str, before: ScriptHistory) -> ScriptHistory {
        /// How much at the end of a text is looked at first, in bytes; then twice as much before it, and so on.
        const LOOK: usize = 4 * 1024;
        let plan = self.0.plan.unquoted();
        let ConversionPlan::Target(TargetPlan { source_script: None, .. }) = plan else { return before };
        let mut conversion = plan.start();
        let mut out = Vec::new();
        let mut known = ScriptHistory::default();
        let (mut end, mut look) = (text.len(), LOOK);
        while end > 0 && !known.is_full() {
            let start = memchr::memrchr(b'\n', &text.as_bytes()[..end.saturating_sub(look)]).map_or(0, |at| at + 1);
            out.clear();
            conversion.feed_on(&self.0.stages, &text[start..end], true, &mut out);
            known = conversion.history().followed_by(known);
            (end, look) = (start, 2 * look);
        }
        before.followed_by(known)
    }

    /// Whether what becomes of a text depends on the [`history`](Self::history) of what stands before it.
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn depends_on_history(&self) -> bool {
        matches!(self.0.plan.unquoted(), ConversionPlan::Target(TargetPlan { source_script: None, .. }))
    }

    /// The history to begin a text with, if this is its beginning, or all of it: the first 16 sentences or lines that show
    /// their script count as if they preceded the text. So a title that does not show its script is converted by what follows.
    ///
    /// Only the first 16,384 characters are looked at. If all of these are given, or the whole text, a second conversion, with
    /// the history of the beginning of the output, changes nothing. [`convert`](Self::convert) and other ways without a history
    /// do not look ahead: they return what a [`Stream`] returns, which decides before it knows what follows.
    ///
    /// In a configuration, and if the [`source_script`](crate::ConverterBuilder::source_script) is known, it is
    /// [`ScriptHistory::default`].
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let converter = Converter::for_target(Target::Simplified);
    /// let text = "乾亮\n头发";
    /// assert_eq!(converter.convert(text), "干亮\n头发");
    ///
    /// let mut stream = converter.stream().with_history(converter.prior(text));
    /// let mut out = Vec::new();
    /// stream.push(text.as_bytes(), &mut out)?;
    /// stream.finish(&mut out)?;
    /// assert_eq!(out, "乾亮\n头发".as_bytes());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn prior(&self, beginning: &str) -> ScriptHistory {
        match *self.0.plan.unquoted() {
            ConversionPlan::Target(plan @ TargetPlan { source_script: None, .. }) => {
                target::prior(plan, self.0.stages.get(), beginning)
            }
            _ => ScriptHistory::default(),
        }
    }

    /// Begins a conversion of a text that comes in pieces: see [`Stream`].
    #[must_use]
    pub fn stream(&self) -> Stream {
        Stream::new(self.0.clone())
    }

    /// Wraps a reader: what is read from the result is what `reader` gives, converted. See [`Reader`].
    pub fn reader<R: Read>(&self, reader: R) -> Reader<R> {
        Reader::new(self.stream(), reader)
    }

    /// Wraps a writer: what is written to the result goes to `writer`, converted. See [`Writer`].
    pub fn writer<W: Write>(&self, writer: W) -> Writer<W> {
        Writer::new(self.stream(), writer)
    }

    /// The same converter, by the reference chain alone: slow, and what faster ways are compared with. For tests.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn reference(&self) -> Converter {
        let of = |plan: &ConversionPlan| match plan {
            ConversionPlan::Config(_) => ConversionPlan::Config(None),
            plan => plan.clone(),
        };
        let plan = match &self.0.plan {
            ConversionPlan::Quoted(quoted) => ConversionPlan::Quoted(Box::new(crate::conversion::QuotedPlan {
                plan: of(&quoted.plan),
                marks: quoted.marks,
            })),
            plan => of(plan),
        };
        Converter(Resolved { stages: self.0.stages.without_overlay(), plan })
    }

    /// Makes the converter's first conversion as fast as any later one: reads its tables, takes memory for its cache, and
    /// makes the stages of the reference chain, which few texts need. Costs some milliseconds.
    ///
    /// For a configuration file that equals no built-in one, and for replaced dictionaries and preferred characters in a
    /// configuration, it makes the tables, which conversions make only when as much text has come as would be converted without
    /// them in the same time: about 80 bytes for each entry of the dictionaries that the configuration names. Tables cost two to three
    /// microseconds for each entry: with the 54,000 of `s2twp`, 0.15 s, and some 40 MB of memory while it lasts. They stay as long
    /// as the converter. Some configurations have none, such as those of three stages.
    ///
    /// Nothing has to be prepared: a conversion makes what it needs. A process that forks while other threads convert should
    /// prepare its converters before.
    ///
    /// ```
    /// # use fanjian::{Config, Converter};
    /// let converter = Converter::new(Config::S2twp);
    /// converter.prepare();
    /// assert_eq!(converter.convert("软件"), "軟體");
    /// ```
    pub fn prepare(&self) {
        self.0.stages.prepare();
        // Characters of every kind: what is mapped, what is looked up, what is cached; and on a line of its own, a name.
        let mut out = String::new();
        self.convert_into("头发干了，裡面的軟體。𠮶\n于右任", &mut out);
    }

    /// The stages that every text goes through: of a target, those before it.
    fn chain(&self) -> &[Stage] {
        let stages = self.0.stages.get();
        match self.0.plan.unquoted() {
            #[cfg(feature = "targets")]
            ConversionPlan::Target(_) => target::split(stages).0,
            _ => stages,
        }
    }

    fn conversion(&self) -> Conversion {
        self.0.plan.start()
    }
}

impl From<Config> for Converter {
    fn from(config: Config) -> Converter {
        Converter::new(config)
    }
}

impl From<Resolved> for Converter {
    fn from(resolved: Resolved) -> Converter {
        Converter(resolved)
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Converter").field("stages", &self.0.stages.get()).finish_non_exhaustive()
    }
}

/// The segments that `each` passes on.
fn collected(each: impl FnOnce(&mut dyn FnMut(Segment))) -> Vec<Segment> {
    let mut segments = Vec::new();
    each(&mut |segment| segments.push(segment));
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanjian_dictionary::Dictionary;
    use fanjian_engine::description;

    /// What texts are converted together by, and what would reach across it.
    #[test]
    fn no_entry_of_a_configuration_holds_a_control_character_or_an_operator() {
        for &config in Config::ALL {
            for tofu_risk in [false, true] {
                let converter = Converter::builder().config(config).tofu_risk(tofu_risk).build().unwrap();
                let dictionaries = converter.0.stages.get().iter().flat_map(|stage| stage.kind().dictionaries());
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

//! Options of the conversion of records.

use std::{borrow::Cow, fmt, panic::RefUnwindSafe, sync::Arc};

use fanjian::{Converter, Detection, Error, ErrorKind, detect, named};
#[cfg(feature = "clean")]
use fanjian_clean::{GlossMode, Thresholds};
#[cfg(feature = "documents")]
use fanjian_documents as documents;

use crate::{
    cleaning::Cleaning,
    condition::Condition,
    documents::Documents,
    metric::{Metric, Metrics},
    report::DetectedRecord,
    text::Text,
};

/// The processing of the texts of each record: cleaning, detection, selection by metrics, and conversion.
///
/// The chosen texts of a record are one document: they are detected together, and the thresholds of cleaning apply to all of
/// them. Detection sees the texts as they were read, before they are cleaned and converted. A record that is dropped is not
/// converted.
///
/// ```
/// use fanjian::{Converter, Target};
/// use fanjian_records::RecordOptions;
///
/// let options = RecordOptions::default()
///     .keep_if("script=hant,hans".parse()?)
///     .keep_if("han>=4".parse()?)
///     .add("script".parse()?, "lang_script")
///     .convert(Converter::for_target(Target::Taiwan));
/// # let _ = options;
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct RecordOptions {
    convert: Option<Convert>,
    documents: Documents,
    cleaning: Cleaning,
    added: Vec<(Metric, String)>,
    conditions: Vec<Condition>,
    detect: bool,
    missing: Missing,
}

/// The most characters of the texts of a record that are reported.
const BEGINNING: usize = 40;

/// Returns None for a text that stays unchanged.
type Convert = Arc<dyn Fn(&str) -> Result<Option<String>, Error> + Send + Sync + RefUnwindSafe>;

named! {
    /// The treatment of a record without text at a chosen field: the field is missing, or null, or not a string.
    #[derive(Default)]
    pub enum Missing: "treatment of missing text" {
        /// The record is kept, and counted.
        #[default]
        Keep "keep" "keep the record, and count it",
        /// The record is dropped.
        Drop "drop" "drop the record",
        /// The record is broken.
        Error "error" "treat the record as broken",
    }
}

impl RecordOptions {
    /// Convert the texts.
    #[must_use]
    pub fn convert(self, converter: Converter) -> RecordOptions {
        self.convert_by(move |text| match converter.convert(text) {
            Cow::Borrowed(_) => Ok(None),
            Cow::Owned(converted) => Ok(Some(converted)),
        })
    }

    /// Convert the texts by a function, which returns None for a text that stays unchanged. A record for which it fails is
    /// broken.
    #[must_use]
    pub fn convert_by(
        mut self,
        convert: impl Fn(&str) -> Result<Option<String>, Error> + Send + Sync + RefUnwindSafe + 'static,
    ) -> RecordOptions {
        self.convert = Some(Arc::new(convert));
        self
    }

    /// The texts of these fields are documents of a format, such as HTML. A field is given by its number: the place, from 0,
    /// among the fields that [`Jsonl`](crate::Jsonl), [`Table`](crate::Table) or `Parquet` is given. Of a number that is given
    /// twice, the first format counts.
    ///
    /// Such a text is converted by these options where others are converted by [`convert`](Self::convert) or
    /// [`convert_by`](Self::convert_by): without these, it stays. Its metrics are those of what a reader reads, without markup
    /// and names. A text that is not in its format makes a record broken; one that is empty is not. Glosses cannot be searched
    /// for in such fields, other than to count them for a metric: all records are broken with [`gloss`](Self::gloss).
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    /// use fanjian_documents::{Format, Languages, Options};
    /// use fanjian_records::{Jsonl, RecordOptions};
    ///
    /// let converter = Converter::new(Config::S2twp);
    /// let documents = Options::new(converter.clone()).languages(Languages::of_config(Config::S2twp));
    /// let options = RecordOptions::default().convert(converter).documents([(1, Format::Html)], documents)?;
    /// let jsonl = Jsonl::new(options, ["title".parse()?, "page".parse()?]);
    /// let record = r#"{"title":"<头>","page":"<p lang=\"zh-CN\" title=\"头\" class=\"头\">头<b>发</b>"}"#;
    /// let converted = r#"{"title":"<頭>","page":"<p lang=\"zh-TW\" title=\"頭\" class=\"头\">頭<b>髮</b>"}"#;
    /// assert_eq!(jsonl.record(record)?.as_deref(), Some(converted));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unsupported`](ErrorKind::Unsupported) for a format that is an archive, and no text.
    #[cfg(feature = "documents")]
    pub fn documents(
        mut self,
        fields: impl IntoIterator<Item = (usize, documents::Format)>,
        options: documents::Options,
    ) -> Result<RecordOptions, Error> {
        self.documents.choose(fields.into_iter().collect(), options)?;
        Ok(self)
    }

    /// Call a function with each text that is converted as a document, and with what was done to it.
    #[cfg(feature = "documents")]
    #[must_use]
    pub fn observe_documents(
        mut self,
        observe: impl Fn(&str, &documents::Report) + Send + Sync + RefUnwindSafe + 'static,
    ) -> RecordOptions {
        self.documents.observe = Some(Arc::new(observe));
        self
    }

    /// Search for glosses made by a machine, and treat records with glosses. [`GlossMode::Report`] only counts them. If glosses
    /// are removed, machine-converted records are converted as by [`clean`](fn@fanjian_clean::clean).
    ///
    /// ```
    /// use fanjian_clean::GlossMode;
    /// use fanjian_records::RecordOptions;
    ///
    /// let options = RecordOptions::default().gloss(GlossMode::Repair);
    /// # let _ = options;
    /// ```
    #[cfg(feature = "clean")]
    #[must_use]
    pub fn gloss(mut self, mode: GlossMode) -> RecordOptions {
        self.cleaning.mode = Some(mode).filter(|&mode| mode != GlossMode::Off);
        self
    }

    /// Set the thresholds by which glosses are recognized.
    #[cfg(feature = "clean")]
    #[must_use]
    pub fn thresholds(mut self, thresholds: Thresholds) -> RecordOptions {
        self.cleaning.thresholds = thresholds;
        self
    }

    /// Add a metric to each record, under a name.
    #[must_use]
    pub fn add(mut self, metric: Metric, name: impl Into<String>) -> RecordOptions {
        self.added.push((metric, name.into()));
        self
    }

    /// Keep only records for which a condition is true. With several conditions, all have to be.
    #[must_use]
    pub fn keep_if(mut self, condition: Condition) -> RecordOptions {
        self.conditions.push(condition);
        self
    }

    /// Report what the texts of each record are, as they were read, in [`Report::detected`](crate::Report::detected).
    ///
    /// ```
    /// use fanjian::Script;
    /// use fanjian_records::{Chunk, Jsonl, RecordOptions};
    ///
    /// let jsonl = Jsonl::new(RecordOptions::default().detect(), ["title".parse()?, "text".parse()?]);
    /// let records = "{\"title\": \"\", \"text\": \"头发\"}\n{\"title\": \"頭髮\", \"text\": \"裡\"}\n";
    /// let report = jsonl.chunk(&Chunk::new(records, 1), &mut Vec::new());
    /// let found: Vec<_> = report.detected.iter().map(|record| (record.line, record.detection.script())).collect();
    /// assert_eq!(found, [(1, Script::Simplified), (2, Script::Taiwan)]);
    /// assert_eq!(report.detected[1].beginning, "頭髮 裡");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn detect(mut self) -> RecordOptions {
        self.detect = true;
        self
    }

    /// Set the treatment of records without text at a chosen field.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> RecordOptions {
        self.missing = missing;
        self
    }

    /// The metrics that are added, and their names.
    pub(crate) fn added(&self) -> &[(Metric, String)] {
        &self.added
    }

    /// Whether a metric for which this is true is added, or is part of a condition.
    fn needs(&self, is_meant: impl Fn(Metric) -> bool) -> bool {
        let added = self.added.iter().map(|&(metric, _)| metric);
        let detected = self.detect.then_some(Metric::Script);
        added.chain(self.conditions.iter().map(Condition::metric)).chain(detected).any(is_meant)
    }

    /// Returns an error if two fields lead to one text, and differ in its format. `name` is the name of a field.
    pub(crate) fn check_one_format(
        &self,
        (first, second): (usize, usize),
        name: impl Fn(usize) -> String,
    ) -> Result<(), Error> {
        if self.documents.format(first) == self.documents.format(second) {
            return Ok(());
        }
        let message = format!("'{}' and '{}' are one text, but differ in its format", name(first), name(second));
        Err(Error::new(ErrorKind::Syntax, message))
    }

    /// Processes the texts of one record. `is_missing` is whether a chosen field has no text. `name` is the name of a field.
    pub(crate) fn apply(
        &self,
        texts: &[Text<'_>],
        is_missing: bool,
        name: impl Fn(usize) -> String,
    ) -> Result<Processed, Error> {
        match self.missing {
            Missing::Error if is_missing => {
                return Err(Error::new(ErrorKind::NotFound, "there is no text at a chosen field"));
            }
            Missing::Drop if is_missing => return Ok(Processed::default()),
            _ => {}
        }
        if self.cleaning.is_on() && self.documents.are_chosen() {
            let message = "glosses cannot be searched for in fields that are documents";
            return Err(Error::new(ErrorKind::Config, message));
        }
        let of_field =
            |text: &Text<'_>, error: Error| Error::new(error.kind(), format!("{}: {error}", name(text.field)));
        let read;
        let seen = match self.documents.are_chosen() && self.needs(|_| true) {
            true => {
                let without =
                    texts.iter().map(|text| self.documents.without_markup(text).map_err(|error| of_field(text, error)));
                read = without.collect::<Result<Vec<_>, _>>()?;
                &read
            }
            false => texts,
        };
        let mut metrics = Metrics::default();
        if self.needs(|metric| !metric.is_of_cleaning()) || (self.cleaning.is_on() && self.convert.is_some()) {
            metrics.detection = seen.iter().fold(Detection::default(), |mut all, text| {
                all += detect(&text.text);
                all
            });
        }
        let detected = self.detect.then(|| DetectedRecord {
            line: 0,
            detection: metrics.detection,
            beginning: beginning(seen.iter().map(|text| &*text.text)),
        });
        let mut cleaned = self.cleaning.clean(seen, self.needs(Metric::is_of_cleaning))?;
        (metrics.glosses, metrics.unrepaired) = (cleaned.glosses, cleaned.unrepaired);
        let has_glosses = cleaned.has_glosses();
        if cleaned.is_dropped || !self.conditions.iter().all(|condition| condition.holds(&metrics)) {
            return Ok(Processed { has_glosses, metrics, detected, ..Processed::default() });
        }
        // A machine-converted text that is to be cleaned is not converted as it is.
        let is_machine_converted =
            self.cleaning.is_stripping() && (has_glosses || metrics.detection.is_machine_converted());
        let mut outputs = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let cleaned = cleaned.texts.get_mut(at).and_then(Option::take);
            let before = cleaned.as_deref().unwrap_or(&text.text);
            let converted = match &self.convert {
                Some(_) if self.documents.format(text.field).is_some() => {
                    self.documents.convert(text).map_err(|error| of_field(text, error))?
                }
                Some(convert) if is_machine_converted => Some(self.cleaning.reconvert(before, &**convert)?),
                Some(convert) => convert(before)?,
                None => None,
            };
            let output = converted.or(cleaned).filter(|output| *output != text.text);
            if let Some(output) = &output {
                text.check(output)?;
            }
            outputs.push(output);
        }
        Ok(Processed { is_kept: true, has_glosses, outputs, metrics, detected })
    }
}

/// The beginning of texts, on one line, with a space between them.
fn beginning<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut beginning = String::new();
    let mut left = BEGINNING;
    for text in texts.map(str::trim).filter(|text| !text.is_empty()) {
        let space = if beginning.is_empty() { "" } else { " " };
        let characters = space.chars().chain(text.chars()).take(left);
        let before = beginning.len();
        beginning.extend(characters.map(|character| if character.is_whitespace() { ' ' } else { character }));
        left -= beginning[before..].chars().count();
    }
    beginning
}

impl fmt::Debug for RecordOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RecordOptions { convert, documents, cleaning, added, conditions, detect, missing } = self;
        f.debug_struct("RecordOptions")
            .field("converts", &convert.is_some())
            .field("documents", documents)
            .field("cleaning", cleaning)
            .field("added", added)
            .field("conditions", conditions)
            .field("detect", detect)
            .field("missing", missing)
            .finish()
    }
}

/// The result for the texts of a record.
#[derive(Debug, Default)]
pub(crate) struct Processed {
    pub(crate) is_kept: bool,
    pub(crate) has_glosses: bool,
    /// The output of each text, if it has changed. Empty for a record that is not kept.
    pub(crate) outputs: Vec<Option<String>>,
    pub(crate) metrics: Metrics,
    /// What the texts are, if that is asked for. The line is not known yet.
    pub(crate) detected: Option<DetectedRecord>,
}

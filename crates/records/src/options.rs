//! Options of the conversion of records.

use std::{borrow::Cow, fmt, panic::RefUnwindSafe, sync::Arc};

use fanjian::{Converter, Detection, Error, ErrorKind, detect, named};
#[cfg(feature = "clean")]
use fanjian_clean::{GlossMode, Thresholds};

use crate::{
    cleaning::Cleaning,
    condition::Condition,
    metric::{Metric, Metrics},
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
    cleaning: Cleaning,
    added: Vec<(Metric, String)>,
    conditions: Vec<Condition>,
    missing: Missing,
}

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
        added.chain(self.conditions.iter().map(Condition::metric)).any(is_meant)
    }

    /// Processes the texts of one record. `is_missing` is whether a chosen field has no text.
    pub(crate) fn apply(&self, texts: &[Text<'_>], is_missing: bool) -> Result<Processed, Error> {
        match self.missing {
            Missing::Error if is_missing => {
                return Err(Error::new(ErrorKind::NotFound, "there is no text at a chosen field"));
            }
            Missing::Drop if is_missing => return Ok(Processed::default()),
            _ => {}
        }
        let mut metrics = Metrics::default();
        if self.needs(|metric| !metric.is_of_cleaning()) || (self.cleaning.is_on() && self.convert.is_some()) {
            metrics.detection = texts.iter().fold(Detection::default(), |mut all, text| {
                all += detect(&text.text);
                all
            });
        }
        let mut cleaned = self.cleaning.clean(texts, self.needs(Metric::is_of_cleaning))?;
        (metrics.glosses, metrics.unrepaired) = (cleaned.glosses, cleaned.unrepaired);
        let has_glosses = cleaned.has_glosses();
        if cleaned.is_dropped || !self.conditions.iter().all(|condition| condition.holds(&metrics)) {
            return Ok(Processed { has_glosses, metrics, ..Processed::default() });
        }
        // A machine-converted text that is to be cleaned is not converted as it is.
        let is_machine_converted =
            self.cleaning.is_stripping() && (has_glosses || metrics.detection.is_machine_converted());
        let mut outputs = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let cleaned = cleaned.texts.get_mut(at).and_then(Option::take);
            let before = cleaned.as_deref().unwrap_or(&text.text);
            let converted = match &self.convert {
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
        Ok(Processed { is_kept: true, has_glosses, outputs, metrics })
    }
}

impl fmt::Debug for RecordOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RecordOptions { convert, cleaning, added, conditions, missing } = self;
        f.debug_struct("RecordOptions")
            .field("converts", &convert.is_some())
            .field("cleaning", cleaning)
            .field("added", added)
            .field("conditions", conditions)
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
}

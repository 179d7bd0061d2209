//! What is done with the texts of a record.

use std::{borrow::Cow, fmt, sync::Arc};

use crate::{Condition, Metric, condition::Metrics};
use fanjian::{Converter, Detection, Error, ErrorKind, detect};
use fanjian_clean::{self as clean, GlossMode, Glosses, Thresholds, glosses};

/// What is done with the texts of each record: cleaning, detection, a choice by what was detected, and conversion.
///
/// The texts of a record that are chosen are one document: the thresholds of [`glosses`] look at all of
/// them, and so does detection. It looks at the texts as they were read, and all else comes after it: a record that is left out is not converted.
///
/// ```
/// use fanjian::{Converter, Target};
/// use fanjian_clean::GlossMode;
/// use fanjian_records::RecordOptions;
///
/// let options = RecordOptions::default()
///     .gloss(GlossMode::Repair)
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
    gloss: Option<GlossMode>,
    thresholds: Thresholds,
    added: Vec<(Metric, String)>,
    conditions: Vec<Condition>,
    missing: Missing,
}

type Convert = Arc<dyn Fn(&str) -> Result<Option<String>, Error> + Send + Sync>;

/// What becomes of a record in which a chosen field leads to no text: it is not there, or null, or a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Missing {
    /// The record is kept, and counted.
    #[default]
    Keep,
    /// The record is left out.
    Drop,
    /// The record is broken.
    Error,
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

    /// Convert the texts by a function of one's own, which gives nothing where a text stays as it is. A record for which it
    /// fails is broken.
    #[must_use]
    pub fn convert_by(
        mut self,
        convert: impl Fn(&str) -> Result<Option<String>, Error> + Send + Sync + 'static,
    ) -> RecordOptions {
        self.convert = Some(Arc::new(convert));
        self
    }

    /// Look for glosses that a machine made, and treat them so. [`GlossMode::Report`] only counts them. Where they are taken out,
    /// records that a machine has converted are converted as [`clean`](fn@clean::clean) does it.
    #[must_use]
    pub fn gloss(mut self, mode: GlossMode) -> RecordOptions {
        self.gloss = Some(mode).filter(|&mode| mode != GlossMode::Off);
        self
    }

    /// When readings are taken for a machine's glosses.
    #[must_use]
    pub fn thresholds(mut self, thresholds: Thresholds) -> RecordOptions {
        self.thresholds = thresholds;
        self
    }

    /// Add what was found to each record, under a name.
    #[must_use]
    pub fn add(mut self, fact: Metric, name: impl Into<String>) -> RecordOptions {
        self.added.push((fact, name.into()));
        self
    }

    /// Keep only records for which this holds. Of several conditions, all have to.
    #[must_use]
    pub fn keep_if(mut self, condition: Condition) -> RecordOptions {
        self.conditions.push(condition);
        self
    }

    /// What becomes of records in which a chosen field leads to no text.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> RecordOptions {
        self.missing = missing;
        self
    }

    /// The facts that are added, and under which names.
    pub(crate) fn added(&self) -> &[(Metric, String)] {
        &self.added
    }

    fn needs(&self, is_meant: impl Fn(Metric) -> bool) -> bool {
        let facts = self.added.iter().map(|&(fact, _)| fact);
        facts.chain(self.conditions.iter().map(Condition::fact)).any(is_meant)
    }

    /// Does it for the texts of one record. `is_missing` is whether a chosen field led to none.
    pub(crate) fn apply(&self, texts: &[Text<'_>], is_missing: bool) -> Result<Done, Error> {
        match self.missing {
            Missing::Error if is_missing => {
                return Err(Error::new(ErrorKind::NotFound, "a chosen field leads to no text"));
            }
            Missing::Drop if is_missing => return Ok(Done::default()),
            _ => {}
        }
        let mut facts = Metrics::default();
        if self.needs(|fact| !fact.is_of_glosses()) || (self.gloss.is_some() && self.convert.is_some()) {
            facts.detection = texts.iter().fold(Detection::default(), |mut all, text| {
                all += detect(&text.text);
                all
            });
        }
        // Most texts have none, and need not be looked at as one document.
        let may_have_glosses = || texts.iter().any(|text| memchr::memchr(b'(', text.text.as_bytes()).is_some());
        let found = if (self.gloss.is_some() || self.needs(Metric::is_of_glosses)) && may_have_glosses() {
            Documents::of(texts).glosses(&self.thresholds)
        } else {
            Vec::new()
        };
        facts.glosses = found.iter().map(|found| found.glosses.len()).sum();
        facts.unrepaired = found.iter().map(|found| found.unrepaired().count()).sum();
        let has_glosses = facts.glosses > 0 || facts.unrepaired > 0;
        let is_dropped = self.gloss == Some(GlossMode::Drop) && has_glosses;
        if is_dropped || !self.conditions.iter().all(|condition| condition.holds(&facts)) {
            return Ok(Done { has_glosses, facts, ..Done::default() });
        }
        // What is to be cleaned, and a machine has converted, is not converted once more as it is.
        let strips = matches!(self.gloss, Some(GlossMode::Strip | GlossMode::Repair));
        let is_machines = strips && (has_glosses || facts.detection.is_machine_converted());
        let mut outputs = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let cleaned = found.get(at).filter(|found| strips && !found.is_empty());
            let cleaned =
                cleaned.map(|found| found.strip(&text.text, self.gloss == Some(GlossMode::Repair)).into_owned());
            let before = cleaned.as_deref().unwrap_or(&text.text);
            let converted = match &self.convert {
                Some(convert) if is_machines => {
                    Some(clean::reconvert(before, |text| Ok(convert(text)?.map_or(Cow::Borrowed(text), Cow::Owned)))?)
                }
                Some(convert) => convert(before)?,
                None => None,
            };
            let output = converted.or(cleaned).filter(|output| *output != text.text);
            if let Some(output) = &output {
                text.check(output)?;
            }
            outputs.push(output);
        }
        Ok(Done { is_kept: true, has_glosses, outputs, facts })
    }
}

impl fmt::Debug for RecordOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RecordOptions { convert, gloss, thresholds, added, conditions, missing } = self;
        f.debug_struct("RecordOptions")
            .field("converts", &convert.is_some())
            .field("gloss", gloss)
            .field("thresholds", thresholds)
            .field("added", added)
            .field("conditions", conditions)
            .field("missing", missing)
            .finish()
    }
}

/// A text of a record, as it is looked at and converted.
pub(crate) struct Text<'r> {
    pub(crate) text: Cow<'r, str>,
    /// For each U+FFFD in the text, the lone surrogate that it stands for, if it stands for one. Empty where none does.
    pub(crate) surrogates: Vec<Option<u16>>,
}

/// What stands for a lone surrogate, which no Rust string can hold.
pub(crate) const STAND_IN: char = '\u{fffd}';

impl Text<'_> {
    /// Whether the lone surrogates can be put into what the text became.
    fn check(&self, output: &str) -> Result<(), Error> {
        if self.surrogates.is_empty() || output.matches(STAND_IN).count() == self.surrogates.len() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::InvalidUtf8, "a lone surrogate stands where the conversion changes the text"))
    }
}

/// What became of a record.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) is_kept: bool,
    pub(crate) has_glosses: bool,
    /// What each text becomes, if it changes. Empty for a record that is not kept.
    pub(crate) outputs: Vec<Option<String>>,
    pub(crate) facts: Metrics,
}

/// The texts of a record as one document: one after the other, with a line feed between them.
struct Documents {
    whole: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Documents {
    fn of(texts: &[Text<'_>]) -> Documents {
        let mut documents = Documents { whole: String::new(), ends: Vec::with_capacity(texts.len()) };
        for text in texts {
            if !documents.ends.is_empty() {
                documents.whole.push('\n');
            }
            documents.whole.push_str(&text.text);
            documents.ends.push(documents.whole.len());
        }
        documents
    }

    /// What is found in each text, by what is found in all of them.
    fn glosses(&self, thresholds: &Thresholds) -> Vec<Glosses> {
        let all = glosses(&self.whole, thresholds);
        let mut found = vec![Glosses::default(); self.ends.len()];
        // The text that a span is in, and where that begins; none for what reaches out of a text.
        let place = |span: &std::ops::Range<usize>| {
            let at = self.ends.partition_point(|&end| end < span.end);
            let start = at.checked_sub(1).map_or(0, |before| self.ends[before] + 1);
            (span.start >= start && at < self.ends.len()).then_some((at, start))
        };
        for mut gloss in all.glosses {
            if let Some((at, start)) = place(&gloss.span) {
                gloss.span = gloss.span.start - start..gloss.span.end - start;
                found[at].glosses.push(gloss);
            }
        }
        for mut damage in all.damages {
            if let Some((at, start)) = place(&damage.span) {
                damage.span = damage.span.start - start..damage.span.end - start;
                found[at].damages.push(damage);
            }
        }
        found
    }
}

//! Cleaning of the texts of a record as one document.

use std::{borrow::Cow, ops::Range};

use fanjian::Error;
use fanjian_clean::{self as clean, GlossMode, Glosses, Thresholds, glosses};

use crate::text::{Cleaned, Text};

/// The options of cleaning.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cleaning {
    /// The treatment of records with glosses. None if glosses are of no interest.
    pub(crate) mode: Option<GlossMode>,
    pub(crate) thresholds: Thresholds,
}

impl Cleaning {
    /// Cleans the texts of a record. `is_counted` is whether glosses are counted even if they are not treated.
    pub(crate) fn clean(&self, texts: &[Text<'_>], is_counted: bool) -> Result<Cleaned, Error> {
        // Most texts have no glosses, and need not be copied to one document.
        let may_have_glosses = || texts.iter().any(|text| memchr::memchr(b'(', text.text.as_bytes()).is_some());
        if !(self.mode.is_some() || is_counted) || !may_have_glosses() {
            return Ok(Cleaned::default());
        }
        let found = Document::of(texts).glosses(&self.thresholds);
        let mut cleaned = Cleaned {
            glosses: found.iter().map(|found| found.glosses.len()).sum(),
            unrepaired: found.iter().map(|found| found.unrepaired().count()).sum(),
            ..Cleaned::default()
        };
        cleaned.is_dropped = self.mode == Some(GlossMode::Drop) && cleaned.has_glosses();
        if self.is_stripping() {
            let repairs = self.mode == Some(GlossMode::Repair);
            let strip = |(found, text): (&Glosses, &Text<'_>)| match found.strip(&text.text, repairs) {
                Cow::Borrowed(_) => None,
                Cow::Owned(cleaned) => Some(cleaned),
            };
            cleaned.texts = found.iter().zip(texts).map(strip).collect();
        }
        Ok(cleaned)
    }

    /// Whether records with glosses are treated at all.
    pub(crate) fn is_on(&self) -> bool {
        self.mode.is_some()
    }

    /// Whether glosses are removed.
    pub(crate) fn is_stripping(&self) -> bool {
        matches!(self.mode, Some(GlossMode::Strip | GlossMode::Repair))
    }

    /// Converts a machine-converted text.
    pub(crate) fn reconvert(
        &self,
        text: &str,
        convert: &dyn Fn(&str) -> Result<Option<String>, Error>,
    ) -> Result<String, Error> {
        clean::reconvert(text, |text| Ok(convert(text)?.map_or(Cow::Borrowed(text), Cow::Owned)))
    }
}

/// The texts of a record as one document: one after the other, with a line feed between them.
struct Document {
    whole: String,
    /// The end of each text.
    ends: Vec<usize>,
}

impl Document {
    fn of(texts: &[Text<'_>]) -> Document {
        let mut document = Document { whole: String::new(), ends: Vec::with_capacity(texts.len()) };
        for text in texts {
            if !document.ends.is_empty() {
                document.whole.push('\n');
            }
            document.whole.push_str(&text.text);
            document.ends.push(document.whole.len());
        }
        document
    }

    /// The glosses of each text, by the thresholds for all of them.
    fn glosses(&self, thresholds: &Thresholds) -> Vec<Glosses> {
        let all = glosses(&self.whole, thresholds);
        let mut found = vec![Glosses::default(); self.ends.len()];
        // The text that a span is in, and its beginning. None for a span across two texts.
        let place = |span: &Range<usize>| {
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

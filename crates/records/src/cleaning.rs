//! Cleaning of the texts of a record as one document.

use std::borrow::Cow;

use fanjian::Error;
use fanjian_clean::{self as clean, GlossMode, Glosses, Thresholds, glosses_of_texts};

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
        let found = glosses_of_texts(texts.iter().map(|text| &*text.text), &self.thresholds);
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

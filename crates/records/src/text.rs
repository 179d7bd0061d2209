//! Texts of a record, and the results of their cleaning.

use std::borrow::Cow;

use fanjian::{Error, ErrorKind};

/// A text of a record, decoded.
pub(crate) struct Text<'r> {
    /// The number of the field that it is of.
    pub(crate) field: usize,
    pub(crate) text: Cow<'r, str>,
    /// For each U+FFFD in the text, the lone surrogate that it replaces, if it does. Empty if there are no lone surrogates.
    pub(crate) surrogates: Vec<Option<u16>>,
}

/// The replacement of a lone surrogate, which cannot be part of a Rust string.
pub(crate) const STAND_IN: char = '\u{fffd}';

impl<'r> Text<'r> {
    /// A text without lone surrogates.
    pub(crate) fn new(field: usize, text: impl Into<Cow<'r, str>>) -> Text<'r> {
        Text { field, text: text.into(), surrogates: Vec::new() }
    }

    /// Returns an error if the lone surrogates have no place in the converted text.
    pub(crate) fn check(&self, output: &str) -> Result<(), Error> {
        if self.surrogates.is_empty() || output.matches(STAND_IN).count() == self.surrogates.len() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::InvalidUtf8, "a lone surrogate is where the conversion changes the text"))
    }
}

/// The cleaning of the texts of a record.
#[derive(Default)]
pub(crate) struct Cleaned {
    /// The number of glosses made by a machine.
    pub(crate) glosses: usize,
    /// The number of damaged places that cannot be repaired.
    pub(crate) unrepaired: usize,
    /// Whether the record is to be dropped.
    pub(crate) is_dropped: bool,
    /// The cleaned texts, each if it has changed. Empty if none has.
    pub(crate) texts: Vec<Option<String>>,
}

impl Cleaned {
    pub(crate) fn has_glosses(&self) -> bool {
        self.glosses > 0 || self.unrepaired > 0
    }
}

//! The tables of a configuration, with what its conversions leave for later ones.

use fanjian_dictionary::utf8::Utf8;

use crate::{cache::Caches, tables::FusedTables};

/// What all fast conversions by one configuration share.
#[derive(Debug)]
pub struct FastTables {
    pub(crate) tables: FusedTables<'static>,
    pub(crate) caches: Caches,
    is_separable: bool,
}

impl FastTables {
    /// The tables.
    pub fn tables(&self) -> &FusedTables<'static> {
        &self.tables
    }

    /// The same tables, of dictionaries that have control characters of ASCII or operators of description sequences.
    #[must_use]
    pub fn inseparable(self) -> FastTables {
        FastTables { is_separable: false, ..self }
    }

    /// Whether a control character of ASCII separates texts that are converted together, if no operator of description sequences
    /// is in them.
    #[must_use]
    pub fn is_separable(&self) -> bool {
        self.is_separable
    }

    /// Whether a key may hold these two characters side by side. Never false where one does.
    #[must_use]
    pub fn may_join(&self, left: char, right: char) -> bool {
        self.tables.joins(Utf8::new(left), Utf8::new(right))
    }
}

impl From<FusedTables<'static>> for FastTables {
    fn from(tables: FusedTables<'static>) -> FastTables {
        // They stay for good, as the tables do.
        let words = tables.make_notable_words().map(|words| &*Box::leak(words));
        FastTables { tables: tables.with_notable_words(words), caches: Caches::default(), is_separable: true }
    }
}

//! The tables of a configuration, with what its conversions leave for later ones.

use fanjian_dictionary::utf8::Utf8;

use crate::{cache::Caches, tables::FusedTables};

/// What all fast conversions by one configuration share.
#[derive(Debug)]
pub struct FastTables {
    pub(crate) tables: FusedTables<'static>,
    pub(crate) caches: Caches,
}

impl FastTables {
    /// The tables.
    pub fn tables(&self) -> &FusedTables<'static> {
        &self.tables
    }

    /// Whether a key may hold these two characters side by side. Never false where one does.
    #[must_use]
    pub fn may_join(&self, left: char, right: char) -> bool {
        self.tables.joins(Utf8::new(left), Utf8::new(right))
    }
}

impl From<FusedTables<'static>> for FastTables {
    fn from(tables: FusedTables<'static>) -> FastTables {
        FastTables { tables: tables.with_words(), caches: Caches::default() }
    }
}

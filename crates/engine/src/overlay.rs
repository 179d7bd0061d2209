//! A user's own words and protected terms, laid over the tables of a configuration.
//!
//! The conversion is that of [`fast`](crate::fast), by copies of the tables that know the keys of both
//! (the module `tables::extended`): a span without any is converted as ever. In the others, what [`Stages`](crate::Stages) do
//! is done here:
//!
//! - A protected term ends the text before it, and begins that behind it anew. No key reaches over the edge of a span, so
//!   that its terms can be found in the span alone.
//! - An own word is one where a token begins, at segmentation or at the only stage, if no longer key of that begins there.
//!   What stands before and behind it is converted on its own: by the tables, since the tokens of a part of a text that ends where a
//!   token does are those of the text.
//!
//! Spans with fallback characters go to the reference chain, whose stages have the own words and the protected terms.

use fanjian_dictionary::Group;

use crate::{
    cache::Caches,
    fast_tables::FastTables,
    tables::{ExtendedTables, FusedTables, Scratch},
    word_table::WordTable,
};

/// Own words and protected terms of a configuration that has tables.
#[derive(Debug)]
pub struct Overlay {
    tables: ExtendedTables,
    pub(crate) caches: Caches,
    /// Those that end the text before them, and begin that behind them.
    protected: Option<WordTable>,
    own: Option<WordTable>,
}

impl Overlay {
    /// Lays protected terms and own words over the tables of a configuration of one stage, or with segmentation. None if they do
    /// not fit the widths of its numbers.
    ///
    /// Costs time by the number of both.
    pub fn new(base: &'static FastTables, protected: Option<&Group>, own: Option<&Group>) -> Option<Overlay> {
        let [protected, own] = [protected, own].map(|words| words.map(WordTable::new));
        let keys = || protected.iter().chain(&own).flat_map(WordTable::keys);
        let mut tables = ExtendedTables::new(&base.tables, keys().count());
        keys().try_for_each(|key| tables.add(key))?;
        Some(Overlay { tables, caches: Caches::default(), protected, own })
    }

    /// The tables, to convert by.
    pub(crate) fn tables(&self) -> FusedTables<'_> {
        self.tables.tables()
    }

    /// Appends the output of a whole span, or of several, without fallback characters. `tables` are these.
    pub(crate) fn convert(&self, tables: &FusedTables<'_>, span: &str, scratch: &mut Scratch, out: &mut Vec<u8>) {
        let mut rest = span;
        if let Some(protected) = &self.protected {
            while let Some((at, (len, term))) = protected.first(rest, 0..rest.len()) {
                self.convert_between(tables, &rest[..at], scratch, out);
                out.extend_from_slice(term.as_bytes());
                rest = &rest[at + len..];
            }
        }
        self.convert_between(tables, rest, scratch, out);
    }

    /// The same of a text between protected terms.
    fn convert_between(&self, tables: &FusedTables<'_>, text: &str, scratch: &mut Scratch, out: &mut Vec<u8>) {
        let bytes = text.as_bytes();
        // Where no own word is, no token has to be found.
        let first = |own: &WordTable| own.first(text, 0..text.len()).map(|(at, _)| at);
        let Some((own, first)) = self.own.as_ref().and_then(|own| Some((own, first(own)?))) else {
            return tables.convert(bytes, scratch, out);
        };
        let (mut from, mut at) = (0, 0);
        while at < text.len() {
            let token = tables.token(&bytes[at..]);
            let word = if at < first { None } else { own.longest(&text[at..]) };
            match word.filter(|&(len, _)| len >= token) {
                Some((len, value)) => {
                    tables.convert(&bytes[from..at], scratch, out);
                    out.extend_from_slice(value.as_bytes());
                    at += len;
                    from = at;
                }
                None => at += token,
            }
        }
        tables.convert(&bytes[from..], scratch, out);
    }
}

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

use fanjian_dictionary::{Dictionary, Group, utf8};

use crate::{
    cache::Caches,
    fast::FastTables,
    tables::{ExtendedTables, FusedTables, Scratch},
};

/// Own words and protected terms of a configuration that has tables.
#[derive(Debug)]
pub struct Overlay {
    tables: ExtendedTables,
    pub(crate) caches: Caches,
    /// Those that end the text before them, and begin that behind them.
    protected: Option<Group>,
    own: Option<Group>,
}

impl Overlay {
    /// Lays protected terms and own words over the tables of a configuration of one stage, or with segmentation. None if they do
    /// not fit the widths of its numbers.
    ///
    /// Costs time by the number of both.
    pub fn new(base: &'static FastTables, protected: Option<Group>, own: Option<Group>) -> Option<Overlay> {
        let dictionaries = || protected.iter().chain(&own).flat_map(Group::dictionaries);
        let mut tables = ExtendedTables::new(&base.tables, dictionaries().map(Dictionary::len).sum());
        let mut fits = Some(());
        for dictionary in dictionaries() {
            dictionary.for_each_key(|key| fits = fits.and_then(|()| tables.add(key)));
        }
        fits.map(|()| Overlay { tables, caches: Caches::default(), protected, own })
    }

    /// The tables, to convert by.
    pub(crate) fn tables(&self) -> FusedTables<'_> {
        self.tables.tables()
    }

    /// Appends the output of a whole span, or of several, without fallback characters. `tables` are these.
    pub(crate) fn convert(&self, tables: &FusedTables<'_>, span: &str, scratch: &mut Scratch, out: &mut Vec<u8>) {
        let Some(protected) = &self.protected else {
            return self.convert_between(tables, span, scratch, out);
        };
        let (mut from, mut at) = (0, 0);
        while at < span.len() {
            match protected.search(&span[at..]).found {
                Some(term) => {
                    self.convert_between(tables, &span[from..at], scratch, out);
                    out.extend_from_slice(term.first().as_bytes());
                    at += term.len;
                    from = at;
                }
                None => at += utf8::width(span.as_bytes()[at]),
            }
        }
        self.convert_between(tables, &span[from..], scratch, out);
    }

    /// The same of a text between protected terms.
    fn convert_between(&self, tables: &FusedTables<'_>, text: &str, scratch: &mut Scratch, out: &mut Vec<u8>) {
        let bytes = text.as_bytes();
        let Some(own) = &self.own else {
            return tables.convert(bytes, scratch, out);
        };
        let (mut from, mut at) = (0, 0);
        // Mostly, there is none: then no token has to be found.
        if !begins(own, text) {
            return tables.convert(bytes, scratch, out);
        }
        while at < text.len() {
            let token = tables.token(&bytes[at..]);
            match own.search(&text[at..]).found.filter(|word| word.len >= token) {
                Some(word) => {
                    tables.convert(&bytes[from..at], scratch, out);
                    out.extend_from_slice(word.first().as_bytes());
                    at += word.len;
                    from = at;
                }
                None => at += token,
            }
        }
        tables.convert(&bytes[from..], scratch, out);
    }
}

/// Whether an own word begins at one of the characters of a text.
fn begins(own: &Group, text: &str) -> bool {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if own.search(rest).found.is_some() {
            return true;
        }
        rest = &rest[character.len_utf8()..];
    }
    false
}

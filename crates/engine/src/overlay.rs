//! A user's own words and protected terms, laid over the tables of a configuration: of a built-in one, or of one whose tables were
//! made at run time.
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
#[cfg(feature = "compile")]
use fanjian_dictionary::Plan;

use crate::{
    cache::Caches,
    fast_tables::FastTables,
    tables::{ExtendedTables, FusedTables, NotableWords, Scratch},
    word_table::WordTable,
};

/// The tables of a configuration, with own words and protected terms.
#[derive(Debug)]
pub struct Overlay {
    base: Base,
    /// None if there are no words.
    extended: Option<ExtendedTables>,
    /// The notable characters of all these tables, as AVX-512 reads them.
    notable: Option<Box<NotableWords>>,
    pub(crate) caches: Caches,
    /// Those that end the text before them, and begin that behind them.
    protected: Option<WordTable>,
    own: Option<WordTable>,
}

/// The tables of a configuration.
#[derive(Clone, Debug)]
enum Base {
    Builtin(&'static FusedTables<'static>),
    /// What [`compile`](crate::tables::compile) makes, which has those of one configuration.
    #[cfg(feature = "compile")]
    Made(Box<[u8]>),
}

/// The name of the configuration in tables that were made.
#[cfg(feature = "compile")]
const MADE: &str = "it";

impl Base {
    fn tables(&self) -> FusedTables<'_> {
        match self {
            Base::Builtin(tables) => **tables,
            #[cfg(feature = "compile")]
            Base::Made(bytes) => {
                let found = FusedTables::find(bytes, MADE);
                found.ok().flatten().expect("they were found when the overlay was made")
            }
        }
    }
}

impl Overlay {
    /// Lays protected terms and own words over the tables of a configuration of one stage, or with segmentation. None if they do
    /// not fit the widths of its numbers.
    ///
    /// Costs time by the number of both.
    pub fn new(base: &'static FastTables, protected: Option<&Group>, own: Option<&Group>) -> Option<Overlay> {
        Self::over(Base::Builtin(&base.tables), protected, own)
    }

    /// The same, over tables that are made for a plan. None if it is one that they cannot be made for.
    ///
    /// Costs time by the number of entries of the plan's dictionaries, too: 0.08 s for those of `s2t`.
    #[cfg(feature = "compile")]
    pub fn of_plan(plan: Plan, protected: Option<&Group>, own: Option<&Group>) -> Option<Overlay> {
        // With built-in tables alone, the code that makes others would be twice as much as all that is needed.
        if cfg!(fanjian_tables_alone) {
            return None;
        }
        let bytes = crate::tables::compile(&[(MADE.to_owned(), plan)]).ok()?;
        FusedTables::find(&bytes, MADE).ok()??;
        Self::over(Base::Made(bytes.into()), protected, own)
    }

    fn over(base: Base, protected: Option<&Group>, own: Option<&Group>) -> Option<Overlay> {
        let [protected, own] = [protected, own].map(|words| words.map(WordTable::new));
        let extended = if protected.is_none() && own.is_none() {
            None
        } else {
            let keys = protected.iter().chain(&own).flat_map(WordTable::keys);
            Some(ExtendedTables::new(&base.tables(), keys)?)
        };
        let mut overlay = Overlay { base, extended, notable: None, caches: Caches::default(), protected, own };
        overlay.notable = overlay.tables().make_notable_words();
        Some(overlay)
    }

    /// Whether there are own words or protected terms.
    pub(crate) fn has_words(&self) -> bool {
        self.extended.is_some()
    }

    /// The tables, to convert by.
    pub(crate) fn tables(&self) -> FusedTables<'_> {
        let base = self.base.tables();
        let tables = self.extended.as_ref().map_or(base, |extended| extended.tables(&base));
        tables.with_notable_words(self.notable.as_deref())
    }

    /// Appends the output of a whole span, or of several, without fallback characters. `tables` are these.
    pub(crate) fn convert(&self, tables: &FusedTables<'_>, span: &str, scratch: &mut Scratch, out: &mut Vec<u8>) {
        if self.extended.is_none() {
            return tables.convert(span.as_bytes(), scratch, out);
        }
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
        let next = |at: usize| self.own.as_ref().and_then(|own| own.first(text, at..text.len()));
        // Up to where no further own word is, tokens have to be found.
        let (mut from, mut at) = (0, 0);
        while let Some((place, (len, value))) = next(at) {
            while at < place {
                at += tables.token(&bytes[at..]);
            }
            if at > place {
                continue;
            }
            let token = tables.token(&bytes[at..]);
            if len < token {
                at += token;
                continue;
            }
            tables.convert_without_added(&bytes[from..at], scratch, out);
            out.extend_from_slice(value.as_bytes());
            at += len;
            from = at;
        }
        tables.convert_without_added(&bytes[from..], scratch, out);
    }
}

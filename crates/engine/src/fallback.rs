//! The conversion of spans that the tables do not cover: by the reference chain, or, in programs without dictionaries, by the
//! tables of each stage.

#[cfg(fanjian_tables_alone)]
use std::sync::OnceLock;

#[cfg(not(fanjian_tables_alone))]
use crate::chain::ReferenceChain;
use crate::{stage::Stages, tables::FusedTables};

/// A conversion of text, span after span, each of which may come in pieces.
#[cfg(not(fanjian_tables_alone))]
#[derive(Clone, Debug, Default)]
pub(crate) struct Fallback(Option<ReferenceChain>);

#[cfg(not(fanjian_tables_alone))]
impl Fallback {
    /// Converts another piece. After the `last` one the next span begins.
    pub(crate) fn feed(
        &mut self,
        _: Option<&FusedTables<'_>>,
        stages: &Stages,
        text: &str,
        last: bool,
        out: &mut Vec<u8>,
    ) {
        let stages = stages.get();
        self.0.get_or_insert_with(|| ReferenceChain::new(stages)).feed(stages, text, last, out);
    }
}

/// A conversion of text, span after span, each of which may come in pieces: it is kept until it is whole.
#[cfg(fanjian_tables_alone)]
#[derive(Clone, Debug, Default)]
pub(crate) struct Fallback {
    span: String,
}

#[cfg(fanjian_tables_alone)]
impl Fallback {
    /// Takes another piece. The `last` one ends a span, which is then converted.
    pub(crate) fn feed(
        &mut self,
        tables: Option<&FusedTables<'_>>,
        _: &Stages,
        text: &str,
        last: bool,
        out: &mut Vec<u8>,
    ) {
        self.span.push_str(text);
        if last && let Some(tables) = tables {
            let normalization = NORMALIZATION.get().map_or(&[][..], Vec::as_slice);
            tables.convert_stages(&self.span, normalization, out);
            self.span.clear();
        }
    }
}

/// The normalization of all configurations.
#[cfg(fanjian_tables_alone)]
static NORMALIZATION: OnceLock<Vec<(char, &'static str)>> = OnceLock::new();

/// Sets the normalization of all configurations: characters, and what each becomes, in the text format of dictionaries. What is
/// set first counts.
#[cfg(fanjian_tables_alone)]
pub fn set_normalization(text: &'static str) {
    let _ = NORMALIZATION.set(normalization(text));
}

/// The characters in a dictionary's text, which is sorted by them, and what each becomes.
pub fn normalization(text: &str) -> Vec<(char, &str)> {
    fn entry(line: &str) -> Option<(char, &str)> {
        let (key, candidates) = line.split_once('\t')?;
        Some((key.chars().next()?, candidates.split(' ').next()?))
    }
    text.lines().filter_map(entry).collect()
}

//! A conversion that is under way: by a configuration, or to a target.

#[cfg(feature = "targets")]
use fanjian_context::ScriptHistory;
use fanjian_engine::{FastConversion, FastTables, Stages};
use simdutf8::basic::from_utf8;

use crate::punctuation::{Marks, Quotes};
#[cfg(feature = "targets")]
use crate::target::{TargetConversion, TargetPlan};

/// A configuration or a target, resolved: what a converter is.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) stages: Stages,
    pub(crate) plan: ConversionPlan,
}

/// What a conversion is made by, beside its stages.
#[derive(Clone, Debug)]
pub(crate) enum ConversionPlan {
    /// By a configuration: by these tables for its stages, or by the reference chain if it has none.
    Config(Option<&'static FastTables>),
    /// To a target, behind the stages.
    #[cfg(feature = "targets")]
    Target(TargetPlan),
    /// By one of the others, and quotation marks become these behind it.
    Quoted(Box<QuotedPlan>),
}

/// A plan that is none of these, and the quotation marks.
#[derive(Clone, Debug)]
pub(crate) struct QuotedPlan {
    pub(crate) plan: ConversionPlan,
    pub(crate) marks: Marks,
}

impl ConversionPlan {
    /// Begins a conversion.
    #[inline]
    pub(crate) fn start(&self) -> Conversion {
        match self {
            &ConversionPlan::Config(tables) => Conversion::Config(FastConversion::new(tables)),
            #[cfg(feature = "targets")]
            &ConversionPlan::Target(plan) => Conversion::Target(TargetConversion::new(plan)),
            ConversionPlan::Quoted(quoted) => Conversion::Quoted(Box::new(QuotedConversion {
                conversion: quoted.plan.start(),
                quotes: Quotes::new(quoted.marks),
                converted: Vec::new(),
                quoted: String::new(),
            })),
        }
    }

    /// The plan without quotation marks.
    pub(crate) fn unquoted(&self) -> &ConversionPlan {
        match self {
            ConversionPlan::Quoted(quoted) => &quoted.plan,
            plan => plan,
        }
    }

    /// The tables of a configuration that has some, and that decides alone.
    #[inline]
    pub(crate) fn tables(&self) -> Option<&'static FastTables> {
        match self {
            ConversionPlan::Config(tables) => *tables,
            _ => None,
        }
    }
}

/// A conversion of a text that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) enum Conversion {
    Config(FastConversion),
    #[cfg(feature = "targets")]
    Target(TargetConversion),
    Quoted(Box<QuotedConversion>),
}

/// A conversion, and the pass over quotation marks behind it.
#[derive(Clone, Debug)]
pub(crate) struct QuotedConversion {
    conversion: Conversion,
    quotes: Quotes,
    /// Memory for what the conversion makes of a piece, and the pass of that.
    converted: Vec<u8>,
    quoted: String,
}

#[cfg(feature = "targets")]
impl Conversion {
    /// What the text has shown so far of its script, or the one that has just ended: to a target.
    pub(crate) fn history(&self) -> ScriptHistory {
        match self {
            Conversion::Config(_) => ScriptHistory::default(),
            Conversion::Target(conversion) => conversion.history(),
            Conversion::Quoted(quoted) => quoted.conversion.history(),
        }
    }

    /// Takes what comes next for the rest of a text of this history.
    pub(crate) fn go_on(&mut self, history: ScriptHistory) {
        match self {
            Conversion::Config(_) => {}
            Conversion::Target(conversion) => conversion.go_on(history),
            Conversion::Quoted(quoted) => quoted.conversion.go_on(history),
        }
    }
}

/// A conversion of a text that comes in pieces, of whichever kind.
pub(crate) trait Convert {
    /// Converts another piece of the text, as UTF-8 to the end of `out`, if the next piece or text comes at once. After the
    /// `last` piece the next text may begin. After the last text, the caller has to
    /// [release the cache](Self::release_cache).
    fn feed_on(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>);

    /// Leaves to other conversions what is not needed between two pieces.
    fn release_cache(&mut self, stages: &Stages);

    /// How many bytes at the beginning of a whole text stay as they are, up to a place that nothing reaches across.
    fn same(&self, stages: &Stages, text: &str) -> usize;

    /// As [`feed_on`](Self::feed_on), if it is not known when the next piece comes.
    fn feed(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>) {
        self.feed_on(stages, text, last, out);
        self.release_cache(stages);
    }
}

/// Short texts are converted by this directly: each step through the enum costs them 1 %.
impl Convert for FastConversion {
    #[inline]
    fn feed_on(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>) {
        FastConversion::feed_on(self, stages, text, last, out);
    }

    #[inline]
    fn release_cache(&mut self, stages: &Stages) {
        FastConversion::release_cache(self, stages);
    }

    #[inline]
    fn same(&self, stages: &Stages, text: &str) -> usize {
        FastConversion::same(self, stages, text)
    }
}

impl Convert for Conversion {
    fn feed_on(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>) {
        match self {
            Conversion::Config(conversion) => conversion.feed_on(stages, text, last, out),
            #[cfg(feature = "targets")]
            Conversion::Target(conversion) => conversion.feed(stages.get(), text, last, out),
            Conversion::Quoted(quoted) => quoted.feed_on(stages, text, last, out),
        }
    }

    fn release_cache(&mut self, stages: &Stages) {
        match self {
            Conversion::Config(conversion) => conversion.release_cache(stages),
            #[cfg(feature = "targets")]
            Conversion::Target(_) => {}
            Conversion::Quoted(quoted) => quoted.conversion.release_cache(stages),
        }
    }

    fn same(&self, stages: &Stages, text: &str) -> usize {
        match self {
            Conversion::Config(conversion) => conversion.same(stages, text),
            #[cfg(feature = "targets")]
            Conversion::Target(_) => 0,
            Conversion::Quoted(_) => 0,
        }
    }
}

impl QuotedConversion {
    fn feed_on(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>) {
        // 11 kB of WebAssembly.
        if cfg!(fanjian_tables_alone) {
            unreachable!("the builder refuses quotation marks then");
        }
        self.converted.clear();
        self.quoted.clear();
        self.conversion.feed_on(stages, text, last, &mut self.converted);
        let converted = from_utf8(&self.converted);
        debug_assert!(converted.is_ok(), "the conversion gave bytes that are not UTF-8");
        self.quotes.push(converted.unwrap_or_default(), last, &mut self.quoted);
        out.extend_from_slice(self.quoted.as_bytes());
    }
}

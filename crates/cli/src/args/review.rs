//! Arguments of `fanjian review`, and of its decisions.

use std::path::PathBuf;

use clap::Args;
use fanjian_dictionary::named;

use crate::{
    args::{
        groups::{CONVERSION, ConversionArgs, DocumentArgs, FileFilter, INPUT_AND_OUTPUT, OUTPUT},
        values::{by_name, from_encoding, share},
    },
    io::encodings::FromEncoding,
    report::kinds::CLEAR,
};

named! {
    /// The form of the doubtful places.
    pub(crate) enum ReviewFormat: "format" {
        Html "html" "one page, to look at and decide in a browser",
        Json "json" "a JSON object a line for each context",
        Tsv "tsv" "columns separated by tabs, for a table",
    }
}

/// Decisions of a person, which are applied.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = CONVERSION)]
pub(crate) struct DecisionArgs {
    /// Apply the decisions in FILE, as the page of `fanjian review` saves them
    ///
    /// Without --to, their target and the options of their conversion are used. If a text has changed and the place of a
    /// decision is not there any more, that is a message and exit status 3; the rest is converted.
    #[arg(long, value_name = "FILE", conflicts_with = "config", hide_short_help = true)]
    pub(crate) decisions: Option<PathBuf>,
}

/// Show doubtful places of a conversion, to decide about them
///
/// For each context: the text around, what the conversion makes of the place, the other candidates with what speaks for them,
/// and the probability that it is right; the most doubtful first. In the page, candidates are chosen by a click or a key, and
/// saved as a file of decisions, which `fanjian --decisions FILE` applies, or as own words for --dict.
#[derive(Args)]
#[command(mut_arg("show_config", |arg| arg.hide(true)), mut_arg("config", |arg| arg.hide(true)))]
pub(crate) struct ReviewArgs {
    /// Files and documents, and folders of them; - is standard input, which is also read without any
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) conversion: ConversionArgs,
    /// Write to FILE instead of standard output; its extension is the format
    #[arg(short, long, value_name = "FILE", help_heading = INPUT_AND_OUTPUT)]
    pub(crate) output: Option<PathBuf>,
    /// Form of the answer [default: by the extension of --output, or json]
    ///
    /// The fields of a JSON object are source, output, probability (that it is right), lead (by how much the choice could have been
    /// missed), candidates (text, score, and why: kind, text, weight), count, and places, the first 50: path, part (of
    /// an archive), line, column, before, after, occurrence.
    #[arg(long, value_name = "FORMAT", value_parser = by_name::<ReviewFormat>(), help_heading = INPUT_AND_OUTPUT)]
    pub(crate) format: Option<ReviewFormat>,
    /// Take places that are right with a probability below SHARE
    ///
    /// SHARE is from 0 to 1; 1 takes all places that have several candidates.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, default_value_t = CLEAR, value_parser = share)]
    pub(crate) confidence: f64,
    /// Take the N most doubtful contexts; 0 takes all
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value = "2000")]
    pub(crate) limit: usize,
    /// Encoding of the input, such as gbk, or auto [default: auto]
    #[arg(
        long,
        value_name = "NAME",
        value_parser = from_encoding(),
        help_heading = INPUT_AND_OUTPUT,
        hide_possible_values = true
    )]
    pub(crate) from_encoding: Option<FromEncoding>,
    #[command(flatten)]
    pub(crate) documents: DocumentArgs,
    #[command(flatten)]
    pub(crate) filter: FileFilter,
    /// Print only errors
    #[arg(short, long, help_heading = OUTPUT)]
    pub(crate) quiet: bool,
}

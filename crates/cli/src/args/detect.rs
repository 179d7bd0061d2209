//! Arguments of `fanjian detect`.

use std::path::PathBuf;

use clap::{Args, value_parser};
use fanjian_dictionary::named;

use crate::{
    args::{
        groups::{FileFilter, RecordInputArgs, TableArgs},
        values::{Field, by_name, from_encoding},
    },
    io::encodings::FromEncoding,
    print::Color,
};

named! {
    /// The form in which `fanjian detect` answers.
    #[derive(Default)]
    pub(crate) enum DetectFormat: "format" {
        #[default]
        Text "text" "lines for people",
        Json "json" "JSON for programs, an object a line",
        Html "html" "with --summary, a page that needs no other file",
    }
}

/// Detect script and region of texts
///
/// For each text: simplified, traditional, taiwan, hong-kong or opencc-standard by its forms and words, mixed,
/// japanese, undecided without evidence, not-chinese, or binary; the confidence, from 0 to 1; how many characters and
/// words are evidence of it; and whether a machine has converted it character by character. Encodings are detected.
///
/// Of JSON lines, CSV, TSV and Parquet, each record is a text: the chosen fields together. With --summary, all texts are
/// counted: by script and region, length and confidence; and the suspicious ones are listed.
#[derive(Args)]
pub(crate) struct DetectArgs {
    /// Files, and folders of text files; - is standard input, which is also read without any
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<DetectFormat>())]
    pub(crate) format: DetectFormat,
    /// Report each line
    #[arg(long, conflicts_with_all = ["spans", "records"])]
    pub(crate) lines: bool,
    /// Report each part of a line, or of several lines, that is of one script
    #[arg(long, conflicts_with = "records")]
    pub(crate) spans: bool,
    /// Report all texts together: shares, lengths, confidence, and what is suspicious
    ///
    /// Suspicious is a text of another script than the language in the path of its file (zh-TW/app.json), one that looks
    /// machine-converted, a mixed one, and one whose confidence is below 0.7.
    #[arg(long, conflicts_with_all = ["lines", "spans"])]
    pub(crate) summary: bool,
    /// With --summary: list this many suspicious texts
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value = "10",
        requires = "summary",
        value_parser = value_parser!(u16).range(..=10_000)
    )]
    pub(crate) top: u16,
    /// Encoding of the input, such as gbk, or auto
    #[arg(
        long,
        value_name = "NAME",
        default_value = "auto",
        value_parser = from_encoding(),
        hide_possible_values = true
    )]
    pub(crate) from_encoding: FromEncoding,
    #[command(flatten)]
    pub(crate) records: DetectRecordArgs,
    #[command(flatten)]
    pub(crate) filter: FileFilter,
    /// Number of threads for records and for --summary; 0 for one per processor
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value = "0",
        value_parser = value_parser!(u16).range(..=1024),
        help_heading = "Output"
    )]
    pub(crate) threads: u16,
    /// When to use colours, with --summary
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        value_parser = by_name::<Color>(),
        hide_short_help = true,
        help_heading = "Output"
    )]
    pub(crate) color: Color,
    /// Show no progress bar
    #[arg(long, hide_short_help = true, help_heading = "Output")]
    pub(crate) no_progress: bool,
}

/// Records whose texts are detected: the same options as for their conversion.
#[derive(Args)]
#[command(next_help_heading = "Records")]
#[group(skip)]
pub(crate) struct DetectRecordArgs {
    /// The input is JSON lines: detect only the texts in --field
    #[arg(long, group = "records", requires = "field")]
    pub(crate) jsonl: bool,
    /// The input is CSV: detect only the texts in --column
    #[arg(long, group = "records", requires = "column", hide_short_help = true)]
    pub(crate) csv: bool,
    /// The input is separated by tabs, without quotation marks (otherwise: --csv --delimiter TAB)
    #[arg(long, group = "records", requires = "column", hide_short_help = true)]
    pub(crate) tsv: bool,
    /// The input is Parquet: detect only the texts in --column (in builds with the feature parquet)
    #[arg(long, group = "records", requires = "column", hide_short_help = true)]
    pub(crate) parquet: bool,
    /// Where a text is in a JSON record, such as text or meta.title
    ///
    /// Of page:as=html, what a reader of that format reads is detected.
    #[arg(long, value_name = "FIELD", requires = "jsonl")]
    pub(crate) field: Vec<Field<fanjian_records::Path>>,
    /// A column with text: its name, or its number, from 1; in Parquet, a path as for --field
    #[arg(long, value_name = "COLUMN", requires = "records", conflicts_with = "jsonl", hide_short_help = true)]
    pub(crate) column: Vec<Field<String>>,
    #[command(flatten)]
    pub(crate) table: TableArgs,
    #[command(flatten)]
    pub(crate) input: RecordInputArgs,
}

//! Command line, as clap parses it. What it means is decided in [`settings`](crate::settings).

use std::path::PathBuf;

use clap::Parser;
use fanjian::OPENCC_VERSION;

use self::{
    commands::Subcommand,
    groups::{
        CheckArgs, ConversionArgs, DocumentArgs, EncodingArgs, FileArgs, OpenccJsonArgs, OutputOptions, RecordArgs,
        SingleArgs,
    },
    review::DecisionArgs,
};

#[cfg(test)]
mod catalogues;
pub(crate) mod commands;
pub(crate) mod detect;
pub(crate) mod dict;
pub(crate) mod groups;
pub(crate) mod help;
pub(crate) mod hints;
pub(crate) mod localized;
pub(crate) mod parse;
pub(crate) mod review;
pub(crate) mod usage;
pub(crate) mod values;

/// Convert between Traditional and Simplified Chinese
///
/// Converts any Chinese text to a target (--to), or by one of OpenCC's configurations (--config):
/// standard input to standard output, or files and whole folders. OpenCC's command line is accepted: without --to and
/// --config, a single input is converted by s2t. PATHs need one of them.
#[derive(Parser)]
#[command(
    name = "fanjian",
    version,
    long_version = format!("{}\nwith the dictionaries and configurations of OpenCC {OPENCC_VERSION}", env!("CARGO_PKG_VERSION")),
    disable_help_flag = true,
    disable_version_flag = true,
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
pub(crate) struct CommandLine {
    /// Files to convert, and folders of text files; - is standard input
    #[arg(value_name = "PATH", conflicts_with = "input")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) conversion: ConversionArgs,
    #[command(flatten)]
    pub(crate) decisions: DecisionArgs,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) encodings: EncodingArgs,
    #[command(flatten)]
    pub(crate) documents: DocumentArgs,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    #[command(flatten)]
    pub(crate) opencc_json: OpenccJsonArgs,
    /// See [`parse::parse`].
    #[arg(skip)]
    pub(crate) subcommand: Option<Subcommand>,
}

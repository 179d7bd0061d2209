//! The command line: OpenCC's, and what goes beyond it.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum, builder::BoolishValueParser, value_parser};
use fanjian::{Config, InvalidUtf8, OPENCC_VERSION};

use crate::subcommands::Subcommand;

/// Convert between Traditional and Simplified Chinese
///
/// Reads UTF-8 text and writes it converted, by OpenCC's configurations. OpenCC's command line is accepted.
#[derive(Parser)]
#[command(
    version,
    long_version = format!("{}\nwith the dictionaries and configurations of OpenCC {OPENCC_VERSION}", env!("CARGO_PKG_VERSION")),
    after_help = configurations(),
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    /// Configuration: a built-in one (below), or a JSON file of OpenCC's form
    #[arg(short, long, default_value = "s2t", hide_default_value = true, value_name = "CONFIG")]
    pub(crate) config: String,
    /// Read from FILE instead of standard input
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Write to FILE instead of standard output; it is replaced when all is converted
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Allow the input file to be the output file
    #[arg(long)]
    pub(crate) in_place: bool,
    /// Look for configurations and dictionaries in DIR, too
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Vec<PathBuf>,
    /// Do not flush standard output after each piece of input
    #[arg(long, value_name = "BOOL", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
    pub(crate) noflush: Option<bool>,
    /// Convert with N threads; 0 for as many as the machine can run at once. More than 1 let output wait for megabytes of
    /// input, also from a live pipe
    #[arg(short = 'j', long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u16).range(..=1024))]
    pub(crate) threads: u16,
    /// Use the dictionaries that may output characters which many fonts lack
    #[arg(long, overrides_with = "exclude_tofu_risk_dictionaries")]
    pub(crate) include_tofu_risk_dictionaries: bool,
    /// Do not use them (the default)
    #[arg(long)]
    pub(crate) exclude_tofu_risk_dictionaries: bool,
    /// What to do with input that is not UTF-8
    #[arg(long, value_name = "POLICY", default_value = "strict")]
    pub(crate) invalid_utf8: Policy,
    #[command(flatten)]
    pub(crate) show: Show,
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,
}

/// What to write in place of the converted text.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct Show {
    /// Show the segments of each line, as JSON
    #[arg(long)]
    pub(crate) segmentation: bool,
    /// Show each step of the conversion of each line, as JSON
    #[arg(long)]
    pub(crate) inspect: bool,
    /// Convert to JSON records that mark what has several candidates
    #[arg(long)]
    pub(crate) ambiguities: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// Stop with an error that tells the offset
    Strict,
    /// Put U+FFFD in its place
    Replace,
    /// Leave it as it is
    Pass,
}

impl From<Policy> for InvalidUtf8 {
    fn from(policy: Policy) -> InvalidUtf8 {
        match policy {
            Policy::Strict => InvalidUtf8::Strict,
            Policy::Replace => InvalidUtf8::Replace,
            Policy::Pass => InvalidUtf8::Pass,
        }
    }
}

fn configurations() -> String {
    let lines = Config::ALL
        .iter()
        .map(|config| format!("  {:<6} {}", config.name(), config.meaning()))
        .collect::<Vec<_>>()
        .join("\n");
    format!("Built-in configurations (the default is s2t):\n{lines}\n\nExit status: 0 done, 1 failed, 2 wrong usage.")
}

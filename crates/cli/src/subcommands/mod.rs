//! What the command does beside converting: it explains conversions, looks into dictionaries, and describes itself.

use std::process::ExitCode;

use clap::ValueEnum;

use crate::{output::Output, run::Failure};

mod check;
mod clean;
mod completions;
mod configs;
mod detect;
mod dictionaries;
mod explain;
mod lookup;
mod man;
mod rows;

#[derive(clap::Subcommand)]
pub(crate) enum Subcommand {
    Explain(explain::Arguments),
    Lookup(lookup::Arguments),
    Detect(detect::Arguments),
    Clean(Box<clean::Arguments>),
    Configs(configs::Arguments),
    Dict(dictionaries::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

pub(crate) fn run(subcommand: &Subcommand) -> Result<ExitCode, Failure> {
    match subcommand {
        Subcommand::Explain(arguments) => explain::run(arguments),
        Subcommand::Lookup(arguments) => lookup::run(arguments),
        Subcommand::Detect(arguments) => detect::run(arguments),
        Subcommand::Clean(arguments) => clean::run(arguments),
        Subcommand::Configs(arguments) => configs::run(arguments),
        Subcommand::Dict(arguments) => dictionaries::run(arguments),
        Subcommand::Completions(arguments) => completions::run(arguments),
        Subcommand::Man(arguments) => man::run(arguments),
    }
}

/// Writes a line to standard output.
fn write_line(output: &mut Output, line: &str) -> Result<(), Failure> {
    output.write(line.as_bytes()).and_then(|()| output.write(b"\n"))
}

/// In which form a subcommand answers.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people
    Text,
    /// JSON for programs, an object a line
    Json,
}

//! Commands: each takes its arguments, and gives the exit status.

use crate::{
    args::{CommandLine, commands::Subcommand},
    error::{Failure, Status},
    settings,
};

mod completions;
mod configs;
mod convert;
mod detect;
mod dict;
mod evidence;
mod explain;
mod fill;
mod inputs;
mod lookup;
mod man;
mod reasons;
mod review;
mod rows;
mod single;
mod text;
pub(crate) mod version;

pub(crate) fn run(line: &CommandLine) -> Result<Status, Failure> {
    match &line.subcommand {
        None => convert::run(settings::convert::resolve(line)?),
        Some(Subcommand::Explain(args)) => explain::run(args),
        Some(Subcommand::Lookup(args)) => lookup::run(args),
        Some(Subcommand::Review(args)) => review::run(args),
        Some(Subcommand::Detect(args)) => detect::run(args),
        Some(Subcommand::Text(args)) => text::run(args),
        Some(Subcommand::Fill(args)) => fill::run(args),
        Some(Subcommand::Clean(args)) => convert::run(settings::clean::resolve(args)?),
        Some(Subcommand::Configs(args)) => configs::run(args),
        Some(Subcommand::Dict(args)) => dict::run(args),
        Some(Subcommand::Completions(args)) => completions::run(args),
        Some(Subcommand::Man(args)) => man::run(args),
    }
}

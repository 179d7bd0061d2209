//! `fanjian dict`: own dictionaries, checked and compiled.

use std::process::ExitCode;

use crate::{
    args::commands::{DictArgs, DictSubcommand},
    error::Failure,
};

mod check;
mod compile;
mod lint;

pub(crate) fn run(args: &DictArgs) -> Result<ExitCode, Failure> {
    match &args.subcommand {
        DictSubcommand::Check(args) => check::run(args),
        DictSubcommand::Compile(args) => compile::run(&args.file, &args.output),
    }
}

//! `fanjian dict`: own dictionaries, checked and compiled; and the mappings of search engines.

use crate::{
    args::commands::{DictArgs, DictSubcommand},
    error::{Failure, Status},
};

mod check;
mod compile;
mod export;
mod lint;

pub(crate) fn run(args: &DictArgs) -> Result<Status, Failure> {
    match &args.subcommand {
        DictSubcommand::Check(args) => check::run(args),
        DictSubcommand::Compile(args) => compile::run(&args.file, &args.output),
        DictSubcommand::Export(args) => export::run(args),
    }
}

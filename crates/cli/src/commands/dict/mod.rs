//! `fanjian dict`: own dictionaries, checked, compiled and converted; those of releases; and the mappings of search engines.

use fanjian::DictionaryFormat;

use crate::{
    args::dict::{DictArgs, DictSubcommand},
    error::{Failure, Status},
};

mod check;
mod convert;
mod diff;
mod export;
mod files;
mod import;
mod lint;

pub(crate) fn run(args: &DictArgs) -> Result<Status, Failure> {
    match &args.subcommand {
        DictSubcommand::Check(args) => check::run(args),
        DictSubcommand::Compile(args) => convert::convert(&args.file, &args.output, None, DictionaryFormat::Fanjian),
        DictSubcommand::Convert(args) => convert::run(args),
        DictSubcommand::Import(args) => import::run(args),
        DictSubcommand::Diff(args) => diff::run(args),
        DictSubcommand::Export(args) => export::run(args),
    }
}

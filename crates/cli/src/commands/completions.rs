//! `fanjian completions`: completion script of a shell.

use std::process::ExitCode;

use crate::{
    args::{self, commands::CompletionsArgs},
    error::Failure,
    io::output::Output,
};

pub(crate) fn run(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "fanjian", &mut script);
    let mut output = Output::open(None)?;
    output.write(&script)?;
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

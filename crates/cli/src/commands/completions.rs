//! `fanjian completions`: completion script of a shell.

use crate::{
    args::{commands::CompletionsArgs, help},
    error::{Failure, Status},
    io::output::Output,
};

pub(crate) fn run(args: &CompletionsArgs) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "fanjian", &mut script);
    let mut output = Output::open(None)?;
    output.write(&script)?;
    output.finish()?;
    Ok(Status::Done)
}

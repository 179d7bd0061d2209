//! The command `fanjian`: arguments, files and exit codes around the library.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

mod arguments;
mod convert;
mod input;
mod output;
mod records;
mod run;
mod subcommands;
mod threads;

/// 0: done. 1: an error, told in one line, or what a check found. 2: wrong usage (clap ends the process itself). A reader that goes away, as
/// `head` does, has got what it wanted: that is 0, and quiet.
fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let result = match &arguments.subcommand {
        Some(subcommand) => subcommands::run(subcommand),
        None => run::run(&arguments).map(|()| ExitCode::SUCCESS),
    };
    match result {
        Ok(code) => code,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // Where this cannot be written either, the exit code has to say it all.
            let _ = writeln!(io::stderr(), "fanjian: {failure}");
            ExitCode::FAILURE
        }
    }
}

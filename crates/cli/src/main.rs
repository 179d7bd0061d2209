//! The command `fanjian`: arguments, files and exit codes around the library.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

mod arguments;
mod changes;
mod cleaning;
mod convert;
mod encodings;
mod files;
mod find;
mod input;
mod inspections;
mod interrupt;
mod output;
mod passages;
mod progress;
mod records;
mod report;
mod run;
mod settings;
mod subcommands;
mod threads;
mod transform;

/// 0: done. 1: it failed, or a check found something. 2: wrong usage (clap ends the process itself). A reader
/// that goes away, as `head` does, has got what it wanted: that is 0, and quiet.
fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let done = match &arguments.subcommand {
        Some(subcommand) => subcommands::run(subcommand),
        None => run::run(&arguments).map(|is_bad| if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS }),
    };
    match done {
        Ok(code) => code,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // Where this cannot be written either, the exit code has to say it all.
            let _ = writeln!(io::stderr(), "fanjian: {failure}");
            ExitCode::FAILURE
        }
    }
}

//! The command `fanjian`: arguments, files and exit statuses around the library.
//!
//! Arguments are parsed (`args`), joined with `fanjian.toml` and checked (`settings`), and run (`commands`). Exit
//! statuses are: 0 for success, 1 if a file failed or a check found something, 2 for wrong usage, 130 if the user
//! interrupts (see `io::interrupt`). A reader of the output that goes away, as `head` does, has what it wanted: that
//! is 0, and quiet.

#![deny(clippy::print_stdout, clippy::print_stderr, clippy::exit)]

use std::{io::ErrorKind, process::ExitCode};

use clap::Parser;

use crate::{args::CommandLine, error::Failure};

mod args;
mod commands;
mod error;
mod files;
mod io;
mod ordered;
mod print;
mod records;
mod report;
mod settings;
mod text;

/// The exit status of wrong usage, as clap has it.
const WRONG_USAGE: u8 = 2;

fn main() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let printed = error.print();
            return match printed {
                _ if error.use_stderr() => ExitCode::from(WRONG_USAGE),
                // Help that nobody reads to its end.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => ExitCode::FAILURE,
                _ => ExitCode::SUCCESS,
            };
        }
    };
    match commands::run(&line) {
        Ok(code) => code,
        Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            print::note(format_args!("error: {message}\n\nFor more information, try '--help'."));
            ExitCode::from(WRONG_USAGE)
        }
        Err(Failure::Failed(message)) => {
            print::note(format_args!("fanjian: {message}"));
            ExitCode::FAILURE
        }
    }
}

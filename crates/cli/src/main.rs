//! The command `fanjian`: arguments, files and exit statuses around the library.
//!
//! Arguments are parsed (`args`), joined with `fanjian.toml` and checked (`settings`), and run (`commands`). Exit
//! statuses are those of [`Status`], and 128 and its number after a signal (see `io::interrupt`). A reader of the output
//! that goes away, as `head` does, has what it wanted: that is 0, and quiet.

#![deny(clippy::print_stdout, clippy::print_stderr, clippy::exit)]

use std::{env, io::ErrorKind, process::ExitCode};

use crate::{
    args::{parse, usage},
    error::{Failure, Status},
};

mod args;
mod commands;
mod error;
mod files;
mod io;
mod messages;
mod ordered;
mod print;
mod records;
mod report;
mod settings;
mod text;

fn main() -> ExitCode {
    let line = match parse::parse() {
        Ok(line) => line,
        Err(error) if error.use_stderr() && !messages::is_english() => {
            print::note(format_args!("{}", usage::text(&error)));
            return Status::WrongUsage.into();
        }
        Err(error) if error.kind() == clap::error::ErrorKind::DisplayVersion => {
            return finish(commands::version::run(&error));
        }
        Err(error) => {
            // An argument can be the name of a file, which a shell has put there for a glob.
            if error.use_stderr() && env::args_os().any(|argument| print::is_obeyed(&argument.to_string_lossy())) {
                print::note(format_args!("{}", error.render().to_string().trim_end()));
                return Status::WrongUsage.into();
            }
            let printed = error.print();
            return match printed {
                _ if error.use_stderr() => Status::WrongUsage.into(),
                // Help that nobody reads to its end.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => Status::Failed.into(),
                _ => ExitCode::SUCCESS,
            };
        }
    };
    ordered::quiet_panics();
    let result = ordered::caught(|| commands::run(&line));
    finish(result.unwrap_or_else(|panicked| Err(panicked.into())))
}

/// The exit status of a run, with the message of its failure.
fn finish(result: Result<Status, Failure>) -> ExitCode {
    match result {
        Ok(status) => status.into(),
        Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            let message = message.replace("\n  tip: ", &messages::text("\n  tip: "));
            let more = messages::text("For more information, try '--help'.");
            print::note(format_args!("{}{message}\n\n{more}", messages::text("error: ")));
            Status::WrongUsage.into()
        }
        Err(Failure::Failed(message) | Failure::Full(message)) => {
            print::note(format_args!("fanjian: {message}"));
            Status::Failed.into()
        }
    }
}

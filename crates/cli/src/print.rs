//! Standard output and standard error: the only module that prints, and it never panics.

use std::{
    fmt,
    io::{self, Write},
};

use anstream::AutoStream;
use fanjian_dictionary::named;

use crate::error::Failure;

named! {
    /// When output is coloured.
    #[derive(Default)]
    pub(crate) enum Color: "choice of colours" {
        #[default]
        Auto "auto" "on a terminal, unless NO_COLOR is set",
        Always "always" "always",
        Never "never" "never",
    }
}

/// Prints lines for people and programs, with or without colours.
pub(crate) struct Printer {
    stdout: AutoStream<io::Stdout>,
    stderr: AutoStream<io::Stderr>,
}

impl Printer {
    pub(crate) fn new(color: Color) -> Printer {
        let choice = match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        Printer { stdout: AutoStream::new(io::stdout(), choice), stderr: AutoStream::new(io::stderr(), choice) }
    }

    /// Writes to standard output.
    pub(crate) fn out(&mut self, text: fmt::Arguments<'_>) -> Result<(), Failure> {
        self.stdout.write_fmt(text).map_err(cannot_print)
    }

    /// Writes a line to standard error. If that fails, there is no place left to say so: the exit status has to.
    pub(crate) fn note(&mut self, line: fmt::Arguments<'_>) {
        let _ = writeln!(self.stderr, "{line}");
    }

    /// Sends what was written to standard output on its way.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.stdout.flush().map_err(cannot_print)
    }
}

fn cannot_print(error: io::Error) -> Failure {
    Failure::io("write", "standard output", &error)
}

/// Writes a line without colours to standard error, as [`Printer::note`] does.
pub(crate) fn note(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The stream of converted text.
pub(crate) fn stdout() -> io::Stdout {
    io::stdout()
}

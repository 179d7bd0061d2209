//! From arguments to the work.

use std::{fmt, io, thread};

use clap::CommandFactory;
use fanjian::Converter;

use crate::{
    arguments::{Arguments, Policy},
    convert,
    input::Input,
    output::Output,
    records, threads,
};

/// Why the command failed, in one line.
pub(crate) struct Failure {
    message: String,
    broken_pipe: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), broken_pipe: false }
    }

    /// A failed read or write of what `name` names.
    pub(crate) fn io(what: &str, name: impl fmt::Display, error: &io::Error) -> Failure {
        let broken_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Failure { message: format!("cannot {what} {name}: {error}"), broken_pipe }
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<fanjian::Error> for Failure {
    fn from(error: fanjian::Error) -> Failure {
        Failure::new(error.to_string())
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let shows_json = arguments.show.segmentation || arguments.show.inspect || arguments.show.ambiguities;
    if shows_json && arguments.invalid_utf8 == Policy::Pass {
        conflict("--invalid-utf8 pass goes with text, not with JSON: use strict or replace");
    }
    if shows_json && arguments.threads != 1 {
        conflict("--threads goes with text, not with JSON: leave it out");
    }
    let threads = match arguments.threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads.into(),
    };
    let mut builder =
        Converter::builder().config_name(&arguments.config).tofu_risk(arguments.include_tofu_risk_dictionaries);
    for folder in &arguments.path {
        builder = builder.search_folder(folder);
    }
    let converter = builder.build()?;
    if arguments.show.segmentation && !converter.has_segmentation() {
        return Err(Failure::new(format!("{} has no segmentation to show", arguments.config)));
    }

    let input = Input::open(arguments.input.as_deref())?;
    if let (Some(from), Some(to)) = (&arguments.input, &arguments.output)
        && !arguments.in_place
        // Only files: to look at a pipe, it would have to be opened, and that waits for its other end.
        && to.is_file()
        && same_file::is_same_file(from, to).unwrap_or(false)
    {
        let message = format!("{} is both input and output: --in-place allows that", from.display());
        return Err(Failure::new(message));
    }
    let mut output = Output::open(arguments.output.as_deref())?;
    let flushes = !arguments.noflush.unwrap_or(false);
    let invalid = arguments.invalid_utf8.into();
    if arguments.show.ambiguities {
        records::ambiguities(&converter, input, invalid, &mut output)?;
    } else if shows_json {
        let show = if arguments.show.inspect { records::inspection } else { records::segmentation };
        records::lines(&converter, input, invalid, &mut output, show)?;
    } else if threads > 1 {
        threads::convert(&converter, input, invalid, &mut output, flushes, threads)?;
    } else {
        convert::convert(converter.stream().invalid_utf8(invalid), input, &mut output, flushes)?;
    }
    output.finish()
}

/// Ends the process as clap does for arguments that do not go together.
fn conflict(message: &str) -> ! {
    Arguments::command().error(clap::error::ErrorKind::ArgumentConflict, message).exit()
}

//! From arguments to the work.

use std::{
    fmt, fs,
    io::{self, IsTerminal},
    path::PathBuf,
};

use clap::CommandFactory;

use crate::{
    arguments::{Arguments, Policy},
    convert,
    encodings::{self, Encoding, From, HEAD},
    files, find,
    input::Input,
    inspections,
    output::Output,
    records,
    settings::{Finder, Local},
    threads,
    transform::Transform,
};

/// Why the command failed, in one line.
#[derive(Debug)]
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

    /// The same failure with the name of what it is of.
    pub(crate) fn of(self, name: &str) -> Failure {
        Failure { message: format!("{name}: {}", self.message), ..self }
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

impl std::convert::From<fanjian::Error> for Failure {
    fn from(error: fanjian::Error) -> Failure {
        Failure::new(error.to_string())
    }
}

/// Does what the arguments say. Gives whether a file failed, or would change where that was asked; what went wrong has been
/// told.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let Arguments { look, pipe, show, .. } = arguments;
    let mut paths = find::with_list(&arguments.paths, &arguments.files.choice)?;
    let is_subcommand =
        |path: &&PathBuf| path.to_str().is_some_and(|name| Arguments::command().find_subcommand(name).is_some());
    if let Some(path) = arguments.paths.first().filter(is_subcommand).filter(|path| !path.exists()) {
        conflict(&format!("'{}' is a subcommand, whose options stand behind it", path.display()));
    }
    let is_list = arguments.files.choice.files_from.is_some();
    if is_list && (pipe.input.is_some() || pipe.output.is_some()) {
        conflict("--files-from goes with --in-place, --output-dir or standard output: leave out --input and --output");
    }
    if paths.is_empty() && !is_list && look.only() {
        if pipe.output.is_some() {
            conflict("--output is for converted text: leave it out to look before writing");
        }
        paths.push(pipe.input.clone().unwrap_or_else(|| PathBuf::from("-")));
    }
    if arguments.conversion.show_config {
        if paths.is_empty() {
            paths.push(PathBuf::from("."));
        }
        let mut finder = Finder::new(arguments, true);
        let shown = paths.iter().map(|path| finder.show(path)).collect::<Result<Vec<_>, _>>()?;
        let mut output = Output::open(None)?;
        output.write(shown.join("\n").as_bytes())?;
        return output.finish().map(|()| false);
    }
    if arguments.records.is_meant() {
        return records::run(arguments, paths, is_list);
    }
    if !paths.is_empty() || is_list {
        let shows = show.segmentation || show.inspect || show.ambiguities;
        if shows {
            conflict("--segmentation, --inspect and --ambiguities go with one text, not with files");
        }
        return files::run(arguments, &paths);
    }
    if arguments.files.output_dir.is_some() || arguments.files.backup.is_some() || arguments.files.rename {
        conflict("--output-dir, --backup and --rename go with files: give them as PATH");
    }
    if arguments.files.in_place && pipe.input.is_none() {
        conflict("--in-place needs files: give them as PATH");
    }
    if arguments.encodings.invalid_utf8 == Some(Policy::Pass)
        && arguments.encodings.from_encoding.is_some_and(|from| !matches!(from, From::Given(from) if from.is_utf_8()))
    {
        conflict("--invalid-utf8 pass goes with UTF-8: use strict or replace");
    }
    one_text(arguments)?;
    Ok(false)
}

/// OpenCC's way: standard input or a file, to standard output or a file.
fn one_text(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { pipe, show, .. } = arguments;
    let shows_json = show.segmentation || show.inspect || show.ambiguities;
    let threads = files::threads(arguments.manners.threads.unwrap_or(1));
    if shows_json && arguments.encodings.invalid_utf8 == Some(Policy::Pass) {
        conflict("--invalid-utf8 pass goes with text, not with JSON: use strict or replace");
    }
    if shows_json && arguments.manners.threads.unwrap_or(1) != 1 {
        conflict("--threads goes with text, not with JSON: leave it out");
    }
    let local = Finder::new(arguments, false).find(None)?;
    let Local { settings, from, .. } = local.as_ref();
    let converter = &settings.converter;
    if show.segmentation && !converter.has_segmentation() {
        let name = arguments.conversion.configuration.name();
        return Err(Failure::new(format!("{name} has no segmentation to show")));
    }

    let mut input = Input::open(pipe.input.as_deref())?;
    if let (Some(from), Some(to)) = (&pipe.input, &pipe.output)
        && !arguments.files.in_place
        // Only files: to look at a pipe, it would have to be opened, and that waits for its other end.
        && to.is_file()
        && same_file::is_same_file(from, to).unwrap_or(false)
    {
        let message = format!("{} is both input and output: --in-place allows that", from.display());
        return Err(Failure::new(message));
    }
    let manners = &arguments.manners;
    if (pipe.output.is_some() || !io::stdout().is_terminal()) && !manners.quiet && !manners.no_progress {
        let metadata = pipe.input.as_ref().and_then(|path| fs::metadata(path).ok());
        input.show_progress(metadata.filter(fs::Metadata::is_file).map(|metadata| metadata.len()));
    }
    let mut output = Output::open(pipe.output.as_deref())?;
    let flushes = pipe.line_buffered || !pipe.noflush.unwrap_or(false);
    let invalid = settings.invalid.into();
    let is_plain = from.is_none_or(|from| matches!(from, From::Given(from) if from.is_utf_8()))
        && settings.to.is_none_or(|to| to.is_utf_8())
        && settings.rules.is_empty()
        && !settings.by_lines;
    if show.ambiguities {
        inspections::ambiguities(converter, input, invalid, &mut output)?;
    } else if shows_json {
        let show = if show.inspect { inspections::inspection } else { inspections::segmentation };
        inspections::lines(converter, input, invalid, &mut output, show)?;
    } else if !is_plain {
        let found = match from {
            // It has to be seen before the first byte is written.
            Some(From::Auto) => {
                let mut head = Vec::new();
                let result = input.fill(&mut head, HEAD);
                let found = encodings::find(&head, head.len() < HEAD, *from);
                input.put_back(head, result);
                found
            }
            _ => encodings::find(b"", false, *from),
        };
        let mut settings = settings.clone();
        settings.to.get_or_insert(Encoding::UTF_8);
        convert::transform(&mut Transform::new(&settings, found), input, &mut output, flushes)?;
    } else if threads > 1 {
        threads::convert(converter, input, invalid, &mut output, flushes, threads)?;
    } else {
        convert::convert(converter.stream().invalid_utf8(invalid), input, &mut output, flushes)?;
    }
    output.finish()
}

/// Ends the process as clap does for arguments that do not go together.
pub(crate) fn conflict(message: &str) -> ! {
    Arguments::command().error(clap::error::ErrorKind::ArgumentConflict, message).exit()
}

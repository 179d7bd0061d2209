//! Records of one input, from standard input or a file, to standard output or a file.

use std::{
    fs::{self, File, Metadata},
    io::{self, IsTerminal, Read},
    path::Path,
    sync::Arc,
};

use fanjian_records::RejectedRecord;

#[cfg(feature = "parquet")]
use crate::records::parquet;
use crate::{
    error::{Failure, Status},
    io::{compression::Compression, input::is_stdin, output::Output, progress::Progress},
    ordered,
    records::{
        identity,
        pipeline::{self, Counting, IoOptions, Summary},
        rejected::{InputName, Rejection, open_errors},
        work::{Format, UnclosedMarks, Work},
    },
    report::{self, options::ReportOptions},
    settings::{
        resolver::SettingsResolver,
        task::{Destination, RecordTask},
    },
};

/// Converts the records of an input.
pub(crate) fn run(
    input: Option<&Path>,
    task: &RecordTask,
    mut settings: SettingsResolver,
    destination: &Destination,
    options: &ReportOptions,
    threads: usize,
) -> Result<Status, Failure> {
    let unclosed = Arc::new(UnclosedMarks::default());
    let work = Work::new(task, settings.find(None)?.as_ref(), &unclosed)?;
    let path = match destination {
        Destination::File { path, .. } => Some(path.as_path()),
        _ => None,
    };
    let input = Input::open(input.filter(|path| !is_stdin(path)))?;
    let progress = input.progress(options.has_progress && (path.is_some() || !io::stdout().is_terminal()));
    let io_options = input.options(task, path, threads, (&progress, options.quiet));
    let flushes = io_options.is_live && destination.flushes();
    let files = path.into_iter().chain((!input.is_stdin).then_some(&*input.path));
    let errors = open_errors(task, files, destination.durability())?;
    let mut rejection = Rejection::new(task, errors.as_ref(), &input.name, path.is_some_and(|path| input.is(path)));
    let mut reject = |record: &RejectedRecord| rejection.push(record);
    let mut output = Output::open(path)?.with_durability(destination.durability());
    let summary =
        ordered::caught(|| convert(&work, &input.path, input.reader, &io_options, &mut reject, (&mut output, flushes)));
    let summary = summary.unwrap_or_else(|panicked| Err(panicked.into()));
    // The output before the failure is complete: a reader of a pipe gets it.
    let summary = summary.map_err(|failure| output.flush().err().unwrap_or(failure.of(&input.name.shown)))?;
    rejection.save()?;
    output.finish()?;
    progress.finish();
    if !options.quiet {
        unclosed.note();
    }
    Ok(report::single(&summary.counts, options))
}

fn convert(
    work: &Work,
    path: &Path,
    reader: Box<dyn Read + Send>,
    options: &IoOptions<'_>,
    reject: &mut dyn FnMut(&RejectedRecord) -> Result<(), Failure>,
    (output, flushes): (&mut Output, bool),
) -> Result<Summary, Failure> {
    // Of Parquet alone, which is read by its path.
    let _ = path;
    match &work.format {
        Format::Lines(lines) => {
            let mut write = |piece: &[u8]| {
                output.write(piece)?;
                if flushes { output.flush() } else { Ok(()) }
            };
            pipeline::run((lines, &work.required), options, Counting(reader, options.progress), reject, &mut write)
        }
        #[cfg(feature = "parquet")]
        Format::Parquet(format) => {
            parquet::convert(format, path, options.threads, options.progress, reject, Some(output))
        }
    }
}

/// The input, open.
struct Input {
    name: InputName,
    path: std::path::PathBuf,
    reader: Box<dyn Read + Send>,
    is_stdin: bool,
    /// None for a pipe or a terminal.
    metadata: Option<Metadata>,
}

impl Input {
    fn open(path: Option<&Path>) -> Result<Input, Failure> {
        let name = path.map_or_else(InputName::stdin, InputName::file);
        let reader: Box<dyn Read + Send> = match path {
            Some(path) => Box::new(File::open(path).map_err(|error| Failure::io("read", &name.shown, &error))?),
            None => Box::new(io::stdin()),
        };
        // Where a shell has put a file behind standard input, that is not live.
        let metadata = fs::metadata(path.unwrap_or(Path::new("/dev/stdin"))).ok().filter(Metadata::is_file);
        Ok(Input { name, path: path.unwrap_or(Path::new("-")).to_owned(), reader, is_stdin: path.is_none(), metadata })
    }

    /// Whether this is the path of the input.
    fn is(&self, path: &Path) -> bool {
        if !self.is_stdin {
            return identity::is_same(&self.path, path);
        }
        // A pipe would have to be opened, and that waits for its other end.
        self.metadata.is_some() && path.is_file() && {
            let (input, output) = (same_file::Handle::stdin(), same_file::Handle::from_path(path));
            input.is_ok_and(|input| output.is_ok_and(|output| input == output))
        }
    }

    fn progress(&self, is_shown: bool) -> Progress {
        Progress::new(self.metadata.as_ref().map(Metadata::len), is_shown)
    }

    fn options<'p>(
        &self,
        task: &RecordTask,
        output: Option<&Path>,
        threads: usize,
        (progress, quiet): (&'p Progress, bool),
    ) -> IoOptions<'p> {
        let of = |path: Option<&Path>| path.map_or(Compression::None, Compression::of);
        let path = (!self.is_stdin).then_some(self.path.as_path());
        IoOptions {
            progress,
            quiet,
            from: task.from_compression.unwrap_or(of(path)),
            to: task.to_compression.unwrap_or(of(output)),
            level: task.compression_level,
            threads,
            is_live: self.metadata.is_none() && threads == 1,
        }
    }
}

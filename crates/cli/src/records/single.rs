//! Records of one input, from standard input or a file, to standard output or a file.

use std::{
    fs::Metadata,
    io::{self, IsTerminal, Read},
    mem,
    path::Path,
    sync::Arc,
};

use fanjian_records::RejectedRecord;

#[cfg(feature = "parquet")]
use crate::records::parquet;
use crate::{
    error::{Failure, Status},
    files::replace::Pending,
    io::{
        compression::Compression,
        input::Opened,
        output::Output,
        progress::{Meter, Progress},
    },
    ordered,
    records::{
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
    let work = Work::new(task, &settings.find(None)?)?;
    let unclosed = Arc::new(UnclosedMarks::default());
    let format = (work.format)(&unclosed)?;
    let path = match destination {
        Destination::File { path, .. } => Some(path.as_path()),
        _ => None,
    };
    let mut input = Input::open(input)?;
    let reader = mem::replace(&mut input.reader, Box::new(io::empty()));
    let progress = input.progress(options.has_progress && (path.is_some() || !io::stdout().is_terminal()));
    let meter = Meter::new(&progress);
    let io_options = input.options(task, path, threads, (&meter, options.quiet));
    let flushes = io_options.is_live && destination.flushes();
    let files = path.into_iter().chain(input.opened.path.as_deref());
    let errors = open_errors(task, files, destination.durability())?;
    let replaced = path.and_then(|path| input.opened.replaced_by(path));
    let mut rejection = Rejection::new(task, errors.as_ref(), &input.name, replaced.is_some());
    let mut reject = |record: &RejectedRecord| rejection.push(record);
    let mut output = Output::open(path)?.with_durability(destination.durability());
    if let Some(metadata) = replaced {
        output.expects(metadata);
    }
    let summary = ordered::caught(|| {
        convert((&format, &work.required), input.path(), reader, &io_options, &mut reject, (&mut output, flushes))
    });
    let summary = summary.unwrap_or_else(|panicked| Err(panicked.into()));
    // The output before the failure is complete: a reader of a pipe gets it.
    let summary = summary.map_err(|failure| output.flush().err().unwrap_or(failure.of(&input.name.shown)))?;
    let pending = Pending::new(output, None)?;
    if let Some(pending) = &pending {
        pending.sync()?;
        pending.check()?;
    }
    rejection.save()?;
    pending.map_or(Ok(()), Pending::put)?;
    progress.finish();
    if !options.quiet {
        unclosed.note();
    }
    Ok(report::single(&summary.counts, options))
}

fn convert(
    (format, required): (&Format, &[String]),
    path: &Path,
    reader: Box<dyn Read + Send>,
    options: &IoOptions<'_>,
    reject: &mut dyn FnMut(&RejectedRecord) -> Result<(), Failure>,
    (output, flushes): (&mut Output, bool),
) -> Result<Summary, Failure> {
    // Of Parquet alone, which is read by its path.
    let _ = path;
    match format {
        Format::Lines(lines) => {
            let mut write = |piece: &[u8]| {
                output.write(piece)?;
                if flushes { output.flush() } else { Ok(()) }
            };
            pipeline::run((lines, required), options, Counting(reader, options.progress), reject, &mut write)
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
    opened: Opened,
    reader: Box<dyn Read + Send>,
}

impl Input {
    fn open(path: Option<&Path>) -> Result<Input, Failure> {
        let (opened, reader) = Opened::open(path)?;
        let name = opened.path.as_deref().map_or_else(InputName::stdin, InputName::file);
        Ok(Input { name, opened, reader })
    }

    fn path(&self) -> &Path {
        self.opened.path.as_deref().unwrap_or(Path::new("-"))
    }

    fn progress(&self, is_shown: bool) -> Progress {
        Progress::new(self.opened.metadata.as_ref().map(Metadata::len), is_shown)
    }

    fn options<'p>(
        &self,
        task: &RecordTask,
        output: Option<&Path>,
        threads: usize,
        (progress, quiet): (&'p Meter<'p>, bool),
    ) -> IoOptions<'p> {
        let of = |path: Option<&Path>| path.map_or(Compression::None, Compression::of);
        IoOptions {
            progress,
            quiet,
            from: task.from_compression.unwrap_or(of(self.opened.path.as_deref())),
            to: task.to_compression.unwrap_or(of(output)),
            level: task.compression_level,
            threads,
            is_live: self.opened.metadata.is_none() && threads == 1,
        }
    }
}

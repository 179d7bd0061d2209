//! Records of JSON lines, tables and Parquet files: the chosen texts of each, together.

use std::{iter, path::Path};

use fanjian::{Config, Converter, Error};
use fanjian_documents::Options;
use fanjian_records::{Chunk, Counts, DetectedRecord, ReadOptions, RecordOptions, RejectedRecord};

use crate::{
    args::detect::{DetectArgs, DetectRecordArgs},
    error::Failure,
    files::walk::{InputFile, has_extension},
    io::{compression::Compression, progress::Meter, source::Source},
    messages::message,
    ordered::{self, Limits},
    records::{
        pipeline::Counting,
        work::{Format, Lines, no_field},
    },
    settings::{join, task::RecordTask},
};

/// How the records of all inputs are read.
pub(super) struct Records {
    task: RecordTask,
    format: Format,
    extensions: Vec<String>,
    threads: usize,
}

/// The broken records of an input.
#[derive(Default)]
pub(super) struct Broken {
    pub(super) count: u64,
    /// What is wrong with the first one.
    pub(super) first: Option<String>,
}

impl Broken {
    fn add(&mut self, record: &RejectedRecord, place: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| format!("{place} {}: {}", record.line, record.reason));
    }

    /// The message about them, if there are any.
    pub(super) fn message(&self) -> Option<String> {
        let first = self.first.as_ref()?;
        Some(match self.count {
            1 => message!("a record is broken: {first}", first),
            count => message!("{count} records are broken, the first at {first}", count, first),
        })
    }
}

impl Records {
    /// What the command line asks for. None if it asks for no records.
    pub(super) fn new(args: &DetectArgs, threads: usize) -> Result<Option<Records>, Failure> {
        let DetectRecordArgs { jsonl, csv, tsv, parquet, field, column, table, input } = &args.records;
        let Some(task) = join::records([*jsonl, *csv, *tsv, *parquet], field, column, table, input) else {
            return Ok(None);
        };
        let mut options = RecordOptions::default().detect();
        if !task.documents.is_empty() {
            // No text is converted: the converter is not used.
            let unused = Options::new(Converter::new(Config::default()));
            options = options.documents(task.documents.iter().copied(), unused)?;
        }
        let format = Format::new(&task, options, ReadOptions::default().replace_invalid(true))?;
        let extensions = match args.filter.extension.is_empty() {
            true => task.format.extensions().iter().map(ToString::to_string).collect(),
            false => args.filter.extension.clone(),
        };
        Ok(Some(Records { task, format, extensions, threads }))
    }

    /// Whether a file of a folder has such records: by its name.
    pub(super) fn takes(&self, file: &InputFile) -> bool {
        file.is_given || has_extension(Compression::strip(&file.path), &self.extensions)
    }

    /// Reads an input, and gives what each record is, in order.
    pub(super) fn read(
        &self,
        path: &Path,
        meter: &Meter<'_>,
        broken: &mut Broken,
        take: &mut dyn FnMut(DetectedRecord) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let counts = match &self.format {
            Format::Lines(lines) => self.read_lines(lines, path, meter, broken, take)?,
            #[cfg(feature = "parquet")]
            Format::Parquet(parquet) => self.read_parquet(parquet, path, meter, broken, take)?,
        };
        no_field(&self.task.field_names(), &counts).map_or(Ok(()), |message| Err(Failure::Failed(message)))
    }

    fn read_lines(
        &self,
        lines: &Lines,
        path: &Path,
        meter: &Meter<'_>,
        broken: &mut Broken,
        take: &mut dyn FnMut(DetectedRecord) -> Result<(), Failure>,
    ) -> Result<Counts, Failure> {
        let source = Source::open(path, false)?;
        let is_live = !source.is_regular() && self.threads == 1;
        let compression = self.task.from_compression.unwrap_or_else(|| Compression::of(path));
        let reader = Counting(source.reader, meter);
        let mut chunks = lines.chunks(compression.reader(reader).map_err(Failure::unreadable)?)?.live(is_live);
        let chunks = iter::from_fn(move || chunks.read_next(Chunk::default()).transpose());
        let limits = Limits { threads: self.threads, ahead: 2 * self.threads };
        // What a conversion would write is not needed.
        let detect = |chunk: Result<Chunk, Error>| chunk.map(|chunk| lines.chunk(&chunk, &mut Vec::new()));
        let mut counts = Counts::default();
        ordered::run(limits, chunks, detect, |report| {
            let report = report??;
            counts += &report.counts;
            report.broken.iter().for_each(|record| broken.add(record, "line"));
            report.detected.into_iter().try_for_each(&mut *take)?;
            match report.broken.iter().find(|record| record.is_last) {
                Some(last) => Err(Failure::Failed(message!(
                    "line {line}: {reason}; a quotation mark may be missing",
                    line = last.line,
                    reason = &last.reason
                ))),
                None => Ok(()),
            }
        })?;
        Ok(counts)
    }

    #[cfg(feature = "parquet")]
    fn read_parquet(
        &self,
        parquet: &fanjian_records::Parquet,
        path: &Path,
        meter: &Meter<'_>,
        broken: &mut Broken,
        take: &mut dyn FnMut(DetectedRecord) -> Result<(), Failure>,
    ) -> Result<Counts, Failure> {
        if crate::io::input::is_stdin(path) {
            return Err(Failure::failed("Parquet cannot be read from standard input: name files as PATH"));
        }
        let input = std::fs::File::open(path).map_err(Failure::unreadable)?;
        let mut failure = None;
        let found = |record| {
            if failure.is_none() {
                failure = take(record).err();
            }
        };
        let reject = |record: RejectedRecord| {
            broken.add(&record, "row");
            true
        };
        let counts = parquet.detect(input, self.threads, found, reject, |bytes| meter.bytes(bytes));
        match failure {
            Some(failure) => Err(failure),
            None => Ok(counts?),
        }
    }
}

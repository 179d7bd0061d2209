//! Records: the texts in JSON lines and in columns, of one input or of folders of shards.

use std::{
    collections::{HashMap, HashSet},
    env,
    fs::{self, File, Metadata},
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use fanjian_records::{
    Chunk, Chunks, Column, Counts, Jsonl, Layout, Missing, ReadOptions, RecordOptions, Report as Converted, Table,
};
use serde_json::{Value, json};

pub(crate) use self::compression::Compression;
use self::{
    broken::{BrokenRecords, ErrorFile},
    compression::Compressor,
    finished::{Entry, Finished},
    pipeline::Done,
};
use crate::{
    arguments::{Arguments, Format as Told, Policy, WithoutText, has_extension},
    encodings::From,
    files::{self, Destinations},
    find::{self, is_stdin},
    output::Output,
    passages::Passages,
    progress::Progress,
    report::{self, Outcome, Report, State},
    run::{Failure, conflict},
    settings::{Finder, Local},
};

mod broken;
mod compression;
mod finished;
#[cfg(feature = "parquet")]
mod parquet;
mod pipeline;

/// Converts one input, or files. Gives whether a file failed, or would change where that was asked.
pub(crate) fn run(arguments: &Arguments, paths: Vec<PathBuf>, is_list: bool) -> Result<bool, Failure> {
    check(arguments);
    match paths.is_empty() && !is_list {
        true => one(arguments).map(|()| false),
        false => many(arguments, &paths),
    }
}

/// Ends the process for arguments that do not go with records.
fn check(arguments: &Arguments) {
    let Arguments { look, pipe, show, files, encodings, records, .. } = arguments;
    if show.segmentation || show.inspect || show.ambiguities {
        conflict("--segmentation, --inspect and --ambiguities go with text, not with records");
    }
    if look.diff || look.format == Told::Sarif {
        conflict("--diff and --format sarif go with text, not with records: --check tells which files would change");
    }
    if files.rename || pipe.line_buffered {
        conflict("--rename and --line-buffered go with text, not with records: leave them out");
    }
    let other = encodings.from_encoding.is_some_and(|from| !matches!(from, From::Given(from) if from.is_utf_8()))
        || encodings.to_encoding.is_some_and(|to| !to.is_utf_8());
    if other || encodings.replacement.is_some() {
        conflict("records are UTF-8: leave out --from-encoding, --to-encoding and --replacement");
    }
    if encodings.invalid_utf8 == Some(Policy::Pass) {
        conflict("--invalid-utf8 pass goes with text, not with records: use strict or replace");
    }
    let names_files = files.in_place || files.output_dir.is_some();
    if names_files && (records.to_compression.is_some() || records.from_compression.is_some()) {
        conflict(
            "files that are replaced or mirrored are compressed as their extensions say: leave out --from-compression and --to-compression",
        );
    }
    if records.parquet && (records.from_compression.is_some() || records.to_compression.is_some()) {
        conflict("Parquet is compressed within, and stays so: leave out --from-compression and --to-compression");
    }
}

/// What is done with the records of a file.
struct Work {
    format: Format,
    /// All that decides what comes out.
    settings: Value,
}

enum Format {
    Lines(Lines),
    #[cfg(feature = "parquet")]
    Parquet(fanjian_records::Parquet),
}

/// A format whose records come in chunks.
enum Lines {
    Jsonl(Jsonl),
    Table(Table),
}

impl Work {
    fn new(arguments: &Arguments, local: &Local) -> Result<Work, Failure> {
        let asked = &arguments.records;
        if !local.is_named && asked.gloss.is_none() && asked.detect.is_empty() && asked.keep_if.is_empty() {
            conflict("nothing is to be done with the records: name --to, --config, --gloss, --detect or --keep-if");
        }
        let recipe = recipe(arguments, local);
        let options = ReadOptions::default()
            .max_record(asked.max_record)
            .stop_at_broken(asked.errors.is_none())
            .replace_invalid(local.settings.invalid == Policy::Replace);
        let format = if asked.jsonl {
            let jsonl = Jsonl::new(recipe, asked.field.iter().cloned());
            Format::Lines(Lines::Jsonl(jsonl.read_options(options)))
        } else if asked.parquet {
            Self::parquet(arguments, recipe)?
        } else {
            let layout = if asked.csv { Layout::CSV } else { Layout::TSV };
            let layout = layout.delimiter(asked.delimiter.unwrap_or(layout.delimiter)).header(!asked.no_header);
            let columns = asked.column.iter().map(|column| column.parse::<Column>()).collect::<Result<Vec<_>, _>>()?;
            let table = Table::new(recipe, columns, layout);
            Format::Lines(Lines::Table(table.read_options(options)))
        };
        Ok(Work { format, settings: settings(arguments, local) })
    }

    #[cfg(feature = "parquet")]
    fn parquet(arguments: &Arguments, recipe: RecordOptions) -> Result<Format, Failure> {
        let columns = arguments.records.column.iter().map(|column| column.parse()).collect::<Result<Vec<_>, _>>()?;
        Ok(Format::Parquet(fanjian_records::Parquet::new(recipe, columns)))
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(_: &Arguments, _: RecordOptions) -> Result<Format, Failure> {
        Err(Failure::new("this program was built without Parquet: cargo install fanjian --features parquet has it"))
    }
}

impl Lines {
    fn chunks<R: Read>(&self, reader: R) -> Result<Chunks<R>, Failure> {
        match self {
            Lines::Jsonl(jsonl) => Ok(jsonl.chunks(reader)),
            Lines::Table(table) => Ok(table.chunks(reader)?),
        }
    }

    fn chunk(&self, chunk: &Chunk, out: &mut Vec<u8>) -> Converted {
        match self {
            Lines::Jsonl(jsonl) => jsonl.chunk(chunk, out),
            Lines::Table(table) => table.chunk(chunk, out),
        }
    }
}

fn cannot_read(error: io::Error) -> Failure {
    Failure::new(format!("cannot read it: {error}"))
}

fn recipe(arguments: &Arguments, local: &Local) -> RecordOptions {
    let asked = &arguments.records;
    let mut recipe = RecordOptions::default().missing(match asked.missing {
        WithoutText::Keep => Missing::Keep,
        WithoutText::Drop => Missing::Drop,
        WithoutText::Error => Missing::Error,
    });
    if let Some(mode) = asked.gloss {
        recipe = recipe.gloss(mode);
    }
    for (fact, name) in asked.detect.iter().flat_map(|added| &added.0) {
        recipe = recipe.add(*fact, name);
    }
    for condition in &asked.keep_if {
        recipe = recipe.keep_if(condition.clone());
    }
    let settings = &local.settings;
    match (local.is_named, settings.rules.is_empty()) {
        (false, _) => recipe,
        (true, true) => recipe.convert(settings.converter.clone()),
        (true, false) => {
            let (converter, rules) = (settings.converter.clone(), Arc::clone(&settings.rules));
            recipe.convert_by(move |text| {
                let mut converted = Vec::with_capacity(text.len());
                let mut passages = Passages::new(&converter, Policy::Strict.into(), &rules, false);
                passages.push(text.as_bytes(), true, &mut converted)?;
                // It is text, since a text went in.
                let converted = String::from_utf8_lossy(&converted).into_owned();
                Ok((converted != text).then_some(converted))
            })
        }
    }
}

/// All that decides what comes out, to be compared with what held for an earlier run.
fn settings(arguments: &Arguments, local: &Local) -> Value {
    let asked = &arguments.records;
    let mut told = local.told.clone();
    let named = ["dict", "protect", "config"].map(|name| told[name].clone());
    let names = named.iter().flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    let files: Vec<_> = names
        .filter_map(|name| Some((name.as_str()?, fs::metadata(name.as_str()?).ok()?)))
        .map(|(name, metadata)| json!([name, metadata.len(), finished::nanoseconds(&metadata)]))
        .collect();
    if let Some(told) = told.as_object_mut() {
        told.remove("extension");
    }
    let texts = |all: Vec<String>| if all.is_empty() { Value::Null } else { all.into() };
    let added = asked.detect.iter().flat_map(|added| &added.0).map(|(fact, name)| format!("{fact}={name}"));
    let mut settings = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "converts": local.is_named.then_some(told),
        "files": files,
        "format": asked.format(),
        "fields": texts(asked.field.iter().map(ToString::to_string).collect()),
        "columns": texts(asked.column.clone()),
        "delimiter": asked.delimiter,
        "no_header": asked.no_header,
        "gloss": asked.gloss.map(|mode| mode.name()),
        "detect": texts(added.collect()),
        "keep_if": texts(asked.keep_if.iter().map(ToString::to_string).collect()),
        "missing": format!("{:?}", asked.missing).to_lowercase(),
        "goes_on": asked.errors.is_some(),
        "max_record": asked.max_record,
        "level": asked.compression_level,
    });
    if let Some(settings) = settings.as_object_mut() {
        settings.retain(|_, value| !value.is_null() && *value != Value::Bool(false) && *value != json!([]));
    }
    settings
}

/// How one input is read, and what becomes of it written.
struct Way {
    from: Compression,
    to: Compression,
    level: Option<u32>,
    threads: usize,
    /// The input may be long in coming, and each record is to leave when it is there.
    is_live: bool,
}

/// What became of an input.
struct Outcomes {
    counts: Counts,
    is_changed: bool,
}

/// Converts one input. Failures do not name it.
fn convert(
    lines: &Lines,
    way: &Way,
    reader: impl Read + Send,
    broken: &mut dyn FnMut(&fanjian_records::RejectedRecord) -> Result<(), Failure>,
    write: &mut dyn FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<Outcomes, Failure> {
    let cannot_compress = |error: io::Error| Failure::new(format!("cannot compress it: {error}"));
    let mut compressor = Compressor::new(way.to, way.level).map_err(cannot_compress)?;
    let chunks = lines.chunks(way.from.reader(reader).map_err(cannot_read)?)?.live(way.is_live);
    let mut outcomes = Outcomes { counts: Counts::default(), is_changed: false };
    let mut take = |done: &mut Done| {
        outcomes.counts += &done.report.counts;
        outcomes.is_changed |= done.is_changed;
        compressor.push(&mut done.out).map_err(cannot_compress)?;
        write(&done.out)?;
        done.report.broken.iter().try_for_each(|record| {
            broken(record)?;
            match record.is_last {
                true => Err(Failure::new(format!(
                    "line {}: {}; a quotation mark may be missing",
                    record.line, record.reason
                ))),
                false => Ok(()),
            }
        })
    };
    pipeline::run(chunks, way.threads, |chunk, out| lines.chunk(chunk, out), &mut take)?;
    write(&compressor.finish().map_err(cannot_compress)?)?;
    Ok(outcomes)
}

/// A broken record where that ends the work.
fn fatal(arguments: &Arguments, broken: &fanjian_records::RejectedRecord) -> Failure {
    let place = if arguments.records.parquet { "row" } else { "line" };
    Failure::new(format!("{place} {}: {} (--errors FILE takes such records, and goes on)", broken.line, broken.reason))
}

/// A reader that tells how much was read.
struct Counting<'p, R>(R, &'p Progress);

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(piece)?;
        self.1.bytes(read as u64);
        Ok(read)
    }
}

/// One input, from standard input or a file, to standard output or a file.
fn one(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { pipe, manners, records, .. } = arguments;
    if arguments.files.output_dir.is_some() || arguments.files.backup.is_some() {
        conflict("--output-dir and --backup go with files: give them as PATH");
    }
    if arguments.files.in_place && pipe.input.is_none() {
        conflict("--in-place needs files: give them as PATH");
    }
    let local = Finder::new(arguments, false).find(None)?;
    let work = Work::new(arguments, &local)?;
    let input = pipe.input.as_deref().filter(|path| !is_stdin(path));
    let name = input.map_or("standard input".to_owned(), |path| path.display().to_string());
    if let (Some(from), Some(to)) = (input, &pipe.output)
        && !arguments.files.in_place
        && to.is_file()
        && same_file::is_same_file(from, to).unwrap_or(false)
    {
        return Err(Failure::new(format!("{name} is both input and output: --in-place allows that")));
    }
    let metadata = match input {
        Some(path) => fs::metadata(path),
        // Where a shell has put a file behind it, that is not live.
        None => fs::metadata("/dev/stdin"),
    };
    let metadata = metadata.ok().filter(Metadata::is_file);
    let is_shown = (pipe.output.is_some() || !io::stdout().is_terminal()) && !manners.quiet && !manners.no_progress;
    let progress = Progress::new(metadata.as_ref().map(Metadata::len), is_shown);
    let reader: Box<dyn Read + Send> = match input {
        Some(path) => Box::new(File::open(path).map_err(|error| Failure::io("read", &name, &error))?),
        None => Box::new(io::stdin()),
    };
    let threads = files::threads(manners.threads.unwrap_or(1));
    let of = |path: Option<&Path>| path.map_or(Compression::None, Compression::of);
    let way = Way {
        from: records.from_compression.unwrap_or(of(input)),
        to: records.to_compression.unwrap_or(of(pipe.output.as_deref())),
        level: records.compression_level,
        threads,
        is_live: metadata.is_none() && threads == 1,
    };
    let named = |failure: Failure| failure.of(&name);
    let errors =
        records.errors.as_ref().map(|path| ErrorFile::open(path, &HashSet::from([name.clone()]))).transpose()?;
    let mut all = BrokenRecords::new();
    let mut broken = |broken: &fanjian_records::RejectedRecord| match &errors {
        Some(_) => all.push(&name, broken),
        None => Err(fatal(arguments, broken)),
    };
    let mut output = Output::open(pipe.output.as_deref())?;
    let flushes = way.is_live && !pipe.noflush.unwrap_or(false);
    let outcomes = match &work.format {
        Format::Lines(lines) => {
            let mut write = |piece: &[u8]| {
                output.write(piece)?;
                if flushes { output.flush() } else { Ok(()) }
            };
            convert(lines, &way, Counting(reader, &progress), &mut broken, &mut write)
        }
        #[cfg(feature = "parquet")]
        Format::Parquet(parquet) => {
            let Some(input) = input.filter(|_| pipe.output.is_some()) else {
                conflict("Parquet has to be files: give --input and --output, or PATH");
            };
            parquet::convert(parquet, input, threads, &progress, &mut broken, Some(&mut output))
        }
    };
    // What stands before the failure is sound, and whoever reads along has it.
    let outcomes = outcomes.map_err(|failure| output.flush().err().unwrap_or(named(failure)))?;
    errors.map_or(Ok(()), |errors| errors.add(all))?;
    output.finish()?;
    tell(arguments, &progress, &outcomes)
}

fn tell(arguments: &Arguments, progress: &Progress, outcomes: &Outcomes) -> Result<(), Failure> {
    progress.finish();
    if !arguments.manners.quiet {
        report::tell_records(&outcomes.counts, arguments);
    }
    Ok(())
}

/// What is done to one file.
struct Job {
    path: PathBuf,
    is_given: bool,
    work: Arc<Work>,
    /// Where what becomes of it goes, if not into itself or to standard output; and how it is known to be finished.
    destination: Option<(PathBuf, Entry)>,
    is_finished: bool,
}

/// What is there for all files.
struct Files<'a> {
    arguments: &'a Arguments,
    finished: Option<Finished>,
    errors: Option<ErrorFile>,
    progress: &'a Progress,
    /// For each file.
    threads: usize,
}

/// The extensions of a format, for files in folders.
fn extensions(arguments: &Arguments) -> Vec<String> {
    let given = &arguments.files.choice.extension;
    let records = &arguments.records;
    let usual: &[&str] = match records {
        _ if !given.is_empty() => return given.clone(),
        _ if records.jsonl => &["jsonl", "ndjson"],
        _ if records.csv => &["csv"],
        _ if records.tsv => &["tsv", "tab"],
        _ => &["parquet"],
    };
    usual.iter().map(|&extension| extension.to_owned()).collect()
}

fn many(arguments: &Arguments, paths: &[PathBuf]) -> Result<bool, Failure> {
    let (asked, look) = (&arguments.files, arguments.look.only());
    let writes_stdout = !look && !asked.in_place && asked.output_dir.is_none();
    if let Some(stdin) = paths.iter().find(|path| is_stdin(path)).filter(|_| !writes_stdout) {
        let message = format!("{}: standard input has no file: leave out other options for files", stdin.display());
        return Err(Failure::new(message));
    }
    if writes_stdout && arguments.records.parquet {
        conflict("Parquet has to be files: give --output-dir or --in-place, or --input and --output");
    }
    let tree = find::find(&asked.choice, asked.output_dir.as_deref(), paths)?;
    let finished = asked.output_dir.as_deref().map(Finished::read).transpose()?;
    let jobs = plan(arguments, &tree, finished.as_ref())?;
    let inputs = jobs.iter().filter(|job| !job.is_finished).map(|job| job.path.display().to_string()).collect();
    let errors = arguments.records.errors.as_ref().filter(|_| !look);
    let errors = errors.map(|path| ErrorFile::open(path, &inputs)).transpose()?;

    let to_do = jobs.iter().filter(|job| !job.is_finished);
    let sizes = to_do.clone().map(|job| fs::metadata(&job.path).map_or(0, |metadata| metadata.len()));
    let is_bar_shown = !arguments.manners.no_progress && !arguments.manners.quiet && !writes_stdout;
    let progress = Progress::new(Some(sizes.sum()), is_bar_shown);
    let threads = files::threads(arguments.manners.threads.unwrap_or(0));
    let at_once = if writes_stdout { 1 } else { threads.min(to_do.count()).max(1) };
    let files = Files { arguments, finished, errors, progress: &progress, threads: threads / at_once };
    let mut report = Report::new(arguments, &progress, look);
    for (path, message) in &tree.failures {
        report.tell(&Outcome::new(path, true, State::Failed(message.clone())))?;
    }
    if writes_stdout {
        let mut output = Output::open(None)?;
        for job in &jobs {
            let outcome = files.convert(job, Some(&mut output))?;
            output.flush()?;
            report.tell(&outcome)?;
        }
        output.finish()?;
    } else {
        files::in_parallel(
            &jobs,
            at_once,
            |job| files.convert(job, None),
            |done, outcome| {
                progress.files(done, jobs.len());
                report.tell(&outcome?)
            },
        )?;
    }
    let is_bad = report.is_bad();
    report.finish(!writes_stdout)?;
    Ok(is_bad)
}

fn plan(arguments: &Arguments, tree: &find::Tree, finished: Option<&Finished>) -> Result<Vec<Job>, Failure> {
    let mut finder = Finder::new(arguments, false);
    let mut works: HashMap<*const Local, (Arc<Local>, Arc<Work>)> = HashMap::new();
    let mut destinations = Destinations::default();
    let extensions = extensions(arguments);
    let mut jobs = Vec::new();
    for found in &tree.files {
        let is_kept = |suffix: &String| found.path.as_os_str().as_encoded_bytes().ends_with(suffix.as_bytes());
        let is_taken = has_extension(Compression::strip(&found.path), &extensions)
            && !arguments.files.backup.as_ref().is_some_and(is_kept)
            && !arguments.records.errors.as_ref().is_some_and(|errors| ErrorFile::is(errors, &found.path));
        if !found.is_given && !is_taken {
            continue;
        }
        let local = finder.find((!is_stdin(&found.path)).then_some(&found.path))?;
        let work = match works.get(&Arc::as_ptr(&local)) {
            Some((_, work)) => Arc::clone(work),
            None => {
                let work = Arc::new(Work::new(arguments, &local)?);
                works.insert(Arc::as_ptr(&local), (local, Arc::clone(&work)));
                work
            }
        };
        let mut job =
            Job { path: found.path.clone(), is_given: found.is_given, work, destination: None, is_finished: false };
        if let Some(folder) = &arguments.files.output_dir {
            let destination = destinations.take(&found.path, folder.join(&found.below))?;
            let metadata =
                fs::metadata(&found.path).map_err(|error| Failure::io("read", found.path.display(), &error))?;
            let path = env::current_dir().map_or(found.path.clone(), |here| here.join(&found.path));
            let entry = Entry::new(&found.below, &path, &metadata, &job.work.settings);
            job.is_finished = finished.is_some_and(|finished| finished.has(&entry));
            job.destination = Some((destination, entry));
        }
        jobs.push(job);
    }
    Ok(jobs)
}

impl Files<'_> {
    fn convert(&self, job: &Job, stdout: Option<&mut Output>) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::new(&job.path, job.is_given, State::Finished);
        outcome.destination = job.destination.as_ref().map(|(path, _)| path.clone());
        if job.is_finished {
            return Ok(outcome);
        }
        match self.convert_to(job, stdout) {
            Ok(outcomes) => {
                outcome.state = if outcomes.is_changed { State::Changed } else { State::Unchanged };
                outcome.records = Some(outcomes.counts);
            }
            // Nobody reads what is written: there is no use in going on.
            Err(failure) if failure.is_broken_pipe() => return Err(failure),
            Err(failure) => outcome.state = State::Failed(failure.to_string()),
        }
        Ok(outcome)
    }

    fn convert_to(&self, job: &Job, stdout: Option<&mut Output>) -> Result<Outcomes, Failure> {
        let Files { arguments, .. } = self;
        let look = arguments.look.only();
        let path = &job.path;
        let is_stdin = is_stdin(path);
        let (reader, before): (Box<dyn Read + Send>, _) = match is_stdin {
            true => (Box::new(io::stdin()), None),
            false => (Box::new(File::open(path).map_err(cannot_read)?), Some(fs::metadata(path).map_err(cannot_read)?)),
        };
        if before.as_ref().is_some_and(|before| !before.is_file()) && stdout.is_none() && !look {
            return Err(Failure::new("it is no regular file, and cannot be replaced"));
        }
        let name = path.display().to_string();
        let mut all = BrokenRecords::new();
        let mut broken =
            |broken: &fanjian_records::RejectedRecord| match (&self.errors, look && arguments.records.errors.is_some())
            {
                (Some(_), _) => all.push(&name, broken),
                (None, true) => Ok(()),
                (None, false) => Err(fatal(arguments, broken)),
            };
        let compression = Compression::of(path);
        let records = &arguments.records;
        let way = Way {
            from: records.from_compression.unwrap_or(compression),
            to: match stdout {
                Some(_) => records.to_compression.unwrap_or(Compression::None),
                None => compression,
            },
            level: records.compression_level,
            threads: self.threads,
            is_live: is_stdin && self.threads == 1,
        };
        let mut file = None;
        if stdout.is_none() && !look {
            let destination = job.destination.as_ref().map_or(path, |(path, _)| path);
            if let Some((_, entry)) = &job.destination
                && let Some(finished) = &self.finished
            {
                if let Some(folder) = destination.parent() {
                    fs::create_dir_all(folder)
                        .map_err(|error| Failure::io("make the folder", folder.display(), &error))?;
                }
                finished.begin(entry)?;
            }
            let mut output = Output::open_file(destination)?;
            if let Some(before) = before.as_ref().filter(|_| job.destination.is_none()) {
                output.keep_times(before);
            }
            file = Some(output);
        }
        let output = stdout.or(file.as_mut());
        let outcomes = self.work(job, &way, reader, &mut broken, output)?;
        if let Some(before) = &before
            && before.is_file()
        {
            let after = fs::metadata(path).map_err(cannot_read)?;
            if before.len() != after.len() || before.modified().ok() != after.modified().ok() {
                return Err(Failure::new("it changed while it was read, and is left as it is"));
            }
        }
        if let Some(errors) = &self.errors {
            errors.add(all)?;
        }
        if let Some(output) = file.filter(|_| outcomes.is_changed || job.destination.is_some()) {
            if let Some(suffix) = &arguments.files.backup {
                let mut name = path.clone().into_os_string();
                name.push(suffix);
                files::keep(path, Path::new(&name))?;
            }
            output.finish()?;
            if let (Some((_, entry)), Some(finished), Some(before)) = (&job.destination, &self.finished, &before) {
                finished.add(entry.read_as(before))?;
            }
        }
        Ok(outcomes)
    }

    fn work(
        &self,
        job: &Job,
        way: &Way,
        reader: Box<dyn Read + Send>,
        broken: &mut dyn FnMut(&fanjian_records::RejectedRecord) -> Result<(), Failure>,
        mut output: Option<&mut Output>,
    ) -> Result<Outcomes, Failure> {
        match &job.work.format {
            Format::Lines(lines) => {
                let mut write = |piece: &[u8]| output.as_mut().map_or(Ok(()), |output| output.write(piece));
                convert(lines, way, Counting(reader, self.progress), broken, &mut write)
            }
            #[cfg(feature = "parquet")]
            Format::Parquet(parquet) => {
                parquet::convert(parquet, &job.path, way.threads, self.progress, broken, output)
            }
        }
    }
}

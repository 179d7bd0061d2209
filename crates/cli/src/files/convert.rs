//! Conversion of files: the plan, and the work on each.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use fanjian::{Converter, InvalidUtf8};

use crate::{
    error::{Failure, Status},
    files::{
        parallel::{Converted, convert_in_batches},
        rename::{Failures, check_inside, converted_path, renames},
        replace::{ChangeDetector, Destinations, Pending, Replacement, Sink, check_backups},
        walk::{self, InputFile, Tree},
    },
    io::{
        backup::is_backup,
        documents,
        encodings::{self, Encoding, NoText, NotFound},
        input::is_stdin,
        output::Output,
        progress::Progress,
        source::Source,
    },
    ordered,
    report::{
        Report,
        changes::{changes, diff},
        options::{Format, ReportOptions},
        outcome::{Outcome, State},
    },
    settings::{
        resolver::{FileSettings, SettingsResolver},
        task::{Destination, Selection},
    },
    text::transform::Transform,
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;
/// The limit in bytes of a file whose changes are shown: it is held in memory.
const SHOWN: u64 = 256 * 1024 * 1024;

/// By what it is decided whether a file changes.
#[derive(Clone, Copy)]
enum Compared {
    Bytes,
    Texts,
}

/// The work on one file.
struct Job {
    file: InputFile,
    settings: Arc<FileSettings>,
    /// Where its text goes, if not into itself or to standard output.
    destination: Option<PathBuf>,
    /// Whether the file is a backup, and left out.
    is_left_out: bool,
}

/// Converts files, and the files in folders. Returns what became of them as a whole.
pub(crate) fn run(
    paths: &[PathBuf],
    selection: &Selection,
    mut settings: SettingsResolver,
    output: &Destination,
    options: &ReportOptions,
    threads: usize,
) -> Result<Status, Failure> {
    let tree = walk::find(selection, output.folder(), paths)?;
    let (mut jobs, mut failures) = plan(&tree, selection, &mut settings, output)?;
    check_backups(jobs.iter().filter(|job| !job.is_left_out).map(|job| &job.file.path), output.backup())?;
    let mut new_names = Vec::new();
    if let Destination::InPlace { rename: true, .. } = output {
        let files = jobs.iter().filter(|job| !job.is_left_out).map(|job| &job.file.path);
        let (renames, refused) = renames(files, &tree.folders, selection, &mut settings)?;
        let without_name: HashSet<_> = refused.iter().map(|(path, _)| path).collect();
        jobs.retain(|job| !without_name.contains(&job.file.path));
        (new_names, failures) = (renames, refused);
    }
    let is_preview = options.preview.is_on();
    let writes_stdout = !is_preview && !output.is_files();
    let sizes = jobs.iter().map(|job| fs::metadata(&job.file.path).map_or(0, |metadata| metadata.len()));
    let progress = Progress::new(Some(sizes.sum()), options.has_progress && !writes_stdout);
    let mut report = Report::new(options, &progress, is_preview);
    for (path, message) in tree.failures.iter().chain(&failures) {
        report.add(&Outcome::new(path, true, State::Failed(message.clone())))?;
    }
    let files = Files { output, options, takes_binary: selection.binary, progress: &progress };
    match writes_stdout {
        true => files.one_after_the_other(&jobs, &mut report)?,
        false => {
            let convert = |job: &Job| files.convert(job, None);
            convert_in_batches(&jobs, threads, |job| &job.file, convert, &progress, &mut report)?
        }
    }
    for rename in new_names {
        // The name of a file that was not converted stays, too.
        if report.has_failed(&rename.from) {
            continue;
        }
        match if is_preview { Ok(()) } else { rename.run() } {
            Ok(()) => report.renamed(&rename.from, &rename.to)?,
            Err(message) => report.add(&Outcome::new(&rename.from, true, State::Failed(message)))?,
        }
    }
    let status = report.status();
    let left_out = jobs.iter().filter(|job| job.is_left_out).count();
    let count = report.files() - left_out;
    report.finish(!writes_stdout)?;
    walk::check_found(count, paths, selection)?;
    Ok(status)
}

/// The work to do, in which no two files go to the same place; and the files that have no place to go to.
fn plan(
    tree: &Tree,
    selection: &Selection,
    settings: &mut SettingsResolver,
    output: &Destination,
) -> Result<(Vec<Job>, Failures), Failure> {
    let (mut jobs, mut failures) = (Vec::new(), Vec::new());
    let mut destinations = Destinations::default();
    for file in &tree.files {
        let settings = settings.find((!is_stdin(&file.path)).then_some(&file.path))?;
        if !file.is_selected(&settings.extensions) {
            continue;
        }
        let destination = match output {
            Destination::Folder { path: folder, rename: true } => {
                match renamed_below(&settings.text.converter, folder, &file.below) {
                    Ok(below) => Some(destinations.take(&file.path, folder, &below)?),
                    Err(message) => {
                        failures.push((file.path.clone(), message));
                        continue;
                    }
                }
            }
            Destination::Folder { path: folder, rename: false } => {
                Some(destinations.take(&file.path, folder, &file.below)?)
            }
            _ => None,
        };
        let is_left_out = !selection.includes_backups && is_backup(&file.path);
        jobs.push(Job { file: file.clone(), settings, destination, is_left_out });
    }
    Ok((jobs, failures))
}

/// The place of a file in the output folder by its converted names.
fn renamed_below(converter: &Converter, folder: &Path, below: &Path) -> Result<PathBuf, String> {
    let renamed = converted_path(converter, below)?;
    if renamed != below {
        check_inside(folder, &folder.join(&renamed))?;
    }
    Ok(renamed)
}

/// What is the same for all files.
struct Files<'a> {
    output: &'a Destination,
    options: &'a ReportOptions,
    takes_binary: bool,
    progress: &'a Progress,
}

impl Files<'_> {
    /// Converts all to standard output.
    fn one_after_the_other(&self, jobs: &[Job], report: &mut Report<'_>) -> Result<(), Failure> {
        let mut output = Output::open(None)?;
        for job in jobs {
            let converted = match ordered::caught(|| self.convert(job, Some(&mut output))) {
                Ok(converted) => converted?,
                Err(panicked) => {
                    Outcome::new(&job.file.path, job.file.is_given, State::Failed(panicked.to_string())).into()
                }
            };
            output.flush()?;
            report.add(&converted.outcome)?;
        }
        output.finish()
    }

    fn convert(&self, job: &Job, stdout: Option<&mut Output>) -> Result<Converted, Failure> {
        let mut outcome = Outcome::new(&job.file.path, job.file.is_given, State::Unchanged);
        outcome.destination.clone_from(&job.destination);
        let mut pending = None;
        match self.convert_to(job, stdout, &mut outcome, &mut pending) {
            Ok(state) => outcome.state = state,
            // Without a reader of the output there is no use in going on.
            Err(failure) => outcome.state = State::Failed(failure.message()?),
        }
        Ok(Converted { outcome, pending })
    }

    /// Converts one file. Failures do not name it.
    fn convert_to(
        &self,
        job: &Job,
        stdout: Option<&mut Output>,
        outcome: &mut Outcome,
        pending: &mut Option<Pending>,
    ) -> Result<State, Failure> {
        if job.is_left_out {
            return Ok(State::Skipped(NoText::Backup));
        }
        let mut source = Source::open(&job.file.path, self.output.is_files())?;
        let mut head = Vec::new();
        source.read(&mut head, encodings::HEAD)?;
        if let Some(kind) = documents::kind(&job.file.path, &head).filter(|_| !self.takes_binary) {
            return match job.file.is_given {
                true => Err(Failure::Failed(format!(
                    "a document ({kind}), which is not read: save its text as a text file"
                ))),
                false => Ok(State::Document(kind)),
            };
        }
        let is_whole = head.len() < encodings::HEAD;
        let found = match encodings::find(&head, is_whole, job.settings.from, self.takes_binary) {
            Ok(found) => found,
            Err(NotFound::NoText(why)) => return Ok(State::Skipped(why)),
            Err(NotFound::Uncertain(message)) => return Err(Failure::Failed(message)),
        };
        outcome.encoding = Some(found);
        let mut text = job.settings.text.clone();
        if stdout.is_some() {
            text.to.get_or_insert(Encoding::UTF_8);
        }
        outcome.is_traditional_in_gbk =
            text.to.is_none() && found.encoding.is_of_mainland() && job.settings.is_to_traditional();
        let mut transform = Transform::new(&text, found);
        if self.options.shows_changes() {
            check_shown(&source)?;
            transform.seen = Some(Default::default());
        }
        let mut sink = self.sink(job, stdout, &source);
        // A character can have two codes, of which only one is written: that alone is no change of the text.
        let compared = match text.to.is_none() && text.invalid == InvalidUtf8::Strict {
            true => Compared::Texts,
            false => Compared::Bytes,
        };
        let is_changed = self.pump(&mut source, head, &mut transform, &mut sink, compared)?;
        source.check_unchanged()?;
        outcome.cleaned = transform.cleaned();
        outcome.unclosed_mark = transform.unclosed_mark();
        if outcome.cleaned.as_ref().is_some_and(|findings| findings.is_dropped) {
            return Ok(State::Dropped);
        }
        if let Some((old, new)) = transform.seen.take().filter(|_| is_changed) {
            self.show(&old, &new, outcome);
        }
        if let Sink::File(file) = sink {
            *pending = file.prepare(is_changed)?;
        }
        Ok(if is_changed { State::Changed } else { State::Unchanged })
    }

    fn sink<'o>(&self, job: &Job, stdout: Option<&'o mut Output>, source: &Source) -> Sink<'o> {
        match (stdout, &job.destination) {
            (Some(output), _) => Sink::Stdout(output),
            (None, _) if self.options.preview.is_on() => Sink::Nowhere,
            (None, Some(destination)) => Sink::File(Box::new(Replacement::mirrored(destination))),
            (None, None) => {
                let (path, backup) = (&job.file.path, self.output.backup());
                Sink::File(Box::new(Replacement::in_place(path, source.metadata.clone(), backup)))
            }
        }
    }

    /// Converts a source, of which `piece` has been read, to its end. Returns whether anything changes.
    fn pump(
        &self,
        source: &mut Source,
        mut piece: Vec<u8>,
        transform: &mut Transform,
        sink: &mut Sink<'_>,
        compared: Compared,
    ) -> Result<bool, Failure> {
        let mut detector = ChangeDetector::default();
        let mut converted = Vec::new();
        loop {
            let is_last = piece.is_empty();
            self.progress.bytes(piece.len() as u64);
            let result = transform.push(&piece, is_last, &mut converted);
            let (read, written) = match compared {
                Compared::Bytes => (&piece[..], &converted[..]),
                Compared::Texts => transform.last(),
            };
            detector.read(read);
            detector.written(written);
            sink.write(&converted)?;
            converted.clear();
            result.map_err(Failure::Failed)?;
            if is_last {
                return Ok(detector.is_changed());
            }
            source.read(&mut piece, PIECE)?;
        }
    }

    /// Adds the changes to the outcome, in the form that was asked for.
    fn show(&self, old: &[u8], new: &[u8], outcome: &mut Outcome) {
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
        match self.options.format {
            Format::Text => outcome.diff = diff(&old, &new, &outcome.path.to_string_lossy()),
            Format::Json | Format::Sarif => outcome.changes = changes(&old, &new),
        }
    }
}

/// An error for a file that is too long to have its changes shown.
fn check_shown(source: &Source) -> Result<(), Failure> {
    let is_long = source.metadata.as_ref().is_some_and(|metadata| metadata.len() > SHOWN);
    let limit = SHOWN >> 20;
    match is_long {
        true => Err(Failure::Failed(format!("cannot show changes of a file of more than {limit} MiB: use --check"))),
        false => Ok(()),
    }
}

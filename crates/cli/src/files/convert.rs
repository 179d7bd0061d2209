//! Conversion of files: the plan, and the work on each.

use std::{collections::HashSet, ffi::OsStr, fs, ops::Range, path::PathBuf, sync::Arc};

use fanjian::{InvalidUtf8, Named};
use fanjian_documents::Format as DocumentFormat;

use crate::{
    error::{Failure, Status},
    files::{
        parallel::{Converted, convert_in_batches},
        rename::{Failures, converted_path, path_beside, renames},
        replace::{ChangeDetector, Destinations, Pending, Present, Replacement, Sink, check_apart, check_backups},
        walk::{self, InputFile, Tree},
    },
    io::{
        documents,
        encodings::{self, Encoding, FileEncoding, NoText, NotFound},
        output::Output,
        progress::{Meter, Progress},
        source::Source,
    },
    messages::message,
    ordered,
    report::{
        Report,
        changes::{Change, changes},
        diff::diff,
        options::ReportOptions,
        outcome::{Conversion, Outcome, State},
    },
    settings::{
        resolver::{FileSettings, SettingsResolver},
        task::{Destination, Selection},
    },
    text::{
        cleaner::Findings,
        decisions::Decided,
        document::{Done, Seen},
        protected::OverlookedMarks,
        transform::Transform,
    },
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
    check_apart(paths, output)?;
    let tree = walk::find(selection, output.folder(), paths, Some(settings.excluded_folders()))?;
    let (mut jobs, mut failures) = plan(&tree, selection, &mut settings, output)?;
    check_backups(jobs.iter().filter(|job| job.file.left_out.is_none()).map(|job| &job.file.path), output.backup())?;
    let mut new_names = Vec::new();
    if let Destination::InPlace { rename: true, .. } = output {
        let files = jobs.iter().filter(|job| job.file.left_out.is_none()).map(|job| &job.file.path);
        let (renames, refused) = renames(files, &tree.folders, selection, &mut settings)?;
        let without_name: HashSet<_> = refused.iter().map(|(path, _)| path).collect();
        jobs.retain(|job| !without_name.contains(&job.file.path));
        (new_names, failures) = (renames, refused);
    }
    let outputs = jobs.iter().filter_map(|job| job.destination.as_ref().unwrap_or(&job.file.path).parent());
    tree.note_temporary(paths, outputs, options);
    let is_preview = options.preview.is_on();
    let writes_stdout = !is_preview && !output.is_files();
    let sizes = jobs.iter().map(|job| fs::metadata(&job.file.path).map_or(0, |metadata| metadata.len()));
    let progress = Progress::new(Some(sizes.sum()), options.has_progress && !writes_stdout && !options.is_paged());
    let mut report = Report::new(options, &progress, is_preview);
    for (path, message) in tree.failures.iter().chain(&failures) {
        report.add(&Outcome::new(path, true, State::Failed(message.clone())))?;
    }
    let joins = writes_stdout && jobs.iter().filter(|job| job.file.left_out.is_none()).count() > 1;
    let files = Files { output, options, takes_binary: selection.binary, joins, progress: &progress };
    match writes_stdout {
        true => files.one_after_the_other(&jobs, &mut report)?,
        false => {
            let convert = |job: &Job| files.convert(job, None);
            convert_in_batches(&jobs, threads, |job| &job.file, convert, &progress, &mut report)?
        }
    }
    for rename in new_names {
        // The name of a file that was not converted stays, too.
        if report.is_left(&rename.from) {
            continue;
        }
        match if is_preview { Ok(()) } else { rename.run() } {
            Ok(()) => report.renamed(&rename.from, &rename.to)?,
            Err(message) => report.add(&Outcome::new(&rename.from, true, State::Failed(message)))?,
        }
    }
    let status = report.status();
    // A copy has been converted: from its source.
    let left_out: Vec<_> = jobs.iter().filter_map(|job| job.file.left_out).filter(|why| *why != NoText::Copy).collect();
    let count = report.found() - left_out.len();
    report.finish(!writes_stdout)?;
    walk::check_found(count, &left_out, paths, selection)?;
    Ok(status)
}

/// The work to do, in which no two files go to the same place; and the files that have no place to go to.
fn plan(
    tree: &Tree,
    selection: &Selection,
    settings: &mut SettingsResolver,
    output: &Destination,
) -> Result<(Vec<Job>, Failures), Failure> {
    let mut jobs = Vec::new();
    for (file, settings) in walk::with_settings(tree.files.iter().cloned(), selection, settings)? {
        // What an earlier run has written beside a file is none to convert again.
        let is_own = |name: &OsStr| name.to_str().is_some_and(|name| settings.languages.is_own_name(name));
        if matches!(output, Destination::Beside { .. }) && !file.is_given && file.below.iter().any(is_own) {
            continue;
        }
        if file.is_selected(&settings.extensions) {
            jobs.push(Job { file, settings, destination: None });
        }
    }
    if matches!(output, Destination::Beside { forced: false, .. }) {
        leave_copies_out(&mut jobs);
    }
    let is_elsewhere = output.is_files() && !matches!(output, Destination::InPlace { .. });
    if !is_elsewhere {
        return Ok((jobs, Vec::new()));
    }
    let mut destinations = Destinations::new(jobs.iter().map(|job| &job.file));
    let (mut placed, mut failures) = (Vec::with_capacity(jobs.len()), Vec::new());
    for mut job in jobs {
        // The name of a file that is left out becomes nothing either.
        if job.file.left_out.is_some() {
            placed.push(job);
            continue;
        }
        let place = match output {
            // A link, a device or a pipe that somebody names is meant.
            Destination::Named { path, .. } => {
                job.destination = Some(destinations.take(&job.file, path.clone())?);
                placed.push(job);
                continue;
            }
            Destination::Folder { path, rename: true, .. } => {
                converted_path(&job.settings, &job.file.below).map(|below| (path.clone(), below))
            }
            Destination::Folder { path, .. } => Ok((path.clone(), job.file.below.clone())),
            _ => path_beside(&job.settings, &job.file.path),
        };
        match place {
            Ok((folder, below)) => {
                job.destination = Some(destinations.take_below(&job.file, &folder, &below)?);
                placed.push(job);
            }
            Err(message) => failures.push((job.file.path, message)),
        }
    }
    Ok((placed, failures))
}

/// Leaves out the given files that hold copies of others, as where a shell's `*` names what an earlier run has written, and those
/// whose copy would have the tag of its language twice.
fn leave_copies_out(jobs: &mut [Job]) {
    if !jobs.iter().any(|job| job.file.is_given) {
        return;
    }
    let copy = |job: &Job| path_beside(&job.settings, &job.file.path).ok().map(|(folder, below)| folder.join(below));
    let copies: Vec<_> = jobs.iter().map(copy).collect();
    let present: HashSet<_> = copies.iter().flatten().filter_map(|copy| fs::canonicalize(copy).ok()).collect();
    for (job, copy) in jobs.iter_mut().zip(&copies).filter(|(job, _)| job.file.is_given) {
        let is_copy = fs::canonicalize(&job.file.path).is_ok_and(|path| present.contains(&path));
        let stem = copy.as_ref().and_then(|copy| copy.file_stem()).map(OsStr::to_string_lossy);
        let has_twice = |tag: &str| stem.is_some_and(|stem| stem.ends_with(&format!(".{tag}.{tag}")));
        if is_copy || job.settings.languages.tag().is_some_and(has_twice) {
            job.file.left_out.get_or_insert(NoText::Copy);
        }
    }
}

/// What is the same for all files.
struct Files<'a> {
    output: &'a Destination,
    options: &'a ReportOptions,
    takes_binary: bool,
    /// Several files become one text.
    joins: bool,
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
        let meter = Meter::new(self.progress);
        let opened = match self.open(job) {
            Ok(Opened::Text(text)) => text,
            Ok(Opened::Other(state)) => {
                outcome.state = state;
                return Ok(outcome.into());
            }
            Err(failure) => return Converted::failed(outcome, failure),
        };
        outcome.encoding = Some(opened.encoding);
        outcome.conversion = conversion(job);
        outcome.is_traditional_in_gbk = job.settings.text.to.is_none()
            && stdout.is_none()
            && opened.encoding.encoding.is_of_mainland()
            && job.settings.is_to_traditional();
        let converted = match self.convert_text(job, opened, stdout, &meter) {
            Ok(text) => {
                let TextOutcome { state, cleaned, document, decided, unclosed_mark, overlooked_marks, shown, pending } =
                    text;
                (outcome.state, outcome.cleaned, outcome.document) = (state, cleaned, document);
                outcome.decided = decided;
                (outcome.unclosed_mark, outcome.overlooked_marks) = (unclosed_mark, overlooked_marks);
                (outcome.diff, outcome.changes) = (shown.diff, shown.changes);
                Converted::new(outcome, pending)
            }
            Err(failure) => Converted::failed(outcome, failure)?,
        };
        Ok(converted.after_reading(meter.done()))
    }

    /// Opens a file, and looks at its beginning. Failures do not name it.
    fn open(&self, job: &Job) -> Result<Opened, Failure> {
        if let Some(why) = job.file.left_out {
            return Ok(Opened::Other(State::Skipped(why)));
        }
        let mut source = Source::open(&job.file.path, self.output.is_files())?;
        let mut head = Vec::new();
        source.read(&mut head, encodings::HEAD)?;
        let document = document(job, &head);
        if let Some(format) = document.filter(|format| format.is_container()) {
            if self.joins {
                return Err(Failure::Failed(message!(
                    "an archive is no part of a text: name it alone, or use --output-dir or --in-place"
                )));
            }
            let encoding = FileEncoding::BYTES;
            return Ok(Opened::Text(Box::new(OpenText { source, head, encoding, document: Some(format) })));
        }
        if let Some(kind) = documents::kind(&job.file.path, &head).filter(|_| !self.takes_binary) {
            return match job.file.is_given {
                true => Err(Failure::Failed(documents::unread(kind, &head))),
                false => Ok(Opened::Other(State::Document(kind))),
            };
        }
        let is_whole = head.len() < encodings::HEAD;
        match documents::find_encoding(document, &head, is_whole, job.settings.from, self.takes_binary) {
            Ok(encoding) => Ok(Opened::Text(Box::new(OpenText { source, head, encoding, document }))),
            // Who names the output relies on it.
            Err(NotFound::NoText(why)) if matches!(self.output, Destination::Named { .. }) => {
                Err(Failure::Failed(message!("{what} ({way_out})", what = why, way_out = why.way_out())))
            }
            Err(NotFound::NoText(why)) => Ok(Opened::Other(State::Skipped(why))),
            Err(NotFound::Uncertain(message)) => Err(Failure::Failed(message)),
        }
    }

    /// Converts the text of one file. Failures do not name it.
    fn convert_text(
        &self,
        job: &Job,
        opened: Box<OpenText>,
        stdout: Option<&mut Output>,
        meter: &Meter<'_>,
    ) -> Result<TextOutcome, Failure> {
        let OpenText { mut source, head, encoding, document } = *opened;
        let mut text = job.settings.text.clone();
        text.document = document;
        text.documents = text.documents.path(&job.file.path);
        text.decisions = text.decisions.map(|decisions| decisions.of_file(&job.file.path));
        if stdout.is_some() {
            text.to.get_or_insert(Encoding::UTF_8);
        }
        let looks_ahead = job.settings.decides_script() && source.is_regular();
        let beginning = looks_ahead.then(|| &head[..head.len().min(encodings::HEAD_FOR_SCRIPT)]);
        let mut transform = Transform::new(&text, encoding, beginning);
        let is_long = is_long(&source);
        if is_long && self.options.shows_changes() && !self.options.shows_places() {
            return Err(Failure::Failed(message!(
                "cannot show changes of a file of more than {limit} MiB: use --check",
                limit = SHOWN >> 20
            )));
        }
        transform.seen = (self.options.shows_changes() && !is_long).then(Seen::default);
        let mut sink = self.sink(job, stdout, &source)?;
        // A character can have two codes, of which only one is written: that alone is no change of the text.
        let compared = match text.to.is_none() && text.invalid == InvalidUtf8::Strict {
            true => Compared::Texts,
            false => Compared::Bytes,
        };
        let is_changed = pump(&mut source, head, (&mut transform, compared), &mut sink, meter)?;
        source.check_unchanged()?;
        let mut outcome = TextOutcome {
            state: if is_changed { State::Changed } else { State::Unchanged },
            cleaned: transform.cleaned(),
            unclosed_mark: transform.unclosed_mark(),
            document: transform.document(),
            decided: transform.decided(),
            overlooked_marks: transform.overlooked_marks(),
            shown: Shown::default(),
            pending: None,
        };
        if outcome.cleaned.as_ref().is_some_and(|findings| findings.is_dropped) {
            return Ok(TextOutcome { state: State::Dropped, ..outcome });
        }
        if let Some(seen) = transform.seen.take().filter(|_| is_changed) {
            let decided = outcome.decided.as_ref().map_or_else(Vec::new, |decided| decided.places.concat());
            outcome.shown = self.show(&seen, &decided, job);
        }
        match sink {
            Sink::File(file) => outcome.pending = file.prepare(is_changed)?,
            Sink::Present(present) => {
                present.finish()?;
                outcome.state = State::Unchanged;
            }
            Sink::Nowhere | Sink::Stdout(_) => {}
        }
        Ok(outcome)
    }

    fn sink<'o>(&self, job: &Job, stdout: Option<&'o mut Output>, source: &Source) -> Result<Sink<'o>, Failure> {
        let preview = &self.options.preview;
        let is_guarded = matches!(self.output, Destination::Beside { forced: false, .. });
        // Other previews are of what changes in the file itself.
        let present = match &job.destination {
            Some(destination) if is_guarded && (preview.dry_run || !preview.is_on()) => Present::open(destination)?,
            _ => None,
        };
        Ok(match (stdout, &job.destination) {
            (Some(output), _) => Sink::Stdout(output),
            (None, None) if preview.is_on() => Sink::Nowhere,
            (None, Some(destination)) => match present {
                Some(present) => Sink::Present(present),
                None if preview.is_on() => Sink::Nowhere,
                None => Sink::File(Box::new(Replacement::mirrored(destination, self.output.durability()))),
            },
            (None, None) => {
                let (path, old) = (&job.file.path, source.metadata.clone());
                let (backup, durability) = (self.output.backup(), self.output.durability());
                Sink::File(Box::new(Replacement::in_place(path, old, backup, durability)))
            }
        })
    }

    /// The changes, in the form that was asked for. `decided` are the parts of the old text that a person has decided.
    fn show(&self, seen: &Seen, decided: &[Range<usize>], job: &Job) -> Shown {
        let (old, new) = (String::from_utf8_lossy(&seen.old), String::from_utf8_lossy(&seen.new));
        let shows_diff = self.options.shows_diff();
        let diff = if shows_diff { diff(&old, &new, &job.file.path.to_string_lossy()) } else { String::new() };
        if shows_diff && !self.options.marks_changes() {
            return Shown { diff, changes: Vec::new() };
        }
        // Cleaning does more than its converter.
        let text = &job.settings.text;
        let mut changes = changes(&old, &new, text.cleaning.is_none().then_some(&text.converter), decided);
        for change in &mut changes {
            change.part = seen.parts.get(change.line - 1).cloned();
        }
        Shown { diff, changes }
    }
}

/// Converts a source, of which `piece` has been read, to its end. Returns whether anything changes.
fn pump(
    source: &mut Source,
    mut piece: Vec<u8>,
    (transform, compared): (&mut Transform, Compared),
    sink: &mut Sink<'_>,
    meter: &Meter<'_>,
) -> Result<bool, Failure> {
    let mut detector = ChangeDetector::default();
    let mut converted = Vec::new();
    loop {
        let is_last = piece.is_empty();
        meter.bytes(piece.len() as u64);
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

/// The format of a file that is a document: what the settings say, or its name and beginning. Archives in folders are taken
/// where they are chosen, as they are often of other things.
fn document(job: &Job, head: &[u8]) -> Option<DocumentFormat> {
    let FileSettings { effective, .. } = &*job.settings;
    if effective.plain == Some(true) {
        return None;
    }
    let is_taken = |format: &DocumentFormat| *format != DocumentFormat::Zip || job.file.is_given;
    documents::format(&job.file.path, head, effective.format).filter(is_taken)
}

/// What a file is converted to. None if it is cleaned.
fn conversion(job: &Job) -> Option<Conversion> {
    let FileSettings { effective, text, config, dictionaries, is_of_override, .. } = &*job.settings;
    let conversion = || Conversion {
        target: effective.to.map(|target| target.name()),
        config: config.clone(),
        dictionaries: dictionaries.clone(),
        is_of_override: *is_of_override,
    };
    text.cleaning.is_none().then(conversion)
}

/// What a file is, by its beginning.
enum Opened {
    Text(Box<OpenText>),
    /// No text to convert.
    Other(State),
}

/// A text of which `head` has been read.
struct OpenText {
    source: Source,
    head: Vec<u8>,
    encoding: FileEncoding,
    /// The format of a document. None: plain text.
    document: Option<DocumentFormat>,
}

/// What became of a text.
struct TextOutcome {
    state: State,
    cleaned: Option<Findings>,
    document: Option<Done>,
    decided: Option<Decided>,
    unclosed_mark: Option<u64>,
    overlooked_marks: Option<OverlookedMarks>,
    shown: Shown,
    /// Its output, if that is not at its place yet.
    pending: Option<Pending>,
}

/// The changes of a text that are shown.
#[derive(Default)]
struct Shown {
    diff: String,
    changes: Vec<Change>,
}

/// Whether a file is too long to have its changes shown.
fn is_long(source: &Source) -> bool {
    source.metadata.as_ref().is_some_and(|metadata| metadata.len() > SHOWN)
}

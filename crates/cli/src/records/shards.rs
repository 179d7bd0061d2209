//! Records of files, and of folders of shards, which a later run takes up where this one ends.

use std::{
    collections::HashMap,
    fs::{self, Metadata},
    path::PathBuf,
    sync::Arc,
};

use fanjian_records::{Presence, RejectedRecord};

#[cfg(feature = "parquet")]
use crate::records::parquet;
use crate::{
    error::{Failure, Status},
    files::{
        parallel::{Converted, convert_each},
        replace::{Destinations, Pending, check_apart, check_backups, with_suffix},
        walk::{self, InputFile, Tree, has_extension},
    },
    io::{
        compression::Compression,
        input::is_stdin,
        output::Output,
        progress::{Meter, Progress},
        source::Source,
    },
    ordered,
    records::{
        finished::{Entry, Finished},
        identity,
        pipeline::{self, Counting, IoOptions, Summary},
        rejected::{ErrorFile, InputName, Rejection, open_errors},
        work::{Format, UnclosedMarks, Work},
    },
    report::{
        Report,
        options::ReportOptions,
        outcome::{Outcome, State},
    },
    settings::{
        resolver::{FileSettings, SettingsResolver},
        task::{Destination, RecordTask, Selection},
    },
};

/// The work on one file.
struct Job {
    file: InputFile,
    work: Arc<Work>,
    mirror: Option<Mirror>,
}

/// Where a file is mirrored to, and how it is known to be finished.
struct Mirror {
    path: PathBuf,
    entry: Entry,
    /// If an earlier run has finished it, which fields it has.
    finished: Option<Vec<Presence>>,
}

impl Job {
    /// Whether it is still to be done.
    fn is_to_do(&self) -> bool {
        self.file.left_out.is_none() && self.finished().is_none()
    }

    fn finished(&self) -> Option<&[Presence]> {
        self.mirror.as_ref()?.finished.as_deref()
    }
}

/// Converts the records of files. Returns what became of them as a whole.
pub(crate) fn run(
    (paths, selection): (&[PathBuf], &Selection),
    task: &RecordTask,
    settings: SettingsResolver,
    output: &Destination,
    options: &ReportOptions,
    threads: usize,
) -> Result<Status, Failure> {
    check_apart(paths, output)?;
    let tree = walk::find(selection, output.folder(), paths, Some(settings.excluded_folders()))?;
    let finished = output.folder().map(Finished::read).transpose()?;
    let plan = Plan { selection, task, output, finished: finished.as_ref() };
    let jobs = plan.jobs(&tree, settings)?;
    let taken = || jobs.iter().filter(|job| job.file.left_out.is_none());
    check_backups(taken().map(|job| &job.file.path), output.backup())?;
    let outputs = jobs.iter().map(|job| job.mirror.as_ref().map_or(&job.file.path, |mirror| &mirror.path));
    tree.note_temporary(paths, outputs.filter_map(|path| path.parent()), options);
    let is_preview = options.preview.is_on();
    let writes_stdout = !is_preview && !output.is_files();
    let to_do: Vec<_> = jobs.iter().filter(|job| job.is_to_do()).map(|job| &job.file.path).collect();
    let errors = match is_preview {
        true => None,
        false => {
            let backups = taken().filter_map(|job| Some(with_suffix(&job.file.path, output.backup()?)));
            let backups: Vec<_> = backups.chain(finished.as_ref().map(Finished::path)).collect();
            let files = taken().flat_map(|job| [Some(&job.file.path), job.mirror.as_ref().map(|to| &to.path)]);
            let files = files.flatten().chain(&backups).map(PathBuf::as_path);
            open_errors(task, files, output.durability())?
        }
    };
    let sizes = to_do.iter().map(|path| fs::metadata(path).map_or(0, |metadata| metadata.len()));
    let progress = Progress::new(Some(sizes.sum()), options.has_progress && !writes_stdout && !options.is_paged());
    let at_once = if writes_stdout { 1 } else { threads.min(to_do.len()).max(1) };
    let shards = Shards {
        task,
        output,
        is_preview,
        finished: finished.as_ref(),
        errors,
        progress: &progress,
        unclosed: UnclosedMarks::default(),
        quiet: options.quiet,
        threads: threads / at_once,
    };
    let mut report = Report::new(options, &progress, is_preview);
    for (path, message) in &tree.failures {
        report.add(&Outcome::new(path, true, State::Failed(message.clone())))?;
    }
    match writes_stdout {
        true => shards.one_after_the_other(&jobs, &mut report)?,
        false => {
            let convert = |job: &Job| shards.convert(job, None);
            convert_each(&jobs, at_once, |job| &job.file, convert, &progress, &mut report)?
        }
    }
    let status = report.status();
    let left_out: Vec<_> = jobs.iter().filter_map(|job| job.file.left_out).collect();
    let count = report.found() - left_out.len();
    report.finish(!writes_stdout)?;
    if !options.quiet {
        shards.unclosed.note();
    }
    walk::check_found(count, &left_out, paths, selection)?;
    Ok(status)
}

/// What decides about the jobs.
struct Plan<'p> {
    selection: &'p Selection,
    task: &'p RecordTask,
    output: &'p Destination,
    finished: Option<&'p Finished>,
}

impl Plan<'_> {
    fn jobs(&self, tree: &Tree, mut settings: SettingsResolver) -> Result<Vec<Job>, Failure> {
        let mut works: HashMap<*const FileSettings, (Arc<FileSettings>, Arc<Work>)> = HashMap::new();
        let mut jobs = Vec::new();
        let files: Vec<_> = tree.files.iter().filter(|file| self.is_shard(file)).collect();
        let folder = self.output.folder();
        let mut destinations = folder.map(|folder| (folder, Destinations::new(files.iter().copied())));
        for (file, settings) in walk::with_settings(files.into_iter().cloned(), self.selection, &mut settings)? {
            let work = match works.get(&Arc::as_ptr(&settings)) {
                Some((_, work)) => Arc::clone(work),
                None => {
                    let work = Arc::new(Work::new(self.task, &settings)?);
                    works.insert(Arc::as_ptr(&settings), (settings, Arc::clone(&work)));
                    work
                }
            };
            let mirror = match &mut destinations {
                Some((folder, destinations)) if file.left_out.is_none() => {
                    Some(self.mirror(&file, &work, destinations.take_below(&file, folder, &file.below)?)?)
                }
                _ => None,
            };
            jobs.push(Job { file, work, mirror });
        }
        Ok(jobs)
    }

    /// Whether a file is a shard.
    fn is_shard(&self, file: &InputFile) -> bool {
        file.is_given
            || has_extension(Compression::strip(&file.path), &self.extensions())
                && !self.task.errors.as_ref().is_some_and(|errors| identity::is_same(errors, &file.path))
    }

    /// The extensions of shards.
    fn extensions(&self) -> Vec<String> {
        if !self.selection.extensions.is_empty() {
            return self.selection.extensions.clone();
        }
        self.task.format.extensions().iter().map(|&extension| extension.to_owned()).collect()
    }

    fn mirror(&self, file: &InputFile, work: &Work, destination: PathBuf) -> Result<Mirror, Failure> {
        let metadata = fs::metadata(&file.path).map_err(|error| Failure::io("read", file.path.display(), &error))?;
        let entry = Entry::new(&file.below, &file.path, &metadata, &work.key);
        let known = self.finished.and_then(|finished| finished.find(&entry, &destination));
        let finished = known.map(|known| known.presence(self.task.field_names().len()));
        Ok(Mirror { path: destination, entry, finished })
    }
}

/// What is the same for all files.
struct Shards<'a> {
    task: &'a RecordTask,
    output: &'a Destination,
    is_preview: bool,
    finished: Option<&'a Finished>,
    errors: Option<ErrorFile>,
    progress: &'a Progress,
    /// Those of the files that are done.
    unclosed: UnclosedMarks,
    quiet: bool,
    /// For each file.
    threads: usize,
}

impl Shards<'_> {
    /// Converts all to standard output.
    fn one_after_the_other(&self, jobs: &[Job], report: &mut Report<'_>) -> Result<(), Failure> {
        let mut output = Output::open(None)?;
        for job in jobs {
            let converted = self.convert(job, Some(&mut output))?;
            output.flush()?;
            report.add(&converted.outcome)?;
        }
        output.finish()
    }

    fn convert(&self, job: &Job, stdout: Option<&mut Output>) -> Result<Converted, Failure> {
        let mut outcome = Outcome::new(&job.file.path, job.file.is_given, State::Finished);
        outcome.destination = job.mirror.as_ref().map(|mirror| mirror.path.clone());
        if let Some(why) = job.file.left_out {
            outcome.state = State::Skipped(why);
            return Ok(outcome.into());
        }
        if let Some(presence) = job.finished() {
            outcome.presence = presence.to_vec();
            return Ok(outcome.into());
        }
        let (meter, unclosed) = (Meter::new(self.progress), Arc::new(UnclosedMarks::default()));
        let summary = ordered::caught(|| self.convert_to(job, stdout, &meter, &unclosed));
        let converted = match summary.unwrap_or_else(|panicked| Err(panicked.into())) {
            Ok(summary) => {
                self.unclosed.add_all(&unclosed);
                outcome.state = if summary.is_changed { State::Changed } else { State::Unchanged };
                outcome.presence = summary.counts.presence.clone();
                outcome.records = Some(summary.counts);
                outcome.into()
            }
            Err(failure) => Converted::failed(outcome, failure)?,
        };
        Ok(converted.after_reading(meter.done()))
    }

    /// Converts one file. Failures do not name it.
    fn convert_to(
        &self,
        job: &Job,
        stdout: Option<&mut Output>,
        meter: &Meter<'_>,
        unclosed: &Arc<UnclosedMarks>,
    ) -> Result<Summary, Failure> {
        let mut source = Source::open(&job.file.path, stdout.is_none() && !self.is_preview)?;
        let is_replaced = matches!(self.output, Destination::InPlace { .. });
        let name = if is_stdin(&job.file.path) { InputName::stdin() } else { InputName::file(&job.file.path) };
        let mut rejection = Rejection::new(self.task, self.errors.as_ref(), &name, is_replaced);
        let mut reject = |record: &RejectedRecord| rejection.push(record);
        let options = self.io_options(job, stdout.is_some(), meter);
        let format = (job.work.format)(unclosed)?;
        let mut file = match stdout.is_some() || self.is_preview {
            true => None,
            false => Some(self.open(job, source.metadata.as_ref())?),
        };
        let reader = std::mem::replace(&mut source.reader, Box::new(std::io::empty()));
        let summary = self.work((job, &format), &options, reader, &mut reject, stdout.or(file.as_mut()))?;
        source.check_unchanged()?;
        // All that may find no space on the disk comes first: a second try would add the broken records again.
        let pending = match file.filter(|_| summary.is_changed || job.mirror.is_some()) {
            Some(output) => self.complete(job, output)?,
            None => None,
        };
        let end = || {
            rejection.save()?;
            // Saving takes time.
            source.check_unchanged()?;
            let presence = &summary.counts.presence;
            pending.map_or(Ok(()), |pending| self.put(job, pending, source.metadata.as_ref(), presence))
        };
        end().map_err(Failure::without_another_try)?;
        Ok(summary)
    }

    fn io_options<'m>(&self, job: &Job, is_stdout: bool, progress: &'m Meter<'m>) -> IoOptions<'m> {
        let compression = Compression::of(&job.file.path);
        let to = if is_stdout { self.task.to_compression.unwrap_or(Compression::None) } else { compression };
        IoOptions {
            progress,
            quiet: self.quiet,
            from: self.task.from_compression.unwrap_or(compression),
            to,
            level: self.task.compression_level,
            threads: self.threads,
            is_live: is_stdin(&job.file.path) && self.threads == 1,
        }
    }

    /// Opens the output of a file, which is no longer known to be finished.
    fn open(&self, job: &Job, before: Option<&Metadata>) -> Result<Output, Failure> {
        let Some(mirror) = &job.mirror else {
            let mut output = Output::open_in_place(&job.file.path)?.with_durability(self.output.durability());
            before.into_iter().for_each(|before| output.replaces(before));
            return Ok(output);
        };
        if let Some(folder) = mirror.path.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::io("create the folder", folder.display(), &error))?;
        }
        if let Some(finished) = self.finished {
            finished.begin(&mirror.entry)?;
        }
        Ok(Output::open_file(&mirror.path)?.with_durability(self.output.durability()))
    }

    /// Completes an output and the backup of the file that it replaces, both on the disk.
    fn complete(&self, job: &Job, output: Output) -> Result<Option<Pending>, Failure> {
        let backup = self.output.backup().map(|suffix| with_suffix(&job.file.path, suffix));
        let pending = Pending::new(output, backup.as_deref().map(|backup| (job.file.path.as_path(), backup)))?;
        pending.as_ref().map_or(Ok(()), Pending::sync)?;
        Ok(pending)
    }

    /// Puts an output in its place, and notes that it is finished.
    fn put(
        &self,
        job: &Job,
        pending: Pending,
        before: Option<&Metadata>,
        presence: &[Presence],
    ) -> Result<(), Failure> {
        pending.put()?;
        match (&job.mirror, self.finished, before) {
            (Some(mirror), Some(finished), Some(before)) => {
                finished.add(mirror.entry.read_as(before, presence), &mirror.path)
            }
            _ => Ok(()),
        }
    }

    fn work(
        &self,
        (job, format): (&Job, &Format),
        options: &IoOptions<'_>,
        reader: Box<dyn std::io::Read + Send>,
        reject: &mut dyn FnMut(&RejectedRecord) -> Result<(), Failure>,
        mut output: Option<&mut Output>,
    ) -> Result<Summary, Failure> {
        match format {
            Format::Lines(lines) => {
                let mut write = |piece: &[u8]| output.as_mut().map_or(Ok(()), |output| output.write(piece));
                pipeline::run(
                    (lines, &job.work.required),
                    options,
                    Counting(reader, options.progress),
                    reject,
                    &mut write,
                )
            }
            #[cfg(feature = "parquet")]
            Format::Parquet(format) => {
                parquet::convert(format, &job.file.path, options.threads, options.progress, reject, output)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use fanjian_records::{Jsonl, RecordOptions};

    use super::*;
    use crate::records::work::{Lines, MakeFormat};
    use crate::settings::task::RecordFormat;

    /// The states of files, of which each is converted in its turn, and how many unclosed marks there are then.
    fn states(
        format: RecordFormat,
        work: Box<MakeFormat>,
        files: &[(&str, &[u8])],
        threads: usize,
    ) -> (Vec<State>, u64) {
        let folder = tempfile::tempdir().unwrap();
        let (task, progress) = (RecordTask::new(format), Progress::new(None, false));
        let work = Arc::new(Work { format: work, key: serde_json::Value::Null, required: Vec::new() });
        let output = Destination::Stdout { flushes: false };
        let shards = Shards {
            task: &task,
            output: &output,
            is_preview: true,
            finished: None,
            errors: None,
            progress: &progress,
            unclosed: UnclosedMarks::default(),
            quiet: false,
            threads,
        };
        let job = |(name, contents): &(&str, &[u8])| {
            let path = folder.path().join(name);
            fs::write(&path, contents).unwrap();
            Job {
                file: InputFile { path, is_given: true, below: PathBuf::new(), left_out: None },
                work: Arc::clone(&work),
                mirror: None,
            }
        };
        let states = files.iter().map(|file| shards.convert(&job(file), None).unwrap().outcome.state).collect();
        (states, shards.unclosed.texts())
    }

    fn bomb() -> RecordOptions {
        RecordOptions::default().convert_by(|text| {
            assert!(text != "bomb", "it went off");
            Ok(None)
        })
    }

    #[test]
    fn a_panic_is_the_failure_of_one_file() {
        for threads in [1, 3] {
            let jsonl = Box::new(|_: &_| Ok(Format::Lines(Lines::Jsonl(Jsonl::new(bomb(), ["t".parse().unwrap()])))));
            let files = [("a", &b"{\"t\":\"bomb\"}"[..]), ("b", b"{\"t\":\"\"}")];
            let failed = State::Failed("internal error: it went off".to_owned());
            assert_eq!(states(RecordFormat::Jsonl, jsonl, &files, threads).0, [failed, State::Unchanged]);
        }
    }

    /// They used to be counted at each try.
    #[test]
    fn unclosed_marks_of_a_conversion_that_failed_do_not_count() {
        let jsonl = Box::new(|unclosed: &Arc<UnclosedMarks>| {
            unclosed.add("one");
            unclosed.add("another");
            Ok(Format::Lines(Lines::Jsonl(Jsonl::new(bomb(), ["t".parse().unwrap()]))))
        });
        let files = [("a", &b"{\"t\":\"bomb\"}"[..]), ("b", b"{\"t\":\"\"}"), ("c", b"{\"t\":\"\"}")];
        assert_eq!(states(RecordFormat::Jsonl, jsonl, &files, 1).1, 4);
    }
}

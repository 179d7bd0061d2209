//! Loop over files that each have an output of their own, or none: by several threads, and reported in order.

use std::{
    fs,
    sync::{PoisonError, RwLock},
};

use crate::{
    error::Failure,
    files::{replace::Pending, walk::InputFile},
    io::progress::Progress,
    ordered::{self, Limits},
    report::{
        Report,
        outcome::{Outcome, State},
    },
};

/// The most files of a batch. They wait for the disk together.
const FILES: usize = 256;
/// The most bytes of a batch, if it has several files.
const BYTES: u64 = 32 * 1024 * 1024;

/// A file that is converted.
pub(crate) struct Converted {
    pub(crate) outcome: Outcome,
    /// Its output, if that is not at its place yet.
    pub(crate) pending: Option<Pending>,
    /// Whether it failed as the disk has no space left.
    is_without_space: bool,
    /// How many bytes of the file were read: at another try, they are read again.
    read: u64,
}

impl Converted {
    pub(crate) fn new(outcome: Outcome, pending: Option<Pending>) -> Converted {
        Converted { outcome, pending, is_without_space: false, read: 0 }
    }

    /// A file whose conversion failed; the failure itself if there is no use in going on, without a reader of the output.
    pub(crate) fn failed(mut outcome: Outcome, failure: Failure) -> Result<Converted, Failure> {
        let is_without_space = matches!(failure, Failure::Full(_));
        outcome.state = State::Failed(failure.message()?);
        Ok(Converted { outcome, pending: None, is_without_space, read: 0 })
    }

    /// The same, with the bytes that were read of it.
    pub(crate) fn after_reading(self, read: u64) -> Converted {
        Converted { read, ..self }
    }
}

impl From<Outcome> for Converted {
    fn from(outcome: Outcome) -> Converted {
        Converted::new(outcome, None)
    }
}

/// Does `convert` on each job, and reports its outcome under the `file` of the job. A panic is the failure of that file. A
/// file that finds no space on the disk is tried once more, alone.
pub(crate) fn convert_each<J: Sync>(
    jobs: &[J],
    threads: usize,
    file: impl Fn(&J) -> &InputFile + Sync,
    convert: impl Fn(&J) -> Result<Converted, Failure> + Sync,
    progress: &Progress,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let batches: Vec<_> = jobs.chunks(1).collect();
    run(&batches, threads, file, convert, progress, report)
}

/// As [`convert_each`], for small files above all: those of a batch are put in their places together.
pub(crate) fn convert_in_batches<J: Sync>(
    jobs: &[J],
    threads: usize,
    file: impl Fn(&J) -> &InputFile + Sync,
    convert: impl Fn(&J) -> Result<Converted, Failure> + Sync,
    progress: &Progress,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let len = |job: &J| fs::metadata(&file(job).path).map_or(0, |metadata| metadata.len());
    let batches = batches(jobs, threads, len);
    run(&batches, threads, file, convert, progress, report)
}

/// Batches of jobs, in order: for each thread several, so that none is idle for long.
fn batches<J>(jobs: &[J], threads: usize, len: impl Fn(&J) -> u64) -> Vec<&[J]> {
    let most = (jobs.len() / (2 * threads.max(1))).clamp(1, FILES);
    let mut batches = Vec::new();
    let (mut begin, mut bytes) = (0, 0);
    for (end, job) in jobs.iter().enumerate() {
        let len = len(job);
        if end - begin == most || (end > begin && bytes + len > BYTES) {
            batches.push(&jobs[begin..end]);
            (begin, bytes) = (end, 0);
        }
        bytes += len;
    }
    batches.extend((begin < jobs.len()).then(|| &jobs[begin..]));
    batches
}

fn run<J: Sync>(
    batches: &[&[J]],
    threads: usize,
    file: impl Fn(&J) -> &InputFile + Sync,
    convert: impl Fn(&J) -> Result<Converted, Failure> + Sync,
    progress: &Progress,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let (mut done, all) = (0, batches.iter().map(|batch| batch.len()).sum());
    let limits = Limits { threads: threads.min(batches.len()), ahead: batches.len() };
    let files = RwLock::new(());
    let work = |batch: &&[J]| outcomes(batch, &file, &convert, (progress, &files));
    ordered::run(limits, batches.iter(), work, |outcomes| {
        for outcome in outcomes?? {
            done += 1;
            progress.files(done, all);
            report.add(&outcome)?;
        }
        Ok(())
    })
}

/// Converts the files of a batch, and then puts all in their places.
///
/// Files that wait for the others of their batch take space. So where there is none left, all that wait are put in their
/// places, and the file that found none is tried again at the end of the batch: alone, by a lock on the `files` of all
/// threads. What fits on the disk one file at a time is done.
fn outcomes<J>(
    batch: &[J],
    file: impl Fn(&J) -> &InputFile,
    convert: impl Fn(&J) -> Result<Converted, Failure>,
    (progress, files): (&Progress, &RwLock<()>),
) -> Result<Vec<Outcome>, Failure> {
    let convert = |job: &J| {
        ordered::caught(|| convert(job)).unwrap_or_else(|panicked| {
            let InputFile { path, is_given, .. } = file(job);
            Ok(Outcome::new(path, *is_given, State::Failed(panicked.to_string())).into())
        })
    };
    let mut done = Batch::default();
    {
        let _with_others = files.read().unwrap_or_else(PoisonError::into_inner);
        for job in batch {
            done.add(convert(job)?);
        }
        done.put();
    }
    if !done.without_space.is_empty() {
        let _alone = files.write().unwrap_or_else(PoisonError::into_inner);
        for number in std::mem::take(&mut done.without_space) {
            progress.take_back(done.read[number]);
            let converted = convert(&batch[number])?;
            done.outcomes[number] = converted.outcome;
            done.waiting.extend(converted.pending.map(|pending| (number, pending)));
            done.put();
        }
    }
    Ok(done.outcomes)
}

/// What became of the files of a batch, up to now.
#[derive(Default)]
struct Batch {
    outcomes: Vec<Outcome>,
    /// How many bytes of each were read.
    read: Vec<u64>,
    /// What is not at its place yet, by the numbers of the files.
    waiting: Vec<(usize, Pending)>,
    /// The numbers of the files that found no space.
    without_space: Vec<usize>,
}

impl Batch {
    /// Adds the next file.
    fn add(&mut self, converted: Converted) {
        let number = self.outcomes.len();
        self.outcomes.push(converted.outcome);
        self.read.push(converted.read);
        self.waiting.extend(converted.pending.map(|pending| (number, pending)));
        if converted.is_without_space {
            self.without_space.push(number);
            self.put();
        }
    }

    /// Puts all that wait in their places.
    fn put(&mut self) {
        let (numbers, waiting): (Vec<_>, Vec<_>) = self.waiting.drain(..).unzip();
        for (number, result) in numbers.into_iter().zip(Pending::put_all(waiting)) {
            if let Err(failure) = result {
                self.without_space.extend(matches!(failure, Failure::Full(_)).then_some(number));
                self.outcomes[number].state = State::Failed(failure.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        path::PathBuf,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use super::*;
    use crate::{
        files::replace::{Replacement, Sink},
        io::{output::Durability, own_files, progress::Meter},
        report::options::ReportOptions,
    };

    /// Replaces 60 files on a disk with space for three that wait, and none for the file `huge`. Returns the files that are
    /// new then, whether one failed, how often the huge one was tried, and the progress, of two bytes for each file.
    fn replace_without_space(threads: usize) -> (usize, bool, usize, u64) {
        let folder = tempfile::tempdir().unwrap();
        let names = (0..60).map(|number| if number == 30 { "huge".to_owned() } else { number.to_string() });
        let file = |name: String| InputFile {
            path: folder.path().join(name),
            is_given: true,
            below: PathBuf::new(),
            left_out: None,
        };
        let files: Vec<_> = names.map(file).collect();
        files.iter().for_each(|file| fs::write(&file.path, "old").unwrap());
        let (tried, progress) = (AtomicUsize::new(0), Progress::new(None, false));
        let convert = |file: &InputFile| {
            let outcome = Outcome::new(&file.path, true, State::Changed);
            let is_huge = file.path.ends_with("huge");
            tried.fetch_add(is_huge.into(), Ordering::Relaxed);
            let temporary = own_files::temporary([folder.path().to_owned()].into());
            let meter = Meter::new(&progress);
            meter.bytes(2);
            if is_huge || temporary.len() >= 3 {
                let failed = Converted::failed(outcome, Failure::Full("no space".to_owned()))?;
                return Ok(failed.after_reading(meter.done()));
            }
            let replacement = Replacement::in_place(&file.path, None, None, Durability::InSystem);
            let mut sink = Sink::File(Box::new(replacement));
            sink.write(b"new")?;
            let Sink::File(file) = sink else { panic!() };
            Ok(Converted::new(outcome, file.prepare(true)?).after_reading(meter.done()))
        };
        let options = ReportOptions { quiet: true, ..Default::default() };
        let mut report = Report::new(&options, &progress, false);
        convert_in_batches(&files, threads, |file| file, convert, &progress, &mut report).unwrap();
        let new = files.iter().filter(|file| fs::read(&file.path).unwrap() == b"new").count();
        (new, report.is_left(&folder.path().join("huge")), tried.into_inner(), progress.done())
    }

    /// On a disk that was nearly full, all files of a batch used to fail behind the first that found no space.
    #[test]
    fn what_fits_one_file_at_a_time_is_done_and_what_never_fits_is_tried_twice() {
        for threads in [1, 4] {
            assert_eq!(replace_without_space(threads), (59, true, 2, 120), "{threads} threads");
        }
    }

    #[test]
    fn batches_have_all_jobs_in_order_and_bounds() {
        let lens =
            |jobs: &[u64], threads| batches(jobs, threads, |&len| len).iter().map(|b| b.len()).collect::<Vec<_>>();
        assert_eq!(lens(&[], 2), [0; 0]);
        assert_eq!(lens(&[1], 2), [1]);
        assert_eq!(lens(&[1; 3000], 2), [vec![FILES; 11], vec![184]].concat());
        assert_eq!(lens(&[1; 9], 2), [2, 2, 2, 2, 1]);
        assert_eq!(lens(&[BYTES / 2, BYTES / 2, 1, 5 * BYTES, 1, 1, 1, 1], 1), [2, 1, 1, 4]);
    }
}

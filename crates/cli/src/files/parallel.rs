//! Loop over files that each have an output of their own, or none: by several threads, and reported in order.

use std::fs;

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
}

impl From<Outcome> for Converted {
    fn from(outcome: Outcome) -> Converted {
        Converted { outcome, pending: None }
    }
}

/// Does `convert` on each job, and reports its outcome under the `file` of the job. A panic is the failure of that file.
pub(crate) fn convert_each<J: Sync>(
    jobs: &[J],
    threads: usize,
    file: impl Fn(&J) -> &InputFile + Sync,
    convert: impl Fn(&J) -> Result<Outcome, Failure> + Sync,
    progress: &Progress,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let batches: Vec<_> = jobs.chunks(1).collect();
    let convert = |job: &J| convert(job).map(Converted::from);
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
    let work = |batch: &&[J]| outcomes(batch, &file, &convert);
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
fn outcomes<J>(
    batch: &[J],
    file: impl Fn(&J) -> &InputFile,
    convert: impl Fn(&J) -> Result<Converted, Failure>,
) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes = Vec::with_capacity(batch.len());
    let (mut numbers, mut all) = (Vec::new(), Vec::new());
    for job in batch {
        let converted = ordered::caught(|| convert(job)).unwrap_or_else(|panicked| {
            let InputFile { path, is_given, .. } = file(job);
            Ok(Outcome::new(path, *is_given, State::Failed(panicked.to_string())).into())
        })?;
        if let Some(pending) = converted.pending {
            numbers.push(outcomes.len());
            all.push(pending);
        }
        outcomes.push(converted.outcome);
    }
    for (number, result) in numbers.into_iter().zip(Pending::put(all)) {
        if let Err(failure) = result {
            outcomes[number].state = State::Failed(failure.to_string());
        }
    }
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;

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

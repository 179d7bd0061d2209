//! Loop over files that each have an output of their own, or none: by several threads, and reported in order.

use crate::{
    error::Failure,
    files::walk::InputFile,
    io::progress::Progress,
    ordered::{self, Limits},
    report::{
        Report,
        outcome::{Outcome, State},
    },
};

/// Does `convert` on each job, and reports its outcome under the `file` of the job. A panic is the failure of that file.
pub(crate) fn convert_each<J: Sync>(
    jobs: &[J],
    threads: usize,
    file: impl Fn(&J) -> &InputFile,
    convert: impl Fn(&J) -> Result<Outcome, Failure> + Sync,
    progress: &Progress,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let mut done = 0;
    let limits = Limits { threads, ahead: jobs.len() };
    ordered::run(limits, jobs.iter(), convert, |outcome| {
        let file = file(&jobs[done]);
        done += 1;
        progress.files(done, jobs.len());
        match outcome {
            Ok(outcome) => report.add(&outcome?),
            Err(panicked) => report.add(&Outcome::new(&file.path, file.is_given, State::Failed(panicked.to_string()))),
        }
    })
}

//! Runs of the command that are ended by signals at random times, and started again.

use std::{
    path::{Path, PathBuf},
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use import::Result;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    figures, machine,
    trial::{self, Files, Job},
};

const JOBS: [Job; 8] = [
    trial::IN_PLACE,
    trial::BACKUP,
    trial::RENAME,
    trial::MIRROR,
    trial::RECORDS,
    trial::RESUMED,
    trial::PARQUET,
    trial::PARQUET_RESUMED,
];
const SIGNALS: [(&str, Signal); 4] =
    [("KILL", Signal::KILL), ("INT", Signal::INT), ("TERM", Signal::TERM), ("HUP", Signal::HUP)];
/// The files of a job, and the lines of each.
const FILES: usize = 40;
const LINES: usize = 1500;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many runs are ended
    #[arg(long, default_value_t = 200)]
    runs: usize,
    /// The beginning of the random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The command, rather than one that is built with all formats
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Write the counts into docs/reliability.md, as of this date
    #[arg(long, value_name = "DATE")]
    record: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { runs, seed, binary, record } = arguments;
    let table = trials(&trial::binary(binary.as_deref())?, *runs, *seed)?;
    let Some(date) = record else { return Ok(()) };
    let text = format!("{runs} runs with `--seed {seed}`. There was no fault.\n\n{table}");
    figures::record("cargo xtask kill", date, &machine::rustc("rustc")?, &text)
}

/// What was counted of a job.
#[derive(Default)]
struct Counts {
    runs: usize,
    stopped: usize,
    half: usize,
    lost: usize,
    /// Temporary files after SIGKILL, which are allowed, and after other signals, which are not.
    after_kill: usize,
    after_others: usize,
    refused: usize,
    different: usize,
}

impl Counts {
    fn faults(&self) -> usize {
        self.half + self.lost + self.after_others + self.refused + self.different
    }
}

/// Ends `runs` runs. Returns and prints a table; an error if anything is not as it should be.
pub(crate) fn trials(binary: &Path, runs: usize, seed: u64) -> Result<String> {
    let mut random = StdRng::seed_from_u64(seed);
    let folder = tempfile::tempdir()?;
    let mut trials = Vec::new();
    for job in JOBS {
        trials.push((Trial::new(binary, job, &folder.path().join("work"))?, Counts::default()));
    }
    for run in 0..runs {
        let job = run % trials.len();
        let (trial, counts) = &mut trials[job];
        trial.run(&mut random, counts).map_err(|error| format!("{}, run {run}: {error}", trial.job.name))?;
    }
    let mut table = "| job | runs | stopped within | half files | lost | left after KILL | left after others | \
                     restarts refused | restarts different |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for (trial, counts) in &trials {
        let Counts { runs, stopped, half, lost, after_kill, after_others, refused, different } = counts;
        let name = trial.job.name;
        table += &format!(
            "| {name} | {runs} | {stopped} | {half} | {lost} | {after_kill} | {after_others} | {refused} | {different} |\n"
        );
    }
    print!("{table}");
    match trials.iter().map(|(_, counts)| counts.faults()).sum() {
        0 if trials.iter().all(|(_, counts)| counts.stopped == 0) => Err("no run was stopped within".into()),
        0 => Ok(table),
        faults => Err(format!("{faults} faults (see above)").into()),
    }
}

/// A job, and its folder before and after a run that is not disturbed.
struct Trial<'t> {
    binary: &'t Path,
    job: Job,
    folder: PathBuf,
    before: Files,
    after: Files,
    status: ExitStatus,
    takes: Duration,
}

impl Trial<'_> {
    fn new<'t>(binary: &'t Path, job: Job, folder: &Path) -> Result<Trial<'t>> {
        let before = trial::inputs(job.kind, FILES, LINES)?;
        trial::lay_out(folder, &before)?;
        let begin = Instant::now();
        let output = trial::command(binary, folder, job.arguments).output()?;
        let takes = begin.elapsed();
        if !output.status.success() {
            return Err(format!("{} fails: {}", job.name, String::from_utf8_lossy(&output.stderr)).into());
        }
        let after = trial::read(folder)?;
        if after == before || after.keys().any(|path| trial::is_temporary(path)) {
            return Err(format!("{} changes nothing, or leaves temporary files", job.name).into());
        }
        Ok(Trial { binary, job, folder: folder.to_owned(), before, after, status: output.status, takes })
    }

    fn run(&self, random: &mut impl Rng, counts: &mut Counts) -> Result<()> {
        let (name, signal) = SIGNALS[random.random_range(0..SIGNALS.len())];
        let threads = ["1", "2", "16"][random.random_range(0..3)];
        let arguments = [&["-q", "-j", threads], self.job.arguments].concat();
        trial::lay_out(&self.folder, &self.before)?;
        let child = trial::command(self.binary, &self.folder, &arguments).spawn()?;
        let is_stopped = end(child, self.takes.mul_f64(random.random_range(0.0..1.1)), signal)?;
        counts.runs += 1;
        counts.stopped += usize::from(is_stopped);
        let found = trial::compare(&trial::read(&self.folder)?, &self.before, &self.after);
        for path in found.half.iter().chain(&found.lost) {
            eprintln!("{} after {name} with -j {threads}: {} is half or lost", self.job.name, path.display());
        }
        counts.half += found.half.len();
        counts.lost += found.lost.len();
        match signal {
            Signal::KILL => counts.after_kill += found.temporary,
            _ => counts.after_others += found.temporary,
        }
        self.restart(&arguments, counts)
    }

    fn restart(&self, arguments: &[&str], counts: &mut Counts) -> Result<()> {
        let output = trial::command(self.binary, &self.folder, arguments).output()?;
        if output.status != self.status {
            eprintln!("{}: the restart: {}", self.job.name, String::from_utf8_lossy(&output.stderr));
            counts.refused += 1;
            return Ok(());
        }
        let different = trial::differences(&trial::read(&self.folder)?, &self.after);
        for path in &different {
            eprintln!("{}: after the restart, {} differs", self.job.name, path.display());
        }
        counts.different += usize::from(!different.is_empty());
        Ok(())
    }
}

/// Sends a signal after a time. Returns whether it ended the process.
fn end(mut child: Child, after: Duration, signal: Signal) -> Result<bool> {
    thread::sleep(after);
    if child.try_wait()?.is_some() {
        return Ok(false);
    }
    kill_process(Pid::from_child(&child), signal)?;
    Ok(!child.wait_with_output()?.status.success())
}

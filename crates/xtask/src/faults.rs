//! Runs of the command under limits of the system: of file sizes, descriptors, threads and memory, small disks, and full
//! devices.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::ExitStatusExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output},
};

use import::Result;

use crate::{
    figures, machine,
    trial::{self, Files, Job},
};

/// The files of a job, and the lines of each: longer than the limits of file sizes.
const FILES: usize = 12;
const LINES: usize = 2000;
const JOBS: [Job; 4] = [trial::IN_PLACE, trial::BACKUP, trial::MIRROR, trial::RESUMED];
/// A user that has no processes: the limit of processes does not count for root.
const NOBODY: &str = "--reuid=65531 --regid=65531 --clear-groups";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The command, rather than one that is built with all formats
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Write the counts into docs/reliability.md, as of this date
    #[arg(long, value_name = "DATE")]
    record: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let table = trials(&trial::binary(arguments.binary.as_deref())?, true)?;
    let Some(date) = &arguments.record else { return Ok(()) };
    figures::record("cargo xtask faults", date, &machine::rustc("rustc")?, &format!("There was no fault.\n\n{table}"))
}

/// A limit, as a line of the shell in front of the command.
struct Limit {
    name: &'static str,
    lines: Vec<String>,
    /// Whether the process may be ended by it: then a temporary file may be left.
    may_abort: bool,
    /// Whether the user must be another one than root.
    of_user: bool,
}

fn limits(is_long: bool) -> Vec<Limit> {
    let lines = |limit: &str, long: &[u64], short: &[u64]| -> Vec<String> {
        (if is_long { long } else { short }).iter().map(|value| format!("ulimit {limit} {value}")).collect()
    };
    let limit = |name, lines| Limit { name, lines, may_abort: false, of_user: false };
    let memory: Vec<_> = (1..=20).map(|tens| tens * 20_000).collect();
    vec![
        limit("file size", lines("-f", &[0, 1, 4, 8, 16, 32, 64, 1000], &[0, 16])),
        limit("descriptors", lines("-n", &[4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 32], &[6, 12])),
        Limit { of_user: true, ..limit("threads", lines("-u", &[1, 2, 3, 6], &[1])) },
        // A stack that no system can give.
        limit("stacks of threads", vec!["export RUST_MIN_STACK=70368744177664".to_owned()]),
        Limit { may_abort: true, ..limit("memory", lines("-v", &memory, &[20_000, 60_000, 100_000])) },
    ]
}

/// What was counted under a limit.
#[derive(Default)]
struct Counts {
    runs: usize,
    done: usize,
    failed: usize,
    aborted: usize,
    left: usize,
    faults: usize,
}

/// Tries all limits, or some values of each. Returns and prints a table; an error if anything is not as it should be.
pub(crate) fn trials(binary: &Path, is_long: bool) -> Result<String> {
    let place = Place::new(binary)?;
    let mut faults = 0;
    let mut table = "| limit | runs | done | failed, status 3 | ended by it | temporary files then | faults |\n\
                     |---|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for limit in limits(is_long) {
        if limit.of_user {
            place.check_limit_of_user()?;
        }
        let mut counts = Counts::default();
        for job in JOBS {
            let before = trial::inputs(job.kind, FILES, LINES)?;
            trial::lay_out(&place.work, &before)?;
            let undisturbed = place.run("", job, false)?;
            if !undisturbed.status.success() {
                return Err(format!("{} fails without a limit: {}", job.name, said(&undisturbed)).into());
            }
            let after = trial::read(&place.work)?;
            for line in &limit.lines {
                trial::lay_out(&place.work, &before)?;
                let output = place.run(line, job, limit.of_user)?;
                let now = trial::read(&place.work)?;
                counts
                    .add(&limit, &output, &now, (&before, &after))
                    .map_err(|why| format!("{line}, {}: {why}", job.name))
                    .unwrap_or_else(|why| eprintln!("{why}"));
            }
        }
        let Counts { runs, done, failed, aborted, left, faults: found } = counts;
        table += &format!("| {} | {runs} | {done} | {failed} | {aborted} | {left} | {found} |\n", limit.name);
        faults += found;
    }
    match place.small_disks(is_long)? {
        Some(Counts { runs, done, failed, faults: found, .. }) => {
            table += &format!("| small disk | {runs} | {done} | {failed} | | | {found} |\n");
            faults += found;
        }
        None => table += "| small disk | skipped: `unshare` may mount no tmpfs here | | | | | |\n",
    }
    let (tried, found) = place.full_devices()?;
    table += &format!("| full device | {tried} | | {tried} | | | {found} |\n");
    faults += found;
    print!("{table}");
    if faults == 0 { Ok(table) } else { Err(format!("{faults} faults (see above)").into()) }
}

impl Counts {
    fn add(&mut self, limit: &Limit, output: &Output, now: &Files, (before, after): (&Files, &Files)) -> Result<()> {
        self.runs += 1;
        let found = trial::compare(now, before, after);
        let has_ended = limit.may_abort
            && output.status.signal().or(output.status.code().map(|code| code - 128)).is_some_and(is_end);
        // Too little for the loader of programs: the command has not begun.
        let has_not_begun = output.status.code() == Some(127) && now == before;
        let result = match output.status.code() {
            _ if !found.half.is_empty() || !found.lost.is_empty() => Err("a file is half or lost"),
            _ if said(output).contains("panicked") => Err("a panic"),
            _ if has_ended || has_not_begun => {
                self.aborted += 1;
                self.left += found.temporary;
                return Ok(());
            }
            _ if found.temporary > 0 => Err("a temporary file is left"),
            Some(0) if trial::differences(now, after).is_empty() => {
                self.done += 1;
                return Ok(());
            }
            Some(0) => Err("status 0, but not all is done"),
            Some(3) => {
                self.failed += 1;
                return Ok(());
            }
            _ => Err("a status that is neither 0 nor 3"),
        };
        self.faults += 1;
        result.map_err(|why| format!("{why} ({}): {}", output.status, said(output)).into())
    }
}

/// Whether this is a signal by which a process without memory ends: SIGABRT, SIGBUS, SIGSEGV.
fn is_end(signal: i32) -> bool {
    [6, 7, 11].contains(&signal)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder that other users may use, too, and the command in it.
struct Place {
    _folder: tempfile::TempDir,
    binary: PathBuf,
    work: PathBuf,
    is_root: bool,
}

impl Place {
    fn new(binary: &Path) -> Result<Place> {
        let folder = tempfile::tempdir()?;
        let path = folder.path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
        fs::copy(binary, path.join("fanjian"))?;
        let is_root = fs::metadata(path)?.uid() == 0;
        Ok(Place { binary: path.join("fanjian"), work: path.join("work"), is_root, _folder: folder })
    }

    fn shell(&self, line: &str, as_nobody: bool) -> Result<Output> {
        let mut shell = match as_nobody && self.is_root {
            true => {
                let mut shell = Command::new("setpriv");
                shell.args(NOBODY.split(' ')).arg("bash");
                shell
            }
            false => Command::new("bash"),
        };
        Ok(shell
            .args(["-c", line])
            .env("F", &self.binary)
            .output()
            .map_err(|error| format!("setpriv, bash: {error}"))?)
    }

    /// Does a job in the folder of work, under a limit.
    fn run(&self, limit: &str, job: Job, as_nobody: bool) -> Result<Output> {
        if as_nobody && self.is_root {
            let opened = Command::new("chmod").args(["-R", "a+rwX"]).arg(&self.work).status()?;
            if !opened.success() {
                return Err("chmod fails".into());
            }
        }
        let arguments = job.arguments.join(" ");
        self.shell(
            &format!(
                "cd '{}' && {{ {}; }} && exec $F -q -j 4 {arguments}",
                self.work.display(),
                if limit.is_empty() { ":" } else { limit }
            ),
            as_nobody,
        )
    }

    /// An error if this machine does not impose a limit of processes.
    fn check_limit_of_user(&self) -> Result<()> {
        let output = self.shell("ulimit -u 1; /bin/true | /bin/true; echo begun", true)?;
        match output.status.success() && said(&output).is_empty() {
            true => Err("a limit of processes (ulimit -u) cannot be imposed on this machine".into()),
            false => Ok(()),
        }
    }

    /// Does jobs on a disk with space for some more files, which is a tmpfs. None if none can be mounted here.
    fn small_disks(&self, is_long: bool) -> Result<Option<Counts>> {
        const PAGE: usize = 4096;
        fs::create_dir_all(&self.work)?;
        let mounted = self.in_namespace("mount -t tmpfs -o size=1m none \"$W\"")?;
        if !mounted.status.success() {
            eprintln!("small disk: skipped: {}", said(&mounted).trim());
            return Ok(None);
        }
        let folder = self.work.with_file_name("before");
        let limit = Limit { name: "small disk", lines: Vec::new(), may_abort: false, of_user: false };
        let mut counts = Counts::default();
        // In halves of a file.
        let spaces: &[usize] = if is_long { &[0, 1, 3, 4, 6, 8, 12, 16, 23] } else { &[1, 3] };
        for job in [trial::IN_PLACE, trial::RECORDS, trial::BACKUP, trial::MIRROR, trial::RESUMED] {
            let before = trial::inputs(job.kind, FILES, LINES)?;
            trial::lay_out(&self.work, &before)?;
            self.run("", job, false)?;
            let after = trial::read(&self.work)?;
            trial::lay_out(&folder, &before)?;
            let pages = |contents: &Vec<u8>| contents.len().div_ceil(PAGE);
            let (all, most) =
                (before.values().map(pages).sum::<usize>(), before.values().map(pages).max().unwrap_or(0));
            // With one thread, files wait for the others of their batch.
            for (space, threads) in spaces.iter().flat_map(|space| [(space, 1), (space, 4)]) {
                let now = self.work.with_file_name("after");
                for folder in [&self.work, &now] {
                    trial::lay_out(folder, &Files::new())?;
                    fs::create_dir_all(folder)?;
                }
                let (size, arguments) = ((all + most * space / 2) * PAGE, job.arguments.join(" "));
                let line = format!(
                    "mount -t tmpfs -o size={size} none \"$W\" && cp -r \"$W\"/../before/. \"$W\" || exit 99; cd \"$W\"; \
                     $F -q -j {threads} {arguments}; status=$?; cp -r \"$W\"/. \"$W\"/../after || exit 99; exit $status"
                );
                let output = self.in_namespace(&line)?;
                let is_to_fit = job.name == trial::IN_PLACE.name && *space > 2;
                let result = match output.status.code() {
                    Some(99) => return Err(format!("small disk: {}", said(&output)).into()),
                    // Replaced one at a time, each file has the space of the one before.
                    code if is_to_fit && code != Some(0) => {
                        (counts.runs, counts.faults) = (counts.runs + 1, counts.faults + 1);
                        Err(format!("what fits one file at a time fails: {}", said(&output)).into())
                    }
                    _ => counts.add(&limit, &output, &trial::read(&now)?, (&before, &after)),
                };
                if let Err(why) = result {
                    eprintln!("space for {space} halves of a file, -j {threads}, {}: {why}", job.name);
                }
            }
        }
        Ok(Some(counts))
    }

    /// Runs a line of the shell that may mount file systems, which nobody else sees. `$W` is the folder of work.
    fn in_namespace(&self, line: &str) -> Result<Output> {
        let mut unshare = Command::new("unshare");
        unshare.args(["-rm", "bash", "-c", line]).env("F", &self.binary).env("W", &self.work);
        Ok(unshare.output().map_err(|error| format!("unshare: {error}"))?)
    }

    /// Writes to devices that are full. Returns the number of runs and of faults.
    fn full_devices(&self) -> Result<(usize, usize)> {
        trial::lay_out(&self.work, &trial::inputs(trial::Kind::Text, 3, 100)?)?;
        let mut faults = 0;
        let lines = [
            ("$F -c s2t in > /dev/full", 3),
            ("$F -c s2t in/*/*.txt > /dev/full", 3),
            ("$F -c s2t --check --format json in > /dev/full", 3),
            ("cat in/*/* | $F > /dev/full", 3),
            ("$F -c s2t --check in > /dev/null 2> /dev/full", 1),
            ("$F --version > /dev/full", 3),
        ];
        for (line, status) in lines {
            let output = self.shell(&format!("cd '{}'; {line}", self.work.display()), false)?;
            if output.status.code() != Some(status) {
                eprintln!("{line}: {}, and not {status}: {}", output.status, said(&output));
                faults += 1;
            }
        }
        Ok((lines.len(), faults))
    }
}

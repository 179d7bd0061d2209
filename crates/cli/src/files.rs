//! Files and folders of them, converted: what is found, where each goes, and the work on each.

use std::{
    collections::HashMap,
    fs::{self, File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use fanjian::Converter;

use crate::{
    arguments::{Arguments, Format},
    changes,
    encodings::{self, Encoding},
    find::{self, Found, Tree, is_stdin},
    output::Output,
    progress::Progress,
    report::{Outcome, Report, State},
    run::Failure,
    settings::{Finder, Local},
    transform::Transform,
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;
/// Converted text is kept in memory up to so many bytes, until it is known whether the file changes at all.
const KEPT: usize = 4 * 1024 * 1024;
/// To be shown what changes, a file is held in memory: up to so many bytes.
const SHOWN: u64 = 256 * 1024 * 1024;

/// What is done to one file.
struct Job {
    found: Found,
    local: Arc<Local>,
    /// Where its text goes, if not into itself or to standard output.
    destination: Option<PathBuf>,
}

/// Converts what the paths mean. Gives whether a file failed, or would change where that was asked.
pub(crate) fn run(arguments: &Arguments, paths: &[PathBuf]) -> Result<bool, Failure> {
    let files = &arguments.files;
    let look = arguments.look.only();
    let writes_stdout = !look && !files.in_place && files.output_dir.is_none();
    if let Some(stdin) =
        paths.iter().find(|path| is_stdin(path)).filter(|_| files.in_place || files.output_dir.is_some())
    {
        let message =
            format!("{}: standard input has no file to write: leave out --in-place and --output-dir", stdin.display());
        return Err(Failure::new(message));
    }
    let tree = find::find(&files.choice, files.output_dir.as_deref(), paths)?;
    let mut finder = Finder::new(arguments, true);
    let jobs = plan(arguments, &tree, &mut finder)?;
    let renames = if files.rename && files.in_place { renames(&tree, &mut finder)? } else { Vec::new() };

    let sizes = jobs.iter().map(|job| fs::metadata(&job.found.path).map_or(0, |metadata| metadata.len()));
    let is_bar_shown = !arguments.manners.no_progress && !arguments.manners.quiet && !writes_stdout;
    let progress = Progress::new(Some(sizes.sum()), is_bar_shown);
    let mut report = Report::new(arguments, &progress, look);
    for (path, message) in &tree.failures {
        report.tell(&Outcome::new(path, true, State::Failed(message.clone())))?;
    }
    if writes_stdout {
        let mut output = Output::open(None)?;
        for job in &jobs {
            let outcome = convert(arguments, job, Some(&mut output), &progress)?;
            output.flush()?;
            report.tell(&outcome)?;
        }
        output.finish()?;
    } else {
        let threads = threads(arguments.manners.threads.unwrap_or(0));
        in_parallel(
            &jobs,
            threads,
            |job| convert(arguments, job, None, &progress),
            |done, outcome| {
                progress.files(done, jobs.len());
                report.tell(&outcome?)
            },
        )?;
    }
    if !look {
        for (from, to) in renames {
            if let Err(message) = rename(&from, &to) {
                report.tell(&Outcome::new(&from, true, State::Failed(message)))?;
            }
        }
    } else if arguments.look.dry_run && arguments.look.format == Format::Text {
        for (from, to) in renames {
            println!("{} -> {}: would be renamed", from.display(), to.display());
        }
    }
    let is_bad = report.is_bad();
    report.finish(!writes_stdout)?;
    Ok(is_bad)
}

/// How many threads that is, where 0 is as many as the machine can run at once.
pub(crate) fn threads(number: u16) -> usize {
    match number {
        0 => thread::available_parallelism().map_or(1, usize::from),
        number => number.into(),
    }
}

/// Does the work on each job, by so many threads, and tells the results in the order of the jobs.
pub(crate) fn in_parallel<J: Sync, R: Send>(
    jobs: &[J],
    threads: usize,
    work: impl Fn(&J) -> R + Sync,
    mut tell: impl FnMut(usize, R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..threads.min(jobs.len()).max(1) {
            let send = send.clone();
            scope.spawn(|| {
                let send = send;
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(job) = jobs.get(index)
                    && send.send((index, work(job))).is_ok()
                {}
            });
        }
        drop(send);
        // Those that were done before an earlier one.
        let mut early = HashMap::new();
        let mut told = 0;
        for (index, result) in receive {
            early.insert(index, result);
            while let Some(result) = early.remove(&told) {
                told += 1;
                tell(told, result)?;
            }
        }
        Ok(())
    })
}

/// The work to do, where no two files go to the same place.
fn plan(arguments: &Arguments, tree: &Tree, finder: &mut Finder<'_>) -> Result<Vec<Job>, Failure> {
    let mut jobs = Vec::new();
    let mut destinations = Destinations::default();
    for found in &tree.files {
        let local = finder.find((!is_stdin(&found.path)).then_some(&found.path))?;
        // Old contents that were kept are no text to convert, and to lose.
        let is_kept = |suffix: &String| found.path.as_os_str().as_encoded_bytes().ends_with(suffix.as_bytes());
        let is_taken = local.takes(&found.path) && !arguments.files.backup.as_ref().is_some_and(is_kept);
        if !found.is_given && !is_taken {
            continue;
        }
        let files = &arguments.files;
        let destination = match &files.output_dir {
            Some(folder) => {
                let below = &found.below;
                let below = if files.rename { converted_path(&local.settings.converter, below) } else { below.clone() };
                Some(destinations.take(&found.path, folder.join(below))?)
            }
            None => None,
        };
        jobs.push(Job { found: found.clone(), local, destination });
    }
    Ok(jobs)
}

/// Where files go, and which one to each place.
#[derive(Default)]
pub(crate) struct Destinations(HashMap<PathBuf, PathBuf>);

impl Destinations {
    /// Gives the destination back, if the file may go there.
    pub(crate) fn take(&mut self, path: &Path, destination: PathBuf) -> Result<PathBuf, Failure> {
        let name = destination.display();
        if let Some(other) = self.0.insert(destination.clone(), path.to_owned()) {
            return Err(Failure::new(format!(
                "{} and {} would both be written to {name}: nothing was done",
                other.display(),
                path.display(),
            )));
        }
        if same_file::is_same_file(&destination, path).unwrap_or(false) {
            return Err(Failure::new(format!(
                "{name} is both input and output: --in-place is for that; nothing was done"
            )));
        }
        Ok(destination)
    }
}

/// A path with the names in it converted, as far as they are UTF-8.
fn converted_path(converter: &Converter, path: &Path) -> PathBuf {
    path.iter()
        .map(|name| name.to_str().map_or(name.to_owned(), |name| converter.convert(name).as_ref().into()))
        .collect()
}

/// What to rename, in an order in which each is there still: files, and then folders, those in folders first.
fn renames(tree: &Tree, finder: &mut Finder<'_>) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
    let mut renames: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut taken: HashMap<PathBuf, PathBuf> = HashMap::new();
    let files = tree.files.iter().map(|found| &found.path);
    for path in files.chain(tree.folders.iter().rev()) {
        let local = finder.find(Some(path))?;
        let Some(name) = path.file_name() else { continue };
        let to = path.with_file_name(converted_path(&local.settings.converter, Path::new(name)));
        if to == *path {
            continue;
        }
        let other = taken.insert(to.clone(), path.clone());
        if other.is_some() || to.symlink_metadata().is_ok() {
            let why = other
                .map_or("is there already".to_owned(), |other| format!("is what {} becomes, too", other.display()));
            return Err(Failure::new(format!(
                "{} would be renamed, but {} {why}: nothing was done",
                path.display(),
                to.display()
            )));
        }
        renames.push((path.clone(), to));
    }
    Ok(renames)
}

/// Renames, but never over what has come there since.
fn rename(from: &Path, to: &Path) -> Result<(), String> {
    let fail = |error: io::Error| format!("cannot rename it to {}: {error}", to.display());
    if from.is_dir() || fs::hard_link(from, to).is_err() {
        if to.symlink_metadata().is_ok() {
            return Err(format!("cannot rename it to {}, which is there already", to.display()));
        }
        return fs::rename(from, to).map_err(fail);
    }
    fs::remove_file(from).map_err(fail)
}

/// Where the converted text of a file goes.
enum Sink<'o> {
    Nowhere,
    Stdout(&'o mut Output),
    File(Box<Replacement>),
}

/// A file to be written when it is known to change, or to be long.
struct Replacement {
    path: PathBuf,
    /// The file that it replaces.
    old: Option<Metadata>,
    /// Whether it is written if nothing changes, too.
    always: bool,
    backup: Option<PathBuf>,
    kept: Vec<u8>,
    output: Option<Output>,
}

impl Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Sink::Nowhere => Ok(()),
            Sink::Stdout(output) => output.write(bytes),
            Sink::File(file) => {
                file.kept.extend_from_slice(bytes);
                if file.kept.len() > KEPT { file.flush() } else { Ok(()) }
            }
        }
    }
}

impl Replacement {
    fn flush(&mut self) -> Result<(), Failure> {
        let open = || -> Result<Output, Failure> {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder).map_err(|error| Failure::io("make the folder", folder.display(), &error))?;
            }
            let mut output = Output::open_file(&self.path)?;
            if let Some(old) = &self.old {
                output.keep_times(old);
            }
            Ok(output)
        };
        let output = match self.output.take() {
            Some(output) => self.output.insert(output),
            None => self.output.insert(open()?),
        };
        output.write(&self.kept)?;
        self.kept.clear();
        Ok(())
    }

    fn finish(mut self, is_changed: bool) -> Result<(), Failure> {
        if !is_changed && !self.always {
            return Ok(());
        }
        self.flush()?;
        if let Some(backup) = &self.backup {
            keep(&self.path, backup)?;
        }
        self.output.map_or(Ok(()), Output::finish)
    }
}

/// Copies a file as it is.
pub(crate) fn keep(path: &Path, backup: &Path) -> Result<(), Failure> {
    let fail = |error: &io::Error| Failure::io("read", path.display(), error);
    let mut file = File::open(path).map_err(|error| fail(&error))?;
    let metadata = file.metadata().map_err(|error| fail(&error))?;
    let mut output = Output::open_file(backup)?;
    output.keep_times(&metadata);
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece).map_err(|error| fail(&error))? {
            0 => break,
            read => output.write(&piece[..read])?,
        }
    }
    output.finish()?;
    fs::set_permissions(backup, metadata.permissions()).map_err(|error| Failure::io("write", backup.display(), &error))
}

/// Whether what is written is what was read, of which both come in pieces.
#[derive(Default)]
struct Comparison {
    /// What was read, but not written yet.
    read: Vec<u8>,
    at: usize,
    differs: bool,
}

impl Comparison {
    fn read(&mut self, bytes: &[u8]) {
        if !self.differs {
            self.read.drain(..self.at);
            self.at = 0;
            self.read.extend_from_slice(bytes);
        }
    }

    fn written(&mut self, bytes: &[u8]) {
        self.differs |= !self.read[self.at..].starts_with(bytes);
        self.at += bytes.len();
        if self.differs {
            (self.read, self.at) = (Vec::new(), 0);
        }
    }

    fn is_changed(&self) -> bool {
        self.differs || self.at < self.read.len()
    }
}

fn convert(
    arguments: &Arguments,
    job: &Job,
    stdout: Option<&mut Output>,
    progress: &Progress,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::new(&job.found.path, job.found.is_given, State::Unchanged);
    outcome.destination.clone_from(&job.destination);
    outcome.state = match convert_to(arguments, job, stdout, progress, &mut outcome) {
        Ok(state) => state,
        // Nobody reads what is written: there is no use in going on.
        Err(failure) if failure.is_broken_pipe() => return Err(failure),
        Err(failure) => State::Failed(failure.to_string()),
    };
    Ok(outcome)
}

fn convert_to(
    arguments: &Arguments,
    job: &Job,
    stdout: Option<&mut Output>,
    progress: &Progress,
    outcome: &mut Outcome,
) -> Result<State, Failure> {
    let path = &job.found.path;
    let look = &arguments.look;
    let cannot_read = |error: io::Error| Failure::new(format!("cannot read it: {error}"));
    let (mut file, before): (Box<dyn Read>, _) = if is_stdin(path) {
        (Box::new(io::stdin().lock()), None)
    } else {
        let before = fs::metadata(path).map_err(cannot_read)?;
        if !before.is_file() && (arguments.files.in_place || job.destination.is_some()) {
            return Err(Failure::new("it is no regular file, and cannot be replaced"));
        }
        (Box::new(File::open(path).map_err(cannot_read)?), Some(before))
    };

    let mut piece = Vec::new();
    file.by_ref().take(encodings::HEAD as u64).read_to_end(&mut piece).map_err(cannot_read)?;
    let is_whole = piece.len() < encodings::HEAD;
    let found = encodings::find(&piece, is_whole, job.local.from);
    if found.is_binary && !arguments.files.choice.text {
        return Ok(State::Skipped("binary"));
    }
    outcome.encoding = Some(found);

    let mut settings = job.local.settings.clone();
    let is_file = arguments.files.in_place || arguments.files.output_dir.is_some();
    if !is_file && !look.only() {
        settings.to.get_or_insert(Encoding::UTF_8);
    }
    let mut transform = Transform::new(&settings, found);
    let shows = look.diff || (look.only() && look.format != Format::Text);
    if shows {
        if before.as_ref().is_some_and(|metadata| metadata.len() > SHOWN) {
            return Err(Failure::new(format!(
                "longer than {} MiB: --check and --dry-run go without what changes",
                SHOWN >> 20
            )));
        }
        transform.seen = Some(Default::default());
    }
    let mut sink = match stdout {
        Some(output) => Sink::Stdout(output),
        None if look.only() => Sink::Nowhere,
        None => Sink::File(Box::new(Replacement {
            path: job.destination.clone().unwrap_or_else(|| path.clone()),
            old: before.clone().filter(|_| job.destination.is_none()),
            always: job.destination.is_some(),
            backup: arguments.files.backup.as_ref().map(|suffix| {
                let mut name = path.clone().into_os_string();
                name.push(suffix);
                name.into()
            }),
            kept: Vec::new(),
            output: None,
        })),
    };

    let mut comparison = Comparison::default();
    let mut converted = Vec::new();
    loop {
        let is_last = piece.is_empty();
        progress.bytes(piece.len() as u64);
        comparison.read(&piece);
        let result = transform.push(&piece, is_last, &mut converted);
        comparison.written(&converted);
        sink.write(&converted)?;
        converted.clear();
        result.map_err(Failure::new)?;
        if is_last {
            break;
        }
        piece.clear();
        file.by_ref().take(PIECE as u64).read_to_end(&mut piece).map_err(cannot_read)?;
    }
    if let Some(before) = before.filter(Metadata::is_file) {
        let after = fs::metadata(path).map_err(cannot_read)?;
        if before.len() != after.len() || before.modified().ok() != after.modified().ok() {
            return Err(Failure::new("it changed while it was read, and is left as it is"));
        }
    }
    outcome.cleaned = transform.cleaned();
    if outcome.cleaned.as_ref().is_some_and(|found| found.is_dropped) {
        return Ok(State::Dropped);
    }
    let is_changed = comparison.is_changed();
    if let Some((old, new)) = transform.seen.take().filter(|_| is_changed) {
        let (old, new) = (String::from_utf8_lossy(&old), String::from_utf8_lossy(&new));
        if look.diff && look.format == Format::Text {
            outcome.diff = changes::diff(&old, &new, &path.display().to_string());
        } else {
            outcome.changes = changes::changes(&old, &new);
        }
    }
    if let Sink::File(file) = sink {
        file.finish(is_changed)?;
    }
    Ok(if is_changed { State::Changed } else { State::Unchanged })
}

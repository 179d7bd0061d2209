//! The loop over targets: seeds, random inputs, changed seeds; faults are caught, made smaller and written to files.

use std::{
    cell::Cell,
    collections::BTreeMap,
    error::Error,
    fmt::Write,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;
use measure::grouped;

use crate::{TARGETS, Target, corpus, corpus::folder, mutate};

/// The longest time of one execution.
const LONGEST: Duration = Duration::from_secs(10);

/// What to run.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Stop after this number of seconds
    #[arg(long)]
    pub seconds: Option<u64>,
    /// Stop after this number of executions, of all targets together
    #[arg(long)]
    pub executions: Option<usize>,
    /// Run this target alone; several times for several ones
    #[arg(long = "target")]
    pub targets: Vec<String>,
    /// The seed of the random inputs
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The number of threads
    #[arg(long, default_value_t = 1)]
    pub jobs: usize,
}

/// The result for a target.
#[derive(Clone, Debug, Default)]
struct Tally {
    executions: usize,
    time: Duration,
    faults: usize,
}

/// What a thread is doing.
type Current = Mutex<Option<(&'static str, Instant, Vec<u8>)>>;

thread_local! {
    /// Whether a panic of this thread is expected, and not printed.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs the targets, and returns a table of the executions in Markdown.
///
/// # Errors
///
/// A target has found a fault, which is printed and written to `fuzz/artifacts`; an unknown target; a seed that cannot be read.
pub fn run(options: &Options) -> Result<String, Box<dyn Error>> {
    let targets = chosen(&options.targets)?;
    let mut seeds = BTreeMap::new();
    for target in &targets {
        seeds.insert(target.name, corpus(target.name)?);
    }
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !IS_QUIET.get() {
            hook(info);
        }
    }));
    let begun = Instant::now();
    let is_late = || options.seconds.is_some_and(|seconds| begun.elapsed() >= Duration::from_secs(seconds));
    let is_over = |done: usize| is_late() || options.executions.is_some_and(|most| done >= most);
    let tallies: Mutex<BTreeMap<&str, Tally>> = Mutex::default();
    let (next, done, is_ended) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let current: Vec<Current> = (0..options.jobs.max(1)).map(|_| Mutex::default()).collect();
    thread::scope(|scope| {
        let (is_late, is_over) = (&is_late, &is_over);
        let work = |current: &Current| {
            loop {
                let unit = next.fetch_add(1, Ordering::Relaxed);
                let (round, target) = (unit / targets.len(), targets[unit % targets.len()]);
                // The first round has all seeds of all targets.
                if round > 0 && is_over(done.load(Ordering::Relaxed)) {
                    return;
                }
                let tally = batch(target, round, options, &seeds[target.name], current, is_late);
                done.fetch_add(tally.executions, Ordering::Relaxed);
                let mut tallies = lock(&tallies);
                let all = tallies.entry(target.name).or_default();
                all.executions += tally.executions;
                all.time += tally.time;
                all.faults += tally.faults;
                if all.faults > 0 {
                    return;
                }
            }
        };
        let workers: Vec<_> = current.iter().map(|current| scope.spawn(move || work(current))).collect();
        let (is_ended, current) = (&is_ended, &current);
        scope.spawn(move || watch(current, is_ended));
        for worker in workers {
            // A panic in the loop itself has been printed, and ends the program with this one.
            worker.join().expect("a thread of the loop");
        }
        is_ended.store(true, Ordering::Relaxed);
    });
    let tallies = tallies.into_inner().unwrap_or_else(PoisonError::into_inner);
    let faults: usize = tallies.values().map(|tally| tally.faults).sum();
    if faults > 0 {
        return Err(format!("{faults} inputs with a fault (see above), with --seed {}", options.seed).into());
    }
    Ok(table(&targets, &tallies))
}

fn chosen(names: &[String]) -> Result<Vec<Target>, String> {
    if names.is_empty() {
        return Ok(TARGETS.to_vec());
    }
    let find = |name: &String| TARGETS.iter().find(|target| target.name == *name).copied();
    let known: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    let unknown = |name: &String| format!("unknown target '{name}'; expected one of {}", known.join(", "));
    names.iter().map(|name| find(name).ok_or_else(|| unknown(name))).collect()
}

/// Runs a target as often as it has weight, or until it is late; in the first round, on all its seeds before.
fn batch(
    target: Target,
    round: usize,
    options: &Options,
    seeds: &[Vec<u8>],
    current: &Current,
    is_late: &dyn Fn() -> bool,
) -> Tally {
    let mut hasher = DefaultHasher::new();
    (options.seed, round, target.name).hash(&mut hasher);
    let mut rng = Rng::with_seed(hasher.finish());
    let is_file = target.name == "parquet";
    let (mut tally, begun) = (Tally::default(), Instant::now());
    let replayed = if round == 0 { seeds } else { &[] };
    for number in 0..replayed.len() + target.weight {
        if number >= replayed.len() && is_late() {
            break;
        }
        let input = match replayed.get(number) {
            Some(seed) => seed.clone(),
            None => mutate::input(&mut rng, seeds, target.longest, is_file),
        };
        *lock(current) = Some((target.name, Instant::now(), input.clone()));
        let is_fault = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err();
        *lock(current) = None;
        tally.executions += 1;
        if is_fault {
            tally.faults += 1;
            eprintln!("{}: a fault in round {round} with --seed {}", target.name, options.seed);
            IS_QUIET.set(true);
            let fails = |bytes: &[u8]| panic::catch_unwind(AssertUnwindSafe(|| (target.run)(bytes))).is_err();
            let smaller = mutate::minimize(input, fails);
            IS_QUIET.set(false);
            eprintln!("{}: of {} bytes: {:?}", target.name, smaller.len(), String::from_utf8_lossy(&smaller));
            // Again, for its message.
            let _ = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&smaller)));
            keep(target.name, &smaller);
            break;
        }
    }
    tally.time = begun.elapsed();
    tally
}

/// Writes an input to the folder of artifacts.
fn keep(target: &str, input: &[u8]) {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let path: PathBuf = folder().join("artifacts").join(target).join(format!("{:016x}", hasher.finish()));
    let written = fs::create_dir_all(path.with_file_name("")).and_then(|()| fs::write(&path, input));
    match written {
        Ok(()) => eprintln!("{target}: written to {}", path.display()),
        Err(error) => eprintln!("{target}: cannot write {}: {error}", path.display()),
    }
}

/// Ends the process if an execution hangs.
fn watch(current: &[Current], is_ended: &AtomicBool) {
    while !is_ended.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(200));
        for current in current {
            let current = lock(current);
            if let Some((target, since, input)) = &*current
                && since.elapsed() > LONGEST
            {
                eprintln!("{target}: no end after {LONGEST:?}");
                keep(target, input);
                std::process::exit(1);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn table(targets: &[Target], tallies: &BTreeMap<&str, Tally>) -> String {
    let mut table = "| target | what is checked | executions | per second |\n|---|---|---|---|\n".to_owned();
    let mut sum = 0;
    for target in targets {
        let tally = tallies.get(target.name).cloned().unwrap_or_default();
        sum += tally.executions;
        let rate = tally.executions as f64 / tally.time.as_secs_f64().max(1e-9);
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {} |",
            target.name,
            target.description,
            grouped(tally.executions as f64),
            grouped(rate.round())
        );
    }
    let _ = writeln!(table, "| all | | {} | |", grouped(sum as f64));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_target_is_an_error_with_all_names() {
        let error = chosen(&["streem".to_owned()]).unwrap_err();
        assert!(error.starts_with("unknown target 'streem'; expected one of dictionary, "), "{error}");
        assert_eq!(chosen(&[]).unwrap().len(), TARGETS.len());
    }

    #[test]
    fn a_fault_is_counted() {
        let target = Target {
            name: "a test",
            description: "",
            run: |bytes| assert!(bytes.len() < 9),
            weight: 1000,
            longest: 10,
        };
        let options = Options { seconds: None, executions: None, targets: Vec::new(), seed: 1, jobs: 1 };
        IS_QUIET.set(true);
        let tally = batch(target, 1, &options, &[], &Mutex::default(), &|| false);
        assert_eq!(tally.faults, 1);
        assert!(tally.executions < 1000);
        fs::remove_dir_all(folder().join("artifacts/a test")).unwrap();
        assert_eq!(batch(Target { run: |_| {}, ..target }, 1, &options, &[], &Mutex::default(), &|| false).faults, 0);
    }
}

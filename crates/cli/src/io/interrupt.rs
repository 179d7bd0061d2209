//! Interruption by a signal: temporary files go away, and every file is the old one or the new one.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

/// The temporary files that are removed if the process is interrupted.
pub(crate) type Known = BTreeSet<PathBuf>;

/// The temporary files there are.
static TEMPORARY: Mutex<Known> = Mutex::new(BTreeSet::new());

fn temporary() -> MutexGuard<'static, Known> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Creates a temporary file by `work`, to be removed if the process is interrupted. `path` is where it is.
///
/// It is created under the lock that an interruption takes and keeps: none is created after that, or is not known.
pub(crate) fn create<T>(work: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<T> {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(signals::handle);
    let mut files = temporary();
    let created = work()?;
    files.insert(path(&created).to_owned());
    Ok(created)
}

/// Ends the life of temporary files by `work`, which is not interrupted, and takes them out of the known ones.
pub(crate) fn undisturbed<T>(work: impl FnOnce(&mut Known) -> T) -> T {
    work(&mut temporary())
}

/// Removes all temporary files, and ends the process.
fn end(signal: i32) -> ! {
    // Held to the end: no file is created or replaced now.
    let files = temporary();
    for file in files.iter() {
        let _ = fs::remove_file(file);
    }
    // There is no other way out of a handler. The status is the one that shells give to an end by a signal.
    #[expect(clippy::exit)]
    process::exit(128 + signal)
}

#[cfg(unix)]
mod signals {
    use std::{
        fs,
        sync::{Arc, mpsc},
        thread,
    };

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ},
        flag,
        iterator::Signals,
    };

    /// Has the signals that end a process remove the temporary files first.
    ///
    /// Without another thread there is no handler: then an interruption leaves temporary files, and nothing else.
    pub(super) fn handle() {
        // With a handler, even one that does nothing, a file that grows over a limit is an error of that file.
        let _ = flag::register(SIGXFSZ, Arc::default());
        let ignored = ignored();
        let signals: Vec<_> = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|&signal| !ignored(signal)).collect();
        let (ready, is_ready) = mpsc::sync_channel(1);
        let started = thread::Builder::new().name("signals".to_owned()).spawn(move || {
            // The thread is there first: a signal that is caught must not wait for one that cannot be started.
            let signals = Signals::new(signals);
            let _ = ready.send(());
            if let Ok(mut signals) = signals
                && let Some(signal) = signals.forever().next()
            {
                super::end(signal);
            }
        });
        if started.is_ok() {
            let _ = is_ready.recv();
        }
    }

    /// Which signals were ignored when the process was started, as `nohup` has it: they stay so. Known on Linux alone.
    fn ignored() -> impl Fn(i32) -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        move |signal| mask >> (signal - 1) & 1 == 1
    }
}

#[cfg(not(unix))]
mod signals {
    /// SIGINT.
    const INTERRUPT: i32 = 2;

    pub(super) fn handle() {
        // Without a handler, a temporary file may be left, and nothing else.
        let _ = ctrlc::set_handler(|| super::end(INTERRUPT));
    }
}

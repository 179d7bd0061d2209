//! Progress bar, for long work on a terminal.

use std::{
    io::{self, IsTerminal},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::messages::{message, text};

/// Shorter work shows no bar.
const WAIT: Duration = Duration::from_secs(1);
/// How often work without a known progress shows that it goes on.
const TICK: Duration = Duration::from_millis(100);

/// How much is done, of bytes and of files.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// When the work began, as long as there is no bar. None where there will not be one.
    hidden_since: Mutex<Option<Instant>>,
}

impl Progress {
    /// For work of this many bytes, if that is known.
    pub(crate) fn new(bytes: Option<u64>, is_shown: bool) -> Progress {
        let bar = match bytes {
            Some(bytes) => ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden()),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        };
        let template = match bytes {
            Some(_) => text("{bar:24} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left{msg}"),
            None => "{spinner} {bytes}, {bytes_per_sec}{msg}".to_owned(),
        };
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        let is_shown = is_shown && io::stderr().is_terminal();
        Progress { bar, hidden_since: Mutex::new(is_shown.then(Instant::now)) }
    }

    /// For work whose progress is not known: it shows what is done, such as `cleaning`, and for how long.
    pub(crate) fn of_one_step(what: &'static str, is_shown: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
            bar.set_style(style);
        }
        if is_shown && io::stderr().is_terminal() {
            let waiting = bar.clone();
            // Where there is no thread for it, nothing is shown.
            let _ = thread::Builder::new().spawn(move || {
                thread::sleep(WAIT);
                if !waiting.is_finished() {
                    waiting.set_draw_target(ProgressDrawTarget::stderr());
                    waiting.enable_steady_tick(TICK);
                }
            });
        }
        Progress { bar, hidden_since: Mutex::new(None) }
    }

    /// Adds bytes that are done.
    pub(crate) fn bytes(&self, bytes: u64) {
        self.bar.inc(bytes);
        if let Ok(mut hidden) = self.hidden_since.try_lock()
            && hidden.is_some_and(|since| since.elapsed() > WAIT)
        {
            *hidden = None;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Takes bytes back that are to be done again.
    pub(crate) fn take_back(&self, bytes: u64) {
        self.bar.dec(bytes);
    }

    /// How many bytes are done.
    #[cfg(test)]
    pub(crate) fn done(&self) -> u64 {
        self.bar.position()
    }

    /// Sets how many files are done.
    pub(crate) fn files(&self, done: usize, all: usize) {
        self.bar.set_message(message!("; {done} of {all} files", done, all));
    }

    /// Hides the bar while `work` writes to the terminal.
    pub(crate) fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bar.suspend(work)
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The progress of one file, which may be tried again.
pub(crate) struct Meter<'p> {
    pub(crate) progress: &'p Progress,
    bytes: AtomicU64,
}

impl<'p> Meter<'p> {
    pub(crate) fn new(progress: &'p Progress) -> Meter<'p> {
        Meter { progress, bytes: AtomicU64::new(0) }
    }

    /// Adds bytes that are done.
    pub(crate) fn bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.progress.bytes(bytes);
    }

    /// How many bytes of the file are done.
    pub(crate) fn done(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

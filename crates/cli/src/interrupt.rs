//! What happens when the user interrupts: temporary files go away, and every file is the old one or the new one.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

/// The temporary files there are.
static TEMPORARY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// As shells count the end by a signal: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

fn temporary() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a temporary file, to be removed if the process is interrupted.
pub(crate) fn note(path: &Path) {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // Without a handler, a temporary file may be left, and nothing else.
        let _ = ctrlc::set_handler(|| {
            // Held to the end: nobody replaces a file now.
            let files = temporary();
            for file in files.iter() {
                let _ = fs::remove_file(file);
            }
            process::exit(INTERRUPTED);
        });
    });
    temporary().insert(path.to_owned());
}

/// Ends the life of a temporary file by `work`, which is not interrupted.
pub(crate) fn done<T>(path: &Path, work: impl FnOnce() -> T) -> T {
    let mut files = temporary();
    let done = work();
    files.remove(path);
    done
}

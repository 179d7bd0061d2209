//! Interruption by the user: temporary files go away, and every file is the old one or the new one.

use std::{
    collections::BTreeSet,
    fs, io,
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

/// Creates a temporary file by `work`, to be removed if the process is interrupted. `path` is where it is.
pub(crate) fn create<T>(work: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<T> {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // Without a handler, a temporary file may be left, and nothing else.
        let _ = ctrlc::set_handler(|| {
            // Held to the end: nobody replaces a file now.
            let files = temporary();
            for file in files.iter() {
                let _ = fs::remove_file(file);
            }
            // There is no other way out of a handler.
            #[expect(clippy::exit)]
            process::exit(INTERRUPTED);
        });
    });
    let mut files = temporary();
    let created = work()?;
    files.insert(path(&created).to_owned());
    Ok(created)
}

/// Ends the life of a temporary file by `work`, which is not interrupted.
pub(crate) fn done<T>(path: &Path, work: impl FnOnce() -> T) -> T {
    let mut files = temporary();
    let done = work();
    files.remove(path);
    done
}

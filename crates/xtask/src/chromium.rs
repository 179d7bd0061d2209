//! The browser that opens pages in checks.

use std::{
    env,
    path::{Path, PathBuf},
};

use import::Result;

/// The browser that is given, or that the path leads to.
pub(crate) fn find(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let mut all = folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    all.find(|path| path.is_file()).ok_or_else(|| {
        "no Chromium in the PATH, which opens the page: install Debian's package chromium, or name one by --chromium".into()
    })
}

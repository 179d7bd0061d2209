//! The browser that opens pages in checks.

use std::path::{Path, PathBuf};

use import::Result;

use crate::programs;

/// The browser that is given, or that the path leads to.
pub(crate) fn find(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    names.iter().find_map(|name| programs::find(name)).ok_or_else(|| {
        "no Chromium in the PATH, which opens the page: install Debian's package chromium, or name one by --chromium".into()
    })
}

//! Paths in reports for programs.

use std::path::Path;

/// A path as programs take it: with slashes, without `./`.
pub(super) fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() };
    path.strip_prefix("./").map(str::to_owned).unwrap_or(path)
}

//! Files that settings name are regular ones.

use std::{fs, path::Path};

use crate::{messages::message, print::name};

/// An error for what is there but is not a regular file: to read a pipe would wait, and a device may never end.
pub(crate) fn check_regular(path: &Path) -> Result<(), String> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(message!("{path} is not a regular file", path = name(path))),
        _ => Ok(()),
    }
}

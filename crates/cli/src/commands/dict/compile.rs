//! `fanjian dict compile`: a text dictionary in the binary format.

use std::path::Path;

use fanjian::Dictionary;

use crate::{
    error::{Failure, Status},
    io::output::Output,
    settings::join::check_same_file,
};

pub(crate) fn run(file: &Path, out: &Path) -> Result<Status, Failure> {
    check_same_file(Some(file), Some(out), false, "name another file to write")?;
    let dictionary = Dictionary::from_path(file)?;
    let name = file.file_stem().map_or_else(|| dictionary.name().into(), |stem| stem.to_string_lossy());
    let named = Dictionary::from_entries(&name, &dictionary.to_entries())?;
    let mut output = Output::open(Some(out))?;
    output.write(&named.to_bytes()?)?;
    output.finish()?;
    Ok(Status::Done)
}

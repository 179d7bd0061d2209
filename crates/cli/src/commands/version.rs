//! `fanjian --version`: also which dictionaries `--dictionaries` names.

use std::{env, path::PathBuf};

use crate::{
    args::parse::value_of,
    error::{Failure, Status},
    io::output::Output,
    messages::message,
    settings::dictionaries::ReleasePath,
};

/// Prints the version, which clap returns as an error.
pub(crate) fn run(version: &clap::Error) -> Result<Status, Failure> {
    let release = value_of("--dictionaries", env::args_os()).map(PathBuf::from).map(ReleasePath::from);
    let release = release.as_ref().map(ReleasePath::open).transpose()?;
    let mut output = Output::open(None)?;
    output.write_line(version.to_string().trim_end())?;
    if let Some(release) = release.flatten() {
        output.write_line(&message!("in place of them, by --dictionaries: {name}", name = release.name()))?;
    }
    output.finish()?;
    Ok(Status::Done)
}

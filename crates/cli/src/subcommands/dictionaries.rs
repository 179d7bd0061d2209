//! Work on dictionaries of one's own.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use fanjian::Dictionary;

use super::check;
use crate::{output::Output, run::Failure};

/// Check and compile dictionaries of one's own
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Check(check::Arguments),
    Compile(Compile),
}

/// Compile a text dictionary to the binary format, which loads faster
///
/// The compiled dictionary can stand wherever a text one can. It is checked when it is loaded. Its name, which
/// explanations tell, is FILE's without folders and extension.
#[derive(Args)]
struct Compile {
    /// The dictionary: an entry a line, key<TAB>candidate candidate …
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to write; a file is replaced when all is compiled
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.task {
        Task::Check(arguments) => check::run(arguments),
        Task::Compile(arguments) => compile(&arguments.file, &arguments.output),
    }
}

fn compile(file: &Path, out: &Path) -> Result<ExitCode, Failure> {
    // Only files: to look at a pipe, it would have to be opened, and that waits for its other end.
    if out.is_file() && same_file::is_same_file(file, out).unwrap_or(false) {
        let message = format!("{} is both input and output: name another file to write", file.display());
        return Err(Failure::new(message));
    }
    let dictionary = Dictionary::from_path(file)?;
    let name = file.file_stem().map_or_else(|| dictionary.name().into(), |stem| stem.to_string_lossy());
    let named = Dictionary::from_entries(&name, &dictionary.to_entries())?;
    let mut output = Output::open(Some(out))?;
    output.write(&named.to_bytes()?)?;
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

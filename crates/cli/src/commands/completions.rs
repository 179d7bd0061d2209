//! `fanjian completions`: completion script of a shell.

use clap_complete::Shell;

use crate::{
    args::{commands::CompletionsArgs, help},
    error::{Failure, Status},
    io::output::Output,
};

pub(crate) fn run(args: &CompletionsArgs) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "fanjian", &mut script);
    if args.shell == Shell::Fish {
        script = with_files(&String::from_utf8_lossy(&script)).into_bytes();
    }
    let mut output = Output::open(None)?;
    output.write(&script)?;
    output.finish()?;
    Ok(Status::Done)
}

/// The script of fish, which completes names of files for `--config`, too: clap has no values beside files.
fn with_files(script: &str) -> String {
    let line = |line: &str| match line.contains(" -l config ") {
        true => line.replacen(" -r -f -a ", " -r -F -a ", 1),
        false => line.to_owned(),
    };
    script.split_inclusive('\n').map(line).collect()
}

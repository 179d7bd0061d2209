//! What a shell needs to complete the command's arguments.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{output::Output, run::Failure};

/// Write a shell's completion script to standard output
///
/// Where the script belongs depends on the shell and the system. For one user, for example:
///
/// bash: fanjian completions bash > ~/.local/share/bash-completion/completions/fanjian
///
/// zsh: fanjian completions zsh > ~/.zfunc/_fanjian, with ~/.zfunc in $fpath
///
/// fish: fanjian completions fish > ~/.config/fish/completions/fanjian.fish
///
/// powershell: fanjian completions powershell >> $PROFILE
#[derive(Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::arguments::Arguments::command(), "fanjian", &mut script);
    let mut output = Output::open(None)?;
    output.write(&script)?;
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

//! The manual pages.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::{output::Output, run::Failure};

/// Write the manual page to standard output
///
/// Without COMMAND it is the page fanjian(1), with one that command's: `fanjian man dict check` writes
/// fanjian-dict-check(1). To read one: fanjian man | man -l -
#[derive(Args)]
pub(crate) struct Arguments {
    /// The subcommand whose page to write
    #[arg(value_name = "COMMAND")]
    commands: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut top = crate::arguments::Arguments::command();
    top.build();
    let mut command = &top;
    for name in &arguments.commands {
        command = command.find_subcommand(name).ok_or_else(|| {
            let known = command.get_subcommands().map(|command| command.get_name());
            let known: Vec<_> = known.filter(|&name| name != "help").collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Failure::new(format!("{} has no command '{name}'; it has {known}", command.get_bin_name().unwrap_or("it")))
        })?;
    }
    let mut page = Vec::new();
    let man = Man::new(command.clone()).source(concat!("fanjian ", env!("CARGO_PKG_VERSION")));
    man.render(&mut page).map_err(|error| Failure::io("write", "the manual page", &error))?;
    let mut output = Output::open(None)?;
    output.write(&page)?;
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

//! The loop over fuzz targets, in a build with optimizations and all checks, or shortly in the debug build of the tests.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use import::{Result, root};

use crate::{figures, machine, metadata::program, process, trial};

/// What the loop needs to find the command.
const COMMAND: &str = "FANJIAN_COMMAND";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write the figures into docs/reliability.md, as of this date
    #[arg(long, value_name = "DATE")]
    record: Option<String>,
    /// Options of the loop: --seconds N, --executions N, --target NAME, --seed S, --jobs N
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<String>,
}

/// Builds the command and the loop, and runs it.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let options: Vec<_> = arguments.options.iter().map(String::as_str).collect();
    let build = ["build", "--quiet", "--profile", "fuzz", "--package", "fuzz", "--features", "parquet"];
    process::run(Command::new(env!("CARGO")).args(build).current_dir(root()))?;
    let table = loop_over_targets("fuzz", &trial::binary(None)?, &options)?;
    print!("{table}");
    let Some(date) = &arguments.record else { return Ok(()) };
    let text = format!("The options were `{}`. No fault was found.\n\n{table}", options.join(" "));
    figures::record("cargo xtask fuzz", date, &machine::rustc("rustc")?, &text)
}

/// A short run over all targets, in the debug build. Both programs have been built with Parquet.
pub(crate) fn short(command: &Path) -> Result<()> {
    loop_over_targets("dev", command, &["--executions", "30000"]).map(drop)
}

fn loop_over_targets(profile: &str, command: &Path, options: &[&str]) -> Result<String> {
    let output = Command::new(program(profile, "fuzz"))
        .args(options)
        .env(COMMAND, command)
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("a fuzz target failed (see above)".into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

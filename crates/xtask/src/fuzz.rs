//! The loop over fuzz targets, in a build of its own.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use import::{Result, root};

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
    let table = with_profile("fuzz", &options)?;
    print!("{table}");
    if let Some(date) = &arguments.record {
        let figures = format!(
            "Run on {date} with {}, on {}, with `{}`. No fault was found.\n\n{table}",
            crate::machine::rustc("rustc")?,
            crate::machine::processor(),
            options.join(" "),
        );
        crate::figures::write(&root().join("docs/reliability.md"), "cargo xtask fuzz", figures.trim_end())?;
    }
    Ok(())
}

/// A short run over all targets, in a debug build.
pub(crate) fn short() -> Result<()> {
    with_profile("dev", &["--executions", "30000"]).map(drop)
}

fn with_profile(profile: &str, options: &[&str]) -> Result<String> {
    cargo(&["build", "--quiet", "--package", "fanjian-cli", "--features", "parquet"])?;
    let target: PathBuf = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let command = target.join("debug").join(format!("fanjian{}", env::consts::EXE_SUFFIX));
    let run = ["run", "--quiet", "--profile", profile, "--package", "fuzz", "--features", "parquet", "--"];
    println!("cargo {} {}", run.join(" "), options.join(" "));
    let output = Command::new(env!("CARGO"))
        .args(run)
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

fn cargo(arguments: &[&str]) -> Result<()> {
    let status = Command::new(env!("CARGO")).args(arguments).current_dir(root()).status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo {} failed (see above)", arguments.join(" ")).into()) }
}

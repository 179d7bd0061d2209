//! Combinations of features: built, and tested where tests do not turn others on.

use std::process::Command;

use import::{Result, root};

use crate::process::run as run_program;

/// Packages whose tests are without features that are on by default: the library without targets, records without cleaning,
/// and C without documents.
const TESTS: [&[&str]; 3] = [
    &["--package", "fanjian-opencc"],
    &["--package", "fanjian-records", "--no-default-features", "--lib"],
    &["--package", "fanjian-c", "--no-default-features", "--lib"],
];

/// Checks each combination of the features of each package with cargo-hack, which has to be installed, and tests some.
pub(crate) fn run() -> Result<()> {
    if !cargo(&["hack", "--version"]).output()?.status.success() {
        return Err("cargo-hack is not installed: cargo install cargo-hack --locked".into());
    }
    // Tests and examples need all features of the library: they are left out.
    let combinations = ["hack", "check", "--locked", "--workspace", "--feature-powerset", "--lib", "--bins"];
    run_program(cargo(&combinations).env("RUSTFLAGS", "--deny warnings"))?;
    for packages in TESTS {
        run_program(cargo(&["test", "--locked", "--quiet"]).args(packages))?;
    }
    println!("all combinations of features are checked");
    Ok(())
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(root());
    command
}

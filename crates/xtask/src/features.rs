//! Combinations of features: checked, and some of them tested where tests do not turn others on.

use std::process::Command;

use import::{Result, root};

use crate::{process::run as run_program, programs, web::build};

/// The release of cargo-hack, which makes the combinations.
const CARGO_HACK: &str = "0.6.46";

/// The packages of each run of cargo-hack. Libraries and programs alone: tests and examples need all features of the library. At
/// the root, cargo would check the command, too, with the features of the library.
const COMBINATIONS: [&[&str]; 2] = [&["--package", "fanjian", "--lib"], &["--workspace", "--exclude", "fanjian"]];

/// Packages whose tests are without features that are on by default: the library without targets, records without cleaning,
/// and C without documents.
const TESTS: [&[&str]; 3] = [
    &["--package", "fanjian-opencc"],
    &["--package", "fanjian-records", "--no-default-features", "--lib"],
    &["--package", "fanjian-c", "--no-default-features", "--lib"],
];

/// Checks each combination of the features of each package by clippy with cargo-hack, which this installs, and tests some.
pub(crate) fn run() -> Result<()> {
    let hack = programs::of_cargo("cargo-hack", CARGO_HACK, "cargo-hack", &["--locked"])?;
    for packages in COMBINATIONS {
        let mut command = Command::new(&hack);
        // `default` is one of the combinations of the others.
        command.args(["hack", "clippy", "--locked", "--feature-powerset", "--exclude-features", "default"]);
        command.args(packages).args(["--", "--deny", "warnings"]);
        run_program(command.env("CARGO", env!("CARGO")).current_dir(root()))?;
    }
    // As for the npm package.
    build::install_target()?;
    for flags in [build::EXTERNAL_DATA, build::TABLES_ALONE] {
        let mut command = Command::new(env!("CARGO"));
        command.args(["clippy", "--locked", "--package", "fanjian-wasm", "--package", "fanjian", "--lib"]);
        command.args(["--no-default-features", "--target", build::TARGET, "--", "--deny", "warnings"]);
        run_program(build::set_flags(&mut command, flags).current_dir(root()))?;
    }
    for packages in TESTS {
        let mut command = Command::new(env!("CARGO"));
        run_program(command.args(["test", "--locked", "--quiet"]).args(packages).current_dir(root()))?;
    }
    println!("all combinations of features are checked");
    Ok(())
}

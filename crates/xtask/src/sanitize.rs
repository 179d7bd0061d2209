//! The tests over the unsafe blocks under Miri and AddressSanitizer: `src/text.rs`, and the vectors of the engine and of
//! the targets.

use std::process::{Command, Stdio};

use import::{Result, root};

use crate::{figures, machine, process};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write what was run into docs/reliability.md, as of this date
    #[arg(long, value_name = "DATE")]
    record: Option<String>,
}

/// What Miri interprets programs for.
const INTERPRETED: &str = "x86_64-unknown-linux-gnu";
/// The tests of the vectors.
const VECTORS: &str = "scan::vectors";

/// Runs both by the nightly toolchain.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if !succeeds(&["miri", "--version"]) {
        return Err("there is no nightly toolchain with Miri: rustup toolchain install nightly --component miri".into());
    }
    // Interpreted code is slow, and tables are made in seconds without it: the tests of the vectors alone. Miri interprets programs
    // for any processor, which has what they are compiled for.
    let vectors = ["miri", "test", "--target", INTERPRETED, "--package", "fanjian-engine", "--lib", VECTORS];
    go(&vectors, &[("RUSTFLAGS", "-Ctarget-feature=+avx2"), ("CARGO_TARGET_DIR", "target/miri")])?;
    let host = machine::host("rustc", &["+nightly"])?;
    // With a target, build scripts and macros are built without the sanitizer.
    let packages = ["--package", "fanjian-engine", "--package", "fanjian-context", "--package", "fanjian"];
    let tests = [&["test"], &packages[..], &["--lib", "--test", "library", "--target", &host]].concat();
    // Tests leave texts and tables in memory that live as long as the program.
    let leaks = ("ASAN_OPTIONS", "detect_leaks=0");
    go(&tests, &[("RUSTFLAGS", "-Zsanitizer=address"), ("CARGO_TARGET_DIR", "target/sanitize"), leaks])?;
    let Some(date) = &arguments.record else { return Ok(()) };
    let text = "Miri interpreted the tests of the engine's vectors, as for a processor with AVX2; the tests of the engine, of the \
                targets and of the library ran under AddressSanitizer, which did not look for leaks. No fault was found.";
    let tools = process::text(Command::new("rustc").args(["+nightly", "--version"]))?;
    figures::record("cargo xtask sanitize", date, tools.trim(), text)
}

/// Cargo of the nightly toolchain, by rustup: the one that runs this program may be that of another toolchain.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.arg("+nightly").args(arguments).current_dir(root()).env_remove("RUSTUP_TOOLCHAIN");
    command
}

fn succeeds(arguments: &[&str]) -> bool {
    cargo(arguments).output().is_ok_and(|output| output.status.success())
}

fn go(arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    println!("cargo +nightly {}", arguments.join(" "));
    let output = cargo(arguments).envs(variables.iter().copied()).stderr(Stdio::inherit()).output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    print!("{printed}");
    if !output.status.success() {
        return Err("the tests over the unsafe blocks failed (see above)".into());
    }
    if printed.contains("running 0 tests") { Err("there are no such tests".into()) } else { Ok(()) }
}

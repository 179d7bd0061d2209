//! The tests over the one unsafe block, `src/text.rs`, under Miri or AddressSanitizer.

use std::process::Command;

use import::{Result, root};

use crate::machine;

/// Runs Miri if it is installed, or else AddressSanitizer, by the nightly toolchain.
pub(crate) fn run() -> Result<()> {
    if succeeds(&["+nightly", "miri", "--version"]) {
        // Interpreted code is slow: the tests of the modules, which convert a few words.
        return go(&["+nightly", "miri", "test", "--package", "fanjian", "--lib"], "", &[]);
    }
    if !succeeds(&["+nightly", "--version"]) {
        return Err("there is no nightly toolchain: rustup toolchain install nightly --component miri".into());
    }
    let host = machine::host("rustc", &["+nightly"])?;
    println!("Miri is not installed: running AddressSanitizer");
    // With a target, build scripts and macros are built without the sanitizer.
    let tests = ["+nightly", "test", "--package", "fanjian", "--lib", "--test", "library", "--target", &host];
    go(&tests, "-Zsanitizer=address", &[("CARGO_TARGET_DIR", "target/sanitize")])
}

/// Cargo of rustup, which knows toolchains: the one that runs this program may be that of a toolchain.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root()).env_remove("RUSTUP_TOOLCHAIN");
    command
}

fn succeeds(arguments: &[&str]) -> bool {
    cargo(arguments).output().is_ok_and(|output| output.status.success())
}

fn go(arguments: &[&str], flags: &str, variables: &[(&str, &str)]) -> Result<()> {
    println!("cargo {}", arguments.join(" "));
    let mut command = cargo(arguments);
    command.envs(variables.iter().copied());
    if !flags.is_empty() {
        command.env("RUSTFLAGS", flags);
    }
    if command.status()?.success() { Ok(()) } else { Err("the tests over the unsafe block failed (see above)".into()) }
}

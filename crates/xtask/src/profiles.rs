//! That the crates which the build script runs are built once: for it and for the program.

use std::{collections::BTreeSet, fs, process::Command};

use import::{Result, root};

/// The crates that the build script of the library and the library itself depend on.
const SHARED: [&str; 3] = ["fanjian-dictionary", "fanjian-engine", "fanjian-context"];

/// A build script is not optimized, but for what is named: one crate that was not, crossbeam-utils, had the engine built
/// twice.
#[test]
fn a_release_builds_shared_crates_once() -> Result<()> {
    let manifest: toml::Table = toml::from_str(&fs::read_to_string(root().join("Cargo.toml"))?)?;
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--offline", "--edges", "normal,no-proc-macro", "--prefix", "none"]);
    SHARED.iter().for_each(|package| _ = command.args(["--package", package]));
    let output = command.args(["--format", "{p}"]).current_dir(root()).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout)?;
    let crates: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let profile = manifest["profile"]["release"]["package"].as_table().ok_or("no packages in the profile")?;
    let other: Vec<_> = crates
        .into_iter()
        .filter(|name| !name.is_empty() && profile.get(*name).and_then(|own| own.get("opt-level")) != Some(&3.into()))
        .collect();
    assert!(other.is_empty(), "[profile.release.package] lacks {other:?}");
    Ok(())
}

//! What cargo knows about packages, and where it builds them.

use std::{env, fs, path::PathBuf, process::Command};

use import::{Result, root};
use serde::{Deserialize, de::DeserializeOwned};

#[derive(Deserialize)]
struct Metadata<P> {
    packages: Vec<P>,
}

/// The packages that `cargo metadata` lists with these arguments.
pub(crate) fn packages<P: DeserializeOwned>(arguments: &[&str]) -> Result<Vec<P>> {
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(["metadata", "--format-version", "1"]).args(arguments).current_dir(root()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice::<Metadata<P>>(&output.stdout)?.packages)
}

/// The version of the project's packages.
pub(crate) fn own_version() -> Result<String> {
    Ok(own_field("version")?.ok_or("Cargo.toml has no version of the workspace")?)
}

/// The address of the project's repository, if its packages name one.
pub(crate) fn own_repository() -> Result<Option<String>> {
    own_field("repository")
}

/// A field of `[workspace.package]`.
fn own_field(name: &str) -> Result<Option<String>> {
    let manifest: toml::Table = toml::from_str(&fs::read_to_string(root().join("Cargo.toml"))?)?;
    let value = manifest.get("workspace").and_then(|workspace| workspace.get("package")?.get(name)?.as_str());
    Ok(value.map(str::to_owned))
}

/// The folder of what cargo builds.
pub(crate) fn target_folder() -> PathBuf {
    // A relative path is taken from here: programs that are run elsewhere get the whole.
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The folder of what cargo builds with a profile.
pub(crate) fn built(profile: &str) -> PathBuf {
    let folder = match profile {
        "dev" => "debug",
        "bench" => "release",
        other => other,
    };
    target_folder().join(folder)
}

/// A program that cargo has built with a profile.
pub(crate) fn program(profile: &str, name: &str) -> PathBuf {
    built(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

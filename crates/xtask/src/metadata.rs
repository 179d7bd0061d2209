//! What cargo knows about packages.

use std::process::Command;

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

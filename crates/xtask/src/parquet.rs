//! Parquet files that another library writes, converted by the command, and read by that library again.

use std::{env, path::PathBuf};

use import::Result;

/// The release of pyarrow that writes and reads them.
const PYARROW: &str = "26.0.1";

/// Runs the check on the command that has been built with Parquet.
pub(crate) fn compare() -> Result<()> {
    let packages = import::install(&format!("pyarrow-{PYARROW}"), &[&format!("pyarrow=={PYARROW}")])?;
    let target: PathBuf = env::var_os("CARGO_TARGET_DIR").map_or_else(|| import::root().join("target"), Into::into);
    let status = import::python()
        .args(["-c", include_str!("parquet.py")])
        .arg(target.join("debug").join(format!("fanjian{}", env::consts::EXE_SUFFIX)))
        .env("PYTHONPATH", packages)
        .status()?;
    if status.success() { Ok(()) } else { Err("Parquet is not as pyarrow has it (see above)".into()) }
}

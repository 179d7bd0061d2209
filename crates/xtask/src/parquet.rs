//! Parquet files that another library writes, converted by the command, and read by that library again.

use std::path::Path;

use import::Result;

/// The release of pyarrow that writes and reads them.
const PYARROW: &str = "26.0.1";

/// Runs the check on a command that has been built with Parquet.
pub(crate) fn compare(command: &Path) -> Result<()> {
    let packages = import::install(&format!("pyarrow-{PYARROW}"), &[&format!("pyarrow=={PYARROW}")])?;
    let status =
        import::python().args(["-c", include_str!("parquet.py")]).arg(command).env("PYTHONPATH", packages).status()?;
    if status.success() { Ok(()) } else { Err("Parquet is not as pyarrow has it (see above)".into()) }
}

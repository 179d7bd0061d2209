//! The example for tantivy, a workspace of its own: checked, and tested on an index.

use std::process::Command;

use import::{Result, root};

pub(crate) fn run() -> Result<()> {
    let folder = root().join("examples/tantivy");
    for arguments in [&["fmt", "--check"][..], &["clippy", "--all-targets", "--", "--deny", "warnings"], &["test"]] {
        println!("examples/tantivy: cargo {}", arguments.join(" "));
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(&folder).env("CARGO_TARGET_DIR", root().join("target/tantivy"));
        let status = command.status()?;
        if !status.success() {
            return Err(format!("examples/tantivy: cargo {} failed (see above)", arguments.join(" ")).into());
        }
    }
    Ok(())
}

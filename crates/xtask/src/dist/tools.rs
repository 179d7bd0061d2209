//! Zig, and the programs that build with it as the linker.

use std::{env, path::PathBuf, process::Command};

use import::{Result, install, python};

/// The linker and C compiler for all targets, and the programs that call it. Another version makes other programs.
const TOOLS: &[&str] = &["cargo-zigbuild==0.24.1", "ziglang==0.17.1", "maturin==1.16.0"];

/// Programs from Python packages, installed inside the tree.
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    pub(crate) fn install() -> Result<Tools> {
        Ok(Tools { folder: install(&TOOLS.join("-").replace("==", "-"), TOOLS)? })
    }

    /// A file of the packages.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A command for one of the programs, which finds the others.
    pub(crate) fn command(&self, program: &str) -> Command {
        let bin = self.folder.join("bin");
        let mut command = Command::new(bin.join(program));
        let path = env::var_os("PATH").unwrap_or_default();
        if let Ok(path) = env::join_paths([bin].into_iter().chain(env::split_paths(&path))) {
            command.env("PATH", path);
        }
        command.env("CARGO", env!("CARGO")).env("PYTHONPATH", &self.folder);
        command.env("CARGO_ZIGBUILD_PYTHON_PATH", python().get_program());
        command
    }
}

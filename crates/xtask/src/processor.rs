//! Processors of targets: their names, and the emulator that runs programs for them.

use std::{env, path::PathBuf};

use import::Result;

use crate::programs;

/// The processor of a target, as Rust's triples name both.
pub(crate) fn of(triple: &str) -> &str {
    triple.split_once('-').map_or(triple, |(processor, _)| processor)
}

/// The name of a processor in Debian.
pub(crate) fn in_debian(processor: &str) -> &str {
    match processor {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// The emulator of QEMU that runs programs of a processor; None for this machine's own processor.
pub(crate) fn emulator(processor: &str) -> Result<Option<PathBuf>> {
    if processor == env::consts::ARCH {
        return Ok(None);
    }
    let purpose = format!("runs programs for {processor}");
    programs::need(&format!("qemu-{processor}-static"), "qemu-user-static", &purpose).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_processor_needs_an_emulator() {
        assert_eq!(emulator(env::consts::ARCH).unwrap(), None);
        let error = emulator("nonesuch").unwrap_err().to_string();
        assert!(
            error.starts_with("qemu-nonesuch-static is not installed") && error.contains("qemu-user-static"),
            "{error}"
        );
    }

    #[test]
    fn processors_have_names_in_debian() {
        let names = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-gnu"].map(|triple| in_debian(of(triple)));
        assert_eq!(names, ["amd64", "arm64"]);
    }
}

//! What a measurement or a long run was made on, for the pages.

use std::{fs, process::Command, thread};

use import::Result;

use crate::process;

/// The version of a compiler, as `rustc 1.95.0`.
pub(crate) fn rustc(program: &str) -> Result<String> {
    let output = Command::new(program).arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.split(" (").next().unwrap_or_default().trim().to_owned())
}

/// The target that a compiler builds for by itself, with these arguments such as `+nightly`.
pub(crate) fn host(program: &str, arguments: &[&str]) -> Result<String> {
    let output = process::text(Command::new(program).args(arguments).args(["--print", "host-tuple"]))?;
    Ok(output.trim().to_owned())
}

/// The processor and the number of its cores.
pub(crate) fn processor() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    format!("{cores} cores of {}", name.map_or("an unknown processor", |(_, name)| name))
}

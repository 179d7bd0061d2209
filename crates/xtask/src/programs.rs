//! Programs that tasks run: found in the PATH, or named with Debian's package that has them; and those that cargo installs.

use std::{env, ffi::OsStr, path::PathBuf, process::Command};

use import::Result;

use crate::{metadata::target_folder, process};

/// The program that the PATH leads to.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    find_in(&env::var_os("PATH").unwrap_or_default(), name)
}

fn find_in(path: &OsStr, name: &str) -> Option<PathBuf> {
    env::split_paths(path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The program that the PATH leads to. The error names the package of Debian that has it, and what it is needed for, such as
/// `tries the programs`.
pub(crate) fn need(name: &str, package: &str, purpose: &str) -> Result<PathBuf> {
    let missing = || format!("{name} is not installed, which {purpose}: apt-get install {package}");
    find(name).ok_or_else(|| missing().into())
}

/// Checks that programs are installed: each with its package and its purpose.
pub(crate) fn need_all(programs: &[(&str, &str, &str)]) -> Result<()> {
    let missing = programs.iter().filter_map(|(name, package, purpose)| need(name, package, purpose).err());
    let missing: Vec<_> = missing.map(|error| error.to_string()).collect();
    if missing.is_empty() { Ok(()) } else { Err(missing.join("\n").into()) }
}

/// A program of a package that cargo installs into `target/tools` the first time, with these options.
pub(crate) fn of_cargo(package: &str, version: &str, program: &str, options: &[&str]) -> Result<PathBuf> {
    let folder = target_folder().join("tools").join(format!("{package}-{version}"));
    let path = folder.join("bin").join(program);
    if !path.is_file() {
        println!("cargo install {package} {version}");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["install", "--quiet", package, "--version", &format!("={version}"), "--bin", program]);
        process::run(cargo.args(options).arg("--root").arg(&folder))?;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_a_file_in_a_folder_of_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        std::fs::create_dir_all(first.join("tool")).unwrap();
        std::fs::create_dir_all(&second).unwrap();
        std::fs::write(second.join("tool"), "").unwrap();
        let path = env::join_paths([&first, &second]).unwrap();
        assert_eq!(find_in(&path, "tool"), Some(second.join("tool")));
        assert_eq!(find_in(&path, "other"), None);
    }

    #[test]
    fn what_is_missing_is_named_with_its_package_and_its_purpose() {
        let error = need_all(&[("no-such-a", "a", "makes A"), ("no-such-b", "b", "makes B")]).unwrap_err().to_string();
        let lines = [
            "no-such-a is not installed, which makes A: apt-get install a",
            "no-such-b is not installed, which makes B: apt-get install b",
        ];
        assert_eq!(error, lines.join("\n"));
    }
}

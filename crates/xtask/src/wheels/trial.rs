//! Trials of wheels: each is used on its platform, as far as this machine has or emulates it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, python, root};

use super::Platform;
use crate::{process::run as run_program, processor, programs};

/// What is run with a wheel: the extension module, over Python's objects and over Arrow's.
const TRIAL: &str = include_str!("trial.py");

/// The release of Debian whose packages try wheels for other systems, its Python, and what is taken from it.
const DEBIAN: &str = "bookworm";
const PYTHON: &str = "3.11";
const PACKAGES: &str = "python3,musl";

/// The extension module in a wheel.
const MODULE: &str = "fanjian/_fanjian.abi3.so";

/// Checks that the programs are installed that a trial needs.
pub(super) fn check_programs(platform: Platform) -> Result<()> {
    let emulator = processor::emulator(platform.processor())?;
    if emulator.is_some() || platform.is_musl() {
        programs::need("mmdebstrap", "mmdebstrap", "unpacks Debian's packages, which try wheels for other systems")?;
    }
    Ok(())
}

/// Tries a wheel. Returns what was done.
pub(super) fn run(platform: Platform, wheel: &Path) -> Result<String> {
    match processor::emulator(platform.processor())? {
        emulator if platform.is_musl() => load_with_musl(platform, emulator.as_deref(), wheel),
        Some(emulator) => use_emulated(platform, &emulator, wheel),
        None => use_here(wheel),
    }
}

/// Installs a wheel in a fresh virtual environment, or a source package, which pip builds for that, and uses it.
pub(super) fn use_here(package: &Path) -> Result<String> {
    let work = tempfile::tempdir()?;
    run_program(python().args(["-m", "venv"]).arg(work.path()))?;
    let interpreter = work.path().join("bin/python");
    let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run_program(Command::new(&interpreter).args(options).arg(package).arg("pyarrow"))?;
    // In another folder: not the package of the tree.
    run_program(Command::new(&interpreter).args(["-c", TRIAL]).current_dir(work.path()))?;
    Ok("installed in a fresh environment, and used".to_owned())
}

/// Uses a wheel on another processor: with the Python of Debian for it, by the emulator of QEMU.
fn use_emulated(platform: Platform, emulator: &Path, wheel: &Path) -> Result<String> {
    let system = debian(platform.processor())?;
    let packages = install_for(platform, wheel)?;
    let mut python = Command::new(emulator);
    python.arg("-L").arg(&system).arg(system.join(format!("usr/bin/python{PYTHON}"))).args(["-c", TRIAL]);
    python.env("PYTHONHOME", system.join("usr")).env("PYTHONPATH", packages.path()).current_dir(packages.path());
    run_program(&mut python)?;
    Ok(format!("used by Debian's Python {PYTHON} under QEMU"))
}

/// Has the loader of musl load the module of a wheel: it has to need no other library, and all functions that it needs have to be
/// found, but for Python's.
fn load_with_musl(platform: Platform, emulator: Option<&Path>, wheel: &Path) -> Result<String> {
    let packages = install_for(platform, wheel)?;
    let loader = debian(platform.processor())?.join(format!("lib/ld-musl-{}.so.1", platform.processor()));
    let mut command = emulator.map_or_else(|| Command::new(&loader), Command::new);
    if emulator.is_some() {
        command.arg(&loader);
    }
    let listed = command.arg("--list").arg(packages.path().join(MODULE)).output()?;
    let libraries = String::from_utf8_lossy(&listed.stdout);
    if let Some(line) = libraries.lines().find(|line| !line.contains("ld-musl-")) {
        return Err(format!("{} needs a library besides musl: {}", wheel.display(), line.trim()).into());
    }
    let number = functions_of_python(&String::from_utf8_lossy(&listed.stderr))
        .map_err(|line| format!("musl does not load {}: {line}", wheel.display()))?;
    Ok(format!(
        "loaded by musl, which finds everything but the {number} functions of Python; not run, as Debian has no Python for musl"
    ))
}

/// How many functions of Python the loader of musl has not found; the first line about anything else is an error.
fn functions_of_python(errors: &str) -> std::result::Result<usize, String> {
    let is_of_python = |line: &str| {
        let symbol = line.strip_prefix("Error relocating ")?.strip_suffix(": symbol not found")?.rsplit_once(": ")?.1;
        Some(symbol.starts_with("Py") || symbol.starts_with("_Py"))
    };
    match errors.lines().find(|line| is_of_python(line) != Some(true)) {
        Some(line) => Err(line.to_owned()),
        None if errors.is_empty() => Err("it needs no function of Python, and is no module".to_owned()),
        None => Ok(errors.lines().count()),
    }
}

/// A folder with the packages of a wheel, which pip takes for one of the platform.
fn install_for(platform: Platform, wheel: &Path) -> Result<tempfile::TempDir> {
    let packages = tempfile::tempdir()?;
    let mut pip = python();
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]);
    pip.args(["--no-deps", "--only-binary=:all:", "--target"]).arg(packages.path());
    run_program(pip.args(["--python-version", PYTHON, "--platform", &platform.tag()]).arg(wheel))?;
    Ok(packages)
}

/// The folder of a system of Debian for a processor, with Python and musl, unpacked there the first time.
fn debian(processor: &str) -> Result<PathBuf> {
    let architecture = processor::in_debian(processor);
    let name = format!("debian-{DEBIAN}-{architecture}-{}", PACKAGES.replace(',', "-"));
    let folder = root().join("target/packages").join(name);
    if folder.is_dir() {
        return Ok(folder);
    }
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let mut unpack = Command::new("mmdebstrap");
    unpack.args(["--quiet", "--variant=extract", &format!("--include={PACKAGES}"), &format!("--arch={architecture}")]);
    run_program(unpack.arg(DEBIAN).arg(&unfinished))?;
    fs::rename(&unfinished, &folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_of_musl_misses_functions_of_python_alone() {
        let of_python = "Error relocating /a: b/_fanjian.abi3.so: PyList_New: symbol not found\n\
                         Error relocating /a: b/_fanjian.abi3.so: _Py_NoneStruct: symbol not found\n";
        assert_eq!(functions_of_python(of_python), Ok(2));
        let libraries = "Error loading shared library libgcc_s.so.1: No such file or directory (needed by /a.so)";
        for line in [libraries, "Error relocating /a.so: gnu_get_libc_version: symbol not found"] {
            assert_eq!(functions_of_python(&format!("{of_python}{line}\n")), Err(line.to_owned()));
        }
        assert!(functions_of_python("").is_err());
    }

    #[test]
    fn platforms_have_the_names_that_wheels_have() {
        use clap::ValueEnum;

        for &platform in Platform::value_variants() {
            assert_eq!(platform.to_possible_value().unwrap().get_name(), platform.tag());
        }
    }
}

//! Prebuilt wheels of the Python package for Linux: built by maturin with Zig as the linker, and tried in fresh environments.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::ValueEnum;
use import::{Result, install, python, root};

use crate::{
    dist::{Tools, release_folder},
    metadata::own_version,
    process::{run as run_program, text},
};

/// The program that finds out what a wheel needs.
const AUDITWHEEL: &[&str] = &["auditwheel==6.8.2", "pyelftools==0.33", "packaging==26.4"];

/// What is run with each wheel that this machine can run: the extension module, over Python's objects and over Arrow's.
const TRIAL: &str = include_str!("wheel_trial.py");

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The platforms [default: all]
    #[arg(value_enum)]
    platforms: Vec<Platform>,
    /// The folder of the wheels [default: target/releases/VERSION]
    #[arg(long, short = 'O', value_name = "DIR")]
    output: Option<PathBuf>,
}

/// A platform of wheels: the C library, its version, and the processor.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Platform {
    #[value(name = "manylinux2014_x86_64")]
    Manylinux,
    #[value(name = "manylinux2014_aarch64")]
    ManylinuxArm,
    #[value(name = "musllinux_1_2_x86_64")]
    Musllinux,
    #[value(name = "musllinux_1_2_aarch64")]
    MusllinuxArm,
}

impl Platform {
    fn triple(self) -> &'static str {
        match self {
            Platform::Manylinux => "x86_64-unknown-linux-gnu",
            Platform::ManylinuxArm => "aarch64-unknown-linux-gnu",
            Platform::Musllinux => "x86_64-unknown-linux-musl",
            Platform::MusllinuxArm => "aarch64-unknown-linux-musl",
        }
    }

    fn is_musl(self) -> bool {
        self.triple().ends_with("musl")
    }

    /// The part of the platform before the processor.
    fn policy(self) -> &'static str {
        if self.is_musl() { "musllinux_1_2" } else { "manylinux2014" }
    }

    /// The name of the processor in Debian.
    fn debian(self) -> &'static str {
        if self.triple().starts_with("x86_64") { "amd64" } else { "arm64" }
    }
}

/// Builds the wheels, and tries each as far as this machine can.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let output = release_folder(arguments.output.as_deref(), &own_version()?)?;
    let platforms =
        if arguments.platforms.is_empty() { Platform::value_variants() } else { arguments.platforms.as_slice() };
    for &platform in platforms {
        let wheel = build(platform, &output)?;
        println!("{}: {} bytes", wheel.display(), fs::metadata(&wheel)?.len());
        inspect(platform, &wheel)?;
        match platform {
            Platform::Manylinux => try_here(&wheel)?,
            Platform::ManylinuxArm => try_emulated(platform, &wheel)?,
            Platform::Musllinux | Platform::MusllinuxArm => {
                println!("{}: inspected, but not run: no Python for musl is to be had from Debian", wheel.display());
            }
        }
    }
    Ok(())
}

/// Builds a wheel. Returns its path.
fn build(platform: Platform, output: &Path) -> Result<PathBuf> {
    let work = tempfile::tempdir_in(output)?;
    let mut maturin = Tools::install()?.command("maturin");
    maturin.args(["build", "--locked", "--zig", "--profile", "wheel", "--target", platform.triple()]);
    maturin.args(["--compatibility", platform.policy(), "--out"]).arg(work.path());
    run_program(maturin.current_dir(root().join("crates/python")))?;
    let built = fs::read_dir(work.path())?.next().ok_or("maturin built no wheel")??;
    let wheel = output.join(built.file_name());
    fs::rename(built.path(), &wheel)?;
    Ok(wheel)
}

/// Checks that a wheel needs no more than its name says.
fn inspect(platform: Platform, wheel: &Path) -> Result<()> {
    let folder = install("auditwheel", AUDITWHEEL)?;
    let mut show = python();
    show.args(["-m", "auditwheel", "show"]).arg(wheel).env("PYTHONPATH", &folder);
    let shown = text(&mut show)?;
    let tag = format!("{}_", platform.policy().replace("manylinux2014", "manylinux_2_17"));
    // Its lines are broken at some width.
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if !shown.contains(&format!("consistent with the following platform tag: \"{tag}")) {
        return Err(format!("{} is not what its name says: {shown}", wheel.display()).into());
    }
    println!("auditwheel: {shown}");
    Ok(())
}

/// Installs a wheel in a fresh virtual environment, and uses it.
fn try_here(wheel: &Path) -> Result<()> {
    let work = tempfile::tempdir()?;
    run_program(python().args(["-m", "venv"]).arg(work.path()))?;
    let interpreter = work.path().join("bin/python");
    let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run_program(Command::new(&interpreter).args(options).arg(wheel).arg("pyarrow"))?;
    // In another folder: not the package of the tree.
    run_program(Command::new(&interpreter).args(["-c", TRIAL]).current_dir(work.path()))?;
    println!("{}: installed in a fresh environment, and used", wheel.display());
    Ok(())
}

/// Uses a wheel on another processor: with the Python of Debian for it, by the emulator of QEMU.
fn try_emulated(platform: Platform, wheel: &Path) -> Result<()> {
    let system = debian(platform.debian())?;
    let packages = tempfile::tempdir()?;
    let mut pip = python();
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target"]);
    pip.arg(packages.path()).args(["--only-binary=:all:", "--python-version=3.11", "--platform"]);
    run_program(pip.arg(format!("{}_aarch64", platform.policy())).arg(wheel))?;
    let mut emulator = Command::new("qemu-aarch64-static");
    emulator.arg("-L").arg(&system).arg(system.join("usr/bin/python3.11")).args(["-c", TRIAL]);
    run_program(emulator.env("PYTHONHOME", system.join("usr")).env("PYTHONPATH", packages.path()))?;
    println!("{}: used by Python under QEMU", wheel.display());
    Ok(())
}

/// The folder of a system of Debian with Python, for another processor, unpacked there the first time.
fn debian(architecture: &str) -> Result<PathBuf> {
    for (program, package) in [("mmdebstrap", "mmdebstrap"), ("qemu-aarch64-static", "qemu-user-static")] {
        if Command::new(program).arg("--version").output().is_err() {
            return Err(format!(
                "{program} is not installed, which tries wheels for other processors: apt-get install {package}, or \
                 name the platforms"
            )
            .into());
        }
    }
    let folder = root().join("target/packages").join(format!("debian-{architecture}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let mut unpack = Command::new("mmdebstrap");
    unpack.args(["--quiet", "--variant=extract", "--include=python3"]).arg(format!("--arch={architecture}"));
    run_program(unpack.arg(DEBIAN).arg(&unfinished))?;
    fs::rename(&unfinished, &folder)?;
    Ok(folder)
}

/// The release of Debian whose Python tries wheels for other processors: 3.11.
const DEBIAN: &str = "bookworm";

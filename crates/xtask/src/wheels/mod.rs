//! Prebuilt wheels of the Python package for Linux: built by maturin with Zig as the linker, and tried in fresh environments.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use import::{Result, install, python, root};

use crate::{
    dist::{Tools, release_folder, sums},
    metadata::own_version,
    process::{run as run_program, text},
    programs,
};

mod trial;

/// The program that finds out what a wheel needs.
const AUDITWHEEL: &[&str] = &["auditwheel==6.8.2", "pyelftools==0.33", "packaging==26.4"];

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

    fn processor(self) -> &'static str {
        programs::processor(self.triple())
    }

    /// What the names of its wheels have for it, such as `manylinux2014_x86_64`.
    fn tag(self) -> String {
        format!("{}_{}", self.policy(), self.processor())
    }
}

/// Builds the wheels, tries each as far as this machine can, and writes the sums of the release.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let output = release_folder(arguments.output.as_deref(), &own_version()?)?;
    let platforms =
        if arguments.platforms.is_empty() { Platform::value_variants() } else { arguments.platforms.as_slice() };
    // What is missing is named before anything is built.
    platforms.iter().try_for_each(|&platform| trial::check_programs(platform))?;
    let mut trials = Vec::new();
    for &platform in platforms {
        let wheel = build(platform, &output)?;
        println!("{}: {} bytes", wheel.display(), fs::metadata(&wheel)?.len());
        inspect(platform, &wheel)?;
        trials.push(format!("{}: {}", platform.tag(), trial::run(platform, &wheel)?));
    }
    sums(&output)?;
    trials.iter().for_each(|trial| println!("{trial}"));
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

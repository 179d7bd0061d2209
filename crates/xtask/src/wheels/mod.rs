//! Prebuilt wheels of the Python package for Linux: built by maturin with Zig as the linker, and tried in fresh environments. And its
//! source package, which pip builds wherever there is no wheel.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::ValueEnum;
use import::{Result, install, python, root};

use crate::{
    dist::{
        Tools,
        licences::{self, Built},
        release_folder, sums,
    },
    metadata::own_version,
    process::{run as run_program, text},
    processor,
};

mod trial;

/// The programs that find out what a wheel needs, and pack one.
const TOOLS: &[&str] = &["auditwheel==6.8.2", "pyelftools==0.33", "packaging==26.4", "wheel==0.48.0"];

/// The time of all files in a wheel, in seconds: the first that a ZIP archive can have, as maturin writes it.
const TIME: &str = "315532800";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The platforms [default: all]
    #[arg(value_enum)]
    platforms: Vec<Platform>,
    /// Make the source package: alone, or with the wheels of the platforms that are named [default: with all]
    #[arg(long)]
    sdist: bool,
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
        processor::of(self.triple())
    }

    /// What the names of its wheels have for it, such as `manylinux2014_x86_64`.
    fn tag(self) -> String {
        format!("{}_{}", self.policy(), self.processor())
    }
}

/// Builds the wheels and the source package, tries each as far as this machine can, and writes the sums of the release.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let output = release_folder(arguments.output.as_deref(), &own_version()?)?;
    let is_all = arguments.platforms.is_empty() && !arguments.sdist;
    let platforms = if is_all { Platform::value_variants() } else { arguments.platforms.as_slice() };
    // What is missing is named before anything is built.
    platforms
        .iter()
        .try_for_each(|&platform| trial::check_programs(platform))
        .map_err(|error| format!("{error}\n(cargo xtask wheels --help: platforms can be left out)"))?;
    let mut trials = Vec::new();
    for &platform in platforms {
        // It is put beside the others when it has passed: what lies there gets a sum, and is published.
        let work = tempfile::tempdir_in(&output)?;
        let wheel = build(platform, work.path())?;
        if !platform.is_musl() {
            inspect(platform, &wheel)?;
        }
        trials.push(format!("{}: {}", platform.tag(), trial::run(platform, &wheel)?));
        let path = output.join(wheel.file_name().ok_or("a wheel has a name")?);
        fs::rename(&wheel, &path)?;
        println!("{}: {} bytes", path.display(), fs::metadata(&path)?.len());
    }
    if arguments.sdist || is_all {
        trials.push(format!("source package: {}", source(&output)?));
    }
    sums(&output)?;
    trials.iter().for_each(|trial| println!("{trial}"));
    Ok(())
}

/// Makes the source package in this folder. Returns how it was tried.
fn source(output: &Path) -> Result<String> {
    let work = tempfile::tempdir_in(output)?;
    let mut maturin = Tools::install()?.command("maturin");
    run_program(maturin.args(["sdist", "--out"]).arg(work.path()).current_dir(root().join("crates/python")))?;
    let package = fs::read_dir(work.path())?.next().ok_or("maturin made no source package")??;
    let trial = trial::use_here(&package.path())?;
    let path = output.join(package.file_name());
    fs::rename(package.path(), &path)?;
    println!("{}: {} bytes", path.display(), fs::metadata(&path)?.len());
    Ok(trial)
}

/// Builds a wheel. Returns its path.
fn build(platform: Platform, output: &Path) -> Result<PathBuf> {
    let work = tempfile::tempdir_in(output)?;
    let mut maturin = Tools::install()?.command("maturin");
    maturin.args(["build", "--locked", "--zig", "--profile", "wheel", "--target", platform.triple()]);
    maturin.args(["--compatibility", platform.policy(), "--out"]).arg(work.path());
    run_program(maturin.current_dir(root().join("crates/python")))?;
    let built = fs::read_dir(work.path())?.next().ok_or("maturin built no wheel")??;
    with_licences(platform, &built.path(), output)
}

/// Packs a wheel anew in this folder, with the licences of all that its module contains. Returns its path.
fn with_licences(platform: Platform, wheel: &Path, output: &Path) -> Result<PathBuf> {
    let work = tempfile::tempdir_in(output)?;
    run_program(tool("wheel")?.args(["unpack", "--dest"]).arg(work.path()).arg(wheel))?;
    let name = format!("fanjian-{}", own_version()?);
    let tree = work.path().join(&name);
    let information = tree.join(format!("{name}.dist-info"));
    let built = Built {
        name: "The extension module of fanjian",
        package: "fanjian-python",
        features: "",
        triple: platform.triple(),
        is_static: false,
    };
    let licences = information.join("licenses");
    fs::write(licences.join(licences::FILE), licences::report(&built)?)?;
    fs::copy(licences::of_rust()?, licences.join(licences::RUST))?;
    let metadata = information.join("METADATA");
    fs::write(&metadata, with_licence_files(&fs::read_to_string(&metadata)?, &[licences::FILE, licences::RUST])?)?;
    let packed = work.path().join("packed");
    fs::create_dir(&packed)?;
    let mut pack = tool("wheel")?;
    run_program(pack.args(["pack", "--dest-dir"]).arg(&packed).arg(&tree).env("SOURCE_DATE_EPOCH", TIME))?;
    let packed = fs::read_dir(&packed)?.next().ok_or("wheel packed no wheel")??;
    let wheel = output.join(packed.file_name());
    fs::rename(packed.path(), &wheel)?;
    Ok(wheel)
}

/// The metadata of a package, in which these files are licences, too.
fn with_licence_files(metadata: &str, files: &[&str]) -> Result<String> {
    const FIELD: &str = "License-File: ";

    let last = metadata.rfind(&format!("\n{FIELD}")).ok_or("the metadata of the wheel name no licence")?;
    let end = metadata[last + 1..].find('\n').map_or(metadata.len(), |end| last + 1 + end);
    let added: String = files.iter().map(|file| format!("\n{FIELD}{file}")).collect();
    Ok(format!("{}{added}{}", &metadata[..end], &metadata[end..]))
}

/// A program of `TOOLS`.
fn tool(name: &str) -> Result<Command> {
    let folder = install(&TOOLS.join("-").replace("==", "-"), TOOLS)?;
    let mut command = python();
    command.args(["-m", name]).env("PYTHONPATH", folder);
    Ok(command)
}

/// Checks that a wheel for manylinux needs no more than its name says. For musl, a trial checks it: auditwheel does not know musl
/// by the name that Zig links.
fn inspect(platform: Platform, wheel: &Path) -> Result<()> {
    let shown = text(tool("auditwheel")?.arg("show").arg(wheel))?;
    let tag = format!("{}_", platform.policy().replace("manylinux2014", "manylinux_2_17"));
    // Its lines are broken at some width.
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if !shown.contains(&format!("consistent with the following platform tag: \"{tag}")) {
        return Err(format!("{} is not what its name says: {shown}", wheel.display()).into());
    }
    println!("auditwheel: {shown}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_added_behind_the_last_one() {
        let metadata = "Name: a\nLicense-File: LICENSE\nLicense-File: NOTICE\nSummary: b\n\ntext\n";
        let expected = "Name: a\nLicense-File: LICENSE\nLicense-File: NOTICE\nLicense-File: c\nLicense-File: d\nSummary: b\n\ntext\n";
        assert_eq!(with_licence_files(metadata, &["c", "d"]).unwrap(), expected);
        assert!(with_licence_files("Name: a\n\ntext\n", &["c"]).is_err());
    }
}

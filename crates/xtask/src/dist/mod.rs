//! The files of a release: programs for Linux, packages for Debian, sources, checksums.
//!
//! Everything is tried as a user would use it: archives are unpacked, packages are installed into an empty root, programs
//! convert a text, and the packages of crates are built from their packed form.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::ValueEnum;
use import::{Result, root};

use crate::{
    metadata::{own_repository, own_version},
    process::{run as run_program, text},
    processor, programs,
};

mod archive;
mod crates;
mod debian;
mod formula;
mod image;
mod installed;
pub(crate) mod licences;
mod target;
mod tools;

use target::Target;
pub(crate) use tools::Tools;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The parts to make [default: all]
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// The targets of the programs [default: all]
    #[arg(long, value_enum)]
    target: Vec<Target>,
    /// The folder of the files [default: target/releases/VERSION]
    #[arg(long, short = 'O', value_name = "DIR")]
    output: Option<PathBuf>,
    /// The address under which the files will be published: for the Homebrew formula, which is not made without it
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The address of the project's page, for the Homebrew formula and the Debian packages [default: `repository` in Cargo.toml,
    /// if it is there]
    #[arg(long, value_name = "URL")]
    homepage: Option<String>,
    /// The maintainer of the Debian packages, as `Name <address>` [default: the committer that git names]
    #[arg(long, value_name = "NAME")]
    maintainer: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The packages of the crates, built from their packed form
    Crates,
    /// The source of everything, and the Homebrew formula
    Source,
    /// The programs, and the Debian packages
    Programs,
    /// The images for containers, of the programs in the folder: built and run, but not kept
    Images,
}

/// What all files of a release have in common.
struct Release {
    version: String,
    /// The time of the commit, in seconds: that of all files, so that the same commit makes the same archives.
    time: u64,
    output: PathBuf,
    maintainer: String,
    homepage: Option<String>,
}

/// The folder of the files of a release, which this makes: the one that is asked for, or that of the version.
pub(crate) fn release_folder(asked: Option<&Path>, version: &str) -> Result<PathBuf> {
    let folder = asked.map_or_else(|| root().join("target/releases").join(version), Path::to_owned);
    fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

impl Release {
    fn new(arguments: &Arguments) -> Result<Release> {
        let version = own_version()?;
        let output = release_folder(arguments.output.as_deref(), &version)?;
        let maintainer = match &arguments.maintainer {
            Some(name) => name.clone(),
            // With the time of the commit behind it.
            None => text(git().args(["var", "GIT_COMMITTER_IDENT"]))?
                .rsplit_once('>')
                .map(|(name, _)| format!("{name}>"))
                .ok_or("git names no committer: pass --maintainer")?,
        };
        let time = text(git().args(["log", "-1", "--format=%ct"]))?.trim().parse()?;
        let homepage = arguments.homepage.clone().map_or_else(own_repository, |homepage| Ok(Some(homepage)))?;
        Ok(Release { version, time, output, maintainer, homepage })
    }

    fn name(&self) -> String {
        format!("fanjian-{}", self.version)
    }

    /// A program that takes the time of what it makes from the environment.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("SOURCE_DATE_EPOCH", self.time.to_string()).env("LC_ALL", "C");
        command
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let release = Release::new(arguments)?;
    let makes = |part| arguments.parts.is_empty() || arguments.parts.contains(&part);
    let targets = if arguments.target.is_empty() { Target::value_variants() } else { &arguments.target };
    // What is missing is named before anything is built.
    if makes(Part::Source) && arguments.url.is_some() && release.homepage.is_none() {
        return Err(
            "the Homebrew formula needs --homepage, or `repository` in [workspace.package] of Cargo.toml".into()
        );
    }
    check_programs(makes(Part::Programs), makes(Part::Images), targets)
        .map_err(|error| format!("{error}\n(cargo xtask dist --help: parts and targets can be left out)"))?;

    if makes(Part::Crates) {
        crates::pack(&release)?;
    }
    if makes(Part::Source) {
        source(&release, arguments.url.as_deref())?;
    }
    for &target in targets {
        if makes(Part::Programs) {
            program(&release, target)?;
        }
        if makes(Part::Images) {
            image::try_image(&release, target)?;
        }
    }
    sums(&release.output)
}

/// Checks that the programs are installed that pack and try the programs or the images of these targets.
fn check_programs(of_programs: bool, of_images: bool, targets: &[Target]) -> Result<()> {
    if of_programs {
        programs::need_all(&TOOLS)?;
    }
    if of_images {
        programs::need("buildah", "buildah", "builds the images")?;
    }
    if of_programs || of_images {
        targets.iter().try_for_each(|target| processor::emulator(target.processor()).map(drop))?;
    }
    Ok(())
}

/// What packs the programs and tries the packages: the program, its package of Debian, its purpose.
const TOOLS: [(&str, &str, &str); 4] = [
    ("dpkg-deb", "dpkg", "packs the Debian packages"),
    ("dpkg", "dpkg", "installs the Debian packages into an empty root"),
    ("groff", "groff-base", "checks the manual pages"),
    ("readelf", "binutils", "checks that the programs are static"),
];

/// The source archive of the commit, and the formula that builds it.
fn source(release: &Release, url: Option<&str>) -> Result<()> {
    if !text(git().args(["status", "--porcelain", "--untracked-files=no"]))?.is_empty() {
        return Err("the source of a release is that of a commit: commit the changes first (git status)".into());
    }
    // Without `source`, it would have the name of the source that a registry of Python has.
    let name = format!("{}-source", release.name());
    let path = release.output.join(format!("{name}.tar.gz"));
    let prefix = format!("--prefix={name}/");
    run_program(git().args(["archive", "--format=tar.gz", &prefix, "--output"]).arg(&path).arg("HEAD"))?;
    println!("{}", path.display());
    match url {
        Some(url) => formula::write(release, url, &path),
        None => {
            println!("no Homebrew formula: it needs --url, the address of the published files");
            Ok(())
        }
    }
}

/// The archive and the Debian package of a target, and their trials.
fn program(release: &Release, target: Target) -> Result<()> {
    let program = target.build()?;
    target::check_static(&program)?;
    let work = tempfile::tempdir()?;
    let licences = work.path().join("licences.txt");
    fs::write(&licences, licences::report(&target.built())?)?;
    let archive = archive::pack(release, target, &program, &licences)?;
    or_removed(&archive, archive::check(release, target, &archive))?;
    let package = debian::pack(release, target, &program, &licences)?;
    or_removed(&package, debian::check(release, target, &package))
}

/// The result of the trial of a file, which is removed if it has failed: what lies in the folder gets a sum, and is published.
fn or_removed(path: &Path, trial: Result<()>) -> Result<()> {
    if trial.is_err() {
        fs::remove_file(path)?;
    }
    trial
}

/// Writes `SHA256SUMS` for all files of the folder of a release, and checks it.
pub(crate) fn sums(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let name = file.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        // A folder is what a run that was broken off has left.
        if name != SUMS && file.file_type()?.is_file() {
            names.push(name);
        }
    }
    names.sort();
    let sums = text(Command::new("sha256sum").arg("--").args(&names).current_dir(folder))?;
    fs::write(folder.join(SUMS), &sums)?;
    run_program(Command::new("sha256sum").args(["--check", "--strict", SUMS]).current_dir(folder))
}

const SUMS: &str = "SHA256SUMS";

fn git() -> Command {
    let mut command = Command::new("git");
    command.current_dir(root());
    command
}

/// A template of `crates/cli/packaging`, with values for `@NAME@`.
fn template(name: &str, values: &[(&str, &str)]) -> Result<String> {
    let path = root().join("crates/cli/packaging").join(name);
    let mut text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    for (name, value) in values {
        text = text.replace(&format!("@{name}@"), value);
    }
    Ok(text)
}

/// Copies a file, with the permission to run it or without.
fn install(from: &Path, to: &Path, mode: u32) -> Result<()> {
    let text = fs::read(from).map_err(|error| format!("cannot read {}: {error}", from.display()))?;
    write(to, &text, mode)
}

fn write(to: &Path, text: &[u8], mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, text).map_err(|error| format!("cannot write {}: {error}", to.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_of_all_files_and_are_written_again_when_there_are_more() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b.crate"), "b").unwrap();
        fs::create_dir(folder.path().join(".tmp")).unwrap();
        sums(folder.path()).unwrap();
        fs::write(folder.path().join("a.whl"), "a").unwrap();
        sums(folder.path()).unwrap();
        let written = fs::read_to_string(folder.path().join(SUMS)).unwrap();
        let names: Vec<_> = written.lines().map(|line| &line[64..]).collect();
        assert_eq!(names, ["  a.whl", "  b.crate"]);
    }
}

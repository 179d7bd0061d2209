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
    metadata::own_version,
    process::{run as run_program, text},
};

mod archive;
mod crates;
mod debian;
mod formula;
mod installed;
mod licences;
mod target;

use target::Target;
pub(crate) use target::Tools;

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
    /// The address of the project's page, for the Homebrew formula and the Debian packages
    #[arg(long, value_name = "URL", requires = "url")]
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
        Ok(Release { version, time, output, maintainer, homepage: arguments.homepage.clone() })
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
    if makes(Part::Crates) {
        crates::pack(&release)?;
    }
    if makes(Part::Source) {
        source(&release, arguments.url.as_deref())?;
    }
    if makes(Part::Programs) {
        let targets = if arguments.target.is_empty() { Target::value_variants() } else { &arguments.target };
        for &target in targets {
            program(&release, target)?;
        }
    }
    sums(&release)
}

/// The source archive of the commit, and the formula that builds it.
fn source(release: &Release, url: Option<&str>) -> Result<()> {
    if !text(git().args(["status", "--porcelain", "--untracked-files=no"]))?.is_empty() {
        return Err("the source of a release is that of a commit: commit the changes first (git status)".into());
    }
    let path = release.output.join(format!("{}.tar.gz", release.name()));
    let prefix = format!("--prefix={}/", release.name());
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
    fs::write(&licences, licences::report(target)? + &licences::of_musl()?)?;
    let archive = archive::pack(release, target, &program, &licences)?;
    archive::check(release, target, &archive)?;
    let package = debian::pack(release, target, &program, &licences)?;
    debian::check(release, target, &package)
}

/// Writes `SHA256SUMS` for all files of the folder, and checks it.
fn sums(release: &Release) -> Result<()> {
    let mut names = Vec::new();
    for file in fs::read_dir(&release.output)? {
        let name = file?.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        if name != SUMS {
            names.push(name);
        }
    }
    names.sort();
    let sums = text(Command::new("sha256sum").arg("--").args(&names).current_dir(&release.output))?;
    fs::write(release.output.join(SUMS), &sums)?;
    run_program(Command::new("sha256sum").args(["--check", "--strict", SUMS]).current_dir(&release.output))
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

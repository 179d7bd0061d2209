//! The targets of the programs: how they are built, and run on this machine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};

use super::{licences::Built, tools::Tools};
use crate::{
    metadata::target_folder,
    process::{run, text},
    processor,
};

/// The features of the published command: all.
const FEATURES: &str = "parquet,zstd";

/// A target: statically linked with musl, so that it runs on any Linux.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum Target {
    #[value(name = "x86_64-unknown-linux-musl")]
    X86_64,
    #[value(name = "aarch64-unknown-linux-musl")]
    Aarch64,
}

impl Target {
    pub(super) fn triple(self) -> &'static str {
        match self {
            Target::X86_64 => "x86_64-unknown-linux-musl",
            Target::Aarch64 => "aarch64-unknown-linux-musl",
        }
    }

    /// The name of the processor, as in the triple.
    pub(super) fn processor(self) -> &'static str {
        processor::of(self.triple())
    }

    /// The name of the processor in Debian.
    pub(super) fn debian(self) -> &'static str {
        processor::in_debian(self.processor())
    }

    /// Builds the command. Returns its path.
    pub(super) fn build(self) -> Result<PathBuf> {
        let tools = Tools::install()?;
        let mut command = tools.command("cargo-zigbuild");
        command.args(["zigbuild", "--locked", "--profile", "dist", "--package", "fanjian-cli"]);
        command.args(["--features", FEATURES, "--target", self.triple()]);
        println!("building the command for {}", self.triple());
        run(command.current_dir(root()))?;
        Ok(target_folder().join(self.triple()).join("dist/fanjian"))
    }

    /// What the licences are of.
    pub(super) fn built(self) -> Built<'static> {
        let (name, package) = ("The program fanjian", "fanjian-cli");
        Built { name, package, features: FEATURES, triple: self.triple(), is_static: true }
    }

    /// A command that runs a program of this target: by itself, or by the emulator of QEMU.
    pub(super) fn command(self, program: &Path) -> Result<Command> {
        Ok(match processor::emulator(self.processor())? {
            None => Command::new(program),
            Some(emulator) => {
                let mut command = Command::new(emulator);
                command.arg(program);
                command
            }
        })
    }

    /// Runs a program: it has to be of this version, and to convert a text.
    pub(super) fn check(self, program: &Path, version: &str) -> Result<()> {
        let folder = tempfile::tempdir()?;
        check(&program.display().to_string(), version, folder.path(), || self.command(program))
    }
}

/// Runs a program by commands that work in this folder: it has to be of this version, and to convert a text.
pub(super) fn check(name: &str, version: &str, folder: &Path, command: impl Fn() -> Result<Command>) -> Result<()> {
    let shown = text(command()?.arg("--version").current_dir(folder))?;
    if !shown.starts_with(&format!("fanjian {version}")) {
        return Err(format!("{name} --version prints {shown:?}").into());
    }
    fs::write(folder.join("page.txt"), "这里的头发，鼠标里的软件\n")?;
    let arguments = ["--to", "zh-TW", "--vocabulary", "local", "page.txt"];
    let converted = text(command()?.args(arguments).current_dir(folder))?;
    if converted == "這裡的頭髮，滑鼠裡的軟體\n" {
        Ok(())
    } else {
        Err(format!("{name} converts to {converted:?}").into())
    }
}

/// Checks that a program needs no other file: neither a loader nor a library.
pub(super) fn check_static(program: &Path) -> Result<()> {
    let headers = text(Command::new("readelf").args(["--program-headers", "--dynamic", "--wide"]).arg(program))?;
    match headers.lines().find(|line| line.contains("INTERP") || line.contains("(NEEDED)")) {
        Some(line) => Err(format!("{} is not static: {}", program.display(), line.trim()).into()),
        None => Ok(()),
    }
}

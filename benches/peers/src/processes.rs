//! Peers as child processes.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use measure::JsonProcess;
use serde_json::Value;
use worker::{Answer, OWN_WORDS_FILE, Request, Result};

use crate::{
    listing::{Listing, OPENCC_JS, Program},
    texts,
};

/// What starts a peer, again and again.
pub(crate) struct Starter {
    pub(crate) listing: Listing,
    program: PathBuf,
    arguments: Vec<PathBuf>,
    environment: Vec<(&'static str, PathBuf)>,
}

impl Starter {
    /// Builds or installs what the peer needs.
    pub(crate) fn prepare(listing: Listing) -> Result<Starter> {
        let mut starter =
            Starter { listing, program: env::current_exe()?, arguments: Vec::new(), environment: Vec::new() };
        match listing.program {
            Program::Own(_) => starter.arguments = vec!["worker".into(), listing.name.into()],
            Program::Package(package, _) => starter.program = build(&manifest(), &["--package", package], &[])?,
            Program::OpenCc(_) => {
                let library = opencc_folder()?;
                let libraries = ["lib64", "lib"].map(|name| library.join(name)).into_iter().find(|path| path.is_dir());
                let environment = [
                    ("OPENCC_LIB_DIRS", libraries.ok_or("the package opencc holds no library")?),
                    ("OPENCC_INCLUDE_DIRS", library.join("include")),
                    ("OPENCC_LIBS", "opencc:marisa".into()),
                    ("OPENCC_STATIC", "1".into()),
                    ("OPENCC_DYLIB_STDCPP", "1".into()),
                ];
                starter.program = build(&manifest(), &["--package", "opencc-worker"], &environment)?;
                starter.arguments = vec![library.join("share/opencc")];
            }
            Program::OpenCcPython => return Starter::opencc_python(listing, true),
            Program::Python(packages) => {
                let folder = import::install(&packages[0].replace("==", "-"), packages)?;
                return Ok(Starter::python(listing, vec![listing.name.into()], folder));
            }
            Program::Node => {
                let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/opencc_js.mjs");
                starter.program = "node".into();
                starter.arguments = vec![script, install_opencc_js()?];
            }
        }
        Ok(starter)
    }

    /// What starts OpenCC for its results, with or without its tofu-risk dictionaries.
    pub(crate) fn reference(tofu_risk: bool) -> Result<Starter> {
        let listing = Listing { name: "reference", title: "reference", program: Program::OpenCcPython };
        Starter::opencc_python(listing, tofu_risk)
    }

    fn opencc_python(listing: Listing, tofu_risk: bool) -> Result<Starter> {
        let mut arguments = vec!["opencc".into()];
        if !tofu_risk {
            arguments.push("without-tofu-risk".into());
        }
        Ok(Starter::python(listing, arguments, import::site(import::VERSION)?))
    }

    /// What starts a peer of `python_peers.py`, whose packages are in a folder.
    fn python(listing: Listing, arguments: Vec<PathBuf>, folder: PathBuf) -> Starter {
        let script = vec!["-c".into(), include_str!("python_peers.py").into()];
        let arguments = script.into_iter().chain(arguments).collect();
        let program = import::python().get_program().into();
        Starter { listing, program, arguments, environment: vec![("PYTHONPATH", folder)] }
    }

    pub(crate) fn start(&self) -> Result<Process> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.env(OWN_WORDS_FILE, texts::own_words_file());
        Ok(Process(JsonProcess::start(self.listing.name, &mut command)?))
    }
}

/// A peer that runs.
pub(crate) struct Process(JsonProcess);

impl Process {
    pub(crate) fn configs(&mut self) -> Result<Vec<String>> {
        match self.0.ask(&Request::Configs)? {
            Answer::Configs(configs) => Ok(configs),
            answer => Err(format!("unexpected answer: {answer:?}").into()),
        }
    }

    pub(crate) fn seconds(&mut self, request: &Request) -> Result<f64> {
        self.try_seconds(request)?.map_err(|error| format!("{error} to {request:?}").into())
    }

    /// As [`seconds`](Self::seconds), but why the peer has no answer is a result.
    pub(crate) fn try_seconds(&mut self, request: &Request) -> Result<std::result::Result<f64, String>> {
        match self.0.ask(request)? {
            Answer::Seconds(seconds) => Ok(Ok(seconds)),
            Answer::Error(error) => Ok(Err(error)),
            answer => Err(format!("{answer:?} to {request:?}").into()),
        }
    }

    /// How often the process has touched memory that the system had not given it yet, and that was not on a disk.
    pub(crate) fn page_faults(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The fields behind the name of the program, which is in parentheses: the eighth one counts them.
        let fields = status.rsplit(')').next().and_then(|fields| fields.split_whitespace().nth(7));
        Ok(fields.ok_or("no page faults in the status")?.parse()?)
    }

    /// The most memory that the process has had, in bytes.
    pub(crate) fn peak(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in the status")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? * 1024.0)
    }
}

/// The folder of the package `opencc` that holds the library, the command and the configurations.
pub(crate) fn opencc_folder() -> Result<PathBuf> {
    Ok(import::site(import::VERSION)?.join("opencc/clib"))
}

fn manifest() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")
}

/// Builds a program and tells where it is.
pub(crate) fn build(manifest: &Path, arguments: &[&str], environment: &[(&str, PathBuf)]) -> Result<PathBuf> {
    let output = Command::new("cargo")
        .args(["build", "--release", "--locked", "--quiet", "--message-format", "json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(manifest)
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stderr(Stdio::inherit())
        .output()?;
    let messages = String::from_utf8(output.stdout)?;
    let executable = |line: &str| serde_json::from_str::<Value>(line).ok()?["executable"].as_str().map(PathBuf::from);
    messages
        .lines()
        .filter_map(executable)
        .next_back()
        .ok_or_else(|| format!("cannot build {} of {} (see above)", arguments.join(" "), manifest.display()).into())
}

/// The folder that opencc-js is installed in, the first time by npm.
fn install_opencc_js() -> Result<PathBuf> {
    let folder = import::root().join("target/packages").join(format!("opencc-js-{OPENCC_JS}"));
    if !folder.is_dir() {
        let output = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(format!("opencc-js@{OPENCC_JS}"))
            .output()
            .map_err(|error| format!("cannot run npm: {error}"))?;
        if !output.status.success() {
            return Err(format!("npm cannot install it: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
        }
    }
    Ok(folder)
}

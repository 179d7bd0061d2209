//! The npm package: WebAssembly of the crate `fanjian-wasm`, and JavaScript of the TypeScript in `web/npm`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use import::{Result, root};
use serde::Deserialize;

use crate::{npm, process, programs};

/// The Rust target.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// The release of `wasm-bindgen`, which is that of the crate: see `crates/wasm/Cargo.toml`.
const WASM_BINDGEN: &str = "0.2.130";

/// The folder of the npm package.
pub(super) fn package() -> PathBuf {
    root().join("web/npm")
}

/// The WebAssembly of each purpose: the name, and the features of the crate.
const VARIANTS: [(&str, &[&str]); 3] = [
    ("engine", &["--no-default-features", "--features", "fanjian/tables-alone"]),
    ("targets", &["--no-default-features", "--features", "targets"]),
    ("documents", &[]),
];

/// Builds the package in its folder.
pub(crate) fn build() -> Result<()> {
    install_target()?;
    let wasm_bindgen = wasm_bindgen()?;
    process::run(npm().args(["ci", "--silent", "--no-audit", "--no-fund"]))?;
    for folder in ["wasm", "data", "dist"] {
        let folder = package().join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
    }
    for (name, features) in VARIANTS {
        let Built { wasm, data } = compile(features)?;
        let mut bindgen = Command::new(&wasm_bindgen);
        bindgen.args(["--target", "web", "--out-name", name, "--remove-name-section", "--remove-producers-section"]);
        // `load.ts` always names the file.
        bindgen.arg("--omit-default-module-path");
        process::run(bindgen.arg("--out-dir").arg(package().join("wasm")).arg(wasm))?;
        // The last variant has all data.
        copy(&data, &package().join("data"))?;
    }
    for file in ["LICENSE", "NOTICE"] {
        fs::copy(root().join(file), package().join(file))?;
    }
    process::run(npm().args(["run", "--silent", "build"]))
}

/// npm in the package's folder.
pub(super) fn npm() -> Command {
    npm::command(&package())
}

/// What cargo made.
struct Built {
    wasm: PathBuf,
    /// The folder of the data that the library's build script made.
    data: PathBuf,
}

/// Compiles the crate.
fn compile(features: &[&str]) -> Result<Built> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "fanjian-wasm", "--lib", "--profile", "web", "--target", TARGET]);
    cargo.args(["--message-format", "json-render-diagnostics"]).args(features).current_dir(root());
    // All browsers and versions of Node that the package supports have these instructions.
    cargo.env("RUSTFLAGS", "-C target-feature=+simd128").stderr(Stdio::inherit());
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(format!("{cargo:?} failed (see above)").into());
    }
    let (mut wasm, mut data) = (None, None);
    for line in output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let message: Message = serde_json::from_slice(line)?;
        match message.reason.as_str() {
            "compiler-artifact" => {
                let file = message.filenames.into_iter().find(|file| file.ends_with("fanjian_wasm.wasm"));
                wasm = file.map(PathBuf::from).or(wasm);
            }
            "build-script-executed" => {
                let folder = message.out_dir.map(|folder| folder.join("external")).filter(|folder| folder.is_dir());
                data = folder.or(data);
            }
            _ => {}
        }
    }
    match (wasm, data) {
        (Some(wasm), Some(data)) => Ok(Built { wasm, data }),
        _ => Err("cargo did not name the WebAssembly and the data that it has made".into()),
    }
}

/// A message of cargo.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    filenames: Vec<String>,
    out_dir: Option<PathBuf>,
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

/// Asks for the Rust target, which is not part of a toolchain.
pub(crate) fn install_target() -> Result<()> {
    let added = process::output(Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()));
    added.map(drop).map_err(|error| format!("the Rust target {TARGET} cannot be had: {error}").into())
}

/// The program `wasm-bindgen` of the crate's release, which this installs into the target folder the first time.
fn wasm_bindgen() -> Result<PathBuf> {
    // Not optimized, it is installed in half the time, and takes three seconds instead of one.
    programs::of_cargo("wasm-bindgen-cli", WASM_BINDGEN, "wasm-bindgen", &["--debug"])
}

//! The npm package: WebAssembly of the crate `fanjian-wasm`, and JavaScript of the TypeScript in `web/npm`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use import::{Result, root};
use serde::Deserialize;

use crate::{metadata::target_folder, npm, process};

/// The Rust target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The folder of the npm package.
pub(super) fn package() -> PathBuf {
    root().join("web/npm")
}

/// The flags of the compiler without built-in data; and without dictionaries as well.
pub(crate) const EXTERNAL_DATA: &str = "--cfg fanjian_external_data";
pub(crate) const TABLES_ALONE: &str = "--cfg fanjian_external_data --cfg fanjian_tables_alone";

/// The WebAssembly of each purpose: the name, the features of the crate, and the flags of the compiler.
const VARIANTS: [(&str, &[&str], &str); 3] = [
    ("engine", &["--no-default-features"], TABLES_ALONE),
    ("targets", &["--no-default-features", "--features", "targets"], EXTERNAL_DATA),
    ("documents", &[], EXTERNAL_DATA),
];

/// Builds the package in its folder.
pub(crate) fn build() -> Result<()> {
    install_target()?;
    let bindgen = bindgen()?;
    process::run(npm().args(["ci", "--silent", "--no-audit", "--no-fund"]))?;
    for folder in ["wasm", "data", "dist"] {
        let folder = package().join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
    }
    for (name, features, flags) in VARIANTS {
        let Built { wasm, data } = compile(features, flags)?;
        process::run(Command::new(&bindgen).arg(name).arg(package().join("wasm")).arg(wasm))?;
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
fn compile(features: &[&str], flags: &str) -> Result<Built> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "fanjian-wasm", "--lib", "--profile", "web", "--target", TARGET]);
    cargo.args(["--message-format", "json-render-diagnostics"]).args(features).current_dir(root());
    // All browsers and versions of Node that the package supports have these instructions.
    set_flags(&mut cargo, &format!("-C target-feature=+simd128 {flags}")).stderr(Stdio::inherit());
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

/// Has cargo compile with these flags.
pub(crate) fn set_flags<'c>(cargo: &'c mut Command, flags: &str) -> &'c mut Command {
    // The other variable would take the place of this one.
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", flags)
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

/// The program of `web/bindgen`, which this builds.
fn bindgen() -> Result<PathBuf> {
    let target = target_folder().join("tools/bindgen");
    let mut cargo = Command::new(env!("CARGO"));
    // Not optimized, it takes three seconds instead of one, and is built in half the time.
    cargo.args(["build", "--quiet", "--locked", "--manifest-path"]).arg(root().join("web/bindgen/Cargo.toml"));
    process::run(cargo.arg("--target-dir").arg(&target))?;
    Ok(target.join("debug/bindgen"))
}

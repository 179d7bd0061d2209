//! The npm package: WebAssembly of the crate `fanjian-wasm`, and JavaScript of the TypeScript in `web/npm`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};

/// The Rust target.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// The release of `wasm-bindgen`, which is that of the crate: see `crates/wasm/Cargo.toml`.
const WASM_BINDGEN: &str = "0.2.130";

/// The folder of the npm package.
pub(super) fn package() -> PathBuf {
    root().join("web/npm")
}

/// Builds the package in its folder.
pub(crate) fn build() -> Result<()> {
    install_target()?;
    let wasm_bindgen = wasm_bindgen()?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--package", "fanjian-wasm", "--profile", "web", "--target", TARGET]).current_dir(root());
    // All browsers and versions of Node that the package supports have these instructions.
    success(cargo.env("RUSTFLAGS", "-C target-feature=+simd128"))?;
    let built = target().join(TARGET).join("web/fanjian_wasm.wasm");
    let folder = package().join("wasm");
    let mut bindgen = Command::new(wasm_bindgen);
    bindgen.args(["--target", "web", "--out-name", "fanjian", "--remove-name-section", "--remove-producers-section"]);
    success(bindgen.arg("--out-dir").arg(&folder).arg(built))?;
    for file in ["LICENSE", "NOTICE"] {
        fs::copy(root().join(file), package().join(file))?;
    }
    npm(&["ci", "--silent", "--no-audit", "--no-fund"])?;
    npm(&["run", "--silent", "build"])
}

/// Asks for the Rust target, which is not part of a toolchain.
fn install_target() -> Result<()> {
    let output = Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()).output();
    let output = output.map_err(|error| format!("cannot run rustup, which adds the Rust target {TARGET}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(format!("cannot add the Rust target {TARGET} by rustup: {}", reason.trim()).into())
}

/// The program `wasm-bindgen` of the crate's release, which this installs into the target folder the first time.
fn wasm_bindgen() -> Result<PathBuf> {
    let folder = target().join("tools").join(format!("wasm-bindgen-{WASM_BINDGEN}"));
    let program = folder.join("bin/wasm-bindgen");
    if !program.is_file() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["install", "--quiet", "wasm-bindgen-cli", "--version", WASM_BINDGEN, "--bin", "wasm-bindgen"]);
        success(cargo.arg("--root").arg(&folder))?;
    }
    Ok(program)
}

/// Runs npm in the package's folder.
pub(super) fn npm(arguments: &[&str]) -> Result<()> {
    let mut npm = Command::new("npm");
    success(npm.args(arguments).current_dir(package()))
}

/// The folder of what cargo builds.
pub(super) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

pub(crate) fn success(command: &mut Command) -> Result<()> {
    let program = Path::new(command.get_program()).display().to_string();
    let status = command.status().map_err(|error| format!("cannot run {program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}").into()) }
}

//! The libraries for C: built and laid out as they are installed, and checked with other programs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};

use crate::{
    dist::licences::{self, Built},
    machine,
    metadata::{built, own_version},
    process,
};

mod check;

/// The SONAME of `libfanjian.so`.
const OWN_SONAME: &str = "libfanjian.so.0";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to install into: with include, lib, lib/pkgconfig, lib/cmake and share/doc
    #[arg(long, short = 'O', value_name = "DIR", required_unless_present = "check")]
    output: Option<PathBuf>,
    /// Build the library that takes the place of libopencc, under the SONAME that a program asks for, instead of libfanjian
    #[arg(long, value_name = "NAME", value_parser = soname)]
    soname: Option<String>,
    /// Where the program's configurations of OpenCC are: the last folder in which the library looks for a name
    #[arg(long, value_name = "DIR", requires = "soname", default_value = "/usr/share/opencc")]
    data: String,
    /// Build with the profile `dev`, with debug assertions and less optimization
    #[arg(long)]
    debug: bool,
    /// Install both libraries into a temporary folder, and run tests, valgrind and programs of Debian with them: needs these
    #[arg(long, conflicts_with = "output")]
    check: bool,
}

/// A name such as `libopencc.so.1.1`.
fn soname(name: &str) -> std::result::Result<String, String> {
    match name.strip_prefix("libopencc.so.") {
        Some(version) if !version.is_empty() && version.chars().all(|c| c.is_ascii_digit() || c == '.') => {
            Ok(name.to_owned())
        }
        _ => Err("a SONAME of libopencc is libopencc.so.VERSION, such as libopencc.so.1.1".to_owned()),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let profile = if arguments.debug { "dev" } else { "dist" };
    if arguments.check {
        return check::run(profile);
    }
    let Some(output) = &arguments.output else { return Err("--output is missing".into()) };
    fs::create_dir_all(output)?;
    let output = output.canonicalize()?;
    match &arguments.soname {
        Some(soname) => drop_in(&output, soname, &arguments.data, profile),
        None => own(&output, profile),
    }
}

/// Installs `libfanjian`.
fn own(prefix: &Path, profile: &str) -> Result<()> {
    let soname = format!("link-arg=-Wl,-soname,{OWN_SONAME}");
    let mut cargo = cargo(&["rustc", "--package", "fanjian-c", "--lib", "--profile", profile]);
    cargo.args(["--crate-type", "cdylib,staticlib", "--", "-C", &soname]);
    process::run(&mut cargo)?;
    let built = built(profile);
    let lib = folder(prefix, "lib")?;
    fs::copy(built.join("libfanjian.so"), lib.join(OWN_SONAME))?;
    fs::copy(built.join("libfanjian.a"), lib.join("libfanjian.a"))?;
    link(&lib, OWN_SONAME, "libfanjian.so")?;
    fs::copy(root().join("crates/c/include/fanjian.h"), folder(prefix, "include")?.join("fanjian.h"))?;
    templates(prefix, "fanjian", &root().join("crates/c"), &[("VERSION", &own_version()?), ("SONAME", OWN_SONAME)])?;
    documents(prefix, "fanjian", "The library libfanjian", "fanjian-c")?;
    println!("libfanjian is in {}", prefix.display());
    Ok(())
}

/// Installs the library that takes the place of libopencc.
fn drop_in(prefix: &Path, soname: &str, data: &str, profile: &str) -> Result<()> {
    let mut cargo = cargo(&["build", "--package", "fanjian-opencc", "--profile", profile]);
    process::run(cargo.env("FANJIAN_OPENCC_DATA_DIR", data))?;
    let lib = folder(prefix, "lib")?;
    let sources = root().join("crates/opencc");
    let mut linker = Command::new(sources.join("link.sh"));
    process::run(linker.arg(built(profile).join("libfanjian_opencc.a")).arg(soname).arg(lib.join(soname)))?;
    if profile == "dist" {
        process::run(Command::new("strip").arg("--strip-unneeded").arg(lib.join(soname)))?;
    }
    link(&lib, soname, "libopencc.so")?;
    let include = folder(prefix, "include/opencc")?;
    for header in ["opencc.h", "SimpleConverter.hpp"] {
        fs::copy(sources.join("include").join(header), include.join(header))?;
    }
    let version = soname.trim_start_matches("libopencc.so.");
    templates(prefix, "opencc", &sources, &[("VERSION", version), ("SONAME", soname), ("DATA", data)])?;
    documents(prefix, "fanjian-opencc", &format!("The library {soname}"), "fanjian-opencc")?;
    println!("{soname} is in {}", lib.display());
    Ok(())
}

/// Writes the files for pkg-config and CMake: those of `SOURCES/packaging`, with values for `@NAME@`.
fn templates(prefix: &Path, name: &str, sources: &Path, values: &[(&str, &str)]) -> Result<()> {
    let pkgconfig = folder(prefix, "lib/pkgconfig")?;
    let cmake = folder(prefix, &format!("lib/cmake/{name}"))?;
    for file in fs::read_dir(sources.join("packaging"))? {
        let path = file?.path();
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let mut text = fs::read_to_string(&path)?;
        for (name, value) in values {
            text = text.replace(&format!("@{name}@"), value);
        }
        let target = file.strip_suffix(".in").unwrap_or(file);
        fs::write(if target.ends_with(".pc") { &pkgconfig } else { &cmake }.join(target), text)?;
    }
    Ok(())
}

/// Writes the licences of a library that is built from a package, and of all that it contains.
fn documents(prefix: &Path, folder_name: &str, name: &str, package: &str) -> Result<()> {
    let documents = folder(prefix, &format!("share/doc/{folder_name}"))?;
    for file in ["LICENSE", "NOTICE"] {
        fs::copy(root().join(file), documents.join(file))?;
    }
    let triple = machine::host("rustc", &[])?;
    let built = Built { name, package, features: "", triple: &triple, is_static: false };
    fs::write(documents.join(licences::FILE), licences::report(&built)?)?;
    fs::copy(licences::of_rust()?, documents.join(licences::RUST))?;
    Ok(())
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(root());
    command
}

fn folder(prefix: &Path, name: &str) -> Result<PathBuf> {
    let folder = prefix.join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A symbolic link beside its target.
fn link(folder: &Path, target: &str, name: &str) -> Result<()> {
    let path = folder.join(name);
    if path.symlink_metadata().is_ok() {
        fs::remove_file(&path)?;
    }
    std::os::unix::fs::symlink(target, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_installed_with_the_licences_of_what_it_contains() {
        let prefix = tempfile::tempdir().unwrap();
        documents(prefix.path(), "fanjian", "The library libfanjian", "fanjian-c").unwrap();
        let documents = prefix.path().join("share/doc/fanjian");
        let report = fs::read_to_string(documents.join(licences::FILE)).unwrap();
        for package in ["libc 0.", "memchr 2.", "quick-xml 0."] {
            assert!(report.contains(&format!("\n{package}")), "{package}");
        }
        assert!(!report.contains("\nclap"), "of the command alone");
        assert!(fs::read_to_string(documents.join(licences::RUST)).unwrap().contains("<html"));
        let licence = |path: &Path| fs::read(path.join("LICENSE")).unwrap();
        assert!(licence(&documents) == licence(&root()));
    }
}

//! The oldest Rust that the project promises to build with.
//!
//! Clippy checks that the project's own code calls nothing newer (`incompatible_msrv`); the tests here, that no dependency
//! needs a newer one.

use import::Result;
use serde::Deserialize;

use crate::metadata;

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    rust_version: Option<String>,
}

/// The parts of a version such as `1.91`.
fn parts(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}

/// Packages that need a newer Rust than the library.
fn newer() -> Result<Vec<String>> {
    let packages: Vec<Package> = metadata::packages(&["--locked", "--all-features"])?;
    let own = packages.iter().find(|package| package.name == "fanjian").and_then(|own| own.rust_version.as_deref());
    let own = parts(own.ok_or("the package fanjian has no rust-version")?);
    let is_newer = |version: &String| parts(version) > [own.clone(), vec![0; 3]].concat();
    let newer = packages.iter().filter(|package| package.rust_version.as_ref().is_some_and(is_newer));
    Ok(newer.map(|package| format!("{} {}", package.name, package.version)).collect())
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    assert_eq!(newer().unwrap(), [""; 0], "choose an older version (cargo update NAME --precise VERSION)");
}

#[test]
fn versions_are_compared_by_their_numbers() {
    assert!(parts("1.100") > parts("1.91") && parts("1.91.1") > parts("1.91"));
}

//! The licences and the sources of all packages that are depended on, by the lists of `deny.toml`.

use std::{fs, process::Command};

use import::{Result, root};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::metadata;

/// The registry of packages, as `cargo metadata` names it.
const REGISTRY: &str = "registry+";

#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// None for packages of the repository.
    source: Option<String>,
}

/// Checks licences and sources, and runs cargo-deny, which has to be installed. Advisories are not checked: their database has
/// to be fetched.
pub(crate) fn run() -> Result<()> {
    check()?;
    let mut command = Command::new(env!("CARGO"));
    command.args(["deny", "--workspace", "check", "licenses", "bans", "sources"]).current_dir(root());
    let status = command.status()?;
    // Without the subcommand, cargo ends with 101 and its own message.
    match status.code() {
        Some(0) => Ok(()),
        Some(101) => Err("cargo-deny is not installed: cargo install cargo-deny --locked".into()),
        _ => Err("cargo deny has found something (see above)".into()),
    }
}

/// Checks licences and sources without cargo-deny.
pub(crate) fn check() -> Result<()> {
    let rules: Rules = toml::from_str(&fs::read_to_string(root().join("deny.toml"))?)?;
    let allowed = rules.licenses.allow.iter().map(|name| Licensee::parse(name));
    let allowed: Vec<_> = allowed.collect::<std::result::Result<_, _>>()?;
    let packages: Vec<Package> = metadata::packages(&["--locked", "--all-features"])?;
    let faults: Vec<_> = packages.iter().filter_map(|package| fault(package, &allowed)).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// What is wrong with a package.
fn fault(package: &Package, allowed: &[Licensee]) -> Option<String> {
    let Package { name, version, license, source } = package;
    if source.as_ref().is_some_and(|source| !source.starts_with(REGISTRY)) {
        return Some(format!("{name} {version} is not from the registry, but from {}", source.as_deref()?));
    }
    match license {
        None if source.is_some() => Some(format!("{name} {version} names no licence")),
        Some(license) if !is_allowed(license, allowed) => {
            Some(format!("{name} {version} has the licence {license}, which deny.toml does not allow"))
        }
        _ => None,
    }
}

/// Whether an expression of SPDX is true if the allowed licences are.
fn is_allowed(expression: &str, allowed: &[Licensee]) -> bool {
    let expression = Expression::parse_mode(expression, ParseMode::LAX);
    expression.is_ok_and(|expression| expression.evaluate(|asked| allowed.iter().any(|one| one.satisfies(asked))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dependency_has_an_allowed_licence_and_is_from_the_registry() {
        check().unwrap();
    }

    #[test]
    fn expressions_are_read_as_they_are_meant() {
        let allowed = ["MIT", "Zlib"].map(|name| Licensee::parse(name).unwrap());
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR Apache-2.0) AND Zlib", true),
            ("MIT OR Apache-2.0 AND GPL-3.0-only", true),
            ("(MIT OR Apache-2.0) AND NCSA", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("MIT WITH x", false),
            ("Unlicense/MIT", true),
            ("(MIT", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn a_package_from_elsewhere_or_without_a_licence_is_a_fault() {
        let package = |license: Option<&str>, source: Option<&str>| Package {
            name: "a".into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
        };
        let fault = |license, source| fault(&package(license, source), &[Licensee::parse("MIT").unwrap()]);
        assert!(fault(Some("MIT"), Some("registry+https://index")).is_none());
        assert!(fault(None, None).is_none());
        assert!(fault(None, Some("registry+https://index")).unwrap().contains("names no licence"));
        assert!(fault(Some("MIT"), Some("git+https://host/a")).unwrap().contains("not from the registry"));
        assert!(fault(Some("GPL-2.0-only"), Some("registry+https://index")).unwrap().contains("does not allow"));
    }
}

//! The licences and the sources of all packages that are depended on, by the lists of `deny.toml`.

use std::{fs, process::Command};

use import::{Result, root};
use serde::Deserialize;

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
struct Metadata {
    packages: Vec<Package>,
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
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--all-features", "--format-version", "1"])
        .current_dir(root())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let faults: Vec<_> = metadata.packages.iter().filter_map(|package| fault(package, &rules.licenses.allow)).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// What is wrong with a package.
fn fault(package: &Package, allowed: &[String]) -> Option<String> {
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
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut tokens: Vec<_> = spaced.split_whitespace().rev().collect();
    let result = either(&mut tokens, allowed);
    result && tokens.is_empty()
}

/// `A OR B`. Tokens are taken from the end.
fn either(tokens: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut result = both(tokens, allowed);
    while tokens.pop_if(|token| *token == "OR").is_some() {
        result |= both(tokens, allowed);
    }
    result
}

fn both(tokens: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut result = one(tokens, allowed);
    while tokens.pop_if(|token| *token == "AND").is_some() {
        result &= one(tokens, allowed);
    }
    result
}

fn one(tokens: &mut Vec<&str>, allowed: &[String]) -> bool {
    match tokens.pop() {
        Some("(") => {
            let result = either(tokens, allowed);
            tokens.pop() == Some(")") && result
        }
        Some(license) => {
            let name = match tokens.pop_if(|token| *token == "WITH").and_then(|_| tokens.pop()) {
                Some(exception) => format!("{license} WITH {exception}"),
                None => license.to_owned(),
            };
            allowed.contains(&name)
        }
        None => false,
    }
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
        let allowed = ["MIT".to_owned(), "Zlib".to_owned()];
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
        let fault = |license, source| fault(&package(license, source), &["MIT".to_owned()]);
        assert!(fault(Some("MIT"), Some("registry+https://index")).is_none());
        assert!(fault(None, None).is_none());
        assert!(fault(None, Some("registry+https://index")).unwrap().contains("names no licence"));
        assert!(fault(Some("MIT"), Some("git+https://host/a")).unwrap().contains("not from the registry"));
        assert!(fault(Some("GPL-2.0-only"), Some("registry+https://index")).unwrap().contains("does not allow"));
    }
}

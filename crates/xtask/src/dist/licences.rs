//! The licences of what a program consists of: their texts have to go with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use super::tools::Tools;
use crate::{metadata, process::text};

/// The name of the report beside a program.
pub(crate) const FILE: &str = "LICENSES-THIRD-PARTY.txt";
/// The licences of Rust's standard library, as its distribution has them.
pub(crate) const RUST: &str = "LICENSES-RUST.html";

/// What is built for a target from a package of the workspace, and contains others.
pub(crate) struct Built<'a> {
    /// What the report calls it, such as `The program fanjian`.
    pub(crate) name: &'a str,
    pub(crate) package: &'a str,
    /// Features that are on besides the default ones, with commas between them.
    pub(crate) features: &'a str,
    pub(crate) triple: &'a str,
    /// Whether it contains the C library, which is musl then.
    pub(crate) is_static: bool,
}

/// Names with which the names of licence files begin.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
/// How many folders below a package its parts in other languages have their licences: `zstd/LICENSE`.
const DEPTH: usize = 1;

/// A package that is part of a program.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    /// None for packages of the repository.
    source: Option<String>,
}

/// The file with the licences of the standard library.
pub(crate) fn of_rust() -> Result<PathBuf> {
    let root = text(Command::new("rustc").args(["--print", "sysroot"]))?;
    let path = Path::new(root.trim()).join("share/doc/rust/COPYRIGHT-library.html");
    if path.exists() { Ok(path) } else { Err(format!("this Rust has no {}", path.display()).into()) }
}

/// The licence of musl, which Zig links.
fn of_musl() -> Result<String> {
    let path = Tools::install()?.path("ziglang/lib/libc/musl/COPYRIGHT");
    Ok(fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?)
}

/// The report: each package with its licence, then each text with the packages that it is of.
pub(crate) fn report(built: &Built) -> Result<String> {
    let report = of_packages(built)?;
    Ok(if built.is_static { report + &entry("musl", &of_musl()?) } else { report })
}

/// The report without the C library's licence.
fn of_packages(built: &Built) -> Result<String> {
    let used = used(built)?;
    let packages: Vec<Package> = metadata::packages(&["--locked", "--all-features"])?;
    let is_used = |package: &&Package| {
        package.source.is_some() && used.contains(&(package.name.clone(), package.version.clone()))
    };
    let mut packages: Vec<_> = packages.iter().filter(is_used).collect();
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let library = if built.is_static { ", and the C library musl (MIT)" } else { "" };
    let mut report = format!(
        "{} for {} contains the packages below, Rust's standard library ({RUST}){library}.\n\
         What each package says of its licence comes first, then the texts.\n\n",
        built.name, built.triple
    );
    for package in &packages {
        let Package { name, version, license, .. } = package;
        writeln!(report, "{name} {version}: {}", license.as_deref().unwrap_or("see its text"))?;
    }
    for (text, names) in texts(&packages)? {
        report += &entry(&names.into_iter().collect::<Vec<_>>().join(", "), &text);
    }
    Ok(report)
}

/// A text, under the names of what it is of.
fn entry(names: &str, text: &str) -> String {
    format!("\n{0}\n{names}\n{0}\n\n{text}\n", "=".repeat(80))
}

/// The names and versions of the packages that are linked into it: neither macros nor what only builds it.
fn used(built: &Built) -> Result<BTreeSet<(String, String)>> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--package", built.package, "--features", built.features]);
    command.args(["--target", built.triple]);
    command.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
    let tree = text(command.current_dir(root()))?;
    let package = |line: &str| {
        let mut words = line.split(' ');
        Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    };
    Ok(tree.lines().filter_map(package).collect())
}

/// Each text, and the packages that have it.
fn texts(packages: &[&Package]) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut texts = BTreeMap::<_, BTreeSet<_>>::new();
    for package in packages {
        let Package { name, version, license, .. } = package;
        let folder = package.manifest_path.parent().unwrap_or(Path::new("."));
        let mut found = Vec::new();
        find(folder, DEPTH, &mut found)?;
        if found.is_empty() {
            let license = license.as_deref().ok_or_else(|| format!("{name} {version} has no text of its licence"))?;
            found.extend(standard(license)?);
        }
        for text in found {
            texts.entry(text).or_default().insert(format!("{name} {version}"));
        }
    }
    Ok(texts)
}

/// The texts of a folder's licence files, and of the folders in it.
fn find(folder: &Path, depth: usize, found: &mut Vec<String>) -> Result<()> {
    let mut paths = fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let is_named = NAMES.iter().any(|start| name.starts_with(start));
        // Some have a folder of them.
        if path.is_dir() && (depth > 0 || is_named) {
            find(&path, depth.saturating_sub(1), found)?;
        } else if path.is_file() && (is_named || folder.ends_with("LICENSES")) {
            let text = String::from_utf8_lossy(&fs::read(&path)?).replace("\r\n", "\n");
            found.push(text.trim_matches('\n').to_owned());
        }
    }
    Ok(())
}

/// The texts of SPDX for the licences of an expression: for a package that has none of its own.
fn standard(expression: &str) -> Result<Vec<String>> {
    let parsed =
        Expression::parse_mode(expression, ParseMode::LAX).map_err(|error| format!("{expression}: {error}"))?;
    let ids = parsed.requirements().filter_map(|requirement| requirement.req.license.id());
    let texts: Vec<_> = ids.map(|id| format!("{} ({})\n\n{}", id.full_name, id.name, id.text().trim())).collect();
    if texts.is_empty() { Err(format!("SPDX has no text for {expression}").into()) } else { Ok(texts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_all_packages_are_found() {
        let built = Built {
            name: "The program fanjian",
            package: "fanjian-cli",
            features: "parquet,zstd",
            triple: "x86_64-unknown-linux-musl",
            is_static: true,
        };
        let report = of_packages(&built).unwrap();
        for package in ["memchr 2.", "encoding_rs 0.", "zstd-sys 2.", "clap_builder 4."] {
            assert!(report.contains(package), "{package}");
        }
        // Of the C library in zstd-sys, of a package with two licences, and of one without a text.
        for text in ["Copyright (c) Meta Platforms, Inc.", "Copyright (c) 2015 Andrew Gallant", "Apache License"] {
            assert!(report.contains(text), "{text}");
        }
        assert!(!report.contains("\nsyn "), "macros are no part of the program");
        assert!(report.starts_with("The program fanjian for x86_64-unknown-linux-musl contains"), "{}", &report[..80]);
    }

    #[test]
    fn a_module_that_loads_the_c_library_contains_no_musl() {
        let built = Built {
            name: "The extension module of fanjian",
            package: "fanjian-python",
            features: "",
            triple: "x86_64-unknown-linux-musl",
            is_static: false,
        };
        let report = report(&built).unwrap();
        assert!(report.contains("\npyo3 0.") && !report.contains("\nclap_builder ") && !report.contains("musl (MIT)"));
    }

    #[test]
    fn texts_of_spdx_take_the_place_of_missing_ones() {
        let texts = standard("MIT OR Apache-2.0").unwrap();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].starts_with("MIT License (MIT)\n\n") && texts[0].contains("THE SOFTWARE IS PROVIDED"));
        assert!(standard("nonesuch").is_err());
    }
}

//! The floors of the house: a package depends on lower floors alone, and no file of a package imports its way back to itself.
//!
//! An import is a path that begins with `crate`, `super` or `self`. A re-export (`pub use`) is none: it gives another name to
//! what lies below. `mod` says where a file lies, and is none either.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use import::Result;
use serde::Deserialize;

use crate::metadata;

/// The floor of each package: see `docs/design.md`.
const FLOORS: [(&str, usize); 18] = [
    ("fanjian-dictionary", 1),
    ("measure", 1),
    ("fanjian-engine", 2),
    ("fanjian-context", 2),
    ("import", 2),
    ("fanjian", 3),
    ("fanjian-clean", 4),
    ("fanjian-documents", 4),
    ("train", 4),
    ("fanjian-records", 5),
    ("fanjian-opencc", 4),
    ("fanjian-cli", 6),
    ("fanjian-c", 6),
    ("fanjian-python", 6),
    ("fanjian-wasm", 6),
    ("fuzz", 6),
    ("instructions", 6),
    ("xtask", 7),
];

/// The rooms of the command: each may import these, and itself. `commands` and the root may import all.
const ROOMS: [(&str, &[&str]); 11] = [
    ("messages", &[]),
    ("error", &["messages"]),
    ("print", &["error", "messages"]),
    ("ordered", &["error", "messages"]),
    ("io", &["error", "messages", "print"]),
    ("text", &["error", "io", "messages", "ordered"]),
    ("report", &["error", "io", "messages", "print", "text"]),
    ("args", &["io", "messages", "print", "report"]),
    ("settings", &["args", "error", "io", "messages", "print", "report", "text"]),
    ("files", &["error", "io", "messages", "ordered", "print", "report", "settings", "text"]),
    ("records", &["error", "files", "io", "messages", "ordered", "print", "report", "settings", "text"]),
];

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<PathBuf>,
}

/// Checks the packages of the workspace, and the files of each.
pub(crate) fn check() -> Result<()> {
    let mut faults = Vec::new();
    for package in metadata::packages::<Package>(&["--no-deps"])? {
        faults.extend(upward(&package));
        let sources = Sources::read(&package.manifest_path.with_file_name("src"))?;
        faults.extend(circles(&sources).into_iter().map(|circle| format!("{}: {circle}", package.name)));
        if package.name == "fanjian-cli" {
            faults.extend(rooms(&sources));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// Dependencies on a package that is not on a lower floor.
fn upward(package: &Package) -> Vec<String> {
    let floor = |name: &str| FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor);
    let Some(own) = floor(&package.name) else { return vec![format!("{} has no floor: give it one", package.name)] };
    let is_upward = |dependency: &&Dependency| {
        dependency.path.is_some()
            && dependency.kind.as_deref() != Some("dev")
            && floor(&dependency.name).is_none_or(|floor| floor >= own)
    };
    let fault = |dependency: &Dependency| {
        format!("{} (floor {own}) depends on {}, which is on no lower floor", package.name, dependency.name)
    };
    package.dependencies.iter().filter(is_upward).map(fault).collect()
}

/// The files of a package, by the paths of their modules: `a::b`; empty for the root.
struct Sources(BTreeMap<String, String>);

impl Sources {
    fn read(folder: &Path) -> Result<Sources> {
        let mut sources = BTreeMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let relative = path.strip_prefix(folder)?.with_extension("");
                    let mut parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                    if parts.last().is_some_and(|last| last == "mod")
                        || matches!(&parts[..], [one] if one == "lib" || one == "main")
                    {
                        parts.pop();
                    }
                    sources.insert(parts.join("::"), code(&fs::read_to_string(&path)?));
                }
            }
        }
        Ok(Sources(sources))
    }

    /// The modules that a module imports.
    fn imports(&self, module: &str) -> BTreeSet<&str> {
        let mut imports = BTreeSet::new();
        for statement in paths(&self.0[module]) {
            imports.extend(self.resolve(module, &statement, 0));
        }
        imports.remove(module);
        imports
    }

    /// The module in which the item of a path is defined, by way of re-exports.
    fn resolve(&self, module: &str, path: &str, depth: usize) -> Option<&str> {
        // `use super::*` is for a module within its parent's file.
        let mut parts: Vec<&str> = path.split("::").collect();
        if parts == ["super"] {
            return None;
        }
        let mut base: Vec<&str> = if module.is_empty() { Vec::new() } else { module.split("::").collect() };
        match parts.remove(0) {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop()?;
                while parts.first() == Some(&"super") {
                    base.pop()?;
                    parts.remove(0);
                }
            }
            _ => return None,
        }
        // The longest part of the path that is a module of its own.
        let mut found = base.join("::");
        let mut rest = parts.as_slice();
        while let [next, behind @ ..] = rest {
            let deeper = if found.is_empty() { (*next).to_owned() } else { format!("{found}::{next}") };
            if !self.0.contains_key(&deeper) {
                break;
            }
            (found, rest) = (deeper, behind);
        }
        let (found, code) = self.0.get_key_value(&found)?;
        if let Some(item) = rest.first()
            && depth < 8
        {
            for (is_public, statement) in uses(code) {
                let target = expand(&statement).into_iter().find(|path| path.rsplit("::").next() == Some(item));
                if let Some(target) = target.filter(|_| is_public) {
                    return self.resolve(found, &target, depth + 1).or(Some(found));
                }
            }
        }
        Some(found)
    }
}

/// The imports that lead from a file back to itself.
fn circles(sources: &Sources) -> Vec<String> {
    let graph: BTreeMap<&str, BTreeSet<&str>> =
        sources.0.keys().map(|module| (module.as_str(), sources.imports(module))).collect();
    let mut circles = Vec::new();
    for &start in graph.keys() {
        let mut ways = vec![vec![start]];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            for &next in &graph[way.last().copied().unwrap_or(start)] {
                if next == start {
                    let names: Vec<_> =
                        way.iter().chain([&start]).map(|name| if name.is_empty() { "(root)" } else { *name }).collect();
                    circles.push(names.join(" -> "));
                } else if seen.insert(next) {
                    ways.push([way.as_slice(), &[next]].concat());
                }
            }
        }
    }
    circles
}

/// Imports of the command that lead from a room to one that is not below it.
fn rooms(sources: &Sources) -> Vec<String> {
    let room = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
    let mut faults = Vec::new();
    for module in sources.0.keys() {
        let own = room(module);
        let Some((_, lower)) = ROOMS.iter().find(|(name, _)| *name == own) else { continue };
        let is_fault = |imported: &&&str| room(imported) != own && !lower.contains(&room(imported).as_str());
        let imports = sources.imports(module);
        faults.extend(
            imports
                .iter()
                .filter(is_fault)
                .map(|imported| format!("{module} imports {imported}, which is not below it")),
        );
    }
    faults
}

/// A file without comments, texts and tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let line = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        code.split('"').step_by(2).collect::<String>()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The `use` statements, each with whether it is a re-export.
fn uses(code: &str) -> Vec<(bool, String)> {
    let mut uses = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let before = rest[..at].rsplit(['\n', ';', '}']).next().unwrap_or_default().trim();
        let is_statement = before.is_empty() || before.starts_with("pub");
        let (statement, behind) = rest[at + 4..].split_once(';').unwrap_or((&rest[at + 4..], ""));
        if is_statement {
            uses.push((before.starts_with("pub"), statement.split_whitespace().collect::<Vec<_>>().join(" ")));
            rest = behind;
        } else {
            rest = &rest[at + 4..];
        }
    }
    uses
}

/// All paths of the package that a file names, but for re-exports.
fn paths(code: &str) -> BTreeSet<String> {
    let uses = uses(code);
    let mut paths: BTreeSet<String> =
        uses.iter().filter(|(is_public, _)| !is_public).flat_map(|(_, statement)| expand(statement)).collect();
    // And those within code.
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let is_word = |character: char| character.is_alphanumeric() || character == '_';
            let in_use = code[..at].rfind("use ").is_some_and(|from| !code[from..at].contains(';'));
            if !in_use
                && !code[..at].ends_with("(in ")
                && !code[..at].ends_with(|before: char| is_word(before) || before == ':' || before == '$')
            {
                let end = code[at..].find(|character: char| !is_word(character) && character != ':');
                paths.insert(
                    code[at..]
                        .get(..end.unwrap_or(code.len() - at))
                        .unwrap_or_default()
                        .trim_end_matches(':')
                        .to_owned(),
                );
            }
        }
    }
    paths
}

/// The paths of a `use` statement, each in full.
fn expand(statement: &str) -> Vec<String> {
    let statement = statement.trim();
    let Some((before, within)) = statement.split_once('{') else {
        let path = statement.split(" as ").next().unwrap_or(statement);
        return vec![path.trim_end_matches("::self").trim_end_matches("::*").to_owned()];
    };
    let within = within.rsplit_once('}').map_or(within, |(within, _)| within);
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, character) in within.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&within[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&within[from..]);
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    parts.flat_map(|part| expand(&format!("{before}{part}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_on_its_floor_and_no_file_imports_its_way_back() {
        check().unwrap();
    }

    fn sources(files: &[(&str, &str)]) -> Sources {
        Sources(files.iter().map(|(module, text)| ((*module).to_owned(), code(text))).collect())
    }

    #[test]
    fn a_circle_is_found_through_re_exports_and_paths_in_code() {
        let files = [
            ("", "mod a;\nmod b;\npub use crate::a::A;\n"),
            ("a", "use crate::{b::{B, inner}, c};\npub struct A;"),
            ("b", "//! crate::a\nfn b() { let _ = crate::A; }"),
            ("c", "use std::fmt;"),
        ];
        assert_eq!(circles(&sources(&files)), ["a -> b -> a", "b -> a -> b"]);
        let sound = [files[0], files[1], ("b", "use super::c;\n// crate::a\nlet text = \"crate::a\";"), files[3]];
        assert!(circles(&sources(&sound)).is_empty());
        assert_eq!(sources(&sound).imports("a"), BTreeSet::from(["b", "c"]));
    }

    #[test]
    fn a_module_may_use_its_parts_but_not_they_it() {
        let down = [
            ("t", "use self::part::Part;\npub use self::writer::write;"),
            ("t::part", ""),
            ("t::writer", "use super::LIMIT;"),
        ];
        assert!(circles(&sources(&down)).is_empty());
        let up = [("t", "use self::part::Part;"), ("t::part", "use super::LIMIT;")];
        assert_eq!(circles(&sources(&up)).len(), 2);
    }

    #[test]
    fn a_room_above_is_a_fault() {
        let files = [
            ("error", ""),
            ("io", "use crate::error;"),
            ("text", "use crate::{io, settings::Task};"),
            ("settings", ""),
        ];
        assert_eq!(rooms(&sources(&files)), ["text imports settings, which is not below it"]);
    }

    #[test]
    fn a_dependency_upward_is_a_fault() {
        let dependency = |name: &str, kind: Option<&str>| Dependency {
            name: name.into(),
            kind: kind.map(str::to_owned),
            path: Some("x".into()),
        };
        let engine = |dependencies| Package { name: "fanjian-engine".into(), manifest_path: "x".into(), dependencies };
        assert!(
            upward(&engine(vec![dependency("fanjian-dictionary", None), dependency("fanjian", Some("dev"))]))
                .is_empty()
        );
        assert_eq!(
            upward(&engine(vec![dependency("fanjian-context", None), dependency("fanjian", Some("build"))])).len(),
            2
        );
    }
}

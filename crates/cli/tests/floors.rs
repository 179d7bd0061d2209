//! Floors of the source: imports go down only, so that no file imports, by others, itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The modules of a crate, and those that each imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_file_imports_its_way_back_to_itself() {
    let imports = imports(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(imports.len() > 40, "{} modules", imports.len());
    assert!(imports["files::convert"].contains("text::transform"), "{:?}", imports["files::convert"]);
    for module in imports.keys() {
        if let Some(path) = circle(&imports, module) {
            panic!("a circle of imports: {}", path.join(" -> "));
        }
    }
}

/// Each room may import these, and itself.
#[test]
fn rooms_import_only_lower_rooms() {
    let floors: [(&str, &[&str]); 10] = [
        ("error", &[]),
        ("print", &["error"]),
        ("ordered", &["error"]),
        ("io", &["error", "print"]),
        ("text", &["error", "io", "ordered"]),
        ("report", &["error", "io", "print", "text"]),
        ("args", &["io", "print", "report"]),
        ("settings", &["args", "error", "io", "report", "text"]),
        ("files", &["error", "io", "ordered", "report", "settings", "text"]),
        ("records", &["error", "files", "io", "ordered", "report", "settings", "text"]),
    ];
    let room = |module: &str| module.split("::").next().unwrap().to_owned();
    for (module, imported) in imports(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let Some((own, lower)) = floors.iter().find(|(name, _)| *name == room(&module)) else { continue };
        for imported in imported {
            let imported_room = room(&imported);
            let is_lower = imported_room == *own || lower.contains(&imported_room.as_str());
            assert!(is_lower, "{module} imports {imported}");
        }
    }
}

#[test]
fn imports_are_read_in_every_form() {
    let mut paths = Vec::new();
    expand("crate::{a::{b, c::D as E}, f}", "", &mut paths);
    assert_eq!(paths, ["crate::a::b", "crate::a::c::D", "crate::f"]);
    let code = "//! crate::no\nuse crate::{a,\n    b::C};\nfn f() { crate::d::e(); }\n#[cfg(test)]\nuse crate::no;\n";
    assert_eq!(paths_in(code, "x"), ["crate::a", "crate::b::C", "crate::d::e"]);
    assert_eq!(paths_in("use self::a::B;\npub(crate) use super::c;\n", "x::y"), ["crate::x::y::a::B", "crate::x::c"]);
    let imports = Imports::from([("a".into(), ["b".into()].into()), ("b".into(), ["a".into()].into())]);
    assert_eq!(circle(&imports, "a").unwrap(), ["a", "b", "a"]);
}

/// What each file of a crate imports of the others.
fn imports(src: &Path) -> Imports {
    let mut files = BTreeMap::new();
    collect(src, "", &mut files);
    let modules: BTreeSet<String> = files.keys().cloned().collect();
    let imports = files.iter().map(|(module, code)| {
        let paths = paths_in(code, module);
        let imported = paths.iter().filter_map(|path| owner(path, &modules)).filter(|imported| imported != module);
        (module.clone(), imported.collect())
    });
    imports.collect()
}

/// The code of all files, by their modules.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let module = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") };
        if path.is_dir() {
            collect(&path, &module, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = if name == "mod" { prefix.to_owned() } else { module };
            files.insert(module, fs::read_to_string(&path).unwrap());
        }
    }
}

/// The file that a path leads to: the longest module at its beginning.
fn owner(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut path = path.strip_prefix("crate::")?;
    loop {
        if modules.contains(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once("::")?.0;
    }
}

/// All paths into the crate, from its root, but for those of unit tests.
fn paths_in(code: &str, module: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut paths = Vec::new();
    let mut rest = String::new();
    for statement in code.split_inclusive(';') {
        match statement.find("use ").filter(|at| is_use(&statement[..*at])) {
            Some(at) => {
                rest.push_str(&statement[..at]);
                expand(statement[at + 4..].trim_end_matches(';'), "", &mut paths);
            }
            None => rest.push_str(statement),
        }
    }
    for (at, _) in rest.match_indices("crate::") {
        let path = rest[at..].split(|character: char| !(character.is_alphanumeric() || "_:".contains(character)));
        paths.extend(path.take(1).map(|path| path.trim_end_matches(':').to_owned()));
    }
    let parent = module.rsplit_once("::").map_or("crate".to_owned(), |(parent, _)| format!("crate::{parent}"));
    let absolute = paths.into_iter().map(|path| match path.split_once("::") {
        Some(("self", path)) => format!("crate::{module}::{path}"),
        Some(("super", path)) => format!("{parent}::{path}"),
        _ => path,
    });
    absolute.filter(|path| path.starts_with("crate::")).collect()
}

/// Whether what stands before `use` on its line lets it begin a statement.
fn is_use(before: &str) -> bool {
    let line = before.rsplit(['\n', '{', '}']).next().unwrap().trim();
    line.is_empty() || line.starts_with("pub")
}

/// Adds all paths of a tree of imports.
fn expand(tree: &str, prefix: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, list)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap().trim();
        return paths.extend((!path.is_empty()).then(|| format!("{prefix}{path}")));
    };
    let prefix = format!("{prefix}{}", head.trim());
    let list = list.trim_end().strip_suffix('}').unwrap_or(list);
    let (mut depth, mut start) = (0, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&list[start..at], &prefix, paths);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&list[start..], &prefix, paths);
}

/// A way from a module back to itself, if there is one.
fn circle(imports: &Imports, start: &str) -> Option<Vec<String>> {
    let mut known = BTreeSet::new();
    let mut ways = vec![vec![start.to_owned()]];
    while let Some(way) = ways.pop() {
        for next in imports.get(way.last()?).into_iter().flatten() {
            let way = [way.clone(), vec![next.clone()]].concat();
            if next == start {
                return Some(way);
            }
            if known.insert(next.clone()) {
                ways.push(way);
            }
        }
    }
    None
}

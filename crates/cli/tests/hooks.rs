//! `.pre-commit-hooks.yaml` and `action.yml`: their keys, and what they run, as pre-commit and GitHub's runner do it.

#![cfg(unix)]

use std::{
    collections::HashSet,
    env, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};
use snapbox::cmd::{Command, OutputAssert, cargo_bin};

use crate::tree::Tree;

mod tree;

const FOUND: &str = "locales/zh-TW/a.json:1:8: 头发 → 頭髮 [script]\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A file of YAML, with all scalars as strings.
fn yaml(name: &str) -> Value {
    let text = fs::read_to_string(root().join(name)).unwrap();
    let events: Vec<_> = Parser::new_from_str(&text).map(|event| event.unwrap().0).collect();
    let mut events = events.into_iter().skip_while(|event| !matches!(event, Event::DocumentStart(_))).skip(1);
    node(&mut events).unwrap()
}

/// The next node. None at the end of a sequence or a mapping.
fn node<'e>(events: &mut impl Iterator<Item = Event<'e>>) -> Option<Value> {
    match events.next()? {
        Event::Scalar(text, ..) => Some(text.into_owned().into()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            while let Some(item) = node(events) {
                items.push(item);
            }
            Some(items.into())
        }
        Event::MappingStart(..) => {
            let mut entries = Map::new();
            while let Some(key) = node(events) {
                let value = node(events).unwrap();
                assert!(entries.insert(key.as_str().unwrap().to_owned(), value).is_none(), "{key} is there twice");
            }
            Some(entries.into())
        }
        Event::SequenceEnd | Event::MappingEnd => None,
        other => panic!("{other:?}"),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

/// A tree with settings, one file to mend, one to leave out, and one that no override is for.
fn project() -> Tree {
    let settings = "exclude = [\"vendor/**\"]\n[[override]]\npaths = [\"locales/zh-TW/**\"]\nto = \"zh-TW\"\n";
    Tree::new(&[
        ("fanjian.toml", settings.as_bytes()),
        ("locales/zh-TW/a.json", "{\"a\": \"头发\"}\n".as_bytes()),
        ("vendor/b.txt", "头发\n".as_bytes()),
        ("README.md", "头发\n".as_bytes()),
    ])
}

/// Runs a hook's entry with files, as pre-commit does: the words of the entry, and then the paths.
fn run_entry(tree: &Tree, program: &Path, entry: &str, path: Option<&Path>, files: &[&str]) -> OutputAssert {
    let arguments = entry.split(' ').skip(1).chain(files.iter().copied());
    let mut command = Command::new(program).args(arguments).current_dir(tree.path("")).env("NO_COLOR", "1");
    if let Some(folder) = path {
        let old = env::var("PATH").unwrap_or_default();
        command = command.env("PATH", format!("{}:{old}", folder.display()));
    }
    command.assert()
}

#[track_caller]
fn check_entry(run: impl Fn(&[&str]) -> OutputAssert) {
    run(&["locales/zh-TW/a.json", "vendor/b.txt", "README.md"]).code(1).stdout_eq(FOUND);
    run(&["vendor/b.txt", "README.md"]).success().stdout_eq("");
}

#[test]
fn each_hook_has_what_pre_commit_requires() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let mut ids = HashSet::new();
    for hook in hooks.as_array().unwrap() {
        assert!(ids.insert(text(hook, "id").to_owned()));
        let known = ["id", "name", "description", "entry", "language", "types"];
        assert!(hook.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())));
        assert!(!text(hook, "name").is_empty() && !text(hook, "description").is_empty());
        let program = text(hook, "entry").split(' ').next().unwrap();
        match text(hook, "language") {
            "system" => assert_eq!(program, "fanjian"),
            "script" => {
                let mode = fs::metadata(root().join(program)).unwrap().permissions().mode();
                assert_eq!(mode & 0o111, 0o111, "{program} can be run");
            }
            other => panic!("unknown language {other}"),
        }
    }
    assert!(ids.contains("fanjian") && ids.contains("fanjian-system"));
}

#[test]
fn the_entries_check_the_files_that_they_are_given() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_array().unwrap() {
        let entry = text(hook, "entry");
        let tree = project();
        if text(hook, "language") == "system" {
            check_entry(|files| run_entry(&tree, cargo_bin!("fanjian"), entry, None, files));
            continue;
        }
        // In the place of cargo, which would build the command: what it is asked to run.
        let bin = tree.path("bin");
        let cargo = format!(
            "#!/bin/sh\nfor argument; do shift; [ \"$argument\" = -- ] && break; done\nexec '{}' \"$@\"\n",
            cargo_bin!("fanjian").display()
        );
        tree.write("bin/cargo", cargo.as_bytes());
        fs::set_permissions(bin.join("cargo"), PermissionsExt::from_mode(0o755)).unwrap();
        let program = root().join(entry.split(' ').next().unwrap());
        check_entry(|files| run_entry(&tree, &program, entry, Some(&bin), files));
    }
}

#[test]
fn the_action_has_what_github_requires() {
    let action = yaml("action.yml");
    assert!(!text(&action, "name").is_empty() && !text(&action, "description").is_empty());
    let inputs = action["inputs"].as_object().unwrap();
    assert_eq!(inputs.keys().map(String::as_str).collect::<Vec<_>>(), ["paths", "args", "version"]);
    for input in inputs.values() {
        assert!(!text(input, "description").is_empty() && input["default"].is_string());
    }
    assert_eq!(text(&action["runs"], "using"), "composite");
    for step in action["runs"]["steps"].as_array().unwrap() {
        match step.get("uses") {
            Some(other) => assert!(other.as_str().unwrap().contains('@'), "{other} has a version"),
            None => {
                assert_eq!(text(step, "shell"), "bash");
                // What users write gets into scripts by the environment alone, and never as a part of them.
                assert!(!text(step, "run").contains("${{"), "{step}");
            }
        }
        for used in step.to_string().split("inputs.").skip(1) {
            let name: String = used.chars().take_while(char::is_ascii_alphanumeric).collect();
            assert!(inputs.contains_key(&name), "{name} is declared");
        }
    }
}

#[test]
fn the_action_checks_the_paths() {
    let action = yaml("action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let script = text(steps.last().unwrap(), "run");
    let tree = project();
    fs::create_dir_all(tree.path("root/bin")).unwrap();
    symlink(cargo_bin!("fanjian"), tree.path("root/bin/fanjian")).unwrap();
    let run = |args: &str, paths: &str| {
        Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", script])
            .current_dir(tree.path(""))
            .env("ROOT", tree.path("root"))
            .env("ARGS", args)
            .env("PATHS", paths)
            .assert()
    };
    let expected = "::error file=locales/zh-TW/a.json,line=1,endLine=1,col=8,endColumn=10,title=fanjian/script::\
                    '头发' should be '頭髮'\n";
    run("", ".").code(1).stdout_eq(expected);
    run("-g *.md --allow-empty", ".").success().stdout_eq("");
    run("", "locales README.md").code(1).stdout_eq(expected);
    // No word of the inputs is run.
    run("", "$(touch~x) ;touch x").code(3);
    assert!(!tree.path("x").exists());
}

/// A key of the cache that stays while the source changes would check by a command of yesterday.
#[test]
fn the_action_builds_again_when_the_source_changes() {
    let action = yaml("action.yml");
    let step = &action["runs"]["steps"][0];
    let tree = Tree::new(&[("source/Cargo.lock", b""), ("source/src/lib.rs", b"a"), ("source/target/x", b"")]);
    let key = |version: &str| {
        Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", text(step, "run")])
            .env("SOURCE", tree.path("source"))
            .env("VERSION", version)
            .env("REF", "main")
            .env("OS", "Linux-X64")
            .env("GITHUB_OUTPUT", tree.path("output"))
            .assert()
            .success();
        let key = String::from_utf8(tree.read("output")).unwrap();
        fs::remove_file(tree.path("output")).unwrap();
        key
    };
    let first = key("");
    assert!(first.starts_with("key=fanjian-Linux-X64-main-") && first.lines().count() == 1, "{first}");
    tree.write("source/target/x", b"built");
    assert_eq!(key(""), first);
    tree.write("source/src/lib.rs", b"b");
    assert_ne!(key(""), first);
    let other = key("1.0\nkey=x, y");
    assert!(other.starts_with("key=fanjian-Linux-X64-1.0_key_x__y-") && other.lines().count() == 1, "{other}");
}

//! The hook of this tree, run by pre-commit itself.

use std::{env, fs, path::Path, process::Command};

use import::{Result, root};

use crate::metadata::program;

/// What the hook finds in the project below.
const FOUND: &str = "locales/zh-TW/a.json:1:8: 头发 → 頭髮 [script]\n";

const FILES: [(&str, &str); 4] = [
    ("fanjian.toml", "exclude = [\"vendor/**\"]\n[[override]]\npaths = [\"locales/zh-TW/**\"]\nto = \"zh-TW\"\n"),
    ("locales/zh-TW/a.json", "{\"a\": \"头发\"}\n"),
    ("vendor/b.txt", "头发\n"),
    ("README.md", "头发\n"),
];

/// Has pre-commit install the hook `fanjian-system` from this tree, as it is committed, and run it in a project.
pub(crate) fn run() -> Result<()> {
    let build = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "fanjian-cli"])
        .current_dir(root())
        .status()?;
    if !build.success() {
        return Err("the command cannot be built (see above)".into());
    }
    let project = tempfile::tempdir()?;
    for (name, text) in FILES {
        let path = project.path().join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder"))?;
        fs::write(path, text)?;
    }
    for arguments in [&["init", "--quiet"][..], &["add", "."]] {
        if !Command::new("git").args(arguments).current_dir(project.path()).status()?.success() {
            return Err(format!("git {} failed (see above)", arguments.join(" ")).into());
        }
    }
    let home = tempfile::tempdir()?;
    let command = program("dev", "fanjian");
    let folder = command.parent().unwrap_or(Path::new("."));
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([folder.to_owned()].into_iter().chain(env::split_paths(&path)))?;
    let output = Command::new("pre-commit")
        .arg("try-repo")
        .arg(root())
        .args(["fanjian-system", "--all-files"])
        .current_dir(project.path())
        .env("PATH", path)
        .env("PRE_COMMIT_HOME", home.path())
        .env("PRE_COMMIT_COLOR", "never")
        .output()
        .map_err(|error| format!("cannot run pre-commit, which has to be installed: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let is_found = printed.contains("fanjian --check (installed)") && printed.contains(FOUND);
    if output.status.code() != Some(1) || !is_found {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("pre-commit ends with {}, and prints:\n{printed}{errors}", output.status).into());
    }
    println!("pre-commit has run the hook of this tree, which finds what it should");
    Ok(())
}

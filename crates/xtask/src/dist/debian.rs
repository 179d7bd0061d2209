//! The Debian package of a program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};

use super::{
    Release, install,
    installed::{LANGUAGES, completions, manual},
    licences,
    target::Target,
    template, write,
};
use crate::process::{output, run, text};

/// Where the shells of Debian look for completions.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/fanjian"),
    ("zsh", "usr/share/zsh/vendor-completions/_fanjian"),
    ("fish", "usr/share/fish/vendor_completions.d/fanjian.fish"),
];

const MANUAL: &str = "usr/share/man";

const DOCUMENTS: &str = "usr/share/doc/fanjian";

/// The folders and files of an empty system that dpkg needs.
const STATUS: &str = "var/lib/dpkg/status";

/// Packs a program as a Debian package. Returns its path.
pub(super) fn pack(release: &Release, target: Target, program: &Path, licences: &Path) -> Result<PathBuf> {
    let work = tempfile::tempdir()?;
    let tree = work.path().join("fanjian");
    install(program, &tree.join("usr/bin/fanjian"), 0o755)?;
    for (language, pages) in LANGUAGES {
        for (page, text) in manual(target, program, language)? {
            compressed(release, &tree.join(MANUAL).join(pages).join(page), &text)?;
        }
    }
    for (shell, path) in COMPLETIONS {
        write(&tree.join(path), &completions(target, program, shell)?, 0o644)?;
    }
    documents(release, &tree.join(DOCUMENTS), licences)?;
    control(release, target, &tree)?;

    let name = format!("fanjian_{}-1_{}.deb", release.version, target.debian());
    let path = release.output.join(name);
    let mut build = release.command("dpkg-deb");
    build.args(["--build", "--root-owner-group", "-Zxz"]).arg(&tree).arg(&path);
    output(&mut build)?;
    println!("{}: {} bytes", path.display(), fs::metadata(&path)?.len());
    Ok(path)
}

/// Writes the folder of documents, with the licences.
fn documents(release: &Release, folder: &Path, licences: &Path) -> Result<()> {
    let copyright = template("copyright.in", &[("MAINTAINER", &release.maintainer), ("NOTICE", &notice()?)])?;
    write(&folder.join("copyright"), copyright.as_bytes(), 0o644)?;
    compressed(release, &folder.join(licences::FILE), &fs::read(licences)?)?;
    compressed(release, &folder.join(licences::RUST), &fs::read(licences::of_rust()?)?)?;
    compressed(release, &folder.join("changelog"), &fs::read(root().join("CHANGELOG.md"))?)?;
    let time = format!("@{}", release.time);
    let date = text(release.command("date").args(["--utc", "--rfc-email", "--date", &time]))?;
    let values = [("VERSION", release.version.as_str()), ("MAINTAINER", &release.maintainer), ("DATE", date.trim())];
    compressed(release, &folder.join("changelog.Debian"), template("changelog.Debian.in", &values)?.as_bytes())
}

/// The text of NOTICE as a field of a control file: indented, with a dot for an empty line.
fn notice() -> Result<String> {
    let text = fs::read_to_string(root().join("NOTICE"))?;
    let line = |line: &str| if line.trim().is_empty() { " .".to_owned() } else { format!(" {line}") };
    Ok(text.trim().lines().map(line).collect::<Vec<_>>().join("\n"))
}

/// Writes `DEBIAN/control` and the sums of the files.
fn control(release: &Release, target: Target, tree: &Path) -> Result<()> {
    let size = text(release.command("du").args(["--summarize", "--apparent-size", "--block-size=1024"]).arg(tree))?;
    let values = [
        ("VERSION", release.version.as_str()),
        ("ARCHITECTURE", target.debian()),
        ("MAINTAINER", &release.maintainer),
        ("SIZE", size.split_whitespace().next().unwrap_or_default()),
    ];
    let mut control = template("control.in", &values)?;
    if let Some(homepage) = &release.homepage {
        control = control.replace("\nDescription:", &format!("\nHomepage: {homepage}\nDescription:"));
    }
    let sums = "find usr -type f -print0 | sort -z | xargs -0 md5sum";
    let sums = output(release.command("sh").args(["-c", sums]).current_dir(tree))?;
    write(&tree.join("DEBIAN/md5sums"), &sums, 0o644)?;
    write(&tree.join("DEBIAN/control"), control.as_bytes(), 0o644)
}

/// Installs a package into an empty root, and runs what is installed.
pub(super) fn check(release: &Release, target: Target, package: &Path) -> Result<()> {
    let system = tempfile::tempdir()?;
    write(&system.path().join(STATUS), b"", 0o644)?;
    for folder in ["updates", "info", "triggers"] {
        fs::create_dir_all(system.path().join("var/lib/dpkg").join(folder))?;
    }
    let mut dpkg = Command::new("dpkg");
    dpkg.arg("--root").arg(system.path()).args(["--force-not-root", "--force-bad-path"]);
    // The root is no system of its own: it has the architecture of this machine.
    dpkg.args(["--force-architecture", "--install"]).arg(package);
    output(&mut dpkg)?;
    let status = fs::read_to_string(system.path().join(STATUS))?;
    if !status.contains("Status: install ok installed") {
        return Err(format!("dpkg does not install {}: {status}", package.display()).into());
    }
    target.check(&system.path().join("usr/bin/fanjian"), &release.version)?;
    let manual = system.path().join(MANUAL);
    let is_there = |path: &Path| if path.exists() { Ok(()) } else { Err(format!("no {}", path.display())) };
    for (_, pages) in LANGUAGES {
        is_there(&manual.join(pages).join("fanjian.1.gz"))?;
        is_there(&manual.join(pages).join("fanjian-dict-check.1.gz"))?;
    }
    COMPLETIONS.iter().try_for_each(|(_, path)| is_there(&system.path().join(path)))?;
    run(Command::new("gzip").arg("--test").arg(manual.join("man1/fanjian.1.gz")))?;
    println!("{}: installed into an empty root, and run", package.display());
    Ok(())
}

/// Writes a file with `.gz` behind its name.
fn compressed(release: &Release, path: &Path, text: &[u8]) -> Result<()> {
    write(path, text, 0o644)?;
    run(release.command("gzip").args(["-9", "--no-name"]).arg(path))
}

//! The archive of a program: unpack it anywhere, and run it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use import::{Result, root};

use super::{
    Release, install,
    installed::{LANGUAGES, SHELLS, completions, manual},
    licences,
    target::Target,
    write,
};
use crate::process::{output, run, text};

/// Documents of the repository in each archive.
const DOCUMENTS: [&str; 6] = ["README.md", "README.zh-TW.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE", "NOTICE"];

/// Packs a program, its manual pages, completions and licences. Returns the path of the archive.
pub(super) fn pack(release: &Release, target: Target, program: &Path, licences: &Path) -> Result<PathBuf> {
    let work = tempfile::tempdir()?;
    let name = name(release, target);
    let folder = work.path().join(&name);
    install(program, &folder.join("fanjian"), 0o755)?;
    for document in DOCUMENTS {
        install(&root().join(document), &folder.join(document), 0o644)?;
    }
    install(licences, &folder.join(licences::FILE), 0o644)?;
    install(&licences::of_rust()?, &folder.join(licences::RUST), 0o644)?;
    for (language, pages) in LANGUAGES {
        for (page, text) in manual(target, program, language)? {
            write(&folder.join("man").join(pages).join(page), &text, 0o644)?;
        }
    }
    for (shell, file) in SHELLS {
        let script = completions(target, program, shell)?;
        write(&folder.join("completions").join(shell).join(file), &script, 0o644)?;
    }
    let path = path(release, target);
    let time = format!("--mtime=@{}", release.time);
    let tar = work.path().join("archive.tar");
    let owner = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner"];
    let mut command = release.command("tar");
    command.arg("--create").arg("--file").arg(&tar).args(owner).args([&time, "--directory"]);
    run(command.arg(work.path()).arg(&name))?;
    fs::write(&path, output(release.command("gzip").args(["-9", "--no-name", "--stdout"]).arg(&tar))?)?;
    println!("{}: {} bytes", path.display(), fs::metadata(&path)?.len());
    Ok(path)
}

/// Unpacks an archive, and runs what is in it.
pub(super) fn check(release: &Release, target: Target, archive: &Path) -> Result<()> {
    let work = tempfile::tempdir()?;
    run(release.command("tar").arg("--extract").arg("--file").arg(archive).arg("--directory").arg(work.path()))?;
    let folder = work.path().join(name(release, target));
    target.check(&folder.join("fanjian"), &release.version)?;
    // With warnings about what a page does wrong; for Chinese ones with groff's macros for Chinese, as `man` shows them.
    let pages = "check() { groff -K utf8 -man -Tutf8 -ww -z \"$@\" 2>&1 || exit; }
        for page in man1/*.1; do check $page; done
        for page in zh_*/man1/*.1; do check -mzh $page; done";
    let warnings = text(release.command("sh").args(["-c", pages]).current_dir(folder.join("man")))?;
    if !warnings.is_empty() {
        return Err(format!("groff finds in the manual pages of {}:\n{warnings}", archive.display()).into());
    }
    let script = folder.join("completions/bash/fanjian");
    run(release.command("bash").arg("-n").arg(&script))
}

/// Where the archive is.
pub(super) fn path(release: &Release, target: Target) -> PathBuf {
    release.output.join(format!("{}.tar.gz", name(release, target)))
}

fn name(release: &Release, target: Target) -> String {
    format!("{}-{}", release.name(), target.triple())
}

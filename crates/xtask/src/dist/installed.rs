//! What belongs to an installed program besides itself: manual pages and completions, which it writes.

use std::{fs, path::Path};

use import::Result;

use super::target::Target;
use crate::process::{output, run};

/// A generated file, and its bytes.
type Page = (String, Vec<u8>);

/// The languages of the manual pages: for `--lang`, and the folders of their pages below that of all pages.
pub(super) const LANGUAGES: [(&str, &str); 3] = [("en", "man1"), ("zh-TW", "zh_TW/man1"), ("zh-CN", "zh_CN/man1")];

/// The shells whose completions are installed, and the names of their files there.
pub(super) const SHELLS: [(&str, &str); 3] = [("bash", "fanjian"), ("zsh", "_fanjian"), ("fish", "fanjian.fish")];

/// The manual pages of the program and of all its subcommands in a language, such as `fanjian-dict-check.1`.
pub(super) fn manual(target: Target, program: &Path, language: &str) -> Result<Vec<Page>> {
    let work = tempfile::tempdir()?;
    run(target.command(program)?.args(["man", "--lang", language, "--output-dir"]).arg(work.path()))?;
    let mut pages = Vec::new();
    for page in fs::read_dir(work.path())? {
        let page = page?;
        let name = page.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        pages.push((name, fs::read(page.path())?));
    }
    pages.sort();
    Ok(pages)
}

/// The script of a shell.
pub(super) fn completions(target: Target, program: &Path, shell: &str) -> Result<Vec<u8>> {
    output(target.command(program)?.args(["completions", shell]))
}

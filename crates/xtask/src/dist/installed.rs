//! What belongs to an installed program besides itself: manual pages and completions, which it writes.

use std::path::Path;

use import::Result;

use super::target::Target;
use crate::process::{output, text};

/// A generated file, and its bytes.
pub(super) type Page = (String, Vec<u8>);

/// The languages of the manual pages besides English: for `--lang`, and as folders of pages are named.
pub(super) const LANGUAGES: [(&str, &str); 2] = [("zh-TW", "zh_TW"), ("zh-CN", "zh_CN")];

/// The shells whose completions are installed, and the names of their files there.
pub(super) const SHELLS: [(&str, &str); 3] = [("bash", "fanjian"), ("zsh", "_fanjian"), ("fish", "fanjian.fish")];

/// The manual pages of the program and of all its subcommands, such as `fanjian-dict-check.1`.
pub(super) fn manual(target: Target, program: &Path) -> Result<Vec<Page>> {
    let (mut pages, mut commands) = (Vec::new(), vec![Vec::<String>::new()]);
    while let Some(words) = commands.pop() {
        let page = text(target.command(program)?.arg("man").args(&words).args(["--lang", "en"]))?;
        let name = [vec!["fanjian".to_owned()], words.clone()].concat().join("-");
        for subcommand in subcommands(&page, &name) {
            commands.push([words.clone(), vec![subcommand]].concat());
        }
        pages.push((format!("{name}.1"), page.into_bytes()));
    }
    pages.sort();
    Ok(pages)
}

/// The page of the program in another language.
pub(super) fn localized_manual(target: Target, program: &Path, language: &str) -> Result<Vec<u8>> {
    output(target.command(program)?.args(["man", "--lang", language]))
}

/// The script of a shell.
pub(super) fn completions(target: Target, program: &Path, shell: &str) -> Result<Vec<u8>> {
    output(target.command(program)?.args(["completions", shell]))
}

/// The subcommands that a page refers to, such as `check` by `fanjian\-dict\-check(1)`. `help` has the pages of the others.
fn subcommands<'p>(page: &'p str, name: &str) -> impl Iterator<Item = String> + 'p {
    let name = format!("{}\\-", name.replace('-', "\\-"));
    let named = move |line: &str| Some(line.strip_prefix(&name)?.strip_suffix("(1)")?.replace("\\-", "-"));
    page.lines().filter_map(named).filter(|subcommand| subcommand != "help")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_subcommands() {
        let page = ".SH SUBCOMMANDS\n.TP\nfanjian\\-dict\\-check(1)\nCheck\n.TP\nfanjian\\-dict\\-help(1)\nPrint\n";
        assert_eq!(subcommands(page, "fanjian-dict").collect::<Vec<_>>(), ["check"]);
        assert_eq!(subcommands(page, "fanjian-dict-check").count(), 0);
    }
}

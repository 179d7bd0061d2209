//! The page in `web/page`, which converts by itself: built, and used in a browser.

use std::{fs, path::PathBuf};

use import::{Result, root};

use crate::{chromium, npm, process, web::build};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Use the page in Chromium, check what it does, and write pictures of it to target/page-check
    #[arg(long)]
    check: bool,
    /// The browser, rather than the one that is found
    #[arg(long, requires = "check", value_name = "PATH")]
    chromium: Option<PathBuf>,
    /// Take the npm package in web/npm as it is, rather than build it
    #[arg(long)]
    built: bool,
}

pub(crate) fn run(Arguments { check, chromium, built }: &Arguments) -> Result<()> {
    // What is missing is named before all is built.
    let chromium = check.then(|| chromium::find(chromium.as_deref())).transpose()?;
    if !built {
        build::build()?;
    }
    let npm = || npm::command(&root().join("web/page"));
    process::run(npm().args(["ci", "--silent"]))?;
    process::run(npm().args(["run", "--silent", "build"]))?;
    let Some(chromium) = chromium else { return Ok(()) };
    let pictures = root().join("target/page-check");
    fs::create_dir_all(&pictures)?;
    let mut tests = npm();
    tests.args(["test", "--silent"]).env("PAGE", root().join("target/page"));
    process::run(tests.env("CHROMIUM", chromium).env("OUT", &pictures))?;
    println!("pictures: {}", pictures.display());
    Ok(())
}

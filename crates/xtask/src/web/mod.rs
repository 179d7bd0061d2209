//! The npm package `fanjian`: built, tested and measured.

use import::Result;

mod build;

pub(crate) use build::{build, success};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Build the package, and run its tests in Node
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    build()?;
    if arguments.check {
        build::npm(&["test", "--silent"])?;
    }
    println!("the package is in {}", build::package().display());
    Ok(())
}

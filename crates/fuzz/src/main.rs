//! The loop over fuzz targets: `cargo xtask fuzz` builds and runs it.

use std::process::ExitCode;

use clap::Parser;

/// Run fuzz targets on random inputs and changed seeds, and print a table of the executions
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: fuzz::run::Options,
}

fn main() -> ExitCode {
    match fuzz::run::run(&Arguments::parse().options) {
        Ok(table) => {
            print!("{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("fuzz: {error}");
            ExitCode::FAILURE
        }
    }
}

//! The project's own chores: `cargo xtask --help` lists them.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod accuracy;
mod compare;
mod differences;
mod generated;
mod oracle;
mod python;
mod readme;
mod test;
mod texts;
mod upstream_cases;

/// The chores of the project fanjian
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run all tests
    Test,
    /// Run the examples of the Python package on all engines: Polars, DuckDB, datasets, Ray and Spark, which it installs
    Engines,
    /// Compare the Python package with others, which it installs
    PythonBench {
        /// For the program that does so: --help lists what it takes
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Compare conversions with OpenCC's, byte by byte
    Compare(compare::Arguments),
    /// Count errors on texts whose answer is known, ours and other converters'
    Accuracy(accuracy::Arguments),
    /// Make the files that are made from others in the tree
    Generate {
        /// Write nothing; fail where the committed files differ
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().chore {
        Chore::Test => test::run(),
        Chore::Engines => python::engines(),
        Chore::PythonBench { arguments } => python::bench(&arguments),
        Chore::Compare(arguments) => compare::run(&arguments),
        Chore::Accuracy(arguments) => accuracy::run(&arguments),
        Chore::Generate { check } => test::generate(check),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

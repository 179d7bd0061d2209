//! The project's own chores: `cargo xtask --help` lists them.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod accuracy;
mod charts;
mod cleaning;
mod compare;
mod detection;
mod differences;
mod figures;
mod generated;
mod oracle;
mod parquet;
mod python;
mod readme;
mod test;
mod texts;
mod upstream_cases;
mod words;

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
    /// Run the tests of the Python package on other versions of Python
    PythonVersions {
        /// Their interpreters, such as `python3.9` or a path
        #[arg(required = true)]
        interpreters: Vec<String>,
    },
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
    /// Count how often scripts, regions and machine-converted text are told right, by us and by packages of Python; and how fast
    Detection(detection::Arguments),
    /// Count how many glosses of a machine are found, and how much of their damage is mended, on pages made as sites make them
    Cleaning(cleaning::Arguments),
    /// Make the list of word forms that only a machine writes, with natural text to tell them by
    Words(words::Arguments),
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
        Chore::PythonVersions { interpreters } => python::versions(&interpreters),
        Chore::PythonBench { arguments } => python::bench(&arguments),
        Chore::Compare(arguments) => compare::run(&arguments),
        Chore::Accuracy(arguments) => accuracy::run(&arguments),
        Chore::Detection(arguments) => detection::run(&arguments),
        Chore::Cleaning(arguments) => cleaning::run(&arguments),
        Chore::Words(arguments) => words::run(&arguments),
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

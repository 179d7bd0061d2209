//! The project's own tasks: `cargo xtask --help` lists them.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod accuracy;
mod binary_dictionaries;
mod book;
mod c;
mod charts;
mod chromium;
mod cleaning;
mod compare;
mod deny;
mod detection;
mod differences;
mod dist;
mod documents;
mod encodings;
mod faults;
mod features;
mod figures;
#[cfg(test)]
mod floors;
mod fuzz;
mod generated;
mod instructions;
mod kill;
mod machine;
mod metadata;
#[cfg(test)]
mod msrv;
mod npm;
mod oracle;
mod page;
mod parquet;
mod pre_commit;
mod process;
mod processor;
#[cfg(test)]
mod profiles;
mod programs;
mod python;
mod readings;
mod readme;
mod release;
mod review;
mod sanitize;
mod small_files;
mod tantivy;
mod test;
mod texts;
mod translated;
mod trial;
mod upstream_cases;
mod vocabulary;
mod web;
mod wheels;
mod wording;
mod words;

/// The project's tasks
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run all tests
    Test(test::Arguments),
    /// Run the examples of the Python package on all engines: Polars, DuckDB, datasets, datatrove, Ray, Spark, Data-Juicer, which
    /// this installs
    Engines,
    /// Run the tests of the Python package on other versions of Python
    PythonVersions {
        /// Their interpreters, such as `python3.9` or a path
        #[arg(required = true)]
        interpreters: Vec<String>,
    },
    /// Run the Python package's tests of threads, processes, long strings, Ctrl-C and columns at full length
    PythonRobustness {
        /// Write the counts into docs/reliability.md, as of this date
        #[arg(long, value_name = "DATE")]
        record: Option<String>,
    },
    /// Compare the Python package with others, which this installs
    PythonBench {
        /// Options of the benchmark: --help lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Compare conversions with OpenCC's, byte by byte
    Compare(compare::Arguments),
    /// Compare OpenCC's binary dictionaries with their texts, and have OpenCC convert with those that are written here
    BinaryDictionaries(binary_dictionaries::Arguments),
    /// Count errors on texts with a known answer, of this library and of other converters
    Accuracy(accuracy::Arguments),
    /// Count the regional words that are replaced rightly and wrongly, by this library and by OpenCC, on marked sentences
    Vocabulary(vocabulary::Arguments),
    /// Measure the detection of scripts, regions and machine-converted text, of this library and of Python packages
    Detection(detection::Arguments),
    /// Measure how many inserted glosses are found, and how much of their damage is repaired, on generated pages
    Cleaning(cleaning::Arguments),
    /// Check documents: what converters get wrong in them, other programs that read them back, real ones, and speed
    Documents(documents::Arguments),
    /// Measure the detection of encodings: short files whose encoding is known, as the command sees them
    Encodings(encodings::Arguments),
    /// Kill the command at random times, and compare what it leaves, and what a restart does, with an undisturbed run
    Kill(kill::Arguments),
    /// Run the command under limits of file sizes, descriptors, threads and memory
    Faults(faults::Arguments),
    /// Measure the time of many small files, next to `cp -r`
    SmallFiles(small_files::Arguments),
    /// Count the instructions of fixed conversions, and compare them with a record: needs valgrind, which this installs
    Instructions(instructions::Arguments),
    /// Make the list of word forms that occur only in machine-converted text
    Words(words::Arguments),
    /// Run the fuzz targets, in a build with all checks
    Fuzz(fuzz::Arguments),
    /// Run the tests over the unsafe blocks under Miri and under AddressSanitizer: needs a nightly toolchain with Miri
    Sanitize(sanitize::Arguments),
    /// Run the hook of this tree, as it is committed, by pre-commit, which has to be installed
    PreCommit,
    /// Use the page of `fanjian review` in Chromium, and apply the decisions that it saves: needs Chromium, Node and npm
    ReviewPage(review::Arguments),
    /// Make the files of a release: crates, sources, static programs, Debian packages, checksums, each of them tried
    Dist(dist::Arguments),
    /// Build wheels of the Python package for Linux, and try them in fresh environments
    Wheels(wheels::Arguments),
    /// Build and install the libraries for C, or check them with other programs
    C(c::Arguments),
    /// Build the npm package in web/npm, or run its tests: needs npm, and the Rust target wasm32-unknown-unknown, which it asks
    /// rustup for
    Web(web::Arguments),
    /// Build the page that converts by itself, in target/page, or use it in Chromium: needs what `web` needs
    Page(page::Arguments),
    /// Run the tests of the tokenizer for tantivy on an index, with tantivy, which this builds
    Tantivy,
    /// Check all combinations of features with cargo-hack, which has to be installed, and test some
    Features,
    /// Check licences, duplicates and sources of all dependencies with cargo-deny, which has to be installed
    Deny,
    /// Check the documents and the texts of --help for phrases that readers stumbled over
    Wording,
    /// Make the documentation as a book in each language, in target/book, with mdBook, which this installs
    Book,
    /// Make the generated files of the repository, and check the READMEs
    Generate {
        /// Write nothing; fail where the committed files differ
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().chore {
        Chore::Test(arguments) => test::run(&arguments),
        Chore::Engines => python::engines(),
        Chore::PythonVersions { interpreters } => python::versions(&interpreters),
        Chore::PythonRobustness { record } => python::robustness(record.as_deref()),
        Chore::PythonBench { arguments } => python::bench(&arguments),
        Chore::Book => book::run(),
        Chore::Compare(arguments) => compare::run(&arguments),
        Chore::BinaryDictionaries(arguments) => binary_dictionaries::run(&arguments),
        Chore::Accuracy(arguments) => accuracy::run(&arguments),
        Chore::Vocabulary(arguments) => vocabulary::run(&arguments),
        Chore::Detection(arguments) => detection::run(&arguments),
        Chore::Cleaning(arguments) => cleaning::run(&arguments),
        Chore::Documents(arguments) => documents::run(&arguments),
        Chore::Encodings(arguments) => encodings::run(&arguments),
        Chore::Kill(arguments) => kill::run(&arguments),
        Chore::Faults(arguments) => faults::run(&arguments),
        Chore::SmallFiles(arguments) => small_files::run(&arguments),
        Chore::Instructions(arguments) => instructions::run(&arguments),
        Chore::Words(arguments) => words::run(&arguments),
        Chore::Fuzz(arguments) => fuzz::run(&arguments),
        Chore::PreCommit => pre_commit::run(),
        Chore::ReviewPage(arguments) => review::run(&arguments),
        Chore::Sanitize(arguments) => sanitize::run(&arguments),
        Chore::Dist(arguments) => dist::run(&arguments),
        Chore::Wheels(arguments) => wheels::run(&arguments),
        Chore::C(arguments) => c::run(&arguments),
        Chore::Web(arguments) => web::run(&arguments),
        Chore::Page(arguments) => page::run(&arguments),
        Chore::Tantivy => tantivy::run(),
        Chore::Features => features::run(),
        Chore::Deny => deny::run(),
        Chore::Wording => wording::check(),
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

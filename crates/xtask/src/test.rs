//! All tests, in the order in which they fail fastest.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use import::{Result, root};

use crate::{
    binary_dictionaries, charts, compare, differences, faults, fuzz, instructions, kill,
    metadata::{built, program},
    oracle::Oracle,
    parquet, process, python, readings, readme, review, translated, upstream_cases, web, wording,
};

/// The packages whose tests are Rust's: the Python package has its tests in Python. All steps select these: another selection resolves
/// other features, and compiles all that depends on them again. So what is tested here has the features of all packages together;
/// `cargo xtask c --check` and `cargo xtask features` test packages as they ship.
const RUST_PACKAGES: &str = "--workspace --exclude fanjian-python";
/// The formats of records and their compression that are not on by default.
const ALL_FORMATS: &str = "--features fanjian-cli/parquet,fanjian-cli/zstd,fuzz/parquet";

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    steps.take("format", || cargo("fmt --all --check"))?;
    steps.take("clippy", || {
        clippy("--workspace --all-targets")?;
        clippy(&format!("--workspace --all-targets {ALL_FORMATS}"))?;
        // What library users build without the model of context, and without targets.
        clippy("--package fanjian --lib --no-default-features --features targets")?;
        clippy("--package fanjian --lib --no-default-features")?;
        clippy("--package fanjian-records --lib --no-default-features")?;
        clippy("--package fanjian-c --lib --no-default-features")?;
        clippy("--package fanjian-opencc --lib")
    })?;
    steps.take("rustdoc", rustdoc)?;
    steps.take("wording", wording::check)?;
    steps.take("programs and libraries", || with_formats("build", "--lib --bins --examples --tests"))?;
    steps.take("tests", || with_formats("test", ""))?;
    steps.take("trials of the command", || {
        let command = program("dev", "fanjian");
        parquet::compare(&command)?;
        kill::trials(&command, 40, 1)?;
        faults::trials(&command, false)?;
        fuzz::short(&command)
    })?;
    steps.take("examples", run_examples)?;
    // Last of the Rust tests: it puts the command without zstd in the place of that with all.
    steps.take("a test without zstd", || {
        let name = "a_build_without_zstd_says_so";
        let formats = "--features fanjian-cli/parquet,fuzz/parquet";
        let test = format!("test --quiet {RUST_PACKAGES} {formats} --test records -- --exact {name}");
        let printed = process::text(command(&test).current_dir(root()))?;
        if printed.contains("1 passed") { Ok(()) } else { Err(format!("there is no test {name}").into()) }
    })?;
    steps.take("files that are made from others", || {
        import::import(import::VERSION, true)?;
        generate(true)
    })?;
    steps.take("OpenCC's dictionaries and cases", || {
        binary_dictionaries::check(import::VERSION)?;
        upstream_cases::run()?;
        let mut oracle = Oracle::start()?;
        upstream_cases::check_own(&mut oracle)?;
        differences::check(&mut oracle)
    })?;
    steps.take("comparison with OpenCC", compare::check)?;
    steps.take("Python", python::test)?;
    steps.take("instructions", instructions::check)?;
    // Where the Rust target cannot be had, nothing else of the browser's part can.
    let target = web::build::install_target();
    if target.is_ok() {
        steps.take("browser", || {
            web::build::build()?;
            web::test()
        })?;
    }
    steps.print();
    println!("all tests passed");
    if let Err(reason) = target {
        println!("the browser part was not built: {reason}");
    }
    Ok(())
}

/// The steps that were taken, each with its time.
#[derive(Default)]
struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    fn take(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) -> Result<()> {
        let start = Instant::now();
        step()?;
        let time = start.elapsed();
        println!("{name}: {} s", time.as_secs());
        self.0.push((name, time));
        Ok(())
    }

    fn print(&self) {
        for (name, time) in &self.0 {
            println!("{:>6} s  {name}", time.as_secs());
        }
        println!("{:>6} s  in all", self.0.iter().map(|(_, time)| *time).sum::<Duration>().as_secs());
    }
}

/// Everything in the tree that this program makes from something else in the tree.
pub(crate) fn generate(check: bool) -> Result<()> {
    differences::table(check)?;
    charts::generate(check)?;
    readings::generate(check)?;
    review::calibration::generate(check)?;
    translated::generate(check)?;
    readme::check(&charts::share_of_errors()?)?;
    println!("generated files are {}", if check { "as they should be" } else { "written" });
    Ok(())
}

/// Runs each example, which an earlier step has built, with the page on standard input, and compares what it prints with
/// `tests/examples/NAME.txt`.
fn run_examples() -> Result<()> {
    for file in fs::read_dir(root().join("examples"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            let expected = root().join("tests/examples").join(name).with_extension("txt");
            let output = Command::new(built("dev").join("examples").join(name))
                .current_dir(root())
                .stdin(fs::File::open(root().join("examples/page.txt"))?)
                .stderr(Stdio::inherit())
                .output()?;
            if !output.status.success() || output.stdout != fs::read(&expected)? {
                let printed = String::from_utf8_lossy(&output.stdout);
                return Err(format!("the example {name} does not print {}, but:\n{printed}", expected.display()).into());
            }
        }
    }
    Ok(())
}

fn rustdoc() -> Result<()> {
    let mut command = command(&format!("doc --workspace --no-deps --quiet {ALL_FORMATS}"));
    command.env("RUSTDOCFLAGS", "--deny warnings");
    finish(command)
}

fn clippy(packages: &str) -> Result<()> {
    cargo(&format!("clippy {packages} --quiet -- --deny warnings"))
}

/// Builds or tests all packages, with the libraries that the programs in C of their tests are linked with.
fn with_formats(subcommand: &str, targets: &str) -> Result<()> {
    let mut command = command(&format!("{subcommand} --quiet {RUST_PACKAGES} {ALL_FORMATS} {targets}"));
    command.env("FANJIAN_OPENCC_DATA_DIR", root().join("crates/opencc/tests/data"));
    command.env("FANJIAN_LIBRARY_FOLDER", built("dev"));
    finish(command)
}

/// Runs cargo with arguments that hold no spaces.
fn cargo(arguments: &str) -> Result<()> {
    finish(command(arguments))
}

fn command(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments.split_whitespace());
    command
}

fn finish(mut command: Command) -> Result<()> {
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let line = format!("cargo {}", arguments.join(" "));
    println!("{line}");
    if command.current_dir(root()).status()?.success() {
        Ok(())
    } else {
        Err(format!("{line} failed (see above)").into())
    }
}

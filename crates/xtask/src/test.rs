//! All tests, in the order in which they fail fastest.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use import::{Result, root};

use crate::{
    binary_dictionaries, charts, compare, differences, faults, fuzz, instructions, kill, metadata::target_folder,
    oracle::Oracle, parquet, python, readings, readme, review, translated, trial, upstream_cases, web, wording,
};

/// The packages whose tests are Rust's: the Python package has its tests in Python. Always with these together, for others would be
/// built with other features of what they depend on, and all of that once more.
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
        clippy("--package fanjian-c --lib --no-default-features")
    })?;
    steps.take("rustdoc", rustdoc)?;
    steps.take("wording", wording::check)?;
    steps.take("tests without zstd", || {
        cargo(&format!("test --quiet {RUST_PACKAGES} --test records -- a_build_without_zstd_says_so"))
    })?;
    steps.take("programs and libraries", || {
        let mut build =
            command(&format!("build --quiet {RUST_PACKAGES} {ALL_FORMATS} --lib --bins --examples --tests"));
        build.env("FANJIAN_OPENCC_DATA_DIR", root().join("crates/opencc/tests/data"));
        finish(build)
    })?;
    steps.take("tests", || {
        let mut tests = command(&format!("test --quiet {RUST_PACKAGES} {ALL_FORMATS}"));
        tests.env("LIBRARY_FOLDER", target_folder().join("debug"));
        finish(tests)
    })?;
    steps.take("trials of the command", || {
        let command = trial::built("debug");
        parquet::compare(&command)?;
        kill::trials(&command, 40, 1)?;
        faults::trials(&command, false)?;
        fuzz::short(&command)
    })?;
    steps.take("examples", run_examples)?;
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

/// Runs each example, which the tests have built, with the page on standard input, and compares what it prints with
/// `tests/examples/NAME.txt`.
fn run_examples() -> Result<()> {
    for file in fs::read_dir(root().join("examples"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            let expected = root().join("tests/examples").join(name).with_extension("txt");
            let output = Command::new(target_folder().join("debug/examples").join(name))
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
    let mut command = Command::new(env!("CARGO"));
    command.args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "--deny warnings");
    finish(command)
}

fn clippy(packages: &str) -> Result<()> {
    cargo(&format!("clippy {packages} --quiet -- --deny warnings"))
}

/// Runs cargo with arguments that hold no spaces.
fn cargo(arguments: &str) -> Result<()> {
    finish(command(arguments))
}

fn command(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments.split(' '));
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

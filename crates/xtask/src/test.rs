//! All tests, in the order in which they fail fastest.

use std::{
    fs,
    os::unix::process::{CommandExt as _, parent_id},
    path::PathBuf,
    process::{self, Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use import::{Result, root};

use crate::{
    binary_dictionaries, charts, compare, differences, faults, fuzz, instructions, kill,
    metadata::{built, program, target_folder},
    oracle::Oracle,
    parquet,
    process::text,
    python, readings, readme, review, translated, upstream_cases, web, wording,
};

/// The packages whose tests are Rust's: the Python package has its tests in Python. All steps select these: another selection resolves
/// other features, and compiles all that depends on them again. So what is tested here has the features of all packages together;
/// `cargo xtask c --check` and `cargo xtask features` test packages as they ship.
const RUST_PACKAGES: &str = "--workspace --exclude fanjian-python";
/// The formats of records and their compression that are not on by default.
const ALL_FORMATS: &str = "--features fanjian-cli/parquet,fanjian-cli/zstd,fuzz/parquet";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run the part that runs beside the others, as long as the process with this number does
    #[arg(long, hide = true)]
    beside: Option<u32>,
    /// Leave out the browser's part: the Rust target cannot be had
    #[arg(long, hide = true)]
    without_browser: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if let Some(parent) = arguments.beside {
        end_with(parent);
        return packages(!arguments.without_browser);
    }
    let mut steps = Steps::new();
    steps.take("format", || cargo("fmt --all --check"))?;
    // What the part beside needs is asked for here, where nothing stops it.
    instructions::install_valgrind()?;
    let browser = web::build::install_target();
    steps.beside = Some(Beside::start(browser.is_ok())?);
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
    // Last of the Rust tests: it builds the command without zstd, which replaces that with all.
    steps.take("a test without zstd", || {
        let name = "a_build_without_zstd_says_so";
        let formats = "--features fanjian-cli/parquet,fuzz/parquet";
        let test = format!("test --quiet {RUST_PACKAGES} {formats} --test records -- --exact {name}");
        let printed = text(command(&test).current_dir(root()))?;
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
    steps.finish()?;
    println!("all tests passed");
    if let Err(reason) = browser {
        println!("the browser part was not built: {reason}");
    }
    Ok(())
}

/// The packages in other languages, and the instructions: each is built in a profile of its own, thus without waiting for other
/// builds.
fn packages(has_browser: bool) -> Result<()> {
    let mut steps = Steps::new();
    steps.take("Python", python::test)?;
    steps.take("instructions", instructions::check)?;
    // Where the Rust target cannot be had, nothing else of the browser's part can.
    if has_browser {
        steps.take("browser", || {
            web::build::build()?;
            web::test()
        })?;
    }
    steps.finish()
}

/// The steps that were taken, each with its time.
struct Steps {
    start: Instant,
    taken: Vec<(&'static str, Duration)>,
    beside: Option<Beside>,
}

impl Steps {
    fn new() -> Steps {
        Steps { start: Instant::now(), taken: Vec::new(), beside: None }
    }

    fn take(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) -> Result<()> {
        let start = Instant::now();
        let result = step();
        let time = start.elapsed();
        println!("{name}: {} s", time.as_secs());
        self.taken.push((name, time));
        // Both are printed if both have failed.
        let beside = self.beside.as_mut().map_or(Ok(()), Beside::look);
        result.and(beside)
    }

    /// Waits for what runs beside, and prints all times.
    fn finish(&mut self) -> Result<()> {
        if let Some(beside) = &mut self.beside {
            beside.wait()?;
        }
        for (name, time) in &self.taken {
            println!("{:>6} s  {name}", time.as_secs());
        }
        println!("{:>6} s  in all", self.start.elapsed().as_secs());
        Ok(())
    }
}

/// A process that runs [`packages`] at the same time: with two cores, much of what each of both does uses one.
struct Beside {
    process: Child,
    /// What it prints.
    log: PathBuf,
}

impl Beside {
    fn start(has_browser: bool) -> Result<Beside> {
        let log = target_folder().join("test-packages.log");
        let file = fs::File::create(&log)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["test", "--beside", &process::id().to_string()]).current_dir(root());
        command.args((!has_browser).then_some("--without-browser"));
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        println!("Python, instructions and the browser are tested beside this: {}", log.display());
        Ok(Beside { process: command.process_group(0).spawn()?, log })
    }

    /// An error if it has failed.
    fn look(&mut self) -> Result<()> {
        match self.process.try_wait()? {
            Some(status) if !status.success() => self.ended(status),
            _ => Ok(()),
        }
    }

    fn wait(&mut self) -> Result<()> {
        let status = self.process.wait()?;
        self.ended(status)
    }

    fn ended(&self, status: ExitStatus) -> Result<()> {
        print!("{}", String::from_utf8_lossy(&fs::read(&self.log)?));
        if status.success() { Ok(()) } else { Err("Python, instructions or the browser failed (see above)".into()) }
    }
}

/// Has this process, and all that it runs, end when its parent has: where that has failed, or is interrupted.
fn end_with(parent: u32) {
    thread::spawn(move || {
        while parent_id() == parent {
            thread::sleep(Duration::from_secs(1));
        }
        Command::new("sh").args(["-c", &format!("kill -TERM -{}", process::id())]).status()
    });
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

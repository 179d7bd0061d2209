//! The Python package: built, tested, and run on distributed engines, in virtual environments inside the tree.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, python, root};

use crate::figures;

/// The packages for the tests.
const TESTS: &[&str] = &["pytest", "hypothesis", "mypy", "pyarrow", "polars", "duckdb", "pandas"];
/// Further packages for the engines that are too heavy for every run. Ray 2.60 reads Parquet with threads that all import
/// `fsspec`'s HTTP, and fails if two of them fail to find it: so it is installed.
const ENGINES: &[&str] = &["pyspark", "ray[data]", "fsspec[http]", "datasets", "datatrove", "regex", "orjson"];
/// Data-Juicer, in an environment of its own: it asks for older versions of what the others depend on. It imports the second and
/// the third, which it does not ask for.
const DATA_JUICER: &[&str] = &["py-data-juicer", "aiohttp", "ray", "pyarrow"];
/// The converters of the benchmark. It fetches another one, with the same name as the first, into a folder of its own.
const PEERS: &[&str] = &["opencc", "zhconv-rs-opencc", "opencc-pyo3", "pyarrow"];

/// Runs the tests of the package, and its examples on light engines. Its crate is checked with the others of the workspace.
pub(crate) fn test() -> Result<()> {
    let environment = Environment::make("tests", TESTS)?;
    environment.install()?;
    environment.run(&["-m", "pytest", "--quiet"])?;
    for example in ["polars_column", "duckdb_function"] {
        environment.example(example, &[])?;
    }
    Ok(())
}

/// Runs the tests of threads, forks, long strings and the like at full length; with a date, writes what was counted into
/// docs/reliability.md.
pub(crate) fn robustness(record: Option<&str>) -> Result<()> {
    let environment = Environment::make("tests", TESTS)?;
    environment.install()?;
    let file = folder().join("counts.json");
    let mut command = environment.command(&["-m", "pytest", "--quiet", "tests/test_robustness.py"]);
    finish(command.env("FANJIAN_LONG", "1").env("FANJIAN_COUNTS", &file))?;
    let counts: BTreeMap<String, f64> = serde_json::from_slice(&fs::read(file)?)?;
    let rows = counts.iter().map(|(what, count)| format!("| {what} | {} |", measure::grouped(*count)));
    let table = rows.collect::<Vec<_>>().join("\n");
    println!("{table}");
    let Some(date) = record else { return Ok(()) };
    let python = Command::new(environment.python()).arg("--version").output()?;
    let python = String::from_utf8(python.stdout)?;
    let text = format!("All results were right, and no process ended.\n\n| what | count |\n|---|--:|\n{table}");
    figures::record("cargo xtask python-robustness", date, python.trim(), &text)
}

/// Runs the examples on all engines.
pub(crate) fn engines() -> Result<()> {
    let environment = Environment::make("engines", &[TESTS, ENGINES].concat())?;
    environment.install()?;
    for example in
        ["polars_column", "duckdb_function", "datasets_map", "datatrove_steps", "ray_batches", "pyspark_columns"]
    {
        environment.example(example, &[])?;
    }
    let environment = Environment::make("data-juicer", DATA_JUICER)?;
    environment.install()?;
    environment.example("data_juicer_operators", &[])
}

/// Runs the tests on other versions of Python, of which these are the interpreters, with the wheel that all of them share.
pub(crate) fn versions(interpreters: &[String]) -> Result<()> {
    for interpreter in interpreters {
        let version = Command::new(interpreter).arg("--version").output();
        let version = version.map_err(|error| format!("cannot run {interpreter}: {error}"))?;
        let name = String::from_utf8(version.stdout)?.trim().replace(' ', "-").to_lowercase();
        let environment = Environment::made_by(Command::new(interpreter), &name, TESTS)?;
        environment.install()?;
        environment.run(&["-m", "pytest", "--quiet"])?;
    }
    Ok(())
}

/// Compares with other packages; with `--record`, writes the page, the figures and their chart.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    let environment = Environment::make("bench", PEERS)?;
    environment.install()?;
    let mut line = vec!["benches/compare.py"];
    line.extend(arguments.iter().map(String::as_str));
    environment.run(&line)?;
    // Where figures were recorded, they have a chart.
    crate::charts::generate(false)
}

/// A virtual environment, made at the first time.
struct Environment {
    folder: PathBuf,
}

impl Environment {
    fn make(name: &str, packages: &[&str]) -> Result<Environment> {
        Environment::made_by(python(), name, packages)
    }

    fn made_by(mut python: Command, name: &str, packages: &[&str]) -> Result<Environment> {
        let environment = Environment { folder: folder().join(name) };
        let complete = environment.folder.join("complete");
        // Broken off, it has no such file; for other packages, another one.
        let all = packages.join(" ");
        if fs::read_to_string(&complete).is_ok_and(|found| found == all) {
            return Ok(environment);
        }
        println!("making {} with {all}", environment.folder.display());
        finish(python.args(["-m", "venv", "--clear"]).arg(&environment.folder))?;
        environment.run(&[&["-m", "pip", "install", "--quiet", "--disable-pip-version-check"], packages].concat())?;
        fs::write(complete, all)?;
        Ok(environment)
    }

    /// Builds the package as `pip install ./crates/python` does, and installs it.
    fn install(&self) -> Result<()> {
        // All environments take their wheel from one Python: for another one, half of it would be built again.
        let wheels = folder().join("wheels");
        if wheels.exists() {
            fs::remove_dir_all(&wheels)?;
        }
        let mut build = python();
        build.args(["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "."]);
        build.arg("--wheel-dir").arg(&wheels);
        finish(build.current_dir(package()))?;
        let wheel = fs::read_dir(&wheels)?.next().ok_or("pip built no wheel")??.path();
        let wheel = wheel.to_string_lossy();
        let options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"];
        self.run(&[&["-m", "pip", "install"], options.as_slice(), &[&wheel]].concat())
    }

    fn example(&self, name: &str, arguments: &[&str]) -> Result<()> {
        let file = format!("examples/{name}.py");
        self.run(&[&[file.as_str()], arguments].concat())
    }

    /// Runs the environment's Python in the folder of the package.
    fn run(&self, arguments: &[&str]) -> Result<()> {
        finish(&mut self.command(arguments))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.python());
        command.args(arguments).current_dir(package());
        command
    }

    fn python(&self) -> PathBuf {
        self.folder.join(if cfg!(windows) { "Scripts" } else { "bin" }).join("python")
    }
}

fn package() -> PathBuf {
    root().join("crates/python")
}

/// The environments and the wheel. The build itself is in the workspace's target folder: the profile `wheel` has one of its
/// own there, with a lock of its own, and nothing is built twice.
fn folder() -> PathBuf {
    root().join("target/python")
}

fn finish(command: &mut Command) -> Result<()> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    let line = [vec![name(Path::new(command.get_program()))], arguments.collect()].concat().join(" ");
    println!("crates/python: {line}");
    let status = command.status().map_err(|error| format!("cannot run {line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line} failed (see above)").into()) }
}

//! The npm package `fanjian`: built, tested and measured.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fanjian::{Config, Converter, Punctuation, Target, Vocabulary};
use import::{Result, root};
use serde_json::{Value, json};

use crate::{metadata::target_folder, npm, process, release};

pub(crate) mod build;

/// The packages that it is compared with. Of OpenCC itself, with native code, a release whose code runs with older libraries of
/// the system, too.
const OTHERS: [(&str, &str); 3] = [("opencc", "1.3.1"), ("opencc-js", "1.4.2"), ("simplecc-wasm", "1.1.1")];

/// Engines of JavaScript other than Node, which npm installs: their names and versions.
const ENGINES: [(&str, &str); 2] = [("deno", "2.9.6"), ("bun", "1.4.5")];

/// Texts of the tree: what the package makes of them is what the library does.
const TEXTS: [&str; 10] = [
    "README.zh-CN.md",
    "README.zh-TW.md",
    "docs/targets.md",
    "docs/zh-CN/documents.md",
    "docs/zh-TW/documents.md",
    "tests/challenge/cantonese.tsv",
    "tests/challenge/mixed.tsv",
    "tests/challenge/one-to-many.tsv",
    "tests/challenge/traditional-to-simplified.tsv",
    "tests/challenge/vocabulary.tsv",
];

/// The lines of a text that are converted one by one.
const LINES: usize = 50;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Build the package, and run its tests in Node
    #[arg(long, group = "task")]
    check: bool,
    /// Build the package, and print what a program loads for each purpose
    #[arg(long, group = "task")]
    sizes: bool,
    /// Build the package, and compare its speed with that of others, which this installs
    #[arg(long, group = "task")]
    speed: bool,
    /// Build the package, and run a test of it in Node, Deno and Bun, the latter of which this installs
    #[arg(long, group = "task")]
    engines: bool,
    /// Take the package in web/npm as it is, rather than build it
    #[arg(long, requires = "task")]
    built: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    // What cannot be had is named before all is built.
    let packages = match arguments {
        Arguments { speed: true, .. } => Some(npm::packages(&OTHERS)?),
        Arguments { engines: true, .. } => Some(npm::packages(&ENGINES)?),
        _ => None,
    };
    if !arguments.built {
        build::build()?;
    }
    if arguments.sizes {
        return in_package(Command::new("node").arg("bench/sizes.mjs"));
    }
    if let Some(packages) = packages {
        if arguments.engines {
            return engines(&packages.join("node_modules/.bin"));
        }
        let text = target_folder().join("web-text.txt");
        fs::write(&text, simplified()?)?;
        return in_package(Command::new("node").arg("bench/speed.mjs").arg(text).env("PACKAGES", packages));
    }
    if arguments.check {
        test()?;
    }
    println!("the package is in {}", build::package().display());
    Ok(())
}

/// Runs the tests of the package that was built.
pub(crate) fn test() -> Result<()> {
    let expected = target_folder().join("web-expected.json");
    fs::write(&expected, expected_conversions()?.to_string())?;
    process::run(build::npm().args(["test", "--silent"]).env("FANJIAN_EXPECTED", &expected))
}

/// Runs the test that every engine can run.
fn engines(programs: &Path) -> Result<()> {
    const TEST: &str = "test/engines.mjs";
    in_package(Command::new("node").arg(TEST))?;
    in_package(Command::new(programs.join("deno")).args(["run", "--allow-read", "--allow-env", TEST]))?;
    in_package(Command::new(programs.join("bun")).arg(TEST))
}

/// Runs a program in the package's folder, mostly Node.
fn in_package(command: &mut Command) -> Result<()> {
    process::run(command.current_dir(build::package()))
}

/// The texts of the tree in Simplified Chinese.
fn simplified() -> Result<String> {
    let converter = Converter::new(Config::T2s);
    let texts = TEXTS.iter().map(|path| fs::read_to_string(root().join(path)));
    let texts: Vec<String> = texts.collect::<std::io::Result<_>>()?;
    Ok(texts.iter().map(|text| converter.convert(text)).collect())
}

/// What the library makes of the texts of the tree, by all configurations and targets: of each text, and of its first lines, each
/// a text of its own.
fn expected_conversions() -> Result<Value> {
    let paths: Vec<PathBuf> = TEXTS.iter().map(|path| root().join(path)).collect();
    let texts: Vec<String> = paths.iter().map(fs::read_to_string).collect::<std::io::Result<_>>()?;
    let mut conversions = Vec::new();
    for &config in Config::ALL {
        conversions.push(conversion(&texts, json!({"config": config.name()}), &Converter::new(config)));
    }
    for &target in Target::ALL {
        conversions.push(conversion(&texts, json!({"to": target.tag()}), &Converter::for_target(target)));
        let builder = Converter::builder().target(target).vocabulary(Vocabulary::Local);
        let converter = builder.punctuation(Punctuation::Local).build()?;
        let options = json!({"to": target.tag(), "vocabulary": "local", "punctuation": "local"});
        conversions.push(conversion(&texts, options, &converter));
    }
    Ok(json!({"texts": texts, "conversions": conversions, "release": release::one_word("mine-1")?}))
}

fn conversion(texts: &[String], options: Value, converter: &Converter) -> Value {
    let whole = texts.iter().map(|text| converter.convert(text).into_owned());
    let lines = texts.iter().map(|text| {
        let lines = text.split('\n').take(LINES).map(|line| converter.convert(line));
        lines.collect::<Vec<_>>().join("\n")
    });
    json!({"options": options, "converted": whole.chain(lines).collect::<Vec<_>>()})
}

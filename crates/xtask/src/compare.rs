//! Compares conversions with OpenCC's, byte by byte: whole, in pieces, and explained.

use std::{fs, path::PathBuf, thread};

use clap::Args;
use fanjian::{Config, Converter};
use import::Result;

use crate::{
    oracle::Oracle,
    texts::{self, Random, Text},
};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Files of UTF-8 text to compare on, in place of a page of our own and natural text from published packages
    files: Vec<PathBuf>,
    /// How many random strings to compare on, too, with every configuration
    #[arg(long, default_value_t = RANDOM)]
    random: usize,
    /// What the random strings and pieces are made from
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Compare with this configuration alone
    #[arg(short, long)]
    config: Option<Config>,
}

const RANDOM: usize = 3000;
const SEED: u64 = 1;
/// Texts up to this many bytes are streamed in pieces of every length from 1 to 64, and explained.
const SMALL: usize = 100_000;
/// How many random strings are sent to the oracle at once, to save time.
const BATCH: usize = 200;

/// Compares with the defaults of `cargo xtask compare`.
pub(crate) fn check() -> Result<()> {
    run(&Arguments { files: Vec::new(), random: RANDOM, seed: SEED, config: None })
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut texts = Vec::new();
    for path in &arguments.files {
        texts.push(Text { name: path.display().to_string(), text: fs::read_to_string(path)? });
    }
    if texts.is_empty() {
        let page = import::root().join("tests/pages/crawled.txt");
        texts.push(Text { name: "a page as web crawls bring it".into(), text: fs::read_to_string(page)? });
        texts.extend(texts::natural()?);
    }
    for text in &texts {
        println!("{}: {} bytes", text.name, text.text.len());
    }
    // Installed by one, not by all parts at once.
    import::site(import::VERSION)?;
    let configs = arguments.config.map_or(Config::ALL.to_vec(), |config| vec![config]);
    let parts = configs.chunks(configs.len().div_ceil(thread::available_parallelism()?.get()));
    let results: Vec<_> = thread::scope(|scope| {
        let start = |configs| {
            let texts = &texts;
            scope.spawn(move || compare(arguments, texts, configs).map_err(|error| error.to_string()))
        };
        let started: Vec<_> = parts.map(start).collect();
        let panicked = |_| Err("a comparison panicked (see above)".to_owned());
        started.into_iter().map(|part| part.join().unwrap_or_else(panicked)).collect()
    });
    let errors: Vec<_> = results.iter().filter_map(|result| result.as_ref().err().cloned()).collect();
    if !errors.is_empty() {
        return Err(errors.join("\n").into());
    }
    let compared: usize = results.into_iter().flatten().sum();
    println!("{compared} comparisons with OpenCC {}, no difference", import::VERSION);
    Ok(())
}

/// Compares on all texts and strings with some of the configurations, up to the first difference. Returns how many conversions were
/// compared.
fn compare(arguments: &Arguments, texts: &[Text], configs: &[Config]) -> Result<usize> {
    let mut oracle = Oracle::start()?;
    let mut compared = 0;
    for text in texts {
        for &config in configs {
            for tofu_risk in [false, true] {
                let converter = converter(config, tofu_risk)?;
                let theirs = oracle.convert(config, tofu_risk, &text.text)?;
                every_way(&converter, &text.text, &theirs, arguments.seed)
                    .map_err(|error| format!("{config}, tofu risk {tofu_risk}, {}: {error}", text.name))?;
                compared += 1;
            }
        }
    }
    let mut random = Random::new(arguments.seed)?;
    for _ in 0..arguments.random.div_ceil(BATCH) {
        let strings: Vec<String> = (0..BATCH).map(|_| random.string(12)).collect();
        let seed = random.seed();
        // A line of its own for each string: a key never holds a line break, so nothing matches across.
        let joined = strings.join("\n");
        for &config in configs {
            for tofu_risk in [false, true] {
                let converter = converter(config, tofu_risk)?;
                let theirs = oracle.convert(config, tofu_risk, &joined)?;
                every_way(&converter, &joined, &theirs, seed)
                    .map_err(|error| format!("{config}, tofu risk {tofu_risk}, random string: {error}"))?;
            }
        }
        compared += strings.len() * configs.len() * 2;
    }
    Ok(compared)
}

fn converter(config: Config, tofu_risk: bool) -> Result<Converter> {
    Ok(Converter::builder().config(config).tofu_risk(tofu_risk).build()?)
}

/// Compares every way to convert `text` with what is expected.
fn every_way(converter: &Converter, text: &str, expected: &str, seed: u64) -> Result<()> {
    same("whole", text, &converter.convert(text), expected)?;
    if text.len() <= SMALL {
        let lengths = if text.len() > 10_000 { vec![1, 2, 3, 7, 64] } else { (1..=64).collect() };
        for length in lengths {
            let streamed = stream(converter, text, || length)?;
            same(&format!("in pieces of {length} bytes"), text, &streamed, expected)?;
        }
        let explained: String = converter.segments(text).into_iter().map(|segment| segment.output).collect();
        same("by the reference chain", text, &converter.reference().convert(text), expected)?;
        same("explained", text, &explained, expected)?;
        same("inspected", text, &converter.inspect(text).output, expected)?;
    }
    let mut random = Random::new(seed)?;
    let streamed = stream(converter, text, || random.up_to(4096))?;
    same("in random pieces", text, &streamed, expected)
}

fn stream(converter: &Converter, text: &str, mut length: impl FnMut() -> usize) -> Result<String> {
    let mut stream = converter.stream();
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(length().min(rest.len()));
        stream.push(piece, &mut out)?;
        rest = behind;
    }
    stream.finish(&mut out)?;
    Ok(String::from_utf8(out)?)
}

/// An error that shows the first line that differs.
fn same(way: &str, text: &str, ours: &str, theirs: &str) -> Result<()> {
    if ours == theirs {
        return Ok(());
    }
    let line = ours.split('\n').zip(theirs.split('\n')).position(|(ours, theirs)| ours != theirs).unwrap_or(0);
    let of = |text: &str| text.split('\n').nth(line).unwrap_or("").to_owned();
    Err(format!("{way}, line {}:\n  input  {}\n  ours   {}\n  theirs {}", line + 1, of(text), of(ours), of(theirs))
        .into())
}

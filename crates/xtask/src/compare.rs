//! Compares conversions with OpenCC's, byte by byte: whole, in pieces, and explained.

use std::{fs, path::PathBuf, thread};

use clap::Args;
use cpu_time::ProcessTime;
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
    #[arg(long, default_value_t = 3000)]
    random: usize,
    /// What the random strings and pieces are made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Compare with this configuration alone
    #[arg(short, long)]
    config: Option<Config>,
    /// Print the speeds on each text, the best of three; for a build with optimizations
    #[arg(long)]
    times: bool,
}

/// Texts up to this many bytes are streamed in pieces of every length from 1 to 64, and explained.
const SMALL: usize = 100_000;
/// How many random strings are sent to the oracle at once, to save time.
const BATCH: usize = 200;
/// How often a conversion is timed.
const RUNS: usize = 3;

/// Compares on the texts and strings that are not asked for otherwise.
pub(crate) fn check() -> Result<()> {
    run(&Arguments { files: Vec::new(), random: 3000, seed: 1, config: None, times: false })
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
    // Times are taken one after the other.
    let parts = if arguments.times { 1 } else { thread::available_parallelism()?.get() };
    let compared: std::result::Result<usize, String> = thread::scope(|scope| {
        let parts: Vec<_> = configs
            .chunks(configs.len().div_ceil(parts))
            .map(|configs| {
                let texts = &texts;
                scope.spawn(move || compare(arguments, texts, configs).map_err(|error| error.to_string()))
            })
            .collect();
        parts
            .into_iter()
            .map(|part| part.join().unwrap_or_else(|_| Err("a comparison panicked (see above)".into())))
            .sum()
    });
    println!("{} comparisons with OpenCC {}, no difference", compared?, import::VERSION);
    Ok(())
}

/// Compares on all texts with some of the configurations. Returns how many conversions were compared.
fn compare(arguments: &Arguments, texts: &[Text], configs: &[Config]) -> Result<usize> {
    let mut oracle = Oracle::start()?;
    let runs = if arguments.times { RUNS } else { 1 };
    let mut compared = 0;
    for text in texts {
        for &config in configs {
            for tofu_risk in [false, true] {
                let converter = converter(config, tofu_risk)?;
                let theirs = oracle.convert(config, tofu_risk, &text.text)?;
                let mut theirs_seconds = theirs.seconds;
                for _ in 1..runs {
                    theirs_seconds = oracle.convert(config, tofu_risk, &text.text)?.seconds.min(theirs_seconds);
                }
                let ours_seconds = every_way(&converter, &text.text, &theirs.text, runs, arguments.seed)
                    .map_err(|error| format!("{config}, tofu risk {tofu_risk}, {}: {error}", text.name))?;
                compared += 1;
                if arguments.times && !tofu_risk && text.text.len() > SMALL {
                    let rate = |seconds: f64| text.text.len() as f64 / 1e6 / seconds;
                    let (ours, theirs) = (rate(ours_seconds), rate(theirs_seconds));
                    let ratio = ours / theirs;
                    println!(
                        "  {config:<6} ours {ours:6.1} MB/s  theirs {theirs:6.1}  {ratio:5.1} times, {}",
                        text.name
                    );
                }
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
                every_way(&converter, &joined, &theirs.text, 1, seed)
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

/// Compares every way to convert `text` with what is expected, and returns the seconds that the simplest one took.
fn every_way(converter: &Converter, text: &str, expected: &str, runs: usize, seed: u64) -> Result<f64> {
    let mut seconds = f64::INFINITY;
    for _ in 0..runs {
        let start = ProcessTime::now();
        let converted = converter.convert(text);
        seconds = start.elapsed().as_secs_f64().min(seconds);
        same("whole", text, &converted, expected)?;
    }
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
    same("in random pieces", text, &streamed, expected)?;
    Ok(seconds)
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

//! Learns the model of context that targets decide by: `cargo train --help`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser};
use fanjian::{Config, Converter};
use fanjian_context::{Engine, Model, Sources, Target, Vocabulary, compile};
use train::{Count, Trainer, Training};

mod text;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Learns from Traditional text which of several candidates a Simplified character becomes
///
/// A line of the text is taken as right. Its Simplified side is made from it by the configuration tw2s, and what the
/// program learns is to find the way back. The same texts, options and seed give the same bytes.
#[derive(Parser)]
#[command(name = "cargo train")]
struct Arguments {
    /// Files of Traditional text, plain or .xz, a sentence a line. With `@N` behind the name each line counts N times;
    /// with `/N`, one line of N is taken; a .tsv holds words and how often each was counted
    #[arg(required = true)]
    files: Vec<String>,
    /// Where to write the model
    #[arg(short, long, default_value = "models/context.bin")]
    output: PathBuf,
    /// The folder of the dictionaries
    #[arg(long, default_value = "dictionaries")]
    dictionaries: PathBuf,
    /// Write the phrases that the texts prove wrong more often than right here, and no model
    #[arg(long)]
    harmful: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

#[derive(Args)]
struct Options {
    /// What the order of the decisions is made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often to look at each decision
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Leave out what was seen less often than this
    #[arg(long, default_value_t = 3)]
    least: u32,
    /// Keep at most this number of features, of 13 bytes each
    #[arg(long, default_value_t = 60_000)]
    features: usize,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("train: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let engine = engine(&arguments.dictionaries)?;
    let converter = Converter::new(Config::Tw2s);
    let mut trainer = Trainer::new();
    let sources = Sources::from_folder(&arguments.dictionaries)?;
    if arguments.harmful.is_none() {
        learn_phrases(&sources, &engine, &mut trainer)?;
    }
    for file in &arguments.files {
        let before = trainer.len();
        let source: text::Source = file.parse()?;
        let mut lines = 0;
        source.lines(|line, times| {
            trainer.line(&engine, &converter.convert(line), line, times, source.is_words());
            lines += 1;
        })?;
        println!("{file}: {lines} lines, {} decisions", trainer.len() - before);
    }
    if let Some(path) = &arguments.harmful {
        let doublets = sources.keys("targets/Doublets")?.concat();
        return Ok(fs::write(path, harmful(trainer.phrases(), &doublets))?);
    }
    let Options { seed, rounds, least, features } = arguments.options;
    let model = trainer.train(Training { seed, rounds, least, features })?;
    println!("{}: {} bytes", arguments.output.display(), model.len());
    fs::write(&arguments.output, model)?;
    Ok(())
}

/// Learns OpenCC's phrases themselves, so that what a text does not speak against they decide.
fn learn_phrases(sources: &Sources, engine: &Engine, trainer: &mut Trainer) -> Result<()> {
    let harmful: BTreeSet<&str> = sources.keys("targets/Harmful")?.into_iter().collect();
    let converter = Converter::new(Config::T2tw);
    let before = trainer.len();
    for (key, value) in sources.pairs("STPhrases")?.filter(|(key, _)| !harmful.contains(key)) {
        trainer.line(engine, key, &converter.convert(value), 1, true);
    }
    println!("STPhrases: {} decisions", trainer.len() - before);
    Ok(())
}

/// A dictionary of the phrases that were wrong so often, and more often than right; without those that hold one of the
/// `doublets`.
fn harmful(phrases: &BTreeMap<String, Count>, doublets: &str) -> String {
    const LEAST: u32 = 5;
    let mut text =
        "# Phrases of OpenCC's that Traditional text proves wrong more often than right: how often it has each as \
                    another word, and\n# as this one. Made by `cargo train --harmful`.\n"
            .to_owned();
    let is_harmful = |(phrase, count): &(&String, &Count)| {
        count.wrong >= LEAST.max(count.right) && !phrase.contains(|character| doublets.contains(character))
    };
    for (phrase, Count { right, wrong }) in phrases.iter().filter(is_harmful) {
        text += &format!("{phrase}\t{wrong}:{right}\n");
    }
    text
}

/// The engine that asks what there is to decide: Taiwan's, which the texts are from.
fn engine(dictionaries: &std::path::Path) -> Result<Engine> {
    let tables: &'static [u8] = Vec::leak(compile(&Sources::from_folder(dictionaries)?, &Model::dictionary())?);
    Ok(Engine::read(tables, Target::Taiwan, Vocabulary::Keep)?)
}

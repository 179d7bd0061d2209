//! Compares fanjian with other converters: speed, memory, and whether the results are OpenCC's.
//!
//! Each peer is a process of its own, and all take turns in each round, so that noise meets all alike.

mod chart;
mod commands;
mod figures;
mod headline;
#[path = "../../texts/hostile.rs"]
mod hostile;
mod listing;
mod machine;
mod measure;
mod peers;
mod processes;
mod report;
mod scenarios;
mod texts;

use std::{ffi::OsString, fs, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use worker::{CONFIGS, Result};

#[derive(Parser)]
#[command(
    about = "Compares fanjian with other converters: speed, memory, and whether the results are OpenCC's",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    options: Options,
}

#[derive(Args)]
struct Options {
    /// The folder that benches/corpus.py has written
    #[arg(long, default_value_os_t = import::root().join("target/corpus"))]
    corpus: PathBuf,
    /// How often each peer has its turn in each measurement
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Convert only the first N MB of each text
    #[arg(long)]
    megabytes: Option<f64>,
    /// Compare these peers only
    #[arg(long, value_delimiter = ',', value_parser = listing::NAMES)]
    only: Vec<String>,
    /// Compare these configurations only
    #[arg(long, value_delimiter = ',', value_parser = CONFIGS)]
    config: Vec<String>,
    /// Keep the results under benches/record, as a page, a chart and raw figures
    #[arg(long)]
    record: bool,
}

// What this program runs itself for, in processes of their own.
#[derive(Subcommand)]
enum Part {
    /// Answer requests as this peer
    #[command(hide = true)]
    Worker { name: String },
    /// Run a command and report its use of time and memory
    #[command(hide = true)]
    Launch { command: Vec<OsString> },
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    match arguments.part {
        Some(Part::Worker { name }) => worker::serve(&peers::find(&name).ok_or("no such peer")?),
        Some(Part::Launch { command }) => commands::launch(&command),
        None => compare(&arguments.options),
    }
}

fn compare(options: &Options) -> Result<()> {
    let texts = texts::prepare(&options.corpus, options.megabytes)?;
    let record = measure::run(options, &texts)?;
    let page = report::page(&record);
    println!("{page}");
    if options.record {
        let folder = import::root().join("benches/record");
        fs::create_dir_all(&folder)?;
        let path = folder.join(&record.date);
        fs::write(path.with_extension("md"), report::with_chart(&page, &record.date))?;
        fs::write(path.with_extension("svg"), chart::draw(&record))?;
        // A figure on each line, so that records can be compared line by line.
        let json = serde_json::to_string(&record)?.replace("},{\"kind\"", "},\n{\"kind\"");
        fs::write(path.with_extension("json"), json + "\n")?;
        eprintln!("written: {}", path.with_extension("{md,svg,json}").display());
    }
    Ok(())
}

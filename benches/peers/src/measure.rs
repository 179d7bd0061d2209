//! The measurements, in their order.

use std::fs;

use worker::{CONFIGS, Request, Result};

use crate::{
    Options, commands,
    figures::{Entrant, Kind, Record},
    listing::LISTINGS,
    machine::Machine,
    processes::{Process, Starter},
    texts::{LENGTHS, Texts},
};

/// The configurations that short strings and first conversions are measured with.
const CHOSEN: [&str; 4] = ["s2t", "t2s", "s2twp", "tw2sp"];
/// The configurations that memory is measured with.
const MEMORY: [&str; 2] = ["s2t", "s2twp"];
/// What a fresh process converts.
const SHORT: &str = "皇后把头发剪短了，後來用滑鼠打開軟體";

/// A peer that takes part.
struct Participant {
    starter: Starter,
    process: Process,
    configs: Vec<String>,
}

impl Participant {
    fn name(&self) -> &'static str {
        self.starter.listing.name
    }

    fn has(&self, config: &str) -> bool {
        self.configs.iter().any(|name| name == config)
    }
}

pub(crate) fn run(options: &Options, texts: &Texts) -> Result<Record> {
    let mut record = Record {
        date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
        command_line: std::env::args().skip(1).collect::<Vec<_>>().join(" "),
        rounds: options.rounds,
        machine: Machine::here(),
        texts: texts.bytes.clone(),
        sources: texts.sources.clone(),
        peers: Vec::new(),
        absent: Vec::new(),
        program: 0,
        figures: Vec::new(),
    };
    let mut participants = start(options, &mut record)?;
    let asked = |config: &str| options.config.is_empty() || options.config.iter().any(|name| name == config);
    let configs: Vec<&str> = CONFIGS.into_iter().filter(|config| asked(config)).collect();
    compare_results(&configs, texts, &mut participants, &mut record)?;
    measure_speed(options.rounds, &configs, texts, &mut participants, &mut record)?;
    measure_strings(options.rounds, &configs, texts, &mut participants, &mut record)?;
    measure_fresh(options.rounds, &configs, texts, &mut participants, &mut record)?;
    commands::measure(options.rounds, &configs, texts, &mut record)?;
    Ok(record)
}

/// Starts the peers; one that cannot be had is left out.
fn start(options: &Options, record: &mut Record) -> Result<Vec<Participant>> {
    let mut participants = Vec::new();
    let asked = |name| options.only.is_empty() || options.only.iter().any(|only| only == name);
    for listing in LISTINGS.into_iter().filter(|listing| asked(listing.name)) {
        let started = Starter::prepare(listing).and_then(|starter| {
            let mut process = starter.start()?;
            let configs = process.configs()?;
            Ok(Participant { starter, process, configs })
        });
        match started {
            Ok(participant) => {
                let (name, title) = (listing.name.to_owned(), listing.title.to_owned());
                record.peers.push(Entrant { name, title, version: listing.version()? });
                participants.push(participant);
            }
            Err(error) => {
                eprintln!("left out: {}: {error}", listing.name);
                record.absent.push(format!("{}: {error}", listing.title));
            }
        }
    }
    Ok(participants)
}

/// The text in the script that the configuration reads.
fn natural_text(config: &str) -> &'static str {
    if config.starts_with('s') { "simplified" } else { "traditional" }
}

/// Compares each peer's results with the reference's, and warms the peers up with that.
///
/// OpenCC has dictionaries that its libraries include unless told otherwise, and its command does not; other converters
/// take the one or the other for the default. Both count as OpenCC's results.
fn compare_results(
    configs: &[&str],
    texts: &Texts,
    participants: &mut [Participant],
    record: &mut Record,
) -> Result<()> {
    let mut references = [Starter::reference(true)?.start()?, Starter::reference(false)?.start()?];
    for &config in configs {
        eprintln!("results: {config}");
        let (path, output) = (texts.path(&format!("{}.txt", natural_text(config))), texts.path("output"));
        let request = Request::Write { config: config.to_owned(), path, output: output.clone() };
        let write = |process: &mut Process| -> Result<String> {
            process.seconds(&request)?;
            Ok(fs::read_to_string(&output)?)
        };
        let expected = references.iter_mut().map(write).collect::<Result<Vec<_>>>()?;
        for participant in participants.iter_mut().filter(|participant| participant.has(config)) {
            let text = write(&mut participant.process)?;
            let share = expected.iter().map(|expected| share_of_equal_lines(&text, expected)).fold(0.0, f64::max);
            record.add(Kind::ShareOfEqualLines, config, participant.name(), share);
        }
    }
    Ok(())
}

fn share_of_equal_lines(text: &str, expected: &str) -> f64 {
    if text == expected {
        return 1.0;
    }
    let equal = text.split('\n').zip(expected.split('\n')).filter(|(line, expected)| line == expected).count();
    // A text that differs in its length alone is not the same.
    (equal as f64 / expected.split('\n').count() as f64).min(1.0 - f64::EPSILON)
}

/// What is converted as a whole: the scenario's name, its configuration and its text.
fn scenarios(configs: &[&str]) -> Vec<(String, String, String)> {
    let scenario = |name: String, config: &str, text: String| (name, config.to_owned(), text);
    let mut scenarios: Vec<_> = configs
        .iter()
        .map(|&config| scenario(config.to_owned(), config, format!("{}.txt", natural_text(config))))
        .collect();
    for config in ["s2t", "t2s"].into_iter().filter(|config| configs.contains(config)) {
        scenarios.push(scenario(format!("{config}, HTML"), config, format!("{}.html", natural_text(config))));
    }
    for (config, target) in [("s2t", "traditional"), ("t2s", "simplified")] {
        if configs.contains(&config) {
            scenarios.push(scenario(format!("{config}, already {target}"), config, format!("{target}.txt")));
        }
    }
    scenarios
}

fn measure_speed(
    rounds: u32,
    configs: &[&str],
    texts: &Texts,
    participants: &mut [Participant],
    record: &mut Record,
) -> Result<()> {
    for (scenario, config, text) in scenarios(configs) {
        eprintln!("speed: {scenario}");
        in_turns(rounds, &config, participants, |participant| {
            let request = Request::Whole { config: config.clone(), path: texts.path(&text) };
            let seconds = participant.process.seconds(&request)?;
            let rate = texts.bytes[&text] as f64 / 1e6 / seconds;
            record.add(Kind::MegabytesPerCpuSecond, &scenario, participant.name(), rate);
            Ok(())
        })?;
    }
    Ok(())
}

/// Gives each participant that has the configuration its turn in each round, another one first each time.
fn in_turns(
    rounds: u32,
    config: &str,
    participants: &mut [Participant],
    mut turn: impl FnMut(&mut Participant) -> Result<()>,
) -> Result<()> {
    for round in 0..rounds as usize {
        let mut all: Vec<_> = participants.iter_mut().filter(|participant| participant.has(config)).collect();
        let first = round % all.len().max(1);
        all.rotate_left(first);
        all.into_iter().try_for_each(&mut turn)?;
    }
    Ok(())
}

fn measure_strings(
    rounds: u32,
    configs: &[&str],
    texts: &Texts,
    participants: &mut [Participant],
    record: &mut Record,
) -> Result<()> {
    for config in CHOSEN.into_iter().filter(|config| configs.contains(config)) {
        for (_, length) in LENGTHS {
            let scenario = format!("{config}, {length}");
            eprintln!("short strings: {scenario}");
            let path = texts.path(&format!("{}, {length}", natural_text(config)));
            in_turns(rounds, config, participants, |participant| {
                let request = Request::Lines { config: config.to_owned(), path: path.clone() };
                let nanoseconds = participant.process.seconds(&request)? * 1e9;
                record.add(Kind::NanosecondsPerCall, &scenario, participant.name(), nanoseconds);
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// What only a fresh process shows: the first conversion, and memory.
fn measure_fresh(
    rounds: u32,
    configs: &[&str],
    texts: &Texts,
    participants: &mut [Participant],
    record: &mut Record,
) -> Result<()> {
    for config in CHOSEN.into_iter().filter(|config| configs.contains(config)) {
        eprintln!("first conversion: {config}");
        in_turns(rounds, config, participants, |participant| {
            let request = Request::First { config: config.to_owned(), text: SHORT.to_owned() };
            let milliseconds = participant.starter.start()?.seconds(&request)? * 1e3;
            record.add(Kind::FirstConversionCpuMilliseconds, config, participant.name(), milliseconds);
            Ok(())
        })?;
    }
    for config in MEMORY.into_iter().filter(|config| configs.contains(config)) {
        eprintln!("memory: {config}");
        let path = texts.path(&format!("{}.memory", natural_text(config)));
        for participant in participants.iter().filter(|participant| participant.has(config)) {
            let mut process = participant.starter.start()?;
            process.seconds(&Request::Write {
                config: config.to_owned(),
                path: path.clone(),
                output: "/dev/null".into(),
            })?;
            record.add(Kind::PeakMebibytes, config, participant.name(), process.peak()? / 1024.0 / 1024.0);
        }
    }
    Ok(())
}

//! The measurements, in their order.

use std::fs;

use worker::{CONFIGS, Request, Result};

use crate::{
    Options, commands,
    figures::{Entrant, Kind, Record},
    listing::LISTINGS,
    machine::Machine,
    processes::{Process, Starter},
    scenarios::{self, Scenario, nearest, script},
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

    /// The participant with what it converts by, if it has the conversion or the nearest one.
    fn with_config<'p, 'c>(&'p mut self, conversion: &'c str) -> Option<(&'p mut Participant, &'c str)> {
        let config = if self.has(conversion) { conversion } else { nearest(conversion)? };
        self.has(config).then_some((self, config))
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
        let (path, output) = (texts.path(&format!("{}.txt", script(config))), texts.path("output"));
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

fn measure_speed(
    rounds: u32,
    configs: &[&str],
    texts: &Texts,
    participants: &mut [Participant],
    record: &mut Record,
) -> Result<()> {
    for Scenario { name, conversion, text } in scenarios::all(configs) {
        eprintln!("speed: {name}");
        in_turns(rounds, &conversion, participants, |participant, config| {
            let request = Request::Whole { config: config.to_owned(), path: texts.path(&text) };
            match participant.process.try_seconds(&request)? {
                Ok(seconds) => {
                    let rate = texts.bytes[&text] as f64 / 1e6 / seconds;
                    record.add(Kind::MegabytesPerCpuSecond, &name, participant.name(), rate);
                }
                // Such as hostile text, for which a peer's own stack is too small.
                Err(error) => record.fail(&format!("{} from {name}: {error}", participant.name())),
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Gives each participant that has the conversion, or the nearest one, its turn in each round, another one first each time.
/// A turn gets what the participant calls the conversion.
fn in_turns(
    rounds: u32,
    conversion: &str,
    participants: &mut [Participant],
    mut turn: impl FnMut(&mut Participant, &str) -> Result<()>,
) -> Result<()> {
    for round in 0..rounds as usize {
        let with_config = |participant| Participant::with_config(participant, conversion);
        let mut all: Vec<_> = participants.iter_mut().filter_map(with_config).collect();
        let first = round % all.len().max(1);
        all.rotate_left(first);
        all.into_iter().try_for_each(|(participant, config)| turn(participant, config))?;
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
            let path = texts.path(&format!("{}, {length}", script(config)));
            in_turns(rounds, config, participants, |participant, config| {
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
        in_turns(rounds, config, participants, |participant, config| {
            let request = Request::First { config: config.to_owned(), text: SHORT.to_owned() };
            let mut process = participant.starter.start()?;
            // An answer without a conversion first, so that the faults are those of the conversion.
            process.configs()?;
            let before = process.page_faults()?;
            let milliseconds = process.seconds(&request)? * 1e3;
            let faults = process.page_faults()? - before;
            record.add(Kind::FirstConversionCpuMilliseconds, config, participant.name(), milliseconds);
            record.add(Kind::FirstConversionPageFaults, config, participant.name(), faults);
            Ok(())
        })?;
    }
    for config in MEMORY.into_iter().filter(|config| configs.contains(config)) {
        eprintln!("memory: {config}");
        let path = texts.path(&format!("{}.memory", script(config)));
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

//! The five numbers that a page begins with.

use worker::{CONFIGS, OWN_WORDS};

use crate::{
    figures::{Kind, Record},
    report::number,
};

const RATE: Kind = Kind::MegabytesPerCpuSecond;
/// A target with local words, and the configuration of OpenCC with the same words.
const TARGET: (&str, &str) = ("zh-TW, local words", "s2twp");
const SHORT: &str = "s2t, 10 characters";
const FIRST: &str = "s2twp";

/// A list of them, without those that were not measured.
pub(crate) fn list(record: &Record) -> String {
    let numbers = [natural_text(record), short_strings(record), targets(record), own_words(record), start(record)];
    numbers.into_iter().flatten().map(|line| format!("- {line}\n")).collect()
}

fn natural_text(record: &Record) -> Option<String> {
    let ratio = |config: &&'static str| {
        let fastest = record.others(RATE, config).map(|(rate, _)| rate).reduce(f64::max)?;
        Some((record.ours(RATE, config)? / fastest, *config))
    };
    let mut ratios: Vec<_> = CONFIGS.iter().filter_map(ratio).collect();
    ratios.sort_by(|left, right| left.0.total_cmp(&right.0));
    let ((least, slowest), (most, _)) = (ratios.first()?, ratios.last()?);
    Some(format!(
        "**{} to {} times** the speed of the fastest other converter, by the configuration (least: {slowest})",
        number(*least),
        number(*most)
    ))
}

fn short_strings(record: &Record) -> Option<String> {
    let ours = record.ours(Kind::NanosecondsPerCall, SHORT)?;
    let fastest = record.others(Kind::NanosecondsPerCall, SHORT).map(|(time, _)| time).reduce(f64::min)?;
    Some(format!(
        "**{} ns** for a string of 10 characters (s2t): {} times as fast",
        number(ours),
        number(fastest / ours)
    ))
}

fn targets(record: &Record) -> Option<String> {
    let (target, config) = TARGET;
    let share = record.ours(RATE, target)? / record.ours(RATE, config)?;
    Some(format!(
        "**{:.0} %** of the speed of {config} by the target {target}, which takes any Chinese text",
        100.0 * share
    ))
}

fn own_words(record: &Record) -> Option<String> {
    let [.., (words, config)] = OWN_WORDS;
    let share = record.ours(RATE, words)? / record.ours(RATE, config)?;
    Some(format!("**{:.0} %** of the speed of {config} with 1,000 own words", 100.0 * share))
}

fn start(record: &Record) -> Option<String> {
    let milliseconds = record.ours(Kind::FirstConversionCpuMilliseconds, FIRST)?;
    let faults = record.ours(Kind::FirstConversionPageFaults, FIRST)?;
    Some(format!(
        "**{} ms** of CPU time for the converter and its first sentence ({FIRST}), with {faults:.0} page faults",
        number(milliseconds)
    ))
}

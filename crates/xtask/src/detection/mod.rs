//! Accuracy and speed of the detection of scripts, regions and machine-converted text, of this library and of Python packages.

use std::{fmt::Write, path::PathBuf};

use clap::Args;
use cpu_time::ProcessTime;
use fanjian::{Config, Converter, Detection, Script, detect};
use import::Result;

mod answers;
mod lines;

use answers::{Answer, Peer};
use lines::{Label, Text};

use crate::charts;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write the figures into this page, between its marks; the chart and the summary are those of docs/detection-tables.md
    #[arg(long)]
    page: Option<PathBuf>,
    /// When it was measured, for the page
    #[arg(long)]
    date: Option<String>,
    /// Ask the packages about at most this number of lines of each text
    #[arg(long, default_value_t = 2000)]
    lines: usize,
}

/// The lines of a document.
const DOCUMENT: usize = 20;

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let texts = lines::all()?;
    let mut page = String::new();
    let date = arguments.date.as_deref().unwrap_or("an unknown date");
    writeln!(
        page,
        "Measured on {date} by `cargo xtask detection`. Lines are those with Chinese characters in them, each once:\n"
    )?;
    for text in &texts {
        let han: usize = text.lines.iter().map(|line| detect(line).han).sum();
        writeln!(
            page,
            "- {}, {}: {} lines, {han} Chinese characters",
            text.label.name(),
            text.source,
            text.lines.len()
        )?;
    }
    scripts(arguments, &texts, &mut page)?;
    regions(&texts, &mut page)?;
    calibration(&texts, &mut page)?;
    converted(&texts, &mut page)?;
    speed(&texts, &mut page)?;
    print!("{page}");
    if let Some(path) = &arguments.page {
        crate::figures::write(path, "cargo xtask detection", &page)?;
        charts::detection_pages(false)?;
    }
    Ok(())
}

/// Right, undecided and wrong answers.
#[derive(Clone, Copy, Default)]
struct Tally {
    right: usize,
    unknown: usize,
    wrong: usize,
}

impl Tally {
    fn count(&mut self, label: Label, answer: Answer) {
        match answer {
            Answer::Unknown => self.unknown += 1,
            answer if label.script() == answer => self.right += 1,
            _ => self.wrong += 1,
        }
    }

    fn cell(&self) -> String {
        let all = (self.right + self.unknown + self.wrong).max(1) as f64;
        let [right, unknown, wrong] = [self.right, self.unknown, self.wrong].map(|count| 100.0 * count as f64 / all);
        format!("{right:.1} / {unknown:.1} / {wrong:.1}")
    }

    fn cells(&self) -> String {
        let all = (self.right + self.unknown + self.wrong).max(1) as f64;
        let [right, unknown, wrong] = [self.right, self.unknown, self.wrong].map(|count| 100.0 * count as f64 / all);
        format!("{right:.2} | {unknown:.2} | {wrong:.2}")
    }
}

/// Which script a line is in: short lines, and longer ones.
fn scripts(arguments: &Arguments, texts: &[Text], page: &mut String) -> Result<()> {
    *page += "\n## Scripts\n\nPercentages of lines: correct / unknown / wrong. For Traditional text, any region \
              is correct, and mixed is wrong. *Short* lines have at most ten Chinese characters and kana.\n\n";
    let mut peers = answers::start()?;
    let names: Vec<_> = [ours_name()].into_iter().chain(peers.iter().map(Peer::name)).collect();
    writeln!(page, "| text | lines | {} |\n|---|---|{}", names.join(" | "), "---|".repeat(names.len()))?;
    let mut sums = vec![Tally::default(); names.len()];
    for text in texts {
        let sample: Vec<String> = spread(&text.lines, arguments.lines);
        let mut answers = vec![sample.iter().map(|line| ours(line)).collect::<Vec<_>>()];
        for peer in &mut peers {
            answers.push(peer.ask(&sample)?);
        }
        for (kind, is_short_wanted) in [("short", true), ("longer", false)] {
            let is_of_kind = |line: &String| (detect(line).han + detect(line).kana <= 10) == is_short_wanted;
            let mut tallies = vec![Tally::default(); names.len()];
            for (index, answers) in answers.iter().enumerate() {
                for (_, &answer) in sample.iter().zip(answers).filter(|(line, _)| is_of_kind(line)) {
                    tallies[index].count(text.label, answer);
                    sums[index].count(text.label, answer);
                }
            }
            let count = sample.iter().filter(|line| is_of_kind(line)).count();
            let cells: Vec<_> = tallies.iter().map(Tally::cell).collect();
            writeln!(page, "| {}, {} | {count} {kind} | {} |", text.label.name(), text.source, cells.join(" | "))?;
        }
    }
    let cells: Vec<_> = sums.iter().map(Tally::cell).collect();
    writeln!(page, "| all | | {} |", cells.join(" | "))?;
    Ok(())
}

fn ours_name() -> String {
    "fanjian".to_owned()
}

/// This number of lines, evenly spread.
fn spread(lines: &[String], count: usize) -> Vec<String> {
    let step = (lines.len() / count.max(1)).max(1);
    lines.iter().step_by(step).take(count).cloned().collect()
}

fn documents(lines: &[String]) -> Vec<String> {
    lines.chunks(DOCUMENT).map(|lines| lines.join("\n")).collect()
}

fn ours(text: &str) -> Answer {
    match detect(text).script() {
        Script::Simplified => Answer::Simplified,
        Script::Japanese => Answer::Japanese,
        Script::Undecided => Answer::Unknown,
        script if script.is_traditional() => Answer::Traditional,
        _ => Answer::Other,
    }
}

/// Taiwan or Hong Kong.
fn regions(texts: &[Text], page: &mut String) -> Result<()> {
    *page += "\n## Regions\n\nPercentages of Traditional lines, and of documents of twenty lines: detected as the \
              region, as no region in particular, and as the other region or OpenCC's standard. None of the \
              packages above detects regions.\n\n\
              | text | | right | no region | wrong |\n|---|---|---|---|---|\n";
    for text in texts.iter().filter(|text| matches!(text.label, Label::Taiwan | Label::HongKong)) {
        let right = if text.label == Label::Taiwan { Script::Taiwan } else { Script::HongKong };
        for (kind, parts) in [("lines", text.lines.clone()), ("documents", documents(&text.lines))] {
            let mut tally = Tally::default();
            for part in parts {
                match detect(&part).script() {
                    script if script == right => tally.right += 1,
                    Script::Taiwan | Script::HongKong | Script::Standard => tally.wrong += 1,
                    _ => tally.unknown += 1,
                }
            }
            writeln!(page, "| {}, {} | {kind} | {} |", text.label.name(), text.source, tally.cells())?;
        }
    }
    Ok(())
}

/// Calibration of the confidence.
fn calibration(texts: &[Text], page: &mut String) -> Result<()> {
    *page += "\n## Confidence\n\nCalibration: accuracy per confidence bucket, in percent of the lines of Chinese \
              in the bucket; for scripts, and for regions.\n\n| script | lines | right |\n|---|---|---|\n";
    let steps = [0.0, 0.9, 0.97, 0.985, 0.992, 0.996, 1.01];
    let mut bins = [(0, 0); 6];
    let mut regions = [(0, 0); 6];
    let region_steps = [0.0, 0.75, 0.85, 0.95, 0.98, 0.99, 1.01];
    for text in texts.iter().filter(|text| text.label != Label::Japanese) {
        for line in &text.lines {
            let found = detect(line);
            let scores = found.scores();
            let script = scores.simplified.max(scores.traditional);
            let is_right = (scores.traditional > scores.simplified) == (text.label != Label::Simplified);
            count(&steps, &mut bins, script, is_right, scores.simplified + scores.traditional > 0.5);
            let region = match text.label {
                Label::Taiwan => Script::Taiwan,
                Label::HongKong => Script::HongKong,
                _ => continue,
            };
            let reported = found.script();
            let is_decided = matches!(reported, Script::Taiwan | Script::HongKong | Script::Standard);
            count(&region_steps, &mut regions, found.confidence(), reported == region, is_decided);
        }
    }
    let row = |(index, (right, all)): (usize, &(usize, usize)), steps: &[f64]| {
        let share = 100.0 * *right as f64 / (*all).max(1) as f64;
        format!("| {} to {} | {all} | {share:.2} |\n", steps[index], steps[index + 1].min(1.0))
    };
    bins.iter().enumerate().filter(|(_, bin)| bin.1 > 0).for_each(|bin| *page += &row(bin, &steps));
    *page += "\n| region | lines | right |\n|---|---|---|\n";
    regions.iter().enumerate().filter(|(_, bin)| bin.1 > 0).for_each(|bin| *page += &row(bin, &region_steps));
    Ok(())
}

fn count(steps: &[f64], bins: &mut [(usize, usize)], score: f64, is_right: bool, is_decided: bool) {
    let bin = steps.windows(2).position(|step| (step[0]..step[1]).contains(&score));
    if let Some((right, all)) = bin.and_then(|bin| bins.get_mut(bin)).filter(|_| is_decided) {
        *right += usize::from(is_right);
        *all += 1;
    }
}

/// Text that a machine has converted.
fn converted(texts: &[Text], page: &mut String) -> Result<()> {
    *page += "\n## Machine-converted text\n\nPercentages of lines, and of documents of twenty lines, that are \
              detected as machine-converted. For natural text, these are errors. The other texts are the Simplified \
              lines, converted: by characters, each to the first of its candidates, or to itself if that is a \
              candidate (as on pages with 干部 and 最后); or by a whole converter.\n\n\
              | text | lines | documents | words in a million characters |\n|---|---|---|---|\n";
    let characters = lines::candidates()?;
    let by_characters = |line: &String, keeps: bool| -> String {
        let convert = |character: char| match characters.get(&character) {
            Some(candidates) if keeps && candidates.contains(&character) => character,
            Some(candidates) => candidates[0],
            None => character,
        };
        line.chars().map(convert).collect()
    };
    let mut row = |name: String, lines: &[String]| -> Result<()> {
        let share = |parts: &[String]| {
            let reported = parts.iter().filter(|part| detect(part).is_machine_converted()).count();
            100.0 * reported as f64 / parts.len().max(1) as f64
        };
        let mut all = Detection::default();
        lines.iter().for_each(|line| all += detect(line));
        let rate = 1e6 * all.converted as f64 / all.han.max(1) as f64;
        let (lines, documents) = (share(lines), share(&documents(lines)));
        Ok(writeln!(page, "| {name} | {lines:.3} | {documents:.2} | {rate:.0} |")?)
    };
    for text in texts.iter().filter(|text| text.label != Label::Japanese) {
        row(format!("{}, {}", text.label.name(), text.source), &text.lines)?;
    }
    for text in texts.iter().filter(|text| text.label == Label::Simplified) {
        let source = &text.source;
        let by = |keeps| text.lines.iter().map(|line| by_characters(line, keeps)).collect::<Vec<_>>();
        row(format!("{source}, by characters, kept where they may be"), &by(true))?;
        row(format!("{source}, by characters, first candidates"), &by(false))?;
        let converter = Converter::new(Config::S2t);
        let lines: Vec<_> = text.lines.iter().map(|line| converter.convert(line).into_owned()).collect();
        row(format!("{source}, by s2t"), &lines)?;
    }
    Ok(())
}

/// Megabytes in a second of the processor's time, the best of some rounds that take turns.
fn speed(texts: &[Text], page: &mut String) -> Result<()> {
    *page += "\n## Speed\n\nMB in a second of CPU time, the best of nine rounds that take turns, on the lines above, repeated to 8 MB. A \
              bare loop reads characters one by one, and adds up what a table of bytes has for them; a bare map writes what a table of \
              characters has.\n\n| text | detect | bare loop | bare map | t2s |\n|---|---|---|---|---|\n";
    let table: Vec<u8> = (0..0x1_0000_u32).map(|code| (code % 7) as u8).collect();
    let map: Vec<char> = (0..0x1_0000_u32).map(|code| char::from_u32(code).unwrap_or(' ')).collect();
    let converter = Converter::new(Config::T2s);
    for label in [Label::Simplified, Label::Taiwan, Label::HongKong, Label::Japanese] {
        let lines: Vec<String> =
            texts.iter().filter(|text| text.label == label).flat_map(|text| text.lines.clone()).collect();
        let mut text = lines.join("\n");
        while text.len() < 8_000_000 {
            text += &lines.join("\n");
        }
        let mut out = String::with_capacity(2 * text.len());
        let mut best = [f64::MAX; 4];
        for _ in 0..9 {
            let seconds = [
                timed(|| detect(&text).han),
                timed(|| {
                    text.chars()
                        .map(|character| table.get(character as usize).map_or(0, |&byte| usize::from(byte)))
                        .sum()
                }),
                timed(|| {
                    out.clear();
                    out.extend(text.chars().map(|character| map.get(character as usize).copied().unwrap_or(character)));
                    out.len()
                }),
                timed(|| {
                    out.clear();
                    converter.convert_into(&text, &mut out);
                    out.len()
                }),
            ];
            best.iter_mut().zip(seconds).for_each(|(best, seconds)| *best = best.min(seconds));
        }
        let rates: Vec<_> = best.iter().map(|seconds| format!("{:.0}", text.len() as f64 / 1e6 / seconds)).collect();
        writeln!(page, "| {} | {} |", label.name(), rates.join(" | "))?;
    }
    Ok(())
}

fn timed(work: impl FnOnce() -> usize) -> f64 {
    let start = ProcessTime::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64()
}

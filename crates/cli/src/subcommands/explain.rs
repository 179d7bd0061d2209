//! Which entries made the converted text.

use std::{
    io::{self, BufRead},
    mem,
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use fanjian::{Candidate, Converter, Decision, Dictionary, Feature, Segment, Step};
use serde_json::{Value, json};

use super::{
    Format,
    rows::{Row, change, escape, rows},
};
use crate::{arguments::Configuration, output::Output, run::Failure};

/// Tell which entries of which dictionaries decided a conversion
///
/// For each part of the text that changes: where it stands (line:column, both counted from 1, in characters), what it
/// becomes, and the entries that did it, in their order, each with its other candidates. Where nothing changes, nothing
/// is told, but for a target's choices. Of these, the candidates follow with their scores, each with all that spoke for it and against it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Texts to explain, each a line of its own; without any, standard input is read
    #[arg(value_name = "TEXT")]
    texts: Vec<String>,
    #[command(flatten)]
    configuration: Configuration,
    /// Own words, which come before the built-in ones: a dictionary, as text or compiled. May be given several times; the
    /// first one comes first
    #[arg(long, value_name = "FILE")]
    dict: Vec<PathBuf>,
    /// Tell of what does not change, too
    #[arg(long)]
    all: bool,
    /// How to answer: lines for people, or a JSON object a line for each part of the text
    ///
    /// The fields of an object are line, column and offset (in bytes from the beginning of standard input or of a TEXT),
    /// source, output, and decisions: step, stage (where the step has several), dictionary, key, value, alternatives; of a
    /// target's choice also margin, and candidates with text, score and features.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut builder = arguments.configuration.builder();
    for file in &arguments.dict {
        builder = builder.dictionary(Dictionary::from_path(file)?);
    }
    let mut report = Report {
        converter: builder.build()?,
        all: arguments.all,
        format: arguments.format,
        output: Output::open(None)?,
        place: Place::default(),
        copied: String::new(),
    };
    if arguments.texts.is_empty() {
        report.standard_input()?;
    }
    for text in &arguments.texts {
        report.explain(text)?;
        report.end_copied()?;
        report.place = Place { line: report.place.line + 1, ..Place::default() };
    }
    report.output.finish()?;
    Ok(ExitCode::SUCCESS)
}

struct Report {
    converter: Converter,
    all: bool,
    format: Format,
    output: Output,
    /// Where the next text begins.
    place: Place,
    /// What precedes it and was not decided by any entry: a line of it, or a part of one, is told as one.
    copied: String,
}

impl Report {
    /// Explains as much of standard input at a time as can be converted on its own: what a live pipe brings is explained
    /// when it comes.
    fn standard_input(&mut self) -> Result<(), Failure> {
        let mut stdin = io::stdin().lock();
        let (mut text, mut line) = (String::new(), Vec::new());
        let mut offset = 0;
        loop {
            line.clear();
            stdin.read_until(b'\n', &mut line).map_err(|error| Failure::io("read", "standard input", &error))?;
            text.push_str(str::from_utf8(&line).map_err(|error| {
                let (at, byte) = (offset + error.valid_up_to(), line[error.valid_up_to()]);
                let message = format!("not UTF-8: invalid byte 0x{byte:02X} at offset {at}");
                Failure::new(format!("standard input: {message}; only UTF-8 can be explained"))
            })?);
            offset += line.len();
            if line.is_empty() {
                self.explain(&text)?;
                return self.end_copied();
            }
            if let Some(end) = self.converter.boundary(&text) {
                self.explain(&text[..end])?;
                text.drain(..end);
            }
        }
    }

    fn explain(&mut self, text: &str) -> Result<(), Failure> {
        for Segment { source, output, decisions, .. } in self.converter.segments(text) {
            let source = &text[source];
            if !decisions.is_empty() {
                self.end_copied()?;
                self.tell(source, &output, &decisions)?;
                continue;
            }
            for part in source.split_inclusive('\n') {
                self.copied.push_str(part);
                if part.ends_with('\n') {
                    self.end_copied()?;
                }
            }
        }
        Ok(())
    }

    /// Tells of the copied text, whatever follows it.
    fn end_copied(&mut self) -> Result<(), Failure> {
        let copied = mem::take(&mut self.copied);
        if copied.is_empty() { Ok(()) } else { self.tell(&copied, &copied, &[]) }
    }

    fn tell(&mut self, source: &str, output: &str, decisions: &[Decision]) -> Result<(), Failure> {
        let is_choice = |decision: &Decision| matches!(decision.step, Step::Choice { .. });
        if self.all || source != output || decisions.iter().any(is_choice) {
            let record = match self.format {
                Format::Text => self.place.lines(source, output, decisions),
                Format::Json => format!("{}\n", self.place.json(source, output, decisions)),
            };
            self.output.write(record.as_bytes())?;
        }
        self.place.pass(source);
        Ok(())
    }
}

/// A place in the texts.
struct Place {
    /// Counted from 1.
    line: usize,
    /// Counted from 1, in characters.
    column: usize,
    /// Counted from 0, in bytes.
    offset: usize,
}

impl Default for Place {
    fn default() -> Place {
        Place { line: 1, column: 1, offset: 0 }
    }
}

impl Place {
    /// Moves behind this text.
    fn pass(&mut self, text: &str) {
        self.offset += text.len();
        match text.rsplit_once('\n') {
            Some((lines, rest)) => {
                self.line += 1 + lines.matches('\n').count();
                self.column = 1 + rest.chars().count();
            }
            None => self.column += text.chars().count(),
        }
    }

    fn lines(&self, source: &str, output: &str, decisions: &[Decision]) -> String {
        let Place { line, column, .. } = self;
        let head = format!("{line}:{column}: {}\n", change(source, output));
        let scores: String = decisions.iter().flat_map(|decision| &decision.candidates).map(score).collect();
        let decisions: Vec<_> = decisions.iter().map(row).collect();
        head + &rows(&decisions, 4) + &scores
    }

    fn json(&self, source: &str, output: &str, decisions: &[Decision]) -> Value {
        let decisions: Vec<_> = decisions.iter().map(decision).collect();
        json!({
            "line": self.line, "column": self.column, "offset": self.offset, "source": source, "output": output,
            "decisions": decisions,
        })
    }
}

fn row(decision: &Decision) -> Row<'_> {
    let Decision { dictionary, key, value, alternatives: others, .. } = decision;
    Row { dictionary, key, value, others }
}

/// A candidate, its score, and what spoke for it and against it, as a line.
fn score(Candidate { text, score, features }: &Candidate) -> String {
    let features: Vec<_> =
        features.iter().map(|Feature { name, weight }| format!("{} {weight:+}", escape(name))).collect();
    let features = if features.is_empty() { String::new() } else { format!(": {}", features.join(", ")) };
    format!("        {text} {score}{features}\n")
}

fn decision(decision: &Decision) -> Value {
    let (step, stage) = match decision.step {
        Step::Normalization(stage) => ("normalization", Some(stage)),
        Step::OwnEntry => ("own", None),
        Step::Conversion(stage) => ("conversion", Some(stage)),
        Step::Protected => ("protected", None),
        Step::Character => ("character", None),
        Step::Choice { .. } => ("choice", None),
        Step::Word => ("word", None),
        _ => ("other", None),
    };
    let mut record = json!({
        "step": step, "stage": stage, "dictionary": decision.dictionary, "key": decision.key, "value": decision.value,
        "alternatives": decision.alternatives,
    });
    if let Step::Choice { margin } = decision.step {
        let feature = |feature: &Feature| json!({ "name": feature.name, "weight": feature.weight });
        let candidate = |Candidate { text, score, features }: &Candidate| json!({ "text": text, "score": score, "features": features.iter().map(feature).collect::<Vec<_>>() });
        record["margin"] = margin.into();
        record["candidates"] = decision.candidates.iter().map(candidate).collect();
    }
    record
}

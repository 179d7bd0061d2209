//! Which entries made the converted text.

use std::{
    io::{self, BufRead},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use fanjian::{Converter, Decision, Dictionary, Segment, Step};
use serde_json::{Value, json};

use super::{
    Configuration, Format,
    rows::{Row, change, rows},
};
use crate::{output::Output, run::Failure};

/// Tell which entries of which dictionaries decided a conversion
///
/// For each part of the text that changes: where it stands (line:column, both counted from 1, in characters), what it
/// becomes, and the entries that did it, in their order, each with its other candidates. Where nothing changes, nothing
/// is told.
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
    /// source, output, and decisions: step, stage (where the step has several), dictionary, key, value, alternatives.
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
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
    };
    if arguments.texts.is_empty() {
        report.standard_input()?;
    }
    for text in &arguments.texts {
        report.explain(text)?;
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
}

impl Report {
    /// Explains standard input by as few lines at a time as can be converted on their own: those of a live pipe are
    /// explained when they come.
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
                return self.explain(&text);
            }
            if let Some(end) = self.converter.boundary(&text).filter(|&end| text[..end].ends_with('\n')) {
                self.explain(&text[..end])?;
                text.drain(..end);
            }
        }
    }

    fn explain(&mut self, text: &str) -> Result<(), Failure> {
        for segment in self.converter.segments(text) {
            let source = &text[segment.source.clone()];
            if self.all || source != segment.output {
                let record = match self.format {
                    Format::Text => self.place.lines(source, &segment),
                    Format::Json => format!("{}\n", self.place.json(source, &segment)),
                };
                self.output.write(record.as_bytes())?;
            }
            self.place.pass(source);
        }
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

    fn lines(&self, source: &str, segment: &Segment) -> String {
        let decisions: Vec<_> = segment
            .decisions
            .iter()
            .map(|Decision { dictionary, key, value, alternatives, .. }| Row {
                dictionary,
                key,
                value,
                others: alternatives,
            })
            .collect();
        let Place { line, column, .. } = self;
        format!("{line}:{column}: {}\n{}", change(source, &segment.output), rows(&decisions, 4))
    }

    fn json(&self, source: &str, segment: &Segment) -> Value {
        let decisions: Vec<_> = segment.decisions.iter().map(decision).collect();
        json!({
            "line": self.line, "column": self.column, "offset": self.offset, "source": source,
            "output": segment.output, "decisions": decisions,
        })
    }
}

fn decision(decision: &Decision) -> Value {
    let (step, stage) = match decision.step {
        Step::Normalization(stage) => ("normalization", Some(stage)),
        Step::OwnEntry => ("own", None),
        Step::Conversion(stage) => ("conversion", Some(stage)),
        Step::Protected => ("protected", None),
        _ => ("other", None),
    };
    json!({
        "step": step, "stage": stage, "dictionary": decision.dictionary, "key": decision.key, "value": decision.value,
        "alternatives": decision.alternatives,
    })
}

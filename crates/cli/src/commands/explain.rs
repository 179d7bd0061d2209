//! `fanjian explain`: entries that decided a conversion.

use std::{
    io::{self, BufRead, Read},
    mem,
    path::Path,
};

use fanjian::{Candidate, Converter, Decision, Error, Feature, ScriptHistory, Segment, Step};
use serde_json::{Value, json};

use crate::{
    args::{commands::ExplainArgs, values::AnswerFormat},
    commands::rows::{Row, change, rows},
    error::{Failure, Status},
    io::{encodings, identity::Stream, input, output::Output},
    print::escape,
    settings::{
        config_file::ConfigFile,
        join::{self, check_same_file},
        resolver::{Flags, SettingsResolver},
    },
};

pub(crate) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    let given = ConfigFile {
        dict: args.dict.clone(),
        protect: args.protect.clone(),
        ..join::configuration(&args.configuration)
    };
    let flags = Flags {
        given,
        isolated: args.isolated,
        settings: args.settings.clone(),
        search: args.configuration.path.clone(),
        ..Flags::default()
    };
    // What is explained is what a file here would become.
    let settings = SettingsResolver::new(flags).find(Some(Path::new(".")))?;
    let mut explainer = Explainer {
        converter: settings.text.converter.clone(),
        all: args.all,
        format: args.format,
        // What is typed is explained line by line.
        output: if args.no_pager || args.texts.is_empty() { Output::open(None)? } else { Output::paged()? },
        position: Position::default(),
        history: ScriptHistory::default(),
        copied: String::new(),
    };
    if args.texts.is_empty() {
        input::announce_terminal();
        explainer.standard_input()?;
    }
    for text in &args.texts {
        explainer.history = explainer.converter.prior(text);
        explainer.explain(text)?;
        explainer.end_copied()?;
        explainer.position = Position { line: explainer.position.line + 1, ..Position::default() };
    }
    explainer.output.finish()?;
    Ok(Status::Done)
}

struct Explainer {
    converter: Converter,
    all: bool,
    format: AnswerFormat,
    output: Output,
    /// Where the next text begins.
    position: Position,
    /// What the text before that has shown of its script.
    history: ScriptHistory,
    /// The text before it that no entry decided: a line of it, or a part of one, is written as one.
    copied: String,
}

impl Explainer {
    /// Explains as much of standard input at a time as can be converted on its own: what a live pipe brings is
    /// explained when it comes.
    fn standard_input(&mut self) -> Result<(), Failure> {
        check_same_file(None, None, false, "")?;
        let mut head = Vec::new();
        if Stream::Input.file().is_some() {
            io::stdin()
                .take(encodings::HEAD_FOR_SCRIPT as u64)
                .read_to_end(&mut head)
                .map_err(|error| Failure::io("read", "standard input", &error))?;
            self.history = self.converter.prior(&String::from_utf8_lossy(&head));
        }
        let mut stdin = head.chain(io::stdin().lock());
        let (mut text, mut line) = (String::new(), Vec::new());
        let (mut offset, mut asked) = (0, 0);
        loop {
            line.clear();
            stdin.read_until(b'\n', &mut line).map_err(|error| Failure::io("read", "standard input", &error))?;
            text.push_str(str::from_utf8(&line).map_err(|_| {
                let error = Error::invalid_utf8(&line, offset);
                Failure::Failed(format!("standard input: {error}; only UTF-8 can be explained"))
            })?);
            offset += line.len() as u64;
            if line.is_empty() {
                self.explain(&text)?;
                return self.end_copied();
            }
            if text.len() < asked {
                continue;
            }
            // To ask again for each line costs time by the square of a text without boundaries.
            asked = match self.converter.boundary(&text) {
                Some(end) => {
                    self.explain(&text[..end])?;
                    text.drain(..end);
                    0
                }
                None => 2 * text.len(),
            };
        }
    }

    fn explain(&mut self, text: &str) -> Result<(), Failure> {
        for Segment { source, output, decisions, .. } in self.converter.segments_with_history(text, &mut self.history) {
            let source = &text[source];
            if !decisions.is_empty() {
                self.end_copied()?;
                self.write(source, &output, &decisions)?;
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

    /// Writes the copied text, whatever follows it.
    fn end_copied(&mut self) -> Result<(), Failure> {
        let copied = mem::take(&mut self.copied);
        if copied.is_empty() { Ok(()) } else { self.write(&copied, &copied, &[]) }
    }

    fn write(&mut self, source: &str, output: &str, decisions: &[Decision]) -> Result<(), Failure> {
        let is_choice = |decision: &Decision| matches!(decision.step, Step::Choice { .. });
        if self.all || source != output || decisions.iter().any(is_choice) {
            let record = match self.format {
                AnswerFormat::Text => self.position.lines(source, output, decisions),
                AnswerFormat::Json => format!("{}\n", self.position.json(source, output, decisions)),
            };
            self.output.write(record.as_bytes())?;
        }
        self.position.pass(source);
        Ok(())
    }
}

/// A position in the texts.
struct Position {
    /// Counted from 1.
    line: usize,
    /// Counted from 1, in characters.
    column: usize,
    /// Counted from 0, in bytes.
    offset: usize,
}

impl Default for Position {
    fn default() -> Position {
        Position { line: 1, column: 1, offset: 0 }
    }
}

impl Position {
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
        let Position { line, column, .. } = self;
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
fn score(Candidate { text, score, features, .. }: &Candidate) -> String {
    let features: Vec<_> =
        features.iter().map(|Feature { name, weight, .. }| format!("{} {weight:+}", escape(name))).collect();
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
        Step::Punctuation => ("punctuation", None),
        _ => ("other", None),
    };
    let mut record = json!({
        "step": step, "stage": stage, "dictionary": decision.dictionary, "key": decision.key, "value": decision.value,
        "alternatives": decision.alternatives,
    });
    if let Step::Choice { margin } = decision.step {
        let feature = |feature: &Feature| json!({ "name": feature.name, "weight": feature.weight });
        let candidate = |Candidate { text, score, features, .. }: &Candidate| {
            let features: Vec<_> = features.iter().map(feature).collect();
            json!({ "text": text, "score": score, "features": features })
        };
        record["margin"] = margin.into();
        record["candidates"] = decision.candidates.iter().map(candidate).collect();
    }
    record
}

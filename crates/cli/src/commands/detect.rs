//! `fanjian detect`: script and region of texts.

use std::{
    mem,
    ops::Range,
    path::{Path, PathBuf},
    process::ExitCode,
};

use fanjian::{Detection, Script};
use serde_json::json;

use crate::{
    args::{commands::DetectArgs, values::AnswerFormat},
    error::Failure,
    files::walk,
    io::{
        encodings::{self, Decoder, FromEncoding},
        output::Output,
        source::Source,
    },
    print,
    settings::{join, task::Destination},
};

const PIECE: usize = 64 * 1024;
/// Longer lines are looked at in parts.
const LONGEST: usize = 1024 * 1024;

pub(crate) fn run(args: &DetectArgs) -> Result<ExitCode, Failure> {
    let selection = join::selection(&args.filter, None);
    let paths = match args.paths.is_empty() && args.filter.files_from.is_none() {
        true => vec![PathBuf::from("-")],
        false => join::paths(&args.paths, &args.filter, &Destination::Stdout { flushes: true })?,
    };
    let tree = walk::find(&selection, None, &paths)?;
    let mut failures = tree.failures;
    let mut output = Output::open(None)?;
    for file in tree.files.iter().filter(|file| file.is_selected(&selection.extensions, &selection)) {
        match detect(args, &file.path, &mut output) {
            Ok(()) => {}
            Err(Stop::File(message)) => failures.push((file.path.clone(), message)),
            Err(Stop::All(failure)) => return Err(failure),
        }
    }
    output.finish()?;
    for (path, message) in &failures {
        print::note(format_args!("fanjian: {}: {message}", path.display()));
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Why detection stops.
enum Stop {
    /// This file cannot be read; others can.
    File(String),
    /// The answer cannot be written.
    All(Failure),
}

/// Reports one file.
fn detect(args: &DetectArgs, path: &Path, output: &mut Output) -> Result<(), Stop> {
    let unreadable = |failure: Failure| Stop::File(failure.to_string());
    let mut source = Source::open(path, false).map_err(unreadable)?;
    let mut piece = Vec::new();
    source.read(&mut piece, encodings::HEAD).map_err(unreadable)?;
    let found = encodings::find(&piece, piece.len() < encodings::HEAD, Some(FromEncoding::Auto));
    let name = path.display().to_string();
    if found.is_binary && !args.filter.text {
        let answer = match args.format {
            AnswerFormat::Text => format!("{name}: binary"),
            AnswerFormat::Json => json!({ "path": name, "script": null, "binary": true }).to_string(),
        };
        return output.write_line(&answer).map_err(Stop::All);
    }
    let mut decoder = Decoder::lossy(found.encoding);
    let mut lines = Lines::default();
    let mut detector = Detector { args, name, line: 0, offset: 0, all: Detection::default(), open: None };
    loop {
        let is_last = piece.is_empty();
        decoder.push(&piece, is_last, &mut lines.text).map_err(Stop::File)?;
        detector.push(&lines.take(is_last), output).map_err(Stop::All)?;
        if is_last {
            return detector.finish(output).map_err(Stop::All);
        }
        source.read(&mut piece, PIECE).map_err(unreadable)?;
    }
}

/// Lines of a text that comes in pieces.
#[derive(Default)]
struct Lines {
    text: Vec<u8>,
    /// How much of it has no line feed.
    searched: usize,
}

impl Lines {
    /// The complete lines: words do not reach over lines.
    fn take(&mut self, is_last: bool) -> String {
        let Lines { text, searched } = self;
        let line_feed = memchr::memrchr(b'\n', &text[*searched..]).map(|at| *searched + at + 1);
        let end = match line_feed {
            _ if is_last => text.len(),
            None if text.len() > LONGEST => text.len(),
            end => end.unwrap_or(0),
        };
        let lines = String::from_utf8_lossy(&text[..end]).into_owned();
        text.drain(..end);
        *searched = text.len();
        lines
    }
}

/// Detects the script of a text that comes in pieces.
struct Detector<'a> {
    args: &'a DetectArgs,
    name: String,
    line: usize,
    /// How many bytes of the text have come.
    offset: usize,
    /// The detection of all of it, or of the line that has begun.
    all: Detection,
    /// The last span, which may go on.
    open: Option<Part>,
}

/// A part of a text, and its detection.
struct Part {
    line: Option<usize>,
    range: Option<Range<usize>>,
    found: Detection,
}

impl Detector<'_> {
    fn push(&mut self, text: &str, output: &mut Output) -> Result<(), Failure> {
        if self.args.lines {
            for text in text.split_inclusive('\n') {
                self.all += fanjian::detect(text);
                if text.ends_with('\n') {
                    self.end_line(output)?;
                }
            }
        } else if self.args.spans {
            self.spans(text, output)?;
        } else {
            self.all += fanjian::detect(text);
        }
        self.offset += text.len();
        Ok(())
    }

    fn spans(&mut self, text: &str, output: &mut Output) -> Result<(), Failure> {
        for span in fanjian::detect_spans(text) {
            let range = self.offset + span.range.start..self.offset + span.range.end;
            let is_same = |open: &&mut Part| is_of_one_kind(&open.found, &span.detection);
            if let Some(open) = self.open.as_mut().filter(is_same) {
                open.found += span.detection;
                open.range = open.range.take().map(|before| before.start..range.end);
            } else {
                let part = Part { line: Some(self.line + 1), range: Some(range.clone()), found: span.detection };
                if let Some(open) = self.open.replace(part) {
                    self.write(&open, output)?;
                }
            }
            self.line += memchr::memchr_iter(b'\n', &text.as_bytes()[span.range]).count();
        }
        Ok(())
    }

    fn finish(mut self, output: &mut Output) -> Result<(), Failure> {
        if let Some(open) = self.open.take() {
            self.write(&open, output)?;
        }
        if self.args.lines && self.all.characters > 0 {
            self.end_line(output)?;
        }
        if !self.args.lines && !self.args.spans {
            self.write(&Part { line: None, range: None, found: self.all }, output)?;
        }
        Ok(())
    }

    /// Reports the line that has ended.
    fn end_line(&mut self, output: &mut Output) -> Result<(), Failure> {
        self.line += 1;
        let found = mem::take(&mut self.all);
        self.write(&Part { line: Some(self.line), range: None, found }, output)
    }

    fn write(&self, part: &Part, output: &mut Output) -> Result<(), Failure> {
        output.write_line(&match self.args.format {
            AnswerFormat::Json => json_record(&self.name, part),
            AnswerFormat::Text => text_record(&self.name, part),
        })
    }
}

/// Whether spans of two pieces are one.
fn is_of_one_kind(one: &Detection, other: &Detection) -> bool {
    let is_any = |script| matches!(script, Script::Undecided | Script::NotChinese);
    let (one, other) = (one.script(), other.script());
    one == other || is_any(other) || (one.is_traditional() && other.is_traditional())
}

/// The record of a detection for programs, to which others may be added.
fn json_record(name: &str, part: &Part) -> String {
    let found = &part.found;
    let scores = found.scores();
    // Three digits are all that the figures are good for.
    let round = |score: f64| (score * 1000.0).round() / 1000.0;
    let mut record = json!({
        "path": name, "script": found.script().name(), "confidence": round(found.confidence()),
        "scores": {
            "simplified": round(scores.simplified), "traditional": round(scores.traditional), "taiwan": round(scores.taiwan),
            "hong_kong": round(scores.hong_kong), "standard": round(scores.standard), "japanese": round(scores.japanese),
        },
        "machine_converted": found.is_machine_converted(),
        "characters": found.characters, "han": found.han, "simplified": found.simplified, "traditional": found.traditional,
        "forms": found.forms, "taiwan": found.taiwan, "hong_kong": found.hong_kong, "standard": found.standard,
        "taiwan_words": found.taiwan_words, "hong_kong_words": found.hong_kong_words, "converted": found.converted,
        "kana": found.kana, "shinjitai": found.shinjitai,
    });
    if let Some(line) = part.line {
        record["line"] = line.into();
    }
    if let Some(range) = &part.range {
        record["start"] = range.start.into();
        record["end"] = range.end.into();
    }
    record.to_string()
}

fn text_record(name: &str, part: &Part) -> String {
    let found = &part.found;
    let at = match (part.line, &part.range) {
        (Some(line), Some(range)) => format!("{name}:{line}: bytes {}-{}", range.start, range.end),
        (Some(line), None) => format!("{name}:{line}"),
        _ => name.to_owned(),
    };
    let script = found.script();
    let confidence = match script {
        Script::Undecided | Script::NotChinese => String::new(),
        _ => format!(" {:.2}", found.confidence()),
    };
    let converted = if found.is_machine_converted() { ", machine-converted" } else { "" };
    let counts = [
        (found.han, "Chinese"),
        (found.simplified, "only Simplified"),
        (found.traditional, "only Traditional"),
        (found.taiwan, "as in Taiwan"),
        (found.hong_kong, "as in Hong Kong"),
        (found.taiwan_words, "words of Taiwan"),
        (found.hong_kong_words, "words of Hong Kong"),
        (found.converted, "converted by characters"),
        (found.kana, "kana"),
    ];
    let counts: Vec<_> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
    format!("{at}: {script}{confidence}{converted}{counts}")
}

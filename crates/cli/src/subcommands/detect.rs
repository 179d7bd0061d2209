//! `fanjian detect`: which script texts are in.

use std::{
    fs::File,
    io::{self, Read},
    mem,
    ops::Range,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use fanjian::{Detection, Script};
use serde_json::json;

use super::{Format, write_line};
use crate::{
    arguments::Choice,
    encodings::{self, Decode, From},
    find::{self, is_stdin},
    output::Output,
    run::Failure,
};

/// Tell which script texts are in
///
/// For each text: simplified, traditional, taiwan, hong-kong or opencc-standard where its forms and words tell, mixed, japanese,
/// undecided where nothing tells, not-chinese, or binary; how sure that is, from 0 to 1; how many characters and words speak for
/// what; and whether a machine has converted it character by character. Encodings are found out.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Files, and folders of text files; standard input for none, and for -
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Tell of each line
    #[arg(long, conflicts_with = "spans")]
    lines: bool,
    /// Tell of each part of a line, or of several lines, that is of one script
    #[arg(long)]
    spans: bool,
    #[command(flatten)]
    choice: Choice,
}

const PIECE: usize = 64 * 1024;
/// Longer lines are looked at in parts.
const LONGEST: usize = 1024 * 1024;

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let paths = find::with_list(&arguments.paths, &arguments.choice)?;
    let tree = find::find(&arguments.choice, None, if paths.is_empty() { &[] } else { &paths })?;
    let mut failures = tree.failures;
    let mut output = Output::open(None)?;
    let stdin = [PathBuf::from("-")];
    let files: Vec<_> = match paths.is_empty() && arguments.choice.files_from.is_none() {
        true => stdin.iter().collect(),
        false => tree.files.iter().filter(|found| arguments.choice.takes(found)).map(|found| &found.path).collect(),
    };
    for path in files {
        if let Err(message) = tell(arguments, path, &mut output)? {
            failures.push((path.clone(), message));
        }
    }
    output.finish()?;
    for (path, message) in &failures {
        eprintln!("fanjian: {}: {message}", path.display());
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells of one file; in the inner result, why it cannot be read.
fn tell(arguments: &Arguments, path: &Path, output: &mut Output) -> Result<Result<(), String>, Failure> {
    let cannot_read = |error: io::Error| format!("cannot read it: {error}");
    let mut reader: Box<dyn Read> = if is_stdin(path) {
        Box::new(io::stdin().lock())
    } else {
        match File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => return Ok(Err(cannot_read(error))),
        }
    };
    let mut piece = Vec::new();
    if let Err(error) = reader.by_ref().take(encodings::HEAD as u64).read_to_end(&mut piece) {
        return Ok(Err(cannot_read(error)));
    }
    let found = encodings::find(&piece, piece.len() < encodings::HEAD, Some(From::Auto));
    let name = path.display().to_string();
    if found.is_binary && !arguments.choice.text {
        match arguments.format {
            Format::Text => write_line(output, &format!("{name}: binary"))?,
            Format::Json => write_line(output, &json!({ "path": name, "script": null, "binary": true }).to_string())?,
        }
        return Ok(Ok(()));
    }
    let mut decode = Decode::lossy(found.encoding);
    let mut text = Vec::new();
    let mut searched = 0;
    let mut teller = Teller { arguments, name, line: 0, offset: 0, all: Detection::default(), open: None };
    loop {
        let is_last = piece.is_empty();
        if let Err(message) = decode.push(&piece, is_last, &mut text) {
            return Ok(Err(message));
        }
        // Words do not reach over lines. What is left from before has no line feed.
        let is_long = text.len() > LONGEST;
        let line_feed = memchr::memrchr(b'\n', &text[searched..]).map(|at| searched + at);
        let end = line_feed.map_or(if is_long { text.len() } else { 0 }, |at| at + 1);
        let end = if is_last { text.len() } else { end };
        teller.tell(&String::from_utf8_lossy(&text[..end]), output)?;
        text.drain(..end);
        searched = text.len();
        if is_last {
            break;
        }
        piece.clear();
        if let Err(error) = reader.by_ref().take(PIECE as u64).read_to_end(&mut piece) {
            return Ok(Err(cannot_read(error)));
        }
    }
    teller.finish(output)?;
    Ok(Ok(()))
}

/// Tells of a text that comes in pieces.
struct Teller<'a> {
    arguments: &'a Arguments,
    name: String,
    line: usize,
    /// How many bytes of the text have come.
    offset: usize,
    /// What was found in all of it, or in the line that has begun.
    all: Detection,
    /// The last span, which may go on.
    open: Option<Place>,
}

/// A part of a text, and what was found there.
struct Place {
    line: Option<usize>,
    range: Option<Range<usize>>,
    found: Detection,
}

impl Teller<'_> {
    fn tell(&mut self, text: &str, output: &mut Output) -> Result<(), Failure> {
        if self.arguments.lines {
            for text in text.split_inclusive('\n') {
                self.all += fanjian::detect(text);
                if text.ends_with('\n') {
                    self.write_line(output)?;
                }
            }
        } else if self.arguments.spans {
            for span in fanjian::detect_spans(text) {
                let range = self.offset + span.range.start..self.offset + span.range.end;
                let is_same = |open: &&mut Place| is_of_one_kind(&open.found, &span.detection);
                if let Some(open) = self.open.as_mut().filter(is_same) {
                    open.found += span.detection;
                    open.range = open.range.take().map(|before| before.start..range.end);
                } else {
                    let place = Place { line: Some(self.line + 1), range: Some(range.clone()), found: span.detection };
                    if let Some(open) = self.open.replace(place) {
                        self.write(&open, output)?;
                    }
                }
                self.line += memchr::memchr_iter(b'\n', &text.as_bytes()[span.range]).count();
            }
        } else {
            self.all += fanjian::detect(text);
        }
        self.offset += text.len();
        Ok(())
    }

    fn finish(mut self, output: &mut Output) -> Result<(), Failure> {
        if let Some(open) = self.open.take() {
            self.write(&open, output)?;
        }
        if self.arguments.lines && self.all.characters > 0 {
            self.write_line(output)?;
        }
        if !self.arguments.lines && !self.arguments.spans {
            self.write(&Place { line: None, range: None, found: self.all }, output)?;
        }
        Ok(())
    }

    /// Tells of the line that has come to its end.
    fn write_line(&mut self, output: &mut Output) -> Result<(), Failure> {
        self.line += 1;
        let found = mem::take(&mut self.all);
        self.write(&Place { line: Some(self.line), range: None, found }, output)
    }

    fn write(&self, place: &Place, output: &mut Output) -> Result<(), Failure> {
        let record = match self.arguments.format {
            Format::Json => json_record(&self.name, place),
            Format::Text => text_record(&self.name, place),
        };
        write_line(output, &record)
    }
}

/// Whether spans of two pieces are one.
fn is_of_one_kind(one: &Detection, other: &Detection) -> bool {
    let is_any = |script| matches!(script, Script::Undecided | Script::NotChinese);
    let (one, other) = (one.script(), other.script());
    one == other || is_any(other) || (one.is_traditional() && other.is_traditional())
}

/// The record of a detection for programs, to which others may be added.
fn json_record(name: &str, place: &Place) -> String {
    let found = &place.found;
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
    if let Some(line) = place.line {
        record["line"] = line.into();
    }
    if let Some(range) = &place.range {
        record["start"] = range.start.into();
        record["end"] = range.end.into();
    }
    record.to_string()
}

fn text_record(name: &str, place: &Place) -> String {
    let found = &place.found;
    let at = match (place.line, &place.range) {
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

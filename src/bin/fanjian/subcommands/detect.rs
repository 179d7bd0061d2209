//! `fanjian detect`: which script texts are in.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use fanjian::Detection;
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
/// For each text: simplified, traditional, taiwan or hong-kong where it has that region's forms, mixed, japanese, undecided
/// where all characters are of both scripts, not-chinese, or binary; and how many characters speak for what. Encodings are
/// found out.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Files, and folders of text files; standard input for none, and for -
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Tell of each line
    #[arg(long)]
    lines: bool,
    #[command(flatten)]
    choice: Choice,
}

const PIECE: usize = 64 * 1024;

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
    let mut all = Detection::default();
    let mut line = 0;
    loop {
        let is_last = piece.is_empty();
        if let Err(message) = decode.push(&piece, is_last, &mut text) {
            return Ok(Err(message));
        }
        if arguments.lines {
            let end = if is_last { text.len() } else { memchr::memrchr(b'\n', &text).map_or(0, |at| at + 1) };
            for text in String::from_utf8_lossy(&text[..end]).split_inclusive('\n') {
                line += 1;
                write_line(output, &record(arguments.format, &name, Some(line), &fanjian::detect(text)))?;
            }
            text.drain(..end);
        } else {
            all += fanjian::detect(&String::from_utf8_lossy(&text));
            text.clear();
        }
        if is_last {
            break;
        }
        piece.clear();
        if let Err(error) = reader.by_ref().take(PIECE as u64).read_to_end(&mut piece) {
            return Ok(Err(cannot_read(error)));
        }
    }
    if !arguments.lines {
        write_line(output, &record(arguments.format, &name, None, &all))?;
    }
    Ok(Ok(()))
}

fn record(format: Format, name: &str, line: Option<usize>, found: &Detection) -> String {
    let script = found.script();
    if format == Format::Json {
        let mut record = json!({
            "path": name, "script": script.name(), "characters": found.characters, "han": found.han,
            "simplified": found.simplified, "traditional": found.traditional, "taiwan": found.taiwan,
            "hong_kong": found.hong_kong, "standard": found.standard, "kana": found.kana, "shinjitai": found.shinjitai,
        });
        if let Some(line) = line {
            record["line"] = line.into();
        }
        return record.to_string();
    }
    let place = line.map_or(name.to_owned(), |line| format!("{name}:{line}"));
    let Detection { han, simplified, traditional, taiwan, hong_kong, kana, .. } = found;
    let counts = [
        (*han, "Chinese"),
        (*simplified, "only Simplified"),
        (*traditional, "only Traditional"),
        (*taiwan, "as in Taiwan"),
        (*hong_kong, "as in Hong Kong"),
        (*kana, "kana"),
    ];
    let counts: Vec<_> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
    format!("{place}: {script}{counts}")
}

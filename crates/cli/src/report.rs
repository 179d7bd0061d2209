//! What is told about files: lines to read, JSON, or SARIF; and the last line.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use fanjian_records::Counts;
use serde_json::{Value, json};

use crate::{
    arguments::{Arguments, Color, Format},
    changes::Change,
    cleaning,
    encodings::Found,
    progress::Progress,
    run::Failure,
};

/// What became of a file.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) path: PathBuf,
    pub(crate) is_given: bool,
    pub(crate) state: State,
    pub(crate) encoding: Option<Found>,
    /// Where its text was written, or would be, if that is elsewhere.
    pub(crate) destination: Option<PathBuf>,
    pub(crate) diff: String,
    pub(crate) changes: Vec<Change>,
    /// What cleaning found in it.
    pub(crate) cleaned: Option<cleaning::Found>,
    /// What became of its records, if it has some.
    pub(crate) records: Option<Counts>,
}

impl Outcome {
    pub(crate) fn new(path: &Path, is_given: bool, state: State) -> Outcome {
        Outcome {
            path: path.to_owned(),
            is_given,
            state,
            encoding: None,
            destination: None,
            diff: String::new(),
            changes: Vec::new(),
            cleaned: None,
            records: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Changed,
    Unchanged,
    /// It is left out, as a text with glosses.
    Dropped,
    /// Why.
    Skipped(&'static str),
    /// It was converted by a run before this one.
    Finished,
    Failed(String),
}

impl State {
    fn name(&self) -> &'static str {
        match self {
            State::Changed => "changed",
            State::Unchanged => "unchanged",
            State::Dropped => "dropped",
            State::Skipped(_) => "skipped",
            State::Finished => "finished",
            State::Failed(_) => "failed",
        }
    }
}

/// Tells outcomes as they come, in order, and counts them.
pub(crate) struct Report<'a> {
    arguments: &'a Arguments,
    progress: &'a Progress,
    /// Whether standard output is for what is told, and not for converted text.
    tells: bool,
    stdout: AutoStream<io::Stdout>,
    stderr: AutoStream<io::Stderr>,
    changed: usize,
    unchanged: usize,
    dropped: usize,
    skipped: usize,
    finished: usize,
    failed: usize,
    guessed: Vec<(String, usize)>,
    results: Vec<Value>,
    records: Option<Counts>,
}

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();
const ERROR: Style = AnsiColor::Red.on_default().bold();

impl<'a> Report<'a> {
    pub(crate) fn new(arguments: &'a Arguments, progress: &'a Progress, tells: bool) -> Report<'a> {
        let choice = match arguments.manners.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        Report {
            arguments,
            progress,
            tells,
            stdout: AutoStream::new(io::stdout(), choice),
            stderr: AutoStream::new(io::stderr(), choice),
            changed: 0,
            unchanged: 0,
            dropped: 0,
            skipped: 0,
            finished: 0,
            failed: 0,
            guessed: Vec::new(),
            results: Vec::new(),
            records: None,
        }
    }

    /// Whether a file failed, or would change where that was asked.
    pub(crate) fn is_bad(&self) -> bool {
        self.failed > 0 || (self.arguments.look.check && self.changed + self.dropped > 0)
    }

    pub(crate) fn tell(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        let progress = self.progress;
        progress
            .suspend(|| self.count_and_tell(outcome))
            .map_err(|error| Failure::io("write", "standard output", &error))
    }

    fn count_and_tell(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome.state {
            State::Changed => self.changed += 1,
            State::Unchanged => self.unchanged += 1,
            State::Dropped => self.dropped += 1,
            State::Skipped(_) => self.skipped += 1,
            State::Finished => self.finished += 1,
            State::Failed(_) => self.failed += 1,
        }
        if let Some(counts) = &outcome.records {
            *self.records.get_or_insert_default() += counts;
        }
        if let Some(found) = outcome.encoding.filter(|found| found.is_guess || !found.encoding.is_utf_8()) {
            let name = found.encoding.to_string();
            match self.guessed.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => self.guessed.push((name, 1)),
            }
        }
        match self.arguments.look.format {
            Format::Text => self.text(outcome),
            Format::Json => {
                self.error(outcome);
                let record = json(outcome);
                writeln!(self.stdout, "{record}")
            }
            Format::Sarif => {
                self.error(outcome);
                self.results.extend(outcome.changes.iter().map(|change| result(&outcome.path, change)));
                Ok(())
            }
        }
    }

    fn text(&mut self, outcome: &Outcome) -> io::Result<()> {
        let Outcome { path, state, diff, destination, .. } = outcome;
        let look = &self.arguments.look;
        let name = path.display();
        let to = destination
            .as_ref()
            .filter(|_| matches!(state, State::Changed | State::Unchanged))
            .map(|to| format!(" -> {}", to.display()))
            .unwrap_or_default();
        self.error(outcome);
        for line in diff.split_inclusive('\n') {
            let style = match line.as_bytes() {
                [b'+', ..] => ADDED,
                [b'-', ..] => REMOVED,
                [b'@', ..] => PLACE,
                _ => Style::new(),
            };
            write!(self.stdout, "{style}{line}{style:#}")?;
        }
        let found = outcome.cleaned.as_ref().filter(|found| !found.is_too_long);
        if let Some(found) = found.filter(|_| look.dry_run && self.tells && !self.arguments.manners.quiet) {
            writeln!(self.stdout, "{name}: {}", found.line())?;
        }
        let told = match state {
            State::Changed if look.dry_run => Some(format!("{name}{to}: would change")),
            State::Changed if look.check && !look.diff => Some(format!("{name}: would change")),
            State::Unchanged if look.dry_run && destination.is_some() => Some(format!("{name}{to}: would be copied")),
            _ => None,
        };
        if let Some(told) = told.filter(|_| self.tells && !self.arguments.manners.quiet) {
            writeln!(self.stdout, "{told}")?;
        } else if self.arguments.manners.verbose && !matches!(state, State::Failed(_)) {
            let encoding = outcome.encoding.map(|found| match found.is_guess {
                true => format!(", {} (detected)", found.encoding),
                false => format!(", {}", found.encoding),
            });
            let why = if let State::Skipped(why) = state { format!(": {why}") } else { String::new() };
            let why = found.map_or(why, |found| format!(": {}", found.line()));
            let _ = writeln!(self.stderr, "{name}{to}: {}{why}{}", state.name(), encoding.unwrap_or_default());
        }
        Ok(())
    }

    /// What went wrong, for whatever format, and what was asked for by name but not done.
    fn error(&mut self, outcome: &Outcome) {
        let name = outcome.path.display();
        match &outcome.state {
            State::Failed(message) => {
                let _ = writeln!(self.stderr, "{ERROR}fanjian:{ERROR:#} {name}: {message}");
            }
            State::Skipped(why)
                if outcome.is_given && !self.arguments.manners.quiet && !self.arguments.manners.verbose =>
            {
                let _ = writeln!(self.stderr, "fanjian: {name}: skipped: {why} (--text takes it for text)");
            }
            _ => {}
        }
        if outcome.cleaned.as_ref().is_some_and(|found| found.is_too_long) && !self.arguments.manners.quiet {
            let limit = self.arguments.cleaning.as_ref().map_or(0, |cleaning| cleaning.limit);
            let _ = writeln!(
                self.stderr,
                "fanjian: {name}: longer than the {limit} bytes that are held to be cleaned: passed through unchanged \
                 (--limit sets that)"
            );
        }
    }

    /// The last line, and all that comes at the end. `counts` is whether it is wanted.
    pub(crate) fn finish(mut self, counts: bool) -> Result<(), Failure> {
        self.progress.finish();
        let all = self.changed + self.unchanged + self.dropped + self.skipped + self.finished + self.failed;
        let changed = if self.arguments.look.only() { "would change" } else { "changed" };
        let result = match self.arguments.look.format {
            Format::Json => {
                let mut summary = json!({
                    "type": "summary", "files": all, "changed": self.changed, "unchanged": self.unchanged,
                    "skipped": self.skipped, "failed": self.failed,
                });
                if self.arguments.cleaning.is_some() {
                    summary["dropped"] = self.dropped.into();
                }
                if let Some(counts) = &self.records {
                    summary["finished"] = self.finished.into();
                    summary["records"] = counts_json(counts);
                }
                writeln!(self.stdout, "{summary}")
            }
            Format::Sarif => writeln!(self.stdout, "{:#}", sarif(std::mem::take(&mut self.results))),
            Format::Text => Ok(()),
        };
        let result = result.and_then(|()| self.stdout.flush());
        if counts && !self.arguments.manners.quiet && self.arguments.look.format == Format::Text {
            let files = if all == 1 { "1 file".to_owned() } else { format!("{all} files") };
            let encodings: Vec<_> = self.guessed.iter().map(|(name, count)| format!("{count} in {name}")).collect();
            let encodings = if encodings.is_empty() { String::new() } else { format!(" ({})", encodings.join(", ")) };
            let dropped = if self.dropped > 0 { format!(", {} left out", self.dropped) } else { String::new() };
            let _ = writeln!(
                self.stderr,
                "{files}{encodings}: {} {changed}, {} unchanged{dropped}, {} skipped, {} failed{}",
                self.changed,
                self.unchanged,
                self.skipped,
                self.failed,
                if self.finished > 0 { format!(", {} finished before", self.finished) } else { String::new() }
            );
        }
        if let Some(counts) = self.records.filter(|_| !self.arguments.manners.quiet) {
            tell_records(&counts, self.arguments);
        }
        result.map_err(|error| Failure::io("write", "standard output", &error))
    }
}

/// The line about records, and what is odd about them.
pub(crate) fn tell_records(counts: &Counts, arguments: &Arguments) {
    let Counts { read, kept, changed, dropped, broken, glossed, without_text, .. } = counts;
    let records = if *read == 1 { "1 record".to_owned() } else { format!("{read} records") };
    let glossed = if arguments.records.gloss.is_some() { format!(", {glossed} with glosses") } else { String::new() };
    let mut stderr = io::stderr();
    let _ = writeln!(stderr, "{records}: {kept} kept, {changed} changed, {dropped} dropped, {broken} broken{glossed}");
    let fields = arguments.records.field.iter().map(ToString::to_string);
    let fields = fields.chain(arguments.records.column.iter().cloned());
    for (field, &without) in fields.zip(without_text).filter(|&(_, &without)| without > 0) {
        let _ = match without == *read {
            true => writeln!(stderr, "fanjian: no record has text at '{field}'"),
            false => writeln!(stderr, "{without} without text at '{field}'"),
        };
    }
}

fn counts_json(counts: &Counts) -> Value {
    json!({
        "read": counts.read, "kept": counts.kept, "changed": counts.changed, "dropped": counts.dropped,
        "broken": counts.broken, "glossed": counts.glossed, "without_text": counts.without_text,
    })
}

fn json(outcome: &Outcome) -> Value {
    let mut record =
        json!({ "type": "file", "path": outcome.path.display().to_string(), "state": outcome.state.name() });
    match &outcome.state {
        State::Skipped(why) => record["message"] = (*why).into(),
        State::Failed(message) => record["message"] = message.clone().into(),
        _ => {}
    }
    if let Some(found) = outcome.encoding {
        record["encoding"] = found.encoding.to_string().into();
        record["detected"] = found.is_guess.into();
    }
    if let Some(found) = &outcome.cleaned {
        found.add_to(&mut record);
    }
    if let Some(to) = &outcome.destination {
        record["destination"] = to.display().to_string().into();
    }
    if let Some(counts) = &outcome.records {
        record["records"] = counts_json(counts);
    }
    if !outcome.changes.is_empty() {
        record["changes"] = outcome
            .changes
            .iter()
            .map(|change| {
                json!({ "line": change.line, "column": change.column, "source": change.source, "output": change.output })
            })
            .collect();
    }
    record
}

fn result(path: &Path, change: &Change) -> Value {
    let Change { line, column, source, output } = change;
    let end = column + source.chars().count();
    let region = json!({ "startLine": line, "startColumn": column, "endColumn": end });
    let uri = path.to_string_lossy().replace('\\', "/");
    json!({
        "ruleId": "convert",
        "level": "warning",
        "message": { "text": format!("'{source}' should be '{output}'") },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": percent_encoded(&uri) }, "region": region } }],
        "fixes": [{ "artifactChanges": [{
            "artifactLocation": { "uri": percent_encoded(&uri) },
            "replacements": [{ "deletedRegion": region, "insertedContent": { "text": output } }],
        }] }],
    })
}

/// A path as a URI reference (RFC 3986).
fn percent_encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn sarif(results: Vec<Value>) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fanjian",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": [{ "id": "convert", "shortDescription": { "text": "Text that the conversion changes" } }],
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

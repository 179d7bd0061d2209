//! Report about files: lines for people, JSON, or SARIF; and the last line.

use std::{
    collections::HashSet,
    mem,
    path::{Path, PathBuf},
    slice,
};

use anstyle::{AnsiColor, Style};
use fanjian_records::{Counts, Presence};
use serde_json::Value;

use self::{
    changes::Change,
    diff::word_diff,
    fingerprints::Fingerprints,
    html::Page,
    options::{Format, ReportOptions},
    outcome::{Outcome, State, Totals},
};
use crate::{
    error::{Failure, Status},
    io::progress::Progress,
    messages::{message, text},
    print::{self, Printer, name},
    text::{document::Done, overlooked_marks, unclosed_mark},
};

mod alignment;
pub(crate) mod changes;
pub(crate) mod diff;
mod fingerprints;
mod github;
mod gitlab;
mod html;
pub(crate) mod json;
pub(crate) mod kinds;
pub(crate) mod options;
pub(crate) mod outcome;
mod paths;
mod places;
mod sarif;

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();
/// The changes within lines.
const ADDED_PART: Style = ADDED.invert();
const REMOVED_PART: Style = REMOVED.invert();

/// Reports outcomes as they come, in order, and counts them.
pub(crate) struct Report<'a> {
    options: &'a ReportOptions,
    progress: &'a Progress,
    /// Whether standard output is for the report, and not for converted text.
    owns_stdout: bool,
    printer: Printer,
    totals: Totals,
    /// The files that have failed.
    left: HashSet<PathBuf>,
    /// The results of SARIF, or the issues of GitLab.
    results: Vec<Value>,
    fingerprints: Fingerprints,
    page: Page,
    /// Whether lines of files are shown with their places.
    shows_text: bool,
}

impl<'a> Report<'a> {
    pub(crate) fn new(options: &'a ReportOptions, progress: &'a Progress, owns_stdout: bool) -> Report<'a> {
        let printer = Printer::new(options.color);
        let printer = if options.is_paged() { printer.paged() } else { printer };
        Report {
            options,
            progress,
            owns_stdout,
            printer,
            totals: Totals::default(),
            left: HashSet::new(),
            results: Vec::new(),
            fingerprints: Fingerprints::default(),
            page: Page::default(),
            shows_text: print::is_for_people(options.color),
        }
    }

    /// Whether this file has not been converted.
    pub(crate) fn is_left(&self, path: &Path) -> bool {
        self.left.contains(path)
    }

    pub(crate) fn status(&self) -> Status {
        match &self.totals {
            totals if totals.failed + totals.lost > 0 || !self.absent_fields().is_empty() => Status::Failed,
            totals if self.options.preview.check && totals.changed + totals.dropped + totals.renamed > 0 => {
                Status::Found
            }
            _ => Status::Done,
        }
    }

    /// How many files there were, and new names of files and folders.
    pub(crate) fn found(&self) -> usize {
        self.totals.files() + self.totals.renamed
    }

    /// Counts an outcome, and prints what there is to say about it.
    pub(crate) fn add(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        let progress = self.progress;
        self.totals.add(outcome);
        if let State::Failed(_) | State::Skipped(_) | State::Document(_) = outcome.state {
            self.left.insert(outcome.path.clone());
        }
        progress.suspend(|| {
            self.error(outcome);
            match self.options.format {
                Format::Text => self.text(outcome),
                Format::Json => self.printer.json(json::file(outcome)),
                Format::Sarif => {
                    self.results(outcome, sarif::result, sarif::whole);
                    Ok(())
                }
                Format::Gitlab => {
                    self.results(outcome, gitlab::issue, gitlab::whole);
                    Ok(())
                }
                Format::Github => self.annotations(outcome),
                Format::Html => {
                    let language = outcome.conversion.as_ref().and_then(|conversion| conversion.target);
                    self.page.add(&outcome.path, &outcome.diff, &outcome.changes, language);
                    Ok(())
                }
            }
        })
    }

    /// Counts and reports a new name of a file or folder, which it has, or would get in a preview.
    pub(crate) fn renamed(&mut self, from: &Path, to: &Path) -> Result<(), Failure> {
        self.totals.renamed += 1;
        let ReportOptions { preview, quiet, verbose, format, .. } = *self.options;
        match format {
            Format::Json => self.printer.json(json::rename(from, to)),
            Format::Text if quiet => Ok(()),
            Format::Text if preview.dry_run || (preview.check && !preview.diff) => {
                let line = message!("{from} -> {to}: would be renamed", from = name(from), to = name(to));
                self.printer.line(&line)
            }
            Format::Text if verbose && !preview.is_on() => {
                self.printer.note(&message!("{from} -> {to}: renamed", from = name(from), to = name(to)));
                Ok(())
            }
            Format::Text | Format::Sarif | Format::Github | Format::Gitlab | Format::Html => Ok(()),
        }
    }

    /// Adds the results of a file that would change: one for each change, or one for the file.
    fn results(
        &mut self,
        outcome: &Outcome,
        result: fn(&Path, &Change, &str) -> Value,
        whole: fn(&Path, &str) -> Value,
    ) {
        let path = &outcome.path;
        for change in &outcome.changes {
            let fingerprint = self.fingerprints.of(path, Some(change));
            self.results.push(result(path, change, &fingerprint));
        }
        let would_change = self.options.preview.is_on() && outcome.state == State::Changed;
        if outcome.changes.is_empty() && would_change {
            let fingerprint = self.fingerprints.of(path, None);
            self.results.push(whole(path, &fingerprint));
        }
    }

    /// Writes the commands of GitHub about a file.
    fn annotations(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        for change in &outcome.changes {
            self.printer.line(&github::command(&outcome.path, change))?;
        }
        match outcome.changes.is_empty() && outcome.state == State::Changed {
            true => self.printer.line(&github::whole(&outcome.path)),
            false => Ok(()),
        }
    }

    /// The fields that no record has, where that is an error.
    fn absent_fields(&self) -> Vec<AbsentField<'_>> {
        absent_fields(&self.totals.fields, self.options)
    }

    fn text(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        self.diff(outcome)?;
        let name = name(&outcome.path);
        let is_shown = self.owns_stdout && !self.options.quiet;
        let findings = outcome.cleaned.as_ref();
        if let Some(findings) = findings.filter(|_| self.options.preview.dry_run && is_shown) {
            self.printer.line(&format!("{name}: {}", findings.line()))?;
        }
        if self.options.shows_places() && is_shown && !outcome.changes.is_empty() {
            for change in &outcome.changes {
                for line in places::lines(&outcome.path, change, self.shows_text) {
                    self.printer.styled(&line)?;
                }
            }
        } else if let Some(line) = self.preview(outcome).filter(|_| is_shown) {
            self.printer.line(&line)?;
        } else if self.options.preview.diff && outcome.diff.is_empty() && outcome.state == State::Changed && is_shown {
            self.printer.note(&format!("fanjian: {name}: {}", would_change(outcome)));
        }
        let conversion = outcome.conversion.as_ref().filter(|conversion| conversion.is_of_override);
        let conversion =
            conversion.map_or_else(String::new, |conversion| message!(", to {target}", target = conversion.name()));
        if self.options.preview.is_on() && outcome.state == State::Changed && is_shown {
            if self.options.verbose && !conversion.is_empty() {
                self.printer.note(&format!("{name}: {}{conversion}", text("would change")));
            }
            return Ok(());
        }
        if self.options.verbose && !matches!(outcome.state, State::Failed(_)) {
            let why = match (findings, &outcome.state) {
                (Some(findings), _) => message!(": {findings}", findings = findings.line()),
                (None, State::Skipped(why)) => message!(": {why} ({way_out})", why, way_out = why.way_out()),
                (None, State::Document(kind)) => message!(": a document ({kind})", kind),
                _ => String::new(),
            };
            let document =
                outcome.document.as_ref().map_or_else(String::new, |done| message!(", {more}", more = done.line()));
            let encoding =
                outcome.encoding.filter(|_| !outcome.document.as_ref().is_some_and(|done| done.format.is_container()));
            let encoding = encoding.map_or_else(String::new, |found| match found.confidence {
                Some(confidence) => {
                    let (encoding, confidence) = (found.encoding, format!("{confidence:.2}"));
                    message!(", {encoding} (detected, {confidence})", encoding, confidence)
                }
                None => message!(", {more}", more = found.encoding),
            });
            let (to, state) = (destination(outcome), text(outcome.state.name()));
            self.printer.note(&format!("{name}{to}: {state}{why}{conversion}{document}{encoding}"));
        }
        Ok(())
    }

    fn diff(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        if self.options.word_diff {
            return self.printer.text(Style::new(), &word_diff(&outcome.diff, &outcome.changes));
        }
        for line in diff::lines(&outcome.diff, &outcome.changes) {
            let (style, changed) = match line.text.as_bytes() {
                [b'+', ..] => (ADDED, ADDED_PART),
                [b'-', ..] => (REMOVED, REMOVED_PART),
                [b'@', ..] => (PLACE, PLACE),
                _ => (Style::new(), Style::new()),
            };
            let mut at = 0;
            for range in line.changed {
                self.printer.text(style, &line.text[at..range.start])?;
                self.printer.text(changed, &line.text[range.clone()])?;
                at = range.end;
            }
            self.printer.text(style, &line.text[at..])?;
        }
        Ok(())
    }

    /// The line of a file that would be written.
    fn preview(&self, outcome: &Outcome) -> Option<String> {
        let preview = self.options.preview;
        let (name, to) = (name(&outcome.path), destination(outcome));
        match outcome.state {
            State::Changed if preview.dry_run => Some(format!("{name}{to}: {}", would_change(outcome))),
            State::Changed if preview.check && !preview.diff => Some(format!("{name}: {}", would_change(outcome))),
            State::Unchanged if preview.dry_run && outcome.destination.is_some() => {
                Some(format!("{name}{to}: {}", text("would be copied")))
            }
            _ => None,
        }
    }

    /// Failures, whatever the format, and what was given and not converted.
    fn error(&mut self, outcome: &Outcome) {
        let name = name(&outcome.path);
        let ReportOptions { quiet, verbose, .. } = *self.options;
        match &outcome.state {
            State::Failed(message) => {
                self.printer.error(&format!("{name}: {message}"));
            }
            State::Skipped(why) if (outcome.is_given || why.is_unexpected()) && !quiet && !verbose => {
                self.printer.note(&format!("fanjian: {name}: {}", why.skipped()));
            }
            _ => {}
        }
        if let Some(left) = outcome.document.as_ref().and_then(Done::left).filter(|_| !quiet) {
            self.printer.note(&format!("fanjian: {name}: {left}"));
        }
        for font in outcome.document.iter().flat_map(Done::fonts).filter(|_| !quiet) {
            self.printer.note(&format!("fanjian: {name}: {font}"));
        }
        if let Some(decided) = outcome.decided.as_ref().filter(|decided| !quiet || !decided.lost.is_empty()) {
            decided.lines().for_each(|line| self.printer.note(&format!("fanjian: {name}: {line}")));
        }
        if let Some(line) = outcome.unclosed_mark.filter(|_| !quiet) {
            self.printer.note(&format!("fanjian: {name}: {}", unclosed_mark(line)));
        }
        if let Some(marks) = outcome.overlooked_marks.filter(|_| verbose) {
            self.printer.note(&format!("fanjian: {name}: {}", overlooked_marks(marks)));
        }
    }

    /// Prints all that comes at the end. `counts` is whether the last line about files is wanted.
    pub(crate) fn finish(mut self, counts: bool) -> Result<(), Failure> {
        self.progress.finish();
        let result = match self.options.format {
            Format::Json => {
                let summary = json::summary(&self.totals, self.options.is_cleaning);
                self.printer.json(summary)
            }
            Format::Sarif => {
                let log = sarif::log(mem::take(&mut self.results), &self.totals.dictionaries);
                self.printer.json(format_args!("{log:#}"))
            }
            Format::Gitlab => {
                let issues = Value::Array(mem::take(&mut self.results));
                self.printer.json(format_args!("{issues:#}"))
            }
            Format::Html => {
                let page = mem::take(&mut self.page).finish(&self.totals);
                self.printer.text(Style::new(), &page)
            }
            Format::Text | Format::Github => Ok(()),
        };
        let result = result.and_then(|()| self.printer.flush());
        if counts && !self.options.quiet && matches!(self.options.format, Format::Text | Format::Github | Format::Html)
        {
            let line = self.totals.line(self.options.preview.is_on());
            self.printer.note(&line);
        }
        if let Some(warning) = self.totals.warning().filter(|_| !self.options.quiet) {
            self.printer.note(&warning);
        }
        records(self.totals.records.as_ref(), &self.absent_fields(), self.options);
        result
    }
}

/// Where the text of a file goes, as an arrow, if it goes elsewhere.
fn destination(outcome: &Outcome) -> String {
    let to = outcome.destination.as_ref().filter(|_| matches!(outcome.state, State::Changed | State::Unchanged));
    to.map_or_else(String::new, |to| format!(" -> {}", name(to)))
}

/// The message about fields that no record has.
pub(crate) fn no_field(fields: &[String], instead: &[String]) -> String {
    let quoted: Vec<_> = fields.iter().map(|field| format!("'{field}'")).collect();
    let fields = match &*quoted {
        [field] => message!("the field {field}", field),
        fields => message!("any of the fields {fields}", fields = fields.join(", ")),
    };
    let instead = match instead.is_empty() {
        true => text("no text"),
        false => message!("text at {paths}", paths = instead.join(", ")),
    };
    message!("no record has {fields}; the first one has {instead}", fields, instead)
}

/// The same with the option that allows it.
pub(crate) fn with_missing(message: &str) -> String {
    message!("{message} (--missing keep allows that)", message)
}

/// A field that no record has, and the paths of the texts of the first record.
type AbsentField<'c> = (&'c String, &'c [String]);

/// The fields that no record of all inputs has, where that is an error.
fn absent_fields<'c>(counts: &'c Counts, options: &'c ReportOptions) -> Vec<AbsentField<'c>> {
    let fields = options.fields.iter().zip(&counts.presence).filter(|_| options.requires_fields);
    let absent = |(field, presence): (&'c String, &'c Presence)| match presence {
        Presence::Absent { instead } => Some((field, &**instead)),
        _ => None,
    };
    fields.filter_map(absent).collect()
}

/// Prints the lines about the records of a single input. Returns what became of it.
pub(crate) fn single(counts: &Counts, options: &ReportOptions) -> Status {
    let absent = absent_fields(counts, options);
    records(Some(counts), &absent, options);
    if absent.is_empty() { Status::Done } else { Status::Failed }
}

/// Prints the line about records, and what is odd about them; and the fields that are absent, which is an error.
fn records(counts: Option<&Counts>, absent: &[AbsentField<'_>], options: &ReportOptions) {
    let counts = counts.filter(|_| !options.quiet);
    let lines = counts.map_or_else(Vec::new, |counts| record_lines(counts, absent, options));
    let errors = absent.iter().map(|(field, instead)| with_missing(&no_field(slice::from_ref(*field), instead)));
    for line in lines.into_iter().chain(errors.map(|error| format!("fanjian: {error}"))) {
        print::note(format_args!("{line}"));
    }
}

fn record_lines(counts: &Counts, absent: &[AbsentField<'_>], options: &ReportOptions) -> Vec<String> {
    let Counts { read, kept, changed, dropped, broken, glossed, without_text, .. } = counts;
    let records = if *read == 1 { message!("1 record") } else { message!("{read} records", read) };
    let glossed = if options.has_glosses { message!(", {glossed} with glosses", glossed) } else { String::new() };
    let first = message!(
        "{records}: {kept} kept, {changed} changed, {dropped} dropped, {broken} broken{glossed}",
        records,
        kept,
        changed,
        dropped,
        broken,
        glossed
    );
    let without = options.fields.iter().zip(without_text).filter(|&(_, &without)| without > 0);
    let without = without.filter(|(field, _)| !absent.iter().any(|(absent, _)| absent == field));
    let without = without.map(|(field, without)| match without == read {
        true => format!("fanjian: {}", message!("no record has text at '{field}'", field)),
        false if *without == 1 => message!("1 record without text at '{field}'", field),
        false => message!("{without} records without text at '{field}'", without, field),
    });
    [first].into_iter().chain(without).collect()
}

/// What a preview has about a file that would be written. No text of an archive has its tags of languages.
fn would_change(outcome: &Outcome) -> String {
    match outcome.document.as_ref().filter(|done| done.report.changed == 0).map(|done| done.report.tags) {
        Some(tags @ 1..) if outcome.changes.is_empty() => {
            message!("would change: only its language tags ({tags})", tags)
        }
        _ => text("would change"),
    }
}

#[cfg(test)]
mod tests {
    use super::{options::Preview, *};

    #[test]
    fn a_preview_says_what_would_happen() {
        let preview = |preview, state, to: Option<&str>| {
            let options = ReportOptions { preview, ..ReportOptions::default() };
            let progress = Progress::new(None, false);
            let mut outcome = Outcome::new(Path::new("a"), true, state);
            outcome.destination = to.map(Into::into);
            Report::new(&options, &progress, true).preview(&outcome)
        };
        let dry_run = Preview { dry_run: true, ..Preview::default() };
        let check = Preview { check: true, ..Preview::default() };
        let line = |text: &str| Some(text.to_owned());
        assert_eq!(preview(dry_run, State::Changed, Some("b")), line("a -> b: would change"));
        assert_eq!(preview(dry_run, State::Unchanged, Some("b")), line("a -> b: would be copied"));
        assert_eq!(preview(check, State::Changed, Some("b")), line("a: would change"));
        assert_eq!(preview(Preview { diff: true, ..check }, State::Changed, None), None);
        assert_eq!(preview(dry_run, State::Unchanged, None), None);
    }

    #[test]
    fn what_is_counted_decides_about_the_exit_status() {
        let progress = Progress::new(None, false);
        for (check, state, status) in [
            (true, State::Changed, Status::Found),
            (true, State::Dropped, Status::Found),
            (true, State::Unchanged, Status::Done),
            (false, State::Changed, Status::Done),
            (true, State::Failed("why".to_owned()), Status::Failed),
        ] {
            let options =
                ReportOptions { preview: Preview { check, ..Preview::default() }, quiet: true, ..Default::default() };
            let mut report = Report::new(&options, &progress, false);
            report.add(&Outcome::new(Path::new("a"), false, state)).unwrap();
            assert_eq!(report.status(), status);
        }
    }

    #[test]
    fn fields_without_text_have_a_line_each() {
        let mut counts = Counts::default();
        (counts.read, counts.kept, counts.without_text) = (2, 2, vec![0, 1, 2]);
        let fields = ["a", "b", "c"].map(str::to_owned).to_vec();
        let lines = record_lines(&counts, &[], &ReportOptions { fields, ..ReportOptions::default() });
        let expected = [
            "2 records: 2 kept, 0 changed, 0 dropped, 0 broken",
            "1 record without text at 'b'",
            "fanjian: no record has text at 'c'",
        ];
        assert_eq!(lines, expected);
    }
}

//! Outcomes of files, and their counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use fanjian_records::{Counts, Presence};

use crate::{
    io::encodings::{FileEncoding, NoText},
    messages::{message, text, translatable},
    report::changes::Change,
    text::{cleaner::Findings, decisions::Decided, document::Done, protected::OverlookedMarks},
};

/// What became of a file.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) path: PathBuf,
    /// Whether the file was given itself, rather than a folder that it is in.
    pub(crate) is_given: bool,
    pub(crate) state: State,
    pub(crate) encoding: Option<FileEncoding>,
    /// What it is converted to.
    pub(crate) conversion: Option<Conversion>,
    /// Whether it becomes Traditional, and stays in an encoding of mainland China.
    pub(crate) is_traditional_in_gbk: bool,
    /// Where its text was written, or would be, if that is elsewhere.
    pub(crate) destination: Option<PathBuf>,
    pub(crate) diff: String,
    pub(crate) changes: Vec<Change>,
    /// The line of a mark that switched conversion off, and that none switched on again.
    pub(crate) unclosed_mark: Option<u64>,
    /// Comments with marks that do not count.
    pub(crate) overlooked_marks: Option<OverlookedMarks>,
    /// The findings of cleaning.
    pub(crate) cleaned: Option<Findings>,
    /// What was done to a document.
    pub(crate) document: Option<Done>,
    /// What became of the decisions of a person about it.
    pub(crate) decided: Option<Decided>,
    /// The counts of its records, if it has some.
    pub(crate) records: Option<Counts>,
    /// For each chosen field, whether a record has it; also of an earlier run.
    pub(crate) presence: Vec<Presence>,
}

impl Outcome {
    pub(crate) fn new(path: &Path, is_given: bool, state: State) -> Outcome {
        Outcome {
            path: path.to_owned(),
            is_given,
            state,
            encoding: None,
            conversion: None,
            is_traditional_in_gbk: false,
            destination: None,
            diff: String::new(),
            changes: Vec::new(),
            unclosed_mark: None,
            overlooked_marks: None,
            cleaned: None,
            document: None,
            decided: None,
            records: None,
            presence: Vec::new(),
        }
    }
}

/// What a file is converted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conversion {
    /// The tag of the target. None: it is a configuration.
    pub(crate) target: Option<&'static str>,
    /// The name of the configuration.
    pub(crate) config: String,
    /// The name of the release that its dictionaries are of, if they are not the built-in ones.
    pub(crate) dictionaries: Option<String>,
    /// Whether other files of the same folder may be converted to another one.
    pub(crate) is_of_override: bool,
}

impl Conversion {
    pub(crate) fn name(&self) -> &str {
        self.target.unwrap_or(&self.config)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Changed,
    Unchanged,
    /// Left out, as a text with glosses.
    Dropped,
    /// Left out, for this reason.
    Skipped(NoText),
    /// Left out, as a document of this kind.
    Document(&'static str),
    /// Converted by an earlier run.
    Finished,
    Failed(String),
}

impl State {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            State::Changed => translatable("changed"),
            State::Unchanged => translatable("unchanged"),
            State::Dropped => translatable("dropped"),
            State::Skipped(_) | State::Document(_) => translatable("skipped"),
            State::Finished => translatable("finished"),
            State::Failed(_) => translatable("failed"),
        }
    }
}

/// How many files had which outcome.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) changed: usize,
    pub(crate) unchanged: usize,
    pub(crate) dropped: usize,
    pub(crate) skipped: usize,
    /// How many of these are documents, by their kinds.
    pub(crate) documents: BTreeMap<&'static str, usize>,
    pub(crate) finished: usize,
    pub(crate) failed: usize,
    /// How many decisions of a person were about places that are not there any more.
    pub(crate) lost: usize,
    /// How many files and folders have a new name, or would get one.
    pub(crate) renamed: usize,
    /// How many files had an encoding other than UTF-8, or a detected one.
    pub(crate) encodings: Vec<(String, usize)>,
    /// The releases whose dictionaries were used, other than the built-in ones.
    pub(crate) dictionaries: BTreeSet<String>,
    /// How many files became Traditional, and stay in an encoding of mainland China.
    pub(crate) traditional_in_gbk: usize,
    pub(crate) records: Option<Counts>,
    /// Of these counts, whether there are fields, also in the inputs that an earlier run has finished.
    pub(crate) fields: Counts,
}

impl Totals {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        *match outcome.state {
            State::Changed => &mut self.changed,
            State::Unchanged => &mut self.unchanged,
            State::Dropped => &mut self.dropped,
            State::Skipped(_) | State::Document(_) => &mut self.skipped,
            State::Finished => &mut self.finished,
            State::Failed(_) => &mut self.failed,
        } += 1;
        self.lost += outcome.decided.as_ref().map_or(0, |decided| decided.lost.len());
        if let State::Document(kind) = outcome.state {
            *self.documents.entry(kind).or_default() += 1;
        }
        self.traditional_in_gbk += usize::from(outcome.state == State::Changed && outcome.is_traditional_in_gbk);
        self.dictionaries.extend(outcome.conversion.as_ref().and_then(|conversion| conversion.dictionaries.clone()));
        if let Some(counts) = &outcome.records {
            *self.records.get_or_insert_default() += counts;
        }
        let mut fields = Counts::default();
        fields.presence.clone_from(&outcome.presence);
        self.fields += &fields;
        if let Some(found) = outcome.encoding.filter(|found| found.confidence.is_some() || !found.encoding.is_utf_8()) {
            let name = found.encoding.to_string();
            match self.encodings.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => self.encodings.push((name, 1)),
            }
        }
    }

    pub(crate) fn files(&self) -> usize {
        self.changed + self.unchanged + self.dropped + self.skipped + self.finished + self.failed
    }

    /// A warning about files that stay in an encoding which their readers may not expect.
    pub(crate) fn warning(&self) -> Option<String> {
        let files = match self.traditional_in_gbk {
            0 => return None,
            1 => message!("1 file is Traditional and stays in GBK"),
            files => message!("{files} files are Traditional and stay in GBK", files),
        };
        let warning = message!(
            "{files}, which Windows in Taiwan and Hong Kong reads as Big5: --to-encoding utf-8 writes UTF-8",
            files
        );
        Some(format!("fanjian: {warning}"))
    }

    /// The last line about files.
    pub(crate) fn line(&self, is_preview: bool) -> String {
        let Totals { changed, unchanged, skipped, failed, .. } = self;
        let files =
            if self.files() == 1 { message!("1 file") } else { message!("{count} files", count = self.files()) };
        let encodings: Vec<_> =
            self.encodings.iter().map(|(name, count)| message!("{count} in {name}", count, name)).collect();
        let encodings = if encodings.is_empty() { String::new() } else { format!(" ({})", encodings.join(", ")) };
        let verb = if is_preview { text("would change") } else { text("changed") };
        let dropped =
            if self.dropped > 0 { message!(", {count} left out", count = self.dropped) } else { String::new() };
        let finished = if self.finished > 0 {
            message!(", {count} finished before", count = self.finished)
        } else {
            String::new()
        };
        let documents: Vec<_> = self.documents.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let documents = if documents.is_empty() { String::new() } else { format!(" ({})", documents.join(", ")) };
        let renamed = match self.renamed {
            0 => String::new(),
            renamed if is_preview => message!("; {renamed} would be renamed", renamed),
            renamed => message!("; {renamed} renamed", renamed),
        };
        let dictionaries = match self.dictionaries.is_empty() {
            true => String::new(),
            false => {
                let releases: Vec<_> = self.dictionaries.iter().map(String::as_str).collect();
                message!("; with the dictionaries of {releases}", releases = releases.join(", "))
            }
        };
        let line = message!(
            "{files}{encodings}: {changed} {verb}, {unchanged} unchanged{dropped}, {skipped} skipped{documents}, {failed} failed{finished}{renamed}",
            files,
            encodings,
            changed,
            verb,
            unchanged,
            dropped,
            skipped,
            documents,
            failed,
            finished,
            renamed,
        );
        line + &dictionaries
    }
}

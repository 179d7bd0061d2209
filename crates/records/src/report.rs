//! Results of a conversion: counts, and broken records.

use std::ops::AddAssign;

use fanjian::{Detection, Error};

use crate::read::ReadOptions;

/// The part of a record that is too long that is reported, in bytes.
pub(crate) const REPORTED: usize = 1024;

/// Counts of records by their results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Counts {
    /// All records.
    pub read: u64,
    /// Records that were written.
    pub kept: u64,
    /// Of these, records with a text that has changed.
    pub changed: u64,
    /// Records that were left out by a condition, or for their glosses.
    pub dropped: u64,
    /// Records that are invalid, or cannot be converted.
    pub broken: u64,
    /// Records with glosses made by a machine, if these were searched for.
    pub glossed: u64,
    /// For each chosen field, the records without text there.
    pub without_text: Vec<u64>,
    /// For each chosen field, whether a record has it.
    pub presence: Vec<Presence>,
}

/// Whether the records have a chosen field, be it with a text or with another value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Presence {
    /// No record could be searched; or the field is a column, which is an error of its own if it does not exist.
    #[default]
    Unknown,
    /// No record has it. `instead` are the paths to the first few texts of the first record.
    Absent {
        /// The paths, as [`Path`](crate::Path) reads them.
        instead: Vec<String>,
    },
    /// A record has it; or it may have it, where an array is empty or a value is null on the way to it.
    Present,
}

impl Presence {
    /// Adds what is known from records behind these.
    fn add(&mut self, other: &Presence) {
        match (&*self, other) {
            (Presence::Unknown, _) | (Presence::Absent { .. }, Presence::Present) => *self = other.clone(),
            _ => {}
        }
    }
}

impl Counts {
    pub(crate) fn new(fields: usize) -> Counts {
        Counts { without_text: vec![0; fields], presence: vec![Presence::Unknown; fields], ..Counts::default() }
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        self.read += other.read;
        self.kept += other.kept;
        self.changed += other.changed;
        self.dropped += other.dropped;
        self.broken += other.broken;
        self.glossed += other.glossed;
        self.without_text.resize(self.without_text.len().max(other.without_text.len()), 0);
        for (all, more) in self.without_text.iter_mut().zip(&other.without_text) {
            *all += more;
        }
        self.presence.resize(self.presence.len().max(other.presence.len()), Presence::Unknown);
        for (all, more) in self.presence.iter_mut().zip(&other.presence) {
            all.add(more);
        }
    }
}

/// A record that is invalid, or cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RejectedRecord {
    /// The line on which it begins, counted from 1; in Parquet, the row.
    pub line: u64,
    /// The error.
    pub reason: String,
    /// The record as it was read, without its line ending. Of one that is too long, the first KiB; of a row in Parquet, its
    /// chosen texts, or the one that is not UTF-8.
    pub record: Vec<u8>,
    /// Whether `record` is the whole record.
    pub is_whole: bool,
    /// Whether no record behind it can be read: a row that is too long may lack a quotation mark.
    pub is_last: bool,
}

impl RejectedRecord {
    pub(crate) fn new(line: u64, error: &Error, record: &[u8]) -> RejectedRecord {
        RejectedRecord { line, reason: error.to_string(), record: record.to_vec(), is_whole: true, is_last: false }
    }

    /// The same with a part of the record only.
    pub(crate) fn part(self) -> RejectedRecord {
        RejectedRecord { is_whole: false, ..self }
    }
}

/// What the texts of a record are, together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct DetectedRecord {
    /// The line on which it begins, counted from 1; in Parquet, the row.
    pub line: u64,
    /// The counts of its texts.
    pub detection: Detection,
    /// The beginning of its texts, with a space between them: at most 40 characters, without line ends.
    pub beginning: String,
}

/// The results for the records of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Report {
    /// Their counts.
    pub counts: Counts,
    /// The broken ones, in order.
    pub broken: Vec<RejectedRecord>,
    /// What the others are, in order, if [`detect`](crate::RecordOptions::detect) asks for it.
    pub detected: Vec<DetectedRecord>,
}

/// The result for a record that is no broken one.
pub(crate) struct Added {
    pub(crate) is_kept: bool,
    pub(crate) detected: Option<DetectedRecord>,
}

impl Report {
    pub(crate) fn new(fields: usize) -> Report {
        Report { counts: Counts::new(fields), broken: Vec::new(), detected: Vec::new() }
    }

    /// Adds the result for a record. Returns whether the chunk goes on.
    pub(crate) fn add(
        &mut self,
        line: u64,
        record: &[u8],
        result: Result<Added, Error>,
        options: &ReadOptions,
    ) -> bool {
        match result {
            Ok(Added { is_kept, detected }) => {
                self.counts.kept += u64::from(is_kept);
                self.counts.dropped += u64::from(!is_kept);
                self.detected.extend(detected.map(|detected| DetectedRecord { line, ..detected }));
            }
            Err(error) => {
                self.reject(RejectedRecord::new(line, &error, record));
                return !options.stop_at_broken;
            }
        }
        true
    }

    /// Adds a record of this many bytes if it is too long. `record` may be its beginning. Returns whether it is.
    pub(crate) fn add_too_long(
        &mut self,
        line: u64,
        record: &[u8],
        len: u64,
        is_last: bool,
        options: &ReadOptions,
    ) -> bool {
        let Err(error) = options.check_len(len, is_last) else { return false };
        let mut record = &record[..record.len().min(REPORTED).min(options.max_record)];
        // Not within a character.
        if let Err(error) = str::from_utf8(record)
            && error.error_len().is_none()
        {
            record = &record[..error.valid_up_to()];
        }
        self.reject(RejectedRecord { is_last, ..RejectedRecord::new(line, &error, record).part() });
        true
    }

    fn reject(&mut self, record: RejectedRecord) {
        self.counts.broken += 1;
        self.broken.push(record);
    }
}

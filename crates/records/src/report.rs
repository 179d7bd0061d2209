//! What became of records: counts, and those that are broken.

use std::{
    borrow::Cow,
    io::{self, Read, Write},
    ops::AddAssign,
};

use crate::{Chunk, Chunks, chunks::REPORTED};
use fanjian::{Error, ErrorKind};

/// How many records there were, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// All of them.
    pub read: u64,
    /// Those that were written.
    pub kept: u64,
    /// Of these, those with a text that became another one.
    pub changed: u64,
    /// Those that were left out by a condition, or for their glosses.
    pub dropped: u64,
    /// Those that are none, or cannot be converted.
    pub broken: u64,
    /// Those in which a machine has put glosses, where that was looked for.
    pub glossed: u64,
    /// For each chosen field, those in which it leads to no text.
    pub without_text: Vec<u64>,
}

impl Counts {
    pub(crate) fn new(fields: usize) -> Counts {
        Counts { without_text: vec![0; fields], ..Counts::default() }
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
    }
}

/// A record that is none, or cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedRecord {
    /// The line that it begins on, from 1; in Parquet, the row.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
    /// The record as it was read, without its line ending. Of one that is too long, the first KiB.
    pub record: Vec<u8>,
    /// Whether no record behind it can be read: a row that is too long may lack a quotation mark.
    pub is_last: bool,
}

impl RejectedRecord {
    pub(crate) fn new(line: u64, reason: String, record: &[u8]) -> RejectedRecord {
        RejectedRecord { line, reason, record: record.to_vec(), is_last: false }
    }

    pub(crate) fn too_long(line: u64, record: &[u8], len: u64, limits: &ReadOptions) -> RejectedRecord {
        let reason = format!("the record has {len} bytes, which is more than the limit of {}", limits.record);
        RejectedRecord::new(line, reason, &record[..record.len().min(REPORTED).min(limits.record)])
    }
}

/// What became of the records of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many there were.
    pub counts: Counts,
    /// Those that are broken, in order.
    pub broken: Vec<RejectedRecord>,
}

impl Report {
    pub(crate) fn break_off(&mut self, broken: RejectedRecord) {
        self.counts.broken += 1;
        self.broken.push(broken);
    }
}

/// The longest record, in bytes, if nothing else is said.
pub(crate) const LIMIT: usize = 64 * 1024 * 1024;

/// What holds for the records of whatever format.
#[derive(Clone, Debug)]
pub(crate) struct ReadOptions {
    /// The longest record, in bytes.
    pub(crate) record: usize,
    /// Whether a chunk ends at the first record that is broken.
    pub(crate) stops: bool,
    /// Whether U+FFFD takes the place of what is not UTF-8.
    pub(crate) replaces: bool,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions { record: LIMIT, stops: false, replaces: false }
    }
}

impl ReadOptions {
    /// A record, or a field, as text.
    pub(crate) fn text<'r>(&self, record: &'r [u8]) -> Result<Cow<'r, str>, Error> {
        match simdutf8::compat::from_utf8(record) {
            Ok(text) => Ok(text.into()),
            Err(_) if self.replaces => Ok(String::from_utf8_lossy(record)),
            Err(error) => {
                let at = error.valid_up_to();
                let message = format!("not UTF-8: invalid byte 0x{:02X} at byte {}", record[at], at + 1);
                Err(Error::new(ErrorKind::InvalidUtf8, message))
            }
        }
    }
}

/// Converts a whole input, chunk by chunk.
pub(crate) fn copy<R: Read>(
    mut chunks: Chunks<R>,
    mut writer: impl Write,
    mut counts: Counts,
    mut broken: impl FnMut(RejectedRecord) -> bool,
    convert: impl Fn(&Chunk, &mut Vec<u8>) -> Report,
) -> io::Result<Counts> {
    let mut used = Chunk::default();
    let mut out = Vec::new();
    while let Some(chunk) = chunks.next(used)? {
        out.clear();
        let report = convert(&chunk, &mut out);
        counts += &report.counts;
        writer.write_all(&out)?;
        let is_last = report.broken.iter().any(|broken| broken.is_last);
        if !report.broken.into_iter().all(&mut broken) || is_last {
            break;
        }
        used = chunk;
    }
    Ok(counts)
}

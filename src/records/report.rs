//! What became of records: counts, and those that are broken.

use std::{
    borrow::Cow,
    io::{self, Read, Write},
    ops::AddAssign,
};

use super::{Block, Blocks, blocks::TOLD};
use crate::{Error, ErrorKind};

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
    pub(super) fn new(fields: usize) -> Counts {
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
pub struct Broken {
    /// The line that it begins on, from 1; in Parquet, the row.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
    /// The record as it was read, without its line ending. Of one that is too long, the first KiB.
    pub record: Vec<u8>,
    /// Whether no record behind it can be read: a row that is too long may lack a quotation mark.
    pub is_last: bool,
}

impl Broken {
    pub(super) fn new(line: u64, reason: String, record: &[u8]) -> Broken {
        Broken { line, reason, record: record.to_vec(), is_last: false }
    }

    pub(super) fn too_long(line: u64, record: &[u8], len: u64, limits: &Limits) -> Broken {
        let reason = format!("the record has {len} bytes, which is more than the limit of {}", limits.record);
        Broken::new(line, reason, &record[..record.len().min(TOLD).min(limits.record)])
    }
}

/// What became of the records of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many there were.
    pub counts: Counts,
    /// Those that are broken, in order.
    pub broken: Vec<Broken>,
}

impl Report {
    pub(super) fn break_off(&mut self, broken: Broken) {
        self.counts.broken += 1;
        self.broken.push(broken);
    }
}

/// The longest record, in bytes, if nothing else is said.
pub(super) const LIMIT: usize = 64 * 1024 * 1024;

/// What holds for the records of whatever format.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// The longest record, in bytes.
    pub(super) record: usize,
    /// Whether a block ends at the first record that is broken.
    pub(super) stops: bool,
    /// Whether U+FFFD takes the place of what is not UTF-8.
    pub(super) replaces: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { record: LIMIT, stops: false, replaces: false }
    }
}

impl Limits {
    /// A record, or a field, as text.
    pub(super) fn text<'r>(&self, record: &'r [u8]) -> Result<Cow<'r, str>, Error> {
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

/// Converts a whole input, block by block.
pub(super) fn copy<R: Read>(
    mut blocks: Blocks<R>,
    mut writer: impl Write,
    mut counts: Counts,
    mut broken: impl FnMut(Broken) -> bool,
    convert: impl Fn(&Block, &mut Vec<u8>) -> Report,
) -> io::Result<Counts> {
    let mut used = Block::default();
    let mut out = Vec::new();
    while let Some(block) = blocks.next(used)? {
        out.clear();
        let report = convert(&block, &mut out);
        counts += &report.counts;
        writer.write_all(&out)?;
        let is_last = report.broken.iter().any(|broken| broken.is_last);
        if !report.broken.into_iter().all(&mut broken) || is_last {
            break;
        }
        used = block;
    }
    Ok(counts)
}

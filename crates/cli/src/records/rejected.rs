//! File of broken records.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use fanjian_records::RejectedRecord;
use serde::{Deserialize, Serialize};
use tempfile::SpooledTempFile;

use crate::{error::Failure, io::output::Output};

/// The limit in bytes up to which an input's broken records are kept in memory.
const KEPT: usize = 1024 * 1024;

/// A line of the file.
#[derive(Deserialize, Serialize)]
struct Line {
    input: String,
    line: u64,
    reason: String,
    record: String,
}

/// The file: a JSON line for each broken record. Those of an input come to it when the input is done.
pub(crate) struct ErrorFile {
    path: PathBuf,
    file: Mutex<File>,
}

impl ErrorFile {
    /// Opens the file. What it has of `inputs`, which are to be read again, goes; what it has of others stays.
    pub(crate) fn open(path: &Path, inputs: &HashSet<String>) -> Result<ErrorFile, Failure> {
        let fail = |error: io::Error| Failure::io("write", path.display(), &error);
        match File::open(path) {
            Ok(file) => {
                let mut output = Output::open_file(path)?;
                let mut has_gone = false;
                for line in BufReader::new(file).split(b'\n') {
                    let mut line = line.map_err(|error| Failure::io("read", path.display(), &error))?;
                    let Ok(known) = serde_json::from_slice::<Line>(&line) else {
                        let message = "has a line that is no broken record: --errors needs a new file, or one that it has written";
                        return Err(Failure::Failed(format!("{} {message}", path.display())));
                    };
                    if inputs.contains(&known.input) {
                        has_gone = true;
                    } else {
                        line.push(b'\n');
                        output.write(&line)?;
                    }
                }
                if has_gone {
                    output.finish()?;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::io("read", path.display(), &error)),
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(fail)?;
        Ok(ErrorFile { path: path.to_owned(), file: Mutex::new(file) })
    }

    /// Adds the broken records of an input.
    pub(crate) fn add(&self, mut rejected: RejectedRecords) -> Result<(), Failure> {
        if rejected.is_empty {
            return Ok(());
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let result = rejected.spool.seek(SeekFrom::Start(0)).and_then(|_| io::copy(&mut rejected.spool, &mut *file));
        // They have to be there before the input is known to be done.
        let result = result.and_then(|_| file.sync_data());
        result.map_err(|error| Failure::io("write", self.path.display(), &error))
    }

    /// Whether this is the file itself.
    pub(crate) fn is(path: &Path, other: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| fs::canonicalize(other).is_ok_and(|other| path == other))
    }
}

/// The broken records of one input.
pub(crate) struct RejectedRecords {
    spool: SpooledTempFile,
    is_empty: bool,
}

impl RejectedRecords {
    pub(crate) fn new() -> RejectedRecords {
        RejectedRecords { spool: SpooledTempFile::new(KEPT), is_empty: true }
    }

    pub(crate) fn push(&mut self, input: &str, record: &RejectedRecord) -> Result<(), Failure> {
        self.is_empty = false;
        let line = Line {
            input: input.to_owned(),
            line: record.line,
            reason: record.reason.clone(),
            record: String::from_utf8_lossy(&record.record).into_owned(),
        };
        let line = serde_json::to_string(&line).map_err(io::Error::from);
        let result = line.and_then(|line| writeln!(self.spool, "{line}"));
        result.map_err(|error| Failure::io("write", "a temporary file", &error))
    }
}

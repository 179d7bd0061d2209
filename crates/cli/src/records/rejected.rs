//! File of broken records.
//!
//! A record that leaves its file, in place, is nowhere else. So nothing is ever removed from this file, and a record is in it,
//! and on the disk, before the file that it was in is replaced. What is there already is not added again: an input that is
//! read once more, after an interruption or to an output elsewhere, leaves no duplicates.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    hash::{BuildHasher, RandomState},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    str,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use fanjian_records::RejectedRecord;
use serde::{Deserialize, Serialize};
use tempfile::SpooledTempFile;

use crate::{
    error::Failure,
    io::{identity::Stream, output::Durability},
    messages::{message, text, translatable},
    records::{identity, work},
    settings::task::RecordTask,
};

/// The limit in bytes up to which an input's broken records are kept in memory.
const KEPT: usize = 1024 * 1024;

/// A line of the file.
#[derive(Deserialize, Serialize)]
struct Line {
    /// The input as it was given.
    input: String,
    /// The identity of the input. None for standard input, which is another one each time; and in old files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    line: u64,
    reason: String,
    /// The record, if it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// The record, if it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record_base64: Option<String>,
    /// Whether a part of the record is missing.
    #[serde(default, skip_serializing_if = "is_false")]
    truncated: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Line {
    fn new(input: &InputName, record: &RejectedRecord) -> Line {
        let RejectedRecord { line, reason, record, is_whole, .. } = record;
        let text = str::from_utf8(record);
        Line {
            input: input.shown.clone(),
            path: input.path.clone(),
            line: *line,
            reason: reason.clone(),
            record: text.ok().map(str::to_owned),
            record_base64: text.is_err().then(|| BASE64.encode(record)),
            truncated: !is_whole,
        }
    }
}

/// What lines are there. Each is known by 128 bits of it, which no two of them share by chance.
#[derive(Default)]
struct Known {
    lines: HashSet<[u64; 2]>,
    keys: [RandomState; 2],
}

impl Known {
    /// The key of a record of an input. None for an input that cannot be known again.
    fn key(&self, line: &Line) -> Option<[u64; 2]> {
        let path = line.path.as_ref()?;
        let what = (path, line.line, &line.record, &line.record_base64, line.truncated);
        Some(self.keys.each_ref().map(|key| key.hash_one(what)))
    }

    fn has(&self, line: &Line) -> bool {
        self.key(line).is_some_and(|key| self.lines.contains(&key))
    }
}

/// The file: a JSON line for each broken record.
pub(crate) struct ErrorFile {
    path: PathBuf,
    file: Mutex<File>,
    /// Whether it is a file, rather than a pipe or a device.
    is_regular: bool,
    durability: Durability,
    known: Known,
}

impl ErrorFile {
    /// Opens the file. What it has stays.
    pub(crate) fn open(path: &Path, durability: Durability) -> Result<ErrorFile, Failure> {
        let fail = |error: io::Error| Failure::io("write", path.display(), &error);
        let before = fs::metadata(path).ok();
        let is_regular = before.as_ref().is_none_or(fs::Metadata::is_file);
        let file = OpenOptions::new().create(is_regular).read(is_regular).append(true).open(path).map_err(fail)?;
        let mut known = Known::default();
        if is_regular {
            if before.is_none() && durability == Durability::OnDisk {
                sync_folder(path);
            }
            locked(&file, || read(path, &file, &mut known))?;
        }
        Ok(ErrorFile { path: path.to_owned(), file: Mutex::new(file), is_regular, durability, known })
    }

    /// Adds lines, whole or not at all.
    fn append(&self, lines: &mut SpooledTempFile) -> Result<(), Failure> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let append = || {
            let before = file.metadata()?.len();
            lines.seek(SeekFrom::Start(0))?;
            let result = io::copy(lines, &mut &*file);
            if result.is_err() && self.is_regular {
                file.set_len(before)?;
            }
            result
        };
        locked(&file, append).map_err(|error| Failure::io("write", self.path.display(), &error))?;
        Ok(())
    }

    /// Has all lines on the disk, if they have to be there.
    fn sync(&self) -> Result<(), Failure> {
        if !self.is_regular || self.durability == Durability::InSystem {
            return Ok(());
        }
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.sync_data().map_err(|error| Failure::io("write", self.path.display(), &error))
    }
}

/// Reads what there is. A last line that an interrupted run has not finished goes: its input was not replaced.
fn read(path: &Path, mut file: &File, known: &mut Known) -> Result<(), Failure> {
    let fail = |error: io::Error| Failure::io("read", path.display(), &error);
    let mut reader = BufReader::new(file);
    let (mut line, mut at) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line).map_err(fail)? as u64;
        if read == 0 {
            return Ok(());
        }
        match serde_json::from_slice::<Line>(&line) {
            Ok(entry) if entry.record.is_some() || entry.record_base64.is_some() => {
                known.lines.extend(known.key(&entry));
                if !line.ends_with(b"\n") {
                    return file.write_all(b"\n").map_err(|error| Failure::io("write", path.display(), &error));
                }
            }
            _ if is_torn(&line) => {
                return file.set_len(at).map_err(|error| Failure::io("write", path.display(), &error));
            }
            _ => {
                return Err(Failure::Failed(message!(
                    "{path} has a line that is no broken record: --errors needs a new file, or one that it has written",
                    path = path.display()
                )));
            }
        }
        at += read;
    }
}

/// Whether this is the beginning of a line, without its end.
fn is_torn(line: &[u8]) -> bool {
    let start = b"{\"input\":\"";
    !line.ends_with(b"\n") && (line.starts_with(start) || start.starts_with(line))
}

/// Does something while no other process does. Some file systems have no locks.
fn locked<R>(file: &File, work: impl FnOnce() -> R) -> R {
    let is_locked = file.lock().is_ok();
    let result = work();
    if is_locked {
        // The end of the process would do it, too.
        let _ = file.unlock();
    }
    result
}

/// Has the name of a new file on the disk, where a folder can be opened.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Opens the file of broken records that a task names, if it is none of these files, which are read or written.
pub(crate) fn open_errors<'f>(
    task: &RecordTask,
    mut files: impl Iterator<Item = &'f Path>,
    durability: Durability,
) -> Result<Option<ErrorFile>, Failure> {
    let Some(path) = &task.errors else { return Ok(None) };
    let streams = [(translatable("standard input"), Stream::Input), (translatable("standard output"), Stream::Output)];
    if let Some((name, _)) = streams.into_iter().find(|(_, stream)| stream.file().is_some_and(|file| file.is(path))) {
        let (path, name) = (path.display(), text(name));
        return Err(Failure::Usage(message!("--errors {path} is also {name}: choose another file", path, name)));
    }
    if let Some(other) = files.find(|file| identity::is_same(path, file)) {
        return Err(Failure::Usage(message!(
            "--errors {path} is {other}, which is read or written: choose another file",
            path = path.display(),
            other = other.display()
        )));
    }
    ErrorFile::open(path, durability).map(Some)
}

/// The name and the identity of an input.
pub(crate) struct InputName {
    pub(crate) shown: String,
    /// None for standard input.
    path: Option<String>,
}

impl InputName {
    pub(crate) fn stdin() -> InputName {
        InputName { shown: "standard input".to_owned(), path: None }
    }

    pub(crate) fn file(path: &Path) -> InputName {
        InputName { shown: path.display().to_string(), path: Some(identity::text(&identity::canonical(path))) }
    }
}

/// What becomes of the broken records of one input.
pub(crate) struct Rejection<'r> {
    task: &'r RecordTask,
    errors: Option<&'r ErrorFile>,
    input: &'r InputName,
    /// Whether the input is replaced by the output, so that a broken record is nowhere else.
    is_replaced: bool,
    spool: SpooledTempFile,
}

impl<'r> Rejection<'r> {
    /// `errors` is the file that the task names; None in a preview, too, which writes nothing.
    pub(crate) fn new(
        task: &'r RecordTask,
        errors: Option<&'r ErrorFile>,
        input: &'r InputName,
        is_replaced: bool,
    ) -> Rejection<'r> {
        Rejection { task, errors, input, is_replaced, spool: SpooledTempFile::new(KEPT) }
    }

    /// Takes a broken record, or fails if the work ends with it.
    pub(crate) fn push(&mut self, record: &RejectedRecord) -> Result<(), Failure> {
        if self.task.errors.is_none() {
            return Err(work::fatal(self.task, record));
        }
        if self.is_replaced && !record.is_whole {
            return Err(work::unsaved(self.task, record));
        }
        let Some(errors) = self.errors else { return Ok(()) };
        let line = Line::new(self.input, record);
        if errors.known.has(&line) {
            return Ok(());
        }
        let line = serde_json::to_string(&line).map_err(io::Error::from);
        let result = line.and_then(|line| writeln!(self.spool, "{line}"));
        result.map_err(|error| Failure::io("write", "a temporary file", &error))?;
        // Standard input cannot be read again after an interruption.
        if self.input.path.is_none() { self.append(errors) } else { Ok(()) }
    }

    /// Has all of them in the file, and on the disk. Only then the input may be replaced, or be known to be done.
    pub(crate) fn save(mut self) -> Result<(), Failure> {
        let Some(errors) = self.errors else { return Ok(()) };
        self.append(errors)?;
        errors.sync()
    }

    fn append(&mut self, errors: &ErrorFile) -> Result<(), Failure> {
        let position = self.spool.stream_position().map_err(|error| Failure::io("read", "a temporary file", &error))?;
        if position > 0 {
            errors.append(&mut self.spool)?;
            self.spool = SpooledTempFile::new(KEPT);
        }
        Ok(())
    }
}

//! Inputs that an earlier run has finished: a file in the output folder has a line for each.

use std::{
    collections::HashMap,
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use fanjian_records::Presence;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{error::Failure, io::own_files::FINISHED, records::identity};

/// An input that was finished, and its output.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Entry {
    /// Below the output folder, as [`identity::text`] writes it.
    output: String,
    output_bytes: u64,
    /// The identity of the input, written likewise.
    input: String,
    input_bytes: u64,
    /// Nanoseconds since 1970.
    input_modified: u64,
    /// The key: all that decides about the output.
    settings: Value,
    /// For each chosen field, whether a record has it. None in old files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    presence: Option<Vec<Presence>>,
}

impl Entry {
    /// The entry of an input when it is finished. The length of the output is not known yet.
    pub(crate) fn new(output: &Path, input: &Path, metadata: &Metadata, settings: &Value) -> Entry {
        Entry {
            output: identity::text(output),
            output_bytes: 0,
            input: identity::text(&identity::canonical(input)),
            input_bytes: metadata.len(),
            input_modified: nanoseconds(metadata),
            settings: settings.clone(),
            presence: None,
        }
    }

    /// The same for the input as it was when it was read, with the fields that were in it.
    pub(crate) fn read_as(&self, metadata: &Metadata, presence: &[Presence]) -> Entry {
        Entry {
            input_bytes: metadata.len(),
            input_modified: nanoseconds(metadata),
            presence: Some(presence.to_vec()),
            ..self.clone()
        }
    }

    /// For each of the chosen fields, whether a record has it: it may, where that is not known.
    pub(crate) fn presence(&self, fields: usize) -> Vec<Presence> {
        self.presence.clone().unwrap_or_else(|| vec![Presence::Present; fields])
    }
}

/// A file that settings name, and by what a change of it is noticed: its length, and when it was modified.
pub(crate) type FileStamp = (PathBuf, u64, u64);

/// The stamp of a file. None if there is no such file.
pub(crate) fn stamp(path: &Path) -> Option<FileStamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((path.to_owned(), metadata.len(), nanoseconds(&metadata)))
}

/// When a file was modified, in nanoseconds since 1970.
fn nanoseconds(metadata: &Metadata) -> u64 {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    modified.map_or(0, |time| time.as_nanos() as u64)
}

/// The inputs that are finished.
pub(crate) struct Finished {
    folder: PathBuf,
    known: HashMap<String, Entry>,
    file: Mutex<Option<File>>,
}

impl Finished {
    /// Reads what there is in an output folder.
    pub(crate) fn read(folder: &Path) -> Result<Finished, Failure> {
        let path = folder.join(FINISHED);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::io("read", path.display(), &error)),
        };
        // An input whose line is not whole is converted again.
        let entries = text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        let known = entries.map(|entry| (entry.output.clone(), entry)).collect();
        Ok(Finished { folder: folder.to_owned(), known, file: Mutex::new(None) })
    }

    /// The path of the file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(FINISHED)
    }

    /// The entry of an input that has been finished, if the output is there as it was.
    pub(crate) fn find(&self, entry: &Entry, output: &Path) -> Option<&Entry> {
        let len = fs::metadata(output).ok()?.len();
        self.known.get(&entry.output).filter(|known| {
            let results = Entry { presence: known.presence.clone(), output_bytes: len, ..entry.clone() };
            results == **known
        })
    }

    /// Notes that an output is about to be made anew: until that is done, it is not known what it is.
    pub(crate) fn begin(&self, entry: &Entry) -> Result<(), Failure> {
        if !self.known.contains_key(&entry.output) {
            return Ok(());
        }
        self.write(&Entry { settings: Value::Null, ..entry.clone() })
    }

    /// Notes that the output is complete and at its place.
    pub(crate) fn add(&self, mut entry: Entry, output: &Path) -> Result<(), Failure> {
        let metadata = fs::metadata(output).map_err(|error| Failure::io("read", output.display(), &error))?;
        entry.output_bytes = metadata.len();
        self.write(&entry)
    }

    fn write(&self, entry: &Entry) -> Result<(), Failure> {
        let path = self.path();
        let write = || {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let file = match &mut *file {
                Some(file) => file,
                none => none.insert(OpenOptions::new().create(true).append(true).open(&path)?),
            };
            // A line feed in front, too: the line before may not be whole.
            file.write_all(format!("\n{}\n", serde_json::to_string(entry)?).as_bytes())
        };
        write().map_err(|error: io::Error| Failure::io("write", path.display(), &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_finished_with_its_key_and_its_output_only() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in");
        fs::write(&input, "12").unwrap();
        let output = &folder.path().join("out");
        fs::write(output, "123").unwrap();
        let metadata = fs::metadata(&input).unwrap();
        let entry = |key: &str| Entry::new(Path::new("out"), &input, &metadata, &key.into());
        let read = || Finished::read(folder.path()).unwrap();
        let has = |key: &str| read().find(&entry(key), output).is_some();
        assert!(!has("a"));
        read().add(entry("a"), output).unwrap();
        assert!(has("a") && !has("b"));
        // It is being done again: what it is, is not known before that is done.
        read().begin(&entry("a")).unwrap();
        assert!(!has("a"));
        read().add(entry("b"), output).unwrap();
        assert!(has("b"));
        let presence = |entry: &Entry| read().find(entry, output).unwrap().presence(1);
        assert_eq!(presence(&entry("b")), [Presence::Present]);
        let absent = [Presence::Absent { instead: Vec::new() }];
        read().add(entry("b").read_as(&metadata, &absent), output).unwrap();
        assert_eq!(presence(&entry("b")), absent);
        fs::write(output, "1").unwrap();
        assert!(!has("b"));
    }
}

//! What is wrong, or does nothing, in text dictionaries.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use fanjian::{Converter, ConverterBuilder, Dictionary, Entries, EntryLine, Error, ErrorKind};
use fanjian_dictionary::{Container, Group};
use serde_json::json;

use super::{Format, rows::escape};
use crate::{arguments::Configuration, output::Output, run::Failure};

/// Check text dictionaries for errors, and for entries that do nothing or too much
///
/// The dictionaries are taken as own words before those of a configuration, the first FILE first. A line is told for each
/// finding, `path:line: kind: message`, by these kinds:
///
/// not-utf8, syntax, empty-key: the line is no entry.
///
/// duplicate: the key stands on an earlier line, too. A file with one of these four cannot be loaded.
///
/// shadowed: an earlier FILE holds this key or the beginning of it, so that the entry never matches.
///
/// dead: the configuration gives the same without the entry, or never comes to it. An entry that is there to keep longer
/// words from matching is told, too.
///
/// cycle: another entry turns the value into the key again.
///
/// chain: entries change the value when the converted text is converted again.
///
/// Exit status: 0 where nothing was found, 1 where something was, or where a FILE cannot be read, 2 for wrong usage.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Dictionaries as text: an entry a line, key<TAB>candidate candidate …
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    configuration: Configuration,
    /// How to answer: lines for people, or a JSON object a line for each finding (path, line, kind, message)
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What may be found, in the order in which it is told of one line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    NotUtf8,
    Syntax,
    EmptyKey,
    Duplicate,
    Shadowed,
    Dead,
    Cycle,
    Chain,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::NotUtf8 => "not-utf8",
            Kind::Syntax => "syntax",
            Kind::EmptyKey => "empty-key",
            Kind::Duplicate => "duplicate",
            Kind::Shadowed => "shadowed",
            Kind::Dead => "dead",
            Kind::Cycle => "cycle",
            Kind::Chain => "chain",
        }
    }
}

/// A finding, in the order of telling.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// Counted from 0.
    file: usize,
    /// Counted from 1.
    line: usize,
    kind: Kind,
    message: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let builder = arguments.configuration.builder();
    let mut files = Files::default();
    for path in &arguments.files {
        files.read(path)?;
    }
    files.dead(&builder, arguments.configuration.name())?;
    files.again();

    let Files { paths, mut findings, .. } = files;
    findings.sort();
    let mut output = Output::open(None)?;
    for Finding { file, line, kind, message } in &findings {
        let (path, kind) = (&paths[*file], kind.name());
        let record = match arguments.format {
            Format::Text => format!("{path}:{line}: {kind}: {message}\n"),
            Format::Json => format!("{}\n", json!({ "path": path, "line": line, "kind": kind, "message": message })),
        };
        output.write(record.as_bytes())?;
    }
    output.finish()?;
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The dictionaries as far as they have been checked.
#[derive(Default)]
struct Files {
    paths: Vec<String>,
    /// The entries of each file that can be loaded, as a dictionary.
    dictionaries: Vec<Dictionary>,
    /// The line of each of them.
    lines: Vec<HashMap<String, usize>>,
    /// Those that can match.
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

struct Entry {
    file: usize,
    line: usize,
    key: String,
    value: String,
}

impl Files {
    fn find(&mut self, file: usize, line: usize, kind: Kind, message: impl Into<String>) {
        self.findings.push(Finding { file, line, kind, message: message.into() });
    }

    /// Reads the next file.
    fn read(&mut self, path: &Path) -> Result<(), Failure> {
        let bytes = fs::read(path).map_err(|error| Failure::io("read", path.display(), &error))?;
        let path = path.display().to_string();
        if Container::recognizes(&bytes) {
            return Err(Failure::new(format!("{path} is compiled: check the text that it was made from")));
        }
        let file = self.paths.len();
        let mut text = String::with_capacity(bytes.len());
        for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            match str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                Err(error) => {
                    let at = error.valid_up_to();
                    let message = format!("invalid byte 0x{:02X}, byte {} of the line", line[at], at + 1);
                    self.find(file, index + 1, Kind::NotUtf8, message);
                }
            }
            text.push('\n');
        }

        let mut entries = Entries::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        for entry in Entries::lines(&path, &text) {
            let EntryLine { line, key, candidates, .. } = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let kind = if error.kind() == ErrorKind::EmptyKey { Kind::EmptyKey } else { Kind::Syntax };
                    self.find(file, error.line().unwrap_or(0), kind, error.message());
                    continue;
                }
            };
            if let Some(first) = lines.get(key) {
                let message = format!("'{}' stands on line {first} already; a key may stand but once", escape(key));
                self.find(file, line, Kind::Duplicate, message);
                continue;
            }
            let value = candidates[0].to_owned();
            entries.insert(key, candidates)?;
            lines.insert(key.to_owned(), line);
            if let Some(message) = self.shadow(key) {
                self.find(file, line, Kind::Shadowed, message);
            } else {
                self.entries.push(Entry { file, line, key: key.to_owned(), value });
            }
        }
        self.dictionaries.push(Dictionary::from_entries(&path, &entries)?);
        self.lines.push(lines);
        self.paths.push(path);
        Ok(())
    }

    /// What of the files read so far keeps a key from ever being found.
    fn shadow(&self, key: &str) -> Option<String> {
        let (file, len) = self
            .dictionaries
            .iter()
            .enumerate()
            .find_map(|(file, dictionary)| dictionary.longest_match(key).found.map(|found| (file, found.len)))?;
        let first = &key[..len];
        let place = format!("{}:{}", self.paths[file], self.lines[file][first]);
        let what = if len == key.len() { "it".to_owned() } else { format!("'{}', its beginning,", escape(first)) };
        Some(format!("'{}' never matches: {what} stands in {place}, and earlier files come first", escape(key)))
    }

    /// Finds entries without which the configuration gives the same, and those that it never comes to.
    fn dead(&mut self, builder: &ConverterBuilder, config: &str) -> Result<(), Error> {
        let plain = builder.clone().build()?;
        let mut by_len: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, entry) in self.entries.iter().enumerate() {
            by_len.entry(entry.key.len()).or_default().push(index);
        }
        let mut findings = Vec::new();
        for (len, indices) in by_len {
            // Within a key no longer one matches, and no other one as long: without the shorter ones, there is all but it.
            let without = self.shorter(len, builder)?;
            for Entry { file, line, key, value } in indices.into_iter().map(|index| &self.entries[index]) {
                let normalized = plain.inspect(key).normalization.pop().filter(|normalized| normalized != key);
                let message = if let Some(normalized) = normalized {
                    let (key, normalized) = (escape(key), escape(&normalized));
                    format!("'{key}' never matches: {config} normalizes it to '{normalized}' first; write that")
                } else if without.convert(key) == *value {
                    format!("{config} makes '{}' of '{}' without this entry, too", escape(value), escape(key))
                } else {
                    continue;
                };
                findings.push(Finding { file: *file, line: *line, kind: Kind::Dead, message });
            }
        }
        self.findings.extend(findings);
        Ok(())
    }

    /// Converts with those of the entries whose keys are shorter, in bytes.
    fn shorter(&self, len: usize, builder: &ConverterBuilder) -> Result<Converter, Error> {
        let mut dictionaries: Vec<_> = self.paths.iter().map(|_| Entries::new()).collect();
        for Entry { file, key, value, .. } in self.entries.iter().filter(|entry| entry.key.len() < len) {
            dictionaries[*file].insert(key, [value])?;
        }
        let mut builder = builder.clone();
        for (entries, path) in dictionaries.iter().zip(&self.paths).filter(|(entries, _)| !entries.is_empty()) {
            builder = builder.dictionary(Dictionary::from_entries(path, entries)?);
        }
        builder.build()
    }

    /// Finds values that the entries themselves change again.
    fn again(&mut self) {
        let own = Group::ShortCircuit(self.dictionaries.iter().cloned().map(Group::Dictionary).collect());
        let mut findings = Vec::new();
        for Entry { file, line, key, value } in &self.entries {
            let second = convert(&own, value);
            if second == *value {
                continue;
            }
            let kind = if second == *key { Kind::Cycle } else { Kind::Chain };
            let (key, value, second) = (escape(key), escape(value), escape(&second));
            let message = format!("'{key}' becomes '{value}', and converted again that becomes '{second}'");
            findings.push(Finding { file: *file, line: *line, kind, message });
        }
        self.findings.extend(findings);
    }
}

/// Converts by these dictionaries alone.
fn convert(own: &Group, text: &str) -> String {
    let mut converted = String::new();
    let mut rest = text.chars();
    loop {
        if let Some(found) = own.search(rest.as_str()).found {
            converted.push_str(found.first());
            rest = rest.as_str()[found.len..].chars();
        } else if let Some(character) = rest.next() {
            converted.push(character);
        } else {
            return converted;
        }
    }
}

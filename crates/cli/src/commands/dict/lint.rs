//! Linter of text dictionaries: errors, and entries without effect or with too much.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use fanjian::{Converter, ConverterBuilder, Dictionary, DictionaryFormat, Entries, EntryLine, Error, ErrorKind, Step};
use fanjian_dictionary::{Group, named, read_file};

use crate::{
    error::Failure,
    messages::message,
    print::{self, escape},
};

named! {
    /// The kinds of findings, in their order on one line.
    pub(crate) enum FindingKind: "kind of findings" {
        NotUtf8 "not-utf8" "the line is not UTF-8",
        Syntax "syntax" "the line is no entry",
        EmptyKey "empty-key" "the line has no key",
        Duplicate "duplicate" "an earlier line has the key",
        Shadowed "shadowed" "an earlier file has the key or its beginning",
        Dead "dead" "the entry has no effect",
        Cycle "cycle" "another entry converts the value to the key again",
        Chain "chain" "entries change the value again",
    }
}

/// A finding. Findings are in the order of files and lines.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The number of the file, from 0.
    file: usize,
    /// The line, from 1.
    pub(crate) line: usize,
    pub(crate) kind: FindingKind,
    pub(crate) message: String,
    pub(crate) path: String,
}

/// The dictionaries as far as they have been checked.
#[derive(Default)]
pub(crate) struct Lint {
    paths: Vec<String>,
    /// The valid entries of each file, as a dictionary.
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

impl Lint {
    /// Reads the next file.
    pub(crate) fn read(&mut self, path: &Path) -> Result<(), Failure> {
        let bytes = read_file(path)?;
        let path = print::name(path);
        if DictionaryFormat::of(&bytes) != DictionaryFormat::Text {
            return Err(Failure::Failed(message!("{path} is compiled: check the text that it was made from", path)));
        }
        self.add(path, &bytes).map_err(Failure::from)
    }

    /// Adds the next file, of these bytes.
    fn add(&mut self, path: String, bytes: &[u8]) -> Result<(), Error> {
        let file = self.paths.len();
        self.paths.push(path);
        let text = self.text(file, bytes);
        let path = self.paths[file].clone();
        let mut entries = Entries::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        for entry in Entries::lines(&path, &text) {
            let EntryLine { line, key, candidates, .. } = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let is_empty = error.kind() == ErrorKind::EmptyKey;
                    let kind = if is_empty { FindingKind::EmptyKey } else { FindingKind::Syntax };
                    self.report(file, error.line().unwrap_or(0), kind, error.message());
                    continue;
                }
            };
            if let Some(first) = lines.get(key) {
                let message = message!("line {first} already has the key '{key}'", first, key = escape(key));
                self.report(file, line, FindingKind::Duplicate, message);
                continue;
            }
            let value = candidates[0].to_owned();
            entries.insert(key, candidates)?;
            lines.insert(key.to_owned(), line);
            match self.shadow(key) {
                Some(message) => self.report(file, line, FindingKind::Shadowed, message),
                None => self.entries.push(Entry { file, line, key: key.to_owned(), value }),
            }
        }
        self.dictionaries.push(Dictionary::from_entries(&path, &entries)?);
        self.lines.push(lines);
        Ok(())
    }

    /// The lines of a file that are UTF-8; the others are empty.
    fn text(&mut self, file: usize, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        let mut offset = 0;
        for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            match str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                Err(_) => {
                    let error = Error::invalid_utf8(line, offset);
                    // The kind says the first half of the message.
                    let message = error.message().trim_start_matches("not UTF-8: ");
                    self.report(file, index + 1, FindingKind::NotUtf8, message);
                }
            }
            text.push('\n');
            offset += line.len() as u64 + 1;
        }
        text
    }

    /// All findings, with own words before those of a configuration.
    pub(crate) fn findings(mut self, builder: &ConverterBuilder, config: &str) -> Result<Vec<Finding>, Error> {
        self.dead(builder, config)?;
        self.again();
        self.findings.sort();
        Ok(self.findings)
    }

    fn report(&mut self, file: usize, line: usize, kind: FindingKind, message: impl Into<String>) {
        let path = self.paths[file].clone();
        self.findings.push(Finding { file, line, kind, message: message.into(), path });
    }

    /// Reports findings about entries.
    fn report_all(&mut self, findings: Vec<(usize, usize, FindingKind, String)>) {
        for (file, line, kind, message) in findings {
            self.report(file, line, kind, message);
        }
    }

    /// Why a key can never match, if an earlier file is the reason.
    fn shadow(&self, key: &str) -> Option<String> {
        let (file, len) = self
            .dictionaries
            .iter()
            .enumerate()
            .find_map(|(file, dictionary)| dictionary.longest_match(key).found.map(|found| (file, found.len)))?;
        let first = &key[..len];
        let place = format!("{}:{}", self.paths[file], self.lines[file][first]);
        let is_whole = len == key.len();
        let key = escape(key);
        Some(match is_whole {
            true => message!("'{key}' never matches: it is in {place}, and earlier files have precedence", key, place),
            false => message!(
                "'{key}' never matches: '{first}', its beginning, is in {place}, and earlier files have precedence",
                key,
                first = escape(first),
                place
            ),
        })
    }

    /// Finds entries without which the configuration has the same output, and those that it never looks up.
    ///
    /// A target decides by what is around a key: there, an entry is dead only if none of its key is decided so. One that
    /// agrees with the target's choice for the key alone still rules in other places.
    fn dead(&mut self, builder: &ConverterBuilder, config: &str) -> Result<(), Error> {
        let plain = builder.clone().build()?;
        let mut by_len: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, entry) in self.entries.iter().enumerate() {
            by_len.entry(entry.key.len()).or_default().push(index);
        }
        let mut findings = Vec::new();
        for (len, indices) in by_len {
            // Within a key no longer one matches, and no other one as long: with the shorter ones, there are all but
            // it.
            let without = self.shorter(len, builder)?;
            for Entry { file, line, key, value } in indices.into_iter().map(|index| &self.entries[index]) {
                let normalized = plain.inspect(key).normalization.pop().filter(|normalized| normalized != key);
                let message = if let Some(normalized) = normalized {
                    let (key, normalized) = (escape(key), escape(&normalized));
                    message!(
                        "'{key}' never matches: {config} normalizes it to '{normalized}' first; write that",
                        key,
                        config,
                        normalized
                    )
                } else if without.convert(key) == *value && !depends_on_context(&without, key) {
                    message!(
                        "{config} converts '{key}' to '{value}' without this entry, too",
                        config,
                        key = escape(key),
                        value = escape(value)
                    )
                } else {
                    continue;
                };
                findings.push((*file, *line, FindingKind::Dead, message));
            }
        }
        self.report_all(findings);
        Ok(())
    }

    /// The converter with those of the entries whose keys are shorter, in bytes.
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
            let second = own.convert(value);
            if second == *value {
                continue;
            }
            let kind = if second == *key { FindingKind::Cycle } else { FindingKind::Chain };
            let (key, value, second) = (escape(key), escape(value), escape(&second));
            let message = message!(
                "'{key}' becomes '{value}', which becomes '{second}' when it is converted again",
                key,
                value,
                second
            );
            findings.push((*file, *line, kind, message));
        }
        self.report_all(findings);
    }
}

/// Whether what is around a key can change what it becomes.
fn depends_on_context(converter: &Converter, key: &str) -> bool {
    let segments = converter.segments(key);
    let mut decisions = segments.iter().flat_map(|segment| &segment.decisions);
    decisions.any(|decision| matches!(decision.step, Step::Choice { .. } | Step::Word))
}

#[cfg(test)]
mod tests {
    use fanjian::Vocabulary;

    use super::*;

    #[test]
    fn findings_are_in_the_order_of_files_and_lines() {
        let mut lint = Lint::default();
        lint.add("a".to_owned(), "云\t雲\n云\t雲\nx\n头\t首\n".as_bytes()).unwrap();
        lint.add("b".to_owned(), b"\xff\n").unwrap();
        let findings = lint.findings(&Converter::builder().config_name("s2t"), "s2t").unwrap();
        let findings: Vec<_> = findings.iter().map(|found| (&*found.path, found.line, found.kind.name())).collect();
        assert_eq!(findings, [("a", 1, "dead"), ("a", 2, "duplicate"), ("a", 3, "syntax"), ("b", 1, "not-utf8")]);
    }
    /// 发 → 發 used to be called dead, by the name of s2t, where a target makes 髮 of it in other places.
    #[test]
    fn a_target_is_named_and_its_context_counts() {
        let target = fanjian::Target::Taiwan;
        let words = "发\t發\n国\t國\n中国\t中國\n头发\t頭髮\n面\t面\n手机\t手機\n一\t一\n";
        for (vocabulary, dead) in [(Vocabulary::Keep, &[2, 3, 6, 7][..]), (Vocabulary::Local, &[2, 3, 6, 7])] {
            let mut lint = Lint::default();
            lint.add("a".to_owned(), words.as_bytes()).unwrap();
            let builder = Converter::builder().target(target).vocabulary(vocabulary);
            let findings = lint.findings(&builder, target.tag()).unwrap();
            assert!(findings.iter().all(|found| found.message.starts_with("zh-TW converts ")), "{findings:?}");
            let lines: Vec<_> = findings.iter().map(|found| found.line).collect();
            assert_eq!(lines, dead, "{vocabulary}");
        }
    }
}

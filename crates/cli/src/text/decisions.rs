//! Decisions of a person about places of texts: the file that holds them, and where in a text they apply.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    fs,
    ops::Range,
    path::{Component, Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use fanjian::{Punctuation, Replacement, Target, Vocabulary, WordLayer};
use fanjian_dictionary::{named, read_file};
use serde::{Deserialize, Serialize};

use crate::{
    error::Failure,
    messages::{self, message},
    text::lines::MARK,
};

/// The version of the form of the file.
const VERSION: u32 = 1;

/// How many characters to each side a place is known by.
pub(crate) const HERE: usize = 40;
/// How many characters to each side make the same context.
pub(crate) const NEAR: usize = 2;

/// A file of decisions.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionFile {
    pub(crate) fanjian_decisions: u32,
    pub(crate) options: DecidedOptions,
    pub(crate) decisions: Vec<Decision>,
}

/// The options of the conversion that was decided about.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecidedOptions {
    pub(crate) to: Target,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Target>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vocabulary: Option<Vocabulary>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) keep_words: Vec<WordLayer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) punctuation: Option<Punctuation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) prefer: Vec<char>,
}

named! {
    /// Where a decision applies.
    #[derive(Default)]
    pub(crate) enum Scope: "scope of a decision" {
        #[default]
        Here "here" "at one place of one file",
        Context "context" "wherever the same characters are around",
        Word "word" "wherever the word is",
    }
}

/// What a part of a text becomes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    pub(crate) scope: Scope,
    /// The file, which a decision about one place needs. None: all files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The part of an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) part: Option<String>,
    /// The line when it was decided, for messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) before: String,
    #[serde(default)]
    pub(crate) after: String,
    /// Which one of the places of the file that look alike, from 1.
    #[serde(default = "first")]
    pub(crate) occurrence: usize,
    pub(crate) output: String,
    /// The fingerprint of the file's text when it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hash: Option<String>,
}

fn first() -> usize {
    1
}

/// A text in which places are searched for: a whole text, or a group of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passage<'t> {
    /// The part of an archive.
    pub(crate) part: Option<&'t str>,
    pub(crate) text: &'t str,
}

/// The fingerprint of a file's text: the CRC-32 of its passages, each with a line feed behind it.
pub(crate) fn fingerprint(passages: &[Passage<'_>]) -> String {
    let mut hasher = crc32fast::Hasher::new();
    for Passage { text, .. } in passages {
        hasher.update(text.trim_start_matches(MARK).as_bytes());
        hasher.update(b"\n");
    }
    format!("{:08x}", hasher.finalize())
}

/// What is before and behind a part of a text, on its line, up to so many characters.
pub(crate) fn around(text: &str, part: Range<usize>, most: usize) -> (&str, &str) {
    let is_end = |character: char| character == '\n' || character == MARK;
    let (before, behind) = (&text[..part.start], &text[part.end..]);
    let is_on_line = |&(_, character): &(usize, char)| !is_end(character);
    let start = before.char_indices().rev().take(most).take_while(is_on_line).last();
    let end = behind.char_indices().take(most).take_while(is_on_line).last();
    (
        &before[start.map_or(before.len(), |(at, _)| at)..],
        &behind[..end.map_or(0, |(at, character)| at + character.len_utf8())],
    )
}

/// The decisions of a file, and which of them have been applied.
#[derive(Debug)]
pub(crate) struct Decisions {
    name: String,
    /// The file itself.
    path: Option<PathBuf>,
    pub(crate) options: DecidedOptions,
    decisions: Vec<Decision>,
    /// The file of each decision, if it is of one and that exists: what its path leads to.
    files: Vec<Option<PathBuf>>,
    /// By the first character of what they replace: the numbers of the decisions.
    by_first: HashMap<char, Vec<usize>>,
    used: Vec<AtomicBool>,
}

impl Decisions {
    /// Reads a file of decisions.
    pub(crate) fn read(path: &Path) -> Result<Decisions, Failure> {
        let name = path.display().to_string();
        let bytes = read_file(path)?;
        let decisions =
            Decisions::parse(&bytes, &name).map_err(|message| Failure::Usage(format!("{name}: {message}")))?;
        Ok(Decisions { path: fs::canonicalize(path).ok(), ..decisions })
    }

    pub(crate) fn parse(bytes: &[u8], name: &str) -> Result<Decisions, String> {
        let version = serde_json::from_slice::<Version>(bytes)
            .map_err(|error| message!("no file of decisions, as `fanjian review` saves them: {error}", error))?;
        if version.fanjian_decisions != VERSION {
            let version = version.fanjian_decisions;
            return Err(message!(
                "a file of decisions of version {version}; this program reads version {known}",
                version,
                known = VERSION
            ));
        }
        let file: DecisionFile = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        for &character in &file.options.prefer {
            fanjian::check_preferable(character).map_err(|error| format!("prefer: {error}"))?;
        }
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (number, decision) in file.decisions.iter().enumerate() {
            let Some(first) = decision.source.chars().next() else {
                return Err(message!("decision {number}: an empty source", number = number + 1));
            };
            if decision.scope == Scope::Here && decision.path.is_none() {
                return Err(message!(
                    "decision {number}, about '{text}': the scope 'here' needs a path",
                    number = number + 1,
                    text = &decision.source
                ));
            }
            by_first.entry(first).or_default().push(number);
        }
        let used = file.decisions.iter().map(|_| AtomicBool::new(false)).collect();
        let mut known: HashMap<&str, Option<PathBuf>> = HashMap::new();
        let files = file.decisions.iter().map(|decision| {
            let path = decision.path.as_deref()?;
            known.entry(path).or_insert_with(|| fs::canonicalize(path).ok()).clone()
        });
        let files = files.collect();
        let (name, options) = (name.to_owned(), file.options);
        Ok(Decisions { name, path: None, options, decisions: file.decisions, files, by_first, used })
    }

    /// The name of the file, for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A line about the decisions that have changed nothing, if there are any.
    pub(crate) fn unused(&self) -> Option<String> {
        let mut unused = self.decisions.iter().zip(&self.used).filter(|(_, used)| !used.load(Ordering::Relaxed));
        let (first, _) = unused.next()?;
        let (count, all) = (1 + unused.count(), self.decisions.len());
        let (name, first) = (&self.name, first.shown());
        Some(message!(
            "{name}: {count} of {all} decisions matched nothing, the first one: {first}",
            name,
            count,
            all,
            first
        ))
    }
}

/// The version alone, which decides about the rest.
#[derive(Deserialize)]
struct Version {
    fanjian_decisions: u32,
}

impl Decision {
    /// The decision in a few words: `…头[发→髮]很… (book/a.txt:3)`.
    fn shown(&self) -> String {
        let Decision { path, line, source, before, after, output, .. } = self;
        let few = |text: &str| -> String { text.chars().take(8).collect() };
        let before: String = before.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
        let place = match (path, line) {
            (Some(path), Some(line)) => format!(" ({path}:{line})"),
            (Some(path), None) => format!(" ({path})"),
            _ => String::new(),
        };
        format!("{before}[{source}→{output}]{}{place}", few(after))
    }

    /// Whether this place of a text looks as the decision says.
    fn fits(&self, text: &str, at: usize) -> bool {
        let part = at..at + self.source.len();
        let (before, after) = match self.scope {
            Scope::Here => around(text, part, HERE),
            Scope::Context => around(text, part, NEAR),
            Scope::Word => {
                return text[..at].ends_with(&self.before) && text[part.end..].starts_with(&self.after);
            }
        };
        before == self.before && after == self.after
    }

    /// What comes first where two decisions are about the same place.
    fn rank(&self) -> (Scope, Reverse<usize>) {
        (self.scope, Reverse(self.before.len() + self.source.len() + self.after.len()))
    }
}

/// The decisions as they apply to one file.
#[derive(Clone, Debug)]
pub(crate) struct FileDecisions {
    all: Arc<Decisions>,
    path: PathBuf,
}

/// What became of the decisions about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decided {
    /// The parts of the text that became what was decided: of each passage, in bytes of it.
    pub(crate) places: Vec<Vec<Range<usize>>>,
    /// The text is not what it was when it was decided about.
    pub(crate) has_changed: bool,
    /// The decisions about places that are not there any more, in words.
    pub(crate) lost: Vec<String>,
}

impl Decided {
    /// How many parts of the text became what was decided.
    pub(crate) fn applied(&self) -> usize {
        self.places.iter().map(Vec::len).sum()
    }

    /// Lines for people about what is not as it was.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let changed = (self.has_changed && self.lost.is_empty()).then(|| {
            messages::text("the text has changed since it was reviewed: the places were found again by their contexts")
        });
        let lost = self.lost.iter().map(|place| {
            message!(
                "the text has changed since it was reviewed, and the place of this decision is not there: {place}",
                place
            )
        });
        changed.into_iter().chain(lost)
    }
}

impl FileDecisions {
    /// Those of standard input.
    pub(crate) fn new(all: Arc<Decisions>) -> FileDecisions {
        FileDecisions { all, path: PathBuf::from("-") }
    }

    /// Whether this is the file of decisions itself, which is no text to convert.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        let own = self.all.path.as_ref().filter(|own| own.file_name() == path.file_name());
        own.is_some() && fs::canonicalize(path).ok().as_ref() == own
    }

    pub(crate) fn of_file(self, path: &Path) -> FileDecisions {
        FileDecisions { path: path.to_owned(), ..self }
    }

    /// What becomes something else in each of the passages of the file, and what became of the decisions.
    pub(crate) fn find(&self, passages: &[Passage<'_>]) -> (Vec<Vec<Replacement>>, Decided) {
        let Decisions { decisions, files, by_first, used, .. } = &*self.all;
        let file = fs::canonicalize(&self.path).ok();
        let is_of_file = |(decision, of): (&Decision, &Option<PathBuf>)| {
            let leads_here = of.is_some() && *of == file;
            leads_here || decision.path.as_ref().is_none_or(|path| is_named_alike(Path::new(path), &self.path))
        };
        let of_file: Vec<bool> = decisions.iter().zip(files).map(is_of_file).collect();
        let mut seen = vec![0; decisions.len()];
        let mut fixed = Vec::with_capacity(passages.len());
        for Passage { part, text } in passages {
            let mut found: Vec<(usize, &Decision)> = Vec::new();
            for (at, character) in text.char_indices() {
                for &number in by_first.get(&character).into_iter().flatten() {
                    let decision = &decisions[number];
                    let is_part = decision.part.as_deref().is_none_or(|of| Some(of) == *part);
                    if of_file[number] && is_part && text[at..].starts_with(&decision.source) && decision.fits(text, at)
                    {
                        seen[number] += 1;
                        if decision.scope != Scope::Here || seen[number] == decision.occurrence {
                            found.push((at, decision));
                            used[number].store(true, Ordering::Relaxed);
                        }
                    }
                }
            }
            fixed.push(apart(found));
        }
        let hash = fingerprint(passages);
        let here = || decisions.iter().zip(&of_file).enumerate().filter(|(_, (_, is_of_file))| **is_of_file);
        let lost = here()
            .filter(|(number, (decision, _))| decision.scope == Scope::Here && seen[*number] < decision.occurrence);
        let lost: Vec<_> = lost
            .map(|(number, (decision, _))| {
                used[number].store(true, Ordering::Relaxed);
                decision.shown()
            })
            .collect();
        let decided = Decided {
            places: fixed.iter().map(|fixed| fixed.iter().map(|part| part.source.clone()).collect()).collect(),
            has_changed: here().any(|(_, (decision, _))| decision.hash.as_ref().is_some_and(|old| *old != hash)),
            lost,
        };
        (fixed, decided)
    }
}

/// What becomes something else within a region of a text, in bytes of the region.
pub(crate) fn within(fixed: &[Replacement], region: &Range<usize>) -> Vec<Replacement> {
    let first = fixed.partition_point(|part| part.source.start < region.start);
    let inside = fixed[first..].iter().take_while(|part| part.source.end <= region.end);
    let moved = inside.map(|Replacement { source, output }| Replacement {
        source: source.start - region.start..source.end - region.start,
        output: output.clone(),
    });
    moved.collect()
}

/// Of what was found, what overlaps nothing that comes first; in order.
fn apart(mut found: Vec<(usize, &Decision)>) -> Vec<Replacement> {
    found.sort_by_key(|(at, decision)| (decision.rank(), *at));
    let mut taken: BTreeMap<usize, Replacement> = BTreeMap::new();
    for (start, decision) in found {
        let end = start + decision.source.len();
        let is_free = taken.range(..end).next_back().is_none_or(|(_, before)| before.source.end <= start);
        if is_free {
            taken.insert(start, Replacement { source: start..end, output: decision.output.clone() });
        }
    }
    taken.into_values().collect()
}

/// Whether two paths are the same by their names, of which one may have been written as text.
fn is_named_alike(one: &Path, other: &Path) -> bool {
    let plain = |path: &Path| -> PathBuf { path.components().filter(|part| *part != Component::CurDir).collect() };
    plain(one) == plain(other) || one.to_string_lossy() == other.to_string_lossy()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decisions(list: &str) -> FileDecisions {
        let json = format!(r#"{{"fanjian_decisions":1,"options":{{"to":"zh-TW"}},"decisions":[{list}]}}"#);
        FileDecisions::new(Arc::new(Decisions::parse(json.as_bytes(), "d.json").unwrap()))
    }

    /// The text with what becomes something else in its place.
    fn decided(decisions: &FileDecisions, text: &str) -> (String, Decided) {
        let (fixed, decided) = decisions.find(&[Passage { part: None, text }]);
        let (mut new, mut at) = (String::new(), 0);
        for Replacement { source, output } in &fixed[0] {
            new += &text[at..source.start];
            new += output;
            at = source.end;
        }
        (new + &text[at..], decided)
    }

    #[test]
    fn what_is_around_ends_with_the_line() {
        let text = "\u{feff}一二\n三发四五六\n七";
        let at = text.find('发').unwrap();
        assert_eq!(around(text, at..at + 3, 2), ("三", "四五"));
        assert_eq!(around(text, at..at + 3, 40), ("三", "四五六"));
        assert_eq!(around(text, 3..6, 40), ("", "二"));
        assert_eq!(around("发", 0..3, 1), ("", ""));
    }

    #[test]
    fn each_scope_has_its_places() {
        let here = decisions(
            r#"{"scope":"here","path":"./-","source":"发","before":"头","after":"","occurrence":2,"output":"A"}"#,
        );
        assert_eq!(decided(&here, "头发\n头发\n头发").0, "头发\n头A\n头发");
        let context = decisions(r#"{"scope":"context","source":"发","before":"头","after":"很长","output":"A"}"#);
        assert_eq!(decided(&context, "头发很长\n她头发很长\n头发很长了").0, "头A很长\n她头发很长\n头A很长了");
        let word = decisions(r#"{"scope":"word","source":"发","before":"头","output":"A"}"#);
        assert_eq!(decided(&word, "头发很长\n她头发\n发").0, "头A很长\n她头A\n发");
        let both = decisions(
            r#"{"scope":"word","source":"发","output":"B"},{"scope":"word","source":"发","before":"头","output":"A"},
               {"scope":"here","path":"-","source":"头","after":"发","output":"C"}"#,
        );
        assert_eq!(decided(&both, "头发\n头发发").0, "CA\n头AB");
    }

    #[test]
    fn what_is_not_as_it_was_is_known() {
        let hash = fingerprint(&[Passage { part: None, text: "头发" }]);
        let list = format!(
            r#"{{"scope":"here","path":"-","line":7,"source":"发","before":"头","output":"A","hash":"{hash}"}}"#
        );
        let same = decided(&decisions(&list), "头发");
        assert_eq!(same, ("头A".to_owned(), Decided { places: vec![vec![3..6]], ..Decided::default() }));
        let (text, moved) = decided(&decisions(&list), "一\n头发");
        assert_eq!((text.as_str(), moved.has_changed, moved.lost.len()), ("一\n头A", true, 0));
        let (_, lost) = decided(&decisions(&list), "长发");
        assert_eq!(lost.lost, ["头[发→A] (-:7)"]);
        assert!(lost.lines().next().unwrap().contains("has changed"));
        let unused =
            decisions(r#"{"scope":"word","source":"发","output":"A"},{"scope":"word","source":"头","output":"B"}"#);
        decided(&unused, "头");
        assert_eq!(unused.all.unused().unwrap(), "d.json: 1 of 2 decisions matched nothing, the first one: [发→A]");
    }

    #[test]
    fn wrong_files_are_errors_with_a_reason() {
        let error = |text: &str| Decisions::parse(text.as_bytes(), "d.json").unwrap_err();
        assert!(error("[]").starts_with("no file of decisions"));
        assert!(error(r#"{"fanjian_decisions":2}"#).contains("version 2; this program reads version 1"));
        assert!(error(r#"{"fanjian_decisions":1,"options":{"to":"zh-TV"},"decisions":[]}"#).contains("zh-TV"));
        let preferred = r#"{"fanjian_decisions":1,"options":{"to":"zh-TW","prefer":["一"]},"decisions":[]}"#;
        assert!(error(preferred).starts_with("prefer: "), "{}", error(preferred));
        let without = r#"{"fanjian_decisions":1,"options":{"to":"zh-TW"},"decisions":[{"scope":"here","source":"发","output":"A"}]}"#;
        assert_eq!(error(without), "decision 1, about '发': the scope 'here' needs a path");
        let empty = r#"{"fanjian_decisions":1,"options":{"to":"zh-TW"},"decisions":[{"scope":"word","source":"","output":"A"}]}"#;
        assert_eq!(error(empty), "decision 1: an empty source");
    }

    proptest! {
        #[test]
        fn replacements_are_in_order_and_apart(text in "[头发一\\n]{0,60}") {
            let all = decisions(
                r#"{"scope":"word","source":"头发","output":"A"},{"scope":"word","source":"发头","output":"B"},
                   {"scope":"context","source":"发","before":"头","after":"","output":"C"},
                   {"scope":"here","path":"-","source":"发头","before":"","after":"","output":"D"}"#,
            );
            let (fixed, _) = all.find(&[Passage { part: None, text: &text }]);
            let mut end = 0;
            for Replacement { source, .. } in &fixed[0] {
                prop_assert!(source.start >= end && text.get(source.clone()).is_some());
                end = source.end;
            }
        }
    }
}

//! `fanjian dict diff`: what another release changes, in its entries and in texts.

use std::{collections::BTreeMap, ops::Range, path::Path};

use fanjian::{Config, Converter, Dictionaries, Dictionary, Entries, Segment};
use fanjian_dictionary::{named, read_file};
use serde_json::{Value, json};

use crate::{
    args::{dict::DictDiffArgs, values::AnswerFormat},
    commands::{
        dict::import,
        inputs::Inputs,
        rows::{change, printable},
    },
    error::{Failure, Status},
    io::output::Output,
    messages::{self, message},
    print,
    settings::dictionaries::ReleasePath,
};

named! {
    /// What became of an entry.
    enum Kind: "change of an entry" {
        Added "added" "only the second release has it",
        Removed "removed" "only the first release has it",
        Changed "changed" "its candidates differ",
    }
}

/// An entry that differs.
struct Difference {
    dictionary: String,
    key: String,
    before: Vec<String>,
    after: Vec<String>,
}

/// A place of a text that becomes something else.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
    source: String,
    before: String,
    after: String,
}

/// How many there are of each.
#[derive(Default)]
struct Counts {
    entries: [usize; Kind::ALL.len()],
    configs: usize,
    files: usize,
    changed_files: usize,
    places: usize,
}

pub(crate) fn run(args: &DictDiffArgs) -> Result<Status, Failure> {
    let [before, after] = [open(&args.before)?, open(&args.after)?];
    let convert = |dictionaries: &Dictionaries| {
        Converter::builder().config(args.config).dictionaries(dictionaries.clone()).build().map_err(Failure::from)
    };
    let mut counts = Counts::default();
    let mut output = Output::open(None)?;
    let mut write = |line: String, object: Value| {
        output.write_line(&if args.format == AnswerFormat::Json { object.to_string() } else { line })
    };
    for (config, kind) in configs(&before, &after) {
        counts.configs += 1;
        let line = format!("{} {}", sign(kind), message!("configuration {config}", config));
        write(line, json!({ "type": "configuration", "name": config.name(), "change": kind.name() }))?;
    }
    for found in differences(&before, &after) {
        counts.entries[found.kind() as usize] += 1;
        // With texts, it is these that matter; JSON has all.
        if args.paths.is_empty() || args.format == AnswerFormat::Json {
            write(found.line(), found.object())?;
        }
    }
    let mut status = Status::Done;
    if !args.paths.is_empty() {
        let converters = [convert(&before)?, convert(&after)?];
        let (mut inputs, files) = Inputs::find("dict diff", &args.paths, &args.filter, None)?;
        for file in &files {
            match places(&converters, &file.path) {
                Ok(places) => {
                    counts.changed_files += usize::from(!places.is_empty());
                    counts.places += places.len();
                    for place in places {
                        write(place.line(&file.path), place.object(&file.path))?;
                    }
                }
                Err(failure) => inputs.fail(&file.path, failure.message()?),
            }
        }
        counts.files = files.len();
        status = inputs.finish(files.len())?;
    }
    let [from, to] = [&before, &after].map(title);
    write(counts.line(&from, &to, !args.paths.is_empty()), counts.object(&before, &after))?;
    output.finish()?;
    let differs = counts.configs + counts.places + counts.entries.iter().sum::<usize>() > 0;
    Ok(if status == Status::Done && differs { Status::Found } else { status })
}

/// The dictionaries of a release, of a file that was made from one, or of the program.
fn open(path: &Path) -> Result<Dictionaries, Failure> {
    let is_archive =
        path.extension().is_some_and(|extension| ["whl", "zip", "tar", "gz", "tgz"].iter().any(|of| extension == *of));
    if path.is_dir() || is_archive {
        return import::release(path, None).or_else(|failure| match failure {
            // Its name does not matter here.
            Failure::Usage(_) if path.is_dir() => import::release(path, Some(&print::name(path))),
            other => Err(other),
        });
    }
    Ok(ReleasePath::from(path.to_owned()).open()?.unwrap_or_else(Dictionaries::builtin))
}

fn title(dictionaries: &Dictionaries) -> String {
    match dictionaries.is_builtin() {
        true => message!("{name} (built in)", name = dictionaries.name()),
        false => dictionaries.name().to_owned(),
    }
}

/// The configurations that one of both has.
fn configs(before: &Dictionaries, after: &Dictionaries) -> Vec<(Config, Kind)> {
    let has = |dictionaries: &Dictionaries, config| dictionaries.configs().any(|other| other == config);
    let kind = |&config: &Config| match (has(before, config), has(after, config)) {
        (false, true) => Some((config, Kind::Added)),
        (true, false) => Some((config, Kind::Removed)),
        _ => None,
    };
    Config::ALL.iter().filter_map(kind).collect()
}

/// The entries that differ, by dictionary and key.
fn differences(before: &Dictionaries, after: &Dictionaries) -> Vec<Difference> {
    let mut both: BTreeMap<String, [Entries; 2]> = BTreeMap::new();
    for (side, dictionaries) in [before, after].into_iter().enumerate() {
        for dictionary in dictionaries.dictionaries() {
            both.entry(dictionary.name().to_owned()).or_default()[side] = Dictionary::to_entries(&dictionary);
        }
    }
    let mut found = Vec::new();
    for (dictionary, sides) in both {
        let mut keys: BTreeMap<&str, [&[String]; 2]> = BTreeMap::new();
        for (side, entries) in sides.iter().enumerate() {
            for (key, candidates) in entries.iter() {
                keys.entry(key).or_default()[side] = candidates;
            }
        }
        found.extend(keys.into_iter().filter(|(_, [before, after])| before != after).map(|(key, [before, after])| {
            Difference {
                dictionary: dictionary.clone(),
                key: key.to_owned(),
                before: before.to_vec(),
                after: after.to_vec(),
            }
        }));
    }
    found
}

fn sign(kind: Kind) -> char {
    match kind {
        Kind::Added => '+',
        Kind::Removed => '-',
        Kind::Changed => '~',
    }
}

impl Difference {
    fn kind(&self) -> Kind {
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => Kind::Added,
            (_, true) => Kind::Removed,
            _ => Kind::Changed,
        }
    }

    fn line(&self) -> String {
        let joined = |candidates: &[String]| candidates.join(" ");
        let (key, sign) = (printable(&self.key), sign(self.kind()));
        let what = match self.kind() {
            Kind::Added => change(&self.key, &joined(&self.after)),
            Kind::Removed => change(&self.key, &joined(&self.before)),
            Kind::Changed => format!("{key}: {}", change(&joined(&self.before), &joined(&self.after))),
        };
        format!("{sign} {}: {what}", self.dictionary)
    }

    fn object(&self) -> Value {
        json!({
            "type": "entry", "dictionary": self.dictionary, "change": self.kind().name(), "key": self.key,
            "before": self.before, "after": self.after,
        })
    }
}

/// The places of a file that both convert otherwise.
fn places(converters: &[Converter; 2], path: &Path) -> Result<Vec<Place>, Failure> {
    let bytes = read_file(path)?;
    let text = str::from_utf8(&bytes)
        .map_err(|_| Failure::failed("not UTF-8: convert the file first, as by `iconv -t UTF-8`"))?;
    Ok(text.lines().enumerate().flat_map(|(index, line)| of_line(converters, index + 1, line)).collect())
}

fn of_line(converters: &[Converter; 2], number: usize, line: &str) -> Vec<Place> {
    let [before, after] = converters;
    if before.convert(line) == after.convert(line) {
        return Vec::new();
    }
    let (before, after) = (before.segments(line), after.segments(line));
    let mut after = after.iter().peekable();
    let (mut places, mut start) = (Vec::new(), 0);
    // The segments of each side from `start` on.
    let (mut old, mut new): (Vec<&Segment>, Vec<&Segment>) = (Vec::new(), Vec::new());
    for segment in &before {
        old.push(segment);
        let end = segment.source.end;
        while let Some(other) = after.next_if(|other| other.source.end <= end) {
            new.push(other);
        }
        // Both have a boundary here, unless one of the other side reaches over the place.
        if after.peek().is_some_and(|other| other.source.start < end) {
            continue;
        }
        let part = start..end;
        let outputs = [&old, &new].map(|segments| segments.iter().map(|segment| &*segment.output).collect::<String>());
        if outputs[0] != outputs[1] {
            // A word is shown whole; what no entry made is one segment, however long it is.
            let is_word = |segment: &Segment| segment.source == part && !segment.decisions.is_empty();
            let has_word = old.iter().chain(&new).any(|segment| is_word(segment));
            places.push(Place::new(number, line, part, &outputs, !has_word));
        }
        old.clear();
        new.clear();
        start = end;
    }
    places
}

impl Place {
    /// The place of a part of a line that becomes these; where it is `trimmed`, without what stays as it is at its ends.
    fn new(number: usize, line: &str, part: Range<usize>, [before, after]: &[String; 2], trimmed: bool) -> Place {
        let same = |[source, before, after]: [Vec<char>; 3]| -> usize {
            let all = source.into_iter().zip(before).zip(after);
            all.take_while(|((one, two), three)| trimmed && one == two && two == three)
                .map(|(_, same)| same.len_utf8())
                .sum()
        };
        let texts = [&line[part.clone()], before, after];
        let start = same(texts.map(|text| text.chars().collect()));
        let texts = texts.map(|text| &text[start..]);
        let end = same(texts.map(|text| text.chars().rev().collect()));
        let [source, before, after] = texts.map(|text| text[..text.len() - end].to_owned());
        let column = line[..part.start + start].chars().count() + 1;
        Place { line: number, column, source, before, after }
    }

    fn line(&self, path: &Path) -> String {
        let Place { line, column, source, before, after } = self;
        format!("{}:{line}:{column}: {}: {}", print::name(path), printable(source), change(before, after))
    }

    fn object(&self, path: &Path) -> Value {
        let Place { line, column, source, before, after } = self;
        json!({
            "type": "place", "path": path.display().to_string(), "line": line, "column": column, "source": source,
            "before": before, "after": after,
        })
    }
}

impl Counts {
    fn line(&self, from: &str, to: &str, has_texts: bool) -> String {
        let [added, removed, changed] = self.entries;
        let entries = message!(
            "{from} → {to}: {added} entries added, {removed} removed, {changed} changed",
            from,
            to,
            added,
            removed,
            changed
        );
        if !has_texts {
            return entries;
        }
        let Counts { files, changed_files, places, .. } = self;
        let texts =
            message!("; {places} places change in {changed} of {files} files", places, changed = changed_files, files);
        entries + &texts
    }

    fn object(&self, before: &Dictionaries, after: &Dictionaries) -> Value {
        let [added, removed, changed] = self.entries;
        messages::in_english_if(true, || {
            json!({
                "type": "summary", "before": title(before), "after": title(after), "configurations": self.configs,
                "added": added, "removed": removed, "changed": changed, "files": self.files,
                "changed_files": self.changed_files, "places": self.places,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_where_the_source_has_it() {
        let own = |text: &str| {
            let own = Dictionary::from_text("own", text).unwrap();
            Converter::builder().config(Config::S2t).dictionary(own).build().unwrap()
        };
        let converters = [own("一\t\n头发\t頭髮絲\n里\t裡\n"), own("一\t\n头发\t頭髮\n里\t里\n")];
        let place = |column, source: &str, before: &str, after: &str| Place {
            line: 3,
            column,
            source: source.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        let expected = [place(2, "头发", "頭髮絲", "頭髮"), place(5, "里", "裡", "里")];
        assert_eq!(of_line(&converters, 3, "一头发在里"), expected);
        assert_eq!(of_line(&[own("乙肝\t乙肝\n"), own("乙肝\tB肝\n")], 3, "乙肝。"), [place(1, "乙肝", "乙肝", "B肝")]);
        let converters = [own("头发在\t頭髮在\n"), own("在里\t在裡\n")];
        assert_eq!(of_line(&converters, 3, "一头发在里一"), [place(2, "头发在里", "頭髮在裏", "頭髮在裡")]);
        assert_eq!(of_line(&converters, 3, "一头"), []);
    }
}

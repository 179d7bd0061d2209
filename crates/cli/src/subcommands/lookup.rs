//! Which dictionaries hold a word.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, builder::NonEmptyStringValueParser};
use fanjian::{Dictionary, builtin_dictionaries};
use serde_json::{Value, json};

use super::{
    Format,
    rows::{Row, rows},
};
use crate::{output::Output, run::Failure};

/// Look words up in the dictionaries
///
/// For each WORD: the entries whose key it is, with all their candidates, and the entries that have it among their
/// candidates. All built-in dictionaries are searched, whatever configurations use them.
///
/// Exit status: 0 where every WORD was found, 1 otherwise.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Words, each as a whole
    #[arg(value_name = "WORD", required = true, value_parser = NonEmptyStringValueParser::new())]
    words: Vec<String>,
    /// Search this dictionary, too, before the built-in ones: text or compiled. May be given several times
    #[arg(long, value_name = "FILE")]
    dict: Vec<PathBuf>,
    /// How to answer: lines for people, or a JSON object a line for each word
    ///
    /// The fields of an object are word, as_key and as_value; of the entries in these, dictionary, key and candidates.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// An entry, and the place of its dictionary among those searched.
struct Found {
    dictionary: usize,
    key: String,
    candidates: Vec<String>,
}

/// What was found of a word.
#[derive(Default)]
struct Finds {
    as_key: Vec<Found>,
    as_value: Vec<Found>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut dictionaries = arguments.dict.iter().map(Dictionary::from_path).collect::<Result<Vec<_>, _>>()?;
    dictionaries.extend(builtin_dictionaries());
    let mut finds: Vec<Finds> = arguments.words.iter().map(|_| Finds::default()).collect();
    for (dictionary, entries) in dictionaries.iter().map(Dictionary::to_entries).enumerate() {
        for (key, candidates) in entries.iter() {
            for (word, finds) in arguments.words.iter().zip(&mut finds) {
                let found = || Found { dictionary, key: key.to_owned(), candidates: candidates.to_vec() };
                if key == word {
                    finds.as_key.push(found());
                }
                if candidates.contains(word) {
                    finds.as_value.push(found());
                }
            }
        }
    }

    let mut output = Output::open(None)?;
    for (word, finds) in arguments.words.iter().zip(&finds) {
        let record = match arguments.format {
            Format::Text => finds.lines(word, &dictionaries),
            Format::Json => format!("{}\n", finds.json(word, &dictionaries)),
        };
        output.write(record.as_bytes())?;
    }
    output.finish()?;
    let missing: Vec<_> = arguments.words.iter().zip(&finds).filter(|(_, finds)| finds.is_empty()).collect();
    if missing.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let words = missing.iter().map(|(word, _)| format!("'{}'", word.escape_debug())).collect::<Vec<_>>().join(", ");
    Err(Failure::new(format!("no dictionary holds {words}, neither as a key nor as a value")))
}

impl Finds {
    fn is_empty(&self) -> bool {
        self.as_key.is_empty() && self.as_value.is_empty()
    }

    fn lines(&self, word: &str, dictionaries: &[Dictionary]) -> String {
        let mut lines = String::new();
        for (role, finds) in [("as a key", &self.as_key), ("as a value", &self.as_value)] {
            if !finds.is_empty() {
                let finds: Vec<_> = finds.iter().map(|found| found.row(dictionaries)).collect();
                lines += &format!("{word} {role}:\n{}", rows(&finds, 4));
            }
        }
        lines
    }

    fn json(&self, word: &str, dictionaries: &[Dictionary]) -> Value {
        let entries = |finds: &[Found]| finds.iter().map(|found| found.json(dictionaries)).collect::<Vec<_>>();
        json!({ "word": word, "as_key": entries(&self.as_key), "as_value": entries(&self.as_value) })
    }
}

impl Found {
    fn row<'r>(&'r self, dictionaries: &'r [Dictionary]) -> Row<'r> {
        let (value, others) = self.candidates.split_first().map_or(("", &[][..]), |(first, others)| (first, others));
        Row { dictionary: dictionaries[self.dictionary].name(), key: &self.key, value, others }
    }

    fn json(&self, dictionaries: &[Dictionary]) -> Value {
        let dictionary = dictionaries[self.dictionary].name();
        json!({ "dictionary": dictionary, "key": self.key, "candidates": self.candidates })
    }
}

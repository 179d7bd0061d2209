//! `fanjian lookup`: entries of dictionaries with a word.

use fanjian::{Dictionary, builtin_dictionaries};
use serde_json::{Value, json};

use crate::{
    args::{commands::LookupArgs, values::AnswerFormat},
    commands::rows::{Row, rows},
    error::{Failure, Status},
    io::output::Output,
    print,
};

/// An entry, and the place of its dictionary among those searched.
struct Match {
    dictionary: usize,
    key: String,
    candidates: Vec<String>,
}

/// The entries with a word.
#[derive(Default)]
struct Matches {
    as_key: Vec<Match>,
    as_value: Vec<Match>,
}

pub(crate) fn run(args: &LookupArgs) -> Result<Status, Failure> {
    let mut dictionaries = args.dict.iter().map(Dictionary::from_path).collect::<Result<Vec<_>, _>>()?;
    dictionaries.extend(builtin_dictionaries());
    let mut finds: Vec<Matches> = args.words.iter().map(|_| Matches::default()).collect();
    for (dictionary, entries) in dictionaries.iter().map(Dictionary::to_entries).enumerate() {
        for (key, candidates) in entries.iter() {
            for (word, finds) in args.words.iter().zip(&mut finds) {
                let found = || Match { dictionary, key: key.to_owned(), candidates: candidates.to_vec() };
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
    for (word, finds) in args.words.iter().zip(&finds) {
        let record = match args.format {
            AnswerFormat::Text => finds.lines(word, &dictionaries),
            AnswerFormat::Json => format!("{}\n", finds.json(word, &dictionaries)),
        };
        output.write(record.as_bytes())?;
    }
    output.finish()?;
    let missing: Vec<_> = args.words.iter().zip(&finds).filter(|(_, finds)| finds.is_empty()).collect();
    if missing.is_empty() {
        return Ok(Status::Done);
    }
    let words = missing.iter().map(|(word, _)| format!("'{}'", word.escape_debug())).collect::<Vec<_>>().join(", ");
    print::note(format_args!("fanjian: no dictionary contains {words}, neither as a key nor as a value"));
    Ok(Status::Found)
}

impl Matches {
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
        let entries = |finds: &[Match]| finds.iter().map(|found| found.json(dictionaries)).collect::<Vec<_>>();
        json!({ "word": word, "as_key": entries(&self.as_key), "as_value": entries(&self.as_value) })
    }
}

impl Match {
    fn row<'r>(&'r self, dictionaries: &'r [Dictionary]) -> Row<'r> {
        let (value, others) = self.candidates.split_first().map_or(("", &[][..]), |(first, others)| (first, others));
        Row { dictionary: dictionaries[self.dictionary].name(), key: &self.key, value, others }
    }

    fn json(&self, dictionaries: &[Dictionary]) -> Value {
        let dictionary = dictionaries[self.dictionary].name();
        json!({ "dictionary": dictionary, "key": self.key, "candidates": self.candidates })
    }
}

//! `fanjian lookup`: entries of dictionaries with a word, and what a target makes of it.

use fanjian::{Converter, Dictionary, Target, Vocabulary, builtin_dictionaries, spellings, target_dictionaries};
use serde_json::{Value, json};

use crate::{
    args::{commands::LookupArgs, values::AnswerFormat},
    commands::rows::{Row, change, rows},
    error::{Failure, Status},
    io::output::Output,
    messages::{self, message, text},
    print,
};

/// An entry, and the place of its dictionary among those searched.
struct Match {
    dictionary: usize,
    key: String,
    candidates: Vec<String>,
    /// What it does, in a dictionary of a target.
    effect: Option<String>,
}

/// The entries with a word.
#[derive(Default)]
struct Matches {
    as_key: Vec<Match>,
    as_value: Vec<Match>,
}

/// A word, and its spellings that are looked for.
struct Word<'w> {
    word: &'w str,
    spellings: Vec<String>,
}

impl Word<'_> {
    fn is(&self, other: &str) -> bool {
        self.word == other || self.spellings.iter().any(|spelling| spelling == other)
    }
}

/// What a target makes of a word: by each vocabulary.
struct Converted {
    target: Target,
    keep: String,
    local: String,
}

pub(crate) fn run(args: &LookupArgs) -> Result<Status, Failure> {
    let mut dictionaries = args.dict.iter().map(Dictionary::from_path).collect::<Result<Vec<_>, _>>()?;
    let built_in = dictionaries.len();
    if let Some(target) = args.to {
        dictionaries.extend(target_dictionaries().filter(|dictionary| is_of(target, layer(dictionary.name()))));
    }
    dictionaries.extend(builtin_dictionaries());
    let words: Vec<Word<'_>> = args.words.iter().map(|word| word_of(word, args.exact)).collect();
    let mut finds: Vec<Matches> = words.iter().map(|_| Matches::default()).collect();
    for (number, entries) in dictionaries.iter().map(Dictionary::to_entries).enumerate() {
        let layer = (number >= built_in).then(|| dictionaries[number].name().strip_prefix(LAYERS)).flatten();
        for (key, candidates) in entries.iter() {
            for (word, finds) in words.iter().zip(&mut finds) {
                let found = || Match {
                    dictionary: number,
                    key: key.to_owned(),
                    candidates: candidates.to_vec(),
                    effect: layer.map(|layer| {
                        let is_json = args.format == AnswerFormat::Json;
                        messages::in_english_if(is_json, || effect(layer, key, candidates))
                    }),
                };
                if word.is(key) {
                    finds.as_key.push(found());
                }
                // The values of some layers are no words, and an entry from one script to the other is found once.
                let is_found = !args.exact && word.is(key);
                if !is_found && layer.is_none_or(has_words) && candidates.iter().any(|candidate| word.is(candidate)) {
                    finds.as_value.push(found());
                }
            }
        }
    }

    let mut output = Output::open(None)?;
    for (Word { word, .. }, finds) in words.iter().zip(&finds) {
        let converted = args.to.map(|target| converted(word, target)).transpose()?;
        let record = match args.format {
            AnswerFormat::Text => finds.lines(word, &dictionaries, converted.as_ref()),
            AnswerFormat::Json => format!("{}\n", finds.json(word, &dictionaries, converted.as_ref())),
        };
        output.write(record.as_bytes())?;
    }
    output.finish()?;
    let missing: Vec<_> = words.iter().zip(&finds).filter(|(_, finds)| finds.is_empty()).collect();
    if missing.is_empty() {
        return Ok(Status::Done);
    }
    let names =
        missing.iter().map(|(word, _)| format!("'{}'", word.word.escape_debug())).collect::<Vec<_>>().join(", ");
    let note = match args.exact {
        true => message!("no dictionary contains {names}, neither as a key nor as a value", names),
        false => message!("no dictionary contains {names}, neither as a key nor as a value, in either script", names),
    };
    print::note(format_args!("fanjian: {note}"));
    Ok(Status::Found)
}

fn word_of(word: &str, is_exact: bool) -> Word<'_> {
    Word { word, spellings: if is_exact { Vec::new() } else { spellings(word) } }
}

fn converted(word: &str, target: Target) -> Result<Converted, Failure> {
    let convert = |vocabulary| -> Result<String, Failure> {
        let converter = Converter::builder().target(target).vocabulary(vocabulary).build()?;
        Ok(converter.convert(word).into_owned())
    };
    Ok(Converted { target, keep: convert(Vocabulary::Keep)?, local: convert(Vocabulary::Local)? })
}

/// Where the names of the dictionaries of targets begin.
const LAYERS: &str = "targets/";

fn layer(name: &str) -> &str {
    name.strip_prefix(LAYERS).unwrap_or(name)
}

/// Whether a dictionary has a part in the tables of a target. The names say of which one it is.
fn is_of(target: Target, layer: &str) -> bool {
    let regions = [
        ("TW", Target::Taiwan),
        ("HK", Target::HongKong),
        ("Cantonese", Target::HongKong),
        ("Mainland", Target::Simplified),
        ("Simplified", Target::Simplified),
    ];
    match regions.iter().find(|(prefix, _)| layer.starts_with(prefix)) {
        Some(&(_, of)) => of == target,
        None => true,
    }
}

/// Whether the values of a dictionary are words, rather than counts or topics.
fn has_words(layer: &str) -> bool {
    !matches!(layer, "Harmful" | "Layers" | "Lexicon" | "SingleWords" | "Topics" | "Words")
        && !layer.ends_with("Shared")
}

/// What an entry of a dictionary of a target does.
fn effect(layer: &str, key: &str, candidates: &[String]) -> String {
    let value = candidates.first().map_or("", String::as_str);
    let conditions = &candidates[candidates.len().min(1)..];
    if layer.ends_with("Vocabulary") || layer.ends_with("Names") || layer.ends_with("Senses") {
        return match conditions {
            _ if value == key => text("kept, and the words in it (--vocabulary local)"),
            [] => message!("becomes {value} (--vocabulary local)", value),
            _ => message!(
                "becomes {value} by the topic: {topic} (--vocabulary local)",
                value,
                topic = conditions.join(" ")
            ),
        };
    }
    match layer {
        _ if layer.ends_with("Shared") && value == "-" => {
            text("kept: what it means depends on more than the words around")
        }
        _ if layer.ends_with("Shared") => text("kept in text of the target's script: the region has it, too"),
        "Words" if value == "-" => text("blocked: never read as a word around others"),
        "Words" => text("a word: none is found within it or over its edge"),
        "Harmful" => {
            let (wrong, right) = value.split_once(':').unwrap_or((value, "0"));
            message!("blocked: wrong {wrong} times and right {right} times in text", wrong, right)
        }
        "Lexicon" => message!("a common word, counted {value} times: phrases that cut it count less", value),
        "Surnames" => message!("a surname before a title or a name: {value}", value),
        "Titles" => text("what is before it may be a surname"),
        "Topics" => message!("a word of the topic {topics}", topics = candidates.join(", ")),
        "Layers" => message!("of the layer {value}: --keep-words {value} keeps it", value),
        "SingleWords" => text("often a word alone"),
        "Unused" => message!("blocked: never becomes {values}", values = candidates.join(" ")),
        "Doublets" => text("both spellings are right"),
        "Alone" => message!("with nothing beside it: {value}", value),
        _ if layer.ends_with("Phrases") || layer == "HKParticles" => {
            if value == key {
                text("a phrase: kept")
            } else {
                message!("a phrase: becomes {value}", value)
            }
        }
        _ => message!("characters: {values}", values = candidates.join(" ")),
    }
}

impl Matches {
    fn is_empty(&self) -> bool {
        self.as_key.is_empty() && self.as_value.is_empty()
    }

    fn lines(&self, word: &str, dictionaries: &[Dictionary], converted: Option<&Converted>) -> String {
        let mut lines = String::new();
        if let Some(Converted { target, keep, local }) = converted {
            lines += &format!("{target}: {}", change(word, keep));
            if keep != local {
                lines += &message!("; with --vocabulary local: {local}", local);
            }
            lines.push('\n');
        }
        let word = print::escape(word);
        for (role, finds) in [
            (message!("{word} as a key:", word = &word), &self.as_key),
            (message!("{word} as a value:", word = &word), &self.as_value),
        ] {
            if finds.is_empty() {
                continue;
            }
            lines += &format!("{role}\n");
            // Entries of layers have what they do in the place of their candidates.
            let (layers, plain): (Vec<_>, Vec<_>) = finds.iter().partition(|found| found.effect.is_some());
            for found in layers {
                let Match { key, effect, .. } = found;
                let dictionary = dictionaries[found.dictionary].name();
                let effect = effect.as_deref().unwrap_or_default();
                lines += &format!("    {dictionary}  {}  {}\n", print::escape(key), print::escape(effect));
            }
            lines += &rows(&plain.iter().map(|found| found.row(dictionaries)).collect::<Vec<_>>(), 4);
        }
        lines
    }

    fn json(&self, word: &str, dictionaries: &[Dictionary], converted: Option<&Converted>) -> Value {
        let entries = |finds: &[Match]| finds.iter().map(|found| found.json(dictionaries)).collect::<Vec<_>>();
        let mut record = json!({
            "word": word, "as_key": entries(&self.as_key), "as_value": entries(&self.as_value),
        });
        if let Some(Converted { target, keep, local }) = converted {
            record["target"] = json!({ "tag": target.tag(), "keep": keep, "local": local });
        }
        record
    }
}

impl Match {
    fn row<'r>(&'r self, dictionaries: &'r [Dictionary]) -> Row<'r> {
        let (value, others) = self.candidates.split_first().map_or(("", &[][..]), |(first, others)| (first, others));
        Row { dictionary: dictionaries[self.dictionary].name(), key: &self.key, value, others }
    }

    fn json(&self, dictionaries: &[Dictionary]) -> Value {
        let dictionary = dictionaries[self.dictionary].name();
        let mut record = json!({ "dictionary": dictionary, "key": self.key, "candidates": self.candidates });
        if let Some(effect) = &self.effect {
            record["effect"] = effect.clone().into();
        }
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dictionary that is added is known here: by the region in its name, and by what its entries do.
    #[test]
    fn each_dictionary_of_a_target_has_an_effect() {
        for dictionary in target_dictionaries() {
            let name = layer(dictionary.name());
            assert!(Target::ALL.iter().any(|&target| is_of(target, name)), "{name}");
            for (key, candidates) in dictionary.to_entries().iter() {
                assert!(!effect(name, key, candidates).is_empty());
            }
        }
    }
}

//! Vocabulary: the words that a region has others for.

use std::collections::{BTreeMap, BTreeSet};

use fanjian_dictionary::{Error, ErrorKind};

use super::{characters::Characters, sources::Sources};
use crate::{
    characters::Class,
    target::{Target, WordLayer},
    vocabulary::{Builder, LONGEST_AROUND, Sense, Word},
};

/// The dictionaries that a region's words are from.
struct Dictionaries {
    /// Words and their values. Of several values of a word, the first one counts.
    words: &'static [&'static str],
    /// Those of them that are names; they may have topics, like senses.
    names: &'static [&'static str],
    shared: &'static str,
    senses: &'static str,
}

/// A word of the lexicon with a lower count is a coincidence at an edge more often than a word.
const COMMON: u32 = 40;
/// The same for one that ends with a function word (區有), which may be two words.
const COMMON_WITH_FUNCTION_WORD: u32 = 400;

/// The words that stay in any region, and those that are known around others.
fn own(sources: &Sources) -> Result<Vec<&str>, Error> {
    let unchanged = sources.pairs("TWPhrases")?.filter(|(key, value)| key == value).map(|(key, _)| key);
    Ok(sources.keys("targets/Words")?.into_iter().chain(unchanged).collect())
}

impl Dictionaries {
    fn of(target: Target) -> Option<Dictionaries> {
        let (words, names, shared, senses): (&[&str], &[&str], _, _) = match target {
            Target::Taiwan => (
                &["targets/TWVocabulary", "targets/TWNames", "TWPhrases"],
                &["targets/TWNames"],
                "targets/TWShared",
                "targets/TWSenses",
            ),
            Target::HongKong => (
                &["targets/HKVocabulary", "targets/HKNames", "HKPhrases"],
                &["targets/HKNames"],
                "targets/HKShared",
                "targets/HKSenses",
            ),
            Target::Simplified => (
                &["targets/MainlandVocabulary", "targets/MainlandNames", "TWPhrasesRev", "HKPhrasesRev"],
                &["targets/MainlandNames"],
                "targets/MainlandShared",
                "targets/MainlandSenses",
            ),
            Target::Traditional => return None,
        };
        Some(Dictionaries { words, names, shared, senses })
    }
}

impl Characters {
    /// The words of a region, and those that must not be broken for them.
    pub(super) fn vocabulary(&self, sources: &Sources, target: Target) -> Result<Builder, Error> {
        let mut vocabulary = Builder::default();
        let Some(dictionaries) = Dictionaries::of(target) else { return Ok(vocabulary) };
        let mut words = self.words(sources, &dictionaries, target)?;
        let keys: Vec<Vec<Class>> =
            words.iter().filter(|(_, word)| **word != Word::Stays).map(|(key, _)| key.clone()).collect();
        let wholes: BTreeSet<&[Class]> = keys.iter().map(Vec::as_slice).collect();
        let ignored = self.ignored(sources)?;
        let values: Vec<String> = words.values().filter_map(Word::value).map(str::to_owned).collect();
        // A value that holds its own key, or another one, must stay when it is met again.
        for word in own(sources)?.into_iter().chain(values.iter().map(String::as_str)) {
            let codes = self.classes.codes(word);
            let len = codes.len();
            let holds =
                || (0..len).any(|from| (from + 1..=len).any(|to| to - from < len && wholes.contains(&codes[from..to])));
            if !ignored.contains(&codes) && holds() {
                words.entry(codes).or_insert(Word::Stays);
            }
        }
        for (character, values) in sources.get("targets/SingleWords")?.iter() {
            if let [class] = self.classes.codes(character)[..] {
                let (is_open, is_function) = (values[0] == "-", values[0] == "+");
                vocabulary.single(class, is_function || is_open, !is_open);
            }
        }
        let layers = self.layers(sources)?;
        for name in dictionaries.names {
            if let Some((key, _)) = sources.pairs(name)?.find(|(key, _)| !layers.contains_key(&self.classes.codes(key)))
            {
                return Err(Error::new(ErrorKind::NotFound, format!("no layer of '{key}', which is in {name}")));
            }
        }
        for (key, word) in &words {
            let value = || layers.get(&self.classes.codes(word.value()?));
            vocabulary.word(key, word, layers.get(key).or_else(value).copied())?;
        }
        let topics = sources.get("targets/Topics")?;
        let topics: BTreeMap<Vec<Class>, &[String]> =
            topics.iter().map(|(key, topics)| (self.classes.codes(key), topics)).collect();
        let known: BTreeSet<&String> = topics.values().copied().flatten().collect();
        for (key, word) in &words {
            if let Word::Sense(value, sense) = word
                && let Some(topic) = sense.topics.iter().chain(&sense.others).find(|topic| !known.contains(topic))
            {
                let key: String = key.iter().filter_map(|&class| char::from_u32(class.into())).collect();
                let message = format!("no word of the topic '{topic}', which {key} or {value} depends on");
                return Err(Error::new(ErrorKind::NotFound, message));
            }
        }
        for (key, topics) in &topics {
            topics.iter().try_for_each(|topic| vocabulary.topic_word(key, topic))?;
        }
        // A second conversion, which meets the values, must not know more of the topic than the first one.
        for (key, word) in &words {
            let value = word.value().map(|value| self.classes.codes(value));
            if let Some(value_topics) = value.and_then(|value| topics.get(&value))
                && !topics.contains_key(key)
                && key.len() > 1
            {
                value_topics.iter().try_for_each(|topic| vocabulary.topic_word(key, topic))?;
            }
        }
        Ok(vocabulary)
    }

    /// The words of two and three characters that may reach over an edge of a word of any region.
    pub(super) fn words_around(&self, sources: &Sources) -> Result<BTreeSet<Vec<Class>>, Error> {
        let (mut heads, mut tails, mut values) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for &target in Target::ALL {
            let Some(dictionaries) = Dictionaries::of(target) else { continue };
            for (key, word) in self.words(sources, &dictionaries, target)? {
                for cut in 1..key.len() {
                    heads.insert(key[..cut].to_vec());
                    tails.insert(key[cut..].to_vec());
                }
                values.extend(word.value().map(str::to_owned));
            }
        }
        let ignored = self.ignored(sources)?;
        let mut around = BTreeSet::new();
        let mut add = |word: &str| {
            let codes = self.classes.codes(word);
            // All of it, too: with a word that a longer one begins or ends with, the text can be read without that (命令 | 行为).
            let meets = |cut: usize| heads.contains(&codes[cut..]) || tails.contains(&codes[..cut]);
            let is_around = (2..=LONGEST_AROUND).contains(&codes.len()) && (0..=codes.len()).any(meets);
            if is_around && !ignored.contains(&codes) {
                around.insert(codes);
            }
        };
        let function_words = sources.pairs("targets/SingleWords")?.filter(|&(character, kind)| character != kind);
        let function_words: BTreeSet<&str> = function_words.map(|(character, _)| character).collect();
        for (word, counts) in sources.get("targets/Lexicon")?.iter() {
            let has_end = |end: &str| word.ends_with(end);
            let least = match () {
                () if ["的", "了", "不"].into_iter().any(has_end) => continue,
                () if function_words.iter().copied().any(has_end) => COMMON_WITH_FUNCTION_WORD,
                () => COMMON,
            };
            if counts[0].parse::<u32>().is_ok_and(|count| count >= least) {
                add(word);
            }
        }
        sources.keys("STPhrases")?.into_iter().filter(|word| word.chars().count() > 2).for_each(&mut add);
        own(sources)?.into_iter().chain(values.iter().map(String::as_str)).for_each(&mut add);
        Ok(around)
    }

    /// The layers of words, by their classes.
    fn layers(&self, sources: &Sources) -> Result<BTreeMap<Vec<Class>, WordLayer>, Error> {
        let layers = sources.pairs("targets/Layers")?;
        layers.map(|(word, layer)| Ok((self.classes.codes(word), layer.parse()?))).collect()
    }

    /// The words that do not count as words around others.
    fn ignored(&self, sources: &Sources) -> Result<BTreeSet<Vec<Class>>, Error> {
        let ignored = sources.pairs("targets/Words")?.filter(|&(_, value)| value == "-");
        Ok(ignored.map(|(key, _)| self.classes.codes(key)).collect())
    }

    /// The words that a region has others for, and those that it has itself, by their classes.
    fn words(
        &self,
        sources: &Sources,
        dictionaries: &Dictionaries,
        target: Target,
    ) -> Result<BTreeMap<Vec<Class>, Word>, Error> {
        let value_of = |value: &str| match target {
            // OpenCC's are Traditional.
            Target::Simplified => self.simplified(value),
            _ => value.to_owned(),
        };
        let mut words: BTreeMap<Vec<Class>, Word> = BTreeMap::new();
        let sense_of = |key: &str, conditions: &[String]| {
            let mut sense = Sense::default();
            for condition in conditions {
                if let Some(topic) = condition.strip_prefix('+') {
                    sense.topics.push(topic.to_owned());
                } else if let Some(topic) = condition.strip_prefix('-') {
                    sense.others.push(topic.to_owned());
                } else {
                    let message = format!("'{condition}' after '{key}' is no +topic, and no -topic");
                    return Err(Error::new(ErrorKind::Syntax, message));
                }
            }
            Ok(sense)
        };
        let names = dictionaries.names.iter().map(|name| Ok(sources.get(name)?.iter()));
        let names = names.collect::<Result<Vec<_>, Error>>()?.into_iter().flatten();
        // A name without conditions is a word like others, which the region may have, too.
        let names = names.filter(|(_, candidates)| candidates.len() > 1);
        for (key, candidates) in sources.get(dictionaries.senses)?.iter().chain(names) {
            let [value, conditions @ ..] = candidates else { continue };
            words.insert(self.classes.codes(key), Word::Sense(value_of(value), sense_of(key, conditions)?));
        }
        let shared = sources.get(dictionaries.shared)?;
        let shared: BTreeMap<Vec<Class>, &str> =
            shared.iter().map(|(key, values)| (self.classes.codes(key), values[0].as_str())).collect();
        for name in dictionaries.words {
            for (key, value) in sources.pairs(name)? {
                let codes = self.classes.codes(key);
                let word = match shared.get(&codes) {
                    _ if key == value => Word::Stays,
                    // What it means depends on more than what is around it.
                    Some(&"-") => Word::Stays,
                    Some(_) => Word::Shared(value_of(value)),
                    None => Word::Always(value_of(value)),
                };
                words.entry(codes).or_insert(word);
            }
        }
        Ok(words)
    }
}

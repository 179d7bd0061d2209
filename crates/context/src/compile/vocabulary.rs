//! Vocabulary: the words that a region has others for.

use std::collections::{BTreeMap, BTreeSet};

use fanjian_dictionary::{Error, ErrorKind};

use super::{characters::Characters, sources::Sources};
use crate::{
    characters::Class,
    target::Target,
    vocabulary::{Builder, Sense, Word},
};

/// The dictionaries that a region's words are from.
struct Dictionaries {
    /// Words and their values. Of several values of a word, the first one counts.
    words: &'static [&'static str],
    shared: &'static str,
    senses: &'static str,
}

/// Words of the lexicon reach over edges up to this length, in characters: longer ones are seldom cut elsewhere.
const LONGEST_OF_LEXICON: usize = 3;

/// Of two characters that a word is beside, the nearer one is of the word: 酒店 is one in 酒店里, though 店里 is a word, too.
const PARTICLES: &str = "里内中上下后前了出有好的来去到着过";
/// The same before a word: 用户 is one in 向用户.
const FUNCTION_WORDS: &str = "向于并被用在把将对从和与为以由";

impl Dictionaries {
    fn of(target: Target) -> Option<Dictionaries> {
        let (words, shared, senses): (&[&str], _, _) = match target {
            Target::Taiwan => {
                (&["targets/TWVocabulary", "targets/TWNames", "TWPhrases"], "targets/TWShared", "targets/TWSenses")
            }
            Target::HongKong => {
                (&["targets/HKVocabulary", "targets/HKNames", "HKPhrases"], "targets/HKShared", "targets/HKSenses")
            }
            Target::Simplified => (
                &["targets/MainlandVocabulary", "targets/MainlandNames", "TWPhrasesRev", "HKPhrasesRev"],
                "targets/MainlandShared",
                "targets/MainlandSenses",
            ),
            Target::Traditional => return None,
        };
        Some(Dictionaries { words, shared, senses })
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
        // The beginnings and ends of words, each with the length of the shortest word that it is of.
        let (mut heads, mut tails) = (BTreeMap::<&[Class], usize>::new(), BTreeMap::<&[Class], usize>::new());
        let mut wholes = BTreeSet::new();
        for key in &keys {
            wholes.insert(key.as_slice());
            for cut in 1..key.len() {
                for (parts, part) in [(&mut heads, &key[..cut]), (&mut tails, &key[cut..])] {
                    let shortest = parts.entry(part).or_insert(key.len());
                    *shortest = key.len().min(*shortest);
                }
            }
        }
        let ignored = sources.pairs("targets/Words")?.filter(|&(_, value)| value == "-");
        let ignored: BTreeSet<Vec<Class>> = ignored.map(|(key, _)| self.classes.codes(key)).collect();
        let values: Vec<String> = words.values().filter_map(Word::value).map(str::to_owned).collect();
        let own = sources.pairs("targets/Words")?.map(|(key, _)| key);
        let unchanged = sources.pairs("TWPhrases")?.filter(|(key, value)| key == value).map(|(key, _)| key);
        // A value that holds its own key, or another one, must stay when it is met again.
        let whole = own.chain(unchanged).chain(values.iter().map(String::as_str));
        let lexicon = sources.pairs("STPhrases")?.map(|(key, _)| (key, false));
        let [function_words, particles] = [FUNCTION_WORDS, PARTICLES].map(|characters| self.classes.codes(characters));
        for (word, may_hold) in whole.map(|word| (word, true)).chain(lexicon) {
            let codes = self.classes.codes(word);
            if ignored.contains(&codes) {
                continue;
            }
            let len = codes.len();
            // A longer word is not cut by a shorter one.
            let is_as_long = |shortest: Option<&usize>| shortest.is_some_and(|&shortest| shortest <= len);
            let is_all = |part: &[Class], characters: &[Class]| part.iter().all(|class| characters.contains(class));
            let before = |cut: usize| !is_all(&codes[..cut], &function_words) && is_as_long(heads.get(&codes[cut..]));
            let behind = |cut: usize| !is_all(&codes[cut..], &particles) && is_as_long(tails.get(&codes[..cut]));
            if len <= LONGEST_OF_LEXICON {
                if (1..len).any(before) {
                    vocabulary.block(&codes, true);
                }
                if (1..len).any(behind) {
                    vocabulary.block(&codes, false);
                }
            }
            let holds =
                || (0..len).any(|from| (from + 1..=len).any(|to| to - from < len && wholes.contains(&codes[from..to])));
            if may_hold && holds() {
                words.entry(codes).or_insert(Word::Stays);
            }
        }
        for (key, word) in &words {
            vocabulary.word(key, word)?;
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
        for (key, candidates) in sources.get(dictionaries.senses)?.iter() {
            let [value, conditions @ ..] = candidates else { continue };
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
            words.insert(self.classes.codes(key), Word::Sense(value_of(value), sense));
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

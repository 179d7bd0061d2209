//! Vocabulary: the words that a region has others for.

use std::collections::{BTreeMap, BTreeSet};

use fanjian_dictionary::Error;

use super::{characters::Characters, sources::Sources};
use crate::{characters::Class, target::Target, vocabulary};

impl Characters {
    /// The words that a region has others for: key, value, and whether the region uses the key, too.
    pub(super) fn words(&self, sources: &Sources, target: Target) -> Result<Vec<(String, String, bool)>, Error> {
        let (names, shared): (&[&str], _) = match target {
            Target::Taiwan => (&["targets/TWVocabulary", "TWPhrases"], "targets/TWShared"),
            Target::HongKong => (&["HKPhrases"], "targets/HKShared"),
            Target::Simplified => (&["targets/MainlandVocabulary", "TWPhrasesRev"], "targets/MainlandShared"),
            Target::Traditional => return Ok(Vec::new()),
        };
        let shared = sources.get(shared)?;
        // `-` for a word that is never replaced: what it means depends on more than its neighbours.
        let kinds: BTreeMap<&str, &str> = shared.iter().map(|(key, values)| (key, values[0].as_str())).collect();
        let mut words: BTreeMap<Vec<Class>, (String, String, bool)> = BTreeMap::new();
        for name in names {
            for (key, value) in sources.pairs(name)? {
                let kind = kinds.get(key).copied();
                if kind != Some("-") && key != value {
                    let value = match target {
                        // OpenCC's are Traditional.
                        Target::Simplified => value.chars().map(|character| self.classes.of(character)).collect(),
                        _ => value.to_owned(),
                    };
                    let word = (key.to_owned(), value, kind.is_some());
                    words.entry(self.classes.codes(key)).or_insert(word);
                }
            }
        }
        Ok(words.into_values().collect())
    }

    /// The words to replace, and those that must not be broken for them.
    pub(super) fn vocabulary(
        &self,
        sources: &Sources,
        words: &[(String, String, bool)],
    ) -> Result<vocabulary::Builder, Error> {
        let keys: Vec<Vec<Class>> = words.iter().map(|(key, ..)| self.classes.codes(key)).collect();
        let mut vocabulary = vocabulary::Builder::default();
        for ((_, value, is_shared), key) in words.iter().zip(&keys) {
            vocabulary.word(key, value, *is_shared);
        }
        // What a word reaches over the edge with, or holds.
        let (mut heads, mut tails, mut wholes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for key in &keys {
            wholes.insert(key.as_slice());
            for cut in 1..key.len() {
                heads.insert(&key[..cut]);
                tails.insert(&key[cut..]);
            }
        }
        // A value that holds its own key, or another one, must stay when it is met again.
        let values_again = words.iter().map(|(_, value, _)| value.as_str());
        let lexicon =
            sources.pairs("STPhrases")?.map(|(key, _)| key).chain(sources.pairs("targets/Words")?.map(|(key, _)| key));
        let unchanged = sources.pairs("TWPhrases")?.filter(|(key, value)| key == value).map(|(key, _)| key);
        let ignored = sources.pairs("targets/Words")?.filter(|&(_, value)| value == "-");
        let ignored: BTreeSet<Vec<Class>> = ignored.map(|(key, _)| self.classes.codes(key)).collect();
        for word in lexicon.chain(unchanged).chain(values_again) {
            let codes = self.classes.codes(word);
            if ignored.contains(&codes) {
                continue;
            }
            let len = codes.len();
            let hinders = (1..len).any(|cut| tails.contains(&codes[..cut]) || heads.contains(&codes[cut..]))
                || (0..len).any(|from| (from + 1..=len).any(|to| to - from < len && wholes.contains(&codes[from..to])));
            if hinders {
                vocabulary.block(&codes);
            }
        }
        Ok(vocabulary)
    }
}

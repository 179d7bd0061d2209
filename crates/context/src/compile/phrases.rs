//! Phrases and the model: what the characters around one say of it.

use std::collections::{BTreeMap, BTreeSet};

use fanjian_dictionary::Error;

use super::{characters::Characters, sources::Sources, targets::particles};
use crate::{
    characters::{CANDIDATES, Class, EDGE},
    model::{self, Feature, Model, TEMPLATES, WEIGHED},
    phrases::{LONGEST, Strength, whole},
    shared::{self, FilterWords, IS_AROUND, IS_COMMON, PhraseList, SharedEntries, ShortWord},
    target::Target,
};

/// By how much a character alone scores higher than its other candidates: less than the margin of a text that may be of either script.
const LEAD_ALONE: i32 = 8;
/// The template of the nearest neighbours on both sides.
const ON_BOTH_SIDES: usize = 3;

/// A phrase, its value, and how much it counts.
type Phrase = (String, String, Strength);

impl Characters {
    /// What the targets of a script share: phrases, the model, and Cantonese.
    pub(super) fn shared(&self, sources: &Sources, target: Target, model: &Model) -> Result<SharedEntries, Error> {
        let candidates = self.candidates(target);
        let phrases = self.votes(&self.phrases(sources, target)?, &candidates);
        let cantonese = self.cantonese(sources, target, &candidates)?;
        let words = if target.is_traditional() { self.filter_words(sources)? } else { FilterWords::new() };
        let silent = if target.is_traditional() { sources.keys("targets/Harmful")? } else { Vec::new() };
        let silent: Vec<u64> = silent.into_iter().map(|key| whole(&self.classes.codes(key))).collect();
        let mut features = model.features.clone();
        features.sort_unstable();
        if target.is_traditional() {
            features.extend(self.alone(sources, &candidates, &features)?);
            features.sort_unstable();
        }
        Ok(SharedEntries { votes: model.votes, features, phrases, cantonese, words, silent })
    }

    /// What makes the model decide as it should for characters with nothing beside them: no end of a line is among what it learns.
    fn alone(
        &self,
        sources: &Sources,
        candidates: &BTreeMap<char, Vec<char>>,
        features: &[Feature],
    ) -> Result<Vec<Feature>, Error> {
        let feature = |(character, right): (char, char)| {
            let list = candidates.get(&self.classes.of(character))?;
            let right = list.iter().take(WEIGHED).position(|&known| known == right)?;
            let key = |template| model::key(template, self.classes.code(character), [EDGE; 4]);
            let mut scores = [0; WEIGHED];
            for template in 0..TEMPLATES.len() {
                let of = |feature: &Feature| (feature.template, feature.key).cmp(&(template, key(template)));
                if let Ok(place) = features.binary_search_by(of) {
                    let weights = features[place].weights;
                    scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += i32::from(weight));
                }
            }
            let highest =
                (0..list.len().min(WEIGHED)).filter(|&other| other != right).map(|other| scores[other]).max()?;
            let mut weights = [0; WEIGHED];
            weights[right] = (highest + LEAD_ALONE - scores[right]).clamp(0, i8::MAX.into()) as i8;
            (weights[right] > 0).then_some(Feature { template: ON_BOTH_SIDES, key: key(ON_BOTH_SIDES), weights })
        };
        let pairs = sources.characters("targets/Alone")?.into_iter().map(|(key, values)| (key, values[0]));
        Ok(pairs.filter_map(feature).collect())
    }

    /// The words of the filters.
    fn filter_words(&self, sources: &Sources) -> Result<FilterWords, Error> {
        let mut words: BTreeMap<ShortWord, u8> = BTreeMap::new();
        for word in sources.keys("targets/Lexicon")? {
            if let [left, right] = self.classes.codes(word)[..] {
                *words.entry([left, right, 0]).or_default() |= IS_COMMON;
            }
        }
        for word in self.words_around(sources)? {
            let mut padded = ShortWord::default();
            padded[..word.len()].copy_from_slice(&word);
            *words.entry(padded).or_default() |= IS_AROUND;
        }
        Ok(words.into_iter().collect())
    }

    /// The phrases of a target, those that count before others first.
    pub(super) fn phrases(&self, sources: &Sources, target: Target) -> Result<Vec<Phrase>, Error> {
        let mut phrases = Vec::new();
        let add = |phrases: &mut Vec<Phrase>, name: &str, strength: Strength| -> Result<(), Error> {
            phrases.extend(sources.pairs(name)?.map(|(key, value)| (key.to_owned(), value.to_owned(), strength)));
            Ok(())
        };
        match target {
            Target::Simplified => {
                add(&mut phrases, "targets/SimplifiedPhrases", Strength::Decides)?;
                add(&mut phrases, "TSPhrases", Strength::Decides)?;
                phrases.extend(products(sources, "targets/SimplifiedVerbs", "targets/SimplifiedVerbObjects")?);
            }
            _ => {
                // Of two characters, a phrase may be no word: they may belong to two.
                let own = sources.pairs("targets/Phrases")?.map(|(key, value)| {
                    let strength = if key.chars().count() > 2 { Strength::Decides } else { Strength::Learned };
                    (key.to_owned(), value.to_owned(), strength)
                });
                phrases.extend(own);
                let own = phrases.len();
                let names = products(sources, "targets/Surnames", "targets/Titles")?;
                add(&mut phrases, "STPhrases", Strength::Learned)?;
                add(&mut phrases, "STPhrases_GeneratedFromRegionalPhrases", Strength::Learned)?;
                let harmful = sources.get("targets/Harmful")?;
                let harmful: BTreeSet<&str> = harmful.iter().map(|(key, _)| key).collect();
                let opencc = phrases.split_off(own);
                phrases.extend(names);
                phrases.extend(opencc.into_iter().filter(|(key, ..)| !harmful.contains(key.as_str())));
            }
        }
        Ok(phrases)
    }

    /// What the phrases say of each character that has candidates.
    pub(super) fn votes<'p>(
        &self,
        phrases: impl IntoIterator<Item = &'p Phrase>,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> PhraseList {
        let mut votes = PhraseList::default();
        for (key, value, strength) in phrases {
            let codes = self.classes.codes(key);
            if codes.len() != value.chars().count() || !(2..=LONGEST).contains(&codes.len()) {
                continue;
            }
            let mut phrase = shared::Phrase::default();
            phrase[..codes.len()].copy_from_slice(&codes);
            for (offset, (from, to)) in key.chars().zip(value.chars()).enumerate() {
                if let Some(list) = candidates.get(&self.classes.of(from)).filter(|list| list.len() > 1)
                    && let Some(candidate) = list.iter().take(CANDIDATES).position(|&known| known == to)
                {
                    votes.insert(phrase, offset, candidate, *strength);
                }
            }
        }
        votes
    }

    /// What a region prefers of spellings that are both in use, and the classes that this is about.
    pub(super) fn preferences(
        &self,
        sources: &Sources,
        target: Target,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> Result<(PhraseList, BTreeSet<Class>), Error> {
        let name = match target {
            Target::Taiwan => "targets/TWPhrases",
            Target::HongKong => "targets/HKPhrases",
            _ => return Ok(Default::default()),
        };
        let pairs = sources.pairs(name)?;
        let mut phrases: Vec<Phrase> =
            pairs.map(|(key, value)| (key.to_owned(), value.to_owned(), Strength::Learned)).collect();
        if target == Target::HongKong {
            phrases.extend(particles(sources)?.into_iter().map(|(key, value)| (key, value, Strength::Learned)));
        }
        let classes = phrases.iter().flat_map(|(key, ..)| self.classes.codes(key)).collect();
        Ok((self.votes(&phrases, candidates), classes))
    }

    /// The phrases of Cantonese.
    pub(super) fn cantonese(
        &self,
        sources: &Sources,
        target: Target,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> Result<PhraseList, Error> {
        if !target.is_traditional() {
            return Ok(PhraseList::default());
        }
        let pairs = sources.pairs("targets/CantonesePhrases")?;
        let phrases: Vec<Phrase> =
            pairs.map(|(key, value)| (key.to_owned(), value.to_owned(), Strength::Decides)).collect();
        Ok(self.votes(&phrases, candidates))
    }

    /// What single characters are in Cantonese, by their classes.
    pub(super) fn cantonese_alone(
        &self,
        sources: &Sources,
        target: Target,
        candidates: &BTreeMap<char, Vec<char>>,
    ) -> Result<BTreeMap<Class, u8>, Error> {
        if !target.is_traditional() {
            return Ok(BTreeMap::new());
        }
        let alone = sources.characters("targets/CantonesePhrases")?.into_iter().filter_map(|(key, values)| {
            let candidate = candidates.get(&self.classes.of(key))?.iter().position(|&known| known == values[0])?;
            Some((self.classes.code(key), candidate as u8))
        });
        Ok(alone.collect())
    }
}

/// Phrases of two parts: each entry of one dictionary with each of another one behind it.
fn products(sources: &Sources, first: &str, second: &str) -> Result<Vec<Phrase>, Error> {
    let seconds: Vec<(&str, &str)> = sources.pairs(second)?.collect();
    let with_each = |(key, value): (&str, &str)| {
        let product = |(more, its_value): &(&str, &str)| {
            (format!("{key}{more}"), format!("{value}{its_value}"), Strength::Decides)
        };
        seconds.iter().map(product).collect::<Vec<_>>()
    };
    Ok(sources.pairs(first)?.flat_map(with_each).collect())
}

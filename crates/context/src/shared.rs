//! What the tables that a script's targets share are made of, and how they are made of it: when the dictionaries are
//! compiled, and when [packed](crate::packed) tables are unpacked.

use std::collections::BTreeMap;

use fanjian_dictionary::Error;

use crate::{
    bloom,
    characters::{CANDIDATES, Class},
    hashed::writer::{compile_rare, compile_set},
    model::{AGREEMENT, Feature, LENGTHS, VoteWeights, Weights, feature_hash},
    neighbours::neighbours,
    pairs::{Pair, Three},
    phrases::{AROUND, LONGEST, Strength, whole},
    tables::{
        ALONE, CLASS_WEIGHTS, COMMON, LEAST_THREES, THREES, agreement, pair_hash,
        writer::{LexiconBuilder, Writer},
    },
    vocabulary::LONGEST_AROUND,
};

/// What a phrase says of one of its characters: the candidate, and how much that counts.
pub(crate) type Said = (u8, Strength);

/// The classes of a phrase, and 0 behind them: no phrase has U+0000.
pub(crate) type Phrase = [Class; LONGEST];

/// Phrases in order, and what each says of its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PhraseList(pub(crate) BTreeMap<Phrase, [Option<Said>; LONGEST]>);

/// A word of a filter, and 0 behind it.
pub(crate) type ShortWord = [Class; LONGEST_AROUND];

/// The words of filters in order, each with the filters that have it, as bits.
pub(crate) type FilterWords = Vec<(ShortWord, u8)>;

/// The filter of common words of two characters, and that of the words that may be around those of a region.
pub(crate) const IS_COMMON: u8 = 1;
pub(crate) const IS_AROUND: u8 = 1 << 1;

/// The tables that a script's targets share, as they are before they are hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SharedEntries {
    pub(crate) votes: VoteWeights,
    /// In order.
    pub(crate) features: Vec<Feature>,
    pub(crate) phrases: PhraseList,
    pub(crate) cantonese: PhraseList,
    pub(crate) words: FilterWords,
    /// The hashes of the words that have no say.
    pub(crate) silent: Vec<u64>,
}

impl PhraseList {
    /// A phrase's word on its character at `offset`. What is first said counts.
    pub(crate) fn insert(&mut self, phrase: Phrase, offset: usize, candidate: usize, strength: Strength) {
        self.0.entry(phrase).or_default()[offset].get_or_insert((candidate as u8, strength));
    }

    pub(crate) fn lexicon(&self) -> LexiconBuilder {
        let mut lexicon = LexiconBuilder::default();
        for (phrase, said) in &self.0 {
            for (offset, said) in said.iter().enumerate() {
                if let Some((candidate, strength)) = *said {
                    lexicon.insert(classes(phrase), offset, candidate.into(), strength);
                }
            }
        }
        lexicon
    }

    /// The hashes of each character that something is said of, with the two nearest others of its phrase.
    fn threes(&self) -> impl Iterator<Item = u64> {
        self.0.iter().flat_map(|(phrase, said)| {
            let phrase = classes(phrase);
            let offsets = (0..phrase.len()).filter(|&offset| phrase.len() > 2 && said[offset].is_some());
            offsets.map(|offset| {
                let three = Three::of_phrase(phrase.len(), offset);
                three.hash(phrase[offset], neighbours(phrase, offset))
            })
        })
    }
}

/// The classes of a phrase or word alone.
pub(crate) fn classes<const N: usize>(phrase: &[Class; N]) -> &[Class] {
    &phrase[..phrase.iter().position(|&class| class == 0).unwrap_or(N)]
}

/// A phrase as a word of a filter. None if it is longer than these are.
pub(crate) fn short(phrase: &Phrase) -> Option<ShortWord> {
    let (word, behind) = phrase.split_first_chunk()?;
    (behind.first() == Some(&0)).then_some(*word)
}

/// The classes that a model has something to say about, in order.
pub(crate) struct ModelClasses(Vec<Class>);

impl ModelClasses {
    pub(crate) fn new(features: &[Feature]) -> ModelClasses {
        let mut classes: Vec<Class> = features.iter().map(|feature| feature.key.class()).collect();
        // Features of one class follow each other: few are left to be sorted.
        classes.dedup();
        classes.sort_unstable();
        classes.dedup();
        ModelClasses(classes)
    }

    pub(crate) fn place(&self, class: Class) -> Option<usize> {
        self.0.binary_search(&class).ok()
    }
}

impl SharedEntries {
    /// The tables.
    pub(crate) fn tables(&self) -> Result<Writer, Error> {
        let mut lexicon = self.phrases.lexicon();
        let of_model = ModelClasses::new(&self.features);
        let mut weights = vec![[Weights::default(); CLASS_WEIGHTS]; of_model.0.len()];
        let mut numbers = Vec::new();
        for feature in &self.features {
            let class = feature.key.class();
            let Some(place) = of_model.place(class) else { continue };
            let [a, b, c] = feature.key.others();
            let (left, right) = (|near| Pair::new(class, near, false), |near| Pair::new(class, near, true));
            let pairs = &mut lexicon.pairs;
            match feature.template {
                0 => weights[place][ALONE] = feature.weights,
                1 => pairs.weights(left(a), feature.weights),
                2 => pairs.weights(right(a), feature.weights),
                3 => pairs.across(left(a), b),
                4 => pairs.beyond(left(b), a),
                5 => pairs.beyond(right(a), b),
                6 => {
                    pairs.beyond(left(b), a);
                    pairs.across(left(b), c);
                }
                7 => {
                    pairs.across(left(a), b);
                    pairs.beyond(right(b), c);
                }
                AGREEMENT => {
                    let (len, candidate) = (usize::from(a).clamp(2, LENGTHS + 1), usize::from(b) % CANDIDATES);
                    weights[place][agreement(len, candidate)] = feature.weights;
                }
                _ => {}
            }
            if (3..AGREEMENT).contains(&feature.template) {
                let number = u32::from_le_bytes(feature.weights.map(|weight| weight as u8));
                numbers.push((feature_hash(feature.template, feature.key), number));
            }
        }
        let mut part = Writer::default();
        part.vote_weights(&self.votes);
        part.class_weights(&weights);
        lexicon.write(&mut part)?;
        let mut threes: Vec<u64> = self.phrases.threes().collect();
        if threes.len() < LEAST_THREES {
            threes.clear();
        }
        part.bytes(&bloom::compile::<THREES>(threes.into_iter()));
        compile_rare(&numbers)?.iter().for_each(|bytes| part.bytes(bytes));
        self.cantonese.lexicon().write(&mut part)?;
        let of_filter = |filter: u8| self.words.iter().filter(move |(_, of)| of & filter != 0).map(|(word, _)| word);
        part.bytes(&bloom::compile::<COMMON>(of_filter(IS_COMMON).map(|word| pair_hash(word[0], word[1]))));
        part.bytes(&compile_set(&self.silent)?);
        part.bytes(&bloom::compile::<AROUND>(of_filter(IS_AROUND).map(|word| whole(classes(word)))));
        Ok(part)
    }
}

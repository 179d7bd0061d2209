//! A learner of the [`Model`] that targets decide by, from decisions whose outcome is known.
//!
//! An averaged perceptron with a margin: where the right candidate does not score so much higher than every other one, the
//! features speak a little louder for it, and a little louder against the best other one. All of it is done in integers,
//! in an order that the seed decides: the same text gives the same bytes on every machine.

use std::collections::{BTreeMap, HashMap};

use fanjian_context::training::{
    AGREEMENT, Decision, Engine, Feature, Key, LENGTHS, Model, SPANS, Strength, Vote, VoteWeights, WEIGHED, agreement,
    mix,
};
use fanjian_dictionary::Error;

/// How a model is learned.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// What the order of the decisions is made from.
    pub seed: u64,
    /// How often each decision is looked at.
    pub rounds: u32,
    /// Features that were seen less often than this are left out.
    pub least: u32,
    /// The greatest number of features that are kept, those that weigh most.
    pub features: usize,
}

/// How much higher the right candidate must score: in the weights as learned, before they are made 8 bits.
const MARGIN: i64 = 4;
/// The weights of a model for 1 as learned.
const SCALE: i64 = 12;
/// The number of features of a decision: those of its neighbours, and one for the longest phrase.
const FEATURES: usize = AGREEMENT + 1;
const NO_FEATURE: u32 = u32::MAX;

/// Collects decisions, and learns from them.
#[derive(Clone, Debug, Default)]
pub struct Trainer {
    samples: Vec<Sample>,
    /// How often each feature was seen.
    seen: HashMap<(u8, Key), u32>,
    phrases: BTreeMap<String, Count>,
}

/// How often a phrase was right and wrong, where it was the longest one over a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// What it said was right.
    pub right: u32,
    /// It was not.
    pub wrong: u32,
}

/// A sample with its features by place: features, votes, mask, right.
type Placed = ([u32; FEATURES], Box<[Vote]>, u8, u8);

#[derive(Clone, Debug)]
struct Sample {
    /// Its features, each of its template.
    features: [Option<Key>; FEATURES],
    votes: Box<[Vote]>,
    mask: u8,
    right: u8,
}

/// A weight as it is, and what it takes to know its average.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    now: i64,
    /// Each change, times the moment when it was made.
    late: i64,
}

impl Weight {
    fn change(&mut self, by: i64, moment: i64) {
        self.now += by;
        self.late += by * moment;
    }

    /// The average over all moments, in units of a model.
    fn average(self, moments: i64) -> i64 {
        let sum = i128::from(self.now) * i128::from(moments) - i128::from(self.late);
        let scaled = sum * i128::from(SCALE);
        let half = i128::from(moments) / 2;
        ((scaled + if scaled < 0 { -half } else { half }) / i128::from(moments)) as i64
    }
}

impl Trainer {
    /// No decisions yet.
    pub fn new() -> Trainer {
        Trainer::default()
    }

    /// How many decisions there are.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Adds the decisions of a line, `times` over: what the engine asks about `given`, answered by `right`, which has the
    /// same characters in the right form. Lines whose lengths differ are left out. Of a `word`, nothing is known about
    /// the text around it.
    pub fn line(&mut self, engine: &Engine, given: &str, right: &str, times: usize, is_word: bool) {
        let rights: Vec<char> = right.chars().collect();
        let givens: Vec<char> = given.chars().collect();
        if givens.len() != rights.len() {
            return;
        }
        for decision in engine.decisions(given) {
            let at = decision.at;
            let right = decision.candidates.iter().position(|&candidate| candidate == Some(rights[at]));
            if let Some(right) = right
                && let Some(vote) = decision.votes.iter().find(|vote| vote.strength == Strength::Learned)
            {
                let start = at - usize::from(vote.offset);
                let phrase: String = givens[start..start + usize::from(vote.len)].iter().collect();
                let count = self.phrases.entry(phrase).or_default();
                *if usize::from(vote.candidate) == right { &mut count.right } else { &mut count.wrong } += 1;
            }
            // The weights of a feature are of the first candidates alone.
            if let Some(right) = right.filter(|&right| right < WEIGHED) {
                let sample = Sample::new(&decision, right, rights.len(), is_word);
                for (template, key) in sample.features() {
                    *self.seen.entry((template, key)).or_default() += times as u32;
                }
                self.samples.extend(std::iter::repeat_n(sample, times));
            }
        }
    }

    /// The phrases that were the longest ones over a character, and how often each was right.
    pub fn phrases(&self) -> &BTreeMap<String, Count> {
        &self.phrases
    }

    /// Learns, and returns the bytes of the model.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](fanjian_dictionary::ErrorKind::TooLarge) for a model of 4 GiB.
    pub fn train(self, training: Training) -> Result<Vec<u8>, Error> {
        self.learn(training).write()
    }

    fn learn(mut self, training: Training) -> Model {
        let seen = std::mem::take(&mut self.seen);
        let mut kept: Vec<(u8, Key)> =
            seen.into_iter().filter(|&(_, count)| count >= training.least).map(|(feature, _)| feature).collect();
        kept.sort_unstable();
        let places: HashMap<(u8, Key), u32> =
            kept.iter().enumerate().map(|(place, &feature)| (feature, place as u32)).collect();
        let samples: Vec<Placed> = self
            .samples
            .into_iter()
            .map(|sample| {
                let mut features = [NO_FEATURE; FEATURES];
                for (template, key) in sample.features() {
                    features[usize::from(template)] = places.get(&(template, key)).copied().unwrap_or(NO_FEATURE);
                }
                (features, sample.votes, sample.mask, sample.right)
            })
            .collect();
        drop(places);

        let mut weights = vec![[Weight::default(); WEIGHED]; kept.len()];
        let mut longest = [Weight { now: MARGIN, late: 0 }; LENGTHS];
        let mut others = [Weight::default(); LENGTHS];
        let mut order: Vec<u32> = (0..samples.len() as u32).collect();
        let mut random = training.seed;
        let mut moment = 0;
        for _ in 0..training.rounds {
            shuffle(&mut order, &mut random);
            for &index in &order {
                moment += 1;
                let (features, votes, mask, right) = &samples[index as usize];
                let mut scores = [0_i64; WEIGHED];
                for &feature in features.iter().filter(|&&feature| feature != NO_FEATURE) {
                    for (score, weight) in scores.iter_mut().zip(&weights[feature as usize]) {
                        *score += weight.now;
                    }
                }
                for (index, vote) in votes.iter().enumerate().filter(|(_, vote)| usize::from(vote.candidate) < WEIGHED)
                {
                    let weights = if index == 0 { &longest } else { &others };
                    scores[usize::from(vote.candidate)] += weights[usize::from(vote.len) - 2].now;
                }
                let right = usize::from(*right);
                let open = |candidate: &usize| mask >> candidate & 1 == 1 && *candidate != right;
                // Of equals, the first.
                let Some(other) = (0..WEIGHED).filter(open).max_by_key(|&other| (scores[other], WEIGHED - other))
                else {
                    continue;
                };
                if scores[right] - scores[other] >= MARGIN {
                    continue;
                }
                for &feature in features.iter().filter(|&&feature| feature != NO_FEATURE) {
                    weights[feature as usize][right].change(1, moment);
                    weights[feature as usize][other].change(-1, moment);
                }
                for (index, vote) in votes.iter().enumerate() {
                    let weights = if index == 0 { &mut longest } else { &mut others };
                    let weight = &mut weights[usize::from(vote.len) - 2];
                    if usize::from(vote.candidate) == right {
                        weight.change(1, moment);
                    } else if usize::from(vote.candidate) == other {
                        weight.change(-1, moment);
                    }
                }
            }
        }

        let moments = moment.max(1);
        let small = |weight: Weight| weight.average(moments).clamp(-127, 127) as i8;
        let mut features: Vec<Feature> = kept
            .into_iter()
            .zip(weights)
            .map(|((template, key), weights)| Feature {
                template: usize::from(template),
                key,
                weights: weights.map(small),
            })
            .collect();
        let weight = |feature: &Feature| feature.weights.iter().map(|weight| weight.unsigned_abs()).max().unwrap_or(0);
        features.retain(|feature| weight(feature) > 0);
        features.sort_by_key(|feature| (std::cmp::Reverse(weight(feature)), *feature));
        features.truncate(training.features);
        let large = |weight: Weight| weight.average(moments).clamp(-10_000, 10_000) as i16;
        Model { votes: VoteWeights { longest: longest.map(large), others: others.map(large) }, features }
    }
}

impl Sample {
    /// Of a line of `len` characters.
    fn new(decision: &Decision, right: usize, len: usize, is_word: bool) -> Sample {
        let mut features = [None; FEATURES];
        // Lines are cut from texts, and their ends say little of what a character is.
        for ((feature, &key), (left, right)) in features.iter_mut().zip(&decision.features).zip(SPANS) {
            let is_beyond = (is_word && left > decision.at) || decision.at + right >= len;
            *feature = (!is_beyond).then_some(key);
        }
        // A longer phrase may decide, and then nothing else matters; this is about the others.
        let votes: Box<[Vote]> =
            decision.votes.iter().copied().filter(|vote| vote.strength == Strength::Learned).collect();
        features[AGREEMENT] = votes.first().map(|&vote| agreement(decision.class, vote));
        let mask = (0..WEIGHED).filter(|&place| decision.candidates[place].is_some()).map(|place| 1 << place).sum();
        Sample { features, votes, mask, right: right as u8 }
    }

    fn features(&self) -> impl Iterator<Item = (u8, Key)> {
        self.features.iter().enumerate().filter_map(|(template, &key)| Some((template as u8, key?)))
    }
}

/// Puts the order at random: the same for the same state of `random`.
fn shuffle(order: &mut [u32], random: &mut u64) {
    for last in (1..order.len()).rev() {
        *random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let other = (mix(*random) % (last as u64 + 1)) as usize;
        order.swap(last, other);
    }
}

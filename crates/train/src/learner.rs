//! Learns the weights of a model from decisions whose outcome is known.
//!
//! Follow the regularised leader (FTRL-Proximal, McMahan and others 2013) on the logarithmic loss: each weight has a rate of
//! its own, and what too little speaks for stays 0, so that a feature that few lines show has no say. All of it is done in
//! an order that the seed decides, with operations that are the same on every machine.

use std::{collections::HashMap, hash::BuildHasherDefault, ops::AddAssign};

use fanjian_context::training::{CROSSINGS, Feature, LENGTHS, Model, VoteWeights, WEIGHED, mix};

use crate::samples::{FEATURES, Hashed, Sample, Samples, Seen, VoteOf};

/// How a model is learned.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// What the order of the decisions is made from.
    pub seed: u64,
    /// Features that were seen in fewer lines than this are left out.
    pub least: u32,
    /// The rate at which weights are learned at first.
    pub rate: f32,
    /// What must speak for a weight before it is other than 0.
    pub penalty: f32,
}

/// How fast a weight is learned, and what must speak for it.
#[derive(Clone, Copy, Debug)]
struct Pace {
    rate: f32,
    penalty: f32,
}

impl Pace {
    /// That of what every decision knows: nothing must speak for it.
    fn free(self) -> Pace {
        Pace { penalty: 0.0, ..self }
    }
}

/// The weights of a model for 1 as learned, which is a factor of e in probability.
const SCALE: f32 = 20.0;
/// How many gradients of 1 it takes until the rate is halved.
const BETA: f32 = 1.0;
const NO_FEATURE: u32 = u32::MAX;

/// A weight as the leader that is followed has it.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    /// The sum of gradients, and of the changes of rates.
    sum: f32,
    /// The sum of squared gradients.
    squares: f32,
}

impl Weight {
    #[inline]
    fn get(self, Pace { rate, penalty }: Pace) -> f32 {
        let over = self.sum.abs() - penalty;
        if over <= 0.0 { 0.0 } else { -self.sum.signum() * over * rate / (BETA + self.squares.sqrt()) }
    }

    #[inline]
    fn learn(&mut self, gradient: f32, pace: Pace) {
        let squares = self.squares + gradient * gradient;
        self.sum += gradient - (squares.sqrt() - self.squares.sqrt()) / pace.rate * self.get(pace);
        self.squares = squares;
    }
}

/// The features of a decision, as places among the weights.
pub type Places = [u32; FEATURES];

/// What is learned, while it is.
#[derive(Clone)]
pub struct Learner {
    /// The features, in order of their hashes.
    seen: Vec<(u64, Seen)>,
    weights: Vec<[Weight; WEIGHED]>,
    longest: [Weight; LENGTHS],
    others: [[Weight; LENGTHS]; CROSSINGS],
    pace: Pace,
    random: u64,
}

impl Learner {
    /// Nothing is learned yet of the features that were seen in enough lines.
    pub fn new(samples: &Samples, training: &Training) -> Learner {
        let is_seen = |seen: &Seen| seen.lines >= training.least;
        let mut seen: Vec<(u64, Seen)> =
            samples.seen.iter().filter(|(_, seen)| is_seen(seen)).map(|(&hash, &seen)| (hash, seen)).collect();
        seen.sort_unstable_by_key(|&(hash, _)| hash);
        let weights = vec![[Weight::default(); WEIGHED]; seen.len()];
        Learner {
            seen,
            weights,
            longest: [Weight::default(); LENGTHS],
            others: [[Weight::default(); LENGTHS]; CROSSINGS],
            pace: Pace { rate: training.rate, penalty: training.penalty },
            random: training.seed,
        }
    }

    /// The number of features.
    pub fn features(&self) -> usize {
        self.seen.len()
    }

    /// Where the features of each decision are.
    pub fn places(&self, samples: &[Sample]) -> Vec<Places> {
        let places: HashMap<u64, u32, BuildHasherDefault<Hashed>> =
            self.seen.iter().enumerate().map(|(place, &(hash, _))| (hash, place as u32)).collect();
        let place = |sample: &Sample| sample.features.map(|hash| places.get(&hash).copied().unwrap_or(NO_FEATURE));
        samples.iter().map(place).collect()
    }

    /// Learns from each of these decisions once, in an order at random.
    pub fn round(&mut self, samples: &[Sample], places: &[Places]) {
        let mut order: Vec<u32> = (0..samples.len() as u32).collect();
        shuffle(&mut order, &mut self.random);
        for index in order {
            self.learn(&samples[index as usize], &places[index as usize]);
        }
    }

    fn learn(&mut self, sample: &Sample, places: &Places) {
        let pace = self.pace;
        let scores = self.scores(sample, places, |weight| weight.get(pace), |weight| weight.get(pace.free()));
        // How probable each open candidate is, and how probable it should be: of several that are right, as they are.
        let best = sample.open().map(|candidate| scores[candidate]).fold(f32::MIN, f32::max);
        let mut shares = [0.0_f32; WEIGHED];
        let (mut all, mut rights) = (0.0, 0.0);
        for candidate in sample.open() {
            shares[candidate] = libm::expf(scores[candidate] - best);
            all += shares[candidate];
            if sample.is_right(candidate) {
                rights += shares[candidate];
            }
        }
        let rights = f32::max(rights, f32::MIN_POSITIVE);
        let mut gradients = [0.0_f32; WEIGHED];
        for candidate in sample.open() {
            let right = if sample.is_right(candidate) { shares[candidate] / rights } else { 0.0 };
            gradients[candidate] = sample.weight * (shares[candidate] / all - right);
        }
        if gradients.iter().all(|gradient| gradient.abs() < 1e-3 * sample.weight) {
            return;
        }
        // The first feature is the character alone: what it weighs is how often it has each reading.
        let first = usize::from(sample.is_chosen);
        for &place in places[first..].iter().filter(|&&place| place != NO_FEATURE) {
            for (weight, &gradient) in self.weights[place as usize].iter_mut().zip(&gradients) {
                if gradient != 0.0 {
                    weight.learn(gradient, self.pace);
                }
            }
        }
        if sample.is_chosen {
            return;
        }
        for vote in sample.votes.iter() {
            let place = usize::from(vote.len) - 2;
            let weight = match vote.is_longest {
                true => &mut self.longest[place],
                false => &mut self.others[usize::from(vote.crossed)][place],
            };
            weight.learn(gradients[usize::from(vote.candidate)], self.pace.free());
        }
    }

    /// The scores of the candidates, by what weights of features and of phrases are.
    #[inline]
    fn scores<S: Copy + Default + AddAssign>(
        &self,
        sample: &Sample,
        places: &Places,
        feature: impl Fn(Weight) -> S,
        phrase: impl Fn(Weight) -> S,
    ) -> [S; WEIGHED] {
        let mut scores = [S::default(); WEIGHED];
        for &place in places.iter().filter(|&&place| place != NO_FEATURE) {
            for (score, &weight) in scores.iter_mut().zip(&self.weights[place as usize]) {
                *score += feature(weight);
            }
        }
        for vote in sample.votes.iter() {
            scores[usize::from(vote.candidate)] += phrase(self.vote(vote));
        }
        scores
    }

    /// What a phrase weighs.
    fn vote(&self, vote: VoteOf) -> Weight {
        let place = usize::from(vote.len) - 2;
        if vote.is_longest { self.longest[place] } else { self.others[usize::from(vote.crossed)][place] }
    }

    /// Keeps the features that weigh most, at most this many: those that many lines have weigh a little more than others.
    pub fn keep(&mut self, most: usize) {
        let weigh = |(weights, (_, seen)): (&[Weight; WEIGHED], &(u64, Seen))| {
            let weight = weights.iter().map(|weight| weight.get(self.pace).abs()).fold(0.0, f32::max);
            weight * libm::logf(1.0 + seen.lines as f32)
        };
        let mut order: Vec<(f32, usize)> =
            self.weights.iter().zip(&self.seen).map(weigh).enumerate().map(|(place, weight)| (weight, place)).collect();
        order.retain(|&(weight, _)| weight > 0.0);
        order.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        order.truncate(most);
        let mut kept: Vec<usize> = order.into_iter().map(|(_, place)| place).collect();
        kept.sort_unstable();
        self.seen = kept.iter().map(|&place| self.seen[place]).collect();
        self.weights = kept.iter().map(|&place| self.weights[place]).collect();
    }

    /// The model, with weights of 8 bits.
    pub fn model(&self) -> Model {
        let weight = |weight: Weight| small(weight, self.pace);
        let vote = |weight: Weight| large(weight, self.pace);
        let features = self.seen.iter().zip(&self.weights).map(|((_, seen), weights)| Feature {
            template: usize::from(seen.template),
            key: seen.key,
            weights: weights.map(weight),
        });
        let votes = VoteWeights { longest: self.longest.map(vote), others: self.others.map(|others| others.map(vote)) };
        Model { votes, features: features.filter(|feature| feature.weights != [0; WEIGHED]).collect() }
    }

    /// The candidate that the model with weights of 8 bits decides for, and how much higher it scores than the next one.
    pub fn decide(&self, sample: &Sample, places: &Places) -> (usize, i32) {
        let pace = self.pace;
        let scores: [i32; WEIGHED] =
            self.scores(sample, places, |weight| small(weight, pace).into(), |weight| large(weight, pace).into());
        let mut open: Vec<usize> = sample.open().collect();
        open.sort_by_key(|&candidate: &usize| (-scores[candidate], candidate));
        let margin = open.get(1).map_or(i32::MAX, |&second| scores[open[0]] - scores[second]);
        (open[0], margin)
    }
}

fn small(weight: Weight, pace: Pace) -> i8 {
    (weight.get(pace) * SCALE).round().clamp(-127.0, 127.0) as i8
}

fn large(weight: Weight, pace: Pace) -> i16 {
    (weight.get(pace.free()) * SCALE).round().clamp(-10_000.0, 10_000.0) as i16
}

/// Puts the order at random: the same for the same state of `random`.
fn shuffle(order: &mut [u32], random: &mut u64) {
    for last in (1..order.len()).rev() {
        *random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let other = (mix(*random) % (last as u64 + 1)) as usize;
        order.swap(last, other);
    }
}

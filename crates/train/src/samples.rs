//! The decisions that are learned from: their features, the phrases that cover them, and the candidates that are right.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasherDefault, Hasher},
};

use fanjian_context::training::{AGREEMENT, Decision, Engine, Key, Longest, SPANS, Strength, Vote, WEIGHED, agreement};

/// The number of features of a decision: those of its neighbours, and one for the longest phrase.
pub(crate) const FEATURES: usize = AGREEMENT + 1;

/// A decision whose outcome is known.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its features, as hashes, each at the place of its template; 0 where nothing is known.
    pub(crate) features: [u64; FEATURES],
    pub(crate) votes: Votes,
    /// The candidates that are open, as bits.
    pub(crate) open: u8,
    /// Those that are right, as bits.
    pub(crate) right: u8,
    pub(crate) weight: f32,
    /// Whether it is of a text that was written for its readings: how often each occurs there says nothing.
    pub(crate) is_chosen: bool,
}

impl Sample {
    /// The places of the open candidates among those of its class.
    pub(crate) fn open(&self) -> impl Iterator<Item = usize> {
        let open = self.open;
        (0..WEIGHED).filter(move |candidate| open >> candidate & 1 == 1)
    }

    /// Whether it is of a text that was written for its readings.
    pub fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// Whether a candidate is right, by its place among those of its class.
    pub fn is_right(&self, candidate: usize) -> bool {
        candidate < WEIGHED && self.right >> candidate & 1 == 1
    }
}

/// What phrases say of a character, as far as that is learned: the longest four.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Votes {
    list: [VoteOf; 4],
    len: u8,
}

/// What one phrase says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct VoteOf {
    pub(crate) len: u8,
    pub(crate) candidate: u8,
    pub(crate) crossed: u8,
    /// Whether it is the longest one, and undisputed.
    pub(crate) is_longest: bool,
}

impl Votes {
    fn new(votes: &[Vote], longest: Option<Vote>) -> Votes {
        let mut known = Votes::default();
        for (place, vote) in known.list.iter_mut().zip(votes) {
            let Vote { len, candidate, crossed, .. } = *vote;
            *place = VoteOf { len, candidate, crossed, is_longest: longest == Some(*vote) };
            known.len += 1;
        }
        known
    }

    /// Those of the candidates that weights are learned for, the longest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = VoteOf> {
        self.list.into_iter().take(self.len.into()).filter(|vote| usize::from(vote.candidate) < WEIGHED)
    }
}

/// How often a phrase was right and wrong, where it was the longest one over a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// What it said was right.
    pub right: u32,
    /// It was not.
    pub wrong: u32,
}

/// A feature by its template and key, and in how many different lines it was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) template: u8,
    pub(crate) key: Key,
    pub(crate) lines: u32,
    last_line: u32,
}

/// Decisions as they are collected.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    list: Vec<Sample>,
    pub(crate) seen: HashMap<u64, Seen, BuildHasherDefault<Hashed>>,
    phrases: BTreeMap<String, Count>,
    lines: u32,
}

/// Takes keys that are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers")
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// What is known of the text around a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edges {
    /// It begins a line of a text; its end may be a cut.
    Line,
    /// It is a word, or a place cut out of a text: nothing is known of what is beside it.
    Cut,
    /// As `Line`, of a text that was written for the readings of its characters.
    Chosen,
}

impl Samples {
    /// No decisions yet.
    pub fn new() -> Samples {
        Samples::default()
    }

    /// Some of the decisions.
    pub fn range(&self, range: impl std::slice::SliceIndex<[Sample], Output = [Sample]>) -> &[Sample] {
        &self.list[range]
    }

    /// The decisions before a place, and those from it on.
    pub fn split_at(&self, place: usize) -> (&[Sample], &[Sample]) {
        self.list.split_at(place)
    }

    /// How many decisions there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The sample of a decision that is about a character of a text cut out of a longer one, of this many characters: what is
    /// right there is not known, so that nothing can be learned from it. None if fewer than two candidates are open.
    pub fn unknown(decision: &Decision, len: usize) -> Option<Sample> {
        let mut samples = Samples::new();
        samples.push(decision, u8::MAX, 1.0, len, Edges::Cut);
        samples.list.pop().filter(|sample| sample.open.count_ones() > 1)
    }

    /// Adds the decisions of a line: what the engine asks about `given`, answered by `right`, which has the same
    /// characters in the right form. Lines whose lengths differ are left out.
    pub fn line(&mut self, engine: &Engine, given: &str, right: &str, weight: f32, edges: Edges) {
        let rights: Vec<char> = right.chars().collect();
        let givens: Vec<char> = given.chars().collect();
        if givens.len() != rights.len() {
            return;
        }
        self.lines += 1;
        for decision in engine.decisions(given) {
            let at = decision.at;
            let Some(right) = decision.candidates.iter().position(|&candidate| candidate == Some(rights[at])) else {
                continue;
            };
            if let Some(vote) = decision.votes.iter().find(|vote| vote.strength == Strength::Learned) {
                let start = at - usize::from(vote.offset);
                let phrase: String = givens[start..start + usize::from(vote.len)].iter().collect();
                let count = self.phrases.entry(phrase).or_default();
                *if usize::from(vote.candidate) == right { &mut count.right } else { &mut count.wrong } += 1;
            }
            self.push(&decision, 1 << right, weight, givens.len(), edges);
        }
    }

    /// Adds one decision, about the character between a text to the left and one to the right: right is there what `rights`
    /// returns, some of the candidates' outputs. False if there is nothing to decide, or no right candidate.
    pub fn place(
        &mut self,
        engine: &Engine,
        (left, character, right): (&str, char, &str),
        rights: impl Fn(&Decision) -> String,
        weight: f32,
    ) -> bool {
        self.lines += 1;
        let at = left.chars().count();
        let text = format!("{left}{character}{right}");
        let Some(decision) = engine.decisions(&text).into_iter().find(|decision| decision.at == at) else {
            return false;
        };
        let rights = rights(&decision);
        let is_right = |place: &usize| decision.candidates[*place].is_some_and(|candidate| rights.contains(candidate));
        let right = (0..WEIGHED).filter(is_right).map(|place| 1_u8 << place).sum();
        self.push(&decision, right, weight, text.chars().count(), Edges::Cut)
    }

    fn push(&mut self, decision: &Decision, right: u8, weight: f32, len: usize, edges: Edges) -> bool {
        // The weights of a feature are of the first candidates alone.
        let open = (0..WEIGHED).filter(|&place| decision.candidates[place].is_some()).map(|place| 1 << place).sum();
        let right = right & open;
        if right == 0 {
            return false;
        }
        // A phrase that decides is not outweighed, and then nothing else matters; this is about the others.
        let votes: Vec<Vote> =
            decision.votes.iter().copied().filter(|vote| vote.strength == Strength::Learned).collect();
        let mut features = [0; FEATURES];
        for (template, ((&key, (left, right)), feature)) in
            decision.features.iter().zip(SPANS).zip(&mut features).enumerate()
        {
            // Lines are cut from texts, and their ends say little of what a character is.
            let is_beyond = (edges == Edges::Cut && left > decision.at) || decision.at + right >= len;
            if !is_beyond {
                *feature = self.see(template, key);
            }
        }
        let mut longest = Longest::default();
        votes.iter().for_each(|&vote| longest.take(vote));
        let longest = longest.undisputed();
        if let Some(longest) = longest {
            features[AGREEMENT] = self.see(AGREEMENT, agreement(decision.class, longest));
        }
        self.list.push(Sample {
            features,
            votes: Votes::new(&votes, longest),
            open,
            right,
            weight,
            is_chosen: edges == Edges::Chosen,
        });
        true
    }

    fn see(&mut self, template: usize, key: Key) -> u64 {
        let hash = key.hash(template);
        let line = self.lines;
        let seen = self.seen.entry(hash).or_insert(Seen { template: template as u8, key, lines: 0, last_line: 0 });
        if seen.last_line != line {
            (seen.lines, seen.last_line) = (seen.lines + 1, line);
        }
        hash
    }

    /// Forgets the features by themselves, once a learner has those that it learns.
    pub fn forget(&mut self) {
        self.seen = HashMap::default();
    }

    /// The phrases that were the longest ones over a character, and how often each was right.
    pub fn phrases(&self) -> &BTreeMap<String, Count> {
        &self.phrases
    }
}

//! What a learner needs: the decisions that a line asks for, and the parts that a [`Model`] is made of.

pub use crate::{
    characters::{CANDIDATES, Class},
    engine::Engine,
    hashed::mix,
    model::{AGREEMENT, CROSSINGS, Feature, Key, LENGTHS, Model, SPANS, TEMPLATES, VoteWeights, WEIGHED, agreement},
    phrases::{Longest, Strength, Vote},
};
use crate::{
    engine::ScriptContext,
    model::{self, Scores},
    neighbours::neighbours,
};

/// What a decision looks at.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The class of the character.
    pub class: Class,
    /// The candidates' outputs, each at its place; none where it is not open to the character.
    pub candidates: [Option<char>; CANDIDATES],
    /// The features of the characters around it.
    pub features: [Key; TEMPLATES.len()],
    /// The phrases that cover it, the longest first.
    pub votes: Vec<Vote>,
    /// Which character of the text it is about, counted from 0.
    pub at: usize,
}

impl Engine {
    /// The decisions that a line asks for, each by itself.
    pub fn decisions(&self, line: &str) -> Vec<Decision> {
        let classes: Vec<Class> = line.chars().map(|character| self.entries.class(character)).collect();
        let decision = |(at, character): (usize, char)| {
            let choice = self.choice(character)?;
            let votes = self.shared.lexicon.all_votes(&classes, at);
            let votes = votes.map(|vote| self.shared.crossed(&classes, at, vote)).collect();
            let candidates = std::array::from_fn(|candidate| {
                (choice.mask >> candidate & 1 == 1).then(|| self.candidate(&choice, candidate).character())
            });
            let neighbours = neighbours(&classes, at);
            let features = std::array::from_fn(|template| model::key(template, classes[at], neighbours));
            Some(Decision { class: classes[at], candidates, features, votes, at })
        };
        line.chars().enumerate().filter_map(decision).collect()
    }

    /// The decisions of a Simplified line: the place of each character, counted from 0; the candidates' outputs; and how
    /// much higher the best one scores than the next one.
    pub fn margins(&self, line: &str) -> Vec<(usize, Vec<char>, i32)> {
        let classes: Vec<Class> = line.chars().map(|character| self.entries.class(character)).collect();
        let context = ScriptContext::of_other_script();
        let margin = |(at, character): (usize, char)| {
            let choice = self.choice(character)?;
            let mut scores = Scores::default();
            self.score(&choice, &classes, &self.surroundings(&classes, at), context, &mut scores, |_, _, _| {});
            let mut open: Vec<usize> = (0..CANDIDATES).filter(|candidate| choice.mask >> candidate & 1 == 1).collect();
            open.sort_by_key(|&candidate| (-scores[candidate], candidate));
            let margin = scores[*open.first()?] - scores[*open.get(1)?];
            Some((
                at,
                open.into_iter().map(|candidate| self.candidate(&choice, candidate).character()).collect(),
                margin,
            ))
        };
        line.chars().enumerate().filter_map(margin).collect()
    }
}

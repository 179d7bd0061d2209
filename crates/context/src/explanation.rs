//! Why each character of a text becomes what it does.

use std::{ops::Range, slice};

use crate::{
    characters::{CANDIDATES, Class},
    engine::{Engine, Evidence, ScannedSegment, ScriptContext, best},
    history::ScriptHistory,
    kept::KeptWord,
    lookups::Lookups,
    model::{self, Scores, TEMPLATES},
    own::{OwnWord, Replacement},
    phrases::Vote,
    segment::Segment,
    style::HouseStyle,
    tables::Choice,
    target::Target,
};

/// A part of a text that changed, or for which a decision was made: see [`Engine::explain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its place in the text, in bytes.
    pub source: Range<usize>,
    /// What it became.
    pub output: String,
    /// What a house style made of that, if something else.
    pub styled: Option<String>,
    /// What was to be decided.
    pub reason: Reason,
}

/// Why a part of a text became what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The character has no other output.
    Only,
    /// Among candidates, best first.
    Choice {
        /// The candidates in the order of their scores.
        candidates: Vec<Candidate>,
        /// How much more than the character itself a candidate must score to take its place.
        margin: i32,
    },
    /// The region has another word.
    Word,
    /// It is an own word: the one at this place of their list.
    Own(usize),
    /// Nothing else than a house style changed it.
    Style,
}

/// A candidate, and what spoke for it and against it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Candidate {
    /// The character.
    pub text: String,
    /// The sum of all that spoke.
    pub score: i32,
    /// What spoke: weights above 0 for it, below 0 against it.
    pub features: Vec<Feature>,
}

/// Something that spoke in a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Feature {
    /// What it is: a kind of feature, and the characters that it looks at, by the names of their classes.
    pub name: String,
    /// What it weighs.
    pub weight: i32,
}

impl Engine {
    /// Converts a text with these own words, as [`State::new`](crate::State::new) begins it, or as the rest of one of this
    /// history, and calls `take` with why, for each character that has changed or was decided about. Without `with_candidates`, which
    /// cost most of the time, choices have none.
    pub fn explain(
        &self,
        text: &str,
        from: Option<Target>,
        history: &mut ScriptHistory,
        own: &[OwnWord],
        with_candidates: bool,
        mut take: impl FnMut(Outcome),
    ) {
        let mut outcomes = Vec::new();
        let mut scanned = ScannedSegment::default();
        let mut at = 0;
        while let Some(len) = self.scan(&mut scanned.segment, &text[at..], true) {
            let source = &text[at..at + len];
            scanned.context = self.context(&scanned.segment, from, history);
            let first = own.partition_point(|word| word.source.end <= at);
            self.explain_segment(&mut scanned, (source, at), (own, first), with_candidates, &mut outcomes);
            outcomes.drain(..).for_each(&mut take);
            scanned.segment.next(source.ends_with('\n'));
            at += len;
        }
    }

    fn explain_segment(
        &self,
        scanned: &mut ScannedSegment,
        (text, offset): (&str, usize),
        (own, first_own): (&[OwnWord], usize),
        with_candidates: bool,
        outcomes: &mut Vec<Outcome>,
    ) {
        let places: Vec<(usize, char)> = text.char_indices().collect();
        let start_of = |place: usize| places.get(place).map_or(text.len(), |&(start, _)| start);
        let (mut choices, mut lookups) = (Vec::new(), Lookups::default());
        self.decide(slice::from_mut(scanned), &mut lookups, |choice, at, output| {
            choices.push((choice, at, output.text()));
        });
        let &mut ScannedSegment { ref segment, context, .. } = scanned;
        let before = segment.own().start;
        let mut choices = choices.into_iter().peekable();
        let mut replacements =
            self.replacements(segment, context, text, offset, &own[first_own..]).into_iter().peekable();
        let mut index = 0;
        let mut run = Run::new(self.style.as_ref());
        while index < places.len() {
            let (start, character) = places[index];
            if let Some(Replacement { places, value, own: index_of_own }) =
                replacements.next_if(|replacement| replacement.places.start == before + index)
            {
                let next = index + places.len();
                let source = offset + start..offset + start_of(next);
                let output = value.to_owned();
                match index_of_own.map(|index| (first_own + index, &own[first_own + index].source)) {
                    None => {
                        run.add(&output, source.clone(), Some(outcomes.len()));
                        outcomes.push(Outcome::new(source, output, Reason::Word));
                    }
                    Some((index, source)) if source.start >= offset => {
                        run.end(outcomes);
                        outcomes.push(Outcome::new(source.clone(), output, Reason::Own(index)));
                    }
                    // The rest of one that began in an earlier segment.
                    Some(_) => run.end(outcomes),
                }
                while choices.next_if(|&(_, at, _)| at < before + next).is_some() {}
                index = next;
                continue;
            }
            let source = offset + start..offset + start + character.len_utf8();
            if let Some((choice, at, output)) = choices.next_if(|&(_, at, _)| at == before + index) {
                let candidates = || self.candidates(&choice, segment.classes(), at, context);
                let candidates = with_candidates.then(candidates).unwrap_or_default();
                let margin = if choice.unchanged != 0 { context.margin } else { 0 };
                run.add(&output, source.clone(), Some(outcomes.len()));
                outcomes.push(Outcome::new(source, output, Reason::Choice { candidates, margin }));
            } else if let Some(output) = self.only(character).filter(|_| !segment.is_japanese(before + index)) {
                let output = output.to_string();
                run.add(&output, source.clone(), Some(outcomes.len()));
                outcomes.push(Outcome::new(source, output, Reason::Only));
            } else {
                run.add(&text[start..start + character.len_utf8()], source, None);
            }
            index += 1;
        }
        run.end(outcomes);
        outcomes.sort_by_key(|outcome| outcome.source.start);
    }

    /// The candidates of a character, best first, and what spoke for each.
    fn candidates(&self, choice: &Choice, classes: &[Class], at: usize, context: ScriptContext) -> Vec<Candidate> {
        let mut scores = Scores::default();
        let mut features: [Vec<Feature>; CANDIDATES] = std::array::from_fn(|_| Vec::new());
        let surroundings = self.surroundings(classes, at);
        self.score(choice, classes, &surroundings, context, &mut scores, |evidence, candidate, weight| {
            if matches!(evidence, Evidence::Preference(_)) {
                features = std::array::from_fn(|_| Vec::new());
            }
            if weight != 0 {
                features[candidate].push(Feature { name: evidence.name(classes, at), weight });
            }
        });
        let chosen = best(choice, &scores, context.margin);
        let mut order: Vec<usize> = (0..CANDIDATES).filter(|candidate| choice.mask >> candidate & 1 == 1).collect();
        order.sort_by_key(|&candidate| (candidate != chosen, -scores[candidate], candidate));
        let candidate = |candidate: usize| Candidate {
            text: self.candidate(choice, candidate).text(),
            score: scores[candidate],
            features: std::mem::take(&mut features[candidate]),
        };
        order.into_iter().map(candidate).collect()
    }

    /// The words of a text that the region has others for, and that stay; in order, as
    /// [`explain`](Engine::explain) takes the text. None if all words stay.
    pub fn kept_words(&self, text: &str, from: Option<Target>, history: &mut ScriptHistory) -> Vec<KeptWord> {
        let mut kept = Vec::new();
        let Some(words) = self.all_words() else { return kept };
        let mut segment = Segment::default();
        let mut at = 0;
        while let Some(len) = self.scan(&mut segment, &text[at..], true) {
            let source = &text[at..at + len];
            let script = self.context(&segment, from, history).script();
            let before = segment.own().start;
            let starts: Vec<usize> = source.char_indices().map(|(start, _)| start).chain([len]).collect();
            for (place, found, reason) in words.kept(segment.classes(), segment.own(), script) {
                let from = place - before;
                if !segment.is_japanese(place) {
                    let source = at + starts[from]..at + starts[from + found.len];
                    kept.push(KeptWord { source, value: found.value.to_owned(), reason });
                }
            }
            segment.next(source.ends_with('\n'));
            at += len;
        }
        kept
    }
}

impl Outcome {
    fn new(source: Range<usize>, output: String, reason: Reason) -> Outcome {
        Outcome { source, output, styled: None, reason }
    }
}

/// What stands between two own words, for a house style.
struct Run<'s> {
    style: Option<&'s HouseStyle>,
    text: String,
    /// The parts of the text: where they end in it, where they were, and which outcome is theirs.
    parts: Vec<(usize, Range<usize>, Option<usize>)>,
}

impl<'s> Run<'s> {
    fn new(style: Option<&'s HouseStyle>) -> Run<'s> {
        Run { style, text: String::new(), parts: Vec::new() }
    }

    fn add(&mut self, output: &str, source: Range<usize>, outcome: Option<usize>) {
        if self.style.is_some() {
            self.text.push_str(output);
            self.parts.push((self.text.len(), source, outcome));
        }
    }

    /// Adds to the outcomes what the style makes of the run, and begins the next one.
    fn end(&mut self, outcomes: &mut Vec<Outcome>) {
        let Some(style) = self.style else { return };
        let mut written = Vec::new();
        style.write(&self.text, &mut written);
        // A style writes each character at its place.
        let written = String::from_utf8_lossy(&written);
        let mut from = 0;
        for (to, source, outcome) in self.parts.drain(..) {
            let (old, new) = (&self.text[from..to], &written[from..to]);
            from = to;
            match outcome {
                _ if old == new => {}
                Some(outcome) => outcomes[outcome].styled = Some(new.to_owned()),
                None => outcomes.push(Outcome::new(source, new.to_owned(), Reason::Style)),
            }
        }
        self.text.clear();
    }
}

impl Evidence {
    fn name(self, classes: &[Class], at: usize) -> String {
        let text = |from: usize, len: usize| -> String {
            let run = classes.iter().skip(from).take(len);
            run.map(|&class| char::from_u32(u32::from(class)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        };
        let phrase = |vote: Vote| text(at - usize::from(vote.offset), vote.len.into());
        match self {
            Evidence::Vote(vote) | Evidence::Preference(vote) => format!("phrase {}", phrase(vote)),
            Evidence::Longest(vote) => format!("phrase {}, the longest", phrase(vote)),
            Evidence::Cantonese => "Cantonese".to_owned(),
            Evidence::Agreement(vote) => format!("phrase {}, for this character", phrase(vote)),
            Evidence::Repeated(twin) => format!("repeated {}", text(at.min(twin), at.abs_diff(twin) + 1)),
            Evidence::Template(template) => {
                let (left, right) = model::SPANS[template];
                format!("{} {}", TEMPLATES[template], text(at.saturating_sub(left), left.min(at) + 1 + right))
            }
        }
    }
}

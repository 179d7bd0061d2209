//! Conversion to targets: `fanjian_context` with the built-in tables, behind the stages of protected terms and own words.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
    sync::{Mutex, OnceLock, PoisonError},
};

use fanjian_context::{
    BEFORE, Engine, HouseStyle, Outcome, OwnWord, Reason, ScriptHistory, State, Target, Vocabulary, WordLayers,
};
use fanjian_dictionary::{Dictionary, Entries, Error, Found, Group};
use fanjian_engine::{Output, ReferenceChain, Stage, StageKind};

use crate::{
    Config, data, preferences,
    segments::{Decision, Replacement, Segment, Step},
};

/// The engine of a target, with a vocabulary but for the words of these layers. The first call reads its tables, which costs
/// about a fifth of a millisecond.
pub(crate) fn engine(target: Target, vocabulary: Vocabulary, kept: WordLayers) -> &'static Engine {
    const KINDS: usize = Vocabulary::ALL.len() * WordLayers::SETS;
    const ENGINES: usize = Target::ALL.len() * KINDS;
    static FOUND: [OnceLock<Engine>; ENGINES] = [const { OnceLock::new() }; ENGINES];
    let engine = || Engine::read(data::target_tables(target), target, vocabulary).map(|engine| engine.keep_words(kept));
    FOUND[target as usize * KINDS + vocabulary as usize * WordLayers::SETS + kept.index()]
        .get_or_init(|| engine().expect("the build script compiled the tables for this version"))
}

/// The same engine in the house style of these entries, in which these characters are preferred. The first one with each
/// choice of them costs about a megabyte, which stays.
pub(crate) fn styled(engine: &'static Engine, preferred: &[char], entries: &Entries) -> Result<&'static Engine, Error> {
    static STYLED: Mutex<BTreeMap<(usize, Vec<char>), &'static Engine>> = Mutex::new(BTreeMap::new());
    let mut preferred = preferred.to_vec();
    preferred.sort_unstable();
    preferred.dedup();
    let mut styled = STYLED.lock().unwrap_or_else(PoisonError::into_inner);
    // An engine is known by its place: none is ever freed.
    match styled.entry((std::ptr::from_ref(engine).addr(), preferred)) {
        Entry::Occupied(known) => Ok(*known.get()),
        Entry::Vacant(place) => {
            let style = HouseStyle::new(preferences::NAME, entries)?;
            Ok(place.insert(Box::leak(Box::new(engine.clone().with_style(style)))))
        }
    }
}

/// A target, as a converter is made for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetPlan {
    pub(crate) engine: &'static Engine,
    /// The script that the text is said to be of.
    pub(crate) source_script: Option<Target>,
}

impl TargetPlan {
    /// To a target, with all words as they are.
    pub(crate) fn new(target: Target) -> TargetPlan {
        TargetPlan { engine: engine(target, Vocabulary::Keep, WordLayers::default()), source_script: None }
    }
}

/// A conversion to a target of a text that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) struct TargetConversion {
    engine: &'static Engine,
    state: State,
    search: OwnSearch,
    /// None before it is needed.
    before: Option<ReferenceChain>,
    /// The text has ended: what comes next is another one.
    has_ended: bool,
}

impl TargetConversion {
    pub(crate) fn new(TargetPlan { engine, source_script }: TargetPlan) -> TargetConversion {
        let state = State::new(source_script);
        TargetConversion { engine, state, search: OwnSearch::default(), before: None, has_ended: false }
    }

    /// What the text has shown so far of its script, or the one that has just ended.
    pub(crate) fn history(&self) -> ScriptHistory {
        self.state.history()
    }

    /// Takes what comes next for the rest of a text of this history.
    pub(crate) fn go_on(&mut self, history: ScriptHistory) {
        self.state.set_history(history);
        self.has_ended = false;
    }

    /// Converts another piece of the text, through the stages that come before the target.
    pub(crate) fn feed(&mut self, stages: &[Stage], text: &str, last: bool, out: &mut Vec<u8>) {
        if self.has_ended {
            self.state.set_history(ScriptHistory::default());
        }
        self.has_ended = last;
        let (stages, own) = split(stages);
        let before = self.before.get_or_insert_with(|| ReferenceChain::new(stages));
        let TargetConversion { engine, state, search, .. } = self;
        before.feed(stages, text, last, &mut TargetOutput { engine, state, own, search, out });
    }
}

/// The user's own words, as a target takes them.
#[derive(Clone, Copy)]
pub(crate) struct Own<'s> {
    stage: &'s Stage,
    words: &'s Group,
}

/// The stages of a target that text goes through before it, and the own words, which are its last stage: see
/// [`resolve::target`](crate::resolve::target).
pub(crate) fn split(stages: &[Stage]) -> (&[Stage], Option<Own<'_>>) {
    if let Some((stage, before)) = stages.split_last()
        && let StageKind::Segment { user: Some(words), .. } = stage.kind()
    {
        return (before, Some(Own { stage, words }));
    }
    (stages, None)
}

impl<'s> Own<'s> {
    /// Finds the own words of a text from `at` on, at each place the longest, that no longer word of the target's covers.
    /// Returns how much of the text has been decided about.
    fn find(
        self,
        engine: &Engine,
        text: &str,
        mut at: usize,
        last: bool,
        mut found: impl FnMut(usize, Found<'s>),
    ) -> usize {
        loop {
            at = self.next(text, at, last);
            let rest = &text[at..];
            let Some(character) = rest.chars().next() else { return at };
            let search = self.words.search(rest);
            if search.open && !last {
                return at;
            }
            at += match search.found {
                None => character.len_utf8(),
                Some(word) => match engine.is_covered(text, at..at + word.len, last) {
                    None => return at,
                    Some(is_covered) if is_covered || is_in_phrase(text, at..at + word.len) => character.len_utf8(),
                    Some(_) => {
                        found(at, word);
                        word.len
                    }
                },
            };
        }
    }

    /// The next place at which an own word begins, or at which that is not known without a search.
    fn next(self, text: &str, at: usize, last: bool) -> usize {
        let Some(table) = self.stage.own_words() else { return at };
        // Up to there, a longer key cannot go on behind the text.
        let end =
            if last { text.len() } else { text.floor_char_boundary(text.len().saturating_sub(table.longest_key())) };
        table.first(text, at..end).map_or(at.max(end), |(at, _)| at)
    }
}

/// Whether a longer one of OpenCC's phrases covers a part of a text: also one that has nothing to decide, which the engine
/// does not know. As much of the text counts as for [`Engine::is_covered`].
fn is_in_phrase(text: &str, part: Range<usize>) -> bool {
    static PHRASES: OnceLock<Vec<Dictionary>> = OnceLock::new();
    let phrases = PHRASES.get_or_init(|| ["STPhrases", "TSPhrases"].into_iter().filter_map(data::builtin).collect());
    // Few words are beside a character that a key may hold together with their end: no others have to be searched for.
    let (own, behind) = (&text[part.clone()], text[part.end..].chars().next());
    let reaches_over = |left: Option<char>, right: Option<char>| {
        let may_join = |left, right| {
            let mut tables = [Config::S2t, Config::T2s].into_iter().map(|config| data::tables(config, false));
            // Tables that are not there do not say that it cannot.
            tables.any(|tables| tables.is_none_or(|tables| tables.may_join(left, right)))
        };
        left.zip(right).is_some_and(|(left, right)| may_join(left, right))
    };
    let reaches_back = reaches_over(text[..part.start].chars().next_back(), own.chars().next());
    if !reaches_back && !reaches_over(own.chars().next_back(), behind) {
        return false;
    }
    let before = text[..part.start].char_indices().rev().take(BEFORE).take_while(|&(_, character)| character != '\n');
    before.map(|(at, _)| at).chain([part.start]).any(|start| {
        let end = text[start..].char_indices().nth(BEFORE + 1).map_or(text.len(), |(end, _)| start + end);
        let is_longer = |found: &Found<'_>| start + found.len >= part.end && found.len > part.len();
        phrases
            .iter()
            .any(|phrases| phrases.longest_match(&text[start..end]).found.is_some_and(|found| is_longer(&found)))
    })
}

/// The search for own words in a text that comes in pieces.
#[derive(Clone, Debug, Default)]
struct OwnSearch {
    /// The end of the text so far: what stands before, and what is not decided about.
    text: String,
    /// How much of it stands before.
    done: usize,
}

impl OwnSearch {
    /// Takes another piece, and calls `decided` with what is decided about and the own words in it.
    fn feed(
        &mut self,
        own: Own<'_>,
        engine: &Engine,
        text: &str,
        last: bool,
        decided: impl FnOnce(&str, Vec<OwnWord>),
    ) {
        self.text.push_str(text);
        let mut words = Vec::new();
        let end = own.find(engine, &self.text, self.done, last, |at, word| {
            let start = at - self.done;
            words.push(own_word(start, word));
        });
        decided(&self.text[self.done..end], words);
        let before = self.text[..end].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
        let forgotten = if last { self.text.len() } else { before };
        self.text.drain(..forgotten);
        self.done = end - forgotten;
    }
}

/// The end of the stages: what has gone through them goes to the target.
struct TargetOutput<'o> {
    engine: &'static Engine,
    state: &'o mut State,
    own: Option<Own<'o>>,
    search: &'o mut OwnSearch,
    out: &'o mut Vec<u8>,
}

impl Output for TargetOutput<'_> {
    fn text(&mut self, text: &str, last: bool) {
        match self.own {
            None => self.engine.feed(self.state, text, last, self.out),
            Some(own) => self.search.feed(own, self.engine, text, last, |text, words| {
                self.engine.feed_with(self.state, text, words, last, self.out);
            }),
        }
    }

    fn value(&mut self, value: &str) {
        self.out.extend_from_slice(value.as_bytes());
    }
}

/// What the beginning of a text shows of its script, behind the stages that come before the target.
pub(crate) fn prior(TargetPlan { engine, .. }: TargetPlan, stages: &[Stage], text: &str) -> ScriptHistory {
    /// How much of a text is its beginning, in characters: a conversion changes their number in own and regional words alone.
    const BEGINNING: usize = 16 * 1024;
    let (stages, _) = split(stages);
    let mut before = ReferenceChain::new(stages);
    let mut observed = Observed { engine, state: State::default() };
    let mut left = BEGINNING;
    for line in text.split_inclusive('\n') {
        let end = if line.len() <= left { None } else { line.char_indices().nth(left).map(|(end, _)| end) };
        let line = &line[..end.unwrap_or(line.len())];
        before.feed(stages, line, false, &mut observed);
        // A sentence that is cut there does not count: its other half might show more.
        if end.is_some() || observed.state.history().is_full() {
            return observed.state.history();
        }
        left -= line.chars().count();
    }
    before.feed(stages, "", true, &mut observed);
    observed.state.history()
}

/// The end of the stages, where nothing is converted.
struct Observed {
    engine: &'static Engine,
    state: State,
}

impl Output for Observed {
    fn text(&mut self, text: &str, last: bool) {
        self.engine.observe(&mut self.state, text, last);
    }

    fn value(&mut self, _: &str) {}
}

/// An own word that was found at this place of a text.
fn own_word(at: usize, word: Found<'_>) -> OwnWord {
    OwnWord { source: at..at + word.len, value: word.first().to_owned(), is_fixed: false }
}

/// Adds the replacements in this part of the whole text, which take the place of own words that they overlap.
fn add_fixed(found: &mut Vec<(OwnWord, Option<Found<'_>>)>, fixed: &[Replacement], part: Range<usize>) {
    // Both are in order.
    let fixed = &fixed[fixed.partition_point(|replacement| replacement.source.start < part.start)..];
    let within = fixed.iter().take_while(|replacement| replacement.source.end <= part.end);
    let fixed: Vec<OwnWord> = within
        .map(|Replacement { source, output }| {
            let source = source.start - part.start..source.end - part.start;
            OwnWord { source, value: output.clone(), is_fixed: true }
        })
        .collect();
    if fixed.is_empty() {
        return;
    }
    found.retain(|(word, _)| {
        let next = fixed.partition_point(|fixed| fixed.source.end <= word.source.start);
        fixed.get(next).is_none_or(|fixed| fixed.source.start >= word.source.end)
    });
    found.extend(fixed.into_iter().map(|fixed| (fixed, None)));
    found.sort_by_key(|(word, _)| word.source.start);
}

/// Calls `take` with the segments of a text that nothing has changed yet, and that begins at `offset` of the whole, of this
/// history. The replacements are of the whole. Without `with_reasons`, decisions have their steps alone.
pub(crate) fn each_segment(
    plan: TargetPlan,
    own: Option<Own<'_>>,
    (text, offset): (&str, usize),
    history: &mut ScriptHistory,
    fixed: &[Replacement],
    with_reasons: bool,
    take: &mut dyn FnMut(Segment),
) {
    let TargetPlan { engine, source_script } = plan;
    let mut found: Vec<(OwnWord, Option<Found<'_>>)> = Vec::new();
    if let Some(own) = own {
        own.find(engine, text, 0, true, |at, word| found.push((own_word(at, word), Some(word))));
    }
    add_fixed(&mut found, fixed, offset..offset + text.len());
    let (words, found): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut at = 0;
    let copied = |from: usize, to: usize| Segment {
        source: offset + from..offset + to,
        output: text[from..to].to_owned(),
        decisions: Vec::new(),
    };
    engine.explain(text, source_script, history, &words, with_reasons, |Outcome { source, output, styled, reason }| {
        if at < source.start {
            take(copied(at, source.start));
        }
        at = source.end;
        let own = match reason {
            Reason::Own(index) => found[index],
            _ => None,
        };
        let (step, candidates) = match reason {
            Reason::Only => (Step::Character, Vec::new()),
            Reason::Choice { candidates, margin } => (Step::Choice { margin }, candidates),
            Reason::Word => (Step::Word, Vec::new()),
            Reason::Own(_) if own.is_none() => (Step::Fixed, Vec::new()),
            Reason::Own(_) => (Step::OwnEntry, Vec::new()),
            Reason::Style => {
                let decisions = vec![preference(&text[source.clone()], &output)];
                let source = offset + source.start..offset + source.end;
                take(Segment { source, output, decisions });
                return;
            }
        };
        let in_whole = offset + source.start..offset + source.end;
        if !with_reasons {
            let decisions = vec![Decision::of_step(step)];
            take(Segment { source: in_whole, output: styled.unwrap_or(output), decisions });
            return;
        }
        let alternatives = match own {
            Some(word) => word.candidates().skip(1).map(str::to_owned).collect(),
            None => {
                let others = candidates.iter().map(|candidate| candidate.text.clone());
                others.filter(|text| *text != output).collect()
            }
        };
        let decision = Decision {
            step,
            dictionary: own.map_or(engine.target().tag(), |word| word.dictionary.name()).to_owned(),
            key: text[source.clone()].to_owned(),
            value: output.clone(),
            alternatives,
            candidates,
        };
        let mut decisions = vec![decision];
        decisions.extend(styled.as_ref().map(|styled| preference(&output, styled)));
        take(Segment { source: in_whole, output: styled.unwrap_or(output), decisions });
    });
    if at < text.len() {
        take(copied(at, text.len()));
    }
}

/// What a house style made of a character.
fn preference(key: &str, value: &str) -> Decision {
    Decision {
        step: Step::Preference,
        dictionary: preferences::NAME.to_owned(),
        key: key.to_owned(),
        value: value.to_owned(),
        alternatives: Vec::new(),
        candidates: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_tables_are_sound() {
        fanjian_context::check(data::target_tables(Target::Taiwan)).unwrap();
    }

    #[test]
    fn the_embedded_data_keeps_its_size() {
        let most = if cfg!(feature = "model") { 3_320_000 } else { 2_100_000 };
        let len = data::target_tables(Target::Taiwan).len();
        assert!(len < most, "{len} bytes of tables of targets");
    }
}

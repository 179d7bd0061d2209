//! Conversion to targets: `fanjian_context` with the built-in tables, behind the stages of protected terms and own words.

use std::sync::OnceLock;

use fanjian_context::{Engine, Outcome, Reason, State, Target, Vocabulary};
use fanjian_engine::{Output, ReferenceChain, Stage};

use crate::segments::{Decision, Segment, Step};

static TABLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/targets.bin"));

/// The engine of a target. The first call reads its tables, which costs about half a millisecond.
pub(crate) fn engine(target: Target, vocabulary: Vocabulary) -> &'static Engine {
    const ENGINES: usize = Target::ALL.len() * Vocabulary::ALL.len();
    static FOUND: [OnceLock<Engine>; ENGINES] = [const { OnceLock::new() }; ENGINES];
    let engine = || Engine::read(TABLES, target, vocabulary);
    FOUND[target as usize * Vocabulary::ALL.len() + vocabulary as usize]
        .get_or_init(|| engine().expect("the build script compiled the tables for this version"))
}

/// A target, as a converter is made for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetPlan {
    pub(crate) engine: &'static Engine,
    /// The script that the text is said to be of.
    pub(crate) source_script: Option<Target>,
}

/// A conversion to a target of a text that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) struct TargetConversion {
    engine: &'static Engine,
    state: State,
    /// None before it is needed.
    before: Option<ReferenceChain>,
}

impl TargetConversion {
    pub(crate) fn new(TargetPlan { engine, source_script }: TargetPlan) -> TargetConversion {
        TargetConversion { engine, state: State::new(source_script), before: None }
    }

    /// Converts another piece of the text, through the stages that come before the target.
    pub(crate) fn feed(&mut self, stages: &[Stage], text: &str, last: bool, out: &mut Vec<u8>) {
        let before = self.before.get_or_insert_with(|| ReferenceChain::new(stages));
        before.feed(stages, text, last, &mut TargetOutput { engine: self.engine, state: &mut self.state, out });
    }
}

/// The end of the stages: what has gone through them goes to the target.
struct TargetOutput<'o> {
    engine: &'static Engine,
    state: &'o mut State,
    out: &'o mut Vec<u8>,
}

impl Output for TargetOutput<'_> {
    fn text(&mut self, text: &str, last: bool) {
        self.engine.feed(self.state, text, last, self.out);
    }

    fn value(&mut self, value: &str) {
        self.out.extend_from_slice(value.as_bytes());
    }
}

/// The segments of a text that nothing has changed yet, and that begins at `offset` of the whole.
pub(crate) fn segments(TargetPlan { engine, source_script }: TargetPlan, text: &str, offset: usize) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = 0;
    let copied = |from: usize, to: usize| Segment {
        source: offset + from..offset + to,
        output: text[from..to].to_owned(),
        decisions: Vec::new(),
    };
    for Outcome { source, output, reason } in engine.explain(text, source_script) {
        if at < source.start {
            segments.push(copied(at, source.start));
        }
        at = source.end;
        let (step, candidates) = match reason {
            Reason::Only => (Step::Character, Vec::new()),
            Reason::Choice { candidates, margin } => (Step::Choice { margin }, candidates),
            Reason::Word => (Step::Word, Vec::new()),
        };
        let decision = Decision {
            step,
            dictionary: engine.target().tag().to_owned(),
            key: text[source.clone()].to_owned(),
            value: output.clone(),
            alternatives: candidates
                .iter()
                .map(|candidate| candidate.text.clone())
                .filter(|text| *text != output)
                .collect(),
            candidates,
        };
        segments.push(Segment {
            source: offset + source.start..offset + source.end,
            output,
            decisions: vec![decision],
        });
    }
    if at < text.len() {
        segments.push(copied(at, text.len()));
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_tables_are_sound() {
        fanjian_context::check(TABLES).unwrap();
    }

    #[test]
    fn the_embedded_data_keeps_its_size() {
        let most = if cfg!(feature = "model") { 3_500_000 } else { 2_500_000 };
        assert!(TABLES.len() < most, "{} bytes of tables of targets", TABLES.len());
    }
}

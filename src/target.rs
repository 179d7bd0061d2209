//! The conversion to targets, as the library sees it: `fanjian_context` with the tables that are built in.

use std::sync::OnceLock;

use fanjian_context::{Engine, Outcome, Reason, Target, Vocabulary};

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

/// A conversion to a target, as a converter is made for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    pub(crate) engine: &'static Engine,
    /// What the text is said to be.
    pub(crate) from: Option<Target>,
}

/// The segments of a text that nothing has changed yet, which stands at `offset` of the whole.
pub(crate) fn segments(Course { engine, from }: Course, text: &str, offset: usize) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = 0;
    let copied = |from: usize, to: usize| Segment {
        source: offset + from..offset + to,
        output: text[from..to].to_owned(),
        decisions: Vec::new(),
    };
    for Outcome { source, output, reason } in engine.explain(text, from) {
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

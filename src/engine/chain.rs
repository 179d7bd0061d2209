//! The plain conversion: every level in turn, as OpenCC describes it. It is the reference for anything faster.
//!
//! Each level takes its text in pieces and passes on what it can decide, so that whole texts and streams are converted
//! by the same code: a whole text is one piece, and the last. A level waits only where a key could go on beyond the
//! text that it has, which is how it keeps at most the bytes of the longest key (or of an ideographic description
//! sequence) and yet gives, for every division into pieces, what it gives for the whole.

use std::mem;

use fanjian_context::Engine;

use crate::engine::level::{Level, Token};

/// What a conversion keeps between two pieces of its text.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    states: Vec<State>,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// The end of the text so far, which cannot be decided yet.
    pending: String,
    /// An empty buffer, kept for its memory.
    buffer: String,
}

impl Chain {
    /// Begins a conversion by these levels.
    pub(crate) fn new(levels: &[Level]) -> Chain {
        Chain { states: vec![State::default(); levels.len()] }
    }

    /// Converts another piece of the text, to the end of the chain. After the `last` piece the next text may begin.
    ///
    /// `levels` must be those that the conversion began with.
    pub(crate) fn feed(&mut self, levels: &[Level], text: &str, last: bool, end: &mut End<'_>) {
        feed(levels, &mut self.states, text, last, end);
    }
}

/// The end of a chain: the output, and the conversion to a target that a text goes through before, where there is one.
pub(crate) struct End<'e> {
    pub(crate) target: Option<(&'static Engine, &'e mut fanjian_context::State)>,
    pub(crate) out: &'e mut Vec<u8>,
}

fn feed(levels: &[Level], states: &mut [State], text: &str, last: bool, end: &mut End<'_>) {
    let (Some((level, levels)), Some((state, states))) = (levels.split_first(), states.split_first_mut()) else {
        match &mut end.target {
            Some((engine, state)) => engine.feed(state, text, last, end.out),
            None => end.out.extend_from_slice(text.as_bytes()),
        }
        return;
    };
    let mut below = Below { levels, states, end };
    if state.pending.is_empty() {
        let done = run(level, &mut state.buffer, text, last, &mut below);
        state.pending.push_str(&text[done..]);
    } else {
        let mut pending = mem::take(&mut state.pending);
        pending.push_str(text);
        let done = run(level, &mut state.buffer, &pending, last, &mut below);
        pending.drain(..done);
        state.pending = pending;
    }
}

/// The levels that follow, and where their output goes.
struct Below<'b, 'e> {
    levels: &'b [Level],
    states: &'b mut [State],
    end: &'b mut End<'e>,
}

impl Below<'_, '_> {
    fn feed(&mut self, text: &str, last: bool) {
        feed(self.levels, self.states, text, last, self.end);
    }
}

/// Runs one level over `text` as far as it can be decided, and tells how many bytes that was.
fn run(level: &Level, buffer: &mut String, text: &str, last: bool, below: &mut Below<'_, '_>) -> usize {
    let cuts = level.cuts();
    let mut at = 0;
    // What was copied since the last entry, to be passed on in one go.
    let mut copied_from = 0;
    loop {
        at += level.skip(&text[at..]);
        if at == text.len() {
            break;
        }
        let Some(token) = level.next_token(&text[at..], last) else { break };
        match token {
            Token::Copied(len) => {
                at += len;
                continue;
            }
            Token::Leaves(found) => {
                below.feed(&text[copied_from..at], true);
                below.end.out.extend_from_slice(found.first().as_bytes());
                at += found.len;
            }
            Token::Entry(found) if cuts => {
                below.feed(&text[copied_from..at], true);
                below.feed(&text[at..at + found.len], true);
                at += found.len;
            }
            Token::Entry(found) => {
                buffer.push_str(&text[copied_from..at]);
                buffer.push_str(found.first());
                at += found.len;
            }
        }
        copied_from = at;
    }
    if buffer.is_empty() {
        below.feed(&text[copied_from..at], last);
    } else {
        buffer.push_str(&text[copied_from..at]);
        below.feed(buffer, last);
        buffer.clear();
    }
    at
}

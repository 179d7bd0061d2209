//! The reference conversion: every stage in turn, as OpenCC describes it. Anything faster is compared with it.
//!
//! Each stage takes its text in pieces and passes on what it can decide, so that whole texts and streams are converted
//! by the same code: a whole text is one piece, and the last. A stage waits only where a key could go on beyond the
//! text that it has, which is how it keeps at most the bytes of the longest key (or of an ideographic description
//! sequence) and yet gives, for every division into pieces, what it gives for the whole.

use std::mem;

use crate::stage::{Stage, Token};

/// A conversion by stages in turn, of a text that comes in pieces.
#[derive(Clone, Debug)]
pub struct ReferenceChain {
    states: Vec<State>,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// The end of the text so far, which cannot be decided yet.
    pending: String,
    /// An empty buffer, kept for its memory.
    buffer: String,
}

impl ReferenceChain {
    /// Begins a conversion by these stages.
    pub fn new(stages: &[Stage]) -> ReferenceChain {
        ReferenceChain { states: vec![State::default(); stages.len()] }
    }

    /// Converts another piece of the text, to the end of the chain. After the `last` piece the next text may begin.
    ///
    /// `stages` must be those that the conversion began with.
    pub fn feed<O: Output>(&mut self, stages: &[Stage], text: &str, last: bool, out: &mut O) {
        feed(stages, &mut self.states, text, last, out);
    }
}

/// What the end of a chain goes to.
pub trait Output {
    /// Takes a piece of text that has gone through all stages. After the `last` piece, another text begins, on which nothing
    /// before it has an influence.
    fn text(&mut self, text: &str, last: bool);

    /// Takes a value that has left the conversion, and that nothing may change.
    fn value(&mut self, value: &str);
}

impl Output for Vec<u8> {
    fn text(&mut self, text: &str, _last: bool) {
        self.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &str) {
        self.extend_from_slice(value.as_bytes());
    }
}

fn feed<O: Output>(stages: &[Stage], states: &mut [State], text: &str, last: bool, out: &mut O) {
    let (Some((stage, stages)), Some((state, states))) = (stages.split_first(), states.split_first_mut()) else {
        out.text(text, last);
        return;
    };
    let mut below = Below { stages, states, out };
    if state.pending.is_empty() {
        let done = run(stage, &mut state.buffer, text, last, &mut below);
        state.pending.push_str(&text[done..]);
    } else {
        let mut pending = mem::take(&mut state.pending);
        pending.push_str(text);
        let done = run(stage, &mut state.buffer, &pending, last, &mut below);
        pending.drain(..done);
        state.pending = pending;
    }
}

/// The stages that follow, and where their output goes.
struct Below<'b, O> {
    stages: &'b [Stage],
    states: &'b mut [State],
    out: &'b mut O,
}

impl<O: Output> Below<'_, O> {
    fn feed(&mut self, text: &str, last: bool) {
        feed(self.stages, self.states, text, last, self.out);
    }
}

/// Runs one stage over `text` as far as it can be decided, and returns how many bytes that was.
fn run<O: Output>(stage: &Stage, buffer: &mut String, text: &str, last: bool, below: &mut Below<'_, O>) -> usize {
    let cuts = stage.cuts();
    let mut at = 0;
    // What was copied since the last entry, to be passed on in one go.
    let mut copied_from = 0;
    loop {
        at += stage.skip(&text[at..]);
        if at == text.len() {
            break;
        }
        let Some(token) = stage.next_token(&text[at..], last) else { break };
        match token {
            Token::Copied(len) => {
                at += len;
                continue;
            }
            Token::Leaves(found) => {
                below.feed(&text[copied_from..at], true);
                below.out.value(found.first());
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

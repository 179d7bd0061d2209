//! The same conversion, stage by stage over a whole text, with a record of what each entry did.

use std::{collections::VecDeque, mem, ops::Range};

use fanjian_dictionary::Found;

use crate::{
    explanation::{AppliedEntry, Part as Segment, Step, Trace},
    stage::{Stage, StageKind, Token},
};

/// A piece of text on its way through the stages, with the parts of the source that it comes from.
#[derive(Clone, Debug, Default)]
struct Piece {
    text: String,
    parts: Vec<Part>,
    /// Whether it has left the conversion.
    left: bool,
}

/// The next `len` bytes of a piece, and where they come from.
#[derive(Clone, Debug)]
struct Part {
    source: Range<usize>,
    len: usize,
    decisions: Vec<AppliedEntry>,
}

/// What a stage makes of the next `len` bytes of a piece: the value that was decided for, or a copy.
struct Change {
    len: usize,
    decision: Option<AppliedEntry>,
}

/// Converts a whole text by these stages and records how. Costs many times what the conversion does.
pub fn trace(stages: &[Stage], text: &str) -> Trace {
    let part = Part { source: 0..text.len(), len: text.len(), decisions: Vec::new() };
    let mut pieces = vec![Piece::new(text, vec![part])];
    let mut after_stages = Vec::new();
    let mut conversions = 0;
    let mut normalizations = 0;
    for stage in stages {
        let step = match stage.kind() {
            StageKind::Protect(_) => Step::Protected,
            StageKind::Segment { .. } => Step::OwnEntry,
            StageKind::Normalize(_) => {
                normalizations += 1;
                Step::Normalization(normalizations)
            }
            StageKind::Convert(_) => {
                conversions += 1;
                Step::Conversion(conversions)
            }
        };
        pieces = pieces.into_iter().flat_map(|piece| apply(stage, step, piece)).collect();
        after_stages.push(pieces.iter().map(|piece| piece.text.clone()).collect());
    }
    Trace { stages: after_stages, parts: segments(pieces) }
}

fn apply(stage: &Stage, step: Step, piece: Piece) -> Vec<Piece> {
    if piece.left {
        return vec![piece];
    }
    let cuts = stage.cuts();
    let Piece { text, parts, .. } = piece;
    let mut parts = VecDeque::from(parts);
    let mut pieces = Vec::new();
    let mut changes: Vec<Change> = Vec::new();
    // `changes` and the next piece begin at `from`.
    let (mut from, mut at) = (0, 0);
    while let Some(token) = stage.next_token(&text[at..], true).filter(|_| at < text.len()) {
        match token {
            Token::Copied(len) => {
                match changes.last_mut() {
                    Some(change) if change.decision.is_none() => change.len += len,
                    _ => changes.push(Change { len, decision: None }),
                }
                at += len;
            }
            Token::Entry(found) if !cuts => {
                changes.push(Change::entry(found, step, &text[at..at + found.len]));
                at += found.len;
            }
            Token::Entry(found) | Token::Leaves(found) => {
                let run = Piece::new(&text[from..at], take(&mut parts, at - from));
                pieces.push(run.change(mem::take(&mut changes)));
                let key = &text[at..at + found.len];
                let mut piece = Piece::new(key, take(&mut parts, found.len));
                if matches!(token, Token::Leaves(_)) {
                    piece = Piece { left: true, ..piece.change(vec![Change::entry(found, step, key)]) };
                }
                pieces.push(piece);
                at += found.len;
                from = at;
            }
        }
    }
    pieces.push(Piece::new(&text[from..], parts.into()).change(changes));
    pieces.retain(|piece| !cuts || piece.parts.iter().any(|part| part.len > 0 || !part.source.is_empty()));
    pieces
}

/// Takes the parts of the next `len` bytes.
///
/// A decided part that is cut through is taken; what is left of it comes from the end of its source.
fn take(parts: &mut VecDeque<Part>, len: usize) -> Vec<Part> {
    let mut taken = Vec::new();
    let mut left = len;
    while left > 0
        && let Some(mut part) = parts.pop_front()
    {
        if part.len > left {
            let behind = part.split_off(left).unwrap_or_else(|| {
                let source = part.source.end..part.source.end;
                Part { source, len: mem::replace(&mut part.len, left) - left, decisions: Vec::new() }
            });
            parts.push_front(behind);
        }
        left -= part.len;
        taken.push(part);
    }
    taken
}

impl Change {
    fn entry(found: Found<'_>, step: Step, key: &str) -> Change {
        let mut candidates = found.candidates().map(str::to_owned);
        let decision = AppliedEntry {
            step,
            dictionary: found.dictionary.name().to_owned(),
            key: key.to_owned(),
            value: candidates.next().unwrap_or_default(),
            alternatives: candidates.collect(),
        };
        Change { len: key.len(), decision: Some(decision) }
    }

    /// Cuts the change after `len` bytes of its text, if it is a copy and longer, and returns the rest.
    fn split_off(&mut self, len: usize) -> Option<Change> {
        (self.decision.is_none() && self.len > len)
            .then(|| Change { len: mem::replace(&mut self.len, len) - len, decision: None })
    }
}

impl Part {
    /// Whether nothing has been decided of it, so that it can be divided as its source can.
    fn is_source(&self) -> bool {
        self.decisions.is_empty() && self.source.len() == self.len
    }

    /// Cuts the part after `len` bytes, if it is as its source and longer, and returns the rest.
    fn split_off(&mut self, len: usize) -> Option<Part> {
        (self.is_source() && self.len > len).then(|| {
            let middle = self.source.start + len;
            let source = middle..mem::replace(&mut self.source.end, middle);
            Part { source, len: mem::replace(&mut self.len, len) - len, decisions: Vec::new() }
        })
    }
}

impl Piece {
    fn new(text: &str, parts: Vec<Part>) -> Piece {
        Piece { text: text.to_owned(), parts, left: false }
    }

    /// The piece after these changes, which cover all of its text.
    ///
    /// An entry may lie across several parts, and a decided part across several entries: what hangs together becomes
    /// one part.
    fn change(self, changes: Vec<Change>) -> Piece {
        let mut parts = VecDeque::from(self.parts);
        let mut changes = VecDeque::from(changes);
        let mut changed = Piece { left: self.left, ..Piece::default() };
        // How much of the text has been changed.
        let mut at = 0;
        while let Some(mut whole) = parts.pop_front() {
            let mut covered = 0;
            if whole.len == 0 {
                changed.parts.push(whole);
                continue;
            }
            if let Some(change) = changes.front()
                && let Some(behind) = whole.split_off(change.len)
            {
                parts.push_front(behind);
            }
            let (mut output, mut decisions) = (0, Vec::new());
            while covered != whole.len {
                if covered < whole.len {
                    let Some(mut change) = changes.pop_front() else { break };
                    if let Some(behind) = change.split_off(whole.len - covered) {
                        changes.push_front(behind);
                    }
                    let copied = &self.text[at..at + change.len];
                    let made = change.decision.as_ref().map_or(copied, |decision| &decision.value);
                    changed.text.push_str(made);
                    output += made.len();
                    covered += change.len;
                    at += change.len;
                    decisions.extend(change.decision);
                } else {
                    let Some(mut part) = parts.pop_front() else { break };
                    if let Some(behind) = part.split_off(covered - whole.len) {
                        parts.push_front(behind);
                    }
                    whole.len += part.len;
                    whole.source.end = part.source.end;
                    whole.decisions.extend(part.decisions);
                }
            }
            whole.len = output;
            whole.decisions.append(&mut decisions);
            changed.parts.push(whole);
        }
        changed
    }
}

/// The parts of all pieces in order, neighbours of which nothing was decided joined.
fn segments(pieces: Vec<Piece>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for piece in pieces {
        let mut rest = piece.text.as_str();
        for part in piece.parts {
            let (output, behind) = rest.split_at(part.len);
            rest = behind;
            match segments.last_mut() {
                Some(last) if part.source.is_empty() || (last.entries.is_empty() && part.decisions.is_empty()) => {
                    last.source.end = part.source.end;
                    last.output.push_str(output);
                    last.entries.extend(part.decisions);
                }
                _ => segments.push(Segment { source: part.source, output: output.to_owned(), entries: part.decisions }),
            }
        }
    }
    segments
}

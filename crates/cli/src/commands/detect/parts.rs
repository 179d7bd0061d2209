//! The parts of a text that are reported: the whole of it, its lines, or its spans.

use std::mem;

use fanjian::{DetectStream, SpanStream};

use crate::{args::detect::DetectArgs, commands::detect::lines::Part};

/// Detection of the parts of a text that comes in pieces.
pub(super) enum Parts {
    Whole(DetectStream),
    /// The line that has begun, its number, and whether it has any text.
    Lines(DetectStream, u64, bool),
    Spans(Box<SpanStream>),
}

impl Parts {
    pub(super) fn new(args: &DetectArgs) -> Parts {
        match args {
            DetectArgs { lines: true, .. } => Parts::Lines(DetectStream::new(), 1, false),
            DetectArgs { spans: true, .. } => Parts::Spans(Box::default()),
            _ => Parts::Whole(DetectStream::new()),
        }
    }

    /// Takes another piece. Returns the parts that end in it.
    pub(super) fn push(&mut self, text: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        match self {
            Parts::Whole(stream) => stream.push(text),
            Parts::Lines(stream, line, is_begun) => {
                for text in text.split_inclusive('\n') {
                    stream.push(text);
                    *is_begun = !text.ends_with('\n');
                    if !*is_begun {
                        parts.push(Part::line(*line, mem::take(stream).finish()));
                        *line += 1;
                    }
                }
            }
            Parts::Spans(stream) => {
                let mut spans = Vec::new();
                stream.push(text, &mut spans);
                parts.extend(spans.into_iter().map(Part::span));
            }
        }
        parts
    }

    /// Returns the parts that end with the text.
    pub(super) fn finish(self) -> Vec<Part> {
        match self {
            Parts::Whole(stream) => vec![Part::whole(stream.finish())],
            Parts::Lines(stream, line, is_begun) => {
                is_begun.then(|| Part::line(line, stream.finish())).into_iter().collect()
            }
            Parts::Spans(stream) => {
                let mut spans = Vec::new();
                stream.finish(&mut spans);
                spans.into_iter().map(Part::span).collect()
            }
        }
    }
}

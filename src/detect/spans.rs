//! Segmentation of a text into spans of one script each.

use std::ops::Range;

use super::{counts::Detection, scan, script::Script};

/// A part of a text that is of one script.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Span {
    /// Its range in the text, in bytes.
    pub range: Range<usize>,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// The counts of its pieces.
    pub detection: Detection,
}

/// The distinction between spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Simplified,
    Traditional,
    Mixed,
    Japanese,
    /// The script is not known: it is joined to the span before it.
    Any,
}

impl Kind {
    fn of(detection: &Detection) -> Kind {
        let Detection { simplified, traditional, .. } = *detection;
        match detection.script() {
            Script::Simplified => Kind::Simplified,
            // A single character may be part of a name.
            Script::Mixed if traditional == 1 && simplified > 1 => Kind::Simplified,
            Script::Mixed if simplified == 1 && traditional > 1 => Kind::Traditional,
            Script::Mixed => Kind::Mixed,
            Script::Japanese => Kind::Japanese,
            Script::Undecided | Script::NotChinese => Kind::Any,
            script if script.is_traditional() => Kind::Traditional,
            _ => Kind::Any,
        }
    }
}

/// Joins consecutive pieces of a text to spans.
#[derive(Clone, Debug, Default)]
pub(super) struct Joiner {
    open: Option<(Kind, Span)>,
    /// The span before it, which is joined to the open one if both turn out to be of one script.
    last: Option<Span>,
    /// Where the next piece begins, in bytes, and the number of line feeds before it.
    at: usize,
    line_feeds: usize,
}

impl Joiner {
    /// Adds a piece of this length, which may end with a line feed and has no other one. Returns the span before it, if this
    /// piece begins another one.
    pub(super) fn push(&mut self, len: usize, ends_line: bool, detection: Detection) -> Option<Span> {
        let range = self.at..self.at + len;
        let line = self.line_feeds + 1;
        self.at = range.end;
        self.line_feeds += usize::from(ends_line);
        let kind = Kind::of(&detection);
        match &mut self.open {
            Some((open, span)) if kind == Kind::Any || *open == kind || *open == Kind::Any => {
                *open = if kind == Kind::Any { *open } else { kind };
                span.range.end = range.end;
                span.detection += detection;
                None
            }
            open => {
                let (_, done) = open.replace((kind, Span { range, line, detection }))?;
                self.join(done)
            }
        }
    }

    /// Adds a span that is complete. Returns the one before it, if that is of another script.
    fn join(&mut self, span: Span) -> Option<Span> {
        match &mut self.last {
            Some(last) if last.detection.script() == span.detection.script() => {
                last.range.end = span.range.end;
                last.detection += span.detection;
                None
            }
            last => last.replace(span),
        }
    }

    pub(super) fn finish(mut self) -> impl Iterator<Item = Span> {
        let open = self.open.take().map(|(_, span)| span);
        let before = open.and_then(|span| self.join(span));
        [before, self.last].into_iter().flatten()
    }
}

/// Splits a text where its script changes: Simplified, Traditional of any region, mixed, Japanese.
///
/// The spans cover the text in order, without gaps; their detections are the sums of those of their pieces. Pieces end
/// behind a punctuation mark or a line feed. A piece of unknown script is joined to the piece before it, or at the beginning
/// of the text to that behind it. A piece with characters of both scripts is mixed, unless all but one are
/// of one script. Complete neighbours of one script are joined.
///
/// The cost is about that of two calls of [`detect`](crate::detect). [`SpanStream`](crate::SpanStream) is for a text that
/// comes in pieces.
///
/// ```
/// use fanjian::{Script, detect_spans};
///
/// let text = "标题很简单\n這裡是頭髮，在文章裡。\n安吉县| 乐业县|\n";
/// let spans = detect_spans(text);
/// let scripts: Vec<_> = spans.iter().map(|span| (&text[span.range.clone()], span.detection.script())).collect();
/// assert_eq!(scripts, [
///     ("标题很简单\n", Script::Simplified),
///     ("這裡是頭髮，在文章裡。\n", Script::Taiwan),
///     ("安吉县| 乐业县|\n", Script::Simplified),
/// ]);
/// assert_eq!(spans[2].line, 3);
/// ```
#[must_use]
pub fn spans(text: &str) -> Vec<Span> {
    let mut joiner = Joiner::default();
    let mut spans = Vec::new();
    for piece in pieces(text) {
        spans.extend(joiner.push(piece.len(), piece.ends_with('\n'), scan::count(piece)));
    }
    spans.extend(joiner.finish());
    spans
}

/// Pieces that end behind punctuation or a line feed, and the last one.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(is_end)
}

/// Whether a piece ends behind a character: dashes, quotation marks, brackets and other punctuation of Chinese text, and
/// separators in ASCII.
pub(super) fn is_end(character: char) -> bool {
    matches!(character, '\n' | '\t' | ',' | ';' | '|' | '!' | '?' | '！' | '（' | '）' | '，' | '：' | '；' | '？')
        || matches!(character, '\u{2014}'..='\u{2026}' | '\u{3000}'..='\u{3002}' | '\u{3008}'..='\u{3011}')
}

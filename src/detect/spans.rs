//! A text in parts of one script each.

use std::ops::Range;

use super::{Detection, Script, detect};

/// A part of a text that is of one script, as far as that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Span {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What was found in it.
    pub detection: Detection,
}

/// What spans are told apart by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Simplified,
    Traditional,
    Mixed,
    Japanese,
    /// It goes with what stands before it.
    Any,
}

/// Cuts a text where its script changes: Simplified, Traditional of whatever region, mixed, Japanese.
///
/// The spans cover the text in order, without gaps; their detections added up are those of their parts. The text is looked at in
/// pieces that end with a punctuation mark or a line; pieces that do not tell their script go with the piece before them, the
/// first ones with that behind them. Where both scripts stand within a piece, it is mixed.
///
/// Costs about what two [`detect`]s cost.
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
/// ```
pub fn spans(text: &str) -> Vec<Span> {
    let mut spans: Vec<(Kind, Span)> = Vec::new();
    for range in pieces(text) {
        let detection = detect(&text[range.clone()]);
        let Detection { simplified, traditional, .. } = detection;
        let kind = match detection.script() {
            Script::Simplified => Kind::Simplified,
            // One character may be a name's.
            Script::Mixed if traditional == 1 && simplified > 1 => Kind::Simplified,
            Script::Mixed if simplified == 1 && traditional > 1 => Kind::Traditional,
            Script::Mixed => Kind::Mixed,
            Script::Japanese => Kind::Japanese,
            Script::Undecided | Script::NotChinese => Kind::Any,
            script if script.is_traditional() => Kind::Traditional,
            _ => Kind::Any,
        };
        match spans.last_mut() {
            Some((last, span)) if kind == Kind::Any || *last == kind || *last == Kind::Any => {
                *last = if kind == Kind::Any { *last } else { kind };
                span.range.end = range.end;
                span.detection += detection;
            }
            _ => spans.push((kind, Span { range, detection })),
        }
    }
    spans.into_iter().map(|(_, span)| span).collect()
}

/// Pieces that end behind punctuation or a line feed.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = text.char_indices().filter(|&(_, character)| is_end(character));
    let ends = ends.map(|(at, character)| at + character.len_utf8()).chain([text.len()]);
    let mut start = 0;
    ends.filter_map(move |end| {
        let range = start..end;
        start = end;
        (!range.is_empty()).then_some(range)
    })
}

/// Dashes, quotation marks and brackets of Chinese text, and what it has between its parts, in ASCII too.
fn is_end(character: char) -> bool {
    matches!(character, '\n' | '\t' | ',' | ';' | '|' | '!' | '?' | '！' | '（' | '）' | '，' | '：' | '；' | '？')
        || matches!(character, '\u{2014}'..='\u{2026}' | '\u{3000}'..='\u{3002}' | '\u{3008}'..='\u{3011}')
}

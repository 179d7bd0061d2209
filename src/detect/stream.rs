//! Detection of a text that comes in pieces, in bounded memory.

use super::{
    counts::Detection,
    scan::{self, CONTEXT},
    spans::{self, Joiner, Span},
};

/// The number of bytes that are counted at once.
const BLOCK: usize = 16 * 1024;

/// Detection of a text that comes in pieces.
///
/// Pieces may be cut anywhere between two characters: the result is that of [`detect`](crate::detect) for the whole text.
/// Memory is bounded, for lines of any length.
///
/// ```
/// use fanjian::{DetectStream, detect};
///
/// let mut stream = DetectStream::new();
/// for piece in ["黨員干", "部的腳步聲", "\n"] {
///     stream.push(piece);
/// }
/// let found = stream.finish();
/// assert_eq!(found, detect("黨員干部的腳步聲\n"));
/// assert!(found.is_machine_converted());
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "the result is that of `finish`"]
pub struct DetectStream {
    /// The last characters that were counted, and characters not yet counted: their counts depend on the text behind them.
    text: String,
    /// The number of bytes of this text that were counted.
    counted: usize,
    /// The end of the last word, in this text.
    word_end: usize,
    found: Detection,
}

impl DetectStream {
    /// A stream at the beginning of a text.
    pub fn new() -> DetectStream {
        DetectStream::default()
    }

    /// Adds the next piece of the text.
    pub fn push(&mut self, piece: &str) {
        self.push_in_blocks(piece, BLOCK);
    }

    /// The counts of the whole text.
    #[must_use]
    pub fn finish(mut self) -> Detection {
        self.count_to(self.text.len());
        self.found
    }

    /// Blocks have at least one byte.
    fn push_in_blocks(&mut self, piece: &str, block: usize) {
        let mut rest = piece;
        while !rest.is_empty() {
            let (first, behind) = rest.split_at(rest.ceil_char_boundary(block));
            self.text.push_str(first);
            rest = behind;
            let end = self.text.floor_char_boundary(self.text.len().saturating_sub(CONTEXT));
            if end < self.counted + block {
                continue;
            }
            self.count_to(end);
            let start = self.text.floor_char_boundary(self.counted.saturating_sub(CONTEXT));
            self.text.drain(..start);
            self.counted -= start;
            self.word_end = self.word_end.saturating_sub(start);
        }
    }

    fn count_to(&mut self, end: usize) {
        self.found += scan::count_part(&self.text, self.counted..end, &mut self.word_end);
        self.counted = end;
    }
}

/// Segmentation by script of a text that comes in pieces.
///
/// Pieces may be cut anywhere between two characters: the spans are those of [`detect_spans`](crate::detect_spans) for the
/// whole text. Memory is bounded, for lines and spans of any length.
///
/// ```
/// use fanjian::{SpanStream, detect_spans};
///
/// let mut stream = SpanStream::new();
/// let mut spans = Vec::new();
/// for piece in ["标题很简", "单\n這裡是頭", "髮。\n"] {
///     stream.push(piece, &mut spans);
/// }
/// stream.finish(&mut spans);
/// assert_eq!(spans, detect_spans("标题很简单\n這裡是頭髮。\n"));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "the last span is that of `finish`"]
pub struct SpanStream {
    joiner: Joiner,
    /// The last piece, which is not complete, and its length.
    open: DetectStream,
    open_len: usize,
}

impl SpanStream {
    /// A stream at the beginning of a text.
    pub fn new() -> SpanStream {
        SpanStream::default()
    }

    /// Adds the next piece of the text, and appends the spans that are complete.
    pub fn push(&mut self, piece: &str, spans: &mut Vec<Span>) {
        self.push_in_blocks(piece, spans, BLOCK);
    }

    /// Appends the last span, if there is one.
    pub fn finish(mut self, spans: &mut Vec<Span>) {
        if self.open_len > 0 {
            spans.extend(self.joiner.push(self.open_len, false, self.open.finish()));
        }
        spans.extend(self.joiner.finish());
    }

    fn push_in_blocks(&mut self, piece: &str, spans: &mut Vec<Span>, block: usize) {
        for part in spans::pieces(piece) {
            let is_complete = part.ends_with(spans::is_end);
            if self.open_len == 0 && is_complete {
                spans.extend(self.joiner.push(part.len(), part.ends_with('\n'), scan::count(part)));
                continue;
            }
            self.open.push_in_blocks(part, block);
            self.open_len += part.len();
            if is_complete {
                let (open, len) = (std::mem::take(&mut self.open), std::mem::take(&mut self.open_len));
                spans.extend(self.joiner.push(len, part.ends_with('\n'), open.finish()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::detect::{detect, tests::text};

    /// Texts in which words, the characters that decide about them, and the ends of spans are at all distances.
    fn words() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            4 => select(vec!["干部", "最后", "最后一公里", "軟體", "網絡", "質素", "干", "部", "後", "后"]),
            3 => select(vec!["發", "发", "𠮷", "\n", "，", "の", "一二三四"]),
            1 => select(vec!["一二三四五六七八九十一二三四五六七八九十一二", "aaaaaaaaaaaaaaaaaaaaaa", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"]),
        ];
        proptest::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
    }

    fn pieces<'t>(text: &'t str, lengths: &[usize]) -> Vec<&'t str> {
        let mut rest = text;
        let mut pieces = Vec::new();
        for &len in lengths.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, behind) = rest.split_at(rest.ceil_char_boundary(len));
            pieces.push(piece);
            rest = behind;
        }
        pieces
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn any_pieces_are_detected_as_the_whole(
            text in prop_oneof![words(), text(), (words(), text()).prop_map(|(words, text)| words + &text)],
            lengths in proptest::collection::vec(1_usize..200, 1..5),
            block in 1_usize..300,
        ) {
            let (mut stream, mut spans, mut found) = (DetectStream::new(), SpanStream::new(), Vec::new());
            for piece in pieces(&text, &lengths) {
                stream.push_in_blocks(piece, block);
                spans.push_in_blocks(piece, &mut found, block);
                prop_assert!(stream.text.len() <= 2 * (CONTEXT + block) + 16, "{} bytes", stream.text.len());
            }
            spans.finish(&mut found);
            prop_assert_eq!(stream.finish(), detect(&text));
            prop_assert_eq!(found, spans::spans(&text));
        }
    }

    #[test]
    fn a_line_of_any_length_is_held_in_bounded_memory() {
        let part = "黨員干部在最后一公里的軟體裡的網絡質素";
        let (mut stream, mut spans, mut found) = (DetectStream::new(), SpanStream::new(), Vec::new());
        let times = 5000;
        for _ in 0..times {
            stream.push(part);
            spans.push(part, &mut found);
            assert!(stream.text.capacity() < 8 * BLOCK && spans.open.text.capacity() < 8 * BLOCK);
        }
        let whole = detect(&part.repeat(times));
        assert_eq!(stream.finish(), whole);
        spans.finish(&mut found);
        assert_eq!((found.len(), found[0].detection), (1, whole));
        // One large piece is not copied as a whole.
        let mut stream = DetectStream::new();
        stream.push(&part.repeat(times));
        assert!(stream.text.capacity() < 8 * BLOCK);
        assert_eq!(stream.finish(), whole);
    }
}

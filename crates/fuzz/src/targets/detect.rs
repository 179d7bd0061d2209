use fanjian::{DetectStream, Detection, SpanStream, detect, detect_spans};

use crate::Source;

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let text = source.text(24);
    let (mut stream, mut span_stream) = (DetectStream::new(), SpanStream::new());
    let (mut spans, mut rest) = (Vec::new(), &*text);
    while !rest.is_empty() {
        let end = rest.ceil_char_boundary(source.below(40));
        let (piece, behind) = rest.split_at(end.min(rest.len()));
        // The source ends before the text, and then all choices are 0.
        let (piece, behind) = if source.has_more() { (piece, behind) } else { (rest, "") };
        stream.push(piece);
        span_stream.push(piece, &mut spans);
        rest = behind;
    }
    span_stream.finish(&mut spans);
    let whole = detect(&text);
    assert_eq!(stream.finish(), whole);
    let expected = detect_spans(&text);
    assert_eq!(spans, expected);
    let mut at = 0;
    for span in &spans {
        assert!(span.range.start == at && span.range.end > at && text.is_char_boundary(span.range.end), "{span:?}");
        assert_eq!(span.line, 1 + text[..at].matches('\n').count());
        at = span.range.end;
    }
    assert_eq!(at, text.len());
    assert!((0.0..=1.0).contains(&whole.confidence()), "a confidence of {}", whole.confidence());
    let (_, _, _) = (whole.script(), whole.scores(), whole.is_machine_converted());
    let sum = spans.iter().fold(Detection::default(), |mut sum, span| {
        sum += span.detection;
        sum
    });
    assert_eq!((sum.han, sum.kana), (whole.han, whole.kana));
}

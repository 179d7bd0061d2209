//! Alignment of a line with what it became: which parts of it changed, and by which decisions.

use std::ops::Range;

use fanjian::{Converter, Decision, ScriptHistory, Segment, Step};
use similar::{ChangeTag, DiffOp, TextDiff};

use crate::report::kinds::Kind;

/// A part of a line that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Bytes of the old line.
    pub(super) source: Range<usize>,
    pub(super) output: String,
    pub(super) kind: Option<Kind>,
    /// Whether it is a word as a whole, which is not joined with its neighbours.
    is_word: bool,
}

/// Longer lines, in characters, are not compared character by character where their lengths differ: that takes time by the
/// square of their length.
const LONGEST: usize = 20_000;

/// The parts of a line that changed, in order. `converter` is what converted it, with this history, which is then that of the next line; a line of a document may
/// have become something else, as its markup stays and its text has another context. `decided` are the bytes of it that a person
/// has decided.
pub(super) fn parts(
    old: &str,
    new: &str,
    converter: Option<(&Converter, &mut ScriptHistory)>,
    decided: &[Range<usize>],
) -> Vec<Part> {
    let segments =
        converter.map_or_else(Vec::new, |(converter, history)| converter.segments_with_history(old, history));
    let parts = by_segments(old, new, &segments).unwrap_or_else(|| by_characters(old, new, &segments));
    let mut parts = whole_escapes(old, parts);
    for part in &mut parts {
        if decided.iter().any(|place| place.start < part.source.end && part.source.start < place.end) {
            part.kind = Some(Kind::Decision);
        }
    }
    joined(old, parts)
}

/// By the segments of the conversion, each of which became what it says, or one of its other candidates, or stayed. None if
/// the new line is made of something else.
fn by_segments(old: &str, new: &str, segments: &[Segment]) -> Option<Vec<Part>> {
    if segments.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    // Where a choice was made that may be wrong: the segment, the place in the new line, the number of parts, the next choice.
    let mut choices: Vec<(usize, usize, usize, usize)> = Vec::new();
    let (mut index, mut at, mut choice) = (0, 0, 0);
    let mut steps = 0;
    loop {
        steps += 1;
        if steps > 4 * segments.len() + 1000 {
            return None;
        }
        if index == segments.len() && at == new.len() {
            return Some(parts);
        }
        let rest = &new[at..];
        let segment = segments.get(index);
        let found = segment.and_then(|segment| {
            let source = &old[segment.source.clone()];
            let outputs = outputs(segment, source).enumerate().skip(choice);
            outputs
                .into_iter()
                .find(|(_, output)| rest.starts_with(output))
                .map(|(number, output)| (number, source, output))
        });
        match (found, segment) {
            (Some((number, source, output)), Some(segment)) => {
                if number == 0 && source != output {
                    choices.push((index, at, parts.len(), number + 1));
                }
                add(&mut parts, segment, source, output);
                (index, at, choice) = (index + 1, at + output.len(), 0);
            }
            (None, Some(segment)) if choice == 0 && renamed(segment, old, rest, &mut parts).is_some() => {
                (index, at) = (index + 1, at + segment.source.len());
            }
            _ => {
                let (before, place, len, next) = choices.pop()?;
                parts.truncate(len);
                (index, at, choice) = (before, place, next);
            }
        }
    }
}

/// What a segment can have become: what was converted, the other candidates of a choice, the text itself.
fn outputs<'s>(segment: &'s Segment, source: &'s str) -> impl Iterator<Item = &'s str> {
    let candidates = segment.decisions.iter().filter(|decision| matches!(decision.step, Step::Choice { .. }));
    let candidates =
        candidates.flat_map(|decision| decision.candidates.iter().map(|candidate| candidate.text.as_str()));
    let others = candidates.filter(move |text| *text != segment.output && *text != source);
    [segment.output.as_str()].into_iter().chain([source]).chain(others)
}

/// Takes a segment that the conversion does not change, but the document does: a tag of a language of the same length. Adds
/// the words that differ. None if something else became of it.
fn renamed(segment: &Segment, old: &str, rest: &str, parts: &mut Vec<Part>) -> Option<()> {
    let source = &old[segment.source.clone()];
    let new = rest.get(..source.len())?;
    if !segment.decisions.is_empty() || source.chars().count() != new.chars().count() {
        return None;
    }
    let differs = |(old, new): (char, char)| old != new;
    let is_other = |(old, new): (char, char)| old != new && !(old.is_ascii() && new.is_ascii());
    let pairs = || source.chars().zip(new.chars());
    if pairs().any(is_other) || !pairs().any(differs) {
        return None;
    }
    parts.extend(words_of_ascii(source, new, segment.source.start));
    Some(())
}

/// The words of ASCII that differ in two texts with characters of the same lengths. `offset` is where they are in the line.
fn words_of_ascii(old: &str, new: &str, offset: usize) -> Vec<Part> {
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut parts: Vec<Part> = Vec::new();
    let (mut at, mut last_end) = (0, 0);
    while at < old.len() {
        if old.as_bytes()[at] == new.as_bytes()[at] {
            at += 1;
            continue;
        }
        let start = old.as_bytes()[..at].iter().rposition(|byte| !is_of_word(byte)).map_or(0, |before| before + 1);
        let start = start.max(last_end);
        let end =
            old.as_bytes()[at..].iter().position(|byte| !is_of_word(byte)).map_or(old.len(), |behind| at + behind);
        let end = end.max(at + 1);
        // The number of a character is that character, whatever stands behind it.
        let escape = |text: &str| escape_at(text, &(at..at + 1)).filter(|(range, _)| range.start >= last_end);
        let range = match (escape(old), escape(new)) {
            (Some((range, _)), Some((same, _))) if range == same => range,
            _ => start..end,
        };
        let (source, output) = (&old[range.clone()], &new[range.clone()]);
        let kind = Kind::of(source, output, &[]);
        (at, last_end) = (range.end, range.end);
        parts.push(Part {
            source: offset + range.start..offset + range.end,
            output: output.to_owned(),
            kind,
            is_word: true,
        });
    }
    parts
}

/// Adds what changed of a segment that became `output`: all of it, if that is of another length; or its characters.
fn add(parts: &mut Vec<Part>, segment: &Segment, source: &str, output: &str) {
    if source == output {
        return;
    }
    // What decided for something else says nothing about this.
    let decisions: &[Decision] = if output == segment.output { &segment.decisions } else { &[] };
    let kind = Kind::of(source, output, decisions);
    let is_word =
        matches!(kind, Some(Kind::Vocabulary | Kind::OwnWord)) || source.chars().count() != output.chars().count();
    if is_word {
        parts.push(Part { source: segment.source.clone(), output: output.to_owned(), kind, is_word });
        return;
    }
    for (range, output) in runs(source, output) {
        let kind = Kind::of(&source[range.clone()], &output, decisions);
        let source = segment.source.start + range.start..segment.source.start + range.end;
        parts.push(Part { source, output, kind, is_word });
    }
}

/// The runs of characters that differ in two texts with the same number of characters.
fn runs(old: &str, new: &str) -> Vec<(Range<usize>, String)> {
    let mut runs: Vec<(Range<usize>, String)> = Vec::new();
    for ((at, before), after) in old.char_indices().zip(new.chars()).filter(|((_, before), after)| before != after) {
        let end = at + before.len_utf8();
        match runs.last_mut().filter(|(range, _)| range.end == at) {
            Some((range, output)) => {
                range.end = end;
                output.push(after);
            }
            None => runs.push((at..end, after.to_string())),
        }
    }
    runs
}

/// By a comparison of the characters; with the words among `segments`, where the new line has what they became.
fn by_characters(old: &str, new: &str, segments: &[Segment]) -> Vec<Part> {
    let part = |source: Range<usize>, output: String| {
        let kind = Kind::of(&old[source.clone()], &output, &[]);
        Part { source, output, kind, is_word: false }
    };
    if old.chars().count() == new.chars().count() {
        return runs(old, new).into_iter().map(|(range, output)| part(range, output)).collect();
    }
    let front: usize =
        old.chars().zip(new.chars()).take_while(|(old, new)| old == new).map(|(old, _)| old.len_utf8()).sum();
    let (rest, new_rest) = (&old[front..], &new[front..]);
    let behind: usize = rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(|(old, new)| old == new)
        .map(|(old, _)| old.len_utf8())
        .sum();
    let (rest, new_rest) = (&rest[..rest.len() - behind], &new_rest[..new_rest.len() - behind]);
    if rest.chars().count().max(new_rest.chars().count()) > LONGEST {
        return vec![part(front..front + rest.len(), new_rest.to_owned())];
    }
    let starts: Vec<usize> = rest.char_indices().map(|(at, _)| front + at).chain([front + rest.len()]).collect();
    let diff = TextDiff::from_chars(rest, new_rest);
    let mut parts: Vec<Part> = Vec::new();
    for op in diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. })) {
        let inserted =
            diff.iter_changes(op).filter(|change| change.tag() == ChangeTag::Insert).map(|change| change.value());
        let source = starts[op.old_range().start]..starts[op.old_range().end];
        parts.push(part(source, inserted.collect()));
    }
    whole_words(old, parts, segments)
}

/// The same with the parts of a word as one, where that is what the word becomes.
fn whole_words(old: &str, parts: Vec<Part>, segments: &[Segment]) -> Vec<Part> {
    let mut whole: Vec<Part> = Vec::new();
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        let first = segments.partition_point(|segment| segment.source.end < part.source.start);
        let word =
            segments[first..].iter().take_while(|segment| segment.source.start <= part.source.start).find(|word| {
                word.source.end >= part.source.end && old[word.source.clone()] != word.output && word.source.len() > 3
            });
        let Some(word) = word.filter(|word| whole.last().is_none_or(|last| last.source.end <= word.source.start))
        else {
            whole.push(part);
            continue;
        };
        let mut of_word = vec![part];
        while let Some(next) = parts.next_if(|next| next.source.end <= word.source.end) {
            of_word.push(next);
        }
        let output = output_of(old, word.source.clone(), &of_word);
        match output == word.output {
            true => {
                let kind = Kind::of(&old[word.source.clone()], &output, &word.decisions);
                whole.push(Part { source: word.source.clone(), output, kind, is_word: true });
            }
            false => whole.extend(of_word),
        }
    }
    whole
}

/// What a part of the old line became, by the parts within it that changed.
fn output_of(old: &str, range: Range<usize>, parts: &[Part]) -> String {
    let (mut output, mut at) = (String::new(), range.start);
    for part in parts {
        output += &old[at..part.source.start];
        output += &part.output;
        at = part.source.end;
    }
    output + &old[at..range.end]
}

/// The same with the parts of a character's number as one: that is one character for the reader, and not a few digits.
fn whole_escapes(old: &str, parts: Vec<Part>) -> Vec<Part> {
    let mut whole: Vec<Part> = Vec::new();
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        let escape = escape_at(old, &part.source)
            .filter(|(range, _)| whole.last().is_none_or(|last| last.source.end <= range.start));
        let Some((source, before)) = escape else {
            whole.push(part);
            continue;
        };
        let mut of_escape = vec![part];
        while let Some(next) = parts.next_if(|next| next.source.end <= source.end) {
            of_escape.push(next);
        }
        let output = output_of(old, source.clone(), &of_escape);
        let is_cut = parts.peek().is_some_and(|next| next.source.start < source.end);
        match escape_at(&output, &(0..0)).filter(|(range, _)| *range == (0..output.len()) && !is_cut) {
            Some((_, after)) => {
                let kind = Kind::of(before.encode_utf8(&mut [0; 4]), after.encode_utf8(&mut [0; 4]), &[]);
                whole.push(Part { source, output, kind, is_word: true });
            }
            None => whole.extend(of_escape),
        }
    }
    whole
}

/// The number of a character, as in `&#22836;`, `&#x5934;` or `\u5934`, that has this range within it; and the character.
fn escape_at(line: &str, range: &Range<usize>) -> Option<(Range<usize>, char)> {
    // The longest one is &#x10ffff;
    const LONGEST: usize = 10;
    let bytes = line.as_bytes();
    (range.start.saturating_sub(LONGEST)..=range.start).rev().find_map(|start| {
        let rest = bytes.get(start..(start + LONGEST).min(bytes.len()))?;
        let (len, digits, radix) = match rest {
            [b'&', b'#', b'x' | b'X', digits @ ..] => (3, digits, 16),
            [b'&', b'#', digits @ ..] => (2, digits, 10),
            [b'\\', b'u', digits @ ..] => (2, digits.get(..4)?, 16),
            _ => return None,
        };
        let is_entity = rest[0] == b'&';
        let count = if is_entity { memchr::memchr(b';', digits)? } else { 4 };
        let number = str::from_utf8(&digits[..count]).ok().filter(|digits| !digits.starts_with('+'))?;
        let character = char::from_u32(u32::from_str_radix(number, radix).ok()?)?;
        let end = start + len + count + usize::from(is_entity);
        (range.end <= end).then_some((start..end, character))
    })
}

/// The same with characters of one kind that stand side by side as one part.
fn joined(old: &str, parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last)
                if last.source.end == part.source.start && !last.is_word && !part.is_word && last.kind == part.kind =>
            {
                last.source.end = part.source.end;
                last.output += &part.output;
            }
            _ => joined.push(part),
        }
    }
    debug_assert!(joined.iter().all(|part| old.is_char_boundary(part.source.start)));
    joined
}

#[cfg(test)]
mod tests {
    use fanjian::{Config, Target, Vocabulary};
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str, converter: &Converter) -> Vec<String> {
        let parts = parts(old, new, Some((converter, &mut ScriptHistory::default())), &[]);
        assert_eq!(applied(old, &parts), new);
        let kind = |part: &Part| part.kind.map_or("-", |kind| kind.name()).to_owned();
        parts.iter().map(|part| format!("{} {} {}", &old[part.source.clone()], part.output, kind(part))).collect()
    }

    /// The line with its changes.
    fn applied(old: &str, parts: &[Part]) -> String {
        let (mut new, mut at) = (String::new(), 0);
        for part in parts {
            new += &old[at..part.source.start];
            new += &part.output;
            at = part.source.end;
        }
        new + &old[at..]
    }

    fn local() -> Converter {
        Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local).build().unwrap()
    }

    #[test]
    fn neighbours_are_one_change_and_words_are_whole() {
        let converter = local();
        let old = "皇后与后来的用户在软件里";
        let new = converter.convert(old);
        let expected = ["与后来 與後來 script", "用户 使用者 vocabulary", "软件 軟體 vocabulary", "里 裡 script"];
        assert_eq!(shown(old, &new, &converter), expected);
        let converter = Converter::new(Config::S2twp);
        let new = converter.convert(old);
        assert_eq!(shown(old, &new, &converter).last().unwrap(), "里 裡 script");
    }

    #[test]
    fn what_stays_in_a_document_and_its_tags_are_known() {
        let converter = local();
        let old = "<p lang=\"zh-CN\" id=\"软件\">软件里</p>";
        let new = "<p lang=\"zh-TW\" id=\"软件\">軟體裡</p>";
        assert_eq!(shown(old, new, &converter), ["zh-CN zh-TW language-tag", "软件 軟體 vocabulary", "里 裡 script"]);
    }

    #[test]
    fn escapes_are_their_characters() {
        let (old, new) = (r"  a \u53d1\u9001b \u4e00 zh-CN", r"  a \u767c\u9001b \u4e00 zh-TW");
        let parts = whole_escapes(old, words_of_ascii(&old[2..], &new[2..], 2));
        let parts: Vec<_> = parts.into_iter().map(|part| (part.source, part.output, part.kind)).collect();
        assert_eq!(parts[0], (4..10, r"\u767c".to_owned(), Some(Kind::Script)));
        assert_eq!((parts.len(), parts[1].1.as_str()), (2, "zh-TW"));
    }

    #[test]
    fn words_of_ascii_do_not_overlap() {
        let converter = local();
        let (old, new) = ("&#00;#1;", "&#\\&#00\\");
        let parts = parts(old, new, Some((&converter, &mut ScriptHistory::default())), &[]);
        assert_eq!(applied(old, &parts), new);
    }

    /// The changes used to be those of digits: 22836 → 38957.
    #[test]
    fn numbers_of_characters_are_whole() {
        let converter = local();
        let (old, new) = ("&#22836;软&#x53d1;件&#21;", "&#38957;軟&#x9aee;件&#21;");
        let expected = ["&#22836; &#38957; script", "软 軟 script", "&#x53d1; &#x9aee; script"];
        assert_eq!(shown(old, new, &converter), expected);
        let expected = ["\\u8f6f \\u8edf script", "用户 使用者 vocabulary"];
        assert_eq!(shown("\"\\u8f6f\\u4ef6\" 用户", "\"\\u8edf\\u4ef6\" 使用者", &converter), expected);
    }

    #[test]
    fn what_cannot_be_explained_is_compared() {
        let converter = local();
        assert_eq!(shown("头a发", "頭b發", &converter), ["头 頭 script", "a b -", "发 發 script"]);
        let parts = shown("<i>软</i>件&发x", "<i>軟體</i>&發", &converter);
        assert!(!parts.is_empty());
    }

    proptest! {
        #[test]
        fn the_parts_make_the_new_line(
            old in "([头发软件里后用户a <>“]|&#[0-9]{0,3};?|[&#;\\\\u123]){0,12}",
            new in "([頭髮軟體裡后用户a <>「]|&#[0-9]{0,3};?|[&#;\\\\u123]){0,12}",
        ) {
            let converter = local();
            let parts = parts(&old, &new, Some((&converter, &mut ScriptHistory::default())), &[]);
            prop_assert_eq!(applied(&old, &parts), new);
        }

        #[test]
        fn a_converted_line_is_explained(old in "[头发软件里后用户面干只a “”，]{0,24}") {
            let converter = local();
            let new = converter.convert(&old);
            let parts = parts(&old, &new, Some((&converter, &mut ScriptHistory::default())), &[]);
            prop_assert_eq!(applied(&old, &parts), new.clone());
            prop_assert!(parts.iter().all(|part| old[part.source.clone()] != part.output));
        }
    }
}

//! The places of a text's pieces, such as the text nodes of a paragraph, in its conversion.

use fanjian::Segment;

use crate::utf16::steps;

/// Where pieces of a text, which end at these bytes, end in its conversion. What becomes as many characters is put back
/// character by character; what becomes another number of them is in the piece of its first character.
pub(crate) fn ends_in_conversion(text: &str, segments: &[Segment], ends: &[usize]) -> Vec<usize> {
    let mut found = Vec::with_capacity(ends.len());
    let mut ends = ends.iter().copied().peekable();
    let mut at = 0;
    for segment in segments {
        let source = text.get(segment.source.clone()).unwrap_or_default();
        let is_as_long = source.chars().count() == segment.output.chars().count();
        let mut characters = source.char_indices().zip(segment.output.char_indices()).peekable();
        while let Some(end) = ends.next_if(|&end| end < segment.source.end) {
            let into = end.saturating_sub(segment.source.start);
            while characters.next_if(|((place, _), _)| *place < into).is_some() {
                steps::count();
            }
            found.push(match characters.peek() {
                _ if into == 0 => at,
                Some((_, (place, _))) if is_as_long => at + place,
                _ => at + segment.output.len(),
            });
        }
        at += segment.output.len();
    }
    found.extend(ends.map(|_| at));
    found
}

#[cfg(test)]
mod tests {
    use fanjian::{Config, Converter};

    use super::*;

    fn pieces(config: Config, pieces: &[&str]) -> Vec<String> {
        let text = pieces.concat();
        let ends: Vec<_> = pieces
            .iter()
            .scan(0, |end, piece| {
                *end += piece.len();
                Some(*end)
            })
            .collect();
        let segments = Converter::new(config).segments(&text);
        let converted: String = segments.iter().map(|segment| segment.output.as_str()).collect();
        let mut start = 0;
        let ends = ends_in_conversion(&text, &segments, &ends);
        ends.into_iter().map(|end| converted[std::mem::replace(&mut start, end)..end].to_owned()).collect()
    }

    #[test]
    fn characters_stay_in_their_pieces() {
        assert_eq!(pieces(Config::S2t, &["她的头", "发", "很干"]), ["她的頭", "髮", "很乾"]);
        assert_eq!(pieces(Config::S2t, &["", "头发", ""]), ["", "頭髮", ""]);
        assert_eq!(pieces(Config::S2t, &["𠮷头", "发"]), ["𠮷頭", "髮"]);
        // Words of another length are where they begin.
        assert_eq!(pieces(Config::S2twp, &["用", "U", "盘", "吗"]), ["用", "隨身碟", "", "嗎"]);
    }

    #[test]
    fn many_pieces_take_one_walk_over_the_text() {
        let characters: Vec<String> = "她的头发很干，用U盘吗𠮷".chars().map(String::from).collect();
        let many: Vec<&str> = characters.iter().map(String::as_str).cycle().take(100_000).collect();
        steps::PASSED.set(0);
        let converted = pieces(Config::S2twp, &many);
        assert!(steps::PASSED.get() <= many.len(), "{} steps", steps::PASSED.get());
        assert_eq!(converted.concat(), Converter::new(Config::S2twp).convert(&many.concat()));
        // Nothing is converted: all is one part.
        let same = vec!["一"; 100_000];
        steps::PASSED.set(0);
        assert_eq!(pieces(Config::S2t, &same), same);
        assert!(steps::PASSED.get() <= same.len(), "{} steps", steps::PASSED.get());
    }
}

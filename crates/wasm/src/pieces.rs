//! The places of a text's pieces, such as the text nodes of a paragraph, in its conversion.

use fanjian::Segment;

/// Where pieces of a text, which end at these bytes, end in its conversion. What becomes as many characters is put back
/// character by character; what becomes another number of them is in the piece of its first character.
pub(crate) fn ends_in_conversion(text: &str, segments: &[Segment], ends: &[usize]) -> Vec<usize> {
    let mut found = Vec::with_capacity(ends.len());
    let mut ends = ends.iter().copied().peekable();
    let mut at = 0;
    for segment in segments {
        let source = text.get(segment.source.clone()).unwrap_or_default();
        let is_as_long = source.chars().count() == segment.output.chars().count();
        while let Some(end) = ends.next_if(|&end| end < segment.source.end) {
            found.push(match end.saturating_sub(segment.source.start) {
                0 => at,
                into if is_as_long => {
                    let characters = source.get(..into).unwrap_or_default().chars().count();
                    at + segment.output.char_indices().nth(characters).map_or(segment.output.len(), |(place, _)| place)
                }
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
}

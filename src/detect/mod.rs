//! Detection of the script and the region of a text, of Japanese, and of machine-converted text.

mod classes;
mod counts;
mod scan;
mod script;
mod spans;
mod stream;

pub use self::{
    classes::{has_simplified_form, is_han},
    counts::Detection,
    script::{Scores, Script},
    spans::{Span, spans},
    stream::{DetectStream, SpanStream},
};

/// Counts the characters and words of a text that are evidence for a script or a region.
///
/// The first call builds tables from the dictionaries, which takes some milliseconds; after that, detection is faster than
/// any conversion. Ten characters are enough, as a rule; a text without evidence is [`Undecided`](Script::Undecided).
/// [`DetectStream`] is for a text that comes in pieces. The page `docs/detection.md` in the repository has figures.
///
/// ```
/// use fanjian::{Script, detect};
///
/// assert_eq!(detect("皇后的头发").script(), Script::Simplified);
/// assert_eq!(detect("皇后的頭髮").script(), Script::Traditional);
/// assert_eq!(detect("頭髮裡").script(), Script::Taiwan);
/// assert_eq!(detect("網絡質素").script(), Script::HongKong);
/// assert_eq!(detect("皇后").script(), Script::Undecided);
/// assert_eq!(detect("発想の転換").script(), Script::Japanese);
/// assert_eq!(detect("头髮").simplified, 1);
/// ```
#[must_use]
pub fn detect(text: &str) -> Detection {
    scan::count(text)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    #[test]
    fn all_types_can_be_shared_and_survive_unwinding() {
        fn assert<T: Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
        assert::<(Detection, DetectStream, Scores, Script, Span, SpanStream)>();
    }

    #[test]
    fn scripts_have_names() {
        assert_eq!("hong-kong".parse::<Script>().unwrap(), Script::HongKong);
        let error = "klingon".parse::<Script>().unwrap_err().to_string();
        assert!(
            error.starts_with("unknown script 'klingon'; expected one of simplified, traditional, taiwan"),
            "{error}"
        );
    }

    /// Pieces with one character of the other script made spans of their own, beside others with the same name.
    #[test]
    fn neighbouring_spans_are_of_different_scripts() {
        let text = include_str!("../../tests/challenge/mixed.tsv");
        let scripts: Vec<_> = spans(text).iter().map(|span| span.detection.script()).collect();
        assert!(scripts.len() > 10 && scripts.windows(2).all(|pair| pair[0] != pair[1]), "{scripts:?}");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn detections_are_serialized_and_read_back() {
        for span in spans("头髮\n發裡") {
            let json = serde_json::to_string(&span).unwrap();
            assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), span);
        }
        let found = detect("头髮");
        let json = serde_json::to_value(found).unwrap();
        let counts: serde_json::Map<_, _> =
            found.counts().map(|(name, count)| (name.to_owned(), count.into())).collect();
        assert_eq!(json, serde_json::Value::Object(counts));
        assert_eq!(serde_json::to_value(found.script()).unwrap(), "mixed");
        let scores = serde_json::to_string(&found.scores()).unwrap();
        assert_eq!(serde_json::from_str::<Scores>(&scores).unwrap(), found.scores());
    }

    #[test]
    fn scripts_of_short_texts() {
        for (text, script) in [
            ("", Script::NotChinese),
            ("Hello, мир! 123", Script::NotChinese),
            ("한국어", Script::NotChinese),
            ("一二三", Script::Undecided),
            ("我们的头发", Script::Simplified),
            ("我們的頭髮", Script::Traditional),
            ("我們心裡", Script::Taiwan),
            ("我們心裏", Script::HongKong),
            ("说着", Script::Simplified),
            ("我们的頭髮", Script::Mixed),
            ("日本の国会は、東京にあります", Script::Japanese),
            ("ソフトウェア開発", Script::Japanese),
            ("乐园的「の」字，发现很多", Script::Simplified),
            ("𠮷野家", Script::Undecided),
        ] {
            assert_eq!(detect(text).script(), script, "{text}: {:?}", detect(text));
        }
    }

    #[test]
    fn every_character_is_counted_once_for_each_kind() {
        let found = detect("发發裡の発𠮷a");
        let expected = Detection {
            characters: 7,
            han: 5,
            simplified: 1,
            traditional: 2,
            forms: 1,
            taiwan: 1,
            kana: 1,
            shinjitai: 1,
            not_japanese: found.not_japanese,
            ..Detection::default()
        };
        assert_eq!(found, expected);
        assert!(found.not_japanese >= 2);
    }

    #[test]
    fn words_count_in_traditional_text() {
        let counts = |text: &str| {
            let found = detect(text);
            (found.converted, found.taiwan_words, found.hong_kong_words)
        };
        assert_eq!(counts("黨員干部在最后一公里"), (2, 0, 0));
        assert_eq!(counts("党员干部在最后一公里"), (0, 0, 0));
        assert_eq!(counts("干部\n党员干部\n黨員干部"), (1, 0, 0));
        assert_eq!(counts("網際網路的軟體，網絡的質素"), (0, 2, 2));
        // The characters of a word are adjacent.
        assert_eq!(counts("黨員干 部、干\n部"), (0, 0, 0));
    }

    /// Counts one character after the other.
    pub(super) fn plainly(text: &str) -> Detection {
        let classes = classes::Classes::get();
        let mut found = Detection::default();
        for character in text.chars() {
            let class = classes.of(character);
            let counters: Vec<u8> = (0..16).map(|bit| u8::from(class >> bit & 1 != 0)).collect();
            found.characters += 1;
            found.add_classes(&counters);
        }
        found
    }

    /// Characters of all lengths and kinds, in texts of some chunks.
    pub(super) fn text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            4 => select("一的发發裡裏爲のカ発国會々〇，。𠮷🀄é\u{80}".chars().collect::<Vec<_>>()),
            2 => proptest::char::range('\u{4e00}', '\u{9fff}'),
            1 => proptest::char::range('a', 'z'),
            1 => any::<char>(),
        ];
        proptest::collection::vec(character, 0..400).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn chunks_count_as_characters_do(text in text()) {
            let found = detect(&text);
            let words = Detection {
                converted: found.converted,
                taiwan_words: found.taiwan_words,
                hong_kong_words: found.hong_kong_words,
                ..plainly(&text)
            };
            prop_assert_eq!(found, words);
            for score in [found.confidence(), found.scores().simplified, found.scores().taiwan, found.scores().standard] {
                prop_assert!((0.0..=1.0).contains(&score));
            }
        }

        #[test]
        fn words_are_found_wherever_they_stand(before in text(), behind in text()) {
            let all = detect(&format!("{before}\n黨員干部的軟體\n{behind}"));
            let parts = detect(&format!("{before}\n")).converted + detect(&format!("\n{behind}")).converted;
            prop_assert_eq!(all.converted, parts + 1);
        }

        #[test]
        fn spans_cover_the_text(text in text()) {
            let mut end = 0;
            let mut sum = Detection::default();
            for Span { range, line, detection } in spans(&text) {
                prop_assert_eq!(line, text[..range.start].matches('\n').count() + 1);
                prop_assert_eq!(range.start, end);
                prop_assert!(range.end > end && text.is_char_boundary(range.end));
                end = range.end;
                sum += detection;
            }
            prop_assert_eq!(end, text.len());
            prop_assert_eq!((sum.characters, sum.han), (detect(&text).characters, detect(&text).han));
        }
    }
}

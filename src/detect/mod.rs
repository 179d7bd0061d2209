//! Which script and region a text is in, whether it is Japanese, and whether a machine has converted it.

mod classes;
mod scan;
mod spans;

use std::{fmt, ops::AddAssign};

pub use self::classes::{has_simplified_form, is_han};
pub use self::spans::{Span, spans};

/// What [`detect`] found in a text: how much speaks for what. Counts are of characters (Unicode scalar values), or of words.
///
/// [`script`](Self::script) says what that comes to, [`confidence`](Self::confidence) how sure that is, and
/// [`scores`](Self::scores) what else it could be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detection {
    /// All characters of the text.
    pub characters: usize,
    /// Chinese characters: those of the Unicode script Han, without marks and radicals.
    pub han: usize,
    /// Of these, those that only Simplified text has, such as 发.
    pub simplified: usize,
    /// Those that only Traditional text has, such as 發.
    pub traditional: usize,
    /// Those that differ between the Traditional standards, such as 裡, 裏 and 着.
    pub forms: usize,
    /// Of these, those that Taiwan uses.
    pub taiwan: usize,
    /// Of the same, those that Hong Kong uses; and the characters of written Cantonese.
    pub hong_kong: usize,
    /// Of the same, those of OpenCC's standard.
    pub standard: usize,
    /// Words that Taiwan has and Hong Kong has not, such as 網路, in Traditional text.
    pub taiwan_words: usize,
    /// Words that Hong Kong has and Taiwan has not, such as 質素, or 軟件, which is the mainland's word, too.
    pub hong_kong_words: usize,
    /// Words in Traditional text whose characters a machine has converted one by one, such as 干部 for 幹部.
    pub converted: usize,
    /// Hiragana and katakana.
    pub kana: usize,
    /// New Japanese forms that no Chinese text has, such as 発.
    pub shinjitai: usize,
    /// Chinese characters that no Japanese text of today has, such as 发 and 發.
    pub not_japanese: usize,
}

/// The script of a text, as far as its characters and words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Script {
    /// Simplified Chinese.
    Simplified,
    /// Traditional Chinese, of no region in particular.
    Traditional,
    /// Traditional Chinese, as Taiwan writes it.
    Taiwan,
    /// Traditional Chinese, as Hong Kong writes it.
    HongKong,
    /// Traditional Chinese in the forms of OpenCC's standard that neither region prefers, such as 爲 and 衆.
    Standard,
    /// Simplified and Traditional characters.
    Mixed,
    /// Japanese.
    Japanese,
    /// Chinese characters that both scripts have, and no other ones.
    Undecided,
    /// No Chinese characters.
    NotChinese,
}

impl Script {
    /// A name for programs, such as `traditional` or `hong-kong`.
    pub fn name(self) -> &'static str {
        match self {
            Script::Simplified => "simplified",
            Script::Traditional => "traditional",
            Script::Taiwan => "taiwan",
            Script::HongKong => "hong-kong",
            Script::Standard => "opencc-standard",
            Script::Mixed => "mixed",
            Script::Japanese => "japanese",
            Script::Undecided => "undecided",
            Script::NotChinese => "not-chinese",
        }
    }

    /// Whether it is Traditional Chinese, of whatever region.
    pub fn is_traditional(self) -> bool {
        matches!(self, Script::Traditional | Script::Taiwan | Script::HongKong | Script::Standard)
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What could be the case with a text, each from 0 to 1. All are 0 where nothing tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Scores {
    /// Simplified Chinese; with the next one, 1 together where any character tells.
    pub simplified: f64,
    /// Traditional Chinese.
    pub traditional: f64,
    /// As Taiwan writes; with the next two, 1 together where a form or a word tells.
    pub taiwan: f64,
    /// As Hong Kong writes.
    pub hong_kong: f64,
    /// As OpenCC's standard has it.
    pub standard: f64,
    /// Japanese: 1 or 0.
    pub japanese: f64,
}

/// How far texts are of one script: what is added to the counts of both before their shares are taken. Half of a character in
/// favour of each would say that of three characters of one script in a text, the next one is of the other script one time in
/// eight. Measured, it is as seldom as this says: see `docs/detection.md`.
const PURE: f64 = 0.02;
/// How much a form or a word that a region does not use speaks against it: as one to so many.
const AGAINST: f64 = 7.0;
/// How often texts are of these kinds, before they are looked at: Taiwan, Hong Kong, OpenCC's standard.
const REGIONS: [f64; 3] = [1.0, 1.0, 0.2];
/// A region that is as likely as this is named.
const LIKELY: f64 = 0.7;
/// One word that a machine has converted stands for so many Chinese characters, or fewer.
const CONVERTED: usize = 1000;

impl Detection {
    /// The script that the counts speak for.
    ///
    /// One in twenty of the deciding characters may be of the other script, as in a quotation, or a name; with more of them,
    /// the text is mixed. A region is named where its score is 0.7 or more. A text is Japanese where a third of its characters is
    /// kana, or a tenth and none is Simplified; where it has kana and shinjitai; and where it has no kana, but shinjitai, or both
    /// characters of Simplified and of Traditional text, and none but those that Japanese has, too (東京国際空港).
    pub fn script(&self) -> Script {
        if self.is_japanese() {
            return Script::Japanese;
        }
        if self.han == 0 {
            return Script::NotChinese;
        }
        match (self.simplified, self.traditional) {
            (0, 0) => Script::Undecided,
            (simplified, traditional) if traditional * 20 <= simplified => Script::Simplified,
            (simplified, traditional) if simplified * 20 <= traditional => self.region().unwrap_or(Script::Traditional),
            _ => Script::Mixed,
        }
    }

    /// How sure [`script`](Self::script) is, from 0, which is always said of [`Undecided`](Script::Undecided), to 1.
    ///
    /// For Simplified and Traditional it is the [score](Self::scores) of the script; where a region is named, times that of the
    /// region; for mixed text, it grows with the number of the rarer script's characters. Texts of one script are taken to have
    /// next to none of the other one, so that one character makes it 0.98, and three 0.99.
    pub fn confidence(&self) -> f64 {
        let scores = self.scores();
        match self.script() {
            Script::Undecided => 0.0,
            Script::Simplified => scores.simplified,
            Script::Traditional => scores.traditional,
            Script::Taiwan => scores.taiwan * self.share_of_traditional(),
            Script::HongKong => scores.hong_kong * self.share_of_traditional(),
            Script::Standard => scores.standard * self.share_of_traditional(),
            Script::Mixed => {
                let rarer = self.simplified.min(self.traditional) as f64;
                rarer / (rarer + 1.0)
            }
            Script::Japanese | Script::NotChinese => 1.0,
        }
    }

    /// How likely each script and region is.
    ///
    /// Of the scripts, it is the share of the characters that tell; of the regions, by Bayes' rule, where each form or word that a
    /// region does not use makes it seven times less likely, and OpenCC's standard is five times rarer than the regions.
    ///
    /// ```
    /// let scores = fanjian::detect("皇后的頭髮").scores();
    /// assert!(scores.traditional > 0.98 && scores.simplified < 0.02);
    /// assert_eq!(scores.taiwan, 0.0); // No form or word tells.
    ///
    /// let scores = fanjian::detect("心裏很着急").scores();
    /// assert!(scores.hong_kong > 0.8 && scores.taiwan < 0.1);
    /// ```
    pub fn scores(&self) -> Scores {
        if self.is_japanese() {
            return Scores { japanese: 1.0, ..Scores::default() };
        }
        let mut scores = Scores::default();
        if self.simplified + self.traditional > 0 {
            scores.traditional = self.share_of_traditional();
            scores.simplified = 1.0 - scores.traditional;
        }
        let against = [
            self.forms.saturating_sub(self.taiwan) + self.hong_kong_words,
            self.forms.saturating_sub(self.hong_kong) + self.taiwan_words,
            self.forms.saturating_sub(self.standard) + self.taiwan_words + self.hong_kong_words,
        ];
        if self.forms + self.taiwan_words + self.hong_kong_words > 0 {
            let least = against.into_iter().min().unwrap_or_default();
            let weigh = |index: usize| REGIONS[index] * AGAINST.powf(-((against[index] - least) as f64));
            let [taiwan, hong_kong, standard] = [0, 1, 2].map(weigh);
            let all = taiwan + hong_kong + standard;
            (scores.taiwan, scores.hong_kong, scores.standard) = (taiwan / all, hong_kong / all, standard / all);
        }
        scores
    }

    /// Whether the text looks as if a machine had converted it from Simplified text, character by character: whether one of a
    /// thousand Chinese characters, or more, begins a word such as 干部 (for 幹部), 最后 or 心里, in Traditional text.
    ///
    /// ```
    /// assert!(fanjian::detect("黨員干部的腳步聲").is_machine_converted());
    /// assert!(!fanjian::detect("黨員幹部的腳步聲").is_machine_converted());
    /// assert!(!fanjian::detect("党员干部的脚步声").is_machine_converted());
    /// ```
    pub fn is_machine_converted(&self) -> bool {
        self.converted > 0 && self.converted * CONVERTED >= self.han
    }

    fn is_japanese(&self) -> bool {
        let letters = self.han + self.kana;
        if self.kana > 0 {
            let has_much_kana = self.kana * 3 >= letters || (self.kana * 10 >= letters && self.simplified == 0);
            return has_much_kana || self.shinjitai > 0;
        }
        let has_both = self.simplified > 0 && self.traditional > 0;
        self.not_japanese == 0 && (has_both || self.shinjitai * 8 > letters)
    }

    /// The region that is likely.
    fn region(&self) -> Option<Script> {
        let Scores { taiwan, hong_kong, standard, .. } = self.scores();
        let regions = [(taiwan, Script::Taiwan), (hong_kong, Script::HongKong), (standard, Script::Standard)];
        regions.into_iter().find(|(score, _)| *score >= LIKELY).map(|(_, script)| script)
    }

    /// How much of the characters that tell the script is Traditional.
    fn share_of_traditional(&self) -> f64 {
        (self.traditional as f64 + PURE) / ((self.simplified + self.traditional) as f64 + 2.0 * PURE)
    }
}

/// Counts of texts one after the other.
impl AddAssign for Detection {
    fn add_assign(&mut self, other: Detection) {
        self.characters += other.characters;
        self.han += other.han;
        self.simplified += other.simplified;
        self.traditional += other.traditional;
        self.forms += other.forms;
        self.taiwan += other.taiwan;
        self.hong_kong += other.hong_kong;
        self.standard += other.standard;
        self.taiwan_words += other.taiwan_words;
        self.hong_kong_words += other.hong_kong_words;
        self.converted += other.converted;
        self.kana += other.kana;
        self.shinjitai += other.shinjitai;
        self.not_japanese += other.not_japanese;
    }
}

/// Counts what speaks for which script in a text.
///
/// The first call makes tables of the dictionaries, which costs some milliseconds; after that, it is faster than any conversion
/// is. Ten characters are enough, as a rule; what a text does not tell is [`Undecided`](Script::Undecided). The page
/// `docs/detection.md` in the repository has figures.
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
pub fn detect(text: &str) -> Detection {
    scan::count(text)
}
#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

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
        // Nothing stands between the characters of a word.
        assert_eq!(counts("黨員干 部、干\n部"), (0, 0, 0));
    }

    /// One character after the other.
    fn plainly(text: &str) -> Detection {
        let classes = classes::Classes::get();
        let mut found = Detection::default();
        for character in text.chars() {
            let class = classes.of(character);
            let has = |bit: u16| usize::from(class & bit != 0);
            found.characters += 1;
            found.han += has(classes::HAN);
            found.simplified += has(classes::SIMPLIFIED);
            found.traditional += has(classes::TRADITIONAL);
            found.forms += has(classes::FORM);
            found.taiwan += has(classes::TAIWAN);
            found.hong_kong += has(classes::HONG_KONG);
            found.standard += has(classes::STANDARD);
            found.kana += has(classes::KANA);
            found.shinjitai += has(classes::SHINJITAI);
            found.not_japanese += has(classes::NOT_JAPANESE);
        }
        found
    }

    /// Characters of all lengths and kinds, in texts of some chunks.
    fn text() -> impl Strategy<Value = String> {
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
            for Span { range, detection } in spans(&text) {
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

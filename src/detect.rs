//! Which script a text is in.

use std::{fmt, ops::AddAssign, sync::OnceLock};

use crate::{Config, Converter, dictionary};

/// What [`detect`] found in a text. Counts are of characters (Unicode scalar values).
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
    /// Of those that differ between the Traditional standards, such as 裡, 裏 and 着, those that Taiwan uses.
    pub taiwan: usize,
    /// Of the same, those that Hong Kong uses.
    pub hong_kong: usize,
    /// Of the same, those of OpenCC's standard.
    pub standard: usize,
    /// Hiragana and katakana.
    pub kana: usize,
    /// New Japanese forms that no Chinese text has, such as 発.
    pub shinjitai: usize,
}

/// The script of a text, as far as its characters tell.
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
            Script::Mixed => "mixed",
            Script::Japanese => "japanese",
            Script::Undecided => "undecided",
            Script::NotChinese => "not-chinese",
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Detection {
    /// The script that the counts speak for.
    ///
    /// One in twenty of the deciding characters may be of the other script, as in a quotation, or a name; with more of them,
    /// the text is mixed. It is Japanese where a third of its characters is kana, or a tenth and none is Simplified, or where it
    /// has kana and shinjitai.
    pub fn script(&self) -> Script {
        let letters = self.han + self.kana;
        let has_much_kana = self.kana * 3 >= letters || (self.kana * 10 >= letters && self.simplified == 0);
        if self.kana > 0 && (has_much_kana || self.shinjitai > 0) {
            return Script::Japanese;
        }
        if self.han == 0 {
            return Script::NotChinese;
        }
        match (self.simplified, self.traditional) {
            (0, 0) => self.region().unwrap_or(Script::Undecided),
            (simplified, traditional) if traditional * 20 <= simplified => Script::Simplified,
            (simplified, traditional) if simplified * 20 <= traditional => self.region().unwrap_or(Script::Traditional),
            _ => Script::Mixed,
        }
    }

    /// The region whose forms are more than twice as many as the other one's.
    fn region(&self) -> Option<Script> {
        match (self.taiwan, self.hong_kong) {
            (taiwan, hong_kong) if taiwan > 2 * hong_kong => Some(Script::Taiwan),
            (taiwan, hong_kong) if hong_kong > 2 * taiwan => Some(Script::HongKong),
            _ => None,
        }
    }
}

/// Counts of texts one after the other.
impl AddAssign for Detection {
    fn add_assign(&mut self, other: Detection) {
        self.characters += other.characters;
        self.han += other.han;
        self.simplified += other.simplified;
        self.traditional += other.traditional;
        self.taiwan += other.taiwan;
        self.hong_kong += other.hong_kong;
        self.standard += other.standard;
        self.kana += other.kana;
        self.shinjitai += other.shinjitai;
    }
}

/// Counts what speaks for which script in a text.
///
/// The first call reads dictionaries, which costs some milliseconds; after that, it costs a look at a table for each
/// character.
///
/// ```
/// use fanjian::{Script, detect};
///
/// assert_eq!(detect("皇后的头发").script(), Script::Simplified);
/// assert_eq!(detect("皇后的頭髮").script(), Script::Traditional);
/// assert_eq!(detect("頭髮裡").script(), Script::Taiwan);
/// assert_eq!(detect("皇后").script(), Script::Undecided);
/// assert_eq!(detect("発想の転換").script(), Script::Japanese);
/// assert_eq!(detect("头髮").simplified, 1);
/// ```
pub fn detect(text: &str) -> Detection {
    let mut found = Detection::default();
    for character in text.chars() {
        let class = class(character);
        let has = |bit: u16| usize::from(class & bit != 0);
        found.characters += 1;
        found.han += has(HAN);
        found.simplified += has(SIMPLIFIED);
        found.traditional += has(TRADITIONAL);
        found.taiwan += has(TAIWAN);
        found.hong_kong += has(HONG_KONG);
        found.standard += has(STANDARD);
        found.kana += has(KANA);
        found.shinjitai += has(SHINJITAI);
    }
    found
}

const HAN: u16 = 1;
const SIMPLIFIED: u16 = 1 << 1;
const TRADITIONAL: u16 = 1 << 2;
const TAIWAN: u16 = 1 << 3;
const HONG_KONG: u16 = 1 << 4;
const STANDARD: u16 = 1 << 5;
const KANA: u16 = 1 << 6;
const SHINJITAI: u16 = 1 << 7;
/// Another one in Simplified text, at least mostly.
const CHANGES: u16 = 1 << 8;

/// Whether a character is a Chinese one.
#[cfg(feature = "clean")]
pub(crate) fn is_han(character: char) -> bool {
    class(character) & HAN != 0
}

/// Whether a character is another one in Simplified text, by `t2s`.
#[cfg(feature = "clean")]
pub(crate) fn changes_to_simplified(character: char) -> bool {
    class(character) & CHANGES != 0
}

fn class(character: char) -> u16 {
    classes().get(character as usize).copied().unwrap_or_else(|| beyond(character))
}

/// Of a character beyond the basic plane, where no table looks: the supplementary and the tertiary ideographic plane.
fn beyond(character: char) -> u16 {
    if matches!(character, '\u{20000}'..='\u{3ffff}') { HAN } else { 0 }
}

/// What each character of the basic plane speaks for.
fn classes() -> &'static [u16] {
    static CLASSES: OnceLock<Vec<u16>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        let mut classes = vec![0_u16; 0x1_0000];
        let kana = ['\u{3041}'..='\u{3096}', '\u{309d}'..='\u{309f}', '\u{30a1}'..='\u{30fa}', '\u{30fd}'..='\u{30ff}'];
        let kana = kana.into_iter().chain(['\u{31f0}'..='\u{31ff}', '\u{ff66}'..='\u{ff9d}']).flatten();
        kana.for_each(|character| classes[character as usize] |= KANA);
        let han = ['\u{3400}'..='\u{4dbf}', '\u{4e00}'..='\u{9fff}', '\u{f900}'..='\u{faff}'].into_iter().flatten();
        han.chain(['〇', '々']).for_each(|character| classes[character as usize] |= HAN);

        // A character with itself among the candidates is of both scripts.
        for (name, class) in [("STCharacters", SIMPLIFIED), ("TSCharacters", TRADITIONAL)] {
            for (key, candidates) in characters(name) {
                let Some(found) = classes.get_mut(key as usize) else { continue };
                if !candidates.contains(&key) {
                    *found |= class;
                }
                if class == TRADITIONAL && candidates.first() != Some(&key) {
                    *found |= CHANGES;
                }
            }
        }
        // All forms of which a region or the standard uses another one.
        let variants = ["TWVariants", "HKVariants"].into_iter().flat_map(characters);
        let variants: Vec<_> = variants.flat_map(|(key, candidates)| [vec![key], candidates].concat()).collect();
        let by = |config: Config| {
            let converter = Converter::new(config);
            move |character: char| single(&converter.convert(&character.to_string())).unwrap_or(character)
        };
        let (from_taiwan, from_hong_kong) = (by(Config::Tw2t), by(Config::Hk2t));
        let (to_taiwan, to_hong_kong) = (by(Config::T2tw), by(Config::T2hk));
        for &character in &variants {
            let Some(class) = classes.get_mut(character as usize).filter(|class| **class & SIMPLIFIED == 0) else {
                continue;
            };
            let standard = from_hong_kong(from_taiwan(character));
            let used = [(to_taiwan(standard), TAIWAN), (to_hong_kong(standard), HONG_KONG), (standard, STANDARD)];
            if used.iter().any(|(form, _)| *form != character) {
                used.iter().filter(|(form, _)| *form == character).for_each(|(_, bit)| *class |= bit);
            }
        }
        let old = by(Config::Jp2t);
        for code in 0x4e00..0xa000_u32 {
            let character = char::from_u32(code).filter(|&character| old(character) != character);
            if let Some(class) = character.and_then(|character| classes.get_mut(character as usize))
                && *class & (SIMPLIFIED | TRADITIONAL | TAIWAN | HONG_KONG | STANDARD) == 0
                && !is_chinese(character.unwrap_or_default())
            {
                *class |= SHINJITAI;
            }
        }
        classes
    })
}

/// The entries of a built-in dictionary for single characters, with the candidates that are single characters.
fn characters(dictionary: &str) -> Vec<(char, Vec<char>)> {
    let entries = dictionary::builtin(dictionary).map(|dictionary| dictionary.to_entries()).unwrap_or_default();
    let single_ones = |(key, candidates): (&str, &[String])| {
        Some((single(key)?, candidates.iter().filter_map(|candidate| single(candidate)).collect()))
    };
    entries.iter().filter_map(single_ones).collect()
}

/// Whether a character is what a Simplified or a Traditional text may have, by OpenCC's dictionaries.
fn is_chinese(character: char) -> bool {
    let holds = |name: &str| {
        dictionary::builtin(name).is_some_and(|dictionary| dictionary.get(character.encode_utf8(&mut [0; 4])).is_some())
    };
    holds("STCharacters") || holds("TSCharacters")
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

#[cfg(test)]
mod tests {
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
            traditional: found.traditional,
            taiwan: 1,
            hong_kong: 0,
            standard: 0,
            kana: 1,
            shinjitai: 1,
        };
        assert_eq!(found, expected);
    }
}

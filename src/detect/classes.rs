//! Classes of characters, and lists of words, that are evidence for a script or a region.

use std::{collections::BTreeSet, sync::OnceLock};

use fanjian_dictionary::han::{is_ideograph, single};

use crate::{Config, Converter, data};

/// A Chinese character.
pub(super) const HAN: u16 = 1;
/// In Simplified text only.
pub(super) const SIMPLIFIED: u16 = 1 << 1;
/// In Traditional text only.
pub(super) const TRADITIONAL: u16 = 1 << 2;
/// It differs between the Traditional standards; and the standards that use it.
pub(super) const FORM: u16 = 1 << 3;
pub(super) const TAIWAN: u16 = 1 << 4;
pub(super) const HONG_KONG: u16 = 1 << 5;
pub(super) const STANDARD: u16 = 1 << 6;
pub(super) const KANA: u16 = 1 << 7;
pub(super) const SHINJITAI: u16 = 1 << 8;
/// Not used in modern Japanese text.
pub(super) const NOT_JAPANESE: u16 = 1 << 9;
/// The number of the classes above, which are counted.
pub(super) const COUNTED: usize = 10;
/// Another character takes its place in Simplified text, at least mostly.
const CHANGES: u16 = 1 << 10;

/// The number of a combination of classes.
pub(super) type Number = u8;

/// Counters of a byte each, for one addition.
pub(super) type Lanes = [u8; 16];

/// The evidence of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Conversion of Simplified text character by character.
    Converted,
    Taiwan,
    HongKong,
}

/// A word: its first two characters, and its rest.
struct Word {
    pair: u32,
    rest: &'static str,
    kind: Kind,
}

pub(super) struct Classes {
    /// The number of each character of the basic plane.
    numbers: Box<[Number; 0x1_0000]>,
    /// The classes of each number, and its increments of the counters.
    flags: [u16; 256],
    lanes: Box<[Lanes; 256]>,
    /// A filter of the first two characters of words.
    pairs: Box<[u64; PAIRS / 64]>,
    /// Sorted by the hash of these.
    words: Vec<Word>,
    /// The index of the first word of each bucket: the highest bits of the hash.
    places: Box<[u16; 1 << PLACES]>,
}

/// The longest rest of a word, in bytes.
pub(super) const LONGEST_REST: usize = 32;
/// Bits of the filter: 64 kB, of which 3 of two hundred are set.
const PAIRS: usize = 1 << 19;
const PLACES: u32 = 14;

/// The words of `dictionaries/detection/Converted.txt`, without their right forms.
static CONVERTED: &str = include_str!(concat!(env!("OUT_DIR"), "/converted.txt"));
static REGIONS: &str = include_str!("../../dictionaries/detection/Regions.txt");
static CANTONESE: &str = include_str!("../../dictionaries/targets/CantoneseCharacters.txt");

impl Classes {
    /// The tables. The first call makes them.
    pub(super) fn get() -> &'static Classes {
        static CLASSES: OnceLock<Classes> = OnceLock::new();
        CLASSES.get_or_init(Classes::make)
    }

    /// The number of a character of the basic plane, by its code.
    #[inline]
    pub(super) fn number(&self, code: u16) -> Number {
        self.numbers[usize::from(code)]
    }

    /// The increments of the counters for a number.
    #[inline]
    pub(super) fn lanes(&self, number: Number) -> Lanes {
        self.lanes[usize::from(number)]
    }

    /// The classes of a character.
    pub(super) fn of(&self, character: char) -> u16 {
        match u16::try_from(u32::from(character)) {
            Ok(code) => self.flags[usize::from(self.number(code))],
            Err(_) => beyond(character),
        }
    }

    /// The classes of a number.
    #[inline]
    pub(super) fn flags(&self, number: Number) -> u16 {
        self.flags[usize::from(number)]
    }

    /// Whether two characters may begin a word.
    #[inline]
    pub(super) fn may_begin(&self, pair: u32) -> bool {
        let bit = (hash(pair) >> (32 - PAIRS.trailing_zeros())) as usize;
        self.pairs[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// The longest word that begins with two characters: the length of its rest, of which `behind` is the text, and its kind.
    pub(super) fn word(&self, pair: u32, behind: &[u8]) -> Option<(usize, Kind)> {
        let words = &self.words[usize::from(self.places[place(pair)])..];
        let words = words.iter().take_while(|word| place(word.pair) == place(pair));
        let found = words.filter(|word| word.pair == pair && behind.starts_with(word.rest.as_bytes()));
        found.max_by_key(|word| word.rest.len()).map(|word| (word.rest.len(), word.kind))
    }

    fn make() -> Classes {
        let mut words = Vec::new();
        let lines = |text: &'static str| text.lines().filter(|line| !line.starts_with('#'));
        let converted = CONVERTED.lines().map(|word| (word, Kind::Converted));
        let regions = lines(REGIONS).filter_map(|line| {
            let (word, region) = line.split_once('\t')?;
            Some((word, if region == "taiwan" { Kind::Taiwan } else { Kind::HongKong }))
        });
        for (word, kind) in converted.chain(regions) {
            let mut characters = word.chars();
            if let (Some(first), Some(second)) = (characters.next().and_then(code), characters.next().and_then(code)) {
                let rest = characters.as_str();
                debug_assert!(rest.len() <= LONGEST_REST, "{word} is too long");
                words.push(Word { pair: pair(first, second), rest, kind });
            }
        }
        words.sort_by_key(|word| hash(word.pair));
        let mut pairs = Box::new([0; PAIRS / 64]);
        let mut places = Box::new([u16::try_from(words.len()).unwrap_or_default(); 1 << PLACES]);
        for (index, word) in words.iter().enumerate().rev() {
            let bit = (hash(word.pair) >> (32 - PAIRS.trailing_zeros())) as usize;
            pairs[bit / 64] |= 1 << (bit % 64);
            places[place(word.pair)] = u16::try_from(index).unwrap_or_default();
        }
        let mut flags = [0; 256];
        let mut lanes = Box::new([[0; 16]; 256]);
        let mut numbers = Box::new([0; 0x1_0000]);
        let mut kinds = vec![0_u16];
        for (code, class) in (0..=u16::MAX).zip(characters_of_the_basic_plane()) {
            let number = kinds.iter().position(|&known| known == class).unwrap_or_else(|| {
                kinds.push(class);
                kinds.len() - 1
            });
            let number = Number::try_from(number).unwrap_or_default();
            numbers[usize::from(code)] = number;
            flags[usize::from(number)] = class;
            for (bit, lane) in lanes[usize::from(number)].iter_mut().take(COUNTED).enumerate() {
                *lane = u8::from(class >> bit & 1 != 0);
            }
        }
        debug_assert!(kinds.len() <= 256, "{} kinds of characters", kinds.len());
        Classes { numbers, flags, lanes, pairs, words, places }
    }
}

/// Whether a character is a Han character: an ideograph of Unicode's CJK blocks, or one of the marks 〇 and 々.
///
/// The two marks are outside the blocks of ideographs, but of the script Han, and written as characters of words and numbers
/// (二〇二六, 人々).
///
/// ```
/// assert!(fanjian::is_han('發') && fanjian::is_han('〇') && fanjian::is_han('𠮶'));
/// assert!(!fanjian::is_han('の') && !fanjian::is_han('。'));
/// ```
#[must_use]
pub fn is_han(character: char) -> bool {
    Classes::get().of(character) & HAN != 0
}

/// Whether a character has another form in Simplified text: whether [`Config::T2s`] changes it.
///
/// ```
/// assert!(fanjian::has_simplified_form('發') && !fanjian::has_simplified_form('发'));
/// assert!(!fanjian::has_simplified_form('人'));
/// ```
#[must_use]
pub fn has_simplified_form(character: char) -> bool {
    Classes::get().of(character) & CHANGES != 0
}

fn code(character: char) -> Option<u16> {
    u16::try_from(u32::from(character)).ok()
}

/// Two characters of the basic plane, by their codes.
#[inline]
pub(super) fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// A hash of which the highest bits are used.
#[inline]
fn hash(pair: u32) -> u32 {
    pair.wrapping_mul(0x9e37_79b1)
}

fn place(pair: u32) -> usize {
    (hash(pair) >> (32 - PLACES)) as usize
}

/// The class of a character outside the basic plane, where there are no tables.
fn beyond(character: char) -> u16 {
    if is_ideograph(u32::from(character)) { HAN } else { 0 }
}

/// Forms of Hong Kong's print, beside those of its schools.
const PRINT: &str = "啟峰床群麵";

/// The classes of each character of the basic plane.
fn characters_of_the_basic_plane() -> Vec<u16> {
    let mut classes = vec![0_u16; 0x1_0000];
    let kana = ['\u{3041}'..='\u{3096}', '\u{309d}'..='\u{309f}', '\u{30a1}'..='\u{30fa}', '\u{30fd}'..='\u{30ff}'];
    let kana = kana.into_iter().chain(['\u{31f0}'..='\u{31ff}', '\u{ff66}'..='\u{ff9d}']).flatten();
    kana.for_each(|character| classes[character as usize] |= KANA);
    let han = (0..=0xffff).filter(|&code| is_ideograph(code));
    han.chain(['〇', '々'].map(u32::from)).for_each(|code| classes[code as usize] |= HAN);

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
    // All forms that differ between the regions and the standard.
    let variants = ["TWVariants", "HKVariants"].into_iter().flat_map(characters);
    let variants: Vec<_> = variants.flat_map(|(key, candidates)| [vec![key], candidates].concat()).collect();
    let by = |config: Config| {
        let converter = Converter::new(config);
        move |character: char| single(&converter.convert(character.encode_utf8(&mut [0; 4]))).unwrap_or(character)
    };
    let (from_taiwan, from_hong_kong) = (by(Config::Tw2t), by(Config::Hk2t));
    let (to_taiwan, to_hong_kong) = (by(Config::T2tw), by(Config::T2hk));
    for &character in &variants {
        let Some(class) = classes.get_mut(character as usize) else { continue };
        let standard = from_hong_kong(from_taiwan(character));
        let used = [(to_taiwan(standard), TAIWAN), (to_hong_kong(standard), HONG_KONG), (standard, STANDARD)];
        if used.iter().all(|(form, _)| *form == character) {
            continue;
        }
        if PRINT.contains(character) {
            *class |= HONG_KONG;
        }
        for (_, bit) in used.iter().filter(|(form, _)| *form == character) {
            // 群 and 温 are written in regions, although the standard has other forms.
            *class = (*class | bit | FORM) & !SIMPLIFIED;
        }
    }
    for character in CANTONESE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.chars().next()) {
        classes[character as usize] |= FORM | HONG_KONG;
    }
    let old = by(Config::Jp2t);
    let mut new_forms = BTreeSet::new();
    for code in 0x4e00..0xa000_u32 {
        let Some(character) = char::from_u32(code).filter(|&character| old(character) != character) else { continue };
        new_forms.insert(character);
        let class = &mut classes[code as usize];
        if *class & (SIMPLIFIED | TRADITIONAL | TAIWAN | HONG_KONG | STANDARD) == 0 && !is_chinese(character) {
            *class |= SHINJITAI;
        }
    }
    for (code, class) in (0_u32..=0xffff).zip(&mut classes) {
        let is_new = char::from_u32(code).is_some_and(|character| new_forms.contains(&character));
        if *class & SIMPLIFIED != 0 && !is_new {
            *class |= NOT_JAPANESE;
        }
    }
    for (old, new) in characters("JPShinjitaiCharacters") {
        if let Some(class) = classes.get_mut(old as usize).filter(|_| !new.contains(&old)) {
            *class |= NOT_JAPANESE;
        }
    }
    classes
}

/// The entries of a built-in dictionary for single characters, with the candidates that are single characters.
fn characters(dictionary: &str) -> Vec<(char, Vec<char>)> {
    let entries = data::builtin(dictionary).map(|dictionary| dictionary.to_entries()).unwrap_or_default();
    let single_ones = |(key, candidates): (&str, &[String])| {
        Some((single(key)?, candidates.iter().filter_map(|candidate| single(candidate)).collect()))
    };
    entries.iter().filter_map(single_ones).collect()
}

/// Whether OpenCC's dictionaries have a character as one of Simplified or Traditional text.
fn is_chinese(character: char) -> bool {
    let holds = |name: &str| {
        data::builtin(name).is_some_and(|dictionary| dictionary.get(character.encode_utf8(&mut [0; 4])).is_some())
    };
    holds("STCharacters") || holds("TSCharacters")
}

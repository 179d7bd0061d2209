//! The encoding of a text without a mark, by what its bytes mean in each: the probability of the characters in Chinese and
//! Japanese text, against each other.

use std::{ops::Range, sync::LazyLock};

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_2022_JP, ISO_8859_5, KOI8_R, SHIFT_JIS, UTF_8, UTF_16BE,
    UTF_16LE, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1255, WINDOWS_1256,
};

/// How probable a guess has to be.
pub(super) const SURE: f64 = 0.998;
/// How many different characters a text has to have for a guess.
const ENOUGH: usize = 3;
/// How much of a text is weighed, in bytes. It begins with the first byte that is not ASCII.
const WEIGHED: usize = 64 * 1024;
/// The same where only UTF-8 and UTF-16 are weighed.
const WEIGHED_FOR_UNICODE: usize = 4 * 1024;

/// Information, in eighths of a bit: of something with the probability 2^-n, it is 8 n.
type Cost = u64;

const fn bits(bits: Cost) -> Cost {
    8 * bits
}

/// An encoding of Chinese or Japanese; none for all else.
pub(super) type Candidate = Option<&'static Encoding>;

/// What the beginning of a text can be.
pub(super) struct Guess {
    /// The candidates with their probabilities, the most probable first.
    pub(super) candidates: Vec<(Candidate, f64)>,
    /// Whether the first one is probable enough, and has enough characters for that to mean something.
    pub(super) is_sure: bool,
}

/// Weighs the beginning of a text. `is_whole` is whether it is all of it.
pub(super) fn guess(head: &[u8], is_whole: bool) -> Guess {
    // Both bytes of a character of UTF-16.
    let start = head.iter().position(|byte| !byte.is_ascii()).unwrap_or(0) & !1;
    weigh(head, start..head.len().min(start + WEIGHED), is_whole, |_| true)
}

/// The same of UTF-8, UTF-16 and ISO-2022-JP alone, which is faster.
pub(super) fn guess_unicode(head: &[u8], is_whole: bool) -> Guess {
    weigh(head, 0..head.len().min(WEIGHED_FOR_UNICODE), is_whole, |encoding| {
        [UTF_16LE, UTF_16BE, ISO_2022_JP].contains(&encoding)
    })
}

/// What switches ISO-2022-JP from ASCII to other characters. Other sequences with an escape are of terminals.
const SWITCHES: [&[u8]; 4] = [b"\x1b$@", b"\x1b$B", b"\x1b(I", b"\x1b(J"];

fn weigh(head: &[u8], range: Range<usize>, is_whole: bool, is_candidate: impl Fn(&'static Encoding) -> bool) -> Guess {
    let is_last = is_whole && range.end == head.len();
    let sample = &head[range];
    let text = decoded(UTF_8, sample, is_last);
    let mut weighed = vec![(Some(UTF_8), text_cost(&text, OF_UTF_8))];
    let is_switching = SWITCHES.iter().any(|switch| memchr::memmem::find(sample, switch).is_some());
    for &Hypothesis { encoding, is_wanted, prior, models } in &HYPOTHESES {
        if is_candidate(encoding) && (encoding != ISO_2022_JP || is_switching) {
            let text = decoded(encoding, sample, is_last);
            let cost = bits(UTF_8_IS_USUAL) + prior + text_cost(&text, models);
            let candidate = match encoding {
                _ if !is_wanted => None,
                _ if encoding == GBK => Some(gbk_or_gb18030(&text)),
                _ => Some(encoding),
            };
            weighed.push((candidate, cost));
        }
    }
    let noise = sample.iter().map(|&byte| noise(byte)).sum::<Cost>();
    weighed.push((None, bits(UTF_8_IS_USUAL + NOISE_IS_RARE) + noise));
    let candidates = probabilities(&weighed);
    let is_enough = |encoding| has_enough(encoding, &decoded(encoding, sample, is_last));
    let is_sure = matches!(candidates[0], (Some(best), probability) if probability >= SURE && is_enough(best));
    Guess { candidates, is_sure }
}

/// Whether there are enough different characters: one that is repeated is no more evidence each time.
fn has_enough(encoding: &'static Encoding, text: &str) -> bool {
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let mut first: Vec<char> = Vec::new();
    for character in text.chars().filter(|character| is_wide || !character.is_ascii()) {
        if !first.contains(&character) {
            first.push(character);
        }
        if first.len() == ENOUGH {
            return true;
        }
    }
    false
}

/// How much rarer all other encodings are than UTF-8, in bits, and bytes that are no text than those.
const UTF_8_IS_USUAL: Cost = 6;
const NOISE_IS_RARE: Cost = 6;

/// A language: the cost of a character in it.
type Model = fn(char) -> Cost;

struct Hypothesis {
    encoding: &'static Encoding,
    /// Whether it is an encoding of Chinese or Japanese. The others are there to be known as what they are.
    is_wanted: bool,
    prior: Cost,
    /// The languages of texts in it, with how rare they are.
    models: &'static [(Cost, Model)],
}

const fn wanted(encoding: &'static Encoding, prior: Cost, models: &'static [(Cost, Model)]) -> Hypothesis {
    Hypothesis { encoding, is_wanted: true, prior: bits(prior), models }
}

const fn other(encoding: &'static Encoding, models: &'static [(Cost, Model)]) -> Hypothesis {
    Hypothesis { encoding, is_wanted: false, prior: bits(8), models }
}

const OF_UTF_8: &[(Cost, Model)] = &[(0, other_scripts), (0, simplified), (0, traditional), (0, japanese)];
const JAPANESE: &[(Cost, Model)] = &[(0, japanese)];
const OF_UTF_16: &[(Cost, Model)] = &[(0, simplified), (0, traditional), (0, japanese)];
const ALPHABETS: &[(Cost, Model)] = &[(0, other_scripts)];

static HYPOTHESES: [Hypothesis; 18] = [
    wanted(GBK, 0, &[(0, simplified), (bits(4), traditional), (bits(8), japanese)]),
    wanted(BIG5, 0, &[(0, traditional), (bits(10), japanese)]),
    wanted(SHIFT_JIS, 0, JAPANESE),
    wanted(EUC_JP, 1, JAPANESE),
    wanted(ISO_2022_JP, 3, JAPANESE),
    wanted(UTF_16LE, 3, OF_UTF_16),
    wanted(UTF_16BE, 4, OF_UTF_16),
    other(EUC_KR, &[(0, korean)]),
    other(WINDOWS_1250, ALPHABETS),
    other(WINDOWS_1251, ALPHABETS),
    other(WINDOWS_1252, ALPHABETS),
    other(WINDOWS_1253, ALPHABETS),
    other(WINDOWS_1255, ALPHABETS),
    other(WINDOWS_1256, ALPHABETS),
    other(WINDOWS_874, ALPHABETS),
    other(KOI8_R, ALPHABETS),
    other(IBM866, ALPHABETS),
    other(ISO_8859_5, ALPHABETS),
];

/// The text of a sample, with U+FFFD for what is invalid; not for a character that the end of the sample cuts.
fn decoded(encoding: &'static Encoding, sample: &[u8], is_last: bool) -> String {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(sample.len()).unwrap_or_default());
    // The text has room for all of it.
    let _ = decoder.decode_to_string(sample, &mut text, is_last);
    text
}

/// GBK, unless a character takes the four bytes that only GB 18030 has.
fn gbk_or_gb18030(text: &str) -> &'static Encoding {
    let mut others =
        text.chars().filter(|character| !character.is_ascii() && *character != char::REPLACEMENT_CHARACTER);
    let has_four_bytes = others.any(|character| GBK.encode(character.encode_utf8(&mut [0; 4])).2);
    if has_four_bytes { GB18030 } else { GBK }
}

/// The cost of a text that is in one of several languages.
fn text_cost(text: &str, models: &[(Cost, Model)]) -> Cost {
    let cost =
        |&(prior, model): &(Cost, Model)| prior + text.chars().map(|character| cost(character, model)).sum::<Cost>();
    models.iter().map(cost).min().unwrap_or_default()
}

fn cost(character: char, model: Model) -> Cost {
    match character {
        char::REPLACEMENT_CHARACTER => bits(40),
        '\0'..='\x7f' => ascii(character as u8),
        _ => model(character),
    }
}

fn ascii(byte: u8) -> Cost {
    match byte {
        b' ' | b'\n' => bits(5),
        b'a'..=b'z' => bits(5),
        b'0'..=b'9' | b'\r' => bits(6),
        b'A'..=b'Z' | b'\t' => bits(7),
        0x21..=0x7e => bits(8),
        _ => bits(28),
    }
}

/// Bytes of any kind.
fn noise(byte: u8) -> Cost {
    match byte {
        0 => bits(4),
        0x80.. => bits(7) + 3,
        _ => ascii(byte).min(bits(8)),
    }
}

const SIMPLIFIED: usize = 0;
const TRADITIONAL: usize = 1;
const KANJI_AND_KANA: usize = 2;

fn simplified(character: char) -> Cost {
    frequency(character, SIMPLIFIED)
}

fn traditional(character: char) -> Cost {
    frequency(character, TRADITIONAL)
}

fn japanese(character: char) -> Cost {
    frequency(character, KANJI_AND_KANA)
}

fn korean(character: char) -> Cost {
    match character {
        '\u{ac00}'..='\u{d7a3}' => bits(10) + 4,
        '\u{4e00}'..='\u{9fff}' => bits(18),
        _ => rare(character),
    }
}

/// Letters of alphabets, of which texts of capitals are rare.
fn other_scripts(character: char) -> Cost {
    match character {
        '\u{80}'..='\u{9f}' => bits(31),
        '\u{c0}'..='\u{24f}' => bits(9),
        '\u{370}'..='\u{52f}' if character.is_uppercase() => bits(9),
        '\u{370}'..='\u{6ff}' | '\u{e00}'..='\u{e7f}' => bits(6),
        '\u{a0}'..='\u{bf}' | '\u{2000}'..='\u{20cf}' => bits(12),
        '\u{ac00}'..='\u{d7a3}' => bits(11),
        _ if character.is_alphabetic() => bits(14),
        _ => rare(character),
    }
}

/// Characters that are in none of the lists.
fn rare(character: char) -> Cost {
    match character {
        '\u{4e00}'..='\u{9fff}' => bits(20),
        '\u{3000}'..='\u{30ff}' | '\u{ff01}'..='\u{ff5e}' => bits(18),
        '\u{ff61}'..='\u{ff9f}' => bits(13),
        '\u{a0}'..='\u{ff}' | '\u{370}'..='\u{45f}' | '\u{2000}'..='\u{27bf}' => bits(20),
        '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => bits(31),
        '\u{1f000}'..='\u{1faff}' => bits(22),
        _ => bits(26),
    }
}

/// The cost by rank, as it is in all three languages; between two ranks, in a straight line.
const RANKS: [(usize, Cost); 8] = [
    (0, bits(4) + 4),
    (10, bits(7)),
    (100, bits(9)),
    (300, bits(10) + 4),
    (1000, bits(13)),
    (2000, bits(15) + 4),
    (3000, bits(17)),
    (usize::MAX, bits(20)),
];

const FIRST: usize = 0x80;

/// The costs of the characters of the first plane, from `FIRST`.
static FREQUENCIES: LazyLock<Vec<[u8; 3]>> = LazyLock::new(|| {
    let mut costs: Vec<[u8; 3]> = (FIRST..0x1_0000)
        .map(|code| [char::from_u32(code as u32).map_or(u8::MAX, |character| rare(character) as u8); 3])
        .collect();
    let lists = include_str!("frequent.txt").lines().filter(|line| !line.starts_with('#'));
    for (language, list) in lists.enumerate() {
        for (rank, character) in list.chars().enumerate() {
            costs[character as usize - FIRST][language] = by_rank(rank) as u8;
        }
    }
    costs
});

fn by_rank(rank: usize) -> Cost {
    let next = RANKS.iter().position(|&(from, _)| from > rank).unwrap_or(RANKS.len() - 1);
    let ((from, low), (to, high)) = (RANKS[next - 1], RANKS[next]);
    low + (high - low) * (rank - from) as Cost / (to - from) as Cost
}

fn frequency(character: char, language: usize) -> Cost {
    match FREQUENCIES.get(character as usize - FIRST) {
        Some(costs) => costs[language].into(),
        None => rare(character),
    }
}

/// The probabilities of what has these costs, one of which is true; the highest first.
fn probabilities(weighed: &[(Candidate, Cost)]) -> Vec<(Candidate, f64)> {
    let least = weighed.iter().map(|(_, cost)| *cost).min().unwrap_or_default();
    let weight = |cost: Cost| (-((cost - least) as f64) / bits(1) as f64).exp2();
    let sum: f64 = weighed.iter().map(|(_, cost)| weight(*cost)).sum();
    let mut candidates: Vec<(Candidate, f64)> = Vec::new();
    for &(candidate, cost) in weighed {
        let probability = weight(cost) / sum;
        match candidates.iter_mut().find(|(known, _)| *known == candidate) {
            Some((_, all)) => *all += probability,
            None => candidates.push((candidate, probability)),
        }
    }
    candidates.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(encoding: &'static Encoding, text: &str) -> (Candidate, bool) {
        let bytes = match encoding {
            _ if encoding == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ if encoding == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => {
                let (bytes, _, has_lost) = encoding.encode(text);
                assert!(!has_lost, "{text}");
                bytes.into_owned()
            }
        };
        let guess = guess(&bytes, true);
        (guess.candidates[0].0, guess.is_sure)
    }

    const SIMPLIFIED: &str = "后来，他的头发里面有一只蝴蝶。";
    const TRADITIONAL: &str = "後來，他的頭髮裡面有一隻蝴蝶。";
    const JAPANESE: &str = "日本の国会は、東京にあります。";

    #[test]
    fn a_sentence_is_enough_for_every_encoding() {
        for (text, encodings) in [
            (SIMPLIFIED, &[GBK, UTF_8, UTF_16LE, UTF_16BE][..]),
            (TRADITIONAL, &[GBK, BIG5, UTF_8, UTF_16LE, UTF_16BE]),
            (JAPANESE, &[SHIFT_JIS, EUC_JP, ISO_2022_JP, UTF_8, UTF_16LE, UTF_16BE]),
        ] {
            for encoding in encodings {
                assert_eq!(best(encoding, text), (Some(*encoding), true), "{text}");
            }
        }
        let rare = format!("{SIMPLIFIED}𠮷");
        assert_eq!(best(GB18030, &rare), (Some(GB18030), true));
    }

    /// They used to be EUC-KR, windows-1251 and the like, and their text became that of GBK or of Big5 at times.
    #[test]
    fn texts_of_other_languages_are_in_no_encoding_of_chinese() {
        for (encoding, text) in [
            (EUC_KR, "대한민국의 수도는 서울이다."),
            (WINDOWS_1251, "Столица России — город Москва."),
            (KOI8_R, "Столица России, город Москва."),
            (WINDOWS_1252, "Le château fort était élevé au bord de la forêt."),
            (WINDOWS_1253, "Η πρωτεύουσα της Ελλάδας είναι η Αθήνα."),
            (WINDOWS_874, "เมืองหลวงของประเทศไทยคือกรุงเทพมหานคร"),
        ] {
            assert_eq!(best(encoding, text).0, None, "{text}");
        }
    }

    /// What is ASCII in pairs of letters is a Chinese character in UTF-16.
    #[test]
    fn ascii_is_not_utf_16() {
        for text in ["Bush hid the facts", "ab", "hello world!", "OK\n\n", "0123456789", "e3b0c442"] {
            assert_eq!(guess_unicode(text.as_bytes(), true).candidates[0].0, Some(UTF_8), "{text}");
        }
    }

    #[test]
    fn what_could_be_several_encodings_is_not_sure() {
        // In EUC-JP, the bytes of 乖 are 行.
        for text in ["乖", "乖乖", "乖乖乖乖乖乖", "矢尽"] {
            assert!(!best(GBK, text).1, "{text}");
        }
    }

    #[test]
    fn lists_have_each_character_once_and_costs_grow_with_the_rank() {
        let lists: Vec<_> = include_str!("frequent.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lists.len(), 3);
        for list in lists {
            let mut characters: Vec<_> = list.chars().collect();
            assert!(characters.iter().all(|character| !character.is_ascii()));
            let costs: Vec<_> = (0..characters.len()).map(by_rank).collect();
            assert!(costs.is_sorted() && costs.iter().all(|&cost| cost <= bits(20)));
            let len = characters.len();
            characters.sort_unstable();
            characters.dedup();
            assert_eq!(characters.len(), len);
        }
    }
}

//! The encoding of a text without a mark, by what its bytes mean in each: the probability of the characters in Chinese and
//! Japanese text, against each other.

use std::{ops::Range, sync::LazyLock};

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_2022_JP, KOI8_R, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1255, WINDOWS_1256,
};

/// How sure a guess has to be: of a hundred that are less sure than this, at least one may be wrong.
pub(super) const SURE: f64 = 0.99;
/// How much of a text is weighed, in bytes. It begins with the first byte that is not ASCII.
const WEIGHED: usize = 64 * 1024;
/// The same where only UTF-8 and UTF-16 are weighed.
const WEIGHED_FOR_UNICODE: usize = 4 * 1024;

/// Information, in eighths of a bit: of something with the probability 2^-n, it is 8 n.
type Cost = u64;

const fn bits(bits: Cost) -> Cost {
    8 * bits
}

/// A candidate; none for bytes that are no text.
pub(super) type Candidate = Option<&'static Encoding>;

/// What the beginning of a text can be, each with its probability, the most probable first. `is_whole` is whether it is
/// all of the text.
pub(super) fn guess(head: &[u8], is_whole: bool) -> Vec<(Candidate, f64)> {
    // Both bytes of a character of UTF-16.
    let start = head.iter().position(|byte| !byte.is_ascii()).unwrap_or(0) & !1;
    weigh(head, start..head.len().min(start + WEIGHED), is_whole, |_| true)
}

/// The same of UTF-8 and UTF-16 alone, which is faster.
pub(super) fn guess_unicode(head: &[u8], is_whole: bool) -> Vec<(Candidate, f64)> {
    weigh(head, 0..head.len().min(WEIGHED_FOR_UNICODE), is_whole, |encoding| {
        [UTF_16LE, UTF_16BE, ISO_2022_JP].contains(&encoding)
    })
}

fn weigh(
    head: &[u8],
    range: Range<usize>,
    is_whole: bool,
    is_candidate: impl Fn(&'static Encoding) -> bool,
) -> Vec<(Candidate, f64)> {
    let is_last = is_whole && range.end == head.len();
    let sample = &head[range];
    let text = decoded(UTF_8, sample, is_last);
    let mut weighed = vec![(Some(UTF_8), text_cost(&text, OF_UTF_8))];
    for &Hypothesis { encoding, prior, models } in &HYPOTHESES {
        let has_escape = encoding != ISO_2022_JP || memchr::memchr(0x1b, sample).is_some();
        if is_candidate(encoding) && has_escape {
            let text = decoded(encoding, sample, is_last);
            let cost = bits(UTF_8_IS_USUAL) + prior + text_cost(&text, models);
            weighed.push((Some(if encoding == GBK { gbk_or_gb18030(&text) } else { encoding }), cost));
        }
    }
    let noise = sample.iter().map(|&byte| noise(byte)).sum::<Cost>();
    weighed.push((None, bits(UTF_8_IS_USUAL + NOISE_IS_RARE) + noise));
    probabilities(weighed)
}

/// Whether texts of Chinese or Japanese are in this encoding. The others are weighed, but never guessed.
pub(super) fn is_guessed(encoding: &'static Encoding) -> bool {
    [UTF_8, UTF_16LE, UTF_16BE, GBK, GB18030, BIG5, SHIFT_JIS, EUC_JP, ISO_2022_JP].contains(&encoding)
}

/// How much rarer all others are than UTF-8, in bits, and bytes that are no text than they.
const UTF_8_IS_USUAL: Cost = 16;
const NOISE_IS_RARE: Cost = 6;

/// A language: the cost of a character in it.
type Model = fn(char) -> Cost;

struct Hypothesis {
    encoding: &'static Encoding,
    prior: Cost,
    /// The languages of texts in it, with how rare they are.
    models: &'static [(Cost, Model)],
}

const fn hypothesis(encoding: &'static Encoding, prior: Cost, models: &'static [(Cost, Model)]) -> Hypothesis {
    Hypothesis { encoding, prior: bits(prior), models }
}

const OF_UTF_8: &[(Cost, Model)] = &[(0, other_scripts), (0, simplified), (0, traditional), (0, japanese)];
const JAPANESE: &[(Cost, Model)] = &[(0, japanese)];
const SINGLE: &[(Cost, Model)] = &[(0, other_scripts)];

static HYPOTHESES: [Hypothesis; 18] = [
    hypothesis(GBK, 0, &[(0, simplified), (bits(4), traditional), (bits(8), japanese)]),
    hypothesis(BIG5, 0, &[(0, traditional), (bits(10), japanese)]),
    hypothesis(SHIFT_JIS, 0, JAPANESE),
    hypothesis(EUC_JP, 1, JAPANESE),
    hypothesis(ISO_2022_JP, 3, JAPANESE),
    hypothesis(UTF_16LE, 3, &[(0, simplified), (0, traditional), (0, japanese)]),
    hypothesis(UTF_16BE, 4, &[(0, simplified), (0, traditional), (0, japanese)]),
    hypothesis(EUC_KR, 8, &[(0, korean)]),
    hypothesis(WINDOWS_1250, 8, SINGLE),
    hypothesis(WINDOWS_1251, 8, SINGLE),
    hypothesis(WINDOWS_1252, 6, SINGLE),
    hypothesis(WINDOWS_1253, 8, SINGLE),
    hypothesis(WINDOWS_1255, 8, SINGLE),
    hypothesis(WINDOWS_1256, 8, SINGLE),
    hypothesis(WINDOWS_874, 8, SINGLE),
    hypothesis(KOI8_R, 8, SINGLE),
    hypothesis(IBM866, 8, SINGLE),
    hypothesis(encoding_rs::ISO_8859_5, 8, SINGLE),
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
fn probabilities(weighed: Vec<(Candidate, Cost)>) -> Vec<(Candidate, f64)> {
    let least = weighed.iter().map(|(_, cost)| *cost).min().unwrap_or_default();
    let weight = |cost: Cost| (-((cost - least) as f64) / bits(1) as f64).exp2();
    let sum: f64 = weighed.iter().map(|(_, cost)| weight(*cost)).sum();
    let mut candidates: Vec<_> = weighed.into_iter().map(|(encoding, cost)| (encoding, weight(cost) / sum)).collect();
    candidates.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    candidates
}

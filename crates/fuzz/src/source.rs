//! Choices and texts made of the bytes of an input.

use std::sync::OnceLock;

use arbitrary::Unstructured;
use fanjian::{Config, Converter, InvalidUtf8, Target, Vocabulary, builtin_dictionaries};

/// The bytes of an input, from which choices are made one after the other. At their end, all choices are the first one.
pub struct Source<'b>(Unstructured<'b>);

/// Texts of the targets, whose words are not in the built-in dictionaries.
const TARGET_WORDS: [&str; 9] = [
    include_str!("../../../dictionaries/targets/CantonesePhrases.txt"),
    include_str!("../../../dictionaries/targets/Doublets.txt"),
    include_str!("../../../dictionaries/targets/HKPhrases.txt"),
    include_str!("../../../dictionaries/targets/Harmful.txt"),
    include_str!("../../../dictionaries/targets/MainlandVocabulary.txt"),
    include_str!("../../../dictionaries/targets/Phrases.txt"),
    include_str!("../../../dictionaries/targets/SimplifiedPhrases.txt"),
    include_str!("../../../dictionaries/targets/TWPhrases.txt"),
    include_str!("../../../dictionaries/targets/TWVocabulary.txt"),
];

/// Characters that combine with the one before, select its form, join, or mark an order of bytes.
const COMBINING: [&str; 9] =
    ["\u{301}", "\u{20dd}", "\u{fe00}", "\u{fe0f}", "\u{e0100}", "\u{e01ef}", "\u{200d}", "\u{feff}", "\u{3099}"];
const ENDS: [&str; 12] = ["\n", "。", "，", "\r\n", "\r", "\t", "！", "“", "\u{3000}", "、", "\n\n", "…"];
const ASCII: [&str; 12] = ["a", " ", "Hello", "0", "<p>", "https://a.b/c?d=1", "(", ")", "\"", ",", "\\", "\0"];
const OTHER: [&str; 8] = ["は", "ナ", "ㄅ", "한", "é", "Ω", "😀", "\u{1d400}"];
const GLOSSED: [&str; 12] = [
    "國(guó)",
    "臺(tái)",
    "灣(wān)",
    "網(wǎng)",
    "際(jì)",
    "發(fā)",
    "黨(dǎng)員",
    "自?xún)?nèi)心",
    "時(shí)間",
    "(guó",
    "學(xué)?習(xí)",
    "里(lǐ)",
];
/// What may begin a character, go on with one, or do neither.
const INVALID: [&[u8]; 8] =
    [b"\xff", b"\x80", b"\xe5", b"\xe5\xa4", b"\xf0\x9f", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80"];

impl<'b> Source<'b> {
    /// Choices by these bytes.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> Source<'b> {
        Source(Unstructured::new(bytes))
    }

    /// Whether there are bytes left.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.0.is_empty()
    }

    /// The bytes left.
    #[must_use]
    pub fn rest(self) -> &'b [u8] {
        self.0.take_rest()
    }

    /// A number.
    pub fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or_default()
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&mut self, end: usize) -> usize {
        let number: u32 = match end {
            0..=256 => self.byte().into(),
            257..=65_536 => u32::from(self.0.arbitrary::<u16>().unwrap_or_default()),
            _ => self.0.arbitrary().unwrap_or_default(),
        };
        number as usize % end
    }

    /// True once in `of` times.
    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == of - 1
    }

    /// One of these.
    pub fn choose<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// One of these texts.
    pub fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let one: &&str = self.choose(of);
        one
    }

    /// A key or a value of a dictionary.
    pub fn word(&mut self) -> &'static str {
        self.choose(words()).as_str()
    }

    /// A character that is a key of a dictionary.
    pub fn character(&mut self) -> &'static str {
        self.pick(characters())
    }

    /// A part of a text: a word, a character, a sequence that describes one, ASCII, an end of a line, or something else.
    pub fn part(&mut self, out: &mut String) {
        match self.byte() % 18 {
            0..=5 => out.push_str(self.word()),
            6..=8 => out.push_str(self.character()),
            9 => out.extend(char::from_u32(0x4e00 + self.below(0x5200) as u32)),
            10 => {
                out.extend(char::from_u32(0x2ff0 + self.below(16) as u32));
                for _ in 0..self.below(4) {
                    out.push_str(self.character());
                }
            }
            11 => out.push_str(self.pick(&ASCII)),
            12 => out.push_str(self.pick(&ENDS)),
            13 => out.push_str(self.pick(&COMBINING)),
            14 => out.push_str(self.pick(&OTHER)),
            15 => out.push_str(self.pick(&GLOSSED)),
            16 => out.push(char::from_u32(self.below(0x11_0000) as u32).unwrap_or('\u{fffd}')),
            _ => {
                let part = if self.one_in(2) { self.word() } else { self.character() };
                // Now and then past the longest segment of a target.
                let count = if self.one_in(16) { self.byte() as usize } else { self.below(6) };
                out.push_str(&part.repeat(count));
            }
        }
    }

    /// A text of at most this number of parts. It is empty if there are no bytes left.
    pub fn text(&mut self, most: usize) -> String {
        let mut text = String::new();
        for _ in 0..most {
            if !self.has_more() {
                break;
            }
            self.part(&mut text);
        }
        text
    }

    /// A text with bytes in it that are not UTF-8.
    pub fn torn(&mut self, most: usize) -> Vec<u8> {
        let mut torn = Vec::new();
        for _ in 0..most {
            if !self.has_more() {
                break;
            }
            match self.byte() % 8 {
                0 => torn.extend_from_slice(self.choose::<&[u8]>(&INVALID)),
                1 => {
                    let mut part = String::new();
                    self.part(&mut part);
                    let end = self.below(part.len() + 1);
                    torn.extend_from_slice(&part.as_bytes()[..end]);
                }
                _ => {
                    let mut part = String::new();
                    self.part(&mut part);
                    torn.extend_from_slice(part.as_bytes());
                }
            }
        }
        torn
    }

    /// Lengths of pieces that a text of this length is cut into. Some are empty.
    pub fn cuts(&mut self, len: usize) -> Vec<usize> {
        let (mut cuts, mut left) = (Vec::new(), len);
        let most = 1 + self.below(12);
        while left > 0 {
            let cut = if self.has_more() { self.below(most + 1) } else { most };
            let cut = cut.min(left);
            cuts.push(cut);
            left -= cut;
        }
        cuts
    }

    /// A converter by a built-in configuration.
    pub fn by_config(&mut self) -> &'static Both {
        static FOUND: OnceLock<Vec<Both>> = OnceLock::new();
        let make = || {
            let both = |config, tofu_risk| {
                let converter = Converter::builder().config(config).tofu_risk(tofu_risk).build();
                Both::new(converter.expect("a built-in configuration"))
            };
            Config::ALL.iter().flat_map(|&config| [both(config, false), both(config, true)]).collect()
        };
        self.choose(FOUND.get_or_init(make))
    }

    /// A converter to a target: without a source script, and with one.
    pub fn by_target(&mut self, vocabulary: Vocabulary) -> (&'static Converter, &'static Converter) {
        static FOUND: OnceLock<Vec<(Vocabulary, Converter, Converter)>> = OnceLock::new();
        let make = || {
            let mut found = Vec::new();
            for &vocabulary in Vocabulary::ALL {
                for &target in Target::ALL {
                    for script in [Target::Simplified, Target::Taiwan] {
                        let builder = Converter::builder().target(target).vocabulary(vocabulary);
                        let plain = builder.clone().build().expect("a target");
                        let with_script = builder.source_script(script).build().expect("a target");
                        found.push((vocabulary, plain, with_script));
                    }
                }
            }
            found
        };
        let found: Vec<_> = FOUND.get_or_init(make).iter().filter(|(known, ..)| *known == vocabulary).collect();
        let (_, plain, with_script) = *self.choose(&found);
        (plain, with_script)
    }

    /// A converter of any kind.
    pub fn converter(&mut self) -> &'static Converter {
        match self.byte() % 4 {
            0 | 1 => &self.by_config().fast,
            2 => self.by_target(Vocabulary::Keep).0,
            _ => self.by_target(Vocabulary::Local).1,
        }
    }

    /// A policy for bytes that are not UTF-8.
    pub fn policy(&mut self) -> InvalidUtf8 {
        *self.choose(&[InvalidUtf8::Pass, InvalidUtf8::Replace, InvalidUtf8::Strict])
    }
}

/// A converter, and the same by the reference chain.
#[derive(Debug)]
pub struct Both {
    /// The converter.
    pub fast: Converter,
    /// The same by the reference chain.
    pub reference: Converter,
}

impl Both {
    fn new(fast: Converter) -> Both {
        Both { reference: fast.reference(), fast }
    }
}

fn words() -> &'static [String] {
    static FOUND: OnceLock<Vec<String>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut words = Vec::new();
        for dictionary in builtin_dictionaries() {
            for (key, values) in dictionary.to_entries().iter() {
                words.push(key.to_owned());
                words.extend(values.first().cloned());
            }
        }
        let lines = TARGET_WORDS.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#'));
        words.extend(lines.flat_map(str::split_whitespace).map(str::to_owned));
        words.retain(|word| !word.is_empty());
        words.sort();
        words.dedup();
        words
    })
}

fn characters() -> &'static [&'static str] {
    static FOUND: OnceLock<Vec<&'static str>> = OnceLock::new();
    let is_one = |word: &&str| word.chars().nth(1).is_none();
    FOUND.get_or_init(|| words().iter().map(String::as_str).filter(is_one).collect())
}

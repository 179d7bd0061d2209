//! The output of each character alone, in pages of 64: as many as have the same first bytes in UTF-8.

use fanjian_dictionary::utf8::Utf8;

pub(super) const PAGE: usize = 64;
/// The pages of the basic plane. A table has all of them.
pub(super) const BASIC: usize = 0x1_0000 / PAGE;

/// Not by changing bytes: [`CODE`] holds the output's code point, or [`FALLBACK`], which is none.
const GENERAL: u32 = 1 << 31;
/// Keys of more than one character begin with it.
const BEGINS: u32 = 1 << 30;
/// It is a key itself.
const KEY: u32 = 1 << 29;
/// Differences between the bytes of the character and those of its output, of three bytes each, the first byte lowest.
const BYTES: u32 = 0xff_ffff;
const CODE: u32 = 0x1f_ffff;
const FALLBACK: u32 = CODE;
/// In the place of a code point: the character alone is a key that was added to the tables.
const ADDED: u32 = CODE - 1;

/// What a table says of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Character(pub(super) u32);

impl Character {
    /// Whether its output has another length in UTF-8, or is not to be had from this table alone.
    #[inline]
    pub(crate) fn is_general(self) -> bool {
        self.0 & GENERAL != 0
    }

    #[inline]
    pub(crate) fn is_fallback(self) -> bool {
        self.0 & (GENERAL | CODE) == GENERAL | FALLBACK
    }

    /// Of a character of three bytes that is not [general](Character::is_general): the bits to flip in its bytes, of
    /// which the first is the lowest.
    #[inline]
    pub(crate) fn bits(self) -> u32 {
        self.0 & BYTES
    }

    /// Whether keys of more than one character may begin with it.
    #[inline]
    pub(super) fn begins(self) -> bool {
        self.0 & BEGINS != 0
    }

    #[inline]
    pub(super) fn is_key(self) -> bool {
        self.0 & KEY != 0
    }

    /// The same where the character alone is a key that was added: the table does not say what the output is.
    pub(super) fn with_added_key(self) -> Character {
        if self.is_fallback() { self } else { Character(self.0 & !BYTES | GENERAL | ADDED) }
    }

    /// Whether this character does not stay as it is.
    pub(super) fn changes(self, character: char) -> bool {
        self.output(Utf8::new(character)) != Some(Utf8::new(character))
    }

    /// The output of this character. None if the table does not say.
    #[inline]
    pub(super) fn output(self, character: Utf8) -> Option<Utf8> {
        if self.is_general() {
            return char::from_u32(self.0 & CODE).map(Utf8::new);
        }
        Some(Utf8::from_bytes(character.bytes() ^ self.bits()))
    }
}

/// The table of one stage, or of all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Characters<'b> {
    pub(super) basic: &'b [[u8; 2]; BASIC],
    pub(super) beyond: &'b [[u8; 2]],
    pub(super) pages: &'b [[u8; 4]],
}

impl<'b> Characters<'b> {
    pub(super) fn new(directory: &'b [u8], pages: &'b [u8]) -> Option<Characters<'b>> {
        let (basic, beyond) = directory.as_chunks().0.split_first_chunk()?;
        Some(Characters { basic, beyond, pages: pages.as_chunks().0 })
    }

    #[inline]
    pub(super) fn get(&self, character: Utf8) -> Character {
        if character.len() == 3 {
            return self.three_bytes(character.bytes());
        }
        let code = character.code() as usize;
        let page = code / PAGE;
        let number = match page.checked_sub(BASIC) {
            None => self.basic[place_of_page(page)],
            Some(page) => self.beyond.get(page).copied().unwrap_or([0; 2]),
        };
        self.entry(number, code % PAGE)
    }

    /// The character of three bytes with these low bits, the first byte lowest.
    #[inline]
    pub(super) fn three_bytes(&self, bytes: u32) -> Character {
        let number = self.basic[place(bytes)];
        self.entry(number, (bytes >> 16 & 0x3f) as usize)
    }

    /// Calls `each` with all characters, and what the table says of them, but for pages of which it says nothing.
    pub(super) fn each(&self, mut each: impl FnMut(char, Character)) {
        for page in 0..BASIC + self.beyond.len() {
            let number = if page < BASIC { self.basic[place_of_page(page)] } else { self.beyond[page - BASIC] };
            if number == [0; 2] {
                continue;
            }
            for index in 0..PAGE {
                if let Some(character) = char::from_u32((page * PAGE + index) as u32) {
                    each(character, self.entry(number, index));
                }
            }
        }
    }

    #[inline]
    fn entry(&self, number: [u8; 2], index: usize) -> Character {
        let index = usize::from(u16::from_le_bytes(number)) * PAGE + index;
        Character(self.pages.get(index).map_or(GENERAL | FALLBACK, |&entry| u32::from_le_bytes(entry)))
    }
}

/// Where the directory has a page of the basic plane: by the first two bytes of a character, the first one lowest.
/// The multiplication puts the second byte's six bits above the first byte's four, which takes two instructions rather than
/// the five of code points, and adds what is the same for all, or makes no two of them the same.
#[inline]
pub(super) fn place(bytes: u32) -> usize {
    (bytes.wrapping_mul(1 << 22 | 1 << 18) >> 22) as usize
}

/// As [`place`]; for pages of shorter characters, too.
pub(super) fn place_of_page(page: usize) -> usize {
    place((0xe0 | page >> 6 | (0x80 | page & 0x3f) << 8) as u32)
}

/// The characters of three bytes to look at: those that change or are not to be had from the table of characters alone, and
/// anchors. For each page, a word with a bit for each character of the former, and one of the latter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Notable<'b>(pub(super) &'b [[[u8; 8]; 2]; BASIC]);

impl<'b> Notable<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Option<Notable<'b>> {
        bytes.as_chunks().0.as_chunks().0.first_chunk().map(Notable)
    }

    /// Whether the character of three bytes with these low bits is one of either, as 1 or 0.
    #[inline]
    pub(super) fn three_bytes(&self, bytes: u32) -> [u64; 2] {
        self.0[place(bytes)].map(|word| u64::from_le_bytes(word) >> (bytes >> 16 & 0x3f) & 1)
    }

    /// The same, for vectors.
    pub(super) fn words(self) -> NotableWords {
        let mut words = NotableWords([0; 4 * BASIC]);
        for (number, word) in words.0.iter_mut().enumerate() {
            let (first, second, quarter) = (number & 0xf, number >> 4 & 0x3f, number >> 10);
            let [changes, anchors] = self.0[place((0xe0 | first | (0x80 | second) << 8) as u32)];
            let of_quarter = |bits: [u8; 8]| u32::from(u16::from_le_bytes([bits[2 * quarter], bits[2 * quarter + 1]]));
            *word = of_quarter(changes) | of_quarter(anchors) << 16;
        }
        words
    }
}

/// [`Notable`] characters without anchors, as bytes: those of three bytes that change.
pub(super) fn changing(characters: &Characters<'_>) -> Vec<u8> {
    let mut words = vec![[0_u64; 2]; BASIC];
    characters.each(|character, found| {
        if character.len_utf8() == 3 && found.changes(character) {
            let bytes = Utf8::new(character).bytes();
            words[place(bytes)][0] |= 1 << (bytes >> 16 & 0x3f);
        }
    });
    words.into_iter().flatten().flat_map(u64::to_le_bytes).collect()
}

/// [`Notable`] in a form that one read of 32 bits is enough for: a word for each sixteen characters, of which the low half has the
/// bits of those that change, and the high half those of anchors. The low four bits of the first byte are the lowest of a word's
/// place, then come the low six of the second, then those two of the third byte that are above the lowest four.
#[derive(Clone, Debug)]
pub(crate) struct NotableWords([u32; 4 * BASIC]);

impl NotableWords {
    #[cfg(test)]
    pub(crate) fn new(words: [u32; 4 * BASIC]) -> NotableWords {
        NotableWords(words)
    }

    /// The word at this place.
    #[inline]
    #[cfg_attr(not(any(test, target_arch = "x86_64")), expect(dead_code, reason = "only AVX-512 asks"))]
    pub(crate) fn get(&self, place: u16) -> u32 {
        self.0[usize::from(place) % (4 * BASIC)]
    }
}

#[cfg(feature = "compile")]
pub(super) mod writer {
    //! Makes the pages and directories, in the form that is read above.

    use std::collections::{BTreeMap, BTreeSet, HashMap};

    use super::*;

    /// What is to be written of a character.
    #[derive(Clone, Debug, Default)]
    pub(in crate::tables) struct Description {
        /// Itself, where there is none.
        pub(in crate::tables) output: Option<Output>,
        pub(in crate::tables) begins: bool,
        pub(in crate::tables) is_key: bool,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::tables) enum Output {
        Character(char),
        Fallback,
    }

    impl Description {
        fn entry(&self, character: char) -> u32 {
            let entry = match self.output {
                None => 0,
                Some(Output::Character(output)) => {
                    let (from, to) = (Utf8::new(character), Utf8::new(output));
                    if from.len() == 3 && to.len() == 3 { from.bytes() ^ to.bytes() } else { GENERAL | output as u32 }
                }
                Some(Output::Fallback) => GENERAL | FALLBACK,
            };
            let flags = [(self.begins, BEGINS), (self.is_key, KEY)];
            flags.into_iter().filter(|(is_set, _)| *is_set).fold(entry, |entry, (_, flag)| entry | flag)
        }
    }

    /// The sets of the characters of three bytes among those that change, and among the anchors.
    pub(in crate::tables) fn notable(changing: &BTreeSet<char>, anchors: &BTreeSet<char>) -> Vec<u8> {
        let mut words = [[0_u64; 2]; BASIC];
        for (number, set) in [changing, anchors].into_iter().enumerate() {
            for character in set.iter().filter(|character| character.len_utf8() == 3) {
                let bytes = Utf8::new(*character).bytes();
                words[place(bytes)][number] |= 1 << (bytes >> 16 & 0x3f);
            }
        }
        words.into_iter().flatten().flat_map(u64::to_le_bytes).collect()
    }

    /// All pages of all tables: most configurations have most of them in common.
    #[derive(Debug)]
    pub(in crate::tables) struct Pages {
        bytes: Vec<u8>,
        numbers: HashMap<Vec<u8>, u16>,
    }

    impl Pages {
        pub(in crate::tables) fn new() -> Pages {
            let empty = vec![0; PAGE * 4];
            Pages { bytes: empty.clone(), numbers: HashMap::from([(empty, 0)]) }
        }

        pub(in crate::tables) fn bytes(&self) -> &[u8] {
            &self.bytes
        }

        /// Adds what is missing, and returns the directory of these characters. None if there are too many pages.
        pub(in crate::tables) fn add(&mut self, characters: &BTreeMap<char, Description>) -> Option<Vec<u8>> {
            let last = characters.last_key_value().map_or(0, |(&character, _)| character as usize / PAGE);
            let mut pages = vec![vec![0; PAGE * 4]; BASIC.max(last + 1)];
            for (&character, description) in characters {
                let code = character as usize;
                let at = code % PAGE * 4;
                pages[code / PAGE][at..at + 4].copy_from_slice(&description.entry(character).to_le_bytes());
            }
            let mut directory = vec![[0; 2]; pages.len()];
            for (index, page) in pages.into_iter().enumerate() {
                let next = u16::try_from(self.numbers.len()).ok();
                let number = match self.numbers.get(&page) {
                    Some(number) => *number,
                    None => {
                        self.bytes.extend_from_slice(&page);
                        self.numbers.insert(page, next?);
                        next?
                    }
                };
                directory[if index < BASIC { place_of_page(index) } else { index }] = number.to_le_bytes();
            }
            Some(directory.concat())
        }
    }
}

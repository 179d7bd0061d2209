//! What each character is to a target: its class, its output or its candidates, and what it shows of the text around it.

/// The class of a character: the code of the Simplified character that its class is named after. Other characters stand
/// for themselves. Codes from U+10000 on are folded into 16 bits; there they need not be distinct.
pub type Class = u16;

/// The class of what lies beyond the beginning or the end of a line.
pub(crate) const EDGE: Class = 0;

#[inline]
pub(crate) fn class(code: u32) -> Class {
    if code < 0x1_0000 { code as Class } else { 0xe000 | (code as Class & 0x0fff) }
}

/// What a neighbour of this class is to the model: digits are alike, and so are Latin letters, punctuation of both widths, and
/// quotation marks of all regions and depths, so that a text whose marks were changed is converted as before.
#[inline]
pub(crate) fn near(class: Class) -> Class {
    if is_han(class) {
        return class;
    }
    match class {
        0..0x80 => NEAR[usize::from(class)],
        0x3002 => b'.' as Class,
        0x2018 | 0x201c | 0x300e => 0x300c,
        0x2019 | 0x201d | 0x300f => 0x300d,
        0xff01..=0xff5e => NEAR[usize::from(class - 0xfee0)],
        _ => class,
    }
}

/// Whether it is the class of a Han character of the basic plane, but for the compatible ones: of most, nothing else is to be
/// looked at.
#[inline]
pub(crate) fn is_han(class: Class) -> bool {
    (0x3400..0xa000).contains(&class)
}

/// The same for characters of one byte.
const NEAR: [Class; 0x80] = {
    let mut near = [0; 0x80];
    let mut class = 0;
    while class < near.len() {
        near[class] = match class as u8 {
            b'0'..=b'9' => b'0',
            b'a'..=b'z' | b'A'..=b'Z' => b'a',
            other => other,
        } as Class;
        class += 1;
    }
    near
};

/// How many candidates a class can have.
pub const CANDIDATES: usize = 8;

/// What a character shows and needs, as bits.
pub(crate) mod flags {
    /// It has several candidates: a decision is needed.
    pub(crate) const CHOICE: u16 = 1;
    /// It is of the other script alone: after the conversion there is none.
    pub(crate) const FOREIGN: u16 = 1 << 1;
    /// It is of the target's script alone, and stays.
    pub(crate) const NATIVE: u16 = 1 << 2;
    /// It is written in Cantonese alone.
    pub(crate) const CANTONESE: u16 = 1 << 3;
    /// It ends a sentence.
    pub(crate) const STOP: u16 = 1 << 4;
    /// It is hiragana.
    pub(crate) const KANA: u16 = 1 << 5;
    /// Its output is in the table of outputs.
    pub(crate) const OUTPUT: u16 = 1 << 6;
    /// It ends a line.
    pub(crate) const LINE: u16 = 1 << 7;
    /// It may end a placeholder.
    pub(crate) const BRACE: u16 = 1 << 8;
}

/// A character as a target sees it, in 64 bits: from the lowest on, 16 bits in which its class differs from its code point,
/// 16 bits its flags, and 32 bits that mean, for a character with a choice, which one of the
/// [`Choice`](crate::tables::Choice)s it is; with the flag `OUTPUT`, its place among the outputs; and else the bits in
/// which its output, of three bytes of UTF-8 as it is itself, differs from it.
///
/// So most characters are converted without a decision, and no bits at all are a character that stands for itself.
// `chunks/avx512.rs` reads it as a number of 64 bits.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CharEntry(pub(crate) u64);

impl CharEntry {
    #[cfg(feature = "compile")]
    pub(crate) fn new(code: u32, its_class: Class, flags: u16, rest: u32) -> CharEntry {
        CharEntry(u64::from(its_class ^ class(code)) | u64::from(flags) << 16 | u64::from(rest) << 32)
    }

    /// All entries with one of these flags have a bit in common with this one, and no others.
    pub(crate) const fn mask(flags: u16) -> CharEntry {
        CharEntry((flags as u64) << 16)
    }

    /// The class of the character with this code point, whose entry this is.
    #[inline]
    pub(crate) fn class(self, code: u32) -> Class {
        self.0 as Class ^ class(code)
    }

    #[inline]
    pub(crate) fn flags(self) -> u16 {
        (self.0 >> 16) as u16
    }

    #[inline]
    pub(crate) fn is(self, flag: u16) -> bool {
        self.flags() & flag != 0
    }

    /// Whether it shows nothing but a class, and stands for itself.
    #[inline]
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only AVX-512 asks"))]
    pub(crate) fn stays(self) -> bool {
        self.0 >> 16 == 0
    }

    /// What the flags give a meaning to.
    #[inline]
    pub(crate) fn rest(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// An entry as it lies in the tables of a target, behind the four bytes of its code point.
pub(crate) type EntryRecord = [u8; 12];

/// The code point of a record.
#[inline]
pub(crate) fn code(&[a, b, c, d, ..]: &EntryRecord) -> u32 {
    u32::from_le_bytes([a, b, c, d])
}

/// The entry of a record.
#[inline]
fn entry(&[_, _, _, _, ref entry @ ..]: &EntryRecord) -> CharEntry {
    CharEntry(u64::from_le_bytes(*entry))
}

/// The record of a code point and its entry.
#[cfg(any(test, feature = "compile"))]
pub(crate) fn record(code: u32, entry: CharEntry) -> EntryRecord {
    let mut record = [0; 12];
    record[..4].copy_from_slice(&code.to_le_bytes());
    record[4..].copy_from_slice(&entry.0.to_le_bytes());
    record
}

/// The entries of a target.
#[derive(Clone, Debug)]
pub(crate) struct CharEntries {
    /// Those of the basic plane. Most of this memory is never touched.
    basic: Box<[CharEntry; BASIC]>,
    /// Those of others, in order, where they lie; and what is read in the place of some.
    beyond: &'static [EntryRecord],
    changed: Vec<(u32, CharEntry)>,
    ascii: AsciiFlags,
}

const BASIC: usize = 0x1_0000;

/// What the characters of ASCII show, a byte for each: for where there are many of them, which nearly always stand for themselves.
#[derive(Clone, Debug)]
pub(crate) struct AsciiFlags(pub(crate) [u8; 128]);

impl AsciiFlags {
    /// The flags of the same name.
    pub(crate) const LINE: u8 = 1;
    pub(crate) const STOP: u8 = 1 << 1;
    pub(crate) const BRACE: u8 = 1 << 2;
    /// It has other flags, another class, or another output.
    pub(crate) const OTHER: u8 = 1 << 3;

    fn of(entry: CharEntry) -> u8 {
        let known = CharEntry::mask(flags::LINE | flags::STOP | flags::BRACE);
        if entry.0 & !known.0 != 0 {
            return AsciiFlags::OTHER;
        }
        let shown = |flag: u16, own: u8| if entry.is(flag) { own } else { 0 };
        shown(flags::LINE, AsciiFlags::LINE)
            | shown(flags::STOP, AsciiFlags::STOP)
            | shown(flags::BRACE, AsciiFlags::BRACE)
    }
}

impl CharEntries {
    /// Reads records, which are in order.
    pub(crate) fn new(known: &'static [EntryRecord]) -> CharEntries {
        let basic = vec![CharEntry::default(); BASIC].into_boxed_slice();
        let Ok(basic) = basic.try_into() else { unreachable!("the slice has that length") };
        let (of_basic, beyond) = known.split_at(known.partition_point(|record| (code(record) as usize) < BASIC));
        let mut entries = CharEntries { basic, beyond, changed: Vec::new(), ascii: AsciiFlags([0; 128]) };
        for (code, entry) in of_basic.iter().map(|record| (code(record), entry(record))) {
            // One beyond is there in damaged tables alone.
            if let Some(place) = entries.basic.get_mut(code as usize) {
                *place = entry;
            }
            entries.note_ascii(code, entry);
        }
        entries
    }

    /// The entry of a code point of the basic plane.
    #[inline(always)]
    pub(crate) fn basic(&self, code: u32) -> CharEntry {
        self.basic[code as usize % BASIC]
    }

    /// Those of all code points of the basic plane, by their numbers.
    #[inline]
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only AVX-512 asks"))]
    pub(crate) fn all_basic(&self) -> &[CharEntry; BASIC] {
        &self.basic
    }

    /// What the characters of ASCII show.
    #[inline]
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only AVX-512 asks"))]
    pub(crate) fn ascii(&self) -> &AsciiFlags {
        &self.ascii
    }

    #[inline]
    pub(crate) fn get(&self, code: u32) -> CharEntry {
        match self.basic.get(code as usize) {
            Some(&entry) => entry,
            None => self.beyond(code),
        }
    }

    /// The entry of a code point beyond the basic plane.
    fn beyond(&self, code: u32) -> CharEntry {
        let changed = self.changed.iter().find(|&&(changed, _)| changed == code);
        changed.map(|&(_, entry)| entry).unwrap_or_else(|| {
            let place = self.beyond.binary_search_by_key(&code, self::code);
            place.map_or_else(|_| CharEntry::default(), |place| entry(&self.beyond[place]))
        })
    }

    #[inline]
    pub(crate) fn class(&self, character: char) -> Class {
        self.get(u32::from(character)).class(u32::from(character))
    }

    /// Has a character show nothing of the script of a text.
    pub(crate) fn neutralize(&mut self, character: char) {
        let entry = self.get(u32::from(character));
        self.set(character, CharEntry(entry.0 & !CharEntry::mask(flags::FOREIGN | flags::NATIVE).0));
    }

    /// Has a character be what another one is: of its class, with its output or its candidates.
    pub(crate) fn read_as(&mut self, character: char, other: char) {
        let entry = self.get(u32::from(other));
        let its_class = entry.class(u32::from(other)) ^ class(u32::from(character));
        let is_difference = !entry.is(flags::CHOICE | flags::OUTPUT);
        let difference = if is_difference { bits(character) ^ bits(other) } else { 0 };
        let bits = entry.0 & !0xffff | u64::from(its_class);
        self.set(character, CharEntry(bits ^ u64::from(difference) << 32));
    }

    fn note_ascii(&mut self, code: u32, entry: CharEntry) {
        if let Some(shown) = self.ascii.0.get_mut(code as usize) {
            *shown = AsciiFlags::of(entry);
        }
    }

    fn set(&mut self, character: char, entry: CharEntry) {
        let code = u32::from(character);
        self.note_ascii(code, entry);
        match self.basic.get_mut(code as usize) {
            Some(place) => *place = entry,
            None => {
                self.changed.retain(|&(changed, _)| changed != code);
                self.changed.push((code, entry));
            }
        }
    }
}

/// A character's UTF-8 as a number.
fn bits(character: char) -> u32 {
    let mut bytes = [0; 4];
    character.encode_utf8(&mut bytes);
    u32::from_le_bytes(bytes)
}

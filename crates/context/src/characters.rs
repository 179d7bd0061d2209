//! What each character is to a target: its class, its output or its candidates, and what it tells of the text around it.

use std::collections::BTreeMap;

/// The class of a character: the code of the Simplified character that its class is named after. Other characters stand
/// for themselves. Codes from U+10000 on are folded into 16 bits; there they need not be distinct.
pub(crate) type Class = u16;

/// The class of what lies beyond the beginning or the end of a line.
pub(crate) const EDGE: Class = 0;

pub(crate) fn class(code: u32) -> Class {
    if code < 0x1_0000 { code as Class } else { 0xe000 | (code as Class & 0x0fff) }
}

/// How many candidates a class can have.
pub(crate) const CANDIDATES: usize = 8;

/// No candidate.
pub(crate) const NONE: u8 = 15;

/// What a character tells and asks, as bits.
pub(crate) mod flags {
    /// It has several candidates: a decision is needed.
    pub(crate) const CHOICE: u8 = 1;
    /// It is of the other script alone: after the conversion there is none.
    pub(crate) const FOREIGN: u8 = 2;
    /// It is of the target's script alone, and stays.
    pub(crate) const NATIVE: u8 = 4;
    /// It is written in Cantonese alone.
    pub(crate) const CANTONESE: u8 = 8;
    /// It ends a sentence.
    pub(crate) const STOP: u8 = 16;
    /// It is hiragana.
    pub(crate) const KANA: u8 = 32;
    /// It is a Chinese character.
    pub(crate) const HAN: u8 = 64;
    /// It may begin a word that the region has another one for.
    pub(crate) const WORD: u8 = 128;
}

/// A character as a target sees it, in 64 bits.
///
/// From the lowest on: 16 bits its class; 16 bits its output, as a place among the target's outputs, or the place of its
/// class's outputs where it has a choice; 8 bits its flags; 8 bits its candidates, one for each output of its class; 4
/// bits the candidate to keep, 4 bits the first candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell(pub(crate) u64);

impl Cell {
    pub(crate) fn new(class: Class, output: u16, flags: u8, mask: u8, keep: u8, first: u8) -> Cell {
        Cell(
            u64::from(class)
                | u64::from(output) << 16
                | u64::from(flags) << 32
                | u64::from(mask) << 40
                | u64::from(keep) << 48
                | u64::from(first) << 52,
        )
    }

    #[inline]
    pub(crate) fn class(self) -> Class {
        self.0 as Class
    }

    #[inline]
    pub(crate) fn output(self) -> u16 {
        (self.0 >> 16) as u16
    }

    #[inline]
    pub(crate) fn flags(self) -> u8 {
        (self.0 >> 32) as u8
    }

    #[inline]
    pub(crate) fn is(self, flag: u8) -> bool {
        self.flags() & flag != 0
    }

    pub(crate) fn mask(self) -> u8 {
        (self.0 >> 40) as u8
    }

    pub(crate) fn keep(self) -> Option<usize> {
        let keep = (self.0 >> 48) as u8 & 15;
        (keep != NONE).then_some(usize::from(keep))
    }

    pub(crate) fn first(self) -> usize {
        usize::from((self.0 >> 52) as u8 & 15)
    }
}

/// The cells of a target, by pages of 64 code points. A cell without a class is a character that stands for itself.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    pages: Vec<u16>,
    cells: Vec<Cell>,
}

const PAGE: u32 = 64;
/// Whether a page of code points is one of Chinese characters.
pub(crate) fn is_han(code: u32) -> bool {
    matches!(code, 0x3400..0x4dc0 | 0x4e00..0xa000 | 0xf900..0xfb00 | 0x2_0000..0x3_4000)
}

/// Chinese characters in use end here.
const CODES: u32 = 0x3_4000;

impl Cells {
    pub(crate) fn new(known: impl Iterator<Item = (u32, Cell)>) -> Cells {
        // Two pages for characters that stand for themselves: not Chinese ones, and Chinese ones.
        const OTHER: Cell = Cell(0);
        const HAN: Cell = Cell((flags::HAN as u64) << 32);
        let mut cells = vec![OTHER; PAGE as usize];
        cells.resize(2 * PAGE as usize, HAN);
        let mut pages: Vec<u16> = (0..CODES / PAGE).map(|page| u16::from(is_han(page * PAGE))).collect();
        for (code, cell) in known.filter(|&(code, _)| code < CODES) {
            let page = &mut pages[(code / PAGE) as usize];
            if *page < 2 {
                let others = if *page == 0 { OTHER } else { HAN };
                *page = (cells.len() / PAGE as usize) as u16;
                cells.resize(cells.len() + PAGE as usize, others);
            }
            cells[usize::from(*page) * PAGE as usize + (code % PAGE) as usize] = cell;
        }
        Cells { pages, cells }
    }

    #[inline]
    pub(crate) fn get(&self, code: u32) -> Cell {
        let Some(&page) = self.pages.get((code / PAGE) as usize) else { return Cell(u64::from(class(code))) };
        let cell = self.cells[usize::from(page) * PAGE as usize + (code % PAGE) as usize];
        if cell.class() == 0 { Cell(cell.0 | u64::from(class(code))) } else { cell }
    }
}

/// The classes of characters, as the dictionaries give them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Classes {
    folds: BTreeMap<char, char>,
}

impl Classes {
    pub(crate) fn insert(&mut self, character: char, class: char) {
        if character != class {
            self.folds.insert(character, class);
        }
    }

    /// The Simplified character that a character's class is named after.
    pub(crate) fn of(&self, character: char) -> char {
        let mut class = character;
        // Chains are short; a circle, which no dictionary should make, ends all the same.
        for _ in 0..4 {
            match self.folds.get(&class) {
                Some(&next) => class = next,
                None => break,
            }
        }
        class
    }

    pub(crate) fn code(&self, character: char) -> Class {
        class(u32::from(self.of(character)))
    }

    pub(crate) fn codes(&self, text: &str) -> Vec<Class> {
        text.chars().map(|character| self.code(character)).collect()
    }
}

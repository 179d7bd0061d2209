//! What each class is to the words of a region, and the places of a line where that makes a word possible.

use std::ops::Range;

use fanjian_dictionary::Error;

use crate::{characters::Class, tables::Reader};

/// What each class is to the words, as bits: of all sets in one table, so that one look at a character answers for all.
#[derive(Clone, Debug)]
pub(crate) struct Kinds(Box<[u8; 0x1_0000]>);

/// It begins a word; is second in one; is one.
pub(crate) const FIRST: u8 = 1;
pub(crate) const SECOND: u8 = 1 << 1;
pub(crate) const ALONE: u8 = 1 << 2;
/// It is often a word alone; is then a function word; and does then not end a clause.
pub(crate) const SINGLE: u8 = 1 << 3;
pub(crate) const FUNCTION: u8 = 1 << 4;
pub(crate) const OPEN: u8 = 1 << 5;
/// It begins a word that shows a topic.
pub(crate) const TOPIC: u8 = 1 << 6;

impl Kinds {
    pub(crate) fn new() -> Kinds {
        let kinds = vec![0; 0x1_0000].into_boxed_slice();
        let Ok(kinds) = kinds.try_into() else { unreachable!("the slice has that length") };
        Kinds(kinds)
    }

    /// Reads the classes of a kind.
    pub(crate) fn read(&mut self, kind: u8, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.classes()?.for_each(|class| self.0[usize::from(class)] |= kind);
        Ok(())
    }

    #[inline]
    pub(crate) fn of(&self, class: Class) -> u8 {
        self.0[usize::from(class)]
    }

    #[inline]
    pub(crate) fn has(&self, class: Class, kind: u8) -> bool {
        self.of(class) & kind != 0
    }

    /// A bit for each of these classes, the first one lowest, by its kinds and those of the class behind it.
    #[inline]
    pub(crate) fn marks(&self, classes: &[Class], places: Range<usize>, is_marked: impl Fn(u8, u8) -> u8) -> u64 {
        let mut next = classes.get(places.end).map_or(0, |&class| self.of(class));
        classes[places].iter().rev().fold(0, |bits, &class| {
            let kinds = self.of(class);
            let mark = is_marked(kinds, std::mem::replace(&mut next, kinds));
            bits << 1 | u64::from(mark)
        })
    }
}

/// Finds the places of a line that are marked. Which ones are is asked for 64 at once, whether they are needed or not: a branch
/// for each would be foreseen by no processor.
pub(crate) struct Marked {
    places: Range<usize>,
    /// The first of the places that are asked for, and a bit for each that is marked and has not been found.
    from: usize,
    bits: u64,
}

impl Marked {
    pub(crate) fn new(places: Range<usize>) -> Marked {
        Marked { from: places.start, places, bits: 0 }
    }

    /// The next one. Of at most 64 places that it is asked about, `marks` has a bit for each, the first one lowest.
    #[inline]
    pub(crate) fn next(&mut self, marks: impl Fn(Range<usize>) -> u64) -> Option<usize> {
        while self.bits == 0 {
            if self.places.is_empty() {
                return None;
            }
            self.from = self.places.start;
            self.places.start = self.places.end.min(self.from + 64);
            self.bits = marks(self.from..self.places.start);
        }
        let at = self.from + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(at)
    }

    /// Leaves out what comes before a place, which lies behind the last one that was found.
    #[inline]
    pub(crate) fn skip_to(&mut self, place: usize) {
        self.bits &= u64::MAX.checked_shl((place - self.from) as u32).unwrap_or(0);
        self.places.start = self.places.start.max(place).min(self.places.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_places_are_found_but_for_those_that_are_skipped() {
        let marks = |places: Range<usize>| {
            places.clone().filter(|place| place % 3 == 0).fold(0, |bits, place| bits | 1 << (place - places.start))
        };
        let found = |skip: usize| {
            let (mut marked, mut found) = (Marked::new(5..200), Vec::new());
            while let Some(place) = marked.next(marks) {
                found.push(place);
                marked.skip_to(place + skip);
            }
            found
        };
        assert!(found(1).into_iter().eq((6..200).step_by(3)));
        assert!(found(4).into_iter().eq((6..200).step_by(6)));
        assert_eq!(found(100), [6, 108]);
    }

    #[test]
    fn a_mark_is_of_a_class_and_of_the_one_behind_it() {
        let mut kinds = Kinds::new();
        kinds.0[usize::from(b'a')] = FIRST | SINGLE;
        kinds.0[usize::from(b'b')] = SECOND;
        let classes: Vec<Class> = b"abaxab".iter().map(|&byte| byte.into()).collect();
        let is_pair = |kinds: u8, next: u8| u8::from(kinds & FIRST != 0 && next & SECOND != 0);
        assert_eq!(kinds.marks(&classes, 0..6, is_pair), 0b01_0001);
        assert_eq!(kinds.marks(&classes, 2..5, is_pair), 0b100);
        assert_eq!(kinds.marks(&classes, 2..4, is_pair), 0);
        assert!(kinds.has(b'a'.into(), SINGLE) && !kinds.has(b'b'.into(), FIRST | SINGLE));
    }
}

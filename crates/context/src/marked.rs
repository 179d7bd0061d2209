//! The places of a line where a word may begin.

use std::ops::Range;

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
}

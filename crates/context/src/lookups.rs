//! Where the records of characters' neighbours are, for several decisions at once.
//!
//! A search is made in two steps, first where in the table a record would be, for all, and then what is there, for all: the
//! processor, which goes on while it waits for memory, but not far, then waits for that of many searches at a time.

use crate::{
    characters::Class,
    hashed::Search,
    neighbours::neighbours,
    pairs::{Pair, Pairs, Record},
    segment::Place,
};

/// For how many decisions there is room. (Segments of fiction have 2.8 on an average.)
pub(crate) const AT_ONCE: usize = 16;

/// A character, by its place, and what is beside it: its neighbours, two to the left and two to the right, and the records of the
/// nearest two.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) at: usize,
    pub(crate) around: [Class; 4],
    pub(crate) records: (Record<'static>, Record<'static>),
}

/// A decision about a character of one of several segments.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) segment: usize,
    pub(crate) place: Place,
    pub(crate) surroundings: Surroundings,
}

/// Decisions that are made together.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    decisions: [Decision; AT_ONCE],
    searches: [[Search; 2]; AT_ONCE],
    len: usize,
}

impl Lookups {
    /// Begins with other decisions.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a decision about a character of a segment, which has these classes. False if there is no room.
    #[inline]
    pub(crate) fn add(&mut self, pairs: &Pairs<'_>, segment: usize, place: Place, classes: &[Class]) -> bool {
        let Some(decision) = self.decisions.get_mut(self.len) else { return false };
        let at = place.at as usize;
        let around = neighbours(classes, at);
        (decision.segment, decision.place) = (segment, place);
        (decision.surroundings.at, decision.surroundings.around) = (at, around);
        self.searches[self.len] = Pair::beside(classes[at], around).map(|pair| pairs.search(pair));
        self.len += 1;
        true
    }

    /// The decisions, with the records that are found.
    #[inline]
    pub(crate) fn find(&mut self, pairs: &Pairs<'static>) -> &[Decision] {
        for (decision, &[left, right]) in self.decisions[..self.len].iter_mut().zip(&self.searches) {
            decision.surroundings.records = (pairs.at(left), pairs.at(right));
        }
        &self.decisions[..self.len]
    }
}

//! What a conversion of a document did.

use std::ops::AddAssign;

/// Counts of what a conversion of a document did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The groups of text that have characters beyond ASCII.
    pub groups: usize,
    /// Those that changed.
    pub changed: usize,
    /// Words that cross markup and became words of another length: the new one is where the first character of the old one
    /// was.
    pub moved: usize,
    /// Names of languages that changed.
    pub tags: usize,
    /// Parts of an archive that changed.
    pub parts: usize,
}

impl AddAssign for Report {
    fn add_assign(&mut self, other: Report) {
        self.groups += other.groups;
        self.changed += other.changed;
        self.moved += other.moved;
        self.tags += other.tags;
        self.parts += other.parts;
    }
}

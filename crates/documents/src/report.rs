//! What a conversion of a document did.

use std::ops::AddAssign;

/// What a conversion of a document did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Documents embedded in an Office document that stay as they are, since they cannot be read: encrypted, signed or damaged.
    pub left: usize,
    /// The line of a mark `fanjian:off`, from 1, that no `fanjian:on` closes: what follows stays as it is.
    pub unclosed_mark: Option<usize>,
    /// The fonts in a book or an Office document that lack characters which the conversion brought into it, or may: they are not
    /// changed.
    pub fonts: Vec<FontGap>,
}

/// A font in a book or an Office document that lacks characters of its converted text: readers see them in another font, or not
/// at all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FontGap {
    /// The font's name in the archive.
    pub part: String,
    /// How many of the Han characters that the document did not have before are not in the font. None: what it has is not known,
    /// since it is compressed (WOFF, and all of PowerPoint), or obfuscated without a key.
    pub lacking: Option<usize>,
}

impl AddAssign for Report {
    fn add_assign(&mut self, other: Report) {
        self.groups += other.groups;
        self.changed += other.changed;
        self.moved += other.moved;
        self.tags += other.tags;
        self.parts += other.parts;
        self.left += other.left;
        self.unclosed_mark = self.unclosed_mark.or(other.unclosed_mark);
        self.fonts.extend(other.fonts);
    }
}

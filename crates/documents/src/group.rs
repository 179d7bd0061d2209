//! Groups of a document, as callers see them.

use fanjian::Segment;

/// What a text is for its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Text that is read on: a paragraph, a cell, a subtitle, a message.
    Text,
    /// Text of an attribute, such as a title or the text in place of a picture.
    Attribute,
    /// Text about the document: title, author, keywords.
    Metadata,
    /// A note or a comment that readers see.
    Note,
    /// A name, such as that of a person who speaks.
    Name,
}

/// The text of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// What it is for its readers.
    pub role: Role,
    /// The text, without the markup within. What stands in it for a placeholder is `8` or `X`.
    pub text: String,
    /// The part of an archive that it is in. None in a document that is a text.
    pub part: Option<String>,
    /// The place of its first piece, in bytes of the source or of the part.
    pub start: usize,
}

/// The text of a group, and its conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentedGroup {
    /// The group.
    pub group: Group,
    /// The segments of its text.
    pub segments: Vec<Segment>,
}

//! Start tags of markup, in whichever form they are written.

use std::ops::Range;

use super::elements::Name;

/// An attribute of a start tag.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Name,
    /// The value in the source that is scanned, without quotation marks.
    pub(crate) raw: Range<usize>,
    /// The quotation marks. NUL: none.
    pub(crate) quote: char,
}

/// A start tag.
#[derive(Debug)]
pub(crate) struct Tag<'t> {
    pub(crate) name: Name,
    pub(crate) attributes: &'t [Attribute],
    pub(crate) raw: Range<usize>,
    /// It ends with `/>`, in HTML.
    pub(crate) is_self_closing: bool,
    /// Its name has a hyphen.
    pub(crate) is_component: bool,
}

impl Tag<'_> {
    pub(crate) fn attribute(&self, name: Name) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

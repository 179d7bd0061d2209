//! HTML and its relatives.

pub(crate) mod elements;
pub(crate) mod feed;
pub(crate) mod html;
mod note_marks;
mod page;
mod reader;
mod start_tag;
pub(crate) mod svg;
pub(crate) mod tags;
mod templates;
pub(crate) mod xhtml;

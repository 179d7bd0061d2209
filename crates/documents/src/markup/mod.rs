//! HTML and its relatives.

pub(crate) mod attributes;
mod elements;
pub(crate) mod feed;
pub(crate) mod html;
mod page;
mod reader;
pub(crate) mod svg;
mod templates;
pub(crate) mod xhtml;

//! HTML and its relatives.

mod elements;
pub(crate) mod feed;
pub(crate) mod html;
mod page;
pub(crate) mod svg;
mod templates;
pub(crate) mod xhtml;

//! HTML and its relatives.

mod elements;
pub(crate) mod html;
mod page;
mod templates;
pub(crate) mod xhtml;

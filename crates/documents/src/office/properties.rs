//! The properties of documents of OOXML: title, subject, description, keywords, category, status, and the
//! abstract, which Word shows in place of what the document has for it. Names of persons and companies stay, unless controls of the
//! document show them.

use super::{
    namespaces::Vocabulary,
    walk::{Characters, Walk},
};
use crate::{scan::Role, xml::Element};

/// The properties that are text.
pub(crate) const TEXTS: [&str; 7] =
    ["title", "subject", "description", "keywords", "category", "contentStatus", "Abstract"];

pub(crate) fn start(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    match element.name.local {
        name if TEXTS.contains(&name) => {
            walk.top().role = Role::Metadata;
            walk.begin_text_group();
        }
        "language" => walk.top().characters = Characters::Language,
        _ => {}
    }
}

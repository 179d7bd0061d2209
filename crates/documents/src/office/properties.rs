//! The properties of documents of OOXML: title, subject, description, keywords, category, and the abstract, which Word shows
//! in place of what the document has for it. Names of persons and companies stay.

use super::{
    namespaces::Vocabulary,
    walk::{Characters, Walk},
};
use crate::{scan::Role, xml::Element};

pub(crate) fn start(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    match element.name.local {
        "title" | "subject" | "description" | "keywords" | "category" | "Abstract" => {
            walk.top().role = Role::Metadata;
            walk.begin_text_group();
        }
        "language" => walk.top().characters = Characters::Language,
        _ => {}
    }
}

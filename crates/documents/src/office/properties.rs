//! The core properties of OOXML: title, subject, description, keywords and category. Names of persons stay.

use super::{
    namespaces::Vocabulary,
    walk::{Characters, Walk},
};
use crate::{scan::Role, xml::Element};

pub(crate) fn start(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    match element.name.local {
        "title" | "subject" | "description" | "keywords" | "category" => {
            walk.top().role = Role::Metadata;
            walk.begin_text_group();
        }
        "language" => walk.top().characters = Characters::Language,
        _ => {}
    }
}

//! Office documents: OOXML (ECMA-376, ISO/IEC 29500; transitional and strict) and OpenDocument (ISO/IEC 26300).

mod drawing;
mod excel;
mod formula;
mod namespaces;
mod package;
mod properties;
mod walk;
mod word;

pub(crate) use package::parts as ooxml_parts;

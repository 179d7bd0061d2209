//! Office documents: OOXML (ECMA-376, ISO/IEC 29500; transitional and strict) and OpenDocument (ISO/IEC 26300).

mod bindings;
mod drawing;
mod excel;
pub(crate) mod fonts;
mod formula;
mod namespaces;
mod odf;
mod package;
mod properties;
mod walk;
mod word;
mod words;
mod workbook;

pub(crate) use odf::parts as odf_parts;
pub(crate) use package::parts as ooxml_parts;

//! SVG: the texts, titles and descriptions of pictures.

use fanjian::Error;

use super::xhtml::scan_xml;
use crate::scan::Scan;

/// Finds the text of a picture.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_in(source, true, scan)
}

/// The same of a picture that stands in a text, in a language that is converted or not.
pub(crate) fn scan_in(source: &str, is_of_language: bool, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_xml(source, is_of_language, scan)
}

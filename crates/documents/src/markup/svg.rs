//! SVG: the texts, titles and descriptions of pictures.

use fanjian::Error;

use super::xhtml::scan_xml;
use crate::scan::Scan;

/// Finds the text of a picture.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    scan_xml(source, scan)
}

//! The namespaces of OOXML, in both of its forms: transitional, and strict (`purl.oclc.org`).

/// A vocabulary of OOXML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    Word,
    Drawing,
    Chart,
    /// Charts of Office 2016 and later, such as treemaps.
    ExtendedChart,
    Sheet,
    /// What Excel added later.
    SheetExtension,
    Presentation,
    Math,
    CoreProperties,
    DublinCore,
    /// What is on the first page of a Word document.
    CoverPage,
    /// Alternatives for programs that do not know a newer vocabulary.
    Compatibility,
    /// Drawings of Office 2007 and earlier.
    Vml,
    /// Comments of Excel in threads.
    ThreadedComments,
    Signature,
    Other,
}

impl Vocabulary {
    pub(crate) fn of(namespace: &str) -> Vocabulary {
        match namespace {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Vocabulary::Word,
            "http://schemas.openxmlformats.org/drawingml/2006/main" | "http://purl.oclc.org/ooxml/drawingml/main" => {
                Vocabulary::Drawing
            }
            "http://schemas.openxmlformats.org/drawingml/2006/chart" | "http://purl.oclc.org/ooxml/drawingml/chart" => {
                Vocabulary::Chart
            }
            "http://schemas.microsoft.com/office/drawing/2014/chartex" => Vocabulary::ExtendedChart,
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            | "http://purl.oclc.org/ooxml/spreadsheetml/main" => Vocabulary::Sheet,
            "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
            | "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
            | "http://schemas.microsoft.com/office/excel/2006/main" => Vocabulary::SheetExtension,
            "http://schemas.openxmlformats.org/presentationml/2006/main"
            | "http://purl.oclc.org/ooxml/presentationml/main" => Vocabulary::Presentation,
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Vocabulary::Math,
            "http://schemas.openxmlformats.org/package/2006/metadata/core-properties" => Vocabulary::CoreProperties,
            "http://purl.org/dc/elements/1.1/" => Vocabulary::DublinCore,
            "http://schemas.microsoft.com/office/2006/coverPageProps" => Vocabulary::CoverPage,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Vocabulary::Compatibility,
            "urn:schemas-microsoft-com:vml" => Vocabulary::Vml,
            "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments" => Vocabulary::ThreadedComments,
            "http://www.w3.org/2000/09/xmldsig#" => Vocabulary::Signature,
            _ => Vocabulary::Other,
        }
    }
}

//! Names of the encoding that stand in a document: they follow the one in which the document is written.

use std::ops::Range;

use crate::scan::Scan;

/// The name of an encoding in the source.
pub(crate) fn name(source: &str, raw: Range<usize>, scan: &mut Scan<'_>) {
    if let Some(encoding) = &scan.options.encoding
        && !raw.is_empty()
        && !source[raw.clone()].eq_ignore_ascii_case(encoding)
    {
        let is_small = !source[raw.clone()].bytes().any(|byte| byte.is_ascii_uppercase());
        scan.edits.push((raw, if is_small { encoding.to_ascii_lowercase() } else { encoding.clone() }));
    }
}

/// An XML declaration: `<?xml version="1.0" encoding="GBK"?>`.
pub(crate) fn xml_declaration(source: &str, raw: Range<usize>, scan: &mut Scan<'_>) {
    let text = &source[raw.clone()];
    let Some(at) = text.find("encoding") else { return };
    let value = text[at + "encoding".len()..].trim_start().strip_prefix('=').map(str::trim_start);
    let Some(quote @ ('"' | '\'')) = value.and_then(|value| value.chars().next()) else { return };
    let value = &value.unwrap_or_default()[1..];
    if let Some(len) = value.find(quote) {
        let start = raw.end - value.len();
        name(source, start..start + len, scan);
    }
}

/// The type of a document: `text/html; charset=gb2312`.
pub(crate) fn content_type(source: &str, raw: Range<usize>, scan: &mut Scan<'_>) {
    let lower = source[raw.clone()].to_ascii_lowercase();
    let Some(at) = lower.find("charset") else { return };
    let Some(value) = lower[at + "charset".len()..].trim_start().strip_prefix('=') else { return };
    let value = value.trim_start().trim_start_matches(['"', '\'']);
    let len = value.find([';', ' ', '\t', '"', '\'', ',']).unwrap_or(value.len());
    let start = raw.end - value.len();
    name(source, start..start + len, scan);
}

#[cfg(test)]
mod tests {
    use fanjian::{Config, Converter};

    use super::*;
    use crate::options::Options;

    #[test]
    fn names_of_encodings_have_their_places() {
        type Find = fn(&str, Range<usize>, &mut Scan<'_>);
        let cases: [(Find, &str, Option<&str>); 8] = [
            (xml_declaration, "<?xml version='1.0' encoding = 'GBK' standalone='yes'?>", Some("GBK")),
            (xml_declaration, "<?xml version=\"1.0\" encoding=\"utf-8\"?>", None),
            (xml_declaration, "<?xml version=\"1.0\"?>", None),
            (xml_declaration, "<?xml encoding=\"", None),
            (content_type, "text/html; charset=gb2312", Some("gb2312")),
            (content_type, "text/html; Charset = Big5; a", Some("Big5")),
            (content_type, "text/html; charset=", None),
            (content_type, "text/html", None),
        ];
        let options = Options::new(Converter::new(Config::S2t)).encoding(Some("UTF-8".to_owned()));
        for (find, source, expected) in cases {
            let mut scan = Scan::new(&options);
            find(source, 0..source.len(), &mut scan);
            let found = scan.edits.pop().map(|(range, new)| (source[range].to_owned(), new));
            let written = |name: &str| if name == name.to_ascii_lowercase() { "utf-8" } else { "UTF-8" };
            assert_eq!(found, expected.map(|name| (name.to_owned(), written(name).to_owned())), "{source}");
        }
    }
}

//! Names of the encoding that stand in a document: they follow the one in which the document is written.

use std::ops::Range;

use crate::scan::Scan;

/// The encoding that a document is to be in, where only the places of such names are looked for.
pub(crate) const ANY: &str = "\0";

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

/// The place of the encoding's name in the XML declaration that a source begins with: `<?xml version="1.0" encoding="GBK"?>`.
pub(crate) fn in_xml_declaration(source: &str) -> Option<Range<usize>> {
    let rest = source.strip_prefix("<?xml").filter(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()))?;
    let declaration = &rest[..rest.find("?>")?];
    let value = &declaration[declaration.find("encoding")? + "encoding".len()..];
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|&quote| matches!(quote, '"' | '\''))?;
    let value = &value[1..];
    let len = value.find(quote)?;
    let start = "<?xml".len() + declaration.len() - value.len();
    Some(start..start + len)
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
        let declarations = [
            ("<?xml version='1.0' encoding = 'GBK' standalone='yes'?>", Some("GBK")),
            ("<?xml version=\"1.0\" encoding=\"utf-8\"?><a encoding='b'>", Some("utf-8")),
            ("<?xml version=\"1.0\"?><a encoding='b'>", None),
            ("<?xml encoding=\"", None),
            ("<?xml-stylesheet encoding='GBK'?>", None),
            ("<a/><?xml encoding='GBK'?>", None),
        ];
        for (source, expected) in declarations {
            assert_eq!(in_xml_declaration(source).map(|raw| &source[raw]), expected, "{source}");
        }
        let cases = [
            ("text/html; charset=gb2312", Some("gb2312")),
            ("text/html; Charset = Big5; a", Some("Big5")),
            ("text/html; charset=", None),
            ("text/html; charset=utf-8", None),
            ("text/html", None),
        ];
        let options = Options::new(Converter::new(Config::S2t)).encoding(Some("UTF-8".to_owned()));
        for (source, expected) in cases {
            let mut scan = Scan::new(&options);
            content_type(source, 0..source.len(), &mut scan);
            let found = scan.edits.pop().map(|(range, new)| (source[range].to_owned(), new));
            let written = |name: &str| if name == name.to_ascii_lowercase() { "utf-8" } else { "UTF-8" };
            assert_eq!(found, expected.map(|name| (name.to_owned(), written(name).to_owned())), "{source}");
        }
    }
}

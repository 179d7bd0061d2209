//! Names of the encoding that stand in a document: they follow the one in which the document is written.

use std::ops::Range;

use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8};
use fanjian::Error;

use crate::{options::Options, scan::Scan};

/// The encoding that a document is to be in, where only the places of such names are looked for.
pub(crate) const ANY: &str = "\0";

/// Whether a text has characters that GBK lacks. Read as GBK, it was in GB 18030: that is how browsers read GBK, and many pages
/// state the older name.
///
/// ```
/// assert!(fanjian_documents::lacks_gbk("头𠮷") && !fanjian_documents::lacks_gbk("头發"));
/// ```
#[must_use]
pub fn lacks_gbk(text: &str) -> bool {
    GBK.encode(text).2
}

/// The name of an encoding in the source.
pub(crate) fn name(source: &str, raw: Range<usize>, scan: &mut Scan<'_>) {
    scan.states_other |= is_other(&source[raw.clone()]);
    if let Some(encoding) = &scan.options.encoding
        && !raw.is_empty()
        && !source[raw.clone()].eq_ignore_ascii_case(encoding)
    {
        let is_small = !source[raw.clone()].bytes().any(|byte| byte.is_ascii_uppercase());
        scan.edits.push((raw, if is_small { encoding.to_ascii_lowercase() } else { encoding.clone() }));
    }
}

/// Whether a name is that of another encoding than UTF-8.
fn is_other(label: &str) -> bool {
    Encoding::for_label(label.as_bytes()).is_some_and(|encoding| encoding != UTF_8)
}

/// A converted text that states the encoding in which it is written, where it states one that lacks some of its characters:
/// `GB2312` for GBK, these for GB 18030, and `Big5` for that with characters of HKSCS. Browsers take them for the same, gettext
/// and parsers of XML do not. A text in UTF-8 states that, if it `states_other`.
pub(crate) fn restated(
    text: String,
    states_other: bool,
    scanner: impl Fn(&str, &mut Scan<'_>) -> Result<(), Error>,
    options: &Options,
) -> String {
    let written = options.encoding.as_ref().or(options.kept_encoding.as_ref());
    let Some(encoding) = written.and_then(|label| Encoding::for_label(label.as_bytes())) else { return text };
    let (wider, narrower): (_, fn(&str) -> bool) = match encoding {
        _ if encoding == BIG5 => ("Big5-HKSCS", |label| !label.ends_with("hkscs")),
        // Of GB 18030, what has four bytes is not in GBK.
        _ if encoding == GB18030 && lacks_gbk(&text) => (encoding.name(), |_| true),
        _ if encoding == GBK || encoding == GB18030 => (encoding.name(), |label| !label.ends_with("gbk")),
        _ if encoding == UTF_8 && states_other && !text.is_ascii() => {
            return renamed(text, scanner, encoding.name(), options, is_other);
        }
        _ => return text,
    };
    if !is_beyond(&encoding.encode(&text).0, encoding) {
        return text;
    }
    renamed(text, scanner, wider, options, |label| {
        let label = label.to_ascii_lowercase();
        let stated_as = if encoding == BIG5 { BIG5 } else { GBK };
        Encoding::for_label(label.as_bytes()) == Some(stated_as) && narrower(&label)
    })
}

/// A text that states the encoding in which the options have it written: the given one, or the one that is kept.
pub(crate) fn stated(
    text: String,
    scanner: impl Fn(&str, &mut Scan<'_>) -> Result<(), Error>,
    options: &Options,
) -> String {
    let text = match &options.encoding {
        Some(encoding) => renamed(text, &scanner, encoding, options, |_| true),
        None => text,
    };
    restated(text, true, scanner, options)
}

/// A text in which the names of encodings that are `old` become another one.
fn renamed(
    text: String,
    scanner: impl Fn(&str, &mut Scan<'_>) -> Result<(), Error>,
    new: &str,
    options: &Options,
    is_old: impl Fn(&str) -> bool,
) -> String {
    let options = Options { encoding: Some(new.to_owned()), ..options.clone() };
    let (mark, source) = without_mark(&text);
    let mut scan = Scan::new(&options);
    if scanner(source, &mut scan).is_err() {
        return text;
    }
    let mut names: Vec<_> = std::mem::take(&mut scan.edits)
        .into_iter()
        .filter(|(raw, name)| name.eq_ignore_ascii_case(new) && is_old(&source[raw.clone()]))
        .collect();
    names.sort_by_key(|(raw, _)| raw.start);
    let (mut renamed, mut at) = (mark.to_owned(), 0);
    for (raw, name) in names {
        renamed.push_str(&source[at..raw.start]);
        renamed.push_str(&name);
        at = raw.end;
    }
    renamed + &source[at..]
}

/// The byte order mark of a source, and the rest of it.
pub(crate) fn without_mark(source: &str) -> (&str, &str) {
    source.split_at(if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 })
}

/// Whether bytes of Big5 have characters of HKSCS; or those of GBK characters that GB2312 lacks, but for some signs.
fn is_beyond(mut bytes: &[u8], encoding: &'static Encoding) -> bool {
    loop {
        bytes = match bytes {
            [] => return false,
            [..0x80, rest @ ..] => rest,
            [0xa1..=0xf9, _, rest @ ..] if encoding == BIG5 => rest,
            // The last five of this row are unassigned.
            [0xd7, 0xfa..=0xfe, ..] => return true,
            [0xa1..=0xa9 | 0xb0..=0xf7, 0xa1..=0xfe, rest @ ..] if encoding != BIG5 => rest,
            _ => return true,
        };
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
    fn characters_that_an_encoding_lacks_are_known() {
        let is_beyond = |text: &str, encoding: &'static Encoding| is_beyond(&encoding.encode(text).0, encoding);
        for (text, expected) in [("a头发。「1」", false), ("頭", true), ("镕", true), ("a囧", true)] {
            assert_eq!((is_beyond(text, GBK), is_beyond(text, GB18030)), (expected, expected), "{text}");
        }
        for (text, expected) in [("a頭髮。碁", false), ("着", true), ("峯", true)] {
            assert_eq!(is_beyond(text, BIG5), expected, "{text}");
        }
        assert!(is_beyond("𠮷", GB18030));
    }

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

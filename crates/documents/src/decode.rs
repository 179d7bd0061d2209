//! The encodings of sources: UTF-8, UTF-16, and those that documents state, or that the caller finds.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, EncoderResult, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use fanjian::{Config, Converter, Error, ErrorKind};

use crate::{
    cards::whole_characters,
    encoding,
    format::Format,
    options::Options,
    part::{scan_source, utf_8},
    scan::Scan,
    scanners::scanner,
};

/// How much of a source is searched for the encoding that it states, in bytes.
const HEAD: usize = 64 * 1024;

/// How the characters of a source are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// Its name in the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels).
    pub(crate) fn name(self) -> &'static str {
        self.0.name()
    }

    /// By a byte order mark, or by the first characters of XML.
    fn of_beginning(bytes: &[u8]) -> Option<Encoding> {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => Some(Encoding(UTF_8)),
            [0xff, 0xfe, ..] | [b'<', 0, 1..=u8::MAX, 0, ..] => Some(Encoding(UTF_16LE)),
            [0xfe, 0xff, ..] | [0, b'<', 0, 1..=u8::MAX, ..] => Some(Encoding(UTF_16BE)),
            _ => None,
        }
    }

    /// The encoding of this label. What states UTF-16 in ASCII is not in it.
    fn of_label(label: &str) -> Option<Encoding> {
        let found = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
        Some(if found == UTF_16LE || found == UTF_16BE { Encoding(UTF_8) } else { Encoding(found) })
    }

    /// The text of bytes, with its byte order mark as a character.
    fn decoded(self, bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
        if self.0 == UTF_8 {
            return utf_8(bytes).map(Cow::Borrowed);
        }
        self.0.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
            Error::new(ErrorKind::Damaged, format!("not {}, as it states: it has invalid bytes", self.0.name()))
        })
    }

    /// The text of a source in this encoding, and the one that can write it again.
    fn read(self, bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Error> {
        let text = self.decoded(bytes)?;
        let encoding = if self.0 == GBK && encoding::lacks_gbk(&text) { Encoding(GB18030) } else { self };
        Ok((text, encoding))
    }

    /// Whether the beginning of a source, which may end anywhere, is in this encoding.
    fn can_decode(self, head: &[u8]) -> bool {
        let mut decoder = self.0.new_decoder_without_bom_handling();
        let mut text = vec![0; decoder.max_utf8_buffer_length_without_replacement(head.len()).unwrap_or(0)];
        let (result, ..) = decoder.decode_to_utf8_without_replacement(head, &mut text, false);
        result == DecoderResult::InputEmpty
    }

    /// A text in this encoding. A byte order mark is a character of the text. An error for a character that the encoding lacks.
    pub(crate) fn encoded(self, text: String) -> Result<Vec<u8>, Error> {
        if self.0 == UTF_8 {
            return Ok(text.into_bytes());
        }
        if self.0 == UTF_16LE {
            return Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        }
        if self.0 == UTF_16BE {
            return Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        }
        let mut encoder = self.0.new_encoder();
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.as_str();
        loop {
            bytes.reserve(rest.len() + 16);
            let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
            rest = &rest[read..];
            match result {
                EncoderResult::InputEmpty => return Ok(bytes),
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable(character) => {
                    let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..text.len() - rest.len()]).count();
                    let (name, code) = (self.0.name(), u32::from(character));
                    let message = format!(
                        "the converted text is not in {name}, which has no {character} (U+{code:04X}): save it as UTF-8 first"
                    );
                    return Err(Error::new(ErrorKind::Unsupported, message).on_line(line));
                }
            }
        }
    }
}

/// The text of a part that is XML, with its byte order mark, and its encoding.
pub(crate) fn decoded_xml(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Error> {
    decoded(bytes, |head| stated_in(head, |_, _| Ok(()), None))
}

/// The same of a source that a scanner reads. If it `is_free`, no format prescribes its encoding, and that of the options counts.
pub(crate) fn decoded_source<'s>(
    bytes: &'s [u8],
    scanner: impl Fn(&str, &mut Scan<'_>) -> Result<(), Error>,
    options: &Options,
    is_free: bool,
) -> Result<(Cow<'s, str>, Encoding), Error> {
    if let Some(text) = whole_characters(bytes) {
        return Ok((Cow::Owned(text), Encoding(UTF_8)));
    }
    let stated = |head: &[u8]| stated_in(head, &scanner, Some(options));
    let Some(find) = options.find_encoding.as_ref().filter(|_| is_free) else { return decoded(bytes, stated) };
    if let Some(encoding) = Encoding::of_beginning(bytes) {
        return encoding.read(bytes);
    }
    let encoding = match find(bytes) {
        Ok(label) => Encoding::of_label(&label)
            .or_else(|| utf_16(&label))
            .ok_or_else(|| Error::new(ErrorKind::NotFound, format!("unknown encoding '{label}'")))?,
        Err(message) => {
            stated(&bytes[..bytes.len().min(HEAD)]).ok_or_else(|| Error::new(ErrorKind::Unsupported, message))?
        }
    };
    encoding.read(bytes)
}

fn utf_16(label: &str) -> Option<Encoding> {
    encoding_rs::Encoding::for_label(label.as_bytes()).map(Encoding)
}

fn decoded(bytes: &[u8], stated: impl Fn(&[u8]) -> Option<Encoding>) -> Result<(Cow<'_, str>, Encoding), Error> {
    let encoding = match Encoding::of_beginning(bytes) {
        Some(encoding) => encoding,
        None => stated_beyond_utf_8(bytes, stated).unwrap_or(Encoding(UTF_8)),
    };
    encoding.read(bytes)
}

/// The encoding that the bytes state, unless they are UTF-8 for certain: many documents still state what they were in once.
fn stated_beyond_utf_8(bytes: &[u8], stated: impl Fn(&[u8]) -> Option<Encoding>) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(HEAD)];
    match valid_utf_8(bytes) {
        Some(text) if text.is_ascii() || has_east_asian(text) => None,
        // Some characters of GBK are UTF-8 by chance.
        Some(_) => stated(head).filter(|encoding| encoding.can_decode(bytes)),
        None => stated(head),
    }
}

/// Bytes as UTF-8, of which the last character may be cut. None if they are not.
fn valid_utf_8(bytes: &[u8]) -> Option<&str> {
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => str::from_utf8(&bytes[..error.valid_up_to()]).ok(),
        Err(_) => None,
    }
}

/// Whether a text has characters from U+3000 on, but those for private use: they have three bytes and more in UTF-8.
fn has_east_asian(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0xe3..=0xed | 0xef..))
}

/// The encoding that the beginning of a source states, where a scanner finds the name of one.
fn stated_in(
    head: &[u8],
    scanner: impl Fn(&str, &mut Scan<'_>) -> Result<(), Error>,
    options: Option<&Options>,
) -> Option<Encoding> {
    // Names of encodings, and what stands around them, are ASCII in every encoding that is stated.
    let text: String = head.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { '\u{80}' }).collect();
    if let Some(raw) = encoding::in_xml_declaration(&text) {
        return Encoding::of_label(&text[raw]);
    }
    let options = Options { encoding: Some(encoding::ANY.to_owned()), ..options?.clone() };
    let mut scan = Scan::new(&options);
    // The head may end anywhere: what is read before the error counts.
    let _ = scanner(&text, &mut scan);
    let (raw, _) = scan.edits.into_iter().find(|(_, new)| new == encoding::ANY)?;
    Encoding::of_label(&text[raw])
}

/// The encoding in which a document is, by the beginning of its bytes, if that is not UTF-8: what an XML declaration, the `meta`
/// of a page or the header of a catalogue of gettext states, or UTF-16 by its first characters.
///
/// Returns the name of an encoding as of the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels). `head` are
/// the first bytes, which may end anywhere; the first 64 KiB are enough. A document that is UTF-8, as its Chinese or Japanese
/// characters show, is not in another encoding that it states. None for formats that are archives.
///
/// ```
/// use fanjian_documents::{Format, stated_encoding};
///
/// let page = b"<meta charset=gb2312><p>\xcd\xb7\xb7\xa2";
/// assert_eq!(stated_encoding(page, Format::Html), Some("GBK"));
/// let page = "<meta charset=gb2312><p>头发".as_bytes();
/// assert_eq!(stated_encoding(page, Format::Html), None);
/// ```
#[must_use]
pub fn stated_encoding(head: &[u8], format: Format) -> Option<&'static str> {
    let scanner = scanner(format)?;
    let options = Options::new(Converter::new(Config::S2t));
    let found = match Encoding::of_beginning(head) {
        Some(encoding) => Some(encoding),
        None => stated_beyond_utf_8(head, |head| {
            stated_in(head, |text, scan| scan_source(text, scanner, scan), Some(&options))
        }),
    };
    found.filter(|encoding| encoding.0 != UTF_8).map(|encoding| encoding.0.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_encoding() {
        for text in ["<a>头𠮷</a>", "\u{feff}<a/>", "头发"] {
            for encoding in [UTF_8, UTF_16LE, UTF_16BE].map(Encoding) {
                let bytes = encoding.encoded(text.to_owned()).unwrap();
                // Without a mark, what is no XML is UTF-8.
                if encoding.0 == UTF_8 || text != "头发" {
                    assert_eq!(decoded_xml(&bytes).unwrap(), (Cow::Borrowed(text), encoding));
                }
            }
        }
        assert!(decoded_xml(&[0xff, 0xfe, 0x00]).is_err() && decoded_xml(&[0xff, 0xfe, 0x00, 0xd8]).is_err());
    }

    #[test]
    fn documents_state_their_encoding() {
        let cases = [
            (Format::Html, "<!doctype html><meta charset=gb2312><p>头发", "gbk", Some("GBK")),
            (
                Format::Html,
                "<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=big5'><p>頭髮",
                "big5",
                Some("Big5"),
            ),
            (Format::Html, "<title>头发</title><meta charset='gb18030'>", "gb18030", Some("gb18030")),
            (Format::Html, "<!-- <meta charset=gbk> --><p>头发", "utf-8", None),
            (Format::Html, "<meta charset=gbk><p>头发", "utf-8", None),
            // UTF-8 by chance.
            (Format::Html, "<meta charset=gbk><p>聙", "gbk", Some("GBK")),
            (Format::Html, "<meta charset=utf-16><p>a", "utf-8", None),
            (Format::Html, "<p>头发", "gbk", None),
            (Format::Xhtml, "<?xml version='1.0' encoding='GBK'?><html><p>头发", "gbk", Some("GBK")),
            (Format::Android, "<?xml version='1.0' encoding=\"GB2312\"?><resources><string>头发", "gbk", Some("GBK")),
            (Format::Svg, "<?xml version='1.0' encoding='Shift_JIS'?><svg>頭", "shift_jis", Some("Shift_JIS")),
            (Format::Srt, "1\n头发", "gbk", None),
            (Format::Epub, "<?xml version='1.0' encoding='GBK'?>头", "gbk", None),
        ];
        for (format, source, label, expected) in cases {
            let (bytes, ..) = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(source);
            assert_eq!(stated_encoding(&bytes, format), expected, "{source}");
        }
        assert_eq!(stated_encoding(b"<\0?\0x\0m\0l\0", Format::Feed), Some("UTF-16LE"));
        let error = decoded_xml(b"<?xml version='1.0' encoding='GBK'?><a>\xff\xff").unwrap_err();
        assert!(error.to_string().contains("not GBK, as it states"), "{error}");
    }

    #[test]
    fn characters_that_an_encoding_lacks_are_errors() {
        let error = Encoding::of_label("big5").unwrap().encoded("頭\n头".to_owned()).unwrap_err();
        assert!(error.line() == Some(2) && error.to_string().contains("Big5, which has no 头 (U+5934)"), "{error}");
    }
}

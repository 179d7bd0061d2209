//! The encodings of parts of archives: UTF-8, and UTF-16 as XML may be in.

use std::borrow::Cow;

use fanjian::{Error, ErrorKind};

use crate::part::utf_8;

/// How the characters of a part are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// By a byte order mark, or by the first characters of XML.
    fn of(bytes: &[u8]) -> Encoding {
        match bytes {
            [0xff, 0xfe, ..] | [b'<', 0, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] | [0, b'<', ..] => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        }
    }

    /// A text in this encoding. A byte order mark is a character of the text.
    pub(crate) fn encoded(self, text: String) -> Vec<u8> {
        match self {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

/// The text of a part, with its byte order mark, and its encoding.
pub(crate) fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Error> {
    let encoding = Encoding::of(bytes);
    let unit = match encoding {
        Encoding::Utf8 => return Ok((Cow::Borrowed(utf_8(bytes)?), encoding)),
        Encoding::Utf16Le => |unit: &[u8; 2]| u16::from_le_bytes(*unit),
        Encoding::Utf16Be => |unit: &[u8; 2]| u16::from_be_bytes(*unit),
    };
    let (units, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(units.iter().map(unit)).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok((Cow::Owned(text), encoding)),
        _ => Err(Error::new(ErrorKind::Damaged, "not UTF-16, as its first bytes say")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_encoding() {
        for text in ["<a>头𠮷</a>", "\u{feff}<a/>", "头发"] {
            for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
                let bytes = encoding.encoded(text.to_owned());
                // Without a mark, what is no XML is UTF-8.
                if encoding == Encoding::Utf8 || text != "头发" {
                    assert_eq!(decoded(&bytes).unwrap(), (Cow::Borrowed(text), encoding));
                }
            }
        }
        assert!(decoded(&[0xff, 0xfe, 0x00]).is_err() && decoded(&[0xff, 0xfe, 0x00, 0xd8]).is_err());
    }
}

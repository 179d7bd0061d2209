//! Documents with text in a form that is not read.

use std::{borrow::Cow, ffi::OsStr, path::Path};

use fanjian_documents::{Format, stated_encoding, whole_characters};

use crate::{
    io::encodings::{self, FileEncoding, FromEncoding, NotFound},
    messages::message,
};

/// Extensions of archives in the form of zip that are not read, or only where they are given themselves.
const ZIPPED: [&str; 4] = [".key", ".numbers", ".pages", ".zip"];
/// Those of the older formats of Microsoft Office.
const OLE: [&str; 4] = [".doc", ".msg", ".ppt", ".xls"];

/// How these, and encrypted documents of the newer formats, begin.
const OLE_MARK: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The kind of a document by its beginning, as an extension. Text that begins like one is none, unless its name says so.
pub(crate) fn kind(path: &Path, head: &[u8]) -> Option<&'static str> {
    let kind = by_beginning(path, head)?;
    let is_named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(&kind[1..]));
    (is_named || !is_text(head)).then_some(kind)
}

/// The format of a document by its name and its beginning, or the one that is given. None for other files.
pub(crate) fn format(path: &Path, head: &[u8], given: Option<Format>) -> Option<Format> {
    let is_one = |format: &Format| !format.is_container() || is_archive(head);
    given.or_else(|| by_name(path, head).filter(is_one))
}

/// Finds the encoding of a text as [`encodings::find`] does. What a document states itself counts where none is given, or where
/// it is to be detected and is not certain.
pub(crate) fn find_encoding(
    format: Option<Format>,
    head: &[u8],
    is_whole: bool,
    from: Option<FromEncoding>,
    takes_binary: bool,
) -> Result<FileEncoding, NotFound> {
    let text = whole_characters(head);
    let head = text.as_ref().map_or(head, String::as_bytes);
    let stated = || stated_encoding(head, format?)?.parse().ok();
    let find = |from| encodings::find(head, is_whole, from, takes_binary);
    match from {
        None => {
            encodings::check_utf_32(head, from)?;
            find(stated())
        }
        Some(_) => find(from).or_else(|why| match (&why, stated()) {
            (NotFound::Uncertain(_), stated @ Some(_)) => find(stated),
            _ => Err(why),
        }),
    }
}

fn by_name(path: &Path, head: &[u8]) -> Option<Format> {
    let is_of_many = |extension: &OsStr| ["json", "xml"].iter().any(|many| extension.eq_ignore_ascii_case(many));
    match path.extension().is_none_or(is_of_many) {
        true => Format::of_content(in_utf_8(head).as_bytes(), path),
        false => Format::of_path(path),
    }
}

/// The beginning of a text, in UTF-8 as far as its characters of ASCII: formats are known by these alone. What is not UTF-8 may
/// be GB18030 or Big5, in whose characters of two bytes the marks of XML cannot stand.
fn in_utf_8(head: &[u8]) -> Cow<'_, str> {
    let units: fn(&[u8; 2]) -> u16 = match head {
        [0xff, 0xfe, ..] | [b'<' | b'{', 0, ..] => |unit| u16::from_le_bytes(*unit),
        [0xfe, 0xff, ..] | [0, b'<' | b'{', ..] => |unit| u16::from_be_bytes(*unit),
        _ => return String::from_utf8_lossy(head),
    };
    let units: Vec<u16> = head.as_chunks::<2>().0.iter().map(units).collect();
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// Whether this is the beginning of an archive, or of one that is encrypted as Microsoft Office does it.
fn is_archive(head: &[u8]) -> bool {
    matches!(head, [b'P', b'K', 3 | 5, 4 | 6, ..]) || head.starts_with(&OLE_MARK)
}

/// The message about a single input that is an archive by its beginning, and was taken for a text of this format. None for others.
pub(crate) fn no_plain_text(path: &Path, head: &[u8], format: Option<Format>) -> Option<String> {
    if !is_archive(head) || format.is_some_and(Format::is_container) {
        return None;
    }
    Some(match Format::of_path(path).filter(|format| format.is_container()) {
        Some(format) => {
            message!("a document, and no text: --as {format} converts it; or give the file as PATH, without -i", format)
        }
        None => {
            message!(
                "an archive, such as an Office document or a book, and no text: --as names its format, as in --as docx; or \
                 give the file as PATH"
            )
        }
    })
}

/// The message about a document that was given itself.
pub(crate) fn unread(kind: &str, head: &[u8]) -> String {
    match is_text(head) {
        true => message!(
            "a document ({kind}), which is not read: save its text as a text file; or, if it is text in spite of its name, \
             use --text",
            kind
        ),
        false => message!("a document ({kind}), which is not read: save its text as a text file", kind),
    }
}

/// Whether this is the beginning of UTF-8 without a NUL.
fn is_text(head: &[u8]) -> bool {
    let is_utf_8 = str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf_8 && memchr::memchr(0, head).is_none()
}

fn by_beginning(path: &Path, head: &[u8]) -> Option<&'static str> {
    let by_extension = |known: &[&'static str], otherwise| {
        let extension = path.extension().unwrap_or_default();
        let found = known.iter().find(|known| extension.eq_ignore_ascii_case(&known[1..]));
        Some(found.copied().unwrap_or(otherwise))
    };
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => by_extension(&ZIPPED, ".zip"),
        _ if head.starts_with(&OLE_MARK) => by_extension(&OLE, ".doc"),
        _ if head.starts_with(b"%PDF-") => Some(".pdf"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_in_all_encodings() {
        let feed = "<?xml version='1.0'?><!-- 头发 --><rss version='2.0'><channel>";
        let utf_16: Vec<u16> = feed.encode_utf16().collect();
        let little: Vec<u8> = utf_16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = [0xfeff].iter().chain(&utf_16).flat_map(|unit| unit.to_be_bytes()).collect();
        let gb = encoding_rs::GB18030.encode(feed).0;
        let cut = &feed.as_bytes()[..feed.len() - 5];
        for head in [feed.as_bytes(), &little, &big, &big[..big.len() - 1], &gb, cut] {
            assert_eq!(format(Path::new("a.XML"), head, None), Some(Format::Feed));
            assert_eq!(format(Path::new("a.txt"), head, None), None);
        }
        assert_eq!(format(Path::new("a.xml"), feed.as_bytes(), Some(Format::Svg)), Some(Format::Svg));
    }

    #[test]
    fn archives_that_are_taken_for_texts_are_named() {
        let message = |path: &str, head: &[u8], format| no_plain_text(Path::new(path), head, format);
        assert!(message("a.docx", b"PK\x03\x04", None).unwrap().contains("--as docx converts it"));
        assert!(message("a.epub", b"PK\x03\x04", Some(Format::Html)).unwrap().contains("--as epub converts it"));
        assert!(message("standard input", b"PK\x03\x04", None).unwrap().contains("as in --as docx"));
        assert_eq!(message("a.docx", b"PK\x03\x04", Some(Format::Docx)), None);
        assert_eq!(message("a.docx", b"\xff\xfe", None), None);
    }

    #[test]
    fn documents_are_known_by_their_beginning() {
        let kind = |path: &str, head: &[u8]| kind(Path::new(path), head);
        assert_eq!(kind("a.PAGES", b"PK\x03\x04..."), Some(".pages"));
        assert_eq!(kind("a", b"PK\x05\x06\0"), Some(".zip"));
        assert_eq!(kind("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Some(".xls"));
        assert_eq!(kind("a.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), Some(".pdf"));
        assert_eq!(kind("a.PDF", b"%PDF-1.7"), Some(".pdf"));
        // Such text used to be a document.
        assert_eq!(kind("a.md", "%PDF-1.7 头".as_bytes()), None);
        assert_eq!(kind("a.txt", b"PK\x03\x04 cut \xe5"), None);
        assert_eq!(kind("a.pages", "PK 头".as_bytes()), None);
    }
}

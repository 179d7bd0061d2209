//! Encodings of files: which one a file has, its text as UTF-8, and back.

use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, EncoderResult, UTF_8, UTF_16BE, UTF_16LE};

use crate::arguments::Policy;

/// An encoding, of those that browsers know (<https://encoding.spec.whatwg.org>): GBK is read as GB 18030, and Big5 with the
/// Hong Kong characters (HKSCS), which are not written, however.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    pub(crate) const UTF_8: Encoding = Encoding(UTF_8);

    /// The encoding that a label names, such as `gbk` or `Big5-HKSCS`.
    pub(crate) fn parse(label: &str) -> Result<Encoding, String> {
        let known = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes());
        let known = known.or_else(|| label.eq_ignore_ascii_case("gb-18030").then_some(encoding_rs::GB18030));
        known.map(Encoding).ok_or_else(|| {
            "not a known encoding; some are utf-8, utf-16le, utf-16be, gbk, gb18030, big5, big5-hkscs, shift_jis, euc-jp".into()
        })
    }

    pub(crate) fn is_utf_8(self) -> bool {
        self.0 == UTF_8
    }

    fn is_utf_16(self) -> bool {
        self.0 == UTF_16LE || self.0 == UTF_16BE
    }

    /// The byte order mark that a file of this encoding begins with, if any.
    pub(crate) fn mark(self) -> &'static [u8] {
        match self.0 {
            encoding if encoding == UTF_8 => b"\xef\xbb\xbf",
            encoding if encoding == UTF_16LE => b"\xff\xfe",
            encoding if encoding == UTF_16BE => b"\xfe\xff",
            _ => b"",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// What `--from-encoding` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Auto,
    Given(Encoding),
}

impl From {
    pub(crate) fn parse(label: &str) -> Result<From, String> {
        if label.eq_ignore_ascii_case("auto") { Ok(From::Auto) } else { Encoding::parse(label).map(From::Given) }
    }
}

/// What is known of the encoding of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) encoding: Encoding,
    /// Whether the file begins with its byte order mark.
    pub(crate) has_mark: bool,
    /// Whether it was found out from the contents, without a mark.
    pub(crate) is_guess: bool,
    /// Whether a NUL shows that it is no text of this encoding.
    pub(crate) is_binary: bool,
}

/// How much of a file's beginning is looked at, in bytes.
pub(crate) const HEAD: usize = 1024 * 1024;
/// A text has no NUL in so many bytes, as `git` and `grep` see it.
const LOOKED_AT_FOR_NUL: usize = 8 * 1024;

/// Finds the encoding by the beginning of a file, which is all of it if it `is_whole`.
pub(crate) fn find(head: &[u8], is_whole: bool, from: Option<From>) -> Found {
    let marked = [Encoding::UTF_8, Encoding(UTF_16LE), Encoding(UTF_16BE)]
        .into_iter()
        .find(|encoding| head.starts_with(encoding.mark()))
        .filter(|&encoding| !matches!(from, Some(From::Given(given)) if given != encoding));
    if let Some(encoding) = marked {
        return Found { encoding, has_mark: true, is_guess: false, is_binary: has_nul(head, encoding) };
    }
    let (encoding, is_guess) = match from {
        Some(From::Given(encoding)) => (encoding, false),
        Some(From::Auto) => (guess(head, is_whole), true),
        None => (Encoding::UTF_8, false),
    };
    Found { encoding, has_mark: false, is_guess, is_binary: has_nul(head, encoding) }
}

fn has_nul(head: &[u8], encoding: Encoding) -> bool {
    !encoding.is_utf_16() && memchr::memchr(0, &head[..head.len().min(LOOKED_AT_FOR_NUL)]).is_some()
}

fn guess(head: &[u8], is_whole: bool) -> Encoding {
    match str::from_utf8(head) {
        Ok(_) => return Encoding::UTF_8,
        Err(error) if error.error_len().is_none() && !is_whole => return Encoding::UTF_8,
        Err(_) => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, is_whole);
    Encoding(detector.guess(None, Utf8Detection::Deny))
}

/// Makes UTF-8 of a text that comes in pieces.
pub(crate) struct Decode {
    encoding: Encoding,
    /// None for UTF-8, which the conversion reads itself.
    decoder: Option<encoding_rs::Decoder>,
    policy: Policy,
    /// How many bytes have been decoded.
    offset: u64,
}

impl Decode {
    /// `offset` is where the text begins in its file, in bytes.
    pub(crate) fn new(encoding: Encoding, policy: Policy, offset: usize) -> Decode {
        let decoder = (!encoding.is_utf_8()).then(|| encoding.0.new_decoder_without_bom_handling());
        Decode { encoding, decoder, policy, offset: offset as u64 }
    }

    /// For a text of which bad bytes are of no importance.
    pub(crate) fn lossy(encoding: Encoding) -> Decode {
        Decode { encoding, decoder: Some(encoding.0.new_decoder()), policy: Policy::Replace, offset: 0 }
    }

    /// Appends the text of a piece. Errors tell the offset of bad bytes in the file.
    pub(crate) fn push(&mut self, mut piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        let Some(decoder) = &mut self.decoder else {
            out.extend_from_slice(piece);
            return Ok(());
        };
        loop {
            let from = out.len();
            let room = decoder.max_utf8_buffer_length_without_replacement(piece.len()).ok_or("too long a piece")?;
            out.resize(from + room, 0);
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(piece, &mut out[from..], is_last);
            out.truncate(from + written);
            piece = &piece[read..];
            self.offset += read as u64;
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, behind) => match self.policy {
                    Policy::Replace => out.extend_from_slice("\u{fffd}".as_bytes()),
                    Policy::Strict | Policy::Pass => {
                        let offset = self.offset - u64::from(bad) - u64::from(behind);
                        let encoding = self.encoding;
                        return Err(format!(
                            "not {encoding}: invalid bytes at offset {offset} (--invalid-utf8 replace converts the rest)"
                        ));
                    }
                },
            }
        }
    }
}

/// Makes another encoding of text that comes in pieces.
pub(crate) struct Encode {
    encoding: Encoding,
    kind: Kind,
    /// What stands for characters that the encoding lacks.
    replacement: Option<String>,
    place: Place,
}

enum Kind {
    Utf8,
    Utf16,
    Other(encoding_rs::Encoder),
}

/// A place in a text: line and character, from 1.
struct Place {
    line: u64,
    column: u64,
}

impl Encode {
    pub(crate) fn new(encoding: Encoding, replacement: Option<String>) -> Encode {
        let kind = match encoding {
            _ if encoding.is_utf_8() => Kind::Utf8,
            _ if encoding.is_utf_16() => Kind::Utf16,
            _ => Kind::Other(encoding.0.new_encoder()),
        };
        Encode { encoding, kind, replacement, place: Place { line: 1, column: 1 } }
    }

    /// Appends a piece, of whole characters. Errors tell the line and the column of what cannot be written.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        let encoding = self.encoding;
        if let Kind::Utf8 = self.kind {
            out.extend_from_slice(piece);
            return Ok(());
        }
        let text =
            str::from_utf8(piece).map_err(|_| format!("bytes that are not UTF-8 cannot be written as {encoding}"))?;
        let encoder = match &mut self.kind {
            Kind::Other(encoder) => encoder,
            Kind::Utf8 | Kind::Utf16 => {
                let bytes = if encoding.0 == UTF_16BE { u16::to_be_bytes } else { u16::to_le_bytes };
                out.extend(text.encode_utf16().flat_map(bytes));
                return Ok(());
            }
        };
        let mut rest = text;
        loop {
            let from = out.len();
            let room = encoder.max_buffer_length_from_utf8_without_replacement(rest.len()).ok_or("too long a piece")?;
            out.resize(from + room, 0);
            let (result, read, written) = encoder.encode_from_utf8_without_replacement(rest, &mut out[from..], is_last);
            out.truncate(from + written);
            let (done, left) = rest.split_at(read);
            rest = left;
            match result {
                EncoderResult::InputEmpty => {
                    self.place.advance(done);
                    return Ok(());
                }
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable(character) => match &self.replacement {
                    Some(replacement) => out.extend(encoded(encoding, replacement).unwrap_or_default()),
                    None => {
                        self.place.advance(&done[..done.len() - character.len_utf8()]);
                        return Err(lacks(encoding, character, &self.place));
                    }
                },
            }
            self.place.advance(done);
        }
    }
}

impl Place {
    fn advance(&mut self, text: &str) {
        for character in text.chars() {
            let Place { line, column } = *self;
            *self = match character {
                '\n' => Place { line: line + 1, column: 1 },
                _ => Place { line, column: column + 1 },
            };
        }
    }
}

fn lacks(encoding: Encoding, character: char, place: &Place) -> String {
    let hint = if encoding.0 == BIG5 { " (what HKSCS adds is read, but not written)" } else { "" };
    format!(
        "{encoding} has no {character} (U+{:04X}){hint}, in line {} of the converted text, character {}: --replacement TEXT \
         writes that in its place, --to-encoding utf-8 has all",
        u32::from(character),
        place.line,
        place.column
    )
}

/// A whole text in an encoding, if that has all of its characters.
pub(crate) fn encoded(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    Encode::new(encoding, None).push(text.as_bytes(), true, &mut out).ok()?;
    Some(out)
}

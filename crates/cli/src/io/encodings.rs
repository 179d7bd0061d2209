//! Encodings of files: detection, decoding to UTF-8, encoding.

use std::{borrow::Cow, fmt, str::FromStr};

use encoding_rs::{
    BIG5, DecoderResult, EUC_JP, EncoderResult, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};
use fanjian::InvalidUtf8;
use fanjian_documents::lacks_gbk;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    io::guess::{self, Candidate},
    messages::message,
};

/// An encoding, of those that browsers know (<https://encoding.spec.whatwg.org>): GBK is read as GB 18030, and Big5
/// with the Hong Kong characters (HKSCS), of which some are not written, however.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    pub(crate) const UTF_8: Encoding = Encoding(UTF_8);

    /// The encoding that a label names, such as `gbk` or `Big5-HKSCS`.
    pub(crate) fn parse(label: &str) -> Result<Encoding, String> {
        let known = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes());
        let known = known.or_else(|| {
            let is_alias = |&(alias, _): &(&str, _)| label.eq_ignore_ascii_case(alias);
            ALIASES.into_iter().find(is_alias).map(|(_, encoding)| encoding)
        });
        known.map(Encoding).ok_or_else(|| {
            message!(
                "unknown encoding '{label}'; expected a label such as utf-8, utf-16le, utf-16be, gbk, gb18030, big5, \
                 big5-hkscs, shift_jis or euc-jp",
                label
            )
        })
    }

    pub(crate) fn is_utf_8(self) -> bool {
        self.0 == UTF_8
    }

    /// Whether it is what Windows takes texts for in mainland China alone.
    pub(crate) fn is_of_mainland(self) -> bool {
        self.0 == GBK || self.0 == GB18030
    }

    /// That of a file that was read in this one and has this text: what is read as GBK may be in GB 18030.
    pub(crate) fn of_text(self, text: &[u8]) -> Encoding {
        let is_beyond = self.0 == GBK && str::from_utf8(text).is_ok_and(lacks_gbk);
        if is_beyond { Encoding(GB18030) } else { self }
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

impl FromStr for Encoding {
    type Err = String;

    fn from_str(label: &str) -> Result<Encoding, String> {
        Encoding::parse(label)
    }
}

/// Names that Windows, Java and Python use, and browsers do not know.
const ALIASES: [(&str, &encoding_rs::Encoding); 33] = [
    ("gb-18030", GB18030),
    ("gb18030-2000", GB18030),
    ("gb18030-2005", GB18030),
    ("gb18030-2022", GB18030),
    ("cp54936", GB18030),
    ("windows-54936", GB18030),
    ("cp936", GBK),
    ("ms936", GBK),
    ("windows-936", GBK),
    ("x-mswin-936", GBK),
    ("euc-cn", GBK),
    ("euccn", GBK),
    ("cp51936", GBK),
    ("gb2312-80", GBK),
    ("cp950", BIG5),
    ("ms950", BIG5),
    ("windows-950", BIG5),
    ("x-windows-950", BIG5),
    ("big5hkscs", BIG5),
    ("ms950-hkscs", BIG5),
    ("x-ms950-hkscs", BIG5),
    ("cp932", SHIFT_JIS),
    ("windows-932", SHIFT_JIS),
    ("cp51932", EUC_JP),
    ("eucjp", EUC_JP),
    ("ujis", EUC_JP),
    ("cp50220", ISO_2022_JP),
    ("cp65001", UTF_8),
    ("cp1200", UTF_16LE),
    ("utf16le", UTF_16LE),
    ("utf16", UTF_16LE),
    ("cp1201", UTF_16BE),
    ("utf16be", UTF_16BE),
];

/// The value of `--from-encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FromEncoding {
    Auto,
    Given(Encoding),
}

impl FromEncoding {
    /// Whether it is known beforehand that the text is UTF-8.
    pub(crate) fn is_utf_8(self) -> bool {
        matches!(self, FromEncoding::Given(encoding) if encoding.is_utf_8())
    }
}

impl FromStr for FromEncoding {
    type Err = String;

    fn from_str(label: &str) -> Result<FromEncoding, String> {
        match label.eq_ignore_ascii_case("auto") {
            true => Ok(FromEncoding::Auto),
            false => Encoding::parse(label).map(FromEncoding::Given),
        }
    }
}

impl fmt::Display for FromEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FromEncoding::Auto => f.write_str("auto"),
            FromEncoding::Given(encoding) => encoding.fmt(f),
        }
    }
}

/// `Serialize` and `Deserialize` by name, for `fanjian.toml`.
macro_rules! serde_by_name {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

serde_by_name!(Encoding);
serde_by_name!(FromEncoding);

/// The encoding of a file, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileEncoding {
    pub(crate) encoding: Encoding,
    /// Whether the file begins with its byte order mark.
    pub(crate) has_mark: bool,
    /// How probable it is, if it was found out from the contents, without a mark.
    pub(crate) confidence: Option<f64>,
}

impl FileEncoding {
    /// That of an archive, whose bytes are taken as they are.
    pub(crate) const BYTES: FileEncoding =
        FileEncoding { encoding: Encoding::UTF_8, has_mark: false, confidence: None };
}

/// Why no encoding is found.
#[derive(Debug)]
pub(crate) enum NotFound {
    /// The file is no text, as a NUL shows.
    NoText(NoText),
    /// It is text, but its encoding is not certain: the message says why, and names the way out.
    Uncertain(String),
}

/// Why a file is not taken for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoText {
    Binary,
    /// A backup, by its name.
    Backup,
    /// A temporary file of this command, by its name.
    Temporary,
    /// The list of finished inputs, by its name.
    Finished,
    /// None of the overrides of its `fanjian.toml` is for it.
    NoTarget,
    /// What stands beside another file, or would get a name with the same tag twice.
    Copy,
    /// Standard output or standard error, to which the run itself writes.
    Stream,
    /// Text after all, whose encoding has to be named, since it has no byte order mark.
    Utf16(Encoding),
    /// Text in UTF-32, by its mark, which begins as that of UTF-16.
    Utf32,
}

impl NoText {
    /// Whether it is worth a message about a file in a folder, too: nobody expects that it is left out.
    pub(crate) fn is_unexpected(self) -> bool {
        matches!(self, NoText::Utf16(_) | NoText::Utf32 | NoText::Stream)
    }

    /// What a message has about a file that is left out.
    pub(crate) fn skipped(self) -> String {
        message!("skipped: {what} ({way_out})", what = self, way_out = self.way_out())
    }

    pub(crate) fn way_out(self) -> String {
        match self {
            NoText::Binary => message!("--text converts it as text"),
            NoText::Backup => message!("--include-backups converts it"),
            NoText::Temporary => message!("if it is yours, rename it"),
            NoText::Finished => message!("if it is data of yours, rename it"),
            NoText::NoTarget => message!("name one at the top of fanjian.toml, or with --to"),
            NoText::Copy => message!("to convert it, name the output with -o"),
            NoText::Stream => message!("write to a file elsewhere to convert this one"),
            NoText::Utf32 => message!("convert it to UTF-8 first, as by `iconv -f UTF-32 -t UTF-8`"),
            NoText::Utf16(encoding) => {
                message!(
                    "--from-encoding {encoding}, or auto, converts it",
                    encoding = encoding.to_string().to_ascii_lowercase()
                )
            }
        }
    }
}

impl fmt::Display for NoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoText::Binary => f.write_str(&message!("binary")),
            NoText::Backup => f.write_str(&message!("backup")),
            NoText::Temporary => f.write_str(&message!("it looks like a temporary file of fanjian")),
            NoText::NoTarget => f.write_str(&message!("no override of fanjian.toml is for it")),
            NoText::Copy => f.write_str(&message!("its name is that of a conversion")),
            NoText::Finished => f.write_str(&message!("the list of inputs that fanjian has finished")),
            NoText::Stream => f.write_str(&message!("the output of this run")),
            NoText::Utf32 => f.write_str(&message!("it is UTF-32, which is not read")),
            NoText::Utf16(encoding) => {
                f.write_str(&message!("it looks like {encoding} without a byte order mark", encoding))
            }
        }
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotFound::NoText(why) => why.fmt(f),
            NotFound::Uncertain(message) => f.write_str(message),
        }
    }
}

/// How much of a file's beginning is looked at, in bytes.
pub(crate) const HEAD: usize = 1024 * 1024;
/// How much of it is looked at for the script of the first lines: the 16,384 characters of [`fanjian::Converter::prior`] in any
/// encoding but ISO-2022-JP.
pub(crate) const HEAD_FOR_SCRIPT: usize = 64 * 1024;
/// How much is searched for a NUL, which makes a file binary, as in `git` and `grep`.
const LOOKED_AT_FOR_NUL: usize = 8 * 1024;
const UTF_32_MARKS: [&[u8]; 2] = [b"\xff\xfe\0\0", b"\0\0\xfe\xff"];

/// Finds the encoding by the beginning of a file, which is all of it if it `is_whole`. `takes_binary` is whether a file
/// with a NUL is text, too.
pub(crate) fn find(
    head: &[u8],
    is_whole: bool,
    from: Option<FromEncoding>,
    takes_binary: bool,
) -> Result<FileEncoding, NotFound> {
    let has_nul = memchr::memchr(0, &head[..head.len().min(LOOKED_AT_FOR_NUL)]).is_some();
    let check = |found: FileEncoding| match has_nul && !takes_binary && !found.encoding.is_utf_16() {
        true => Err(NotFound::NoText(NoText::Binary)),
        false => Ok(found),
    };
    check_utf_32(head, from)?;
    let known = |encoding, has_mark| FileEncoding { encoding, has_mark, confidence: None };
    let marked = [Encoding::UTF_8, Encoding(UTF_16LE), Encoding(UTF_16BE)]
        .into_iter()
        .find(|encoding| head.starts_with(encoding.mark()))
        .filter(|&encoding| !matches!(from, Some(FromEncoding::Given(given)) if given != encoding));
    if let Some(encoding) = marked {
        return check(known(encoding, true));
    }
    match from {
        Some(FromEncoding::Given(encoding)) => check(known(encoding, false)),
        None if has_nul && !takes_binary => Err(NotFound::NoText(match utf_16(head, is_whole) {
            Some((encoding, _)) => NoText::Utf16(encoding),
            None => NoText::Binary,
        })),
        None => Ok(known(Encoding::UTF_8, false)),
        Some(FromEncoding::Auto) if has_nul => match utf_16(head, is_whole) {
            Some((encoding, confidence)) => {
                Ok(FileEncoding { encoding, has_mark: false, confidence: Some(confidence) })
            }
            None => check(known(Encoding::UTF_8, false)),
        },
        Some(FromEncoding::Auto) => detect(head, is_whole).map_err(NotFound::Uncertain),
    }
}

/// An error for UTF-32, by its mark, unless an encoding is given.
pub(crate) fn check_utf_32(head: &[u8], from: Option<FromEncoding>) -> Result<(), NotFound> {
    let is_utf_32 = UTF_32_MARKS.iter().any(|mark| head.starts_with(mark));
    match is_utf_32 && !matches!(from, Some(FromEncoding::Given(_))) {
        true => Err(NotFound::NoText(NoText::Utf32)),
        false => Ok(()),
    }
}

/// The name of the encoding of a whole text, or why it is not known.
pub(crate) fn label(text: &[u8], from: FromEncoding) -> Result<String, String> {
    find(text, true, Some(from), true).map(|found| found.encoding.to_string()).map_err(|why| why.to_string())
}

/// UTF-16 without a mark, if it is that for certain, and how probable it is.
fn utf_16(head: &[u8], is_whole: bool) -> Option<(Encoding, f64)> {
    let guess = guess::guess_unicode(head, is_whole);
    let (candidate, confidence) = guess.candidates[0];
    let encoding = candidate.map(Encoding).filter(|encoding| guess.is_sure && encoding.is_utf_16());
    encoding.map(|encoding| (encoding, confidence))
}

/// Detects the encoding of a text. The error says why it is not certain.
fn detect(head: &[u8], is_whole: bool) -> Result<FileEncoding, String> {
    let is_utf_8 = match str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && !is_whole,
    };
    let guess = if is_utf_8 { guess::guess_unicode(head, is_whole) } else { guess::guess(head, is_whole) };
    match guess.candidates[0] {
        // Bytes that are UTF-8 by chance have no Chinese in them, and stay as they are.
        (Some(best), confidence) if guess.is_sure || (is_utf_8 && best == UTF_8) => {
            Ok(FileEncoding { encoding: Encoding(best), has_mark: false, confidence: Some(confidence) })
        }
        // Control characters are rare in text, but bytes of no kind of text are hardly ever UTF-8.
        (None, _) if is_utf_8 => Ok(FileEncoding { encoding: Encoding::UTF_8, has_mark: false, confidence: Some(1.0) }),
        _ => Err(uncertain(&guess.candidates)),
    }
}

/// The message about a text with these candidates, the best of which is not sure enough.
fn uncertain(candidates: &[(Candidate, f64)]) -> String {
    let is_short = candidates[0].0.is_some() && candidates[0].1 >= guess::SURE;
    let why = if is_short { message!(", as there are too few characters") } else { String::new() };
    let name = |candidate: Candidate| {
        let none = || message!("not Chinese or Japanese text in a known encoding");
        candidate.map_or_else(none, |encoding| encoding.name().to_owned())
    };
    let shown = candidates.iter().take(2).filter(|(_, confidence)| *confidence >= 0.05);
    let shown: Vec<_> =
        shown.map(|&(candidate, confidence)| format!("{} ({confidence:.3})", name(candidate))).collect();
    let shown = shown.join(&message!(" or "));
    match candidates[0].0 {
        Some(_) => {
            message!("the encoding is not certain{why}: it looks like {shown}; --from-encoding names it", why, shown)
        }
        None => message!("it is not Chinese or Japanese text in a known encoding; --from-encoding names one"),
    }
}

/// What the message about a text advises that is not in its encoding, or cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// The options of the conversion.
    Options,
    /// To save the file in UTF-8, for commands without these options.
    Save,
}

impl Advice {
    fn on_invalid_bytes(self) -> String {
        match self {
            Advice::Options => message!("--invalid-utf8 replace converts the rest"),
            Advice::Save => Advice::to_save(),
        }
    }

    fn on_lacking_characters(self) -> String {
        match self {
            Advice::Options => {
                message!("--replacement TEXT writes TEXT instead; --to-encoding utf-8 has all characters")
            }
            Advice::Save => Advice::to_save(),
        }
    }

    fn to_save() -> String {
        message!("save it as UTF-8, and state that")
    }
}

/// Decoder to UTF-8 of a text that comes in pieces.
pub(crate) struct Decoder {
    encoding: Encoding,
    /// None for UTF-8, which the conversion reads itself.
    decoder: Option<encoding_rs::Decoder>,
    policy: InvalidUtf8,
    /// How many bytes have been decoded.
    offset: u64,
    advice: Advice,
}

impl Decoder {
    /// `offset` is where the text begins in its file, in bytes.
    pub(crate) fn new(encoding: Encoding, policy: InvalidUtf8, offset: usize) -> Decoder {
        let decoder = (!encoding.is_utf_8()).then(|| encoding.0.new_decoder_without_bom_handling());
        Decoder { encoding, decoder, policy, offset: offset as u64, advice: Advice::Options }
    }

    /// The same, whose errors advise this.
    pub(crate) fn advising(self, advice: Advice) -> Decoder {
        Decoder { advice, ..self }
    }

    /// A decoder that replaces invalid bytes.
    pub(crate) fn lossy(encoding: Encoding) -> Decoder {
        let decoder = Some(encoding.0.new_decoder());
        Decoder { encoding, decoder, policy: InvalidUtf8::Replace, offset: 0, advice: Advice::Options }
    }

    /// The text of the beginning of a file, as far as it can be decoded.
    pub(crate) fn beginning(mut self, head: &[u8]) -> Cow<'_, [u8]> {
        if self.decoder.is_none() {
            return Cow::Borrowed(head);
        }
        let mut text = Vec::new();
        // What cannot be decoded is an error when it is converted.
        let _ = self.push(head, false, &mut text);
        Cow::Owned(text)
    }

    /// Appends the text of a piece. Errors have the offset of invalid bytes in the file.
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
                    InvalidUtf8::Replace => out.extend_from_slice("\u{fffd}".as_bytes()),
                    _ => {
                        let offset = self.offset - u64::from(bad) - u64::from(behind);
                        let encoding = self.encoding;
                        return Err(message!(
                            "not {encoding}: invalid bytes at offset {offset} ({advice})",
                            encoding,
                            offset,
                            advice = self.advice.on_invalid_bytes()
                        ));
                    }
                },
            }
        }
    }
}

/// Encoder of a text that comes in pieces.
pub(crate) struct Encoder {
    encoding: Encoding,
    kind: EncoderKind,
    /// The replacement for characters that the encoding lacks.
    replacement: Option<String>,
    position: Position,
    advice: Advice,
}

enum EncoderKind {
    Utf8,
    Utf16,
    Other(encoding_rs::Encoder),
}

/// A place in a text: line and character, from 1.
struct Position {
    line: u64,
    column: u64,
}

impl Encoder {
    pub(crate) fn new(encoding: Encoding, replacement: Option<String>) -> Encoder {
        let kind = match encoding {
            _ if encoding.is_utf_8() => EncoderKind::Utf8,
            _ if encoding.is_utf_16() => EncoderKind::Utf16,
            _ => EncoderKind::Other(encoding.0.new_encoder()),
        };
        Encoder { encoding, kind, replacement, position: Position { line: 1, column: 1 }, advice: Advice::Options }
    }

    /// The same, whose errors advise this.
    pub(crate) fn advising(self, advice: Advice) -> Encoder {
        Encoder { advice, ..self }
    }

    pub(crate) fn is_for_utf_8(&self) -> bool {
        matches!(self.kind, EncoderKind::Utf8)
    }

    /// Appends a piece, of whole characters. Errors have the line and the column of the character.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), String> {
        let encoding = self.encoding;
        if self.is_for_utf_8() {
            out.extend_from_slice(piece);
            return Ok(());
        }
        let text =
            str::from_utf8(piece).map_err(|_| format!("bytes that are not UTF-8 cannot be written as {encoding}"))?;
        let encoder = match &mut self.kind {
            EncoderKind::Other(encoder) => encoder,
            EncoderKind::Utf8 | EncoderKind::Utf16 => {
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
                    self.position.advance(done);
                    return Ok(());
                }
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable(character) => match &self.replacement {
                    Some(replacement) => out.extend(encoded(encoding, replacement).unwrap_or_default()),
                    None => {
                        self.position.advance(&done[..done.len() - character.len_utf8()]);
                        return Err(lacks(encoding, character, &self.position, self.advice));
                    }
                },
            }
            self.position.advance(done);
        }
    }
}

impl Position {
    fn advance(&mut self, text: &str) {
        for character in text.chars() {
            let Position { line, column } = *self;
            *self = match character {
                '\n' => Position { line: line + 1, column: 1 },
                _ => Position { line, column: column + 1 },
            };
        }
    }
}

fn lacks(encoding: Encoding, character: char, position: &Position, advice: Advice) -> String {
    let hint = match encoding.0 == BIG5 {
        true => message!(" (HKSCS characters are read, but not all are written)"),
        false => String::new(),
    };
    message!(
        "{encoding} has no {character} (U+{code}){hint}, in line {line} of the converted text, character {column} ({advice})",
        encoding,
        character,
        code = format!("{:04X}", u32::from(character)),
        hint,
        line = position.line,
        column = position.column,
        advice = advice.on_lacking_characters()
    )
}

/// A whole text in an encoding, if that has all of its characters.
pub(crate) fn encoded(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    Encoder::new(encoding, None).push(text.as_bytes(), true, &mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_browsers_and_of_windows_are_known() {
        for (labels, name) in [
            ("GBK gb2312 cp936 MS936 x-gbk x-mswin-936 windows-936 euc-cn", "GBK"),
            ("CP950 ms950 big5 big5-hkscs cn-big5", "Big5"),
            ("gb-18030 cp54936", "gb18030"),
            ("cp932 ms932 windows-31j sjis", "Shift_JIS"),
            ("cp51932 euc-jp", "EUC-JP"),
            ("utf8 cp65001", "UTF-8"),
            ("cp1200 utf-16le utf-16", "UTF-16LE"),
            ("cp1201 utf-16be", "UTF-16BE"),
        ] {
            for label in labels.split(' ') {
                assert_eq!(label.parse::<Encoding>().unwrap().to_string(), name, "{label}");
            }
        }
        for (alias, _) in ALIASES {
            assert!(encoding_rs::Encoding::for_label(alias.as_bytes()).is_none(), "browsers know {alias}");
        }
        assert_eq!("AUTO".parse(), Ok(FromEncoding::Auto));
        let error = "utf-9".parse::<FromEncoding>().unwrap_err();
        assert!(error.starts_with("unknown encoding 'utf-9'; expected a label such as utf-8, "), "{error}");
    }

    #[test]
    fn a_mark_decides_and_then_the_contents() {
        let found = |head: &[u8], from| find(head, true, from, false);
        let utf_16 = found(b"\xff\xfea\0", None).unwrap();
        assert!(utf_16.has_mark && utf_16.encoding == Encoding(UTF_16LE));
        assert!(matches!(found(b"a\0", None), Err(NotFound::NoText(NoText::Binary))));
        let gbk = encoding_rs::GBK.encode("后来，他的头发里面有一只蝴蝶。").0;
        let guessed = found(&gbk, Some(FromEncoding::Auto)).unwrap();
        assert_eq!(guessed.encoding.to_string(), "GBK");
        assert!(guessed.confidence.unwrap() > 0.999);
        assert!(found("头发".as_bytes(), Some(FromEncoding::Auto)).unwrap().encoding.is_utf_8());
    }

    #[test]
    fn text_in_pieces_is_decoded_and_encoded_as_a_whole() {
        let encoding: Encoding = "big5".parse().unwrap();
        let bytes = encoded(encoding, "頭髮").unwrap();
        let mut decoder = Decoder::new(encoding, InvalidUtf8::Strict, 0);
        let mut text = Vec::new();
        for (at, byte) in bytes.iter().enumerate() {
            decoder.push(&[*byte], at + 1 == bytes.len(), &mut text).unwrap();
        }
        assert_eq!(text, "頭髮".as_bytes());
        let error = Encoder::new(encoding, None).push("一\n头".as_bytes(), true, &mut Vec::new()).unwrap_err();
        assert!(error.starts_with("Big5 has no 头 (U+5934) (HKSCS ") && error.contains("in line 2 "), "{error}");
        let mut replaced = Vec::new();
        Encoder::new(encoding, Some("?".to_owned())).push("头".as_bytes(), true, &mut replaced).unwrap();
        assert_eq!(replaced, b"?");
    }

    /// The codes that come back as others when a text is decoded and encoded: those of characters that have two.
    fn changed_codes(
        encoding: &'static encoding_rs::Encoding,
        codes: impl Iterator<Item = Vec<u8>>,
    ) -> Vec<(String, Vec<u8>, Vec<u8>)> {
        let mut changed = Vec::new();
        for code in codes {
            let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&code) else { continue };
            if let Some(back) = encoded(Encoding(encoding), &text).filter(|back| *back != code) {
                changed.push((text.into_owned(), code, back));
            }
        }
        changed
    }

    /// `docs/command.md` has these figures.
    #[test]
    fn these_codes_come_back_as_others() {
        let pairs = || (0x81..=0xfe).flat_map(|lead| (0x30..=0xff).map(move |trail| vec![lead, trail]));
        let codes = || (0x80..=0xff).map(|byte| vec![byte]).chain(pairs());
        let triples = (0xa1..=0xfe).flat_map(|second| (0xa1..=0xfe).map(move |third| vec![0x8f, second, third]));
        let quadruples = |leads: std::ops::RangeInclusive<u8>, lasts: std::ops::RangeInclusive<u8>| {
            let pairs = leads.flat_map(|first| (0x30..=0x39).map(move |second| (first, second)));
            let triples = pairs.flat_map(|(first, second)| (0x81..=0xfe).map(move |third| [first, second, third]));
            triples
                .flat_map(move |[first, second, third]| lasts.clone().map(move |last| vec![first, second, third, last]))
        };
        // Above U+FFFF, codes are numbered through.
        let quadruples = quadruples(0x81..=0x84, 0x30..=0x39).chain(quadruples(0x90..=0xe3, 0x35..=0x35));
        let escaped = |set: &'static [u8], code: Vec<u8>| [b"\x1b", set, &code, b"\x1b(B"].concat();
        let jis = (0x21..=0x7e).flat_map(|lead| (0x21..=0x7e).map(move |trail| escaped(b"$B", vec![lead, trail])));
        let kana = (0x21..=0x5f).map(|code| escaped(b"(I", vec![code]));

        let text = |changed: &[(String, Vec<u8>, Vec<u8>)]| {
            changed.iter().map(|(character, ..)| character.as_str()).collect::<String>()
        };
        let gb18030 = changed_codes(GB18030, codes().chain(quadruples));
        assert_eq!(text(&gb18030), "€\u{3000}龴龵龶龷龸龹龺龻︐︑︒︓︔︕︖︗︘︙");
        assert_eq!(gb18030[2], ("龴".to_owned(), vec![0x82, 0x35, 0x90, 0x37], vec![0xfe, 0x59]));
        assert_eq!(text(&changed_codes(GBK, codes())), "€\u{3000}");
        let big5 = changed_codes(BIG5, codes());
        assert_eq!(big5.len(), 90);
        // Without those of HKSCS, and of ETEN, which it took over.
        let plain: Vec<_> = big5.into_iter().filter(|(_, code, _)| (0xa1..0xc6).contains(&code[0])).collect();
        assert_eq!(text(&plain), "═╞╪╡十卅");
        assert_eq!(changed_codes(SHIFT_JIS, codes()).len(), 398);
        assert_eq!(changed_codes(EUC_JP, codes().chain(triples)).len(), 291);
        let iso_2022_jp = changed_codes(ISO_2022_JP, jis.chain(kana));
        assert_eq!(iso_2022_jp.len(), 73);
        assert_eq!(iso_2022_jp.iter().filter(|(_, code, _)| code[1] == b'(').count(), 63);
    }
}

//! Any division of a text into pieces gives what the whole gives, in bounded memory.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
};

use fanjian::{Config, Converter, ErrorKind, InvalidUtf8, Target};
use proptest::prelude::*;

use crate::{ways::stream, words::words};

const POLICIES: [InvalidUtf8; 3] = [InvalidUtf8::Strict, InvalidUtf8::Replace, InvalidUtf8::Pass];

fn config() -> impl Strategy<Value = Config> {
    prop::sample::select(Config::ALL.to_vec())
}

/// Keys of all dictionaries and values of all entries, whole and cut, among other characters.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(words());
    let cut = (word.clone(), any::<prop::sample::Index>()).prop_map(|(word, cut)| {
        let cut = cut.index(word.chars().count() + 1);
        word.chars().take(cut).collect()
    });
    let other =
        prop::sample::select(vec!["⿰", "⿲", "⿿", "\0", "\n", "a", " ", "一", "里", "\u{f92f}", "\u{20000}", "é"]);
    let piece = prop_oneof![3 => word, 2 => cut, 1 => other.prop_map(str::to_owned)];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

/// Cuts bytes at places chosen by `cuts`, into pieces some of which are empty.
fn pieces<'b>(bytes: &'b [u8], cuts: &[prop::sample::Index]) -> Vec<&'b [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort();
    cuts.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect()
}

proptest! {
    #[test]
    fn pieces_give_what_the_whole_gives(
        config in config(), tofu_risk: bool, text in text(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let converter = Converter::builder().config(config).tofu_risk(tofu_risk).build().unwrap();
        let whole = converter.reference().convert(&text).into_owned();
        prop_assert_eq!(&*converter.convert(&text), &*whole);
        prop_assert_eq!(&stream(&converter, pieces(text.as_bytes(), &cuts).into_iter()), &*whole);
        prop_assert_eq!(&stream(&converter, text.as_bytes().chunks(1)), &*whole);
    }

    /// No key has a line feed: a live pipe need not convert each line as a text of its own, which would cut a description
    /// sequence that goes on in the next one.
    #[test]
    fn a_line_leaves_as_soon_as_it_is_complete(config in config(), lines in prop::collection::vec(text(), 1..4)) {
        let targets = Target::ALL.iter().map(|&target| Converter::for_target(target));
        for converter in targets.chain([Converter::new(config)]) {
            let (mut stream, mut out, mut whole) = (converter.stream(), Vec::new(), String::new());
            for line in &lines {
                let line = line.replace(|character: char| ('\u{2ff0}'..='\u{2fff}').contains(&character), "") + "\n";
                stream.push(line.as_bytes(), &mut out).unwrap();
                // A line to a target can depend on those before it.
                whole += &line;
                prop_assert_eq!(str::from_utf8(&out).unwrap(), converter.convert(&whole));
            }
        }
    }

    #[test]
    fn invalid_bytes_are_treated_alike_in_pieces(
        config in config(), text in text(), junk in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let mut bytes = text.into_bytes();
        for (at, byte) in junk {
            bytes.insert(at.index(bytes.len() + 1), byte);
        }
        let converter = Converter::new(config);
        for policy in POLICIES {
            let whole = converter.convert_bytes(&bytes, policy).map(|bytes| bytes.into_owned());
            let mut stream = converter.stream().invalid_utf8(policy);
            let mut out = Vec::new();
            let result = pieces(&bytes, &cuts).into_iter().try_for_each(|piece| stream.push(piece, &mut out));
            let result = result.and_then(|()| stream.finish(&mut out));
            match (whole, result) {
                (Ok(whole), Ok(())) => prop_assert_eq!(out, whole),
                (Err(whole), Err(piecewise)) => prop_assert_eq!(whole.to_string(), piecewise.to_string()),
                (whole, piecewise) => prop_assert!(false, "{whole:?} is not {piecewise:?}"),
            }
        }
    }

    #[test]
    fn replacing_is_converting_the_lossy_text(config in config(), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let converter = Converter::new(config);
        let replaced = converter.convert_bytes(&bytes, InvalidUtf8::Replace).unwrap();
        let lossy = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(String::from_utf8_lossy(&replaced), converter.convert(&lossy));
    }

    #[test]
    fn passing_leaves_invalid_bytes_and_converts_the_rest(config in config(), left in text(), right in text()) {
        let converter = Converter::new(config);
        let joined = [left.as_bytes(), b"\xff", right.as_bytes()].concat();
        let expected = [converter.convert(&left).as_bytes(), b"\xff", converter.convert(&right).as_bytes()].concat();
        prop_assert_eq!(converter.convert_bytes(&joined, InvalidUtf8::Pass).unwrap(), expected);
    }
}

/// OpenCC's command keeps a window of 16 characters and cuts through the phrase: 皇後.
#[test]
fn a_phrase_far_into_a_long_text_is_not_cut() {
    let text = format!("{}皇后{}", "一".repeat(349_508), "一".repeat(200));
    let converter = Converter::new(Config::S2t);
    assert_eq!(converter.convert(&text), text);
    for length in [1, 64, 4096, 1 << 20] {
        assert_eq!(stream(&converter, text.as_bytes().chunks(length)), text, "pieces of {length} bytes");
    }
}

/// What a stream keeps is bounded by the longest keys, not by the text: not even by the length of a segment.
#[test]
fn a_stream_keeps_little() {
    for &config in Config::ALL {
        for pattern in ["一", "a", "后", "的里", "⿰", "𠀀"] {
            let mut stream = Converter::new(config).stream();
            let piece = pattern.repeat(4096 / pattern.len());
            let (mut pushed, mut out) = (0, Vec::new());
            for _ in 0..64 {
                stream.push(piece.as_bytes(), &mut out).unwrap();
                pushed += piece.len();
                assert!(pushed - out.len() <= 1024, "{config} keeps {} bytes of {pattern}", pushed - out.len());
            }
        }
    }
}

#[test]
fn what_can_be_decided_comes_out_at_once() {
    let mut stream = Converter::new(Config::S2twp).stream();
    let mut out = Vec::new();
    stream.push("一行头发\n".as_bytes(), &mut out).unwrap();
    assert_eq!(String::from_utf8_lossy(&out), "一行頭髮\n");
}

#[test]
fn a_finished_stream_takes_another_text() {
    let mut stream = Converter::new(Config::S2t).stream().invalid_utf8(InvalidUtf8::Pass);
    for _ in 0..2 {
        let mut out = Vec::new();
        stream.push("头".as_bytes(), &mut out).unwrap();
        stream.push(b"\xe5\x8f", &mut out).unwrap();
        stream.finish(&mut out).unwrap();
        assert_eq!(out, ["頭".as_bytes(), b"\xe5\x8f"].concat());
    }
}

#[test]
fn an_error_tells_the_offset_and_ends_the_stream() {
    let mut stream = Converter::new(Config::S2t).stream();
    let mut out = Vec::new();
    stream.push("头发\n".as_bytes(), &mut out).unwrap();
    stream.push(b"\xe5", &mut out).unwrap();
    let error = stream.push(b"ab", &mut out).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidUtf8);
    assert_eq!(error.to_string(), "not UTF-8: invalid byte 0xE5 at offset 7");
    assert_eq!(error.offset(), Some(7));
    assert_eq!(String::from_utf8_lossy(&out), "頭髮\n");
    assert_eq!(stream.push(b"ab", &mut out).unwrap_err().to_string(), error.to_string());
    assert_eq!(stream.finish(&mut out).unwrap_err().to_string(), error.to_string());
}

#[test]
fn pieces_of_text_and_of_bytes_are_one_text() {
    let text = "用鼠标、头发，皇后𠮷⿰发干了";
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let (mut stream, mut out) = (converter.stream(), Vec::new());
        for (place, character) in text.char_indices() {
            let piece = &text[place..place + character.len_utf8()];
            let pushed =
                if place % 2 == 0 { stream.push_str(piece, &mut out) } else { stream.push(piece.as_bytes(), &mut out) };
            pushed.unwrap();
        }
        stream.finish(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), converter.convert(text), "{config}");
    }
    // A character that bytes have begun does not go on in text.
    let (mut stream, mut out) = (Converter::new(Config::S2t).stream(), Vec::new());
    stream.push(b"a\xe5", &mut out).unwrap();
    assert_eq!(stream.push_str("头", &mut out).unwrap_err().offset(), Some(1));
    let mut stream = Converter::new(Config::S2t).stream().invalid_utf8(InvalidUtf8::Pass);
    let mut out = Vec::new();
    stream.push(b"\xe5", &mut out).unwrap();
    stream.push_str("头", &mut out).unwrap();
    stream.finish(&mut out).unwrap();
    assert_eq!(out, [b"\xe5", "頭".as_bytes()].concat());
}

/// A reader and a writer that give and take one byte, and now and then interrupt.
#[derive(Default)]
struct Slow {
    bytes: Vec<u8>,
    calls: usize,
}

impl Slow {
    fn interrupts(&mut self) -> io::Result<()> {
        self.calls += 1;
        if self.calls.is_multiple_of(3) { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    }
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupts()?;
        if self.bytes.is_empty() {
            return Ok(0);
        }
        buffer[0] = self.bytes.remove(0);
        Ok(1)
    }
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.interrupts()?;
        self.bytes.extend(bytes.first());
        Ok(bytes.len().min(1))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn adapters_stand_slow_and_interrupted_ends() {
    let converter = Converter::new(Config::S2twp);
    let text = "头发干了，鼠标和硬盘。\n";
    let expected = converter.convert(text);

    let mut out = String::new();
    let slow = Slow { bytes: text.as_bytes().to_vec(), calls: 0 };
    converter.reader(slow).read_to_string(&mut out).unwrap();
    assert_eq!(out, expected);

    let mut writer = converter.writer(Slow::default());
    writer.write_all(text.as_bytes()).unwrap();
    assert_eq!(writer.finish().unwrap().bytes, expected.as_bytes());
}

#[test]
fn a_dropped_writer_writes_the_rest() {
    let mut out = Vec::new();
    let mut writer = Converter::new(Config::S2t).writer(&mut out);
    writer.write_all("头".as_bytes()).unwrap();
    drop(writer);
    assert_eq!(out, "頭".as_bytes());
}

#[test]
fn adapters_tell_bad_bytes_as_invalid_data() {
    let converter = Converter::new(Config::S2t);
    let mut out = Vec::new();
    let mut reader = converter.reader(&b"ab\xffcd"[..]);
    let error = reader.read_to_end(&mut out).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("offset 2"), "{error}");
    // What is sound comes before the error, and nothing after it.
    assert_eq!(out, b"ab");
    assert!(reader.read_to_end(&mut out).is_err());
    assert_eq!(out, b"ab");

    let mut out = Vec::new();
    let mut writer = converter.writer(&mut out);
    assert_eq!(writer.write_all(b"ab\xffcd").unwrap_err().kind(), io::ErrorKind::InvalidData);
    assert_eq!(writer.finish().unwrap_err().kind(), io::ErrorKind::InvalidData);
    assert_eq!(out, b"ab");

    let mut out = Vec::new();
    converter.reader(&b"ab\xffcd"[..]).invalid_utf8(InvalidUtf8::Pass).read_to_end(&mut out).unwrap();
    assert_eq!(out, b"ab\xffcd");
}

/// A failing writer gets every byte once, however often the caller tries again.
#[test]
fn nothing_is_written_twice_after_an_error() {
    struct Full(Vec<u8>, usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.1 == 0 {
                self.1 = 6;
                return Err(io::ErrorKind::StorageFull.into());
            }
            let len = bytes.len().min(self.1);
            self.1 -= len;
            self.0.extend_from_slice(&bytes[..len]);
            Ok(len)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let text = "头发干了，".repeat(20);
    let converter = Converter::new(Config::S2t);
    let mut writer = converter.writer(Full(Vec::new(), 4));
    let mut rest = text.as_bytes();
    let mut errors = 0;
    while !rest.is_empty() {
        match writer.write(&rest[..rest.len().min(10)]) {
            Ok(len) => rest = &rest[len..],
            Err(_) => errors += 1,
        }
    }
    while writer.flush().is_err() {
        errors += 1;
    }
    assert!(errors > 10);
    let written = writer.finish().unwrap();
    assert_eq!(String::from_utf8(written.0).unwrap(), converter.convert(&text));
}

/// The shipped dictionaries' words, so that a test can say so where they are missing.
#[test]
fn the_words_are_there() {
    let lengths: BTreeMap<usize, usize> = words().iter().fold(BTreeMap::new(), |mut lengths, word| {
        *lengths.entry(word.chars().count()).or_default() += 1;
        lengths
    });
    assert!(lengths[&1] > 5000 && lengths[&2] > 30_000 && lengths[&4] > 5000, "{lengths:?}");
}

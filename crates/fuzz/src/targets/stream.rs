use std::io::{self, Read, Write};

use fanjian::InvalidUtf8;

use crate::Source;

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let converter = source.converter();
    let policy = source.policy();
    let torn = if source.one_in(2) { source.text(16).into_bytes() } else { source.torn(16) };
    let cuts = source.cuts(torn.len());
    let whole = converter.convert_bytes(&torn, policy);
    let mut at = 0;
    let pieces: Vec<_> = cuts
        .iter()
        .map(|&cut| {
            at += cut;
            &torn[at - cut..at]
        })
        .collect();

    let mut stream = converter.stream().invalid_utf8(policy);
    let mut out = Vec::new();
    let as_text = source.one_in(2);
    let mut push = |piece: &&[u8]| match str::from_utf8(piece) {
        Ok(text) if as_text => stream.push_str(text, &mut out),
        _ => stream.push(piece, &mut out),
    };
    let result = pieces.iter().try_for_each(&mut push).and_then(|()| stream.finish(&mut out));
    match (&whole, result) {
        (Ok(whole), Ok(())) => assert_eq!(out, **whole, "{:?}", String::from_utf8_lossy(&torn)),
        (Err(error), Err(streamed)) => {
            assert_eq!((policy, error.offset()), (InvalidUtf8::Strict, streamed.offset()));
            let valid = converter.convert_bytes(&torn[..error.offset().unwrap_or_default() as usize], policy);
            assert!(valid.expect("text").starts_with(&out), "what was put out before the error");
        }
        (whole, result) => panic!("{whole:?}, and by a stream {result:?}"),
    }

    let mut read = Vec::new();
    let result = converter.reader(Pieces { pieces: &pieces, at: 0 }).invalid_utf8(policy).read_to_end(&mut read);
    match &whole {
        Ok(whole) => assert_eq!((result.ok(), &read[..]), (Some(read.len()), &whole[..])),
        Err(_) => assert_eq!((result.expect_err("not UTF-8").kind(), &read), (io::ErrorKind::InvalidData, &out)),
    }

    let mut writer = converter.writer(Vec::new()).invalid_utf8(policy);
    let written = pieces.iter().try_for_each(|piece| writer.write_all(piece)).and_then(|()| writer.finish());
    match &whole {
        Ok(whole) => assert_eq!(&written.expect("a vector takes all")[..], &whole[..]),
        Err(_) => assert_eq!(written.expect_err("not UTF-8").kind(), io::ErrorKind::InvalidData),
    }
}

/// A reader that returns these pieces, but for empty ones, which would be its end.
struct Pieces<'p> {
    pieces: &'p [&'p [u8]],
    at: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some((first, rest)) = self.pieces.split_first() {
            let left = &first[self.at..];
            if left.is_empty() {
                (self.pieces, self.at) = (rest, 0);
                continue;
            }
            let len = left.len().min(buffer.len());
            buffer[..len].copy_from_slice(&left[..len]);
            self.at += len;
            return Ok(len);
        }
        Ok(0)
    }
}

//! Bytes that should be UTF-8: decoded piece by piece, with a policy for those that are not.

#[cfg(feature = "targets")]
use fanjian_context::ScriptHistory;
use fanjian_dictionary::named;
use fanjian_engine::Stages;
// simdutf8 is 3 kB of WebAssembly, whose pieces are text already.
#[cfg(not(fanjian_tables_alone))]
use simdutf8::compat::from_utf8;
#[cfg(fanjian_tables_alone)]
use std::str::from_utf8;

use crate::{
    Error,
    conversion::{Conversion, Convert, Resolved},
};

named! {
    /// What to do with bytes that are not UTF-8.
    #[derive(Default)]
    pub enum InvalidUtf8: "policy for invalid bytes" {
        /// Stop with an error that has the offset.
        #[default]
        Strict "strict" "stop with an error",
        /// Put U+FFFD in their place, as [`String::from_utf8_lossy`] does, and convert the text with that.
        Replace "replace" "replace them with U+FFFD",
        /// Leave them as they are. The texts between them are converted, each on its own; but for what a text to a target has
        /// shown of its script so far.
        Pass "pass" "pass them through unchanged",
    }
}

/// Converts bytes that are not UTF-8 throughout.
pub(crate) fn convert(by: &Resolved, text: &[u8], invalid: InvalidUtf8) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(text.len());
    let mut decoder = Decoder::new(invalid);
    let mut chain = ByteChain::new(by);
    chain.push(&mut decoder, text, &mut out)?;
    chain.finish(&mut decoder, &mut out)?;
    Ok(out)
}

/// A conversion from bytes to bytes, in pieces.
#[derive(Clone, Debug)]
pub(crate) struct ByteChain {
    stages: Stages,
    conversion: Conversion,
}

impl ByteChain {
    pub(crate) fn new(by: &Resolved) -> ByteChain {
        ByteChain { stages: by.stages.clone(), conversion: by.plan.start() }
    }

    #[cfg(feature = "targets")]
    pub(crate) fn history(&self) -> ScriptHistory {
        self.conversion.history()
    }

    #[cfg(feature = "targets")]
    pub(crate) fn go_on(&mut self, history: ScriptHistory) {
        self.conversion.go_on(history);
    }

    pub(crate) fn push(&mut self, decoder: &mut Decoder, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        decoder.push(bytes, |piece| self.piece(piece, out))
    }

    pub(crate) fn push_str(&mut self, decoder: &mut Decoder, text: &str, out: &mut Vec<u8>) -> Result<(), Error> {
        decoder.push_str(text, |piece| self.piece(piece, out))
    }

    pub(crate) fn finish(&mut self, decoder: &mut Decoder, out: &mut Vec<u8>) -> Result<(), Error> {
        decoder.finish(|piece| self.piece(piece, out))?;
        self.feed("", true, out);
        Ok(())
    }

    fn piece(&mut self, piece: Piece<'_>, out: &mut Vec<u8>) {
        match piece {
            Piece::Text(text) => self.feed(text, false, out),
            Piece::Replaced => self.feed("\u{fffd}", false, out),
            Piece::Passed(bytes) => {
                self.feed("", true, out);
                #[cfg(feature = "targets")]
                self.conversion.go_on(self.conversion.history());
                out.extend_from_slice(bytes);
            }
        }
    }

    fn feed(&mut self, text: &str, last: bool, out: &mut Vec<u8>) {
        self.conversion.feed(&self.stages, text, last, out);
    }
}

/// Cuts bytes into text and what is not UTF-8, the same for every division into pieces.
#[derive(Clone, Debug)]
pub(crate) struct Decoder {
    invalid: InvalidUtf8,
    /// The beginning of a character whose end has not come yet: at most three bytes.
    begun: Vec<u8>,
    /// How many bytes came before those in `begun`.
    offset: u64,
}

enum Piece<'p> {
    Text(&'p str),
    Replaced,
    Passed(&'p [u8]),
}

impl Decoder {
    pub(crate) fn new(invalid: InvalidUtf8) -> Decoder {
        Decoder { invalid, begun: Vec::new(), offset: 0 }
    }

    pub(crate) fn set_policy(&mut self, invalid: InvalidUtf8) {
        self.invalid = invalid;
    }

    /// Begins another text, with `offset` bytes before it.
    pub(crate) fn start_at(&mut self, offset: u64) {
        self.begun.clear();
        self.offset = offset;
    }

    fn push(&mut self, bytes: &[u8], mut out: impl FnMut(Piece<'_>)) -> Result<(), Error> {
        let mut bytes = bytes;
        while !self.begun.is_empty() {
            // Byte by byte, as long as what has begun is still the beginning of a character.
            let Some((&byte, rest)) = bytes.split_first() else { return Ok(()) };
            self.begun.push(byte);
            bytes = rest;
            let begun = std::mem::take(&mut self.begun);
            self.decode(&begun, &mut out)?;
        }
        self.decode(bytes, &mut out)
    }

    fn push_str(&mut self, text: &str, mut out: impl FnMut(Piece<'_>)) -> Result<(), Error> {
        if !self.begun.is_empty() {
            return self.push(text.as_bytes(), out);
        }
        self.text(text, &mut out);
        Ok(())
    }

    fn finish(&mut self, mut out: impl FnMut(Piece<'_>)) -> Result<(), Error> {
        let begun = std::mem::take(&mut self.begun);
        if begun.is_empty() { Ok(()) } else { self.invalid(&begun, &mut out) }
    }

    /// Puts out the text of `bytes`, and keeps a character that has begun at their end.
    fn decode(&mut self, mut bytes: &[u8], out: &mut impl FnMut(Piece<'_>)) -> Result<(), Error> {
        loop {
            let error = match from_utf8(bytes) {
                Ok(text) => {
                    self.text(text, out);
                    return Ok(());
                }
                Err(error) => error,
            };
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            self.text(from_utf8(valid).unwrap_or_default(), out);
            match error.error_len() {
                None => {
                    self.begun = rest.to_vec();
                    return Ok(());
                }
                Some(len) => {
                    let (invalid, rest) = rest.split_at(len);
                    self.invalid(invalid, out)?;
                    bytes = rest;
                }
            }
        }
    }

    fn text(&mut self, text: &str, out: &mut impl FnMut(Piece<'_>)) {
        if !text.is_empty() {
            out(Piece::Text(text));
            self.offset += text.len() as u64;
        }
    }

    fn invalid(&mut self, bytes: &[u8], out: &mut impl FnMut(Piece<'_>)) -> Result<(), Error> {
        match self.invalid {
            InvalidUtf8::Strict => return Err(Error::invalid_utf8(bytes, self.offset)),
            InvalidUtf8::Replace => out(Piece::Replaced),
            InvalidUtf8::Pass => out(Piece::Passed(bytes)),
        }
        self.offset += bytes.len() as u64;
        Ok(())
    }
}

//! Conversion of a text that comes in pieces.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;

/// A conversion of a text that comes in pieces.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Stream {
    stream: fanjian::Stream,
}

impl Stream {
    pub(crate) fn new(converter: &fanjian::Converter) -> Stream {
        Stream { stream: converter.stream() }
    }
}

#[wasm_bindgen]
impl Stream {
    /// Takes another piece, and returns what can be decided.
    pub fn push(&mut self, piece: &str) -> Result<String, Failure> {
        let mut out = Vec::new();
        self.stream.push(piece.as_bytes(), &mut out)?;
        text(out)
    }

    /// Ends the text, and returns what is left. The stream is then ready for another text.
    pub fn finish(&mut self) -> Result<String, Failure> {
        let mut out = Vec::new();
        self.stream.finish(&mut out)?;
        text(out)
    }
}

/// What comes out of a stream of whole characters is whole characters.
fn text(out: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(out).map_err(|error| fanjian::Error::invalid_utf8(error.as_bytes(), 0).into())
}

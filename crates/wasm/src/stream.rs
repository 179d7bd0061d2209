//! Conversion of a text that comes in pieces.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{error::Failure, output};

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
    /// Takes another piece, and puts out what can be decided, to where [`output`] says. Returns its length.
    pub fn push(&mut self, piece: &str) -> Result<i32, Failure> {
        let mut out = Vec::new();
        self.stream.push_str(piece, &mut out)?;
        put(&out)
    }

    /// Ends the text, and puts out what is left. The stream is then ready for another text.
    pub fn finish(&mut self) -> Result<i32, Failure> {
        let mut out = Vec::new();
        self.stream.finish(&mut out)?;
        put(&out)
    }
}

/// What comes out of a stream of whole characters is whole characters.
fn put(out: &[u8]) -> Result<i32, Failure> {
    let text = str::from_utf8(out).map_err(|_| fanjian::Error::invalid_utf8(out, 0))?;
    Ok(output::put(text))
}

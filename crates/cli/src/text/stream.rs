//! Conversion of one text from an input to an output, piece by piece.

use std::path::Path;

use fanjian::Stream;
use fanjian_documents::Format;

use crate::{
    error::Failure,
    io::{documents, input::Input, output::Output},
    text::{invalid_bytes, transform::Transform},
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;
/// How much of the beginning is looked at where the conversion fails, in bytes.
const HEAD: usize = 8;

/// Converts the whole input, in bounded memory. `flushes` standard output after each piece, so that what can be decided
/// of a live pipe's text does not wait for more of it.
pub(crate) fn convert(mut stream: Stream, input: Input, output: &mut Output, flushes: bool) -> Result<(), Failure> {
    run(input, output, flushes, None, |piece, is_last, out| {
        let result = if is_last { stream.finish(out) } else { stream.push(piece, out) };
        result.map_err(|error| invalid_bytes(&error))
    })
}

/// As [`convert`], for text that is to be decoded, encoded, cleaned, or left as it is in parts.
pub(crate) fn transform(
    transform: &mut Transform,
    input: Input,
    output: &mut Output,
    flushes: bool,
) -> Result<(), Failure> {
    run(input, output, flushes, transform.format(), |piece, is_last, out| transform.push(piece, is_last, out))
}

fn run(
    mut input: Input,
    output: &mut Output,
    flushes: bool,
    format: Option<Format>,
    mut push: impl FnMut(&[u8], bool, &mut Vec<u8>) -> Result<(), String>,
) -> Result<(), Failure> {
    let mut piece = vec![0; PIECE];
    let mut converted = Vec::new();
    let mut head = Vec::new();
    loop {
        let read = input.read(&mut piece)?;
        head.extend_from_slice(&piece[..read.min(HEAD.saturating_sub(head.len()))]);
        let result = push(&piece[..read], read == 0, &mut converted);
        // The output before an error is complete: a reader of a pipe gets it before the error.
        output.write(&converted)?;
        converted.clear();
        result.map_err(|message| {
            let message = documents::no_plain_text(Path::new(input.name()), &head, format).unwrap_or(message);
            Failure::Failed(format!("{}: {message}", input.name()))
        })?;
        if read == 0 {
            return Ok(());
        }
        if flushes {
            output.flush()?;
        }
    }
}

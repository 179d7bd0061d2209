//! Text in, converted text out.

use fanjian::Stream;

use crate::{input::Input, output::Output, run::Failure, transform::Transform};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Converts the whole input, in bounded memory. `flushes` standard output after each piece, so that what can be decided
/// of a live pipe's text does not wait for more of it.
pub(crate) fn convert(mut stream: Stream, mut input: Input, output: &mut Output, flushes: bool) -> Result<(), Failure> {
    let mut piece = vec![0; PIECE];
    let mut converted = Vec::new();
    loop {
        let read = input.read(&mut piece)?;
        let result = match read {
            0 => stream.finish(&mut converted),
            _ => stream.push(&piece[..read], &mut converted),
        };
        // What stands before a bad byte is sound, and whoever reads along gets it before the error.
        output.write(&converted)?;
        converted.clear();
        result.map_err(|error| input.failure(&error))?;
        if read == 0 {
            return Ok(());
        }
        if flushes {
            output.flush()?;
        }
    }
}

/// As [`convert`], for text that is to be decoded, encoded, or left as it is in parts.
pub(crate) fn transform(
    transform: &mut Transform,
    mut input: Input,
    output: &mut Output,
    flushes: bool,
) -> Result<(), Failure> {
    let mut piece = vec![0; PIECE];
    let mut converted = Vec::new();
    loop {
        let read = input.read(&mut piece)?;
        let result = transform.push(&piece[..read], read == 0, &mut converted);
        output.write(&converted)?;
        converted.clear();
        result.map_err(|message| Failure::new(format!("{}: {message}", input.name())))?;
        if read == 0 {
            return Ok(());
        }
        if flushes {
            output.flush()?;
        }
    }
}

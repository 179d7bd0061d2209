//! Conversion of a whole input, chunk by chunk.

use std::io::{Read, Write};

use fanjian::{Error, ErrorKind};

use crate::{
    chunks::{Chunk, Chunks},
    report::{Counts, RejectedRecord, Report},
};

/// Converts the chunks by one thread. `counts` are those of no record. `broken` is called with each broken record, and returns
/// whether to go on.
pub(crate) fn copy<R: Read>(
    mut chunks: Chunks<R>,
    mut writer: impl Write,
    mut counts: Counts,
    mut broken: impl FnMut(RejectedRecord) -> bool,
    convert: impl Fn(&Chunk, &mut Vec<u8>) -> Report,
) -> Result<Counts, Error> {
    let mut used = Chunk::default();
    let mut out = Vec::new();
    while let Some(chunk) = chunks.read_next(used)? {
        out.clear();
        let report = convert(&chunk, &mut out);
        counts += &report.counts;
        let cannot_write = |error| Error::new(ErrorKind::Io, format!("cannot write the output: {error}"));
        writer.write_all(&out).map_err(cannot_write)?;
        let is_last = report.broken.iter().any(|broken| broken.is_last);
        if !report.broken.into_iter().all(&mut broken) || is_last {
            break;
        }
        used = chunk;
    }
    Ok(counts)
}

//! Pipeline of records: chunks of an input are read, converted by several threads, and written in order.

use std::{
    io::{self, Read},
    sync::{Mutex, Once, PoisonError},
};

use fanjian::Error;
use fanjian_records::{Chunk, Chunks, Counts, RejectedRecord, Report};

use crate::{
    error::Failure,
    io::{
        compression::{Compression, Compressor},
        progress::Meter,
    },
    messages::message,
    ordered::{self, Limits},
    print,
    records::work::{self, Lines},
};

/// How many records are read before a warning that none has any of the fields.
const LOOKED_AT: u64 = 10_000;

/// Warns once in a run of what the end of an input may show to be an error: a stream may never end.
static ABSENCE_IS_WARNED_OF: Once = Once::new();

/// How one input is read and its output written.
pub(crate) struct IoOptions<'p> {
    pub(crate) progress: &'p Meter<'p>,
    pub(crate) quiet: bool,
    pub(crate) from: Compression,
    pub(crate) to: Compression,
    pub(crate) level: Option<u32>,
    pub(crate) threads: usize,
    /// Whether the input may be long in coming, and each record leaves when it is complete.
    pub(crate) is_live: bool,
}

/// The outcome of one input.
pub(crate) struct Summary {
    pub(crate) counts: Counts,
    pub(crate) is_changed: bool,
}

/// Converts one input. Failures do not name it. `required` are the fields one of which a record has to have.
///
/// What is written does not depend on the number of threads.
pub(crate) fn run(
    (lines, required): (&Lines, &[String]),
    options: &IoOptions<'_>,
    reader: impl Read + Send,
    reject: &mut dyn FnMut(&RejectedRecord) -> Result<(), Failure>,
    write: &mut dyn FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<Summary, Failure> {
    let mut compressor = Compressor::new(options.to, options.level).map_err(cannot_compress)?;
    let chunks = lines.chunks(options.from.reader(reader).map_err(Failure::unreadable)?)?.live(options.is_live);
    let used = Mutex::new(Vec::new());
    let mut summary = Summary { counts: Counts::default(), is_changed: false };
    let mut is_looked_at = false;
    let limits = Limits { threads: options.threads, ahead: 2 * options.threads };
    let convert = |piece: Result<Piece, Error>| piece.map(|piece| piece.converted(lines));
    ordered::run(limits, Pieces { chunks, used: &used }, convert, |piece| {
        let Converted { mut piece, report, is_changed } = piece??;
        summary.counts += &report.counts;
        if !is_looked_at && summary.counts.read >= LOOKED_AT {
            is_looked_at = true;
            warn_of_absence(required, &summary.counts, options);
        }
        summary.is_changed |= is_changed;
        compressor.push(&mut piece.out).map_err(cannot_compress)?;
        write(&piece.out)?;
        used.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
        report.broken.iter().try_for_each(|record| {
            reject(record)?;
            if record.is_last { Err(unending(record)) } else { Ok(()) }
        })
    })?;
    work::check_fields(required, &summary.counts)?;
    write(&compressor.finish().map_err(cannot_compress)?)?;
    Ok(summary)
}

fn warn_of_absence(required: &[String], counts: &Counts, options: &IoOptions<'_>) {
    let Err(failure) = work::check_fields(required, counts) else { return };
    if !options.quiet {
        ABSENCE_IS_WARNED_OF.call_once(|| {
            let warning = message!("warning: after {count} records, {failure}", count = counts.read, failure);
            let warn = || print::note(format_args!("fanjian: {warning}"));
            options.progress.progress.suspend(warn);
        });
    }
}

fn cannot_compress(error: io::Error) -> Failure {
    Failure::Failed(message!("cannot compress it: {error}", error))
}

/// A broken record behind which no other one can be found.
fn unending(record: &RejectedRecord) -> Failure {
    let (line, reason) = (record.line, &record.reason);
    Failure::Failed(message!("line {line}: {reason}; a quotation mark may be missing", line, reason))
}

/// A chunk, and the memory for its conversion.
#[derive(Default)]
struct Piece {
    chunk: Chunk,
    out: Vec<u8>,
}

/// A piece that is converted.
struct Converted {
    piece: Piece,
    report: Report,
    is_changed: bool,
}

impl Piece {
    fn converted(mut self, lines: &Lines) -> Converted {
        self.out.clear();
        let report = lines.chunk(&self.chunk, &mut self.out);
        Converted { report, is_changed: self.out != self.chunk.bytes(), piece: self }
    }
}

/// The chunks of an input, up to its end or an error.
struct Pieces<'p, R> {
    chunks: Chunks<R>,
    /// Pieces that are done, for their memory.
    used: &'p Mutex<Vec<Piece>>,
}

impl<R: Read> Iterator for Pieces<'_, R> {
    type Item = Result<Piece, Error>;

    fn next(&mut self) -> Option<Result<Piece, Error>> {
        let Piece { chunk, out } = self.used.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let chunk = self.chunks.read_next(chunk).transpose()?;
        Some(chunk.map(|chunk| Piece { chunk, out }))
    }
}

/// A reader that reports its progress.
pub(crate) struct Counting<'p, R>(pub(crate) R, pub(crate) &'p Meter<'p>);

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(piece)?;
        self.1.bytes(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use fanjian_records::{Jsonl, RecordOptions};

    use super::*;
    use crate::io::progress::Progress;

    #[test]
    fn a_panic_in_a_record_is_the_failure_of_its_input() {
        let options = RecordOptions::default().convert_by(|text| {
            assert!(text != "bomb", "it went off");
            Ok(None)
        });
        let lines = Lines::Jsonl(Jsonl::new(options, ["t".parse().unwrap()]));
        let good = "{\"t\":\"good\"}\n".repeat(100_000);
        let progress = Progress::new(None, false);
        let progress = &Meter::new(&progress);
        for threads in [1, 3] {
            let options = IoOptions {
                progress,
                quiet: false,
                from: Compression::None,
                to: Compression::None,
                level: None,
                threads,
                is_live: false,
            };
            let convert = |input: &str| {
                run((&lines, &[]), &options, input.as_bytes(), &mut |_| Ok(()), &mut |_| Ok(()))
                    .map(|summary| summary.counts.kept)
                    .map_err(|failure| failure.to_string())
            };
            assert_eq!(convert(&good), Ok(100_000));
            assert_eq!(
                convert(&format!("{good}{{\"t\":\"bomb\"}}\n{good}")),
                Err("internal error: it went off".into())
            );
        }
    }
}

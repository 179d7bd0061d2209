//! Records of Parquet files.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use fanjian_records::{Parquet, RejectedRecord};

use crate::{
    error::Failure,
    io::{output::Output, progress::Progress},
    records::pipeline::Summary,
};

/// Converts a file to an output, or to nowhere. Failures do not name it.
pub(crate) fn convert(
    parquet: &Parquet,
    path: &Path,
    threads: usize,
    progress: &Progress,
    reject: &mut dyn FnMut(&RejectedRecord) -> Result<(), Failure>,
    output: Option<&mut Output>,
) -> Result<Summary, Failure> {
    let input = File::open(path).map_err(Failure::unreadable)?;
    let mut failure = None;
    let mut take = |record: RejectedRecord| match reject(&record) {
        Ok(()) => true,
        Err(why) => {
            failure = Some(why);
            false
        }
    };
    let progress = |bytes| progress.bytes(bytes);
    let result = match output {
        Some(output) => parquet.copy(input, Writer(output), threads, &mut take, progress),
        None => parquet.copy(input, io::sink(), threads, &mut take, progress),
    };
    let counts = match (result, failure) {
        (_, Some(failure)) => return Err(failure),
        (result, None) => result?,
    };
    let is_changed = counts.changed + counts.dropped + counts.broken > 0 || parquet.adds_columns();
    Ok(Summary { counts, is_changed })
}

/// An output as the library takes it.
struct Writer<'o>(&'o mut Output);

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map(|()| bytes.len()).map_err(|failure| io::Error::other(failure.to_string()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(|failure| io::Error::other(failure.to_string()))
    }
}

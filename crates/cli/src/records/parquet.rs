//! Records of Parquet files.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use fanjian_records::{Parquet, RejectedRecord};

use crate::{
    error::Failure,
    io::{output::Output, progress::Meter},
    records::pipeline::Summary,
};

/// Converts a file to an output, or to nowhere. Failures do not name it.
pub(crate) fn convert(
    parquet: &Parquet,
    path: &Path,
    threads: usize,
    progress: &Meter<'_>,
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
    let mut unwritten = None;
    let result = match output {
        Some(output) => {
            let writer = Writer { output, failure: &mut unwritten };
            parquet.copy(input, writer, threads, &mut take, progress)
        }
        None => parquet.copy(input, io::sink(), threads, &mut take, progress),
    };
    let counts = match (result, failure.or(unwritten)) {
        (_, Some(failure)) => return Err(failure),
        (result, None) => result?,
    };
    let is_changed = counts.changed + counts.dropped + counts.broken > 0 || parquet.adds_columns();
    Ok(Summary { counts, is_changed })
}

/// An output as the library takes it.
struct Writer<'o> {
    output: &'o mut Output,
    /// The first failure, as it was.
    failure: &'o mut Option<Failure>,
}

impl Writer<'_> {
    fn error(&mut self, failure: Failure) -> io::Error {
        let error = io::Error::other(failure.to_string());
        self.failure.get_or_insert(failure);
        error
    }
}

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes).map(|()| bytes.len()).map_err(|failure| self.error(failure))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush().map_err(|failure| self.error(failure))
    }
}

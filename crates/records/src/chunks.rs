//! Whole records of an input, in chunks that can be converted at the same time.

use std::{
    io::{self, Read},
    mem,
    sync::Arc,
};

use crate::table::{Header, Layout};
use fanjian::{Error, ErrorKind};

/// How much is read for a chunk, in bytes, where no record is longer.
pub(crate) const BLOCK: usize = 1024 * 1024;
/// How much is read at once from a live pipe, in bytes.
const PIECE: usize = 64 * 1024;
/// Of a record that is too long, so many bytes are kept to be told.
pub(crate) const REPORTED: usize = 1024;

/// Some whole records of an input, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    pub(crate) bytes: Vec<u8>,
    /// The line of the first one, from 1.
    pub(crate) line: u64,
    /// The input begins here, and with it a byte order mark, or a header. The line does not tell: rows may end in CR alone.
    pub(crate) is_first: bool,
    /// Of a table.
    pub(crate) header: Option<Arc<Header>>,
    /// It is one record that is longer than the limit, of so many bytes, and only its beginning is here.
    pub(crate) too_long: Option<u64>,
}

impl Chunk {
    /// Lines of an input, of which the first one is the line of this number, from 1.
    pub fn new(lines: impl Into<Vec<u8>>, line: u64) -> Chunk {
        Chunk { bytes: lines.into(), line, is_first: line == 1, header: None, too_long: None }
    }

    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads an input, and cuts it into chunks of whole records.
///
/// Memory is bounded by the limit of a record, and the size of a chunk, which is 1 MiB. Where the chunks are cut changes
/// nothing of what becomes of the records.
pub struct Chunks<R> {
    reader: R,
    cut: Cut,
    size: usize,
    limit: usize,
    /// What was read behind the last chunk.
    rest: Vec<u8>,
    line: u64,
    is_first: bool,
    ended: bool,
    is_live: bool,
    header: Option<Arc<Header>>,
}

/// What ends a record.
#[derive(Clone, Debug)]
pub(crate) enum Cut {
    Line,
    Row(Layout),
}

impl Cut {
    /// Where the last record that is complete ends.
    fn last(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Cut::Line => memchr::memrchr(b'\n', bytes).map(|at| at + 1),
            Cut::Row(layout) => layout.last_end(bytes),
        }
    }
}

impl<R: Read> Chunks<R> {
    pub(crate) fn new(reader: R, cut: Cut, limit: usize) -> Chunks<R> {
        Chunks {
            reader,
            cut,
            size: BLOCK,
            limit,
            rest: Vec::new(),
            line: 1,
            is_first: true,
            ended: false,
            is_live: false,
            header: None,
        }
    }

    /// The same with chunks of about so many bytes.
    #[must_use]
    pub fn size(mut self, bytes: usize) -> Chunks<R> {
        self.size = bytes.max(1);
        self
    }

    /// Gives a chunk as soon as there is a whole record, rather than when it is full: for live pipes.
    #[must_use]
    pub fn live(mut self, is_live: bool) -> Chunks<R> {
        self.is_live = is_live;
        self
    }

    /// The next chunk, or nothing at the end. It takes the memory of a chunk that was used before.
    pub fn next(&mut self, used: Chunk) -> io::Result<Option<Chunk>> {
        let mut bytes = used.bytes;
        bytes.clear();
        bytes.append(&mut self.rest);
        let mut wanted = self.size;
        let end = loop {
            if self.is_live
                && !bytes.is_empty()
                && let Some(end) = self.cut.last(&bytes)
            {
                break end;
            }
            self.fill(&mut bytes, wanted)?;
            if self.ended {
                break bytes.len();
            }
            if let Some(end) = self.cut.last(&bytes) {
                break end;
            }
            if bytes.len() > self.limit {
                return self.skip(bytes).map(Some);
            }
            if bytes.len() >= wanted {
                // Twice as much each time, so that what is looked at again is not more than what is read.
                wanted = bytes.len().saturating_mul(2).min(self.limit.saturating_add(1));
            }
        };
        if end == 0 {
            return Ok(None);
        }
        self.rest.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let is_first = mem::take(&mut self.is_first);
        Ok(Some(Chunk { bytes, line, is_first, header: self.header.clone(), too_long: None }))
    }

    fn fill(&mut self, bytes: &mut Vec<u8>, len: usize) -> io::Result<()> {
        // A terminal could be asked again after its end.
        if self.ended {
            return Ok(());
        }
        let missing = len.saturating_sub(bytes.len());
        bytes.reserve(missing);
        if self.is_live && missing > 0 {
            let before = bytes.len();
            bytes.resize(before + missing.min(PIECE), 0);
            let read = loop {
                match self.reader.read(&mut bytes[before..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read,
                }
            };
            bytes.truncate(before + *read.as_ref().unwrap_or(&0));
            self.ended = read? == 0;
            return Ok(());
        }
        self.reader.by_ref().take(missing as u64).read_to_end(bytes)?;
        self.ended = bytes.len() < len;
        Ok(())
    }

    /// Leaves out a record that is too long, of which this is the beginning. Only a line ends for certain where it seems to: a
    /// quotation mark that is not closed makes all that follows one row.
    fn skip(&mut self, mut bytes: Vec<u8>) -> io::Result<Chunk> {
        let mut len = bytes.len() as u64;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            self.fill(&mut piece, BLOCK)?;
            if let Some(end) = memchr::memchr(b'\n', &piece).filter(|_| matches!(self.cut, Cut::Line)) {
                len += end as u64;
                self.rest = piece.split_off(end + 1);
                break;
            }
            len += piece.len() as u64;
            if self.ended {
                break;
            }
        }
        bytes.truncate(REPORTED);
        let line = self.line;
        self.line += 1;
        let is_first = mem::take(&mut self.is_first);
        Ok(Chunk { bytes, line, is_first, header: self.header.clone(), too_long: Some(len) })
    }

    /// Reads the header of a table, which stays to be read as its first row.
    pub(crate) fn read_header(
        &mut self,
        header: impl FnOnce(&[u8]) -> Result<Header, Error>,
    ) -> io::Result<Result<(), Error>> {
        let is_live = mem::replace(&mut self.is_live, true);
        let first = self.next(Chunk::default())?;
        self.is_live = is_live;
        let Some(first) = first else { return Ok(header(b"").map(drop)) };
        if first.too_long.is_some() {
            let message = format!("the first row is longer than the limit of {} bytes", self.limit);
            return Ok(Err(Error::new(ErrorKind::TooLarge, message)));
        }
        let result = header(&first.bytes).map(|header| self.header = Some(Arc::new(header)));
        let behind = mem::replace(&mut self.rest, first.bytes);
        self.rest.extend_from_slice(&behind);
        (self.line, self.is_first) = (1, true);
        Ok(result)
    }
}

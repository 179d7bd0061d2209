//! Chunks of whole records of an input, which can be converted at the same time.

use std::{
    fmt,
    io::{self, Read},
    mem,
    panic::{RefUnwindSafe, UnwindSafe},
    sync::Arc,
};

use fanjian::{Error, ErrorKind};

use crate::{header::Header, report::REPORTED};

/// The size of a chunk, in bytes, unless a record is longer.
const SIZE: usize = 1024 * 1024;
/// The byte order mark that an input may begin with.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";
/// The size of one read from a live pipe, in bytes.
const PIECE: usize = 64 * 1024;

/// Consecutive whole records of an input.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    pub(crate) bytes: Vec<u8>,
    /// The line of the first record, counted from 1.
    pub(crate) line: u64,
    /// Whether it is the beginning of the input, with a byte order mark or a header. This does not follow from the line: rows
    /// may end in CR alone.
    pub(crate) is_first: bool,
    /// The header, if the records are rows of a table.
    pub(crate) header: Option<Arc<Header>>,
    /// The length of the record, if it is a single record longer than the limit, of which only the beginning is here.
    pub(crate) too_long: Option<u64>,
}

impl Chunk {
    /// A chunk of lines, the first of which has this number, counted from 1.
    pub fn new(lines: impl Into<Vec<u8>>, line: u64) -> Chunk {
        Chunk { bytes: lines.into(), line, is_first: line == 1, header: None, too_long: None }
    }

    /// The bytes of its records.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The rule by which an input is split into records.
pub(crate) trait Split: Send + Sync + UnwindSafe + RefUnwindSafe {
    /// The end of the last complete record in bytes that begin with a record or a blank line, and of the blank lines behind it.
    /// 0 if there is none.
    fn last_end(&self, bytes: &[u8]) -> usize;

    /// The length of the blank lines at the beginning of bytes, which are no part of the record behind them.
    fn blank(&self, bytes: &[u8]) -> usize;

    /// The first end of a record, wherever the bytes begin. None if there is none, or if it depends on the bytes before.
    fn next_end(&self, bytes: &[u8]) -> Option<usize>;
}

/// The error for a first record, which may be a header, of more bytes than the limit.
pub(crate) fn first_too_long(limit: usize) -> Error {
    Error::new(ErrorKind::TooLarge, format!("the first record is longer than the limit of {limit} bytes"))
}

/// A reader of an input as chunks of whole records.
///
/// Memory is bounded by the limit of a record and by the size of a chunk, which is 1 MiB by default. The results for the
/// records do not depend on the size of the chunks.
pub struct Chunks<R> {
    reader: R,
    split: Box<dyn Split>,
    size: usize,
    limit: usize,
    /// The bytes read behind the last chunk.
    rest: Vec<u8>,
    line: u64,
    is_first: bool,
    ended: bool,
    is_live: bool,
    header: Option<Arc<Header>>,
}

impl<R> fmt::Debug for Chunks<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Chunks { size, limit, line, is_live, .. } = self;
        f.debug_struct("Chunks")
            .field("size", size)
            .field("limit", limit)
            .field("line", line)
            .field("is_live", is_live)
            .finish_non_exhaustive()
    }
}

impl<R: Read> Chunks<R> {
    pub(crate) fn new(reader: R, split: impl Split + 'static, limit: usize) -> Chunks<R> {
        Chunks {
            reader,
            split: Box::new(split),
            size: SIZE,
            limit,
            rest: Vec::new(),
            line: 1,
            is_first: true,
            ended: false,
            is_live: false,
            header: None,
        }
    }

    /// Sets the approximate size of a chunk, in bytes.
    #[must_use]
    pub fn size(mut self, bytes: usize) -> Chunks<R> {
        self.size = bytes.max(1);
        self
    }

    /// Sets whether a chunk ends as soon as it has a whole record, rather than when it is full: for live pipes.
    #[must_use]
    pub fn live(mut self, is_live: bool) -> Chunks<R> {
        self.is_live = is_live;
        self
    }

    /// Reads the next chunk. Returns None at the end of the input. The memory of a chunk that is not needed any more is used
    /// again; without one, pass [`Chunk::default`].
    ///
    /// # Errors
    ///
    /// [`Io`](ErrorKind::Io) if the reader fails.
    pub fn read_next(&mut self, used: Chunk) -> Result<Option<Chunk>, Error> {
        let mut bytes = used.bytes;
        bytes.clear();
        bytes.append(&mut self.rest);
        let mut wanted = self.size;
        let end = loop {
            if self.is_live
                && let end @ 1.. = self.last_end(&bytes)
            {
                break end;
            }
            self.fill(&mut bytes, wanted)?;
            if self.ended {
                break bytes.len();
            }
            if let end @ 1.. = self.last_end(&bytes) {
                break end;
            }
            let before = self.before_first(&bytes);
            // Blank lines without end before the first record are not held in memory either.
            if bytes.len() - before > self.limit || before - self.mark(&bytes) > self.limit {
                return self.skip(bytes).map(Some);
            }
            if bytes.len() >= wanted {
                // Twice as much each time, so that the bytes searched again are not more than those read.
                wanted = bytes.len().saturating_mul(2).min(self.limit.saturating_add(1 + before));
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

    /// The length of a byte order mark at the beginning of the input, which is no part of the first record.
    fn mark(&self, bytes: &[u8]) -> usize {
        if self.is_first && bytes.starts_with(MARK) { MARK.len() } else { 0 }
    }

    /// The length of a byte order mark and blank lines before the first record. They are in one chunk with it, which may be a
    /// header.
    fn before_first(&self, bytes: &[u8]) -> usize {
        let mark = self.mark(bytes);
        if self.is_first { mark + self.split.blank(&bytes[mark..]) } else { 0 }
    }

    /// The end of the last complete record, and of the blank lines behind it.
    fn last_end(&self, bytes: &[u8]) -> usize {
        let before = self.before_first(bytes);
        match self.split.last_end(&bytes[before..]) {
            0 => 0,
            end => before + end,
        }
    }

    fn fill(&mut self, bytes: &mut Vec<u8>, len: usize) -> Result<(), Error> {
        let read = self.fill_or_fail(bytes, len);
        read.map_err(|error| Error::new(ErrorKind::Io, format!("cannot read the input: {error}")))
    }

    fn fill_or_fail(&mut self, bytes: &mut Vec<u8>, len: usize) -> io::Result<()> {
        // A terminal could be read again after its end.
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

    /// Skips a record that is too long, of which these are the first bytes.
    fn skip(&mut self, mut bytes: Vec<u8>) -> Result<Chunk, Error> {
        let mark = self.mark(&bytes);
        let mut len = (bytes.len() - mark) as u64;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            self.fill(&mut piece, SIZE)?;
            if let Some(end) = self.split.next_end(&piece) {
                // Without the line feed.
                len += end as u64 - 1;
                self.rest = piece.split_off(end);
                break;
            }
            len += piece.len() as u64;
            if self.ended {
                break;
            }
        }
        bytes.truncate(mark + REPORTED);
        let line = self.line;
        self.line += 1;
        let is_first = mem::take(&mut self.is_first);
        Ok(Chunk { bytes, line, is_first, header: self.header.clone(), too_long: Some(len) })
    }

    /// Reads the first records, and leaves them to be read again. Returns None for an empty input.
    pub(crate) fn peek(&mut self) -> Result<Option<&[u8]>, Error> {
        let is_live = mem::replace(&mut self.is_live, true);
        let first = self.read_next(Chunk::default());
        self.is_live = is_live;
        let Some(first) = first? else { return Ok(None) };
        if first.too_long.is_some() {
            return Err(first_too_long(self.limit));
        }
        let behind = mem::replace(&mut self.rest, first.bytes);
        let end = self.rest.len();
        self.rest.extend_from_slice(&behind);
        (self.line, self.is_first) = (1, true);
        Ok(Some(&self.rest[..end]))
    }

    /// The same with a header, which each chunk has.
    pub(crate) fn header(mut self, header: Header) -> Chunks<R> {
        self.header = Some(Arc::new(header));
        self
    }
}

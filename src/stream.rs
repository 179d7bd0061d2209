use std::{
    fmt,
    io::{self, Read, Write},
};

#[cfg(feature = "targets")]
use fanjian_context::ScriptHistory;

use crate::{
    Error,
    bytes::{ByteChain, Decoder, InvalidUtf8},
    conversion::Resolved,
};

/// Converts a text that comes in pieces of bytes, cut anywhere: within a phrase, within a character, or empty.
///
/// What comes out, all pieces taken together, is what the conversion of the whole text gives, for every way to cut it.
/// Each call puts out all that can be decided already. Between two calls a stream keeps at most the bytes that the
/// longest key of each dictionary could need, or an ideographic description sequence could, of any text. To a target, it keeps
/// what comes behind the last end of a sentence or a line: at most some 200 characters. With
/// [`punctuation`](crate::ConverterBuilder::punctuation), it also keeps the rest of a line from a quotation mark on, at most 4 KiB.
///
/// ```
/// use fanjian::{Config, Converter};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let mut stream = Converter::new(Config::S2t).stream();
/// let mut out = Vec::new();
/// stream.push("我的头".as_bytes(), &mut out)?;
/// assert_eq!(out, "我的".as_bytes()); // 头 could begin 头发
/// stream.push("发长了".as_bytes(), &mut out)?;
/// stream.finish(&mut out)?;
/// assert_eq!(out, "我的頭髮長了".as_bytes());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    chain: ByteChain,
    decoder: Decoder,
    /// The error that ended the stream.
    failed: Option<Error>,
}

impl Stream {
    pub(crate) fn new(by: Resolved) -> Stream {
        let decoder = Decoder::new(InvalidUtf8::default());
        Stream { chain: ByteChain::new(&by), decoder, failed: None }
    }

    /// The same stream with a policy for bytes that are not UTF-8, from here on. At first it is
    /// [`InvalidUtf8::Strict`].
    #[must_use]
    pub fn invalid_utf8(mut self, invalid: InvalidUtf8) -> Stream {
        self.decoder.set_policy(invalid);
        self
    }

    /// The same stream, before the first piece, for a text that is the rest of another one: offsets in errors count from
    /// the beginning of that one, `offset` bytes earlier, until the text is finished.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    ///
    /// let mut stream = Converter::new(Config::S2t).stream().starting_at(1_000_000);
    /// let error = stream.push(b"a\xff", &mut Vec::new()).unwrap_err();
    /// assert_eq!(error.offset(), Some(1_000_001));
    /// ```
    #[must_use]
    pub fn starting_at(mut self, offset: u64) -> Stream {
        self.decoder.start_at(offset);
        self
    }

    /// The same stream, before the first piece, for a text that is the rest of another one, which has shown this of its
    /// script: see [`Converter::history`](crate::Converter::history); or for one with this
    /// [`prior`](crate::Converter::prior).
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn with_history(mut self, history: ScriptHistory) -> Stream {
        self.chain.go_on(history);
        self
    }

    /// What the text has shown of its script, as far as it is converted: all of it after [`finish`](Self::finish), until the
    /// next one begins.
    #[cfg(feature = "targets")]
    #[must_use]
    pub fn history(&self) -> ScriptHistory {
        self.chain.history()
    }

    /// Converts another piece of the text, and appends to `out` what can be decided.
    ///
    /// # Errors
    ///
    /// [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8) with the offset in the text, in bytes. The text before it has been
    /// converted as far as it could be decided; the stream takes nothing more.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.check()?;
        let result = self.chain.push(&mut self.decoder, piece, out);
        self.keep(result)
    }

    /// The same for a piece that is text, which is not checked again.
    ///
    /// ```
    /// use fanjian::{Config, Converter};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let mut stream = Converter::new(Config::S2t).stream();
    /// let mut out = Vec::new();
    /// stream.push_str("我的头", &mut out)?;
    /// stream.push_str("发", &mut out)?;
    /// stream.finish(&mut out)?;
    /// assert_eq!(out, "我的頭髮".as_bytes());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8) where an earlier piece of bytes ended within a character.
    pub fn push_str(&mut self, piece: &str, out: &mut Vec<u8>) -> Result<(), Error> {
        self.check()?;
        let result = self.chain.push_str(&mut self.decoder, piece, out);
        self.keep(result)
    }

    /// Ends the text, and appends to `out` what was left to decide. The stream is then ready for another text.
    ///
    /// # Errors
    ///
    /// [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8) if the text ends within a character.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.check()?;
        let result = self.chain.finish(&mut self.decoder, out);
        self.keep(result)?;
        self.decoder.start_at(0);
        Ok(())
    }

    fn check(&self) -> Result<(), Error> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn keep(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        self.failed = result.as_ref().err().cloned();
        result
    }
}

/// How much an adapter reads or converts at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Reads what another reader gives, converted: made by [`Converter::reader`](crate::Converter::reader).
///
/// It reads pieces of 64 KiB; a buffer around the inner reader is not needed. Bytes that are not UTF-8 are an error of the
/// kind [`InvalidData`](io::ErrorKind::InvalidData), unless [`invalid_utf8`](Reader::invalid_utf8) says otherwise.
///
/// ```
/// use std::io::Read;
/// use fanjian::{Config, Converter};
///
/// # fn main() -> std::io::Result<()> {
/// let mut out = String::new();
/// Converter::new(Config::T2s).reader("頭髮".as_bytes()).read_to_string(&mut out)?;
/// assert_eq!(out, "头发");
/// # Ok(())
/// # }
/// ```
pub struct Reader<R> {
    stream: Stream,
    inner: R,
    piece: Box<[u8]>,
    converted: Vec<u8>,
    /// How much of `converted` has been read.
    given: usize,
    ended: bool,
    /// An error behind what is converted, returned when that has been read.
    error: Option<Error>,
}

impl<R: Read> Reader<R> {
    pub(crate) fn new(stream: Stream, inner: R) -> Reader<R> {
        let piece = vec![0; PIECE].into();
        Reader { stream, inner, piece, converted: Vec::new(), given: 0, ended: false, error: None }
    }

    /// The same reader, before the first byte is read, with a policy for bytes that are not UTF-8.
    #[must_use]
    pub fn invalid_utf8(mut self, invalid: InvalidUtf8) -> Reader<R> {
        self.stream = self.stream.invalid_utf8(invalid);
        self
    }

    /// The inner reader. Reading from it takes text from the conversion.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// The inner reader. What has been read from it and not yet given out is lost.
    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.converted.len() && !self.ended && !buffer.is_empty() {
            if let Some(error) = self.error.take() {
                return Err(error.into());
            }
            self.converted.clear();
            self.given = 0;
            let read = self.inner.read(&mut self.piece)?;
            let result = match read {
                0 => self.stream.finish(&mut self.converted),
                _ => self.stream.push(&self.piece[..read], &mut self.converted),
            };
            self.error = result.err();
            self.ended = read == 0 && self.error.is_none();
        }
        let left = &self.converted[self.given..];
        let len = left.len().min(buffer.len());
        buffer[..len].copy_from_slice(&left[..len]);
        self.given += len;
        Ok(len)
    }
}

/// Writes to another writer what is written to it, converted: made by [`Converter::writer`](crate::Converter::writer).
///
/// [`finish`](Writer::finish) ends the text and returns the inner writer. A writer that is dropped without it tries to
/// write the rest, and cannot report an error. `flush` flushes what can be decided; the end of the text so far may have to
/// wait for what follows. Bytes that are not UTF-8 are an error of the kind [`InvalidData`](io::ErrorKind::InvalidData),
/// unless [`invalid_utf8`](Writer::invalid_utf8) says otherwise.
///
/// ```
/// use std::io::Write;
/// use fanjian::{Config, Converter};
///
/// # fn main() -> std::io::Result<()> {
/// let mut writer = Converter::new(Config::T2s).writer(Vec::new());
/// writer.write_all("頭".as_bytes())?;
/// writer.write_all("髮".as_bytes())?;
/// assert_eq!(writer.finish()?, "头发".as_bytes());
/// # Ok(())
/// # }
/// ```
pub struct Writer<W: Write> {
    stream: Stream,
    /// Present until `finish`.
    inner: Option<W>,
    converted: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(stream: Stream, inner: W) -> Writer<W> {
        Writer { stream, inner: Some(inner), converted: Vec::new() }
    }

    /// The same writer, before the first byte is written, with a policy for bytes that are not UTF-8.
    #[must_use]
    pub fn invalid_utf8(mut self, invalid: InvalidUtf8) -> Writer<W> {
        self.stream = self.stream.clone().invalid_utf8(invalid);
        self
    }

    /// Ends the text, writes the rest of it, flushes the inner writer and returns it.
    ///
    /// # Errors
    ///
    /// Those of the inner writer, and [`InvalidData`](io::ErrorKind::InvalidData) where the text ends within a
    /// character.
    pub fn finish(mut self) -> io::Result<W> {
        self.end()?;
        match self.inner.take() {
            Some(inner) => Ok(inner),
            None => Err(io::Error::other("the writer is finished")),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        let finished = self.stream.finish(&mut self.converted);
        self.give()?;
        finished?;
        self.inner.as_mut().map_or(Ok(()), Write::flush)
    }

    /// Writes what is converted, and forgets of it what has been written, even where an error cuts that short.
    fn give(&mut self) -> io::Result<()> {
        let Some(inner) = self.inner.as_mut() else { return Ok(()) };
        let mut given = 0;
        let result = loop {
            if given == self.converted.len() {
                break Ok(());
            }
            match inner.write(&self.converted[given..]) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(len) => given += len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.converted.drain(..given);
        result
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What an earlier error left over goes first: only then are new bytes taken.
        self.give()?;
        let piece = &bytes[..bytes.len().min(PIECE)];
        self.stream.push(piece, &mut self.converted)?;
        // These bytes are taken now, and must not be asked for again: an error waits for the next call.
        if let Err(error) = self.give()
            && piece.is_empty()
        {
            return Err(error);
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.give()?;
        self.inner.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        if self.inner.is_some() && !std::thread::panicking() {
            let _ = self.end();
        }
    }
}

impl<R: fmt::Debug> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<W: Write + fmt::Debug> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("inner", &self.inner).finish_non_exhaustive()
    }
}

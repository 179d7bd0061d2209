use std::{
    error, fmt, io,
    panic::{RefUnwindSafe, UnwindSafe},
    path::{Path, PathBuf},
    sync::Arc,
};

/// What went wrong, and where: the only error type of `fanjian` and its crates.
///
/// Its message names the place (file, line, entry) and, if there is one, the way out.
///
/// ```
/// use fanjian_dictionary::{Dictionary, ErrorKind};
///
/// let error = Dictionary::from_text("mine.txt", "头发\t頭髮\n头发\t頭發\n").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::DuplicateKey);
/// assert_eq!(error.to_string(), "mine.txt:2: duplicate key '头发', first given on line 1");
/// ```
///
/// It converts to [`io::Error`] without losing anything: of the same kind if it came from the operating system, of
/// [`NotFound`](io::ErrorKind::NotFound) for [`ErrorKind::NotFound`], and of [`InvalidData`](io::ErrorKind::InvalidData) for
/// all else.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    place: Option<String>,
    path: Option<PathBuf>,
    line: Option<usize>,
    offset: Option<u64>,
    source: Option<Arc<io::Error>>,
}

// Nothing changes an error behind a shared reference: `io::Error` lacks this only for what it may be made from.
impl UnwindSafe for Error {}
impl RefUnwindSafe for Error {}

/// The kinds of [`Error`], for programs that decide by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be read or written.
    Io,
    /// A line of a text dictionary is not `key<TAB>value value …`.
    Syntax,
    /// A dictionary gives the same key twice.
    DuplicateKey,
    /// An entry has nothing before its tab.
    EmptyKey,
    /// A compiled dictionary or a document is truncated, altered or not one at all.
    Damaged,
    /// A compiled dictionary was made by another version of the format, or a file of data by another build of the program.
    Version,
    /// A dictionary is larger than the format can hold, or a file or a part of it than can be read.
    TooLarge,
    /// A configuration does not say what it must, or says it wrongly.
    Config,
    /// Choices of a converter exclude each other, or one lacks another one.
    Conflict,
    /// A configuration, a dictionary or a value was not found under the name given.
    NotFound,
    /// The input is not UTF-8.
    InvalidUtf8,
    /// A document is in a form that is not converted, such as an encrypted or a signed one.
    Unsupported,
}

/// Constructors, for the crates of `fanjian`.
#[doc(hidden)]
impl Error {
    /// An error of this kind, with a message that does not repeat the place.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        let message = message.into();
        Error(Box::new(Inner { kind, message, place: None, path: None, line: None, offset: None, source: None }))
    }

    /// An error of the operating system at `path`, as "cannot `what` `path`: reason".
    #[must_use]
    pub fn io(what: &str, path: &Path, source: io::Error) -> Error {
        let mut error = Error::new(ErrorKind::Io, format!("cannot {what} {}: {source}", path.display()));
        error.0.path = Some(path.to_owned());
        error.0.source = Some(Arc::new(source));
        error
    }

    /// The first place in these bytes that is not UTF-8. They begin `offset` bytes behind the beginning of the text.
    #[must_use]
    pub fn invalid_utf8(bytes: &[u8], offset: u64) -> Error {
        let (start, len) = match str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), 0),
            Err(error) => (error.valid_up_to(), error.error_len().unwrap_or(bytes.len() - error.valid_up_to())),
        };
        let offset = offset + start as u64;
        let hex: String = bytes[start..start + len].iter().map(|byte| format!("{byte:02X}")).collect();
        let what = if len == 1 { "byte" } else { "bytes" };
        let message = format!("not UTF-8: invalid {what} 0x{hex} at offset {offset}");
        Error::new(ErrorKind::InvalidUtf8, message).at_offset(offset)
    }

    /// The same error with the place that it belongs to: a dictionary's or a configuration's name.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Error {
        self.0.place = Some(place.into());
        self
    }

    /// The same error with the file that it belongs to.
    #[must_use]
    pub fn at_path(mut self, path: &Path) -> Error {
        self.0.path = Some(path.to_owned());
        self.at(path.display().to_string())
    }

    /// The same error with the line that it belongs to, counted from 1.
    #[must_use]
    pub fn on_line(mut self, line: usize) -> Error {
        self.0.line = Some(line);
        self
    }

    /// The same error with the offset that it belongs to, in bytes from the beginning of the text. The message has to name
    /// it, too.
    #[must_use]
    pub fn at_offset(mut self, offset: u64) -> Error {
        self.0.offset = Some(offset);
        self
    }
}

impl Error {
    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong, without the place and the line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The file, the dictionary or the configuration that the error belongs to, as the message names it. None if there is
    /// none, and for an error of the operating system, whose message names the file itself.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// The file that the error belongs to. None if it belongs to none.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian_dictionary::Dictionary;
    ///
    /// let error = Dictionary::from_path("no such folder/mine.txt").unwrap_err();
    /// assert_eq!(error.path(), Some(Path::new("no such folder/mine.txt")));
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Where in a text the error is, in bytes from its beginning, for bytes that are not UTF-8; and where in one of OpenCC's
    /// binary dictionaries.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// The line of the text dictionary or configuration, counted from 1. None if there is none.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.0.line
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.place, self.0.line) {
            (Some(place), Some(line)) => write!(f, "{place}:{line}: ")?,
            (Some(place), None) => write!(f, "{place}: ")?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match (&error.0.source, error.0.kind) {
            (Some(source), _) => source.kind(),
            (None, ErrorKind::NotFound) => io::ErrorKind::NotFound,
            (None, _) => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_sequence_is_named_with_all_of_its_bytes() {
        for (bytes, message) in [
            (&b"a\xff"[..], "not UTF-8: invalid byte 0xFF at offset 11"),
            (b"\xe9\xab", "not UTF-8: invalid bytes 0xE9AB at offset 10"),
            (b"ab\xe9\xabc", "not UTF-8: invalid bytes 0xE9AB at offset 12"),
        ] {
            assert_eq!(Error::invalid_utf8(bytes, 10).to_string(), message);
        }
    }

    #[test]
    fn an_io_error_keeps_kind_path_and_message() {
        let error = Error::io("read", Path::new("x"), io::ErrorKind::PermissionDenied.into());
        let io = io::Error::from(error.clone());
        assert_eq!(io.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(io.to_string(), error.to_string());
        let inner = io.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        assert_eq!(inner.and_then(Error::path), Some(Path::new("x")));
    }
}

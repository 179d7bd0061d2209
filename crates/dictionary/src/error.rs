use std::{error, fmt, io, path::Path};

/// What went wrong, and where: the only error type of `fanjian` and its dictionaries.
///
/// Its message names the place (file, line, entry) and, where there is one, the way out.
///
/// ```
/// use fanjian_dictionary::{Dictionary, ErrorKind};
///
/// let error = Dictionary::from_text("mine.txt", "头发\t頭髮\n头发\t頭發\n").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::DuplicateKey);
/// assert_eq!(error.to_string(), "mine.txt:2: duplicate key '头发', first given on line 1");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    place: Option<String>,
    line: Option<usize>,
    offset: Option<u64>,
    source: Option<io::Error>,
}

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
    /// A compiled dictionary is truncated, altered or not one at all.
    Damaged,
    /// A compiled dictionary was made by another version of the format.
    Version,
    /// A dictionary is larger than the format can hold.
    TooLarge,
    /// A configuration does not say what it must, or says it wrongly.
    Config,
    /// A configuration or a dictionary was not found under the name given.
    NotFound,
    /// The input is not UTF-8.
    InvalidUtf8,
}

impl Error {
    /// An error of this kind, with a message that does not repeat the place.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner { kind, message: message.into(), place: None, line: None, offset: None, source: None }))
    }

    /// An error of the operating system at `path`, said as "what `path`: why".
    pub fn io(what: &str, path: &Path, source: io::Error) -> Error {
        let mut error = Error::new(ErrorKind::Io, format!("cannot {what} {}: {source}", path.display()));
        error.0.source = Some(source);
        error
    }

    /// The same error with the place it belongs to: a file's or a dictionary's name.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Error {
        self.0.place = Some(place.into());
        self
    }

    /// The same error with the line it belongs to, counted from 1.
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

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong, without the place and the line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The file, the dictionary or the configuration that the error belongs to, where there is one.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Where in a text the error is, in bytes from its beginning, for bytes that are not UTF-8.
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// The line of the text dictionary or configuration, counted from 1, where there is one.
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
        self.0.source.as_ref().map(|source| source as _)
    }
}

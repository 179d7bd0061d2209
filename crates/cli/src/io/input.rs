//! Input: one text, from a file or standard input.

use std::{
    fs::{File, Metadata},
    io::{self, BufRead, Cursor, IsTerminal, Read},
    mem,
    path::{Path, PathBuf},
};

use crate::{
    error::Failure,
    io::{
        identity::{Stream, is_same_file},
        progress::Progress,
    },
    messages::message,
    print,
};

/// Standard input as a path.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Whether standard input is a terminal, or at its end before it has begun. Waits for the first bytes.
pub(crate) fn is_stdin_empty() -> bool {
    // What is read stays in the buffer of standard input, which is one for the process.
    io::stdin().is_terminal() || io::stdin().lock().fill_buf().is_ok_and(<[u8]>::is_empty)
}

/// Says on a terminal that it is being read: a command that waits looks like one that hangs.
pub(crate) fn announce_terminal() {
    if io::stdin().is_terminal() {
        let key = if cfg!(windows) { "Ctrl-Z" } else { "Ctrl-D" };
        let reading = message!("reading text from the terminal; {key} ends it; fanjian -h for help", key);
        print::note(format_args!("fanjian: {reading}"));
    }
}

/// An input as it was when it was opened.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// None for standard input.
    pub(crate) path: Option<PathBuf>,
    /// None for what is not a regular file.
    pub(crate) metadata: Option<Metadata>,
}

impl Opened {
    /// Opens a file; standard input for none, and for `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<(Opened, Box<dyn Read + Send>), Failure> {
        let Some(path) = path.filter(|path| !is_stdin(path)) else {
            let metadata = Stream::Input.file().map(|file| file.metadata);
            return Ok((Opened { path: None, metadata }, Box::new(io::stdin())));
        };
        let fail = |error: &io::Error| Failure::io("read", path.display(), error);
        let file = File::open(path).map_err(|error| fail(&error))?;
        // Of the file that is read, whatever has taken its place since.
        let metadata = Some(file.metadata().map_err(|error| fail(&error))?).filter(Metadata::is_file);
        Ok((Opened { path: Some(path.to_owned()), metadata }, Box::new(file)))
    }

    /// The input as it was, if this is also its path: then it may be replaced as it was, and no later version of it.
    pub(crate) fn replaced_by(&self, output: &Path) -> Option<&Metadata> {
        let is_same = match &self.path {
            Some(path) => is_same_file(path, output),
            None => Stream::Input.file().is_some_and(|file| file.is(output)),
        };
        self.metadata.as_ref().filter(|_| is_same)
    }
}

/// One text to read.
pub(crate) struct Input {
    name: String,
    opened: Opened,
    reader: Box<dyn Read + Send>,
    progress: Option<Progress>,
}

impl Input {
    /// Opens a file; standard input for none, and for `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<Input, Failure> {
        let (opened, reader) = Opened::open(path)?;
        let name = opened.path.as_ref().map_or_else(|| "standard input".to_owned(), |path| path.display().to_string());
        Ok(Input { name, opened, reader, progress: None })
    }

    /// What was opened.
    pub(crate) fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Shows how much has been read, if that takes long.
    pub(crate) fn show_progress(&mut self, bytes: Option<u64>) {
        self.progress = Some(Progress::new(bytes, true));
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Reads once; 0 bytes at the end.
    pub(crate) fn read(&mut self, piece: &mut [u8]) -> Result<usize, Failure> {
        loop {
            match self.reader.read(piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => {
                    self.count(*result.as_ref().unwrap_or(&0));
                    return result.map_err(|error| Failure::io("read", &self.name, &error));
                }
            }
        }
    }

    /// Reads until `block` has `len` bytes; fewer at the end of the input, or if an error comes before.
    pub(crate) fn fill(&mut self, block: &mut Vec<u8>, len: usize) -> io::Result<()> {
        let missing = len.saturating_sub(block.len()) as u64;
        let read = self.reader.by_ref().take(missing).read_to_end(block)?;
        self.count(read);
        if block.len() < len {
            // A terminal could be asked again after its end.
            self.reader = Box::new(io::empty());
        }
        Ok(())
    }

    fn count(&self, read: usize) {
        if let Some(progress) = &self.progress {
            progress.bytes(read as u64);
        }
    }

    /// Puts bytes that have been read back in front, and after them the error that followed.
    pub(crate) fn put_back(&mut self, read: Vec<u8>, result: io::Result<()>) {
        let rest = mem::replace(&mut self.reader, Box::new(io::empty()));
        let read = Cursor::new(read).chain(Failing(result.err()));
        self.reader = Box::new(read.chain(rest));
    }
}

/// Has nothing to read but an error, once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_back_is_read_again_and_then_the_error() {
        let reader = Box::new(b"abcd".chain(Failing(Some(io::Error::other("bad disk")))));
        let opened = Opened { path: None, metadata: None };
        let mut input = Input { name: "it".to_owned(), opened, reader, progress: None };
        let mut block = Vec::new();
        input.fill(&mut block, 2).unwrap();
        assert_eq!(block, b"ab");
        let result = input.fill(&mut block, 8);
        assert_eq!(block, b"abcd");
        input.put_back(block, result);
        let mut piece = [0; 8];
        assert_eq!(input.read(&mut piece).ok(), Some(4));
        assert_eq!(input.read(&mut piece).unwrap_err().to_string(), "cannot read it: bad disk");
        assert_eq!(input.read(&mut piece).ok(), Some(0));
    }
}

//! Output: one text, to a file or standard output. A file is the old one until the new one is complete.

use std::{
    fs::{self, File, FileTimes, Metadata, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{error::Failure, io::interrupt, print};

/// One text to write.
pub(crate) struct Output {
    name: String,
    target: Target,
}

enum Target {
    Stdout(io::Stdout),
    /// A device or a pipe, which is written to directly.
    Direct(BufWriter<File>),
    /// A temporary file in the folder of the file that it will replace.
    Replacing(BufWriter<Temporary>, PathBuf),
}

/// A temporary file that goes away with its value, and when the user interrupts.
struct Temporary {
    /// None once it is no longer temporary.
    file: Option<NamedTempFile>,
    /// The times that it shall have.
    times: Option<FileTimes>,
}

impl Temporary {
    fn create(builder: &tempfile::Builder<'_, '_>, folder: &Path) -> io::Result<Temporary> {
        let file = interrupt::create(|| builder.tempfile_in(folder), NamedTempFile::path).map_err(|error| {
            // The message would name the temporary file, which means nothing to anybody.
            io::Error::new(error.kind(), format!("no temporary file in {}: {}", folder.display(), error.kind()))
        })?;
        Ok(Temporary { file: Some(file), times: None })
    }

    /// Makes it the file at `path`, when its contents are safe on the disk.
    fn persist(mut self, path: &Path) -> io::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        file.as_file().sync_all()?;
        if let Some(times) = self.times {
            file.as_file().set_times(times)?;
        }
        let temporary = file.path().to_owned();
        interrupt::done(&temporary, || file.persist(path)).map(drop).map_err(|error| error.error)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            let path = file.path().to_owned();
            interrupt::done(&path, || drop(file));
        }
    }
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), NamedTempFile::flush)
    }
}

impl Output {
    /// Prepares to write a file; standard output for none, and for its names.
    ///
    /// The target of a symbolic link is replaced, not the link. Another name of the file (a hard link) keeps the old
    /// contents. Devices, pipes and open files of the process are written to as they are.
    pub(crate) fn open(path: Option<&Path>) -> Result<Output, Failure> {
        let Some(path) = path.filter(|path| !is_stdout(path)) else {
            return Ok(Output { name: "standard output".to_owned(), target: Target::Stdout(print::stdout()) });
        };
        Self::open_file(path)
    }

    /// Prepares to write a file, as [`open`](Output::open) does, also one that is named like standard output.
    pub(crate) fn open_file(path: &Path) -> Result<Output, Failure> {
        let name = path.display().to_string();
        let target = Self::target(path).map_err(|error| Failure::io("write", &name, &error))?;
        Ok(Output { name, target })
    }

    fn target(path: &Path) -> io::Result<Target> {
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) || is_open_file(path) {
            let file = OpenOptions::new().append(true).open(path)?;
            return Ok(Target::Direct(BufWriter::new(file)));
        }
        let path = follow(path)?;
        let present = match fs::metadata(&path) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".fanjian-");
        if present.is_some() {
            // A file that may not be written may not be replaced either, though its folder would allow it.
            OpenOptions::new().write(true).open(&path)?;
        }
        #[cfg(unix)]
        if present.is_none() {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: the temporary file's own default is to be read by its owner alone.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let temporary = Temporary::create(&builder, folder)?;
        if let (Some(present), Some(file)) = (present, &temporary.file) {
            keep_owner(file.as_file(), &present);
            file.as_file().set_permissions(present.permissions())?;
        }
        Ok(Target::Replacing(BufWriter::new(temporary), path))
    }

    /// Has a file that is replaced keep these times.
    pub(crate) fn keep_times(&mut self, metadata: &Metadata) {
        if let Target::Replacing(file, _) = &mut self.target {
            let times = metadata.accessed().map(|time| FileTimes::new().set_accessed(time));
            let times = times.unwrap_or_default();
            file.get_mut().times = metadata.modified().ok().map(|time| times.set_modified(time));
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let result = match &mut self.target {
            Target::Stdout(stdout) => stdout.write_all(bytes),
            Target::Direct(file) => file.write_all(bytes),
            Target::Replacing(file, _) => file.write_all(bytes),
        };
        result.map_err(|error| Failure::io("write", &self.name, &error))
    }

    /// Writes a line.
    pub(crate) fn write_line(&mut self, line: &str) -> Result<(), Failure> {
        self.write(line.as_bytes()).and_then(|()| self.write(b"\n"))
    }

    /// Sends what was written on its way.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        let result = match &mut self.target {
            Target::Stdout(stdout) => stdout.flush(),
            Target::Direct(file) => file.flush(),
            Target::Replacing(file, _) => file.flush(),
        };
        result.map_err(|error| Failure::io("write", &self.name, &error))
    }

    /// Completes the output: only now a file is replaced.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush()?;
        let Target::Replacing(file, path) = self.target else { return Ok(()) };
        let result = file.into_inner().map_err(|error| error.into_error()).and_then(|file| file.persist(&path));
        result.map_err(|error| Failure::io("write", &self.name, &error))
    }
}

/// Whether the path means standard output, which must be written to as it is: where a shell has put a file behind it,
/// that file has contents and a position.
fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Whether the path names an open file of a process, which cannot be replaced.
fn is_open_file(path: &Path) -> bool {
    cfg!(unix) && ["/dev/fd", "/dev/stderr", "/proc"].iter().any(|folder| path.starts_with(folder))
}

/// The path that symbolic links at the end of `path` lead to, whether there is a file yet or not.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// Gives the file the owner and the group of the one that it will replace, as far as the user may.
#[cfg(unix)]
fn keep_owner(file: &File, present: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if fchown(file, Some(present.uid()), Some(present.gid())).is_err() {
        // Not being allowed to is usual, and the user asked for the contents.
        let _ = fchown(file, None, Some(present.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

//! Output: one text, to a file or standard output. A file is the old one until the new one is complete.

use std::{
    fs::{self, File, FileTimes, Metadata, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::{NamedTempFile, TempPath};

use crate::{
    error::Failure,
    io::{
        interrupt::{self, Known},
        own_files,
        version::Version,
    },
    messages::message,
    print,
};

/// Whether a file has to be on the disk before it takes its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Durability {
    #[default]
    OnDisk,
    /// It is enough that the system has it: after a power cut, its contents may be lost.
    InSystem,
}

/// One text to write.
pub(crate) struct Output {
    name: Name,
    target: Target,
    durability: Durability,
}

/// The name of an output in messages.
#[derive(Clone, Debug)]
enum Name {
    Own(String),
    /// The message is about this file, and has its name already.
    OfMessage,
}

impl Name {
    /// A failed operation on it.
    fn io(&self, what: &str, error: &io::Error) -> Failure {
        match self {
            Name::Own(name) => Failure::io(what, name, error),
            Name::OfMessage => Failure::io(what, "it", error),
        }
    }
}

enum Target {
    Stdout(io::Stdout),
    /// A device or a pipe, which is written to directly.
    Direct(BufWriter<File>),
    Replacing(Box<Replacing>),
}

/// A file to be replaced by a temporary one in its folder.
struct Replacing {
    file: BufWriter<File>,
    temporary: Temporary,
    path: PathBuf,
    /// The times that it shall have.
    times: Option<FileTimes>,
    /// What may be replaced, if not whatever is there.
    old: Option<Version>,
}

/// The path of a temporary file that goes away with its value, and when the user interrupts.
struct Temporary {
    /// None once it is no longer temporary.
    path: Option<TempPath>,
}

impl Temporary {
    fn create(builder: &tempfile::Builder<'_, '_>, folder: &Path) -> io::Result<(File, Temporary)> {
        let file = interrupt::create(|| builder.tempfile_in(folder), NamedTempFile::path).map_err(|error| {
            // The message would name the temporary file, which means nothing to anybody.
            io::Error::new(
                error.kind(),
                match error.kind() {
                    io::ErrorKind::NotFound => {
                        message!("the folder {folder} does not exist", folder = folder.display())
                    }
                    kind => message!("no temporary file in {folder}: {kind}", folder = folder.display(), kind),
                },
            )
        })?;
        let (file, path) = file.into_parts();
        Ok((file, Temporary { path: Some(path) }))
    }

    /// Makes it the file at `path`.
    fn persist(&mut self, path: &Path, known: &mut Known) -> io::Result<()> {
        let Some(temporary) = self.path.take() else { return Ok(()) };
        let from = temporary.to_path_buf();
        let result = temporary.persist(path).map_err(|error| error.error);
        known.remove(&from);
        result
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            interrupt::undisturbed(|known| {
                known.remove(&*path);
                drop(path);
            });
        }
    }
}

/// A complete output that is not at its place yet. Without [`put`](Prepared::put), it goes away.
pub(crate) struct Prepared {
    name: Name,
    temporary: Temporary,
    path: PathBuf,
    old: Option<Version>,
    durability: Durability,
}

impl Output {
    /// Prepares to write a file; standard output for none, and for its names.
    ///
    /// The target of a symbolic link is replaced, not the link. Another name of the file (a hard link) keeps the old
    /// contents. Devices, pipes and open files of the process are written to as they are.
    pub(crate) fn open(path: Option<&Path>) -> Result<Output, Failure> {
        let Some(path) = path.filter(|path| !is_stdout(path)) else {
            let target = Target::Stdout(print::stdout());
            return Ok(Output {
                name: Name::Own("standard output".to_owned()),
                target,
                durability: Durability::OnDisk,
            });
        };
        Self::open_file(path)
    }

    /// Prepares to write a file, as [`open`](Output::open) does, also one that is named like standard output.
    pub(crate) fn open_file(path: &Path) -> Result<Output, Failure> {
        let name = Name::Own(path.display().to_string());
        let target = Self::target(path).map_err(|error| name.io("write", &error))?;
        Ok(Output { name, target, durability: Durability::OnDisk })
    }

    /// Prepares to write the file that a message is about, as [`open_file`](Output::open_file) does.
    pub(crate) fn open_in_place(path: &Path) -> Result<Output, Failure> {
        let name = Name::OfMessage;
        let target = Self::target(path).map_err(|error| name.io("write", &error))?;
        Ok(Output { name, target, durability: Durability::OnDisk })
    }

    /// Prepares to write a copy of the file that this is the metadata of. No symbolic link is followed, and nothing
    /// is replaced but a regular file.
    pub(crate) fn open_copy(path: &Path, of: &Metadata) -> Result<Output, Failure> {
        let name = path.display().to_string();
        if path.symlink_metadata().is_ok_and(|present| !present.is_file()) {
            return Err(Failure::Failed(message!(
                "{name} is not a regular file, and is not replaced by a backup: use another suffix",
                name
            )));
        }
        let target = Self::replacing(path.to_owned(), Some(of), tempfile::Builder::new());
        let name = Name::Own(name);
        let target = target.map_err(|error| name.io("write", &error))?;
        let mut output = Output { name, target, durability: Durability::OnDisk };
        output.keep_times(of);
        Ok(output)
    }

    /// The same output with this durability; that of a new one is [`Durability::OnDisk`].
    pub(crate) fn with_durability(self, durability: Durability) -> Output {
        Output { durability, ..self }
    }

    pub(crate) fn durability(&self) -> Durability {
        self.durability
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
        Self::replacing(path, present.as_ref(), builder)
    }

    /// A temporary file that will be at `path`, with owner and mode of another one.
    fn replacing(path: PathBuf, like: Option<&Metadata>, mut builder: tempfile::Builder<'_, '_>) -> io::Result<Target> {
        let folder = folder_of(&path);
        own_files::name_temporary(&mut builder);
        let (file, temporary) = Temporary::create(&builder, folder)?;
        if let Some(like) = like {
            keep_owner(&file, like);
            file.set_permissions(like.permissions())?;
        }
        let file = BufWriter::new(file);
        Ok(Target::Replacing(Box::new(Replacing { file, temporary, path, times: None, old: None })))
    }

    /// Has a file that is replaced keep these times.
    pub(crate) fn keep_times(&mut self, metadata: &Metadata) {
        if let Target::Replacing(file) = &mut self.target {
            let times = metadata.accessed().map(|time| FileTimes::new().set_accessed(time));
            let times = times.unwrap_or_default();
            file.times = metadata.modified().ok().map(|time| times.set_modified(time));
        }
    }

    /// Has the file that this is the metadata of be replaced, and no later version of it; its times are kept.
    pub(crate) fn replaces(&mut self, metadata: &Metadata) {
        self.keep_times(metadata);
        self.expects(metadata);
    }

    /// Has the file that this is the metadata of be replaced, and no later version of it.
    pub(crate) fn expects(&mut self, metadata: &Metadata) {
        if let Target::Replacing(file) = &mut self.target {
            file.old = Some(Version::of(metadata));
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let result = match &mut self.target {
            Target::Stdout(stdout) => stdout.write_all(bytes),
            Target::Direct(file) => file.write_all(bytes),
            Target::Replacing(file) => file.file.write_all(bytes),
        };
        result.map_err(|error| self.name.io("write", &error))
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
            Target::Replacing(file) => file.file.flush(),
        };
        result.map_err(|error| self.name.io("write", &error))
    }

    /// Completes the output: only now a file is replaced, when its contents are safe on the disk.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let syncs = self.durability == Durability::OnDisk;
        match self.complete(syncs)? {
            Some(prepared) => prepared.put(),
            None => Ok(()),
        }
    }

    /// Completes the output, but for [`sync`] and [`Prepared::put`]. None if it replaces no file, and is done.
    ///
    /// It keeps no descriptor, so that there can be many.
    pub(crate) fn prepare(self) -> Result<Option<Prepared>, Failure> {
        self.complete(false)
    }

    fn complete(mut self, syncs: bool) -> Result<Option<Prepared>, Failure> {
        self.flush()?;
        let Target::Replacing(replacing) = self.target else { return Ok(None) };
        let Replacing { file, temporary, path, times, old } = *replacing;
        let complete = || {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            if let Some(times) = times {
                file.set_times(times)?;
            }
            if syncs { file.sync_all() } else { Ok(()) }
        };
        complete().map_err(|error| self.name.io("write", &error))?;
        Ok(Some(Prepared { name: self.name, temporary, path, old, durability: self.durability }))
    }
}

impl Prepared {
    /// Has its contents on the disk.
    fn sync(&self) -> Result<(), Failure> {
        let sync = |path: &Path| OpenOptions::new().read(true).write(cfg!(windows)).open(path)?.sync_all();
        let result = self.temporary.path.as_ref().map_or(Ok(()), |path| sync(path));
        result.map_err(|error| self.name.io("write", &error))
    }

    /// An error if what it replaces has changed.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.old.map_or(Ok(()), |old| old.check(&self.path)).map_err(|failure| match &self.name {
            Name::Own(name) => failure.of(name),
            Name::OfMessage => failure,
        })
    }

    /// Puts it in its place, if what it replaces has not changed.
    pub(crate) fn put(mut self) -> Result<(), Failure> {
        interrupt::undisturbed(|known| self.put_now(known))
    }

    fn put_now(&mut self, known: &mut Known) -> Result<(), Failure> {
        self.check()?;
        self.temporary.persist(&self.path, known).map_err(|error| self.name.io("write", &error))
    }

    /// Puts both in their places, the backup first; if one cannot be put there, both places stay as they were.
    pub(crate) fn put_with(mut self, mut backup: Prepared) -> Result<(), Failure> {
        interrupt::undisturbed(|known| {
            self.check()?;
            let place = backup.path.clone();
            let fail = |error: &io::Error| Failure::io("write", place.display(), error);
            let previous = previous(&place).map_err(|error| fail(&error))?;
            let put = backup.put_now(known).and_then(|()| self.put_now(known));
            let Err(failure) = put else { return Ok(()) };
            match previous {
                Some(previous) => {
                    let second = previous.to_path_buf();
                    match previous.persist(&place) {
                        // If both were names of one file, both are there still.
                        Ok(()) => _ = fs::remove_file(second),
                        Err(error) => {
                            let kept = error.path.keep().map_err(|error| fail(&error.error))?;
                            let (place, kept) = (place.display(), kept.display());
                            return Err(Failure::Failed(message!(
                                "{failure}; what {place} was before is in {kept}",
                                failure,
                                place,
                                kept
                            )));
                        }
                    }
                    Err(failure)
                }
                // There was none, and the file is as it was.
                None => {
                    let _ = fs::remove_file(&place);
                    Err(failure)
                }
            }
        })
    }
}

/// A second name for the file that a backup is about to replace; a new one where the file system has no second names. None
/// if there is no file.
fn previous(path: &Path) -> io::Result<Option<TempPath>> {
    let mut builder = tempfile::Builder::new();
    own_files::name_temporary(&mut builder);
    let name = |to: &Path| match fs::hard_link(path, to) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists) => {
            fs::rename(path, to)
        }
        result => result,
    };
    match builder.make_in(folder_of(path), name) {
        Ok(file) => Ok(Some(file.into_temp_path())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Has the contents of all on the disk that have to be there, and returns what became of each.
///
/// A file system that is written out as a whole takes one wait for the disk, and not one for each file. What became of a
/// file is asked of the file itself all the same, which takes no time then: an error of the whole may have been reported to
/// somebody else.
pub(crate) fn sync(all: &[&Prepared]) -> Vec<Result<(), Failure>> {
    let durable = |prepared: &&Prepared| prepared.durability == Durability::OnDisk;
    let paths = all.iter().copied().filter(durable).filter_map(|prepared| prepared.temporary.path.as_deref());
    whole::sync(paths);
    all.iter().map(|prepared| if durable(prepared) { prepared.sync() } else { Ok(()) }).collect()
}

#[cfg(target_os = "linux")]
mod whole {
    use std::{
        collections::HashMap,
        fs::{self, File},
        io,
        os::unix::fs::MetadataExt,
        path::Path,
        sync::{Mutex, PoisonError},
    };

    use rustix::fs::{fstatfs, syncfs};

    /// Below this number, each file is written out on its own: other programs' files do not matter then.
    const MANY: usize = 8;
    /// File systems on which `syncfs` is known to do what `fsync` does, by their magic numbers: ext, XFS, Btrfs, F2FS,
    /// bcachefs, tmpfs, overlayfs.
    const KNOWN: [u64; 7] = [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0xCA45_1A4E, 0x0102_1994, 0x794C_7630];

    /// Several threads that write out one file system wait for each other's files, time and again.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    /// Writes out the file systems that many of the files are on.
    pub(super) fn sync<'p>(files: impl Iterator<Item = &'p Path>) {
        let mut devices: HashMap<u64, (usize, &Path)> = HashMap::new();
        for path in files {
            let device = fs::metadata(path).map_or(0, |metadata| metadata.dev());
            devices.entry(device).or_insert((0, path)).0 += 1;
        }
        let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        for (count, path) in devices.into_values() {
            if count >= MANY {
                // If it fails, each file is written out on its own.
                let _ = one(path);
            }
        }
    }

    /// Writes out the file system of a file, if it is a known one.
    fn one(path: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let is_known = KNOWN.contains(&(fstatfs(&file)?.f_type as u64));
        if is_known { Ok(syncfs(&file)?) } else { Ok(()) }
    }
}

#[cfg(not(target_os = "linux"))]
mod whole {
    use std::path::Path;

    pub(super) fn sync<'p>(_: impl Iterator<Item = &'p Path>) {}
}

/// Whether the path means standard output, which must be written to as it is: where a shell has put a file behind it,
/// that file has contents and a position.
pub(crate) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Whether the path names an open file of a process, which cannot be replaced.
pub(crate) fn is_open_file(path: &Path) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is gone cannot be had on the disk: so it is known whether that was tried.
    #[test]
    fn without_durability_nothing_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let prepared = |durability| {
            let output = Output::open_file(&folder.path().join("a")).unwrap().with_durability(durability);
            let prepared = output.prepare().unwrap().unwrap();
            fs::remove_file(prepared.temporary.path.as_deref().unwrap()).unwrap();
            prepared
        };
        let (durable, other) = (prepared(Durability::OnDisk), prepared(Durability::InSystem));
        let became: Vec<_> = sync(&[&durable, &other]).into_iter().map(|result| result.is_ok()).collect();
        assert_eq!(became, [false, true]);
    }
}

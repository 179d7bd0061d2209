//! Replacement of files: where each is written, and whether it changes at all.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    error::Failure,
    files::walk::{self, InputFile},
    io::{
        identity::is_same_file,
        output::{self, Durability, Output, Prepared},
        own_files::{is_finished, is_temporary},
    },
    messages::message,
    print::name,
    settings::task::Destination,
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;
/// The limit in bytes up to which converted text is kept in memory until the file is known to change.
const KEPT: usize = 4 * 1024 * 1024;

/// Destinations of files below an output folder: each for one file only, and none an input.
pub(crate) struct Destinations {
    /// The inputs by what they are without symbolic links, and whether each was given itself.
    inputs: HashMap<PathBuf, bool>,
    taken: HashMap<PathBuf, PathBuf>,
    /// Folders that are no links.
    plain: HashSet<PathBuf>,
}

impl Destinations {
    pub(crate) fn new<'i>(inputs: impl Iterator<Item = &'i InputFile>) -> Destinations {
        let inputs = inputs.filter(|file| file.left_out.is_none());
        let identity = |file: &InputFile| Some((fs::canonicalize(&file.path).ok()?, file.is_given));
        let inputs = inputs.filter_map(identity).collect();
        Destinations { inputs, taken: HashMap::new(), plain: HashSet::new() }
    }

    /// Returns the destination of a file, which is `below` the output folder, if it may be written there.
    pub(crate) fn take_below(&mut self, file: &InputFile, folder: &Path, below: &Path) -> Result<PathBuf, Failure> {
        let destination = self.take(file, folder.join(below))?;
        self.check_inside(folder, below)?;
        Ok(destination)
    }

    /// Returns the destination of a file, if it may be written there. What it is there already, [`Output`] knows how to write.
    pub(crate) fn take(&mut self, file: &InputFile, destination: PathBuf) -> Result<PathBuf, Failure> {
        let path = &file.path;
        if is_finished(&destination) || is_temporary(&destination) {
            return Err(Failure::Failed(message!(
                "{path} would be written to {destination}, a name of fanjian's own files: rename it; nothing was done",
                path = name(path),
                destination = name(&destination)
            )));
        }
        if let Some(other) = self.taken.insert(destination.clone(), path.clone()) {
            return Err(Failure::Failed(message!(
                "{other} and {path} would both be written to {destination}: name only one of them; nothing was done",
                other = name(&other),
                path = name(path),
                destination = name(&destination)
            )));
        }
        let input = fs::canonicalize(&destination).ok().and_then(|path| self.inputs.get(&path).copied());
        match input {
            // That much the arguments say themselves.
            Some(true) if file.is_given => Err(Failure::Usage(both(&destination))),
            Some(_) => Err(Failure::Failed(both(&destination))),
            None if is_same_file(&destination, path) => Err(Failure::Failed(both(&destination))),
            None => Ok(destination),
        }
    }

    /// An error if something below the output folder is a symbolic link, a device or a pipe.
    fn check_inside(&mut self, folder: &Path, below: &Path) -> Result<(), Failure> {
        let mut path = folder.to_owned();
        for part in below.components() {
            path.push(part);
            if self.plain.contains(&path) {
                continue;
            }
            let Ok(present) = path.symlink_metadata() else { return Ok(()) };
            if !present.is_dir() && !present.is_file() {
                let kind = if present.is_symlink() { message!("a symbolic link") } else { message!("no regular file") };
                return Err(Failure::Failed(message!(
                    "{path} is {kind}, and nothing is written through it: remove it, or use another folder; nothing was done",
                    path = name(&path),
                    kind
                )));
            }
            if present.is_dir() {
                self.plain.insert(path.clone());
            }
        }
        Ok(())
    }
}

fn both(path: &Path) -> String {
    message!("{path} is both input and output: use another folder, or --in-place; nothing was done", path = name(path))
}

/// An error if a path is the output folder, or is mirrored to itself, so that all that is in it would be input and output.
pub(crate) fn check_apart(paths: &[PathBuf], output: &Destination) -> Result<(), Failure> {
    let Destination::Folder { path: folder, rename, .. } = output else { return Ok(()) };
    if let Some(path) = paths.iter().find(|path| is_same_file(path, folder)) {
        return Err(Failure::Usage(both(path)));
    }
    let destinations = paths.iter().filter(|_| !rename).map(|path| (path, folder.join(walk::below(path))));
    let mut same = destinations.filter(|(path, to)| is_same_file(path, to));
    same.next().map_or(Ok(()), |(_, to)| Err(Failure::Usage(both(&to))))
}

/// Destination of the converted text of one file.
pub(crate) enum Sink<'o> {
    Nowhere,
    Stdout(&'o mut Output),
    File(Box<Replacement>),
    Present(Present),
}

/// A file that is there already, and is to be what is converted. People may have written it, so that it is not replaced.
pub(crate) struct Present {
    path: PathBuf,
    file: File,
}

impl Present {
    /// None if there is no file.
    pub(crate) fn open(path: &Path) -> Result<Option<Present>, Failure> {
        match File::open(path) {
            Ok(file) => Ok(Some(Present { path: path.to_owned(), file })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::io("read", name(path), &error)),
        }
    }

    /// An error if other bytes follow in the file.
    fn compare(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut there = Vec::with_capacity(bytes.len());
        self.read(bytes.len() as u64, &mut there)?;
        if there == bytes { Ok(()) } else { Err(self.differs()) }
    }

    /// An error if the file is longer.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let mut rest = Vec::new();
        self.read(1, &mut rest)?;
        if rest.is_empty() { Ok(()) } else { Err(self.differs()) }
    }

    fn read(&mut self, len: u64, bytes: &mut Vec<u8>) -> Result<(), Failure> {
        let read = (&mut self.file).take(len).read_to_end(bytes);
        read.map_err(|error| Failure::io("read", name(&self.path), &error)).map(drop)
    }

    fn differs(&self) -> Failure {
        Failure::Failed(message!(
            "{path} exists already with other contents: --force replaces it, and fanjian fill adds what a catalogue lacks",
            path = name(&self.path)
        ))
    }
}

/// A file to be written when it is known to change, or to be long.
pub(crate) struct Replacement {
    path: PathBuf,
    /// The file that it replaces.
    old: Option<Metadata>,
    /// Whether it is written even if nothing changes.
    always: bool,
    backup: Option<PathBuf>,
    durability: Durability,
    kept: Vec<u8>,
    output: Option<Output>,
}

impl Sink<'_> {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Sink::Nowhere => Ok(()),
            Sink::Stdout(output) => output.write(bytes),
            Sink::File(file) => {
                file.kept.extend_from_slice(bytes);
                if file.kept.len() > KEPT { file.flush() } else { Ok(()) }
            }
            Sink::Present(present) => present.compare(bytes),
        }
    }
}

impl Replacement {
    /// A file in the place of itself; its old contents are kept under its name and `backup`.
    pub(crate) fn in_place(
        path: &Path,
        old: Option<Metadata>,
        backup: Option<&str>,
        durability: Durability,
    ) -> Replacement {
        let backup = backup.map(|suffix| with_suffix(path, suffix));
        Replacement { old, always: false, backup, ..Replacement::mirrored(path, durability) }
    }

    /// A file elsewhere.
    pub(crate) fn mirrored(path: &Path, durability: Durability) -> Replacement {
        let path = path.to_owned();
        Replacement { path, old: None, always: true, backup: None, durability, kept: Vec::new(), output: None }
    }

    fn open(&self) -> Result<Output, Failure> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::io("create the folder", name(folder), &error))?;
        }
        let output = if self.always { Output::open_file(&self.path) } else { Output::open_in_place(&self.path) };
        let mut output = output?.with_durability(self.durability);
        if let Some(old) = &self.old {
            output.replaces(old);
        }
        Ok(output)
    }

    /// Writes out what is kept in memory.
    fn flush(&mut self) -> Result<(), Failure> {
        let mut output = match self.output.take() {
            Some(output) => output,
            None => self.open()?,
        };
        output.write(&self.kept)?;
        self.kept.clear();
        self.output = Some(output);
        Ok(())
    }

    /// Completes the file, if it changes or is to be written in any case.
    pub(crate) fn prepare(mut self, is_changed: bool) -> Result<Option<Pending>, Failure> {
        if !is_changed && !self.always {
            return Ok(None);
        }
        self.flush()?;
        let Some(output) = self.output else { return Ok(None) };
        Pending::new(output, self.backup.as_deref().map(|backup| (self.path.as_path(), backup)))
    }
}

/// A file that is complete, but not at its place yet.
pub(crate) struct Pending {
    file: Prepared,
    /// The copy of the file that it replaces.
    backup: Option<Prepared>,
}

impl Pending {
    /// Completes an output. Of the file that it replaces, if that is named with a backup, a copy will be there. None if the
    /// output replaces no file, and is done.
    pub(crate) fn new(output: Output, backup: Option<(&Path, &Path)>) -> Result<Option<Pending>, Failure> {
        let backup = match backup {
            Some((path, backup)) => copy(path, backup)?.with_durability(output.durability()).prepare()?,
            None => None,
        };
        Ok(output.prepare()?.map(|file| Pending { file, backup }))
    }

    /// Puts all in their places, when they are on the disk; what has changed meanwhile stays. Returns what became of
    /// each.
    pub(crate) fn put_all(all: Vec<Pending>) -> Vec<Result<(), Failure>> {
        let parts: Vec<_> = all.iter().flat_map(Pending::parts).collect();
        let mut synced = output::sync(&parts).into_iter();
        let put = |pending: Pending| {
            let count = pending.parts().count();
            synced.by_ref().take(count).fold(Ok(()), Result::and).and_then(|()| pending.put())
        };
        all.into_iter().map(put).collect()
    }

    fn parts(&self) -> impl Iterator<Item = &Prepared> {
        [Some(&self.file), self.backup.as_ref()].into_iter().flatten()
    }

    /// Has it on the disk.
    pub(crate) fn sync(&self) -> Result<(), Failure> {
        output::sync(&self.parts().collect::<Vec<_>>()).into_iter().collect()
    }

    /// An error if the file that it replaces has changed.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.file.check()
    }

    /// Puts it in its place, with the backup first; if that is not possible, both stay as they are.
    pub(crate) fn put(self) -> Result<(), Failure> {
        match self.backup {
            Some(backup) => self.file.put_with(backup),
            None => self.file.put(),
        }
    }
}

/// The path with a longer name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}

/// An error if the backup of a file would replace another one that is to be converted.
pub(crate) fn check_backups<'p>(files: impl Iterator<Item = &'p PathBuf>, suffix: Option<&str>) -> Result<(), Failure> {
    let Some(suffix) = suffix else { return Ok(()) };
    let files: HashSet<_> = files.collect();
    match files.iter().map(|path| with_suffix(path, suffix)).find(|backup| files.contains(backup)) {
        Some(backup) => Err(Failure::Usage(message!(
            "{path} is to be converted, and would be replaced by the backup of another file: choose another suffix; nothing \
             was done",
            path = name(&backup)
        ))),
        None => Ok(()),
    }
}

/// A copy of a file as it is, which is to be completed.
fn copy(path: &Path, copy: &Path) -> Result<Output, Failure> {
    let fail = |error: &io::Error| Failure::io("read", path.display(), error);
    let mut file = File::open(path).map_err(|error| fail(&error))?;
    let metadata = file.metadata().map_err(|error| fail(&error))?;
    let mut output = Output::open_copy(copy, &metadata)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece).map_err(|error| fail(&error))? {
            0 => return Ok(output),
            read => output.write(&piece[..read])?,
        }
    }
}

/// Detects whether the text written differs from the text read, both of which come in pieces.
#[derive(Default)]
pub(crate) struct ChangeDetector {
    /// What was read, but not written yet.
    read: Vec<u8>,
    at: usize,
    differs: bool,
}

impl ChangeDetector {
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        if !self.differs {
            self.read.drain(..self.at);
            self.at = 0;
            self.read.extend_from_slice(bytes);
        }
    }

    pub(crate) fn written(&mut self, bytes: &[u8]) {
        self.differs |= !self.read[self.at..].starts_with(bytes);
        self.at += bytes.len();
        if self.differs {
            (self.read, self.at) = (Vec::new(), 0);
        }
    }

    pub(crate) fn is_changed(&self) -> bool {
        self.differs || self.at < self.read.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_do_not_share_a_destination() {
        let mut destinations = Destinations::new([].into_iter());
        let mut take = |path: &str| {
            let file = InputFile { path: path.into(), is_given: true, below: PathBuf::from("x"), left_out: None };
            destinations.take_below(&file, Path::new("out"), &file.below)
        };
        assert!(take("a/x").is_ok());
        let error = take("b/x").unwrap_err();
        assert_eq!(
            error.to_string(),
            "a/x and b/x would both be written to out/x: name only one of them; nothing was done"
        );
    }

    #[test]
    fn a_change_is_seen_wherever_the_pieces_end() {
        let is_changed = |pieces: &[(&str, &str)]| {
            let mut detector = ChangeDetector::default();
            for (read, written) in pieces {
                detector.read(read.as_bytes());
                detector.written(written.as_bytes());
            }
            detector.is_changed()
        };
        assert!(!is_changed(&[("abc", "a"), ("d", "bc"), ("", "d")]));
        assert!(is_changed(&[("abc", "a"), ("d", "bx")]));
        assert!(is_changed(&[("abc", "abcd")]));
        assert!(is_changed(&[("abc", "ab")]));
        assert!(!is_changed(&[]));
    }

    #[test]
    fn a_file_is_replaced_only_if_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let replace = |is_changed| {
            let mut sink = Sink::File(Box::new(Replacement::in_place(&path, None, Some(".bak"), Durability::OnDisk)));
            sink.write(b"new").unwrap();
            let Sink::File(file) = sink else { panic!() };
            let all: Vec<_> = file.prepare(is_changed).unwrap().into_iter().collect();
            assert!(Pending::put_all(all).into_iter().all(|result| result.is_ok()));
            fs::read_to_string(&path).unwrap()
        };
        assert_eq!(replace(false), "old");
        assert!(!with_suffix(&path, ".bak").exists());
        assert_eq!(replace(true), "new");
        assert_eq!(fs::read_to_string(with_suffix(&path, ".bak")).unwrap(), "old");
    }

    /// The older backup used to be gone.
    #[test]
    fn a_backup_stays_if_the_file_cannot_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let names = || fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
        for older in [Some("older"), None] {
            fs::write(path("a"), "old").unwrap();
            if let Some(older) = older {
                fs::write(path("a.bak"), older).unwrap();
            }
            let mut output = Output::open_file(&path("a")).unwrap();
            output.write(b"new").unwrap();
            let pending = Pending::new(output, Some((&path("a"), &path("a.bak")))).unwrap().unwrap();
            // No file can be renamed to a folder with something in it.
            fs::remove_file(path("a")).unwrap();
            fs::create_dir_all(path("a/b")).unwrap();
            assert!(pending.put().unwrap_err().to_string().starts_with("cannot write "));
            assert_eq!(fs::read_to_string(path("a.bak")).ok().as_deref(), older);
            assert_eq!(names().len(), 1 + usize::from(older.is_some()), "{:?}", names());
            fs::remove_dir_all(path("a")).unwrap();
            let _ = fs::remove_file(path("a.bak"));
        }
    }

    /// With records, the backup used to be replaced before it was known whether the file would be.
    #[test]
    fn a_backup_is_put_with_the_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let read = |name: &str| fs::read_to_string(path(name)).unwrap();
        let pending = || {
            let mut output = Output::open_file(&path("a")).unwrap();
            output.replaces(&fs::metadata(path("a")).unwrap());
            output.write(b"new").unwrap();
            Pending::new(output, Some((&path("a"), &path("a.bak")))).unwrap().unwrap()
        };
        fs::write(path("a"), "old").unwrap();
        fs::write(path("a.bak"), "older").unwrap();
        let refused = pending();
        fs::write(path("a"), "edited").unwrap();
        assert!(refused.sync().and_then(|()| refused.put()).is_err());
        assert_eq!((read("a"), read("a.bak")), ("edited".to_owned(), "older".to_owned()));
        pending().put().unwrap();
        assert_eq!((read("a"), read("a.bak")), ("new".to_owned(), "edited".to_owned()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}

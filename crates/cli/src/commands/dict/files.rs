//! The files of a release: of a folder, a wheel or another zip archive, or a tar archive.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufReader, Read, Seek},
    path::Path,
};

use flate2::read::GzDecoder;
use zip::ZipArchive;

use crate::{error::Failure, messages::message, print::name};

/// The most that is read of a release, in bytes. Those of OpenCC have 5 MB.
const MOST: u64 = 256 << 20;
/// What the files end with that a release may need.
const EXTENSIONS: [&str; 4] = [".txt", ".ocd2", ".ocd", ".json"];

/// The files of a release by their paths. The text is read of those alone that may be dictionaries or configurations.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) found: BTreeMap<String, Vec<u8>>,
    /// All paths.
    pub(super) paths: Vec<String>,
    read: u64,
}

/// Reads a release.
pub(super) fn read(path: &Path) -> Result<Files, Failure> {
    let mut files = Files::default();
    if path.is_dir() {
        files.add_folder(path, path)?;
        return Ok(files);
    }
    let open = || File::open(path).map(BufReader::new).map_err(|error| Failure::io("read", name(path), &error));
    let mut head = Vec::new();
    open()?.take(4).read_to_end(&mut head).map_err(|error| Failure::io("read", name(path), &error))?;
    let of = |error: io::Error| Failure::io("read", name(path), &error);
    match &head[..] {
        b"PK\x03\x04" => files.add_zip(open()?, path)?,
        [0x1f, 0x8b, ..] => files.add_tar(GzDecoder::new(open()?)).map_err(of)?,
        _ if path.extension().is_some_and(|extension| extension == "tar") => files.add_tar(open()?).map_err(of)?,
        _ => {
            return Err(Failure::Usage(message!(
                "{path} is no release of OpenCC's data: expected a folder, a wheel (.whl), or an archive (.zip, .tar, .tar.gz, .tgz)",
                path = name(path)
            )));
        }
    }
    Ok(files)
}

impl Files {
    fn add_folder(&mut self, root: &Path, folder: &Path) -> Result<(), Failure> {
        let of = |error: io::Error| Failure::io("read", name(folder), &error);
        for entry in fs::read_dir(folder).map_err(of)? {
            let entry = entry.map_err(of)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(of)?);
            let below = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            if kind.is_dir() {
                self.paths.push(below);
                self.add_folder(root, &path)?;
            } else if path.is_file() {
                let file = || File::open(&path);
                self.add(below, file).map_err(|error| Failure::io("read", name(&path), &error))?;
            }
        }
        Ok(())
    }

    fn add_zip(&mut self, file: impl Read + Seek, path: &Path) -> Result<(), Failure> {
        let damaged = |error: zip::result::ZipError| {
            Failure::Failed(message!("{path}: not a sound archive: {error}", path = name(path), error))
        };
        let mut zip = ZipArchive::new(file).map_err(damaged)?;
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).map_err(damaged)?;
            let below = entry.name().map_err(damaged)?.into_owned();
            if entry.is_file() {
                self.add(below, || Ok(&mut entry)).map_err(|error| Failure::io("read", name(path), &error))?;
            }
        }
        Ok(())
    }

    fn add_tar(&mut self, file: impl Read) -> io::Result<()> {
        // What is compressed may have no end.
        let mut archive = tar::Archive::new(file.take(4 * MOST));
        for entry in archive.entries()? {
            let mut entry = entry?;
            let below = entry.path()?.to_string_lossy().into_owned();
            if entry.header().entry_type().is_file() {
                self.add(below, || Ok(&mut entry))?;
            }
        }
        Ok(())
    }

    /// Adds a file, if it may be a dictionary or a configuration.
    fn add<R: Read>(&mut self, path: String, open: impl FnOnce() -> io::Result<R>) -> io::Result<()> {
        if EXTENSIONS.iter().any(|extension| path.ends_with(extension)) {
            let mut bytes = Vec::new();
            open()?.take(MOST - self.read + 1).read_to_end(&mut bytes)?;
            self.read += bytes.len() as u64;
            if self.read > MOST {
                return Err(io::Error::other(format!("its files have more than {} MiB", MOST >> 20)));
            }
            self.found.insert(path.clone(), bytes);
        }
        self.paths.push(path);
        Ok(())
    }
}

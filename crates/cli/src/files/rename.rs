//! Conversion of the names of files and folders.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use fanjian::Converter;

use crate::{error::Failure, settings::resolver::SettingsResolver};

/// A path with the names in it converted, as far as they are UTF-8.
pub(crate) fn converted_path(converter: &Converter, path: &Path) -> PathBuf {
    path.iter()
        .map(|name| name.to_str().map_or(name.to_owned(), |name| converter.convert(name).as_ref().into()))
        .collect()
}

/// What to rename, in an order in which each is there still: files, and then folders, those in folders first.
pub(crate) fn renames<'p>(
    files: impl Iterator<Item = &'p PathBuf>,
    folders: &'p [PathBuf],
    settings: &mut SettingsResolver,
) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
    let mut renames: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut taken: HashMap<PathBuf, PathBuf> = HashMap::new();
    for path in files.chain(folders.iter().rev()) {
        let settings = settings.find(Some(path))?;
        let Some(name) = path.file_name() else { continue };
        let to = path.with_file_name(converted_path(&settings.text.converter, Path::new(name)));
        if to == *path {
            continue;
        }
        let other = taken.insert(to.clone(), path.clone());
        if other.is_some() || to.symlink_metadata().is_ok() {
            let why = other
                .map_or("exists already".to_owned(), |other| format!("is also the new name of {}", other.display()));
            return Err(Failure::Failed(format!(
                "{} would be renamed, but {} {why}: nothing was done",
                path.display(),
                to.display()
            )));
        }
        renames.push((path.clone(), to));
    }
    Ok(renames)
}

/// Renames, but never over what has come there since.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), String> {
    let fail = |error: io::Error| format!("cannot rename it to {}: {error}", to.display());
    if from.is_dir() || fs::hard_link(from, to).is_err() {
        if to.symlink_metadata().is_ok() {
            return Err(format!("cannot rename it to {}, which exists already", to.display()));
        }
        return fs::rename(from, to).map_err(fail);
    }
    fs::remove_file(from).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::resolver::Flags;

    #[test]
    fn files_come_before_their_folders_and_nothing_is_renamed_over_another_file() {
        let tree = tempfile::tempdir().unwrap();
        let path = |name: &str| tree.path().join(name);
        fs::create_dir_all(path("后/头")).unwrap();
        for name in ["后/头/发.txt", "后/一.txt"] {
            fs::write(path(name), name).unwrap();
        }
        let flags = Flags { isolated: true, ..Flags::default() };
        let mut settings = SettingsResolver::new(flags);
        let (files, folders) = ([path("后/头/发.txt"), path("后/一.txt")], [path("后"), path("后/头")]);
        let renames = renames(files.iter(), &folders, &mut settings).unwrap();
        let names = [("后/头/发.txt", "后/头/發.txt"), ("后/头", "后/頭"), ("后", "後")];
        assert_eq!(renames, names.map(|(from, to)| (path(from), path(to))));
        for (from, to) in &renames {
            rename(from, to).unwrap();
        }
        assert!(path("後/頭/發.txt").exists());
        fs::write(path("发"), "1").unwrap();
        fs::write(path("發"), "2").unwrap();
        let error = super::renames([path("发")].iter(), &[], &mut settings).unwrap_err().to_string();
        assert!(error.ends_with(" exists already: nothing was done"), "{error}");
        assert!(rename(&path("发"), &path("發")).is_err());
        assert_eq!(fs::read_to_string(path("發")).unwrap(), "2");
    }
}

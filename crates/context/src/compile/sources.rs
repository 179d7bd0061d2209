//! The text dictionaries that targets are made from, and the classes that a model knows.

use std::{collections::BTreeMap, fs, path::Path};

use fanjian_dictionary::{Entries, Error, ErrorKind, han::single};

/// The text dictionaries that targets are made from, by name: those of OpenCC, and under the names `targets/…` those of
/// this project.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    dictionaries: BTreeMap<String, Entries>,
}

impl Sources {
    /// None yet.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Reads the text dictionaries of a folder, and those of the folder `targets` in it.
    ///
    /// # Errors
    ///
    /// [`Io`](ErrorKind::Io), and those of [`Entries::parse`].
    pub fn from_folder(folder: &Path) -> Result<Sources, Error> {
        let mut sources = Sources::new();
        for (folder, prefix) in [(folder.to_owned(), ""), (folder.join("targets"), "targets/")] {
            let files = fs::read_dir(&folder).map_err(|source| Error::io("read", &folder, source))?;
            for file in files {
                let path = file.map_err(|source| Error::io("read", &folder, source))?.path();
                if path.extension().is_some_and(|extension| extension == "txt")
                    && let Some(name) = path.file_stem().and_then(|name| name.to_str())
                {
                    let text = fs::read_to_string(&path).map_err(|source| Error::io("read", &path, source))?;
                    sources.insert(format!("{prefix}{name}"), Entries::parse(&path.display().to_string(), &text)?);
                }
            }
        }
        Ok(sources)
    }

    /// Adds a dictionary, such as `STPhrases` or `targets/Names`.
    pub fn insert(&mut self, name: impl Into<String>, entries: Entries) {
        self.dictionaries.insert(name.into(), entries);
    }

    pub(super) fn get(&self, name: &str) -> Result<&Entries, Error> {
        self.dictionaries.get(name).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("no dictionary '{name}', which targets are made from"))
        })
    }

    /// The keys of a dictionary.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) where there is no such dictionary.
    pub fn keys(&self, name: &str) -> Result<Vec<&str>, Error> {
        Ok(self.get(name)?.iter().map(|(key, _)| key).collect())
    }

    /// The entries of single characters.
    pub(super) fn characters(&self, name: &str) -> Result<BTreeMap<char, Vec<char>>, Error> {
        let entries = self.get(name)?.iter().filter_map(|(key, values)| {
            let values: Vec<char> = values.iter().filter_map(|value| single(value)).collect();
            single(key).filter(|_| !values.is_empty()).map(|key| (key, values))
        });
        Ok(entries.collect())
    }

    /// The keys and first candidates of a dictionary.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) where there is no such dictionary.
    pub fn pairs(&self, name: &str) -> Result<impl Iterator<Item = (&str, &str)>, Error> {
        Ok(self.get(name)?.iter().map(|(key, values)| (key, values[0].as_str())))
    }
}

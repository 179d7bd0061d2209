//! Dictionaries of a release, by the name or the path of their file.

use std::{
    collections::HashMap,
    env,
    ffi::OsStr,
    path::{Component, Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use fanjian::Dictionaries;
use fanjian_dictionary::read_file;
use serde::{Deserialize, Serialize};

use crate::{error::Failure, messages::message, print::name, settings::regular::check_regular};

/// What the names of the files end with, which may be left out.
const EXTENSION: &str = ".fjd";

/// What names the dictionaries of a release: a path, or a name, which is also looked for in the folder of the user's data.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(from = "PathBuf", into = "PathBuf")]
pub(crate) struct ReleasePath {
    path: PathBuf,
    /// Whether no folder was named.
    is_name: bool,
}

impl From<PathBuf> for ReleasePath {
    fn from(path: PathBuf) -> ReleasePath {
        let mut components = path.components();
        let is_name = matches!((components.next(), components.next()), (Some(Component::Normal(_)), None));
        ReleasePath { path, is_name }
    }
}

/// What can be read back: a name is the file that was found, or stays a name, whatever folder it was looked for in.
impl From<ReleasePath> for PathBuf {
    fn from(release: ReleasePath) -> PathBuf {
        match (release.path.file_name(), release.file()) {
            (Some(name), found) if release.is_name => found.ok().flatten().unwrap_or_else(|| name.into()),
            _ => release.path,
        }
    }
}

impl ReleasePath {
    /// The path, or the name in the first folder that is searched for it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The same path or name in a folder.
    pub(crate) fn within(&mut self, folder: &Path) {
        self.path = folder.join(&self.path);
    }

    /// Whether these are the dictionaries of the program.
    pub(crate) fn is_built_in(&self) -> bool {
        self.path == Path::new("built-in")
    }

    /// Opens the dictionaries, each file once. None: those of the program.
    pub(crate) fn open(&self) -> Result<Option<Dictionaries>, Failure> {
        static OPEN: Mutex<Option<HashMap<PathBuf, Dictionaries>>> = Mutex::new(None);
        let Some(found) = self.file()? else { return Ok(None) };
        check_regular(&found).map_err(Failure::Usage)?;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.get_or_insert_default();
        if let Some(known) = open.get(&found) {
            return Ok(Some(known.clone()));
        }
        let bytes = read_file(&found)?;
        if !Dictionaries::recognizes(&bytes) {
            return Err(Failure::Usage(message!(
                "{path} has no dictionaries of a release: `fanjian dict import RELEASE -o FILE` makes a file of them",
                path = name(&found)
            )));
        }
        let dictionaries = Dictionaries::from_bytes(bytes).map_err(|error| Failure::from(error.at_path(&found)))?;
        open.insert(found, dictionaries.clone());
        Ok(Some(dictionaries))
    }

    /// The file with the dictionaries. None: those of the program.
    pub(crate) fn file(&self) -> Result<Option<PathBuf>, Failure> {
        if self.is_built_in() {
            return Ok(None);
        }
        self.find(data_folder().as_deref()).map(Some)
    }

    /// The file of a path, with or without its extension; or the one of that name in the folder of the user's data.
    fn find(&self, data: Option<&Path>) -> Result<PathBuf, Failure> {
        let file_name = self.path.file_name();
        let in_data = data.zip(file_name).filter(|_| self.is_name).map(|(data, name)| data.join(name));
        let places = [Some(self.path.clone()), in_data].into_iter().flatten();
        let places: Vec<PathBuf> = places.flat_map(|place| [place.clone(), with_extension(&place)]).collect();
        if let Some(found) = places.iter().find(|place| place.exists() && !place.is_dir()) {
            return Ok(found.clone());
        }
        let file_name = file_name.unwrap_or(OsStr::new("FILE"));
        let called = if self.is_name { name(file_name) } else { name(&self.path) };
        Err(Failure::Usage(message!(
            "no dictionaries '{name}': there is none of {places}\n\n  \
             tip: `fanjian dict import RELEASE -o {file}` makes them from a release of OpenCC; `built-in` names those of this program",
            name = called,
            places = places.iter().map(name).collect::<Vec<_>>().join(", "),
            file = name(with_extension(Path::new(file_name)))
        )))
    }
}

fn with_extension(path: &Path) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(EXTENSION);
    path.into()
}

/// The folder of the user's data for this program.
fn data_folder() -> Option<PathBuf> {
    let variable = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = |path: &str| env::home_dir().map(|home| home.join(path));
    let data = if cfg!(windows) {
        variable("APPDATA")
    } else if cfg!(target_os = "macos") {
        home("Library/Application Support")
    } else {
        variable("XDG_DATA_HOME").or_else(|| home(".local/share"))
    };
    Some(data?.join("fanjian"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_name_is_a_file_beside_or_in_the_data_of_the_user() {
        let [beside, data] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let mut release = ReleasePath::from(PathBuf::from("opencc-1"));
        release.within(beside.path());
        let find = || release.find(Some(data.path()));
        let error = find().unwrap_err().to_string();
        assert!(error.starts_with("no dictionaries 'opencc-1': there is none of "), "{error}");
        assert!(error.contains("dict import RELEASE -o opencc-1.fjd"), "{error}");
        for (place, extension) in [(&data, ".fjd"), (&beside, ".fjd"), (&beside, "")] {
            let file = place.path().join(format!("opencc-1{extension}"));
            fs::write(&file, "x").unwrap();
            assert_eq!(find().unwrap(), file);
        }
        assert!(ReleasePath::from(PathBuf::from("built-in")).open().unwrap().is_none());
        let error = release.open().unwrap_err().to_string();
        assert!(
            error.ends_with(
                "has no dictionaries of a release: `fanjian dict import RELEASE -o FILE` makes a file of them"
            )
        );
    }

    #[test]
    fn a_path_is_no_name() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("opencc-1"), "x").unwrap();
        for path in ["none/opencc-1", "./opencc-1", "/none/opencc-1"] {
            let error = ReleasePath::from(PathBuf::from(path)).find(Some(data.path())).unwrap_err().to_string();
            let expected = format!("no dictionaries '{path}': there is none of {path}, {path}.fjd\n");
            assert!(error.starts_with(&expected), "{error}");
        }
    }
}

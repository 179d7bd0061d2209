//! Dictionaries of a release, by the name or the path of their file.

use std::{
    collections::HashMap,
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use fanjian::Dictionaries;
use fanjian_dictionary::read_file;

use crate::{
    error::Failure,
    messages::message,
    print::name,
    settings::config_file::{check_regular, names_built_in},
};

/// What the names of the files end with, which may be left out.
const EXTENSION: &str = ".fjd";

/// Opens dictionaries, each file once. None: those of the program.
pub(crate) fn open(path: &Path) -> Result<Option<Dictionaries>, Failure> {
    static OPEN: Mutex<Option<HashMap<PathBuf, Dictionaries>>> = Mutex::new(None);
    if names_built_in(path) {
        return Ok(None);
    }
    let found = find(path, data_folder().as_deref())?;
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

/// The file of a path, with or without its extension; or the one of that name in the folder of the user's data.
fn find(path: &Path, data: Option<&Path>) -> Result<PathBuf, Failure> {
    let in_data = data.zip(path.file_name()).map(|(data, name)| data.join(name));
    let places = [Some(path.to_owned()), in_data].into_iter().flatten();
    let places: Vec<PathBuf> = places.flat_map(|place| [place.clone(), with_extension(&place)]).collect();
    if let Some(found) = places.iter().find(|place| place.exists() && !place.is_dir()) {
        return Ok(found.clone());
    }
    let looked = places.iter().map(name).collect::<Vec<_>>().join(", ");
    Err(Failure::Usage(message!(
        "no dictionaries '{name}': there is none of {places}\n\n  \
         tip: `fanjian dict import RELEASE -o {file}` makes them from a release of OpenCC; `built-in` names those of this program",
        name = name(path.file_name().unwrap_or(path.as_os_str())),
        places = looked,
        file = name(with_extension(Path::new(path.file_name().unwrap_or(OsStr::new("FILE")))))
    )))
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
        let path = beside.path().join("opencc-1");
        let find = || find(&path, Some(data.path()));
        let error = find().unwrap_err().to_string();
        assert!(error.starts_with("no dictionaries 'opencc-1': there is none of "), "{error}");
        assert!(error.contains("dict import RELEASE -o opencc-1.fjd"), "{error}");
        for (place, extension) in [(&data, ".fjd"), (&beside, ".fjd"), (&beside, "")] {
            let file = place.path().join(format!("opencc-1{extension}"));
            fs::write(&file, "x").unwrap();
            assert_eq!(find().unwrap(), file);
        }
        assert!(open(Path::new("built-in")).unwrap().is_none());
        let error = open(&path).unwrap_err().to_string();
        assert!(
            error.ends_with(
                "has no dictionaries of a release: `fanjian dict import RELEASE -o FILE` makes a file of them"
            )
        );
    }
}

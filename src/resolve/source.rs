//! Where a configuration is: built in, a file, a text, or what a name means.

use std::{
    path::{Path, PathBuf},
    string::FromUtf8Error,
};

use fanjian_dictionary::read_file;

use super::resolver::Resolver;
use crate::{Config, Error, ErrorKind};

/// Where a configuration is to be found.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Found(Found),
    /// What OpenCC's command takes: a path, or a name with or without `.json`.
    Name(String),
}

/// Where a configuration is.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Builtin(Config),
    /// A file, in whose folder its dictionaries are looked for first.
    File(PathBuf),
    /// The text of a file, which has no folder.
    Text(String),
}

impl Found {
    /// Reads the configuration and returns its place; completes the resolver's folders with those that belong to it.
    pub(super) fn read(&self, resolver: &mut Resolver) -> Result<(fanjian_dictionary::Config, String), Error> {
        let folders = &mut resolver.folders;
        let (text, place) = match self {
            Found::Builtin(config) => {
                folders.clear();
                let json = match &resolver.release {
                    Some(release) => release.json(*config)?,
                    None => config.json(),
                };
                (json.to_owned(), config.name().to_owned())
            }
            Found::Text(text) => (text.clone(), "configuration".to_owned()),
            Found::File(path) => {
                let place = path.display().to_string();
                let text = read_file(path)?;
                let not_utf8 = |error: FromUtf8Error| Error::invalid_utf8(error.as_bytes(), 0).at_path(path);
                let text = String::from_utf8(text).map_err(not_utf8)?;
                // As upstream: the file's own folder, the working folder, then those that were asked for.
                let own = path.parent().map(Path::to_owned).unwrap_or_default();
                folders.splice(0..0, [own, PathBuf::from(".")]);
                (text, place)
            }
        };
        let file = fanjian_dictionary::Config::parse(&text).map_err(|error| error.at(&place))?;
        Ok((file, place))
    }
}

impl Source {
    /// What a name means: a file of this path, one of this name in a folder, or a built-in configuration, the first
    /// there is.
    pub(crate) fn find(&self, folders: &[PathBuf]) -> Result<Found, Error> {
        let name = match self {
            Source::Found(found) => return Ok(found.clone()),
            Source::Name(name) => name,
        };
        let path = Path::new(name);
        if Config::is_path(name) && path.is_file() {
            return Ok(Found::File(path.to_owned()));
        }
        for folder in folders {
            for path in [folder.join(name), folder.join(format!("{name}.json"))] {
                if path.is_file() {
                    return Ok(Found::File(path));
                }
            }
        }
        if let Ok(config) = name.strip_suffix(".json").unwrap_or(name).parse() {
            return Ok(Found::Builtin(config));
        }
        if path.is_file() {
            return Ok(Found::File(path.to_owned()));
        }
        let known = Config::ALL.iter().map(|config| config.name()).collect::<Vec<_>>().join(", ");
        let here = if path.is_dir() { "that is a folder, not a file" } else { "no such file" };
        let mut places = vec![here.to_owned()];
        places.extend(folders.iter().map(|folder| format!("nor in {}", folder.display())));
        let message = format!("no configuration '{name}': {}; the built-in ones are {known}", places.join(", "));
        Err(Error::new(ErrorKind::NotFound, message))
    }
}

//! The dictionaries of a configuration, looked up by their names: replacements, files, and built-in ones.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use fanjian_dictionary::{Dictionary, Plan, Reference};

use super::resolver::Resolver;
use crate::{Error, ErrorKind};

/// The dictionaries of a configuration, looked up.
pub(super) fn plan(config: &fanjian_dictionary::Config, resolver: &Resolver) -> Result<Plan, Error> {
    let mut finder = Finder {
        resolver,
        loaded: HashMap::new(),
        replaced: vec![false; resolver.replacements.len()],
        names: Vec::new(),
    };
    let plan = config.plan(resolver.tofu_risk, &mut |reference| finder.find(reference))?;
    finder.check_replacements()?;
    Ok(plan)
}

/// A configuration whose dictionaries are being looked up.
struct Finder<'r> {
    resolver: &'r Resolver,
    loaded: HashMap<PathBuf, Dictionary>,
    replaced: Vec<bool>,
    /// The names of the dictionaries that the configuration uses, for messages.
    names: Vec<String>,
}

impl Finder<'_> {
    /// A replacement, a file, or a built-in dictionary: the first there is.
    fn find(&mut self, reference: Reference<'_>) -> Result<Dictionary, Error> {
        let name = reference.name();
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        if let Some(index) = self.resolver.replacements.iter().position(|(replaced, _)| replaced == name) {
            self.replaced[index] = true;
            return Ok(self.resolver.replacements[index].1.clone());
        }
        let named = Path::new(reference.file);
        if let Some(path) = self.file(reference) {
            return self.load(&path);
        }
        // A file in a folder is that file, and not what is built in under the same name.
        let builtin = if named.components().count() == 1 { self.resolver.builtin(name) } else { None };
        builtin.ok_or_else(|| self.not_found(reference))
    }

    /// The file that a configuration names, in any format; or where one in a binary format is missing, the text beside it.
    fn file(&self, reference: Reference<'_>) -> Option<PathBuf> {
        let named = Path::new(reference.file);
        let text = (reference.format != "text").then(|| named.with_extension("txt"));
        if named.is_absolute() {
            return Some(text.filter(|text| !named.exists() && text.exists()).unwrap_or_else(|| named.to_owned()));
        }
        let mut folders = self.resolver.folders.iter();
        folders.find_map(|folder| {
            let mut names = [Some(named), text.as_deref()].into_iter().flatten();
            names.find_map(|name| Some(folder.join(name)).filter(|path| path.is_file()))
        })
    }

    fn load(&mut self, path: &Path) -> Result<Dictionary, Error> {
        if let Some(dictionary) = self.loaded.get(path) {
            return Ok(dictionary.clone());
        }
        // To read a pipe would wait, and a configuration does not say that it names one.
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Error::new(
                ErrorKind::Config,
                format!("the dictionary {} is not a regular file", path.display()),
            ));
        }
        let dictionary = Dictionary::from_path(path)?;
        self.loaded.insert(path.to_owned(), dictionary.clone());
        Ok(dictionary)
    }

    fn not_found(&self, Reference { file, .. }: Reference<'_>) -> Error {
        // The folder of a configuration in the working folder is empty.
        let name = |folder: &PathBuf| {
            let is_empty = folder.as_os_str().is_empty();
            if is_empty { ".".to_owned() } else { folder.display().to_string() }
        };
        let mut folders: Vec<_> = self.resolver.folders.iter().map(name).collect();
        folders.dedup();
        let mut message = match &self.resolver.release {
            Some(release) => format!("no dictionary '{file}': it is not in '{}'", release.name()),
            None => format!("no dictionary '{file}': it is not built in"),
        };
        if !folders.is_empty() {
            message += &format!(", nor a file in {}", folders.join(", "));
        }
        Error::new(ErrorKind::NotFound, message)
    }

    fn check_replacements(&self) -> Result<(), Error> {
        let Some(unused) = self.replaced.iter().position(|&replaced| !replaced) else {
            return Ok(());
        };
        let name = &self.resolver.replacements[unused].0;
        let names = self.names.join(", ");
        let message = if self.names.contains(name) {
            format!("the dictionary '{name}' is replaced twice")
        } else {
            let switch = if self.resolver.tofu_risk { "" } else { " without the tofu-risk dictionaries" };
            format!("no dictionary '{name}' to replace: the configuration uses {names}{switch}")
        };
        Err(Error::new(ErrorKind::NotFound, message))
    }
}

//! Recipes: the texts that a model is learned from, and how.

use std::{
    fs::{self, File},
    io::{BufReader, Read},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::Result;

/// What a model is learned from, and how.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    /// What the order of the decisions is made from.
    pub(crate) seed: u64,
    /// How often each decision of the texts is looked at.
    pub(crate) rounds: u32,
    /// How often each labelled place is looked at, at last, among as many decisions of the texts as `mixed`.
    pub(crate) label_rounds: u32,
    pub(crate) mixed: usize,
    /// One of so many decisions of the project's sentences is among them, too; none if it is left out.
    #[serde(default)]
    pub(crate) chosen: Option<NonZeroUsize>,
    /// Features that were seen in fewer lines than this are left out.
    pub(crate) least: u32,
    /// The number of features before the labelled places are learned, and after.
    pub(crate) middle: usize,
    pub(crate) features: usize,
    /// How fast weights are learned, and what must speak for one before it is other than 0.
    pub(crate) rate: f32,
    pub(crate) penalty: f32,
    /// A table of characters to take for the same, in labelled places: level, representative, members.
    pub(crate) variants: Option<PathBuf>,
    #[serde(rename = "source")]
    pub(crate) sources: Vec<Source>,
}

/// A file, and how much it counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) file: PathBuf,
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) region: Region,
    /// How much each of its decisions counts.
    pub(crate) weight: f32,
    /// One line of this many is taken.
    #[serde(default = "one")]
    pub(crate) every: usize,
    /// Simplified characters that nothing is learned of from it, as its authors write them otherwise than most.
    #[serde(default)]
    pub(crate) except: String,
    /// It was written when errors at labelled places had been read: what is measured at these places goes without it.
    #[serde(default)]
    pub(crate) seen: bool,
    /// Whose text it is, and its licence: for the documentation.
    pub(crate) from: String,
    pub(crate) licence: String,
}

fn one() -> usize {
    1
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Lines of Traditional text.
    Text,
    /// The same, written for the readings of its characters: how often each occurs says nothing.
    Sentences,
    /// Traditional words, each with a count behind a tab or without.
    Words,
    /// Labelled places of Simplified text.
    Labels,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Region {
    #[default]
    TW,
    HK,
}

impl Recipe {
    pub(crate) fn read(path: &Path) -> Result<Recipe> {
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        Ok(toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
    }
}

/// Where the files of a recipe are.
#[derive(Debug)]
pub(crate) struct Folders {
    /// The folder of the recipe, then that of the texts.
    pub(crate) folders: Vec<PathBuf>,
}

impl Folders {
    /// The text of a file, or of the same one with `.xz` behind its name.
    pub(crate) fn read(&self, file: &Path) -> Result<String> {
        let packed = PathBuf::from(format!("{}.xz", file.display()));
        let paths = self.folders.iter().flat_map(|folder| [folder.join(file), folder.join(&packed)]);
        let Some(path) = paths.into_iter().find(|path| path.is_file()) else {
            return Err(format!("no {}, plain or .xz, beside the recipe or in --texts", file.display()).into());
        };
        let named = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", path.display());
        let mut opened = BufReader::new(File::open(&path).map_err(|error| named(&error))?);
        let mut bytes = Vec::new();
        if path.extension().is_some_and(|extension| extension == "xz") {
            lzma_rs::xz_decompress(&mut opened, &mut bytes).map_err(|error| named(&format!("{error:?}")))?;
        } else {
            opened.read_to_end(&mut bytes).map_err(|error| named(&error))?;
        }
        Ok(String::from_utf8(bytes).map_err(|error| named(&error))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_is_read() {
        let text = "seed = 1\nrounds = 4\nlabel_rounds = 3\nmixed = 10\nleast = 1\nmiddle = 9\nfeatures = 5\nrate = 0.5\n\
                    penalty = 1.0\n[[source]]\nfile = \"a.txt\"\nkind = \"words\"\nregion = \"HK\"\nweight = 0.5\n\
                    from = \"me\"\nlicence = \"CC0\"\n";
        let recipe: Recipe = toml::from_str(text).unwrap();
        let source = &recipe.sources[0];
        assert_eq!((source.kind, source.region, source.every), (Kind::Words, Region::HK, 1));
        assert!(toml::from_str::<Recipe>(&format!("{text}weigth = 1\n")).is_err());
    }
}

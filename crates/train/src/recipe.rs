//! Recipes: the texts that a model is learned from, and how.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufReader, Read},
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

/// A place in native Simplified text whose answer is known by reading.
///
/// A row of eight columns or seven: genre, occurrences, character, candidates (one for each group of accepted spellings),
/// right ones (`?` where the context does not show it), the text to the left, and to the right.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) genre: String,
    pub(crate) occurrences: u32,
    pub(crate) character: char,
    /// One spelling for each reading.
    candidates: String,
    right: String,
    pub(crate) left: String,
    pub(crate) behind: String,
}

impl Label {
    /// The labels of a file; without those whose answer is not known.
    pub(crate) fn all(text: &str) -> Result<Vec<Label>> {
        let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let label = |line: &str| -> Result<Option<Label>> {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (genre, occurrences, character) = (next(), next(), next());
            let [candidates, right, left, behind] = std::array::from_fn(|_| next().to_owned());
            let (Ok(occurrences), Some(character)) = (occurrences.parse(), character.chars().next()) else {
                return Err(format!("not a label: '{line}'").into());
            };
            let label = Label { genre: genre.to_owned(), occurrences, character, candidates, right, left, behind };
            Ok((!label.right.starts_with('?')).then_some(label))
        };
        rows.filter_map(|line| label(line).transpose()).collect()
    }

    /// All spellings that are accepted: those of `known` that are the same as a right one, and no other reading.
    pub(crate) fn accepted(&self, known: &[char], alike: &Alike) -> String {
        let is_accepted = |candidate: &char| {
            let is_reading = self.candidates.contains(*candidate);
            self.right.contains(*candidate)
                || (!is_reading && self.right.chars().any(|right| alike.are(*candidate, right)))
        };
        known.iter().filter(|candidate| is_accepted(candidate)).collect()
    }
}

/// Characters that are taken for the same.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    groups: HashMap<char, Vec<char>>,
}

impl Alike {
    /// Of a table: level, representative, members.
    pub(crate) fn parse(text: &str) -> Alike {
        let mut groups: HashMap<char, Vec<char>> = HashMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let [_, representative, members] = line.split('\t').collect::<Vec<_>>()[..]
                && let Some(representative) = representative.chars().next()
            {
                members.chars().for_each(|member| groups.entry(member).or_default().push(representative));
            }
        }
        Alike { groups }
    }

    fn are(&self, one: char, other: char) -> bool {
        let groups = |character: char| self.groups.get(&character).map_or([character].to_vec(), Clone::clone);
        one == other || groups(one).iter().any(|group| groups(other).contains(group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_accepts_other_spellings_of_its_reading() {
        let text = "# genre\nnews\t2\t台\t臺颱\t臺\t在\t上\nnews\t1\t了\t了瞭\t?\t\t\n";
        let labels = Label::all(text).unwrap();
        assert_eq!(labels.len(), 1);
        let alike = Alike::parse("glyph\t臺\t臺台\n");
        assert_eq!(labels[0].accepted(&['臺', '檯', '颱', '台'], &alike), "臺台");
        assert!(Label::all("news\tmany\t台\n").is_err());
    }

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

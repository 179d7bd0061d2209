//! Labelled places: what is known, by reading, of single characters in native text.

use std::collections::HashMap;

/// A place in native Simplified text whose answer is known by reading.
///
/// A row of seven columns: genre, occurrences, character, candidates (one for each group of accepted spellings),
/// right ones (`?` where the context does not show it), the text to the left, and to the right.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its row in the file, counted from 0, comments apart.
    pub row: usize,
    /// The source, or its kind.
    pub genre: String,
    /// How often the context occurs there.
    pub occurrences: u32,
    /// The Simplified character.
    pub character: char,
    /// One spelling for each reading.
    candidates: String,
    right: String,
    /// The text to the left.
    pub left: String,
    /// The text to the right.
    pub behind: String,
}

impl Label {
    /// The labels of a file; without those whose answer is not known.
    ///
    /// # Errors
    ///
    /// The first row that is none, in words.
    pub fn all(text: &str) -> Result<Vec<Label>, String> {
        let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let label = |(row, line): (usize, &str)| -> Result<Option<Label>, String> {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (genre, occurrences, character) = (next(), next(), next());
            let [candidates, right, left, behind] = std::array::from_fn(|_| next().to_owned());
            let (Ok(occurrences), Some(character)) = (occurrences.parse(), character.chars().next()) else {
                return Err(format!("not a label: '{line}'"));
            };
            let label = Label { row, genre: genre.to_owned(), occurrences, character, candidates, right, left, behind };
            Ok((!label.right.starts_with('?')).then_some(label))
        };
        rows.enumerate().filter_map(|row| label(row).transpose()).collect()
    }

    /// All spellings that are accepted: those of `known` that are the same as a right one, and no other reading.
    pub fn accepted(&self, known: &[char], alike: &Alike) -> String {
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
pub struct Alike {
    groups: HashMap<char, Vec<char>>,
}

impl Alike {
    /// Of a table: level, representative, members.
    pub fn parse(text: &str) -> Alike {
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
}

//! What is counted.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::Path,
};

use import::Result;

/// Texts of one source and direction, and what they should become.
pub(crate) struct Gold {
    pub(crate) name: String,
    pub(crate) direction: String,
    pub(crate) inputs: Vec<String>,
    expected: Vec<String>,
}

impl Gold {
    /// All files of a folder, by name.
    pub(crate) fn folder(folder: &Path) -> Result<Vec<Gold>> {
        let mut golds = Vec::new();
        for file in fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))? {
            let path = file?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.rsplit_once('.'));
            let Some((name, direction)) = stem.filter(|_| path.extension().is_some_and(|found| found == "tsv")) else {
                continue;
            };
            let mut gold = Gold {
                name: name.to_owned(),
                direction: direction.to_owned(),
                inputs: Vec::new(),
                expected: Vec::new(),
            };
            for row in super::rows(&path)? {
                let [_, _, _, input, expected] = &row[..] else {
                    return Err(format!("{}: five columns, not '{}'", path.display(), row.join("\t")).into());
                };
                gold.inputs.push(input.clone());
                gold.expected.push(expected.clone());
            }
            golds.push(gold);
        }
        golds.sort_by(|one, other| (&one.direction, &one.name).cmp(&(&other.direction, &other.name)));
        Ok(golds)
    }
}

/// Characters that are taken for the same, by level.
pub(crate) struct Folds {
    levels: BTreeMap<&'static str, HashMap<char, char>>,
}

const LEVELS: [&str; 3] = ["lenient", "glyph", "none"];

pub(crate) fn meaning(level: &str) -> &'static str {
    match level {
        "lenient" => "Lenient: shapes of one character are the same, and so are spellings that are both in use",
        "glyph" => "Glyphs: shapes of one character are the same",
        _ => "Strict: every character counts as it is",
    }
}

impl Folds {
    pub(crate) fn read(path: Option<&Path>) -> Result<Folds> {
        let mut levels = BTreeMap::from([("none", HashMap::new())]);
        if let Some(path) = path {
            let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let (mut glyph, mut lenient) = (HashMap::new(), HashMap::new());
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let [level, representative, members] = line.split('\t').collect::<Vec<_>>()[..] else {
                    return Err(format!("{}: three columns, not '{line}'", path.display()).into());
                };
                let Some(representative) = representative.chars().next() else { continue };
                for member in members.chars() {
                    if level == "glyph" {
                        glyph.insert(member, representative);
                    }
                    // Those of the lenient level come behind, and count before.
                    lenient.insert(member, representative);
                }
            }
            levels.insert("glyph", glyph);
            levels.insert("lenient", lenient);
        }
        Ok(Folds { levels })
    }

    pub(crate) fn levels(&self) -> impl Iterator<Item = &'static str> {
        LEVELS.into_iter().filter(|level| self.levels.contains_key(level))
    }

    fn fold(&self, level: &str, text: &str) -> Vec<char> {
        let fold = &self.levels[level];
        // One word in two spellings.
        let text = if level == "none" {
            text.to_owned()
        } else {
            text.replace("甚麼", "什麼").replace("甚麽", "什麼")
        };
        text.chars().map(|character| fold.get(&character).copied().unwrap_or(character)).collect()
    }
}

/// The characters that have several candidates, to Traditional and to Simplified.
pub(crate) struct Candidates {
    to_traditional: HashMap<char, Vec<char>>,
    to_simplified: HashMap<char, Vec<char>>,
}

impl Candidates {
    pub(crate) fn read(dictionaries: &Path) -> Result<Candidates> {
        let read = |name: &str| -> Result<HashMap<char, Vec<char>>> {
            let text = fs::read_to_string(dictionaries.join(name))?;
            let entry = |line: &str| {
                let (key, values) = line.split_once('\t')?;
                Some((key.chars().next()?, values.chars().filter(|&character| character != ' ').collect()))
            };
            Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(entry).collect())
        };
        Ok(Candidates { to_traditional: read("STCharacters.txt")?, to_simplified: read("TSCharacters.txt")? })
    }

    /// Those of a direction that are still several where shapes are folded.
    fn ambiguous(&self, direction: &str, folds: &Folds) -> HashSet<char> {
        let is_simplified = direction.ends_with("2s");
        let candidates = if is_simplified { &self.to_simplified } else { &self.to_traditional };
        let level = if folds.levels.contains_key("glyph") && !is_simplified { "glyph" } else { "none" };
        let several = |(_, values): &(&char, &Vec<char>)| {
            let text: String = values.iter().collect();
            folds.fold(level, &text).into_iter().collect::<HashSet<_>>().len() > 1
        };
        candidates.iter().filter(several).map(|(&character, _)| character).collect()
    }
}

/// What was counted in a text.
#[derive(Clone, Default)]
pub(crate) struct Score {
    han: usize,
    errors: usize,
    lines: usize,
    right_lines: usize,
    /// How often an ambiguous character was there, and was wrong.
    ambiguous: BTreeMap<char, (usize, usize)>,
}

impl Score {
    pub(crate) fn of(gold: &Gold, outputs: &[String], folds: &Folds, level: &str, candidates: &Candidates) -> Score {
        let ambiguous = candidates.ambiguous(&gold.direction, folds);
        let mut score = Score::default();
        for ((input, expected), output) in gold.inputs.iter().zip(&gold.expected).zip(outputs) {
            let (folded, output) = (folds.fold(level, expected), folds.fold(level, output));
            let expected: Vec<char> = expected.chars().collect();
            let han = expected.iter().filter(|&&character| is_han(character)).count();
            let aligned = align(&folded, &output);
            let wrong = |place: usize| is_han(expected[place]) && aligned[place] != Some(folded[place]);
            let errors = match folded.len() == output.len() {
                true => (0..expected.len()).filter(|&place| wrong(place)).count(),
                false => distance(&folded, &output).min(han.max(1)),
            };
            score.han += han;
            score.errors += errors;
            score.lines += 1;
            score.right_lines += usize::from(errors == 0);
            let input: Vec<char> = input.chars().collect();
            if input.len() == expected.len() {
                for (place, character) in input.into_iter().enumerate().filter(|(_, one)| ambiguous.contains(one)) {
                    if is_han(expected[place]) {
                        let count = score.ambiguous.entry(character).or_default();
                        count.0 += 1;
                        count.1 += usize::from(wrong(place));
                    }
                }
            }
        }
        score
    }

    pub(crate) fn add(&mut self, other: &Score) {
        self.han += other.han;
        self.errors += other.errors;
        self.lines += other.lines;
        self.right_lines += other.right_lines;
        for (&character, &(all, wrong)) in &other.ambiguous {
            let count = self.ambiguous.entry(character).or_default();
            count.0 += all;
            count.1 += wrong;
        }
    }

    /// Occurrences of ambiguous characters, and wrong ones of them.
    pub(crate) fn ambiguous(&self) -> (usize, usize) {
        self.ambiguous.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
    }

    /// As cells of a table: errors, CER, ambiguous characters, macro, lines.
    pub(crate) fn cells(&self) -> String {
        const LEAST: usize = 5;
        let (all, wrong) = self.ambiguous();
        let often: Vec<f64> = self
            .ambiguous
            .values()
            .filter(|(all, _)| *all >= LEAST)
            .map(|&(all, wrong)| 1.0 - wrong as f64 / all as f64)
            .collect();
        let percent = |part: f64, whole: f64| if whole == 0.0 { 0.0 } else { 100.0 * part / whole };
        format!(
            "{} | {:.3} | {wrong} of {all} | {:.2} | {:.2}",
            self.errors,
            percent(self.errors as f64, self.han as f64),
            percent(often.iter().sum(), often.len() as f64),
            percent(self.right_lines as f64, self.lines as f64),
        )
    }
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The table of the distances between all beginnings of two texts.
fn distances(expected: &[char], output: &[char]) -> Vec<Vec<usize>> {
    let mut table = vec![(0..=output.len()).collect::<Vec<_>>()];
    for (row, &character) in expected.iter().enumerate() {
        let mut distances = vec![row + 1];
        for (column, &other) in output.iter().enumerate() {
            let substituted = table[row][column] + usize::from(character != other);
            distances.push(substituted.min(table[row][column + 1] + 1).min(distances[column] + 1));
        }
        table.push(distances);
    }
    table
}

fn distance(expected: &[char], output: &[char]) -> usize {
    distances(expected, output)[expected.len()][output.len()]
}

/// The character of the output that is aligned with each expected one.
pub(super) fn align(expected: &[char], output: &[char]) -> Vec<Option<char>> {
    if expected.len() == output.len() {
        return output.iter().copied().map(Some).collect();
    }
    let table = distances(expected, output);
    let (mut row, mut column) = (expected.len(), output.len());
    let mut aligned = vec![None; row];
    while row > 0 && column > 0 {
        let substituted = table[row - 1][column - 1] + usize::from(expected[row - 1] != output[column - 1]);
        if table[row][column] == substituted {
            row -= 1;
            column -= 1;
            aligned[row] = Some(output[column]);
        } else if table[row][column] == table[row - 1][column] + 1 {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    aligned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_of_another_length_is_aligned() {
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        let aligned = align(&characters("甲乙丙"), &characters("甲丙"));
        assert_eq!(aligned, [Some('甲'), None, Some('丙')]);
        assert_eq!(distance(&characters("甲乙丙"), &characters("甲丁")), 2);
    }
}

//! Labelled places in native Simplified text: what each converter makes of them.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use fanjian::{Converter, Target};
use import::Result;
use train::{Alike, Label};

use super::{NATIVE, System, score};

/// Genre, character, and the text to the left and to the right.
type Key = (String, char, String, String);

/// What a converter made of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    Wrong,
}

/// What one converter made of all places, and how many contexts a second conversion changes.
pub(crate) struct Judged {
    pub(crate) name: String,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) changed: usize,
    /// How many outputs are of another length than their contexts, so that the character was found by alignment.
    pub(crate) aligned: usize,
}

/// The places, and what every converter made of them.
pub(crate) struct Native {
    pub(crate) labels: Vec<Label>,
    /// How many labels, at the beginning, are of the texts whose ambiguous characters were counted.
    pub(crate) first: usize,
    /// The number of these ambiguous characters.
    pub(crate) ambiguous: usize,
    pub(crate) systems: Vec<Judged>,
    /// What was decided by models that had not seen the labels of the genre.
    pub(crate) validated: Vec<Verdict>,
    /// Occurrences of places that have one output in fanjian, and no decision.
    pub(crate) fixed: usize,
}

/// Files of a measurement.
pub(crate) struct Files<'f> {
    pub(crate) places: &'f Path,
    pub(crate) decisions: &'f Path,
    pub(crate) variants: &'f Path,
    /// How many rows of the places are of the texts whose ambiguous characters were counted, and the number of these.
    pub(crate) counted: (usize, usize),
}

fn read(path: &Path) -> Result<String> {
    Ok(fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?)
}

impl Native {
    pub(crate) fn measure(files: &Files, systems: &mut [System], own: &str) -> Result<Native> {
        let text = read(files.places)?;
        let (rows, ambiguous) = files.counted;
        let is_row = |line: &&str| !line.starts_with('#') && !line.is_empty();
        let part = |lines: Vec<&str>| Label::all(&lines.join("\n"));
        let mut labels = part(text.lines().filter(is_row).take(rows).collect())?;
        let first = labels.len();
        labels.extend(part(text.lines().filter(is_row).skip(rows).collect())?);
        let alike = Alike::parse(&read(files.variants)?);
        let contexts: Vec<String> = labels.iter().map(context).collect();
        let judge = |label: &Label, output: Option<char>| match output {
            Some(output) if !label.accepted(&[output], &alike).is_empty() => Verdict::Right,
            _ => Verdict::Wrong,
        };
        let mut judged = Vec::new();
        let mut shipped: Vec<Option<char>> = Vec::new();
        for (name, convert) in systems {
            let Some(outputs) = convert(NATIVE, &contexts)? else { continue };
            let again = convert(NATIVE, &outputs)?.unwrap_or_default();
            let changed = outputs.iter().zip(&again).filter(|(one, other)| one != other).count();
            let characters: Vec<_> = labels
                .iter()
                .zip(contexts.iter().zip(&outputs))
                .map(|(label, (text, output))| place(label, text, output))
                .collect();
            let aligned = contexts
                .iter()
                .zip(&outputs)
                .filter(|(text, output)| text.chars().count() != output.chars().count())
                .count();
            let verdicts = labels.iter().zip(&characters).map(|(label, output)| judge(label, *output)).collect();
            judged.push(Judged { name: name.clone(), verdicts, changed, aligned });
            if name == own {
                shipped = characters;
            }
        }
        let decided = decisions(files.decisions)?;
        let converter = Converter::for_target(Target::Traditional);
        let mut fixed = 0;
        let mut validated = Vec::new();
        for (label, shipped) in labels.iter().zip(shipped) {
            let Label { genre, character, left, behind, .. } = label;
            let decided = decided.get(&(genre.clone(), *character, left.clone(), behind.clone()));
            let output = match (decided, candidates(&converter, label).as_slice()) {
                (Some(output), _) => Some(*output),
                (None, []) => {
                    fixed += label.occurrences as usize;
                    shipped
                }
                // Whatever is decided there is wrong: nothing is learned from it, and nothing is validated.
                (None, candidates) if label.accepted(candidates, &alike).is_empty() => None,
                (None, _) => {
                    let file = files.decisions.display();
                    return Err(format!(
                        "{file} has no decision about {character} of {genre} between '{left}' and '{behind}', which \
                         {} has: make it anew with `cargo train validate -o {file}`, from the same labels and dictionaries",
                        files.places.display()
                    )
                    .into());
                }
            };
            validated.push(judge(label, output));
        }
        Ok(Native { labels, first, ambiguous, systems: judged, validated, fixed })
    }

    /// Occurrences of the places among these.
    pub(crate) fn places(&self, is_one: impl Fn(usize, &Label) -> bool) -> usize {
        let among = self.labels.iter().enumerate().filter(|(index, label)| is_one(*index, label));
        among.map(|(_, label)| label.occurrences as usize).sum()
    }

    /// Wrong ones of them.
    pub(crate) fn errors(&self, verdicts: &[Verdict], is_one: impl Fn(usize, &Label) -> bool) -> usize {
        self.places(|index, label| verdicts[index] == Verdict::Wrong && is_one(index, label))
    }

    pub(crate) fn system(&self, name: &str) -> Result<&Judged> {
        let found = self.systems.iter().find(|judged| judged.name.starts_with(name));
        Ok(found.ok_or_else(|| format!("{name} has not converted the labelled places"))?)
    }

    /// The genres, the one with most places first, each with the number of these.
    pub(crate) fn genres(&self) -> Vec<(String, usize)> {
        let mut genres: BTreeMap<&str, usize> = BTreeMap::new();
        for label in &self.labels {
            *genres.entry(&label.genre).or_default() += label.occurrences as usize;
        }
        let mut genres: Vec<_> = genres.into_iter().map(|(genre, count)| (genre.to_owned(), count)).collect();
        genres.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        genres
    }
}

fn context(label: &Label) -> String {
    format!("{}{}{}", label.left, label.character, label.behind)
}

/// What the character of a label may become, if that is decided; none if it has one output.
fn candidates(converter: &Converter, label: &Label) -> Vec<char> {
    let at = label.left.len();
    let segments = converter.segments(&context(label));
    let segment = segments.into_iter().find(|segment| segment.source.contains(&at));
    let decisions = segment.into_iter().flat_map(|segment| segment.decisions);
    let candidates = decisions.flat_map(|decision| decision.candidates);
    candidates.filter_map(|candidate| candidate.text.chars().next()).collect()
}

/// The character of an output at the place of a label.
fn place(label: &Label, text: &str, output: &str) -> Option<char> {
    let characters = |text: &str| text.chars().collect::<Vec<_>>();
    score::align(&characters(text), &characters(output))[label.left.chars().count()]
}

/// What was decided, of the rows that `cargo train validate` writes.
fn decisions(path: &Path) -> Result<HashMap<Key, char>> {
    let decision = |line: &str| -> Result<(Key, char)> {
        let wrong = || format!("{}: not a decision: '{line}'", path.display());
        let [genre, _, character, left, right, decided, ..] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(wrong().into());
        };
        let one = |text: &str| text.chars().next().ok_or_else(wrong);
        Ok(((genre.to_owned(), one(character)?, left.to_owned(), right.to_owned()), one(decided)?))
    };
    read(path)?.lines().filter(|line| !line.starts_with('#')).map(decision).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: &str = "# genre\nnews\t3\t发\t發髮\t發\t出\t了\nnews\t1\t发\t發髮\t?\t\t\nchat\t2\t发\t發髮\t髮\t头\t多\n\
                          chat\t1\t国\t囯國\t囯\t中\t上\nchat\t4\t发\t乙發\t乙\t出\t发\n";

    /// Measures these places, of which `decisions` are decided, with a converter that outputs more characters than a text has.
    fn measured(decisions: &str) -> Result<Native> {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let (places, decisions) = (write("places", PLACES), write("decisions", decisions));
        let variants = write("variants", "glyph\t國\t囯國\n");
        let own = |_: &str, lines: &[String]| {
            let convert = |line: &String| line.replace('发', "發").replace('头', "头頭").replace('国', "國");
            Ok(Some(lines.iter().map(convert).collect()))
        };
        let mut systems: Vec<System> =
            vec![("own".to_owned(), Box::new(own)), ("no".to_owned(), Box::new(|_, _| Ok(None)))];
        let files = Files { places: &places, decisions: &decisions, variants: &variants, counted: (2, 100) };
        Native::measure(&files, &mut systems, "own")
    }

    #[test]
    fn places_are_judged_by_the_character_there_and_by_what_was_decided_without_the_genre() {
        let native =
            measured("# genre\nnews\t3\t发\t出\t了\t髮\tfalse\t1\nchat\t2\t发\t头\t多\t髮\ttrue\t1\n").unwrap();
        assert_eq!((native.labels.len(), native.first), (4, 1));
        // 国 has one output; of 发 between 出 and 发, no candidate is right.
        assert_eq!(native.fixed, 1);
        let own = native.system("own").unwrap();
        assert!(native.system("no").is_err());
        // 發 was found in the longer output.
        assert_eq!(native.errors(&own.verdicts, |_, _| true), 2 + 1 + 4);
        assert_eq!((own.aligned, own.changed), (1, 1));
        assert_eq!(native.errors(&native.validated, |_, _| true), 3 + 1 + 4);
        assert_eq!(native.genres(), [("chat".to_owned(), 7), ("news".to_owned(), 3)]);
    }

    /// It used to be taken from the model that is shipped, which has learned it.
    #[test]
    fn a_place_whose_decision_is_missing_is_an_error() {
        let error = measured("chat\t2\t发\t头\t多\t髮\ttrue\t1\n").err().unwrap().to_string();
        assert!(error.contains("has no decision about 发 of news between '出' and '了'"), "{error}");
        assert!(error.contains("cargo train validate -o"), "{error}");
    }
}

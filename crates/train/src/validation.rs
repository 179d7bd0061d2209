//! What is measured of models that have not learned the labels of a genre, at the places of this genre.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use fanjian_context::training::{Decision, Strength};
use train::{Calibration, Label, Outcome, Sample, Samples};

use crate::{Lessons, Result};

/// The labels with the candidate that was decided for, whether it is right, and the margin, as a table.
pub(crate) fn rows(lessons: &Lessons, decided: &[(usize, i32)]) -> Result<String> {
    let mut rows = "# genre\toccurrences\tcharacter\tleft\tright\tdecided\tis right\tmargin\n".to_owned();
    let mut order: Vec<usize> = (0..decided.len()).collect();
    order.sort_by_key(|&place| &lessons.labels[place].genre);
    for place in order {
        let (label, sample, (candidate, margin)) = (&lessons.labels[place], lessons.of_label(place), decided[place]);
        let decision = decision(lessons, label);
        let output = decision.and_then(|decision| decision.candidates[candidate]).unwrap_or(label.character);
        let Label { genre, occurrences, character, left, behind, .. } = label;
        let is_right = sample.is_right(candidate);
        writeln!(rows, "{genre}\t{occurrences}\t{character}\t{left}\t{behind}\t{output}\t{is_right}\t{margin}")?;
    }
    Ok(rows)
}

/// The decision about a label's character.
fn decision(lessons: &Lessons, label: &Label) -> Option<Decision> {
    let text = format!("{}{}{}", label.left, label.character, label.behind);
    let at = label.left.chars().count();
    lessons.standard.decisions(&text).into_iter().find(|decision| decision.at == at)
}

/// How many characters to each side make a context, and how many a decision looks at, but for long phrases.
const CONTEXT: usize = 2;
const NEAR: usize = 4;

/// How often a decision is wrong, by its lead, as TOML: the labels of the genres to which the first `rows` of them belong,
/// and decisions of the text around them in the stead of the other ones of the `ambiguous` characters of these genres.
///
/// Labelled places that phrases of the project decide outright are left out: nothing outweighs these, and their margins are not of
/// the model. Other such places are among those that the text around stands for, so that the shares are rather too low.
pub(crate) fn calibration(lessons: &mut Lessons, rows: usize, ambiguous: u32, date: &str) -> Result<String> {
    let counted: BTreeSet<String> =
        lessons.labels.iter().filter(|label| label.row < rows).map(|label| label.genre.clone()).collect();
    let others = others(lessons, &counted);
    let list: Vec<(&str, Sample)> = others.iter().map(|(genre, sample)| (genre.as_str(), sample.clone())).collect();
    let validated = lessons.validate(&list);
    let mut outcomes = Vec::new();
    let mut labelled = 0;
    for (place, &(candidate, margin)) in validated.labels.iter().enumerate() {
        let label = &lessons.labels[place];
        if !counted.contains(&label.genre) {
            continue;
        }
        labelled += label.occurrences;
        if decision(lessons, label).is_some_and(|decision| !is_outright(&decision)) {
            let is_wrong = !lessons.of_label(place).is_right(candidate);
            outcomes.push(Outcome { margin, places: label.occurrences.into(), is_wrong });
        }
    }
    let places = f64::from(ambiguous.saturating_sub(labelled)) / others.len().max(1) as f64;
    outcomes.extend(validated.others.iter().map(|&margin| Outcome { margin, places, is_wrong: false }));
    let calibration = Calibration::new(&outcomes);
    Ok(format!(
        "# How often a decision of the model is wrong, by its lead: by how much the candidate that it decides for scores higher\n\
         # than the next one. Measured on {date} by `cargo train calibration --rows {rows} --ambiguous {ambiguous}` on native Simplified\n\
         # text, each genre by a model that has not learned its labels. {labelled} of {ambiguous} places were labelled, those of doubt;\n\
         # {} decisions in the text around them stand for the others, which count as right.\n#\n\
         # bucket: leads from `from` on, up to the next bucket; how many places of the text have them, how many of these are wrong,\n\
         # the share, and a probability that does not grow with the lead (isotonic regression).\n\n{calibration}",
        others.len()
    ))
}

/// Whether a phrase that nothing outweighs decides.
fn is_outright(decision: &Decision) -> bool {
    decision.votes.iter().any(|vote| vote.strength != Strength::Learned)
}

/// Decisions in the text around the labels of these genres, with their genres: each context once, and none that is labelled.
fn others(lessons: &Lessons, genres: &BTreeSet<String>) -> Vec<(String, Sample)> {
    let around = |text: &[char], at: usize, len: usize| -> String {
        text[at.saturating_sub(len)..text.len().min(at + 1 + len)].iter().collect()
    };
    let text = |label: &Label| -> Vec<char> {
        label.left.chars().chain([label.character]).chain(label.behind.chars()).collect()
    };
    let labels = || lessons.labels.iter().filter(|label| genres.contains(&label.genre));
    let labelled: BTreeSet<(&str, String)> = labels()
        .map(|label| (label.genre.as_str(), around(&text(label), label.left.chars().count(), CONTEXT)))
        .collect();
    let mut others: BTreeMap<(String, String), Sample> = BTreeMap::new();
    for label in labels() {
        let text = text(label);
        for decision in lessons.standard.decisions(&text.iter().collect::<String>()) {
            let at = decision.at;
            let is_whole = at >= NEAR && at + NEAR < text.len() && at != label.left.chars().count();
            let is_labelled = || labelled.contains(&(label.genre.as_str(), around(&text, at, CONTEXT)));
            if is_whole && !is_outright(&decision) && !is_labelled() {
                let context = (label.genre.clone(), around(&text, at, NEAR));
                if let Some(sample) = Samples::unknown(&decision, text.len()) {
                    others.entry(context).or_insert(sample);
                }
            }
        }
    }
    others.into_iter().map(|((genre, _), sample)| (genre, sample)).collect()
}

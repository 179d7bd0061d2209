//! Word forms that only a machine writes: Simplified words of which a converter has decided each character alone.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write,
    fs,
    path::PathBuf,
};

use clap::Args;
use import::Result;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Natural Traditional text, as UTF-8: what it has is no machine's
    #[arg(required = true)]
    texts: Vec<PathBuf>,
}

/// A right form has to occur so often, for its absence in the wrong form to mean anything.
const LEAST: usize = 3;
/// A wrong form may occur once per this number of right ones: as a slip, or across two words.
const FOR_ONE: usize = 100;

const FILE: &str = "dictionaries/detection/Converted.txt";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let wrong = wrong_forms()?;
    let mut counts: HashMap<[char; 2], usize> = HashMap::new();
    for forms in &wrong {
        counts.insert(*forms.0, 0);
        counts.extend(forms.1.iter().map(|&right| (right, 0)));
    }
    let mut han = 0;
    for path in &arguments.texts {
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let mut before = '\n';
        for character in text.chars() {
            han += usize::from(('\u{4e00}'..='\u{9fff}').contains(&character));
            if let Some(count) = counts.get_mut(&[before, character]) {
                *count += 1;
            }
            before = character;
        }
    }
    let mut page = format!(
        "# Forms that a converter makes of Simplified words, character by character, and the right ones. Of what STPhrases and \
         STCharacters\n# allow, those that natural Traditional text next to never has, while it has the right ones {LEAST} times \
         or more ({:.0} million Chinese\n# characters of laws, articles, a Bible, chat, sentences of treebanks, Cantonese sentences and words). Made by `cargo \
         xtask words TEXT…`; not edited here.\n",
        han as f64 / 1e6
    );
    let mut written = 0;
    for (form, rights) in &wrong {
        let Some(right) = rights.iter().max_by_key(|right| counts[*right]) else { continue };
        let all: usize = rights.iter().map(|right| counts[right]).sum();
        if all >= LEAST && counts[form] * FOR_ONE <= all {
            writeln!(page, "{}\t{}", String::from_iter(form), String::from_iter(right))?;
            written += 1;
        }
    }
    fs::write(import::root().join(FILE), page)?;
    println!("{FILE}: {written} of {} forms", wrong.len());
    Ok(())
}

/// All wrong forms of two characters that the dictionaries allow, and the right ones.
fn wrong_forms() -> Result<BTreeMap<[char; 2], BTreeSet<[char; 2]>>> {
    let characters: HashMap<char, Vec<char>> = entries("STCharacters")?
        .into_iter()
        .filter_map(|(key, values)| Some((single(&key)?, values.iter().filter_map(|value| single(value)).collect())))
        .collect();
    let mut right = BTreeSet::new();
    let mut phrases = Vec::new();
    for name in ["STPhrases", "STPhrases_GeneratedFromRegionalPhrases", "targets/Phrases"] {
        for (key, values) in entries(name)? {
            let values: Vec<_> = values.iter().filter_map(|value| pair(value)).collect();
            right.extend(values.iter().copied());
            phrases.extend(pair(&key).map(|key| (key, values)));
        }
    }
    for name in ["TWPhrases", "HKPhrases", "TWVariantsRevPhrases", "HKVariantsRevPhrases", "TSPhrases"] {
        for (key, values) in entries(name)? {
            right.extend(values.iter().chain([&key]).filter_map(|word| pair(word)));
        }
    }
    // They are written for each other.
    let mut variants = BTreeSet::from([('升', '昇'), ('昇', '升')]);
    for name in
        ["TWVariants", "HKVariants", "TWVariantsRev", "HKVariantsRev", "targets/TWVariants", "targets/HKVariants"]
    {
        for (key, values) in entries(name)? {
            for (key, value) in values.iter().filter_map(|value| Some((single(&key)?, single(value)?))) {
                variants.extend([(key, value), (value, key)]);
            }
        }
    }
    let is_same = |one: &[char; 2], other: &[char; 2]| {
        one.iter().zip(other).all(|(&one, &other)| one == other || variants.contains(&(one, other)))
    };
    let is_simplified = |character: char| characters.get(&character).is_some_and(|of| !of.contains(&character));
    let mut wrong: BTreeMap<[char; 2], BTreeSet<[char; 2]>> = BTreeMap::new();
    for (key, rights) in phrases.into_iter().filter(|(_, rights)| !rights.is_empty()) {
        let candidates = |character: char| characters.get(&character).cloned().unwrap_or_else(|| vec![character]);
        for first in candidates(key[0]) {
            for second in candidates(key[1]) {
                let form = [first, second];
                let is_right = right.contains(&form) || rights.iter().any(|right| is_same(right, &form));
                if !is_right && !form.into_iter().any(is_simplified) {
                    // Whichever way they are written.
                    let forms = |character: char| {
                        variants.iter().filter(move |of| of.0 == character).map(|of| of.1).chain([character])
                    };
                    let rights =
                        forms(rights[0][0]).flat_map(|first| forms(rights[0][1]).map(move |second| [first, second]));
                    wrong.entry(form).or_default().extend(rights);
                }
            }
        }
    }
    Ok(wrong)
}

fn entries(name: &str) -> Result<Vec<(String, Vec<String>)>> {
    let text = fs::read_to_string(import::root().join("dictionaries").join(name).with_extension("txt"))?;
    let entry = |line: &str| {
        let (key, values) = line.split_once('\t')?;
        Some((key.to_owned(), values.split(' ').map(str::to_owned).collect()))
    };
    Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(entry).collect())
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn pair(text: &str) -> Option<[char; 2]> {
    text.chars().collect::<Vec<_>>().try_into().ok()
}

//! Runs the cases in `tests/cases/` on every way to convert a text.

use std::collections::HashSet;

use fanjian::{Converter, Dictionary};

use crate::ways::{Case, WAYS, cases};

/// What a converter gets wrong in a case, by the way that it was asked.
fn failures(converter: &Converter, case: &Case) -> Vec<String> {
    let outputs = WAYS.iter().map(|(way, convert)| (way, convert(converter, &case.input)));
    outputs
        .filter(|(_, output)| *output != case.output)
        .map(|(way, output)| format!("{}, {way}: {output:?} instead of {:?}", case.name, case.output))
        .collect()
}

#[test]
fn all_cases_hold_on_every_way() {
    let mut names = HashSet::new();
    let mut wrong = Vec::new();
    for case in cases().iter().flat_map(|(_, cases)| cases) {
        assert!(names.insert(&case.name), "two cases are named '{}'", case.name);
        let converter = case.converter().build().unwrap_or_else(|error| panic!("{}: {error}", case.name));
        wrong.extend(failures(&converter, case));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A broken entry in a dictionary must make cases fail on every way: the cases would be worth nothing otherwise.
#[test]
fn a_broken_entry_is_noticed() {
    let phrases = include_str!("../../dictionaries/STPhrases.txt");
    for (sound, broken) in [("\n头发\t頭髮\n", "\n头发\t頭發\n"), ("\n一出去\t一出去\n", "\n")] {
        assert!(phrases.contains(sound), "the dictionary no longer holds {sound:?}");
        let broken = Dictionary::from_text("broken", &phrases.replace(sound, broken)).unwrap();
        let mut noticed = 0;
        for case in cases().iter().flat_map(|(_, cases)| cases) {
            // Only some configurations use the dictionary.
            if let Ok(converter) = case.converter().replace_dictionary("STPhrases", broken.clone()).build() {
                let wrong = failures(&converter, case).len();
                assert!(wrong == 0 || wrong == WAYS.len(), "{}: only some ways are wrong", case.name);
                noticed += wrong;
            }
        }
        assert!(noticed > 0, "no case notices {sound:?} missing");
    }
}

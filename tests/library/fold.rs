//! Folding for search.

use std::{collections::BTreeSet, fs};

use fanjian::{Config, Converter, Target, builtin_dictionaries, fold, fold_into, fold_mappings, fold_with_offsets};
use proptest::prelude::*;

#[test]
fn all_forms_of_a_word_have_one_key() {
    let cases = fs::read_to_string("tests/fold/keys.tsv").unwrap();
    let cases = cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut wrong = Vec::new();
    for (key, texts) in cases.map(|line| line.split_once('\t').unwrap()) {
        wrong.extend(texts.split(' ').filter(|text| fold(text) != key).map(|text| format!("{text}: {}", fold(text))));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a configuration replaces words by those of another region.
fn changes_vocabulary(config: Config) -> bool {
    matches!(config, Config::S2twp | Config::Tw2sp | Config::S2hkp | Config::Hk2sp)
}

/// Whether a configuration keeps a text's words: it changes no vocabulary, and has no dictionary of Japanese words.
fn keeps_words(config: Config) -> bool {
    !changes_vocabulary(config) && !matches!(config, Config::Jp2t | Config::T2jp)
}

/// The keys of the pairs of dictionaries/fold/Apart.txt, either way: conversions that change a key.
fn apart() -> BTreeSet<(String, String)> {
    let text = fs::read_to_string("dictionaries/fold/Apart.txt").unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.map(|line| line.split_once('\t').unwrap());
    pairs
        .flat_map(|(one, others)| {
            others.split(' ').map(move |other| (fold(one).into_owned(), fold(other).into_owned()))
        })
        .flat_map(|(one, other)| [(one.clone(), other.clone()), (other, one)])
        .collect()
}

#[test]
fn no_configuration_and_no_target_changes_the_key_of_a_character() {
    let apart = apart();
    let configs = Config::ALL.iter().filter(|&&config| !changes_vocabulary(config)).flat_map(|&config| {
        [false, true].map(|tofu| Converter::builder().config(config).tofu_risk(tofu).build().unwrap())
    });
    let converters: Vec<_> = configs.chain(Target::ALL.iter().map(|&target| Converter::for_target(target))).collect();
    let mut wrong = BTreeSet::new();
    let characters: Vec<String> = ('\u{2e80}'..='\u{2fdf}')
        .chain('\u{3400}'..='\u{9fff}')
        .chain('\u{f900}'..='\u{323af}')
        .map(String::from)
        .collect();
    let text = characters.join("\n");
    for converter in &converters {
        for (character, converted) in characters.iter().zip(converter.convert(&text).lines()) {
            let keys = (fold(character).into_owned(), fold(converted).into_owned());
            if keys.0 != keys.1 && !apart.contains(&keys) {
                wrong.insert((character.clone(), converted.to_owned()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn no_configuration_changes_the_key_of_a_word() {
    let names = |name: &str| !name.contains("Shinjitai") && name != "TWPhrases" && name != "HKPhrases";
    let words: Vec<String> = builtin_dictionaries()
        .filter(|dictionary| names(dictionary.name()) && !dictionary.name().ends_with("PhrasesRev"))
        .flat_map(|dictionary| dictionary.to_entries().iter().map(|(key, _)| key.to_owned()).collect::<Vec<_>>())
        .collect();
    assert!(words.len() > 50_000, "{}", words.len());
    let text = words.join("\n");
    let mut wrong = Vec::new();
    for &config in Config::ALL.iter().filter(|&&config| keeps_words(config)) {
        let converted = Converter::new(config).convert(&text).into_owned();
        let changed = words.iter().zip(converted.lines()).filter(|(word, line)| fold(word) != fold(line));
        wrong.extend(changed.map(|(word, line)| format!("{config}: {word}, {line}")));
    }
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}

#[test]
fn no_conversion_changes_the_key_of_a_page() {
    let page = fs::read_to_string("tests/pages/crawled.txt").unwrap();
    let configs = Config::ALL.iter().filter(|&&config| keeps_words(config)).map(|&config| Converter::new(config));
    for converter in configs.chain(Target::ALL.iter().map(|&target| Converter::for_target(target))) {
        let converted = converter.convert(&page);
        for (line, converted) in page.lines().zip(converted.lines()) {
            assert_eq!(fold(line), fold(converted), "{converter:?}");
        }
    }
}

/// What a search engine does with the mappings: at each place, the longest.
#[test]
fn mappings_do_what_a_fold_does() {
    let mappings: std::collections::HashMap<_, _> = fold_mappings().collect();
    let longest = mappings.keys().map(|key| key.chars().count()).max().unwrap();
    let page = fs::read_to_string("tests/pages/crawled.txt").unwrap() + "為甚麼Ａ辻\u{fe00}横浜芸術";
    let characters: Vec<char> = page.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < characters.len() {
        let key = |len: &usize| characters[at..(at + len).min(characters.len())].iter().collect::<String>();
        match (1..=longest).rev().find(|len| mappings.contains_key(&key(len))) {
            Some(len) => {
                out += &mappings[&key(&len)];
                at += len;
            }
            None => {
                out.push(characters[at]);
                at += 1;
            }
        }
    }
    assert_eq!(out, fold(&page));
}

#[test]
fn a_text_that_is_its_own_key_is_not_copied() {
    assert!(matches!(fold("卫生署 plain text"), std::borrow::Cow::Borrowed(_)));
    assert!(matches!(fold(""), std::borrow::Cow::Borrowed(_)));
}

#[test]
fn ranges_beyond_the_text_or_within_characters_are_widened_or_cut() {
    let text = "Ａ國\u{fe00}語";
    let folded = fold_with_offsets(text);
    assert_eq!(folded.source_range(0..usize::MAX), 0..text.len());
    assert_eq!(folded.source_range(usize::MAX..usize::MAX), text.len()..text.len());
    assert_eq!(&text[folded.source_range(2..3)], "國\u{fe00}");
    #[expect(clippy::reversed_empty_ranges, reason = "a wrong range is no panic")]
    let reversed = folded.source_range(4..1);
    assert!(reversed.is_empty());
    assert_eq!(folded.folded_range(0..usize::MAX), 0..folded.text().len());
    assert_eq!(&folded.text()[folded.folded_range(1..2)], "a");
    assert_eq!(&folded.text()[folded.folded_range(4..5)], "国");
    // It becomes longer.
    let folded = fold_with_offsets("Ⱥ");
    assert_eq!(folded.folded_range(0..usize::MAX), 0..folded.text().len());
    assert!(folded.folded_range(2..usize::MAX).is_empty());
}

/// Texts of characters that fold in all ways, of words, and of anything.
fn texts() -> impl Strategy<Value = String> {
    let special = prop::sample::select(
        "甚麼么什横橫浜濱芸術文工園弁護發髮里𠀀𫝈ＡＺａbZÉİς　車⾞\u{fe00}\u{e0101}，\u{0}".chars().collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![4 => special, 1 => any::<char>()], 0..24)
        .prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_folded_text_is_its_own_key(text in texts()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), &*folded);
    }

    #[test]
    fn all_ways_to_fold_agree(text in texts(), before in texts()) {
        let mut out = before.clone();
        fold_into(&text, &mut out);
        prop_assert_eq!(out, before + &fold(&text));
        let folded = fold_with_offsets(&text);
        prop_assert_eq!(folded.text(), fold(&text));
    }

    #[test]
    fn offsets_are_monotone_and_on_boundaries(text in texts()) {
        let folded = fold_with_offsets(&text);
        let offsets: Vec<_> = folded.source_offsets().collect();
        prop_assert_eq!(offsets.len(), folded.text().chars().count() + 1);
        prop_assert!(offsets.is_sorted());
        prop_assert!(offsets.iter().all(|&offset| text.is_char_boundary(offset)));
        let characters: Vec<_> = folded.text().char_indices().collect();
        let mut end = offsets[0];
        for (index, &(start, character)) in characters.iter().enumerate() {
            let range = folded.source_range(start..start + character.len_utf8());
            prop_assert_eq!(range.start, offsets[index]);
            prop_assert_eq!(range.end, offsets[index + 1]);
            prop_assert_eq!(range.start, end, "a gap");
            end = range.end;
            let back = folded.folded_range(range);
            prop_assert_eq!(back, start..start + character.len_utf8());
        }
    }

    #[test]
    fn no_range_is_an_error(text in texts(), start in 0_usize..80, end in 0_usize..80) {
        let folded = fold_with_offsets(&text);
        prop_assert!(text.get(folded.source_range(start..end)).is_some());
        prop_assert!(folded.text().get(folded.folded_range(start..end)).is_some());
    }
}

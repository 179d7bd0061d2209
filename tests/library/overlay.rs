//! Own words and protected terms of configurations, on the fast way, against the reference chain.

use std::sync::LazyLock;

use fanjian::{Config, Converter, ConverterBuilder, Dictionary, builtin_dictionaries};
use proptest::{prelude::*, sample::Index};

use crate::ways;

/// Keys that conversions meet, of every kind of dictionary; and what no key is made of.
static PIECES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut pieces = Vec::new();
    for dictionary in builtin_dictionaries() {
        let mut keys = Vec::new();
        dictionary.to_entries().iter().for_each(|(key, _)| keys.push(key.to_owned()));
        let step = (keys.len() / 150).max(1);
        pieces.extend(keys.into_iter().step_by(step));
    }
    let others =
        "头 发 里 后 面 干 的 了 一 。 ， a B 1 é  \n \u{f902} \u{2f800} \u{20000} ⿰ ⿾ 🀄 App K8s 云原生 \u{0} 》";
    let others: Vec<String> = others.split(' ').map(str::to_owned).collect();
    for _ in 0..pieces.len() / 20 {
        pieces.extend(others.iter().cloned());
    }
    pieces
});

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&**PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// Parts of a text, and where each comes from: they begin, end, hold and overlap the keys that are in it.
pub(crate) fn parts(most: usize) -> impl Strategy<Value = Vec<(Index, usize)>> {
    prop::collection::vec((any::<Index>(), prop_oneof![3 => 1..2_usize, 6 => 2..5_usize, 1 => 5..12_usize]), 0..most)
}

pub(crate) fn words(text: &str, parts: &[(Index, usize)]) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let part = |&(index, len): &(Index, usize)| {
        let start = index.index(characters.len().max(1));
        characters[start.min(characters.len())..].iter().take(len).collect::<String>()
    };
    let mut words: Vec<String> = parts.iter().map(part).filter(|word| !word.is_empty()).collect();
    words.sort();
    words.dedup();
    words
}

/// A dictionary of those of these words that a text can hold.
pub(crate) fn dictionary(words: &[String]) -> Dictionary {
    let values = ["", "@", "里", "⿰后", "干发后面", "a"];
    let is_held = |word: &&String| !word.contains(['\n', '\t', '\r']) && !word.starts_with('#');
    let words = words.iter().filter(is_held);
    let entries = words.zip(values.iter().cycle()).map(|(word, value)| format!("{word}\t{value}\n"));
    Dictionary::from_text("own", &entries.collect::<String>()).unwrap()
}

/// The fast way is taken, and does what the chain does: whole, in pieces, and cut at a boundary.
pub(crate) fn check(converter: &Converter, text: &str, cut: usize) -> Result<(), TestCaseError> {
    let expected = converter.reference().convert(text).into_owned();
    prop_assert_eq!(&converter.convert(text), &expected);
    for size in [1, cut] {
        prop_assert_eq!(&ways::stream(converter, text.as_bytes().chunks(size)), &expected, "by {} bytes", size);
    }
    let mut end = text.len();
    while let Some(boundary) = converter.boundary(&text[..end]).filter(|&boundary| boundary > 0 && boundary < end) {
        let (before, behind) = text.split_at(boundary);
        let parts = [converter.convert(before), converter.convert(behind)].concat();
        prop_assert_eq!(&parts, &expected, "cut at {}", boundary);
        end = boundary;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn own_words_and_protected_terms_give_what_the_chain_gives(
        before in text(), behind in text(), own in parts(8), protected in parts(3), config in prop::sample::select(Config::ALL),
        tofu_risk in any::<bool>(), cut in 2..40_usize,
    ) {
        let text = [before, behind].concat();
        let mut builder = Converter::builder().config(config).tofu_risk(tofu_risk).protect(words(&text, &protected));
        // Of two dictionaries, the first one with a hit wins.
        for own in own.chunks(5) {
            builder = builder.dictionary(dictionary(&words(&text, own)));
        }
        check(&builder.build().unwrap(), &text, cut)?;
    }
}

#[test]
fn a_protected_term_with_a_line_feed_is_found_in_pieces() {
    let converter = Converter::builder().config(Config::S2t).protect(["发\n里"]).build().unwrap();
    let text = "头发\n里面，发\n里发\n";
    assert_eq!(converter.convert(text), "頭发\n里面，发\n里發\n");
    (1..text.len()).for_each(|cut| check(&converter, text, cut).unwrap());
}

/// As many own words as make filters grow and characters many.
#[test]
fn many_own_words_give_what_the_chain_gives() {
    let words: Vec<String> = PIECES.iter().filter(|piece| piece.chars().count() > 1).cloned().collect();
    let mut words: Vec<String> = words.windows(2).map(|pair| pair.concat().chars().skip(1).take(4).collect()).collect();
    words.sort();
    words.dedup();
    let text = PIECES.concat();
    for &config in Config::ALL {
        let converter = Converter::builder().config(config).dictionary(dictionary(&words)).build().unwrap();
        assert_eq!(converter.convert(&text), converter.reference().convert(&text), "{config}");
    }
}

/// A configuration file that equals a built-in one has its tables: that shows by where a text can be cut.
#[test]
fn a_configuration_that_equals_a_built_in_one_is_as_fast() {
    let text = "一二三，四五，头发。里面，头";
    let of = |builder: ConverterBuilder| builder.build().unwrap();
    for &config in Config::ALL {
        for tofu_risk in [false, true] {
            let json =
                format!("// a comment\n{}", config.json().replace("\"text\"", "\"ocd2\"").replace(".txt", ".ocd2"));
            let file = Converter::builder().config_json(json).tofu_risk(tofu_risk);
            let builtin = Converter::builder().config(config).tofu_risk(tofu_risk);
            let boundary = of(builtin.clone()).boundary(text);
            assert!(boundary.is_some());
            assert_eq!(of(file.clone()).boundary(text), boundary, "{config}");
            assert_eq!(of(file.clone()).convert(text), of(builtin.clone()).convert(text), "{config}");
            let own = dictionary(&["五，头".to_owned()]);
            let (file, builtin) = (of(file.dictionary(own.clone())), of(builtin.dictionary(own)));
            assert_eq!(file.boundary(text), builtin.boundary(text), "{config}");
            assert_eq!(file.convert(text), builtin.convert(text), "{config}");
        }
    }
    let same = builtin_dictionaries().find(|dictionary| dictionary.name() == "TWVariants").unwrap();
    let same = Dictionary::from_text("TWVariants", &text_of(&same)).unwrap();
    let builtin = Converter::builder().config(Config::T2tw);
    let replaced = builtin.clone().replace_dictionary("TWVariants", same);
    assert_eq!(of(replaced).boundary(text), of(builtin.clone()).boundary(text));
    let other = builtin.replace_dictionary("TWVariants", dictionary(&["里".to_owned()]));
    assert_eq!(of(other).boundary(text), None);
}

fn text_of(dictionary: &Dictionary) -> String {
    let entries = dictionary.to_entries();
    entries.iter().map(|(key, values)| format!("{key}\t{}\n", values.join(" "))).collect()
}

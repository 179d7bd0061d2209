//! Many texts, each converted on its own, whatever stands beside it.

use fanjian::{Config, Converter, Target};
use proptest::prelude::*;

use crate::{streaming, words::words};

/// Words, which what is beside them may go on with; what ends and begins no word; long texts; separators in the text.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(words());
    let part = (word.clone(), any::<prop::sample::Index>(), any::<bool>()).prop_map(|(word, at, first)| {
        let (before, behind) = word.split_at(word.floor_char_boundary(at.index(word.len() + 1)));
        if first { before.to_owned() } else { behind.to_owned() }
    });
    let plain = prop::sample::select(vec!["", "\n", "a", "𠮟", "⼀", "…"]).prop_map(str::to_owned);
    let special = prop::sample::select(vec!["⿰", "⿰后", "后⿲一", "\0", "头\0发"]).prop_map(str::to_owned);
    let long = (word, 1_usize..700).prop_map(|(word, count)| word.repeat(count));
    let text = prop_oneof![12 => part, 2 => plain, 1 => long];
    // With something special among them, texts are not converted together; so few lists have it.
    let few = prop::collection::vec(prop_oneof![4 => text.clone(), 2 => streaming::text(), 1 => special], 0..8);
    let many = prop::collection::vec(text, 50..300);
    (few.clone(), many, few, prop_oneof![2 => Just(1), 1 => Just(3)]).prop_map(|(before, many, behind, lists)| {
        let lists = if lists == 3 { vec![before, many, behind] } else { vec![many] };
        lists.concat()
    })
}

fn converters() -> Vec<Converter> {
    let builtin = Config::ALL.iter().map(|&config| Converter::new(config));
    let own = Converter::builder().dictionary(fanjian::Dictionary::from_text("own", "头\t\0\0\n").unwrap());
    builtin.chain([own.build().unwrap(), Converter::for_target(Target::Taiwan)]).collect()
}

fn each(converter: &Converter, texts: &[String]) -> Vec<String> {
    let (mut out, mut ends) = (String::from("before"), Vec::new());
    converter.convert_each(texts.iter().map(String::as_str), &mut out, |out| ends.push(out.len()));
    let starts = ["before".len()].into_iter().chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, &end)| out[start..end].to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn many_texts_are_converted_each_on_its_own(texts in texts()) {
        for converter in converters() {
            let expected: Vec<String> = texts.iter().map(|text| converter.convert(text).into_owned()).collect();
            prop_assert_eq!(&each(&converter, &texts), &expected, "{:?}", &converter);
            for separator in ['\0', '\n', '|', '\u{2ff0}'] {
                let joined = texts.join(&separator.to_string());
                let expected: Vec<_> = joined.split(separator).map(|text| converter.convert(text)).collect();
                let converted = converter.convert_separated(&joined, separator);
                prop_assert_eq!(converted, expected.join(&separator.to_string()), "by {:?}", separator);
            }
        }
    }
}

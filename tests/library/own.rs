//! Own words and preferred characters, in configurations and to targets.

use std::sync::LazyLock;

use fanjian::{
    Config, Converter, ConverterBuilder, Dictionary, ErrorKind, InvalidUtf8, Step, Target, Vocabulary,
    builtin_dictionaries,
};
use proptest::prelude::*;

use crate::ways;

fn own(text: &str) -> Dictionary {
    Dictionary::from_text("own", text).unwrap()
}

fn config(config: Config) -> ConverterBuilder {
    Converter::builder().config(config)
}

fn target(target: Target) -> ConverterBuilder {
    Converter::builder().target(target)
}

fn local(to: Target) -> ConverterBuilder {
    target(to).vocabulary(Vocabulary::Local)
}

/// 发 → 發 used to break 头发 to a target, and 头 → 頭 in a configuration.
#[test]
fn an_own_word_leaves_longer_words_alone() {
    for builder in [config(Config::S2tw), target(Target::Taiwan), local(Target::Taiwan)] {
        for (entry, text, expected) in [
            ("发\t發\n", "头发、理发、发现、发", "頭髮、理髮、發現、發"),
            ("头\t头\n", "头发、头", "頭髮、头"),
            ("里\t裏\n", "公里、里", "公里、裏"),
        ] {
            let converter = builder.clone().dictionary(own(entry)).build().unwrap();
            assert_eq!(converter.convert(text), expected, "{entry}");
        }
    }
}

/// OpenCC's phrases of two to eight characters, without the few that targets leave out.
static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let phrases = builtin_dictionaries().find(|dictionary| dictionary.name() == "STPhrases").unwrap().to_entries();
    let keys = phrases.iter().map(|(key, _)| key.to_owned());
    keys.filter(|key| (2..=8).contains(&key.chars().count())).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// An own word that is a part of a built-in one is not found in it: in configurations and to targets alike.
    #[test]
    fn no_built_in_word_is_broken_by_a_shorter_own_word(
        phrase in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(), len in any::<prop::sample::Index>(),
    ) {
        let phrase = phrase.get(&PHRASES);
        let characters: Vec<char> = phrase.chars().collect();
        let len = 1 + len.index(characters.len() - 1);
        let from = from.index(characters.len() - len + 1);
        let word: String = characters[from..from + len].iter().collect();
        for builder in [config(Config::S2t), config(Config::S2twp), target(Target::Taiwan), target(Target::HongKong)] {
            let converter = builder.dictionary(own(&format!("{word}\t@\n"))).build().unwrap();
            let converted = converter.convert(phrase).into_owned();
            prop_assert!(!converted.contains('@'), "{} in {}: {}", word, phrase, converted);
        }
    }
}

#[test]
fn own_words_match_in_both_scripts_on_request() {
    for builder in [config(Config::S2twp), config(Config::Tw2sp), target(Target::Taiwan), local(Target::Simplified)] {
        let both = builder.dictionary(own("内存\t@\n計畫\t#\n")).dictionary_in_both_scripts(true).build().unwrap();
        assert_eq!(both.convert("内存，內存，計畫，计划"), "@，@，#，#");
    }
    // What is in the dictionary counts before that.
    let both = target(Target::Taiwan).dictionary(own("内存\t1\n內存\t2\n")).dictionary_in_both_scripts(true);
    assert_eq!(both.build().unwrap().convert("内存內存"), "12");
}

#[test]
fn preferred_characters_replace_others_of_the_same_meaning() {
    let cases: &[(ConverterBuilder, &str, &str, &str)] = &[
        (target(Target::Taiwan), "臺裏", "台湾的台风，家里，公里", "臺灣的颱風，家裏，公里"),
        (target(Target::Taiwan), "臺", "台州和兄台", "台州和兄台"),
        (target(Target::Taiwan), "台", "臺灣的舞臺，臺風", "台灣的舞台，台風"),
        (target(Target::Taiwan), "着", "看着，著名的顯著，看著名單", "看着，著名的顯著，看着名單"),
        (target(Target::Taiwan), "溫綫", "溫度，線路", "溫度，綫路"),
        (target(Target::HongKong), "群衛臺", "羣眾，衞生，電視台", "群眾，衛生，電視臺"),
        (target(Target::Traditional), "吃群", "喫飯，羣眾", "吃飯，群眾"),
        (local(Target::Taiwan), "臺", "操作平台和软件", "操作平臺和軟體"),
        (config(Config::S2t), "台吃麵", "台湾好吃的面条", "台灣好吃的麵條"),
        (config(Config::S2twp), "裏", "软件里", "軟體裏"),
    ];
    for (builder, preferred, text, expected) in cases {
        let converter = builder.clone().prefer(preferred.chars()).build().unwrap();
        assert_eq!(converter.convert(text), *expected, "{preferred}");
        // What is the user's own stays as it is.
        let converter = builder
            .clone()
            .prefer(preferred.chars())
            .protect(["台湾"])
            .dictionary(own("好吃\t好喫台裡\n"))
            .build()
            .unwrap();
        assert_eq!(converter.convert("台湾好吃"), "台湾好喫台裡");
    }
    let converter = target(Target::Taiwan).prefer(['裏']).build().unwrap();
    let segments = converter.segments("家裡");
    let decision = segments.last().unwrap().decisions.last().unwrap();
    assert_eq!((decision.step, &*decision.key, &*decision.value), (Step::Preference, "裡", "裏"));
    for (builder, kind) in [
        (target(Target::Simplified), ErrorKind::Conflict),
        (config(Config::T2s), ErrorKind::Conflict),
        (config(Config::T2jp), ErrorKind::Conflict),
        (config(Config::S2t).prefer(['台']), ErrorKind::Conflict),
        (config(Config::S2t).prefer(['头']), ErrorKind::Config),
    ] {
        assert_eq!(builder.prefer(['臺']).build().unwrap_err().kind(), kind);
    }
}

fn preferences() -> impl Strategy<Value = Vec<char>> {
    let known: Vec<char> = fanjian::preferable_characters().map(|(preferred, _)| preferred).collect();
    prop::sample::subsequence(known, 1..12).prop_filter("each would replace the other", |preferred| {
        let replaced = |from: char| {
            fanjian::preferable_characters().any(|(to, replaced)| preferred.contains(&to) && replaced.contains(&from))
        };
        !preferred.iter().any(|&character| replaced(character))
    })
}

/// Characters in two shapes, words with them, and others that show a script or need a decision.
fn text() -> impl Strategy<Value = String> {
    let mut pieces: Vec<String> =
        fanjian::preferable_characters().map(|(preferred, _)| preferred.to_string()).collect();
    let more = "台州 颱風 台风 著名 看著 看着 名單 皇后 皇後 后来 後 里 公里 头发 發 干 幹部 乾 只 隻 温 说 、 。 \n \n\n a 嘅 の これは 臺灣 台湾";
    pieces.extend(more.split(' ').map(str::to_owned));
    prop::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_second_conversion_with_the_same_preferences_changes_nothing(text in text(), preferred in preferences()) {
        for to in [Target::Taiwan, Target::HongKong, Target::Traditional] {
            let converter = target(to).prefer(preferred.iter().copied()).build().unwrap();
            let once = converter.convert(&text).into_owned();
            prop_assert_eq!(&converter.convert(&once), &once, "{} {:?}", to, preferred);
        }
    }

    /// Every way to convert a text gives the same, in pieces of any size, and so does its explanation.
    #[test]
    fn preferences_are_the_same_on_every_way(text in text(), preferred in preferences()) {
        let builders = [target(Target::Taiwan), local(Target::HongKong), config(Config::S2t), config(Config::S2twp)];
        for builder in builders {
            let builder = builder.prefer(preferred.iter().copied()).dictionary(own("公里\t裡台\n看\t@@\n"));
            let converter = builder.build().unwrap();
            let expected = converter.convert(&text).into_owned();
            for (name, way) in ways::WAYS {
                prop_assert_eq!(&way(&converter, &text), &expected, "{}", name);
            }
            let explained: String = converter.segments(&text).into_iter().map(|segment| segment.output).collect();
            prop_assert_eq!(&explained, &expected);
            let bytes = converter.convert_bytes(text.as_bytes(), InvalidUtf8::Strict).unwrap();
            prop_assert_eq!(bytes.as_ref(), expected.as_bytes());
        }
    }
}

/// The preferred characters are a dictionary of that name, too.
#[test]
fn own_words_of_a_dictionary_of_any_name_are_own_words() {
    let own = Dictionary::from_text("preferences", "头\t首\n").unwrap();
    let converter = config(Config::S2t).dictionary(own).prefer(['台']).build().unwrap();
    let steps: Vec<_> =
        converter.segments("头台湾").into_iter().flat_map(|segment| segment.decisions).map(|d| d.step).collect();
    assert!(steps.contains(&Step::OwnEntry) && steps.contains(&Step::Preference), "{steps:?}");
}

//! Quotation marks as a region writes them: on every way to convert, in any pieces, across boundaries; and errors.

use fanjian::{
    Config, Converter, ConverterBuilder, Dictionary, ErrorKind, InvalidUtf8, Punctuation, ScriptHistory, Step, Target,
    Vocabulary,
};
use proptest::prelude::*;

use crate::ways::{WAYS, stream};

fn local(builder: ConverterBuilder) -> Converter {
    builder.punctuation(Punctuation::Local).build().unwrap()
}

/// By each configuration of Chinese and to each target, and with own words, which leave the fast way.
fn converters() -> Vec<Converter> {
    let builder = Converter::builder;
    let own = || Dictionary::from_text("own", "头发\t头“毛”\n　\t：\n").unwrap();
    let configs = Config::ALL.iter().filter(|config| !matches!(config, Config::T2jp | Config::Jp2t));
    let targets = Target::ALL.iter().flat_map(|&target| {
        let builder = || builder().target(target);
        [builder(), builder().vocabulary(Vocabulary::Local), builder().dictionary(own())]
    });
    let custom = [builder().dictionary(own()), builder().config(Config::T2s).protect(["里", "髮"])];
    configs.map(|&config| builder().config(config)).chain(targets).chain(custom).map(local).collect()
}

fn text() -> impl Strategy<Value = String> {
    let pieces = [
        "“", "”", "‘", "’", "「", "」", "『", "』", "\n", "\n\n", "\n　\n", "\r\n", "　　", "头发", "頭髮", "里", "的",
        "后", "。", "，", "don’t", "a", " ", "の", "これ", "⿰", "软件", "\u{1e}", "\0",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..50).prop_map(|pieces| pieces.concat())
}

/// Texts cut between two characters.
fn cut_text() -> impl Strategy<Value = (String, usize)> {
    (text(), any::<prop::sample::Index>()).prop_map(|(text, at)| {
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        (text, at)
    })
}

proptest! {
    // Each case takes all converters.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_way_gives_the_same(text in text()) {
        // A separator of texts is in none of them.
        let text = text.replace('\0', "");
        for converter in converters() {
            let converted = converter.convert(&text);
            for (name, way) in WAYS {
                prop_assert_eq!(&way(&converter, &text), &converted, "{}", name);
            }
        }
    }

    #[test]
    fn marks_alone_change_beside_what_the_conversion_changes(text in text()) {
        for &target in Target::ALL {
            let with_marks = local(Converter::builder().target(target)).convert(&text).into_owned();
            let without = Converter::for_target(target).convert(&text).into_owned();
            prop_assert_eq!(with_marks.chars().count(), without.chars().count());
            for (with, without) in with_marks.chars().zip(without.chars()) {
                prop_assert!(with == without || "“”‘’「」『』".contains(without));
            }
            // And nothing changes again.
            let converter = local(Converter::builder().target(target));
            prop_assert_eq!(converter.convert(&with_marks), with_marks.as_str());
        }
    }

    #[test]
    fn pieces_do_not_matter(text in text(), size in 1_usize..40) {
        for converter in converters() {
            prop_assert_eq!(stream(&converter, text.as_bytes().chunks(size)), converter.convert(&text).into_owned());
        }
    }

    #[test]
    fn nothing_reaches_across_a_boundary((text, at) in cut_text()) {
        for converter in converters() {
            let Some(boundary) = converter.boundary(&text[..at]) else { continue };
            prop_assert!(0 < boundary && boundary < at);
            let history = converter.history(&text[..boundary], ScriptHistory::default());
            let mut stream = converter.stream().with_history(history);
            let mut out = converter.convert(&text[..boundary]).into_owned().into_bytes();
            stream.push(&text.as_bytes()[boundary..], &mut out).unwrap();
            stream.finish(&mut out).unwrap();
            prop_assert_eq!(String::from_utf8(out).unwrap(), converter.convert(&text).into_owned(), "cut at {}", boundary);
        }
    }

    /// The texts between bytes that are not UTF-8 are texts of their own.
    #[test]
    fn bytes_that_are_not_utf_8_pass((text, at) in cut_text()) {
        for config in [Config::S2tw, Config::T2s] {
            let converter = local(Converter::builder().config(config));
            let (left, right) = text.split_at(at);
            let bytes = [left.as_bytes(), b"\xff", right.as_bytes()].concat();
            let expected = [converter.convert(left).as_bytes(), b"\xff", converter.convert(right).as_bytes()].concat();
            prop_assert_eq!(&*converter.convert_bytes(&bytes, InvalidUtf8::Pass).unwrap(), expected.as_slice());
            let again = converter.convert_bytes(&expected, InvalidUtf8::Pass).unwrap();
            let mut stream = converter.stream().invalid_utf8(InvalidUtf8::Pass);
            let mut out = Vec::new();
            bytes.chunks(3).for_each(|piece| stream.push(piece, &mut out).unwrap());
            stream.finish(&mut out).unwrap();
            prop_assert_eq!(out, &*expected);
            prop_assert!(config != Config::T2s || again == expected);
        }
    }
}

#[test]
fn a_boundary_is_behind_an_empty_line() {
    let converter = local(Converter::builder());
    let rest = |text: &'static str| converter.boundary(text).map(|at| &text[at..]);
    assert_eq!(rest("他说“头发”。\n\n他说“头"), Some("他说“头"));
    assert_eq!(rest("他说“头发”。\r\n　\r\n他说\n“头"), Some("他说\n“头"));
    assert_eq!(rest("他说“头发”。\n他说，头"), None);
    assert_eq!(rest("他说“头发”。\n\n"), None);
    let own = Dictionary::from_text("own", "　\t：\n").unwrap();
    let converter = local(Converter::builder().dictionary(own));
    assert_eq!(converter.boundary("头发\n　\n头发\n"), None);
    assert_eq!(converter.boundary("头发\n\n头发\n"), Some("头发\n\n".len()));
}

#[test]
fn each_of_several_texts_is_one_of_its_own() {
    let converter = local(Converter::builder());
    let texts = ["头“发", "里‘面’"];
    let (mut out, mut ends) = (String::new(), Vec::new());
    converter.convert_each(texts, &mut out, |out| ends.push(out.len()));
    assert_eq!(&out[..ends[0]], "頭「發");
    assert_eq!(&out[ends[0]..], "裏「面」");
    assert_eq!(converter.convert_separated("头“发\n里‘面’", '\n'), "頭「發\n裏「面」");
    assert_eq!(converter.convert("头“发\n里‘面’"), "頭「發\n裏『面』");
}

#[test]
fn a_mark_is_explained() {
    let converter = local(Converter::builder());
    let segments = converter.segments("他说“里");
    let mark = segments.iter().find(|segment| segment.output == "「").unwrap();
    assert_eq!(mark.source, 6..9);
    let [decision] = mark.decisions.as_slice() else { panic!("{mark:?}") };
    assert_eq!((decision.step, decision.dictionary.as_str()), (Step::Punctuation, "punctuation"));
    assert_eq!((decision.key.as_str(), decision.value.as_str()), ("“", "「"));
    // An own word is explained, and what became of its marks.
    let own = Dictionary::from_text("own", "头发\t“毛”\n").unwrap();
    let segments = local(Converter::builder().dictionary(own)).segments("头发");
    assert_eq!(segments[0].output, "「毛」");
    assert_eq!(segments[0].decisions.last().unwrap().key, "“毛”");
}

#[test]
fn what_has_no_marks_of_a_script_is_refused() {
    let error = |builder: ConverterBuilder| builder.punctuation(Punctuation::Local).build().unwrap_err();
    let message = |builder: ConverterBuilder| {
        let error = error(builder);
        assert_eq!(error.kind(), ErrorKind::Conflict);
        error.to_string()
    };
    for config in [Config::T2jp, Config::Jp2t] {
        assert!(message(Converter::builder().config(config)).contains(&format!("{config}: Japanese")));
        assert!(Converter::builder().config(config).punctuation(Punctuation::Keep).build().is_ok());
    }
    let text = message(Converter::builder().config_json(Config::S2t.json()));
    assert!(text.contains("does not say what script its output is"), "{text}");
    let file = tempfile::tempdir().unwrap().path().join("own.json");
    let text = message(Converter::builder().config_file(&file));
    assert!(text.contains("own.json"), "{text}");
    let protected = error(Converter::builder().protect(["“头发”"]));
    assert_eq!(protected.kind(), ErrorKind::Config);
    assert!(protected.to_string().contains("'“头发”' has quotation marks"), "{protected}");
    assert!(Converter::builder().config_name("s2twp.json").punctuation(Punctuation::Local).build().is_ok());
}

//! Configuration files that equal no built-in one, on the fast way, against the reference chain.

use fanjian::{Config, Converter, ConverterBuilder, Dictionary};
use proptest::{prelude::*, sample::Index};

use crate::overlay::{check, dictionary, parts, text, words};

/// A dictionary in a configuration, of these words.
fn inline(words: &[String]) -> String {
    let values = ["里面", "裏", "干", "頭", "a", "⿰后", "云原生"];
    let is_held = |word: &&String| !word.contains(['"', '\\', '\0']) && !word.contains(char::is_control);
    let entries = words.iter().filter(is_held).zip(values.iter().cycle());
    let entries: Vec<_> = entries.map(|(word, value)| format!(r#""{word}": "{value}""#)).collect();
    format!(r#"{{"type": "inline", "entries": {{{}}}}}"#, entries.join(", "))
}

/// A configuration of these stages, which cuts a text by these words before, or does not cut it.
fn json(segmentation: Option<&[String]>, stages: &[Vec<String>]) -> String {
    let segmentation = segmentation.map_or_else(String::new, |words| {
        format!(r#""segmentation": {{"type": "mmseg", "dict": {}}},"#, inline(words))
    });
    let chain: Vec<_> = stages.iter().map(|words| format!(r#"{{"dict": {}}}"#, inline(words))).collect();
    format!(r#"{{{segmentation} "conversion_chain": [{}]}}"#, chain.join(", "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Before tables are made, from where on they are, and in the midst of a text.
    #[test]
    fn a_configuration_gives_what_the_chain_gives(
        before in text(), behind in text(), segmentation in prop::option::of(parts(8)),
        stages in prop::collection::vec(parts(12), 1..4), own in parts(5), protected in parts(3), cut in 2..40_usize,
        switch in any::<Index>(),
    ) {
        let text = [before, behind].concat();
        let segmentation = segmentation.map(|parts| words(&text, &parts));
        let stages: Vec<_> = stages.iter().map(|parts| words(&text, parts)).collect();
        let mut builder = Converter::builder().config_json(json(segmentation.as_deref(), &stages));
        builder = builder.protect(words(&text, &protected));
        if !own.is_empty() {
            builder = builder.dictionary(dictionary(&words(&text, &own)));
        }
        let converter = builder.clone().build().unwrap();
        check(&converter, &text, cut)?;
        converter.prepare();
        check(&converter, &text, cut)?;

        let converter = builder.build().unwrap();
        let expected = converter.reference().convert(&text).into_owned();
        let (begin, rest) = text.as_bytes().split_at(switch.index(text.len() + 1));
        let (mut stream, mut out) = (converter.stream(), Vec::new());
        stream.push(begin, &mut out).unwrap();
        converter.prepare();
        for piece in rest.chunks(cut) {
            stream.push(piece, &mut out).unwrap();
        }
        stream.finish(&mut out).unwrap();
        prop_assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

/// Where a text can be cut shows whether there are tables: without, only behind line feeds.
fn has_tables(converter: &Converter) -> bool {
    converter.boundary("一二三，四五，头发。里面，头").is_some()
}

#[test]
fn tables_are_made_when_they_pay() {
    let own = Dictionary::from_text("TWVariants", "里\t裡\n里面\t裏面\n").unwrap();
    let variants = |builder: ConverterBuilder| builder.replace_dictionary("TWVariants", own.clone()).build().unwrap();
    let text = "一二里面，三四里。".repeat(100);
    for builder in
        [Converter::builder().config(Config::T2tw), Converter::builder().config(Config::T2tw).protect(["四里"])]
    {
        let converter = variants(builder);
        let expected = converter.reference().convert(&text).into_owned();
        assert_eq!(converter.convert(&text), expected);
        assert!(!has_tables(&converter), "a short text does not pay for tables");
        for _ in 0..100 {
            assert_eq!(converter.convert(&text), expected);
        }
        assert!(has_tables(&converter), "many short texts do");
        assert_eq!(converter.convert(&text), expected);
    }
    let converter = variants(Converter::builder().config(Config::T2tw));
    assert!(!has_tables(&converter));
    converter.prepare();
    assert!(has_tables(&converter));
}

/// Of a configuration of one stage, a house style is the second one.
#[test]
fn a_house_style_of_a_configuration_has_tables() {
    let builder = Converter::builder().config(Config::Hk2t).prefer(['裡', '臺']);
    let own = Dictionary::from_text("own", "家裏\t家裏\n台州人\t臺州人\n").unwrap();
    for builder in [builder.clone(), builder.dictionary(own).protect(["台中"])] {
        let converter = builder.build().unwrap();
        converter.prepare();
        assert!(has_tables(&converter));
        for text in ["家裏的台灣，台州人在台中", "裏面，台州，台中的裏面", "家裏裏面台州人人"]
        {
            assert_eq!(converter.convert(text), converter.reference().convert(text), "{text}");
        }
    }
}

/// With three stages there are no tables, and all goes by the chain.
#[test]
fn three_stages_have_no_tables() {
    let json = json(None, &["里", "面", "裡"].map(|word| vec![word.to_owned()]));
    let converter = Converter::builder().config_json(json).build().unwrap();
    converter.prepare();
    assert!(!has_tables(&converter));
    assert_eq!(converter.convert("里和面"), converter.reference().convert("里和面"));
}

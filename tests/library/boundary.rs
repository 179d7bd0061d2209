//! A text cut at its boundary gives, part by part, what the whole gives.

use std::{collections::HashMap, path::Path};

use fanjian::{Config, Converter, Dictionary, Punctuation};
use proptest::prelude::*;

use crate::{streaming::text, words::words};

/// Words with compatibility ideographs, which normalization makes keys of.
fn to_normalize() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/CJK_Compatibility_Ideographs.txt");
    let entries = Dictionary::from_path(path).unwrap().to_entries();
    let forms: HashMap<&str, &str> = entries.iter().map(|(key, values)| (values[0].as_str(), key)).collect();
    let form = |character: char| {
        let character = character.to_string();
        forms.get(character.as_str()).map_or(character.clone(), |form| (*form).to_owned())
    };
    words()
        .into_iter()
        .map(|word| word.chars().map(form).collect())
        .filter(|word: &String| word.chars().count() > 1)
        .collect()
}

/// Lines, and among them enough line feeds to end an ideographic description sequence.
fn lines() -> impl Strategy<Value = String> {
    let breaks = prop::sample::select(vec!["\n", "\r\n", "a\n", "⿰\n", "⿰⿲后\n面"]).prop_map(str::to_owned);
    let many = (0_usize..70).prop_map(|count| "\n".repeat(count));
    let to_normalize = prop::sample::select(to_normalize());
    let piece = prop_oneof![4 => text(), 2 => to_normalize, 3 => breaks, 1 => many];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// What a boundary is asked of, often the beginning of a word; and what follows.
fn cut_lines() -> impl Strategy<Value = (String, String)> {
    (lines(), any::<prop::sample::Index>()).prop_map(|(whole, at)| {
        let (text, following) = whole.split_at(whole.floor_char_boundary(at.index(whole.len() + 1)));
        (text.to_owned(), following.to_owned())
    })
}

fn own(entries: &str) -> Dictionary {
    Dictionary::from_text("own", entries).unwrap()
}

/// Converters of which it is not known what reaches across what, but for line feeds.
fn customs() -> Vec<Converter> {
    let builtin = Config::ALL.iter().flat_map(|&config| {
        let builder = || Converter::builder().config(config);
        [
            builder().dictionary(own("里\t\n一\t一一\na\tb\n")),
            builder().protect(["后", "的里", "⿰"]),
            builder().protect(["一\n", "\n\n"]),
            builder().dictionary(own("一\t⿰\n")),
        ]
    });
    // What the first stage makes, deletes or shortens is what the second one sees.
    let stages = |first: &str, second: &str| {
        let stage = |entries| format!(r#"{{"dict": {{"type": "inline", "entries": {{{entries}}}}}}}"#);
        let json = format!(r#"{{"conversion_chain": [{}, {}]}}"#, stage(first), stage(second));
        Converter::builder().config_json(json)
    };
    let files = [
        stages(r#""后面": "面", "的": "⿱""#, r#""面": "麵""#),
        stages(r#""后面": "面", "里": "裏裏""#, r#""面": "麵", "麵\n": "|""#),
        stages(r#""后面": "面", "a⿰": "a""#, r#""面": "麵", "⿰\r": "⿰""#),
        stages(r#""后": "后面", "⿰": "a""#, r#""面": "麵""#).dictionary(own("里\t\n一\t\n")),
    ];
    builtin.chain(files).map(|builder| builder.build().unwrap()).collect()
}

/// What comes of a text as soon as it has come, and of all of it.
fn decided(converter: &Converter, text: &str) -> (String, String) {
    let mut out = Vec::new();
    let mut stream = converter.stream();
    stream.push(text.as_bytes(), &mut out).unwrap();
    let decided = String::from_utf8(out.clone()).unwrap();
    stream.finish(&mut out).unwrap();
    (decided, String::from_utf8(out).unwrap())
}

#[track_caller]
fn check(converter: &Converter, text: &str, following: &str) -> Option<usize> {
    check_ends(converter, text);
    let boundary = converter.boundary(text)?;
    assert!(0 < boundary && boundary < text.len(), "{boundary} of {}", text.len());
    let whole = [text, following].concat();
    let (before, rest) = whole.split_at(boundary);
    let before = converter.convert(before);
    let (rest_decided, rest) = decided(converter, rest);
    let (whole_decided, whole_converted) = decided(converter, &whole);
    assert_eq!(whole_converted, converter.reference().convert(&whole), "{whole:?}");
    assert_eq!(format!("{before}{rest}"), whole_converted, "{whole:?} is cut at {boundary}");
    // A stream that begins there is as far as one that began earlier: what comes out before an error does not differ.
    assert_eq!(format!("{before}{rest_decided}"), whole_decided, "{whole:?} is cut at {boundary}");
    Some(boundary)
}

/// The end of a text shows the boundary of the whole, or none.
#[track_caller]
fn check_ends(converter: &Converter, text: &str) {
    let whole = converter.boundary(text);
    for (start, _) in text.char_indices() {
        if let Some(boundary) = converter.boundary_of_end(&text[start..]) {
            assert_eq!(Some(start + boundary), whole, "{text:?} from {start} on");
        }
    }
}

proptest! {
    #[test]
    fn nothing_reaches_across_a_boundary((text, following) in cut_lines()) {
        for &config in Config::ALL {
            for tofu_risk in [false, true] {
                let converter = Converter::builder().config(config).tofu_risk(tofu_risk).build().unwrap();
                check(&converter, &text, &following);
                check(&converter.reference(), &text, &following);
            }
        }
    }

    #[test]
    fn nothing_reaches_across_a_boundary_with_choices((text, following) in cut_lines()) {
        thread_local!(static CUSTOMS: Vec<Converter> = customs());
        CUSTOMS.with(|customs| {
            for converter in customs {
                check(converter, &text, &following);
            }
        });
    }
}

#[test]
fn a_boundary_is_as_near_to_the_end_as_can_be_known() {
    let converter = Converter::new(Config::S2t);
    let of = |text: &str| check(&converter, text, "发").map(|boundary| &text[boundary..]).map(str::to_owned);
    assert_eq!(of("一二，头").as_deref(), Some("头"));
    assert_eq!(of("一二，\n").as_deref(), Some("\n"));
    assert_eq!(of(""), None);
    assert_eq!(of("头"), None);
    // A description sequence may take whatever follows, but no more than 64 characters.
    assert_eq!(of("，，⿰，，").as_deref(), Some("，⿰，，"));
    assert_eq!(of(&format!("⿰{}", "，".repeat(70))).as_deref(), Some("，"));
    // One of 64 characters, across what would be a boundary.
    let long = format!("，，⿱，{}", "⿰，".repeat(14));
    check(&converter, &long, "头发头发");
}

#[test]
fn the_end_of_a_text_shows_its_boundary_if_no_description_sequence_can_reach_across() {
    let converter = Converter::new(Config::S2t);
    assert_eq!(converter.boundary_of_end(&"，".repeat(65)), Some("，".len() * 64));
    assert_eq!(converter.boundary_of_end(&"，".repeat(64)), None);
    let quoted = Converter::builder().config(Config::S2t).punctuation(Punctuation::Local).build().unwrap();
    assert_eq!(quoted.boundary_of_end(&"\n\n".repeat(100)), None);
}

#[test]
fn own_words_and_protected_terms_are_not_cut() {
    let converter = Converter::builder().dictionary(own("云原生\t雲端原生\n")).protect(["头\n发"]).build().unwrap();
    let of = |text: &str, following| check(&converter, text, following).map(|boundary| text[boundary..].to_owned());
    assert_eq!(of("一二，云", "原生").as_deref(), Some("云"));
    assert_eq!(of("一二，云原", "生").as_deref(), Some("云原"));
    assert_eq!(of("一二，头\n", "发").as_deref(), Some("头\n"));
}

#[test]
fn by_a_configuration_of_ones_own_a_boundary_is_behind_a_line_feed() {
    let built = |builder: fanjian::ConverterBuilder| builder.build().unwrap();
    let stages = |first: &str| {
        let stage = |entries| format!(r#"{{"dict": {{"type": "inline", "entries": {entries}}}}}"#);
        let second = stage(r#"{"后": "後"}"#);
        Converter::builder().config_json(format!(r#"{{"conversion_chain": [{}, {second}]}}"#, stage(first)))
    };
    let converter = built(stages(r#"{"头发": "頭髮"}"#).dictionary(own("云原生\t雲端原生\n")));
    assert_eq!(check(&converter, "头发，头发\n头发", "，"), Some("头发，头发\n".len()));
    assert_eq!(check(&converter, "头发\n", "头发"), None);
    assert_eq!(check(&converter, "⿰\n\n", "头发"), None);
    assert_eq!(check(&converter, &format!("⿰{}", "\n".repeat(70)), "头发"), Some("⿰".len() + 69));
    // Its key reaches across the line feed.
    let converter = built(stages(r#"{"头发": "頭髮"}"#).protect(["头\n发"]));
    assert_eq!(check(&converter, "头发\n头\n", "发"), None);

    // The first stage makes a description sequence.
    let converter = built(stages(r#"{"里": "⿰"}"#));
    assert_eq!(check(&converter, "里\n后", "后后"), None);
    // It makes a long one short: ⿰ is then followed by a line feed and 后.
    let converter = built(stages(r#"{"一": "一"}"#).dictionary(own("⿱\t\n里\t\n")));
    let long = format!("⿰{}{}\n后", "⿱".repeat(16), "里".repeat(100));
    assert_eq!(converter.convert(&format!("{long}后")), "⿰\n后後");
    assert_eq!(check(&converter, &long, "后"), None);
}

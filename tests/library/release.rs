//! Dictionaries of a release in place of the built-in ones.

use std::{fs, path::Path};

use fanjian::{Config, Converter, Dictionaries, Dictionary, ErrorKind, builtin_dictionaries};
use fanjian_dictionary::seal::{HEAD, Seal};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::ways::WAYS;

/// The files of the built-in release, as text.
fn files() -> Vec<(String, Vec<u8>)> {
    let dictionaries = builtin_dictionaries()
        .map(|dictionary| (format!("data/{}.txt", dictionary.name()), dictionary.to_entries().to_text().into_bytes()));
    let configs = Config::ALL.iter().map(|config| (format!("data/config/{config}.json"), config.json().into()));
    dictionaries.chain(configs).collect()
}

fn with(dictionaries: &Dictionaries, config: Config) -> Converter {
    Converter::builder().config(config).dictionaries(dictionaries.clone()).build().unwrap()
}

#[test]
fn the_same_dictionaries_give_the_same_results() {
    let imported = Dictionaries::from_files("opencc-1.4.2", files()).unwrap();
    let pinned = Dictionaries::from_bytes(imported.to_bytes().unwrap()).unwrap();
    assert_eq!(pinned.to_bytes().unwrap(), imported.to_bytes().unwrap());
    assert_eq!(pinned.configs().collect::<Vec<_>>(), Config::ALL);
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/page.txt")).unwrap();
    for config in [Config::S2t, Config::S2twp, Config::Tw2sp, Config::T2jp] {
        let converter = with(&pinned, config);
        for (way, convert) in WAYS {
            assert_eq!(convert(&converter, &page), Converter::new(config).convert(&page), "{config}, {way}");
        }
    }
}

#[test]
fn own_words_and_configuration_files_use_them_too() {
    let json = r#"{"conversion_chain": [{"dict": {"type": "ocd2", "file": "Characters.ocd2"}}]}"#;
    let mine = [("Characters.txt", "头\t首\n发\t髮\n"), ("s2t.json", json), ("README.md", "no dictionary")];
    let mine = Dictionaries::from_files("mine", mine.map(|(name, text)| (name.to_owned(), text.into()))).unwrap();
    assert_eq!(mine.dictionaries().map(|found| found.name().to_owned()).collect::<Vec<_>>(), ["Characters"]);
    assert_eq!(with(&mine, Config::S2t).convert("头发里"), "首髮里");

    let builder = Converter::builder().dictionaries(mine.clone());
    let own = Dictionary::from_text("own", "里\t裡\n").unwrap();
    assert_eq!(builder.clone().dictionary(own.clone()).build().unwrap().convert("头发里"), "首髮裡");
    assert_eq!(builder.clone().config_json(json).build().unwrap().convert("头发里"), "首髮里");
    let replaced = builder.clone().replace_dictionary("Characters", own).build().unwrap();
    assert_eq!(replaced.convert("头发里"), "头发裡");

    let error = builder.clone().config_json(json.replace("Characters", "STCharacters")).build().unwrap_err();
    assert!(error.to_string().contains("'STCharacters.ocd2': it is not in 'mine'"), "{error}");
    let error = builder.config(Config::T2s).build().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().contains("no configuration t2s, but s2t")),
        (ErrorKind::NotFound, true)
    );
}

#[cfg(feature = "targets")]
/// Without a segmentation, an own word is input of the second stage: the tables of both stages know no such word.
#[test]
fn an_own_word_goes_through_the_second_stage_where_nothing_cuts() {
    let files = [
        ("First.txt", "甲\t乙\n"),
        ("Second.txt", "丙\t丁\n"),
        (
            "s2t.json",
            r#"{"conversion_chain": [
                {"dict": {"type": "text", "file": "First.txt"}}, {"dict": {"type": "text", "file": "Second.txt"}}
            ]}"#,
        ),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let release = Dictionaries::from_files("two stages", files).unwrap();
    let own = Dictionary::from_text("own", "子\t丙\n").unwrap();
    let builder = Converter::builder().config(Config::S2t).dictionaries(release).dictionary(own);
    assert_eq!(builder.build().unwrap().convert("甲子丙"), "乙丁丁");
}

/// They used to be converted together, with NUL between them, as those of a built-in configuration are.
#[test]
fn texts_are_converted_each_on_its_own_whatever_the_dictionaries_have() {
    let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "Words.txt"}}]}"#;
    for words in ["头\0发\t髮\n", "头\t頭\0\n", "头\t⿰\n"] {
        let files = [("Words.txt", words), ("s2t.json", json)];
        let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let converter = with(&Dictionaries::from_files("mine", files).unwrap(), Config::S2t);
        let texts = ["头", "发", "头头"];
        let expected: Vec<_> = texts.iter().map(|text| converter.convert(text)).collect();
        let mut converted = String::new();
        converter.convert_each(texts, &mut converted, |converted| converted.push('|'));
        assert_eq!(converted, expected.join("|") + "|", "{words:?}");
        assert_eq!(converter.convert_separated(&texts.join("\0"), '\0'), expected.join("\0"), "{words:?}");
    }
}

/// Nine million pairs of characters become the key of the second stage: a few kilobytes used to take gigabytes of memory.
#[test]
fn a_release_whose_tables_would_take_memory_without_limit_is_an_error() {
    let first: String = ('\u{4e00}'..).take(3000).map(|character| format!("{character}\t口\n")).collect();
    let json = r#"{"conversion_chain": [
        {"dict": {"type": "text", "file": "First.txt"}}, {"dict": {"type": "text", "file": "Second.txt"}}
    ]}"#;
    let files = [("First.txt", &*first), ("Second.txt", "口口\t品\n"), ("s2t.json", json)];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let release = Dictionaries::from_files("forged", files).unwrap();
    let error = Converter::builder().config(Config::S2t).dictionaries(release.clone()).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let message = error.to_string();
    assert!(message.starts_with("Second: ") && message.contains("at most 1048576 are supported"), "{message}");

    // A configuration file goes without tables.
    let converter = Converter::builder().config_json(json).dictionaries(release).build().unwrap();
    converter.prepare();
    assert_eq!(converter.convert("一二"), "品");
}

#[test]
fn a_target_has_dictionaries_of_its_own() {
    let json = r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"a": "b"}}}]}"#;
    let mine = Dictionaries::from_files("mine", [("s2t.json".to_owned(), json.into())]).unwrap();
    let error = Converter::builder().target(fanjian::Target::Taiwan).dictionaries(mine).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("use a configuration"), "{error}");
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let import = |files: &[(&str, &str)]| {
        let files = files.iter().map(|&(name, text)| (name.to_owned(), text.into()));
        Dictionaries::from_files("mine", files).unwrap_err()
    };
    let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "More.txt"}}]}"#;
    let error = import(&[("a/s2t.json", json)]);
    assert_eq!(
        (error.kind(), &*error.to_string()),
        (ErrorKind::NotFound, "mine, s2t: no dictionary 'More.txt' is among the files")
    );
    let error = import(&[("a/s2t.json", json), ("a/More.txt", "a\tb\n"), ("b/More.txt", "a\tc\n")]);
    assert_eq!(error.to_string(), "mine: two files of one name differ: a/More.txt and b/More.txt");
    let error = import(&[("More.txt", "a\tb\n")]);
    assert!(
        error.to_string().starts_with("mine: no configuration is among the files: expected some of s2t.json"),
        "{error}"
    );
    let error = import(&[("s2t.json", json), ("a/More.txt", "a b\n"), ("LICENSE.txt", "no entry")]);
    assert_eq!(error.to_string(), "a/More.txt:1: no tab between key and value in 'a b'");
    let error = import(&[("s2t.json", "{")]);
    assert_eq!(error.kind(), ErrorKind::Config);
}

proptest! {
    /// With a right checksum, as somebody could forge it.
    #[test]
    fn a_forged_file_is_refused_or_harmless(changes in vec((any::<Index>(), any::<u8>()), 1..6)) {
        const SEAL: Seal = Seal { magic: b"fjdicts\x1a", version: 1, what: "file" };
        let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "More.txt"}}]}"#;
        let files = [("More.txt", "头\t頭\n头发\t頭髮\n"), ("s2t.json", json)];
        let mine = Dictionaries::from_files("mine", files.map(|(name, text)| (name.to_owned(), text.into()))).unwrap();
        let mut bytes = mine.to_bytes().unwrap();
        prop_assert!(Dictionaries::recognizes(&bytes));
        for (at, byte) in changes {
            let at = HEAD + at.index(bytes.len() - HEAD);
            bytes[at] = byte;
        }
        prop_assert!(Dictionaries::from_bytes(bytes.clone()).is_err() || bytes == mine.to_bytes().unwrap());
        let forged = SEAL.close(&bytes[HEAD..]).unwrap();
        if let Ok(forged) = Dictionaries::from_bytes(forged) {
            for config in forged.configs() {
                let _ = with(&forged, config).convert("头发里的头");
            }
        }
    }
}

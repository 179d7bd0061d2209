//! Converters with choices: own words, protected terms, configuration files, and what goes wrong with them.

use std::{borrow::Cow, fs, path::Path};

use fanjian::{Config, Converter, Dictionary, DictionaryFormat, Entries, ErrorKind};
use proptest::prelude::*;

use crate::ways::WAYS;

#[track_caller]
fn check(converter: &Converter, text: &str, expected: &str) {
    for (way, convert) in WAYS {
        assert_eq!(convert(converter, text), expected, "{way}");
    }
}

fn own(text: &str) -> Dictionary {
    Dictionary::from_text("own", text).unwrap()
}

#[test]
fn unchanged_text_is_borrowed() {
    let converter = Converter::new(Config::S2twp);
    assert!(matches!(converter.convert("abc 一二三。"), Cow::Borrowed(_)));
    assert!(matches!(converter.convert(""), Cow::Borrowed(_)));
    let bytes = converter.convert_bytes("一二三".as_bytes(), fanjian::InvalidUtf8::Strict).unwrap();
    assert!(matches!(bytes, Cow::Borrowed(_)));
    assert!(matches!(converter.convert("头"), Cow::Owned(_)));
}

#[test]
fn converters_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(value: T) -> T {
        value
    }
    let converter = shared(Converter::new(Config::S2t));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let converter = converter.clone();
            std::thread::spawn(move || converter.convert("头发").into_owned())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), "頭髮");
    }
}

#[test]
fn own_entries_come_before_the_built_in_ones() {
    for config in [Config::S2t, Config::S2twp] {
        let converter = Converter::builder().config(config).dictionary(own("头发\t毛髮\n发\t發財\n")).build().unwrap();
        check(&converter, "头发，发，发现", "毛髮，發財，發現");
    }
}

#[test]
fn own_values_are_not_changed_by_later_stages() {
    let converter = Converter::builder().config(Config::S2twp).dictionary(own("鼠标\t鼠標\n里\t裏\n")).build().unwrap();
    check(&converter, "鼠标里的硬盘", "鼠標裏的硬碟");
}

#[test]
fn own_entries_are_segments_of_their_own() {
    let converter = Converter::builder().config(Config::S2tw).dictionary(own("后来\t后来\n")).build().unwrap();
    check(&converter, "后来面对", "后来面對");
}

#[test]
fn an_entry_that_begins_earlier_reaches_over_own_ones() {
    for config in [Config::S2t, Config::S2tw] {
        let converter = Converter::builder().config(config).dictionary(own("发\t发\n")).build().unwrap();
        check(&converter, "头发和发", "頭髮和发");
    }
}

#[test]
fn the_first_of_several_own_dictionaries_wins() {
    let converter = Converter::builder().dictionary(own("a\t1\n")).dictionary(own("a\t2\nab\t3\n")).build().unwrap();
    check(&converter, "ab", "1b");
}

#[test]
fn own_entries_may_delete() {
    let converter = Converter::builder().dictionary(own("（完）\t\n")).build().unwrap();
    check(&converter, "后来（完）", "後來");
}

#[test]
fn dictionaries_are_replaced_by_name() {
    let mine = own("鼠標\t老鼠\n");
    let converter =
        Converter::builder().config(Config::S2twp).replace_dictionary("TWPhrases", mine.clone()).build().unwrap();
    check(&converter, "鼠标和硬盘", "老鼠和硬盤");

    let error = Converter::builder().config(Config::S2t).replace_dictionary("TWPhrases", mine).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let message = error.to_string();
    assert!(message.contains("'TWPhrases'") && message.contains("STPhrases"), "{message}");
}

#[test]
fn protected_terms_survive_every_step() {
    let converter = Converter::builder()
        .config(Config::S2twp)
        .protect(["鼠标", "皇后", "皇后大道", "\u{f92f}", "皇后"])
        .dictionary(own("鼠标\t老鼠\n"))
        .build()
        .unwrap();
    check(&converter, "皇后大道的鼠标\u{f92f}鼠标垫头发", "皇后大道的鼠标\u{f92f}鼠标墊頭髮");
}

#[test]
fn protected_terms_win_over_earlier_phrases() {
    let converter = Converter::builder().protect(["发现"]).build().unwrap();
    check(&converter, "头发现", "頭发现");
}

#[test]
fn an_empty_protected_term_is_refused() {
    let error = Converter::builder().protect([""]).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EmptyKey);
}

#[test]
fn the_tofu_switch_is_off_by_default() {
    assert_eq!(Converter::new(Config::T2s).convert("㑮"), "㑮");
    let with = |tofu| Converter::builder().config(Config::T2s).tofu_risk(tofu).build().unwrap();
    assert_eq!(with(false).convert("㑮"), "㑮");
    assert_eq!(with(true).convert("㑮"), "𫝈");
}

#[test]
fn configurations_are_known_by_name() {
    for &config in Config::ALL {
        assert_eq!(config.name().parse::<Config>().unwrap(), config);
        assert_eq!(config.name().to_uppercase().parse::<Config>().unwrap(), config);
        let by_file_name = Converter::builder().config_name(format!("{config}.json")).build().unwrap();
        assert_eq!(by_file_name.convert("头髮發里"), Converter::new(config).convert("头髮發里"));
        assert!(!config.description().is_empty());
    }
    let error = "s2x".parse::<Config>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("'s2x'") && error.to_string().contains("s2twp"), "{error}");
}

fn write(folder: &Path, name: &str, contents: &str) {
    fs::write(folder.join(name), contents).unwrap();
}

#[test]
fn binary_dictionaries_are_read_and_a_text_stands_in_for_a_missing_one() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"conversion_chain": [{"dict": {"type": "ocd2", "file": "STCharacters.ocd2"}}]}"#;
    write(folder.path(), "mine.json", json);
    let converter = || Converter::builder().config_file(folder.path().join("mine.json")).build();
    check(&converter().unwrap(), "头", "頭");

    write(folder.path(), "STCharacters.txt", "头\t首\n");
    check(&converter().unwrap(), "头", "首");
    let entries = Entries::parse("own words", "头\t首級\n").unwrap();
    for format in [DictionaryFormat::Ocd2, DictionaryFormat::Fanjian, DictionaryFormat::Text] {
        fs::write(folder.path().join("STCharacters.ocd2"), format.write("own words", &entries).unwrap()).unwrap();
        check(&converter().unwrap(), "头", "首級");
    }

    let mut damaged = DictionaryFormat::Ocd2.write("own words", &entries).unwrap();
    damaged.truncate(100);
    fs::write(folder.path().join("STCharacters.ocd2"), damaged).unwrap();
    let error = converter().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    assert!(error.to_string().contains("STCharacters.ocd2: ") && error.offset().is_some(), "{error}");
}

#[test]
fn configuration_files_bring_their_dictionaries() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{ // mine
        "segmentation": {"type": "mmseg", "dict": {"type": "text", "file": "words.txt"}},
        "conversion_chain": [{"dict": {"type": "group", "dicts": [
            {"type": "text", "file": "words.txt"},
            {"type": "ocd2", "file": "more.ocd2"},
            {"type": "ocd2", "file": "STCharacters.ocd2"},
        ]}}],
    }"#;
    write(folder.path(), "mine.json", json);
    write(folder.path(), "words.txt", "\u{feff}# mine\r\n头发\t毛髮 頭髮\r\n");
    let more = folder.path().join("more");
    fs::create_dir(&more).unwrap();
    write(&more, "more.txt", "a\tb\n");

    let path = folder.path().join("mine.json");
    let error = Converter::builder().config_file(&path).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("'more.ocd2'") && error.to_string().contains("mine.json"), "{error}");

    let converter = Converter::builder().config_file(&path).search_folder(&more).build().unwrap();
    check(&converter, "头发a发", "毛髮b發");

    for name in ["mine", "mine.json"] {
        let converter = Converter::builder().config_name(name).search_folder(folder.path()).search_folder(&more);
        assert_eq!(converter.find_config_file().unwrap(), Some(path.clone()));
        check(&converter.build().unwrap(), "头发a发", "毛髮b發");
    }
}

/// Upstream takes the folder for the configuration and fails.
#[test]
fn a_folder_named_like_a_configuration_does_not_stand_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("s2t.json")).unwrap();
    let converter = Converter::builder().config_name("s2t.json").search_folder(folder.path()).build().unwrap();
    check(&converter, "头发", "頭髮");
}

#[test]
fn files_in_a_search_folder_come_before_built_in_configurations() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"a": "b"}}}]}"#;
    write(folder.path(), "s2t.json", json);
    let named = |name: &str| Converter::builder().config_name(name).search_folder(folder.path());
    check(&named("s2t").build().unwrap(), "a头", "b头");
    check(&named("s2tw").build().unwrap(), "a头", "a頭");
    assert_eq!(named("s2t").find_config_file().unwrap(), Some(folder.path().join("s2t.json")));
    let not_files = [named("s2tw"), named("s2tw.json"), named("s2t").config(Config::S2t), Converter::builder()];
    assert!(not_files.iter().all(|builder| builder.find_config_file().unwrap().is_none()));
    assert_eq!(named("s2x").find_config_file().unwrap_err().kind(), ErrorKind::NotFound);
    let built_in = Converter::builder().config(Config::S2t).search_folder(folder.path()).build().unwrap();
    check(&built_in, "a头", "a頭");
}

/// Each faulty configuration with the error that it must give.
#[test]
fn faulty_configurations_are_told_with_the_place() {
    let inline = r#"{"dict": {"type": "inline", "entries": {"a": "b"}}}"#;
    for (json, kind, parts) in [
        ("{", ErrorKind::Config, &["configuration:1"][..]),
        ("{\n\n\"conversion_chain\": nonsense}", ErrorKind::Config, &["configuration:3"]),
        ("{}", ErrorKind::Config, &["conversion_chain"]),
        (r#"{"conversion_chain": 1}"#, ErrorKind::Config, &["configuration:1"]),
        (r#"{"conversion_chain": [{}]}"#, ErrorKind::Config, &["dict"]),
        (
            r#"{"conversion_chain": [{"dict": {"type": "group"}}]}"#,
            ErrorKind::Config,
            &["conversion_chain[0].dict", "'dicts'"],
        ),
        (
            r#"{"conversion_chain": [{"dict": {"type": "group", "dicts": [{"type": "text"}]}}]}"#,
            ErrorKind::Config,
            &["conversion_chain[0].dict.dicts[0]", "'file'"],
        ),
        (r#"{"conversion_chain": [{"dict": {"type": "inline"}}]}"#, ErrorKind::Config, &["'entries'"]),
        (r#"{"conversion_chain": [{"dict": {"type": "marisa"}}]}"#, ErrorKind::Config, &["'marisa'"]),
        (
            r#"{"conversion_chain": [{"dict": {"type": "group", "match_policy": "best", "dicts": []}}]}"#,
            ErrorKind::Config,
            &["best"],
        ),
        (
            r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"a": "b", "a": "c"}}}]}"#,
            ErrorKind::DuplicateKey,
            &["conversion_chain[0].dict.entries", "'a'"],
        ),
        (
            r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"a": ""}}}]}"#,
            ErrorKind::Config,
            &["'a'", "empty"],
        ),
        (
            r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"": "a"}}}]}"#,
            ErrorKind::EmptyKey,
            &["entries"],
        ),
        (
            r#"{"conversion_chain": [{"dict": {"type": "text", "file": "none.txt"}}]}"#,
            ErrorKind::NotFound,
            &["none.txt"],
        ),
        (
            &format!(r#"{{"segmentation": {{"type": "jieba"}}, "conversion_chain": [{inline}]}}"#),
            ErrorKind::Config,
            &["jieba", "mmseg"],
        ),
        (
            &format!(r#"{{"segmentation": {{"type": "mmseg"}}, "conversion_chain": [{inline}]}}"#),
            ErrorKind::Config,
            &["segmentation", "'dict'"],
        ),
        (
            r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {'a': "b"}}}]}"#,
            ErrorKind::Config,
            &["configuration:1"],
        ),
    ] {
        let error = Converter::builder().config_json(json).build().unwrap_err();
        assert_eq!(error.kind(), kind, "{json}: {error}");
        for part in parts {
            assert!(error.to_string().contains(part), "{json}: '{error}' does not name {part}");
        }
    }
}

#[test]
fn deep_nesting_is_refused_not_a_crash() {
    let depth = 100_000;
    let open = r#"{"type": "group", "dicts": ["#.repeat(depth);
    let json = format!(r#"{{"conversion_chain": [{{"dict": {open}{}}}]}}"#, "]}".repeat(depth));
    assert_eq!(Converter::builder().config_json(json).build().unwrap_err().kind(), ErrorKind::Config);
}

/// It used to be a stack overflow.
#[test]
fn many_stages_are_refused_not_a_crash() {
    let stage = r#"{"dict": {"type": "inline", "entries": {"a": "b"}}}"#;
    let with = |stages: usize| {
        let json = format!(r#"{{"conversion_chain": [{}]}}"#, vec![stage; stages].join(","));
        Converter::builder().config_json(json).build()
    };
    check(&with(64).unwrap(), "a", "b");
    let error = with(100_000).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("100000 stages"), "{error}");
}

/// The built-in dictionary of the same name used to be taken in silence.
#[test]
fn a_path_to_a_dictionary_is_that_file() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "STPhrases.txt", "头发\t毛髮\n");
    let json = |file: &str| format!(r#"{{"conversion_chain": [{{"dict": {{"type": "text", "file": "{file}"}}}}]}}"#);
    let absolute = folder.path().join("STPhrases.txt").display().to_string().replace('\\', "/");
    check(&Converter::builder().config_json(json(&absolute)).build().unwrap(), "头发", "毛髮");
    let error = Converter::builder().config_json(json("mistyped/STPhrases.txt")).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    check(&Converter::builder().config_json(json("STPhrases.txt")).build().unwrap(), "头发", "頭髮");
}

#[test]
fn a_dictionary_is_replaced_once() {
    let builder = Converter::builder().replace_dictionary("STPhrases", own("a\tb\n"));
    let error = builder.replace_dictionary("STPhrases", own("a\tb\n")).build().unwrap_err();
    assert!(error.to_string().contains("twice"), "{error}");
    let error = Converter::builder().config(Config::T2s).replace_dictionary("TSCharactersExt", own("a\tb\n")).build();
    assert!(error.unwrap_err().to_string().contains("tofu"));
}

proptest! {
    /// Everything at once: own dictionaries, protected terms, the tofu switch, on every way.
    #[test]
    fn choices_agree_on_every_way(
        config in prop::sample::select(Config::ALL.to_vec()), tofu_risk: bool,
        own in prop::collection::btree_map(word(), "[a髮发里]{0,2}", 0..4), protected in prop::collection::vec(word(), 0..3),
        text in prop::collection::vec(word(), 0..12),
    ) {
        let entries: String = own.iter().map(|(key, value)| format!("{key}\t{value}\n")).collect();
        let converter = Converter::builder()
            .config(config)
            .tofu_risk(tofu_risk)
            .dictionary(Dictionary::from_text("own", &entries).unwrap())
            .protect(protected.clone())
            .build()
            .unwrap();
        let text = text.concat();
        let expected = converter.reference().convert(&text).into_owned();
        for (way, convert) in WAYS {
            prop_assert_eq!(convert(&converter, &text), &*expected, "{}", way);
        }
        if protected.contains(&text) {
            prop_assert_eq!(expected, text);
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    let words = ["头发", "发", "里", "皇后", "后", "鼠标", "裡面", "滑鼠", "㑮", "a", "⿰", "\u{f92f}", "头", "面"];
    prop::sample::select(words.map(str::to_owned).to_vec())
}

#[test]
fn errors_of_dictionary_files_name_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "words.txt"}}]}"#;
    write(folder.path(), "mine.json", json);
    for (contents, kind, line) in [
        ("a\tb\na b\n", ErrorKind::Syntax, 2),
        ("a\tb\n\na\tc\n", ErrorKind::DuplicateKey, 3),
        ("\tb\n", ErrorKind::EmptyKey, 1),
    ] {
        write(folder.path(), "words.txt", contents);
        let error = Converter::builder().config_file(folder.path().join("mine.json")).build().unwrap_err();
        assert_eq!((error.kind(), error.line()), (kind, Some(line)));
        assert!(error.to_string().contains(&format!("words.txt:{line}: ")), "{error}");
    }
    let missing = folder.path().join("missing.json");
    let error = Converter::builder().config_file(&missing).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("missing.json"), "{error}");
}

#[test]
fn compiled_dictionaries_take_the_place_of_text_ones() {
    let folder = tempfile::tempdir().unwrap();
    let compiled = own("头发\t毛髮\n").to_bytes().unwrap();
    fs::write(folder.path().join("words.txt"), &compiled).unwrap();
    let dictionary = Dictionary::from_path(folder.path().join("words.txt")).unwrap();
    check(&Converter::builder().dictionary(dictionary).build().unwrap(), "头发", "毛髮");

    fs::write(folder.path().join("words.txt"), &compiled[..compiled.len() - 1]).unwrap();
    let error = Dictionary::from_path(folder.path().join("words.txt")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    assert!(error.to_string().contains("words.txt"), "{error}");
}

//! OpenCC's binary dictionaries: read, written, and damaged. The files in `opencc_format/` are of `words.txt`, made by
//! `opencc_dict` of OpenCC 1.4.2 (`words.ocd2`, `words.ocd`) and 1.1.9 (`words-64-bit.ocd`).

use std::{
    fs,
    path::{Path, PathBuf},
};

use fanjian_dictionary::{Dictionary, DictionaryFormat, Entries, Error, ErrorKind};
use proptest::{
    collection::{btree_map, btree_set, vec},
    prelude::*,
};

const MADE_BY_OPENCC: [&str; 3] = ["words.ocd2", "words.ocd", "words-64-bit.ocd"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/opencc_format")
}

fn words() -> Entries {
    Entries::parse("words.txt", &fs::read_to_string(folder().join("words.txt")).unwrap()).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<Entries, Error> {
    DictionaryFormat::of(&bytes).read(Path::new("it"), bytes)
}

#[test]
fn what_opencc_wrote_is_what_it_was_made_from() {
    for name in MADE_BY_OPENCC {
        let dictionary = Dictionary::from_path(folder().join(name)).unwrap();
        assert_eq!(dictionary.to_entries(), words(), "{name}");
        assert_eq!(dictionary.longest_match("头发干燥").found.unwrap().first(), "頭髮乾");
    }
}

#[test]
fn without_entries_there_is_a_file_too() {
    let none = Entries::new();
    assert_eq!(read(DictionaryFormat::Ocd2.write("it", &none).unwrap()).unwrap(), none);
    // The trie of no length, and three zeros.
    assert_eq!(read([&b"OPENCCDARTS1\x01\0\0\0\x01"[..], &[0; 12]].concat()).unwrap(), none);
}

#[test]
fn each_cut_is_an_error_that_names_the_file_and_the_offset() {
    for name in MADE_BY_OPENCC {
        let bytes = fs::read(folder().join(name)).unwrap();
        for len in 20..bytes.len() {
            let error = read(bytes[..len].to_vec()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Damaged, "{name} of {len} bytes: {error}");
            let message = error.to_string();
            assert!(error.offset().is_some_and(|offset| offset <= len as u64), "{message}");
            assert!(message.starts_with("it: ") && message.contains("at offset ") && message.contains("opencc_dict"));
        }
        let longer = [&bytes[..], b"x"].concat();
        assert!(read(longer).unwrap_err().message().contains("1 bytes follow the last value"));
    }
}

#[test]
fn each_bit_may_be_wrong() {
    for name in MADE_BY_OPENCC {
        let bytes = fs::read(folder().join(name)).unwrap();
        // A bit of the 256 places of the cache, each of 12 bytes, is not looked at: a few of them do.
        for at in (12..bytes.len()).filter(|at| !(1024..3800).contains(at) || at % 97 == 0) {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << bit;
                // Whatever it says, it says it without a panic.
                let _ = read(bytes);
            }
        }
    }
}

#[test]
fn what_a_format_cannot_hold_is_an_error() {
    let entries = |key: &str, value: &str| {
        let mut entries = Entries::new();
        entries.insert(key, [value]).unwrap();
        entries
    };
    for (format, key, value) in [
        (DictionaryFormat::Ocd2, "a\0b", "c"),
        (DictionaryFormat::Ocd2, "a", "b\0c"),
        (DictionaryFormat::Text, "#a", "b"),
        (DictionaryFormat::Text, "a\tb", "c"),
        (DictionaryFormat::Text, "a", "b c"),
        (DictionaryFormat::Ocd, "a", "b"),
    ] {
        let error = format.write("it", &entries(key, value)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
    let long = "x".repeat(70_000);
    assert_eq!(DictionaryFormat::Ocd2.write("it", &entries("a", &long)).unwrap_err().kind(), ErrorKind::TooLarge);
}

/// A file that the reader takes for a forged one is not written.
#[test]
fn keys_that_share_too_much_are_an_error() {
    let mut entries = Entries::new();
    let beginning = "x".repeat(4090);
    for number in 0..20_000 {
        entries.insert(format!("{beginning}{number:05}"), [""]).unwrap();
    }
    let error = DictionaryFormat::Ocd2.write("it", &entries).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().starts_with("the keys have 81900000 bytes, and of an .ocd2 of "), "{error}");
}

#[test]
fn a_format_that_is_another_one_is_an_error() {
    let bytes = fs::read(folder().join("words.ocd2")).unwrap();
    let error = DictionaryFormat::Fanjian.read(Path::new("words.ocd2"), bytes).unwrap_err();
    assert_eq!(error.to_string(), "words.ocd2: not a dictionary in the format fanjian, but in the format ocd2");
}

/// A dictionary at an edge of what the format can hold.
fn extreme() -> impl Strategy<Value = Entries> {
    let entries = |entries: Vec<(String, Vec<String>)>| {
        let mut all = Entries::new();
        entries.into_iter().for_each(|(key, candidates)| all.insert(key, candidates).unwrap());
        all
    };
    let character = || prop::sample::select(vec!['a', 'é', '发', '𠮷']);
    let repeated = |character: char, bytes: usize| character.to_string().repeat(bytes / character.len_utf8());
    let key = move |character, bytes| repeated(character, bytes + 4);
    prop_oneof![
        // Each key is the beginning of the next: their text is some hundred times as long as the file.
        (character(), 1..4096_usize).prop_map(move |(character, most)| {
            (1..=most / character.len_utf8())
                .map(|len| (character.to_string().repeat(len), vec![String::new()]))
                .collect()
        }),
        // One entry, of the longest key and the longest value.
        (character(), 0..=4092_usize, character(), 0..65_535_usize)
            .prop_map(move |(one, bytes, other, len)| vec![(key(one, bytes), vec![repeated(other, len)])]),
        // The most candidates.
        (character(), 1..65_536_usize).prop_map(|(one, count)| vec![(one.to_string(), vec!["x".to_owned(); count])]),
        // Any characters, of one value.
        (btree_set("\\PC{1,8}", 1..300), "\\PC{0,9}")
            .prop_map(|(keys, value)| keys.into_iter().map(|key| (key, vec![value.clone()])).collect()),
    ]
    .prop_map(entries)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Long keys that share all but their ends, one entry, long values, many candidates, one value of many keys.
    #[test]
    fn extremes_are_read_as_they_are_written(entries in extreme()) {
        prop_assert_eq!(read(DictionaryFormat::Ocd2.write("it", &entries).unwrap()).unwrap(), entries);
    }
}

proptest! {
    /// Few letters, so that keys begin and end alike.
    #[test]
    fn what_is_written_is_read(
        entries in btree_map("[ab发髮]{1,9}", vec("[a-c髮]{0,4}", 1..4), 0..60),
    ) {
        let mut all = Entries::new();
        for (key, candidates) in entries {
            all.insert(key, candidates).unwrap();
        }
        prop_assert_eq!(read(DictionaryFormat::Ocd2.write("it", &all).unwrap()).unwrap(), all);
    }

    #[test]
    fn damage_never_panics(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        file in 0..MADE_BY_OPENCC.len(),
    ) {
        let mut bytes = fs::read(folder().join(MADE_BY_OPENCC[file])).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len() - 19) + 19;
            bytes[at] = byte;
        }
        let _ = read(bytes);
    }
}

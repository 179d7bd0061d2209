//! OpenCC's binary dictionaries: read, written, and damaged. The files in `opencc_format/` are of `words.txt`, made by
//! `opencc_dict` of OpenCC 1.4.2 (`words.ocd2`, `words.ocd`) and 1.1.9 (`words-64-bit.ocd`).

use std::{
    fs,
    path::{Path, PathBuf},
};

use fanjian_dictionary::{Dictionary, DictionaryFormat, Entries, Error, ErrorKind};
use proptest::{
    collection::{btree_map, vec},
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

#[test]
fn a_format_that_is_another_one_is_an_error() {
    let bytes = fs::read(folder().join("words.ocd2")).unwrap();
    let error = DictionaryFormat::Fanjian.read(Path::new("words.ocd2"), bytes).unwrap_err();
    assert_eq!(error.to_string(), "words.ocd2: not a dictionary in the format fanjian, but in the format ocd2");
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

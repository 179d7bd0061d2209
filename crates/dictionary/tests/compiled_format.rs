//! Compiled dictionaries: found again as written, and refused with an error where they are not.

use std::collections::BTreeMap;

use fanjian_dictionary::{Container, Dictionary, Entries, ErrorKind};
use proptest::prelude::*;

fn entries(map: &BTreeMap<String, Vec<String>>) -> Entries {
    let mut entries = Entries::new();
    for (key, candidates) in map {
        entries.insert(key, candidates.clone()).unwrap();
    }
    entries
}

/// Few distinct characters of every length in UTF-8, so that keys share prefixes.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!['a', '\0', 'é', '后', '面', '吏', '\u{20000}', '\u{2f80f}']), 0..7)
        .prop_map(String::from_iter)
}

fn map() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let key = text().prop_filter("a key has at least one character", |key| !key.is_empty());
    prop::collection::btree_map(key, prop::collection::vec(text(), 1..4), 0..60)
}

fn sample() -> Dictionary {
    let mut entries = Entries::new();
    // More than 32 transitions at one node, which then has a table of its own.
    for number in 0x4e00..0x4e24 {
        let character = char::from_u32(number).unwrap();
        entries.insert(character, [character.to_string(), "字".into()]).unwrap();
        entries.insert(format!("{character}后面"), ["後面"]).unwrap();
    }
    entries.insert("后\u{20000}", [""]).unwrap();
    Dictionary::from_entries("sample", &entries).unwrap()
}

/// The container with its checksum made right, as a forger would.
fn forge(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&bytes[16..]).to_le_bytes();
    bytes[12..16].copy_from_slice(&checksum);
    bytes
}

/// Walks everything that a dictionary offers: a forged one may have other words, but finds all that it lists, and does not panic.
/// A forged table of a node's transitions used to be accepted, and to hide keys.
fn exercise(dictionary: &Dictionary) {
    let entries = dictionary.to_entries();
    assert_eq!(entries.len(), dictionary.len());
    for (key, values) in entries.iter() {
        let found = dictionary.get(key).expect("a key that is listed");
        assert!(!values.is_empty() && found.candidates().eq(values));
        let found = dictionary.longest_match(key).found.expect("a key that is listed");
        assert_eq!((found.len, found.first()), (key.len(), values[0].as_str()));
        let _ = dictionary.longest_match(&format!("{key}后面\u{20000}"));
    }
}

proptest! {
    #[test]
    fn the_longest_key_is_found(map in map(), text in text()) {
        let dictionary = Dictionary::from_entries("test", &entries(&map)).unwrap();
        let lookup = dictionary.longest_match(&text);
        let expected = map.keys().filter(|key| text.starts_with(*key)).max_by_key(|key| key.len());
        prop_assert_eq!(lookup.found.map(|found| found.len), expected.map(|key| key.len()));
        if let Some(found) = lookup.found {
            let candidates = &map[&text[..found.len]];
            prop_assert_eq!(found.first(), &candidates[0]);
            prop_assert_eq!(&found.candidates().collect::<Vec<_>>(), candidates);
            prop_assert_eq!(dictionary.get(&text[..found.len]).map(|entry| entry.first()), Some(found.first()));
        }
        let open = map.keys().any(|key| key.len() > text.len() && key.starts_with(&text));
        prop_assert_eq!(lookup.open, open);
    }

    #[test]
    fn a_dictionary_survives_its_bytes(map in map()) {
        let entries = entries(&map);
        let bytes = Dictionary::from_entries("test", &entries).unwrap().to_bytes().unwrap();
        let again = Dictionary::from_bytes(bytes.clone()).unwrap();
        prop_assert_eq!(again.name(), "test");
        prop_assert_eq!(again.len(), map.len());
        prop_assert_eq!(again.to_entries(), entries.clone());
        prop_assert_eq!(again.to_bytes().unwrap(), bytes.clone());
        prop_assert_eq!(Container::compile([("test", &entries)]).unwrap(), bytes);
    }

    #[test]
    fn a_forged_container_is_refused_or_harmless(at in 0_usize..8000, value: u8) {
        let mut bytes = sample().to_bytes().unwrap();
        let at = 16 + at % (bytes.len() - 16);
        bytes[at] = value;
        if let Ok(dictionary) = Dictionary::from_bytes(forge(bytes)) {
            exercise(&dictionary);
        }
    }

    #[test]
    fn random_bytes_behind_a_header_are_refused_or_harmless(mut body in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = sample().to_bytes().unwrap();
        let whole = bytes.len();
        body.truncate(whole - 24);
        bytes[whole - body.len()..].copy_from_slice(&body);
        if let Ok(dictionary) = Dictionary::from_bytes(forge(bytes)) {
            exercise(&dictionary);
        }
    }
}

#[test]
fn every_single_damaged_byte_is_noticed() {
    let sound = sample().to_bytes().unwrap();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        let kind = Dictionary::from_bytes(bytes).unwrap_err().kind();
        let expected = if (8..12).contains(&at) { ErrorKind::Version } else { ErrorKind::Damaged };
        assert_eq!(kind, expected, "byte {at}");
    }
}

/// Forging every byte of the FST to a few values reaches every field of the node layout.
#[test]
fn every_forged_byte_is_refused_or_harmless() {
    let sound = sample().to_bytes().unwrap();
    for at in 16..sound.len() {
        for change in [0x01, 0x3f, 0x40, 0x80, 0xff] {
            let mut bytes = sound.clone();
            bytes[at] ^= change;
            if let Ok(dictionary) = Dictionary::from_bytes(forge(bytes)) {
                exercise(&dictionary);
            }
        }
    }
}

#[test]
fn every_cut_is_noticed() {
    let sound = sample().to_bytes().unwrap();
    for len in 0..sound.len() {
        assert_eq!(
            Dictionary::from_bytes(sound[..len].to_vec()).unwrap_err().kind(),
            ErrorKind::Damaged,
            "{len} bytes"
        );
    }
}

#[test]
fn another_version_is_named() {
    let mut bytes = sample().to_bytes().unwrap();
    bytes[8] = 9;
    let error = Dictionary::from_bytes(bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Version);
    assert!(error.to_string().contains("format version 9"), "{error}");
}

#[test]
fn a_container_holds_several_dictionaries_by_name() {
    let one = Entries::parse("one", "a\tb\n").unwrap();
    let two = Entries::parse("two", "a\tc\n").unwrap();
    let bytes = Container::compile([("one", &one), ("two", &two)]).unwrap();
    assert_eq!(Dictionary::from_bytes(bytes.clone()).unwrap_err().kind(), ErrorKind::Damaged);
    let container = Container::from_untrusted(bytes).unwrap();
    assert_eq!(container.names().collect::<Vec<_>>(), ["one", "two"]);
    let two = container.dictionary("two").unwrap();
    assert_eq!(two.get("a").unwrap().first(), "c");
    assert_eq!(container.dictionary("three").unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_file_is_read_by_its_contents() {
    let folder = std::env::temp_dir().join(format!("fanjian-dictionary-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("d");
    std::fs::write(&path, "a\tb\n").unwrap();
    assert_eq!(Dictionary::from_path(&path).unwrap().len(), 1);
    std::fs::write(&path, sample().to_bytes().unwrap()).unwrap();
    assert_eq!(Dictionary::from_path(&path).unwrap().to_entries(), sample().to_entries());
    std::fs::write(&path, b"a\tb\n\xff\tc\n").unwrap();
    let error = Dictionary::from_path(&path).unwrap_err();
    assert_eq!((error.kind(), error.line()), (ErrorKind::InvalidUtf8, Some(2)));
    std::fs::remove_dir_all(&folder).unwrap();
    let error = Dictionary::from_path(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
}

/// Some hundred kilobytes that would take seconds and gigabytes to check.
#[test]
fn keys_are_bounded() {
    let mut entries = Entries::new();
    entries.insert("a".repeat(4097), ["b"]).unwrap();
    let error = Dictionary::from_entries("long", &entries).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("4097"), "{error}");
    let longest = Entries::parse("longest", &format!("{}\tb\n", "a".repeat(4096))).unwrap();
    assert_eq!(Dictionary::from_entries("longest", &longest).unwrap().to_entries(), longest);
}

#[test]
fn two_dictionaries_of_one_name_are_refused() {
    let one = Entries::parse("one", "a\tb\n").unwrap();
    let bytes = Container::compile([("one", &one), ("one", &one)]).unwrap();
    assert_eq!(Container::from_untrusted(bytes).err().unwrap().kind(), ErrorKind::Damaged);
}

/// A file of some hundred kilobytes took gigabytes: every name was the same long one.
#[test]
fn names_and_bodies_that_lie_over_each_other_are_refused() {
    let sound = sample().to_bytes().unwrap();
    let entry = &sound[24..40];
    let mut bytes = sound[..16].to_vec();
    let count = 1000_u32;
    let len = 24 + 16 * count + 100_000;
    bytes.extend(len.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    let name = [24 + 16 * count, 100_000].map(u32::to_le_bytes).concat();
    for _ in 0..count {
        bytes.extend_from_slice(&name);
        bytes.extend_from_slice(&entry[8..]);
    }
    bytes.resize(len as usize, b'a');
    let error = Container::from_untrusted(forge(bytes)).err().unwrap();
    assert!(error.to_string().contains("do not fit"), "{error}");
}

/// Keys share what they begin with: a file of some kilobytes could hold more text than there is memory.
#[test]
fn keys_are_no_longer_together_than_a_file_of_its_length_has_them() {
    let begin = "a".repeat(4090);
    let open = |count: u32| {
        let mut entries = Entries::new();
        (0..count).for_each(|number| entries.insert(format!("{begin}{number:06}"), ["b"]).unwrap());
        let bytes = Container::compile([("long", &entries)]).unwrap();
        assert!(bytes.len() < 1 << 20);
        Container::from_untrusted(bytes)
    };
    assert_eq!(open(1000).unwrap().dictionary("long").unwrap().len(), 1000);
    assert_eq!(open(17_000).err().unwrap().kind(), ErrorKind::Damaged);
}

use std::fmt::Write;

use fanjian::{Config, Converter};
use fanjian_dictionary::{Dictionary, Entries};

use crate::{
    Source,
    targets::{joined, streamed},
};

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let (text, sample) = if source.one_in(2) {
        let mut text = String::new();
        for _ in 0..=source.below(12) {
            match source.byte() % 16 {
                0 => text.push_str(&source.text(3)),
                1 => text.push_str("# "),
                2 => drop(writeln!(text, "{}\t", source.text(2))),
                3 => drop(write!(text, "{}\t{} {}\r\n", source.text(2), source.text(1), source.text(1))),
                _ => drop(writeln!(text, "{}\t{}", source.text(2), source.text(2))),
            }
        }
        let sample = source.text(12);
        (text, sample)
    } else {
        let text = String::from_utf8_lossy(source.rest()).into_owned();
        let sample = text.replace(['\t', '\n'], "");
        (text, sample)
    };
    // As many results as lines that are entries or wrong, whether the whole is accepted or not.
    let lines = Entries::lines("a dictionary", &text);
    let sound = lines.filter(Result::is_ok).count();
    let Ok(entries) = Entries::parse("a dictionary", &text) else { return };
    assert_eq!(sound, entries.len());
    let Ok(dictionary) = Dictionary::from_entries("a dictionary", &entries) else {
        assert!(entries.iter().any(|(key, _)| key.len() > 4096), "refused without a reason");
        return;
    };
    assert_eq!(dictionary.len(), entries.len());
    assert_eq!(dictionary.to_entries(), entries);
    for (key, candidates) in entries.iter() {
        let found = dictionary.get(key).expect("a key");
        assert!(found.candidates().eq(candidates.iter().map(String::as_str)), "candidates of {key:?}");
    }
    let compiled = dictionary.to_bytes().expect("a small dictionary");
    let read = Dictionary::from_bytes(compiled).expect("a compiled dictionary");
    assert_eq!(read.to_entries(), entries);
    for (at, _) in sample.char_indices().take(24) {
        let rest = &sample[at..];
        let expected =
            entries.iter().map(|(key, _)| key).filter(|key| rest.starts_with(key)).max_by_key(|key| key.len());
        let found = read.longest_match(rest).found;
        assert_eq!(found.map(|found| found.len), expected.map(str::len), "the longest key of {rest:?}");
    }
    // Half of the cost is that of making a converter.
    if bytes.len().is_multiple_of(4) {
        let converter = Converter::builder().config(Config::S2twp).dictionary(read).build().expect("a converter");
        let converted = converter.convert(&sample);
        assert_eq!(joined(&converter, &sample), converted);
        assert_eq!(streamed(&converter, sample.as_bytes(), &vec![1; sample.len()]), converted.as_bytes());
    }
}

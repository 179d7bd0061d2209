use std::sync::OnceLock;

use fanjian::builtin_dictionaries;
use fanjian_dictionary::{
    Container, Dictionary, Entries,
    seal::{HEAD, Seal},
};

use crate::Source;

/// The head of compiled dictionaries.
const SEAL: Seal = Seal { magic: b"fanjian\x1a", version: 1, what: "compiled dictionary" };

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let mut container = source.choose(samples()).clone();
    let is_mended = !source.one_in(8);
    for _ in 0..=source.below(6) {
        let at = source.below(container.len());
        match source.byte() % 8 {
            0..=2 => container[at] ^= 1 << source.below(8),
            3 => container[at] = source.byte(),
            4 => {
                container.insert(at, source.byte());
            }
            5 => {
                container.remove(at);
            }
            6 => {
                // The numbers of sizes and places are at the beginning.
                let at = (HEAD + 4 * source.below(32)).min(container.len() - 4);
                let number = [0, 1, 4096, 4097, u32::MAX, container.len() as u32, source.byte().into()];
                container[at..at + 4].copy_from_slice(&source.choose(&number).to_le_bytes());
            }
            _ => container.truncate(at.max(HEAD)),
        }
        if container.len() < HEAD + 4 {
            break;
        }
    }
    if is_mended {
        container = SEAL.close(container.get(HEAD..).unwrap_or_default()).expect("a small dictionary");
    }
    if let Ok(dictionary) = Dictionary::from_bytes(container.clone()) {
        search(&mut source, &dictionary);
    }
    if let Ok(container) = Container::from_untrusted(container) {
        for name in container.names() {
            search(&mut source, &container.dictionary(name).expect("a dictionary that was checked"));
        }
    }
}

fn search(source: &mut Source<'_>, dictionary: &Dictionary) {
    let mut text = source.text(4);
    let entries = dictionary.to_entries();
    assert_eq!(entries.len(), dictionary.len());
    for (key, values) in entries.iter() {
        let found = dictionary.get(key).expect("a key that is listed");
        assert!(!values.is_empty() && found.candidates().eq(values));
        let found = dictionary.longest_match(key).found.expect("a key that is listed");
        assert_eq!((found.len, found.first()), (key.len(), values[0].as_str()));
        text.push_str(key);
    }
    dictionary.first_characters().for_each(drop);
    for (at, _) in text.char_indices().take(200) {
        if let Some(found) = dictionary.longest_match(&text[at..]).found {
            assert!(text.is_char_boundary(at + found.len) && found.candidates().count() > 0);
            assert_eq!(found.candidates().next(), Some(found.first()));
        }
    }
    dictionary.to_bytes().expect("a small dictionary");
}

fn samples() -> &'static [Vec<u8>] {
    static FOUND: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let entries = |text: &str| Entries::parse("a sample", text).expect("entries");
        let own = entries("头\t頭\n头发\t頭髮 頭發\na\t\n\u{20000}\tb\n发\t發 髮\n");
        let other = entries("头发\t頭髮\n");
        let compile =
            |dictionaries: &[(&str, &Entries)]| Container::compile(dictionaries.iter().copied()).expect("a container");
        let mut samples = vec![compile(&[("own", &own)]), compile(&[("own", &own), ("other", &other)]), compile(&[])];
        let small = builtin_dictionaries().filter(|dictionary| dictionary.len() < 100);
        samples.extend(small.map(|dictionary| dictionary.to_bytes().expect("a small dictionary")));
        samples
    })
}

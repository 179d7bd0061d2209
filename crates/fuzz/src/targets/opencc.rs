use std::{path::Path, sync::OnceLock};

use fanjian::builtin_dictionaries;
use fanjian_dictionary::{DictionaryFormat, Entries};

use crate::Source;

/// What the places between the magic and the values may be set to: lengths and numbers at the edges of what they may be.
const NUMBERS: [u32; 8] = [0, 1, 7, 255, 256, 65_535, i32::MAX as u32, u32::MAX];

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let mut file = source.choose(samples()).clone();
    for _ in 0..=source.below(6) {
        if file.len() < 64 {
            break;
        }
        // The magic stays: another one is another format.
        let at = 19 + source.below(file.len() - 19);
        match source.byte() % 8 {
            0..=2 => file[at] ^= 1 << source.below(8),
            3 => file[at] = source.byte(),
            4 => file.insert(at, source.byte()),
            5 => drop(file.remove(at)),
            6 => {
                let at = at.min(file.len() - 4);
                file[at..at + 4].copy_from_slice(&source.choose(&NUMBERS).to_le_bytes());
            }
            _ => file.truncate(at),
        }
    }
    let format = DictionaryFormat::of(&file);
    match format.read(Path::new("it"), file) {
        Ok(entries) => {
            for format in [DictionaryFormat::Ocd2, DictionaryFormat::Fanjian] {
                // A key may be longer than the compiled format takes, and a value than the other one does.
                if let Ok(written) = format.write("it", &entries) {
                    assert_eq!(format.read(Path::new("it"), written).expect("what was written"), entries, "{format}");
                }
            }
        }
        Err(error) => assert!(error.to_string().starts_with("it: "), "{error}"),
    }
}

/// Files that `opencc_dict` made, and own ones.
fn samples() -> &'static [Vec<u8>] {
    static FOUND: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut samples = vec![
            include_bytes!("../../../dictionary/tests/opencc_format/words.ocd2").to_vec(),
            include_bytes!("../../../dictionary/tests/opencc_format/words.ocd").to_vec(),
            include_bytes!("../../../dictionary/tests/opencc_format/words-64-bit.ocd").to_vec(),
        ];
        let written = |entries: &Entries| DictionaryFormat::Ocd2.write("it", entries).expect("a small dictionary");
        samples.push(written(&Entries::new()));
        let small = builtin_dictionaries().filter(|dictionary| dictionary.len() < 100);
        samples.extend(small.map(|dictionary| written(&dictionary.to_entries())));
        samples
    })
}

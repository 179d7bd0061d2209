use fanjian::Vocabulary;

use crate::{
    Source,
    targets::{joined, streamed},
};

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let vocabulary = *source.choose(Vocabulary::ALL);
    let (converter, with_script) = source.by_target(vocabulary);
    let text = source.text(16);
    let converted = converter.convert(&text);
    if vocabulary == Vocabulary::Keep {
        assert_eq!(converter.convert(&converted), converted, "a second run changes {text:?}");
        // Some words of a region have letters: BMW.
        let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
        assert_eq!(ascii(&converted), ascii(&text), "ASCII of {text:?}");
    }
    match source.byte() % 4 {
        0 => assert_eq!(joined(converter, &text), converted),
        1 => assert_eq!(joined(with_script, &text), with_script.convert(&text)),
        2 => {
            let cuts = source.cuts(text.len());
            assert_eq!(streamed(with_script, text.as_bytes(), &cuts), with_script.convert(&text).as_bytes());
        }
        _ => {
            if let Some(boundary) = converter.boundary(&text) {
                let (before, behind) = text.split_at(boundary);
                let parts = [converter.convert(before).into_owned(), converter.convert(behind).into_owned()];
                assert_eq!(parts.concat(), converted, "cut at {boundary}");
            }
        }
    }
}

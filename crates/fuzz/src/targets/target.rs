use fanjian::{ScriptHistory, Vocabulary};

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
                let history = converter.history(before, ScriptHistory::default());
                let mut parts = converter.convert(before).into_owned().into_bytes();
                let mut rest = converter.stream().with_history(history);
                let result = rest.push(behind.as_bytes(), &mut parts).and_then(|()| rest.finish(&mut parts));
                assert!(result.is_ok() && parts == converted.as_bytes(), "cut at {boundary}");
            }
        }
    }
}

use fanjian::InvalidUtf8;

use crate::{Source, source::Both, targets::joined};

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let Both { fast, reference } = source.by_config();
    if source.one_in(3) {
        let torn = source.torn(16);
        let policy = source.policy();
        let (result, expected) = (fast.convert_bytes(&torn, policy), reference.convert_bytes(&torn, policy));
        match (result, expected) {
            (Ok(converted), Ok(expected)) => assert_eq!(converted, expected, "{:?}", String::from_utf8_lossy(&torn)),
            (Err(error), Err(expected)) => {
                assert_eq!(error.offset(), expected.offset());
                let valid = str::from_utf8(&torn).expect_err("an error needs a reason").valid_up_to();
                assert_eq!((policy, error.offset()), (InvalidUtf8::Strict, Some(valid as u64)));
            }
            (result, expected) => panic!("{result:?}, and by the reference chain {expected:?}"),
        }
        return;
    }
    let text = source.text(16);
    let expected = reference.convert(&text);
    assert_eq!(fast.convert(&text), expected, "{text:?}");
    let mut into = "before".to_owned();
    fast.convert_into(&text, &mut into);
    assert_eq!(into.strip_prefix("before"), Some(&*expected));
    match source.byte() % 4 {
        0 => assert_eq!(joined(fast, &text), expected),
        1 => {
            let separator = *source.choose(&['\n', '\0', '|', '一', '\u{2ff0}']);
            let each: Vec<_> = text.split(separator).map(|text| reference.convert(text)).collect();
            assert_eq!(fast.convert_separated(&text, separator), each.join(&separator.to_string()));
            let mut out = String::new();
            fast.convert_each(text.split(separator), &mut out, |out| out.push(separator));
            assert_eq!(out.strip_suffix(separator), Some(&*each.join(&separator.to_string())));
        }
        2 => {
            if let Some(boundary) = fast.boundary(&text) {
                let (before, behind) = text.split_at(boundary);
                // Whatever follows what was looked at.
                let more = source.text(4);
                let parts =
                    [fast.convert(before).into_owned(), fast.convert(&(behind.to_owned() + &more)).into_owned()];
                assert_eq!(parts.concat(), reference.convert(&(text.clone() + &more)), "cut at {boundary}");
            }
        }
        _ => assert_eq!(fast.inspect(&text).output, expected),
    }
}

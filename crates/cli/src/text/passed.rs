//! Bytes of a document that are no UTF-8, and are to be passed through it.

use std::ops::RangeInclusive;

/// Where private use begins that has a place for each byte from 0x80 on, of which one is taken that the text does not use.
const PLACES: RangeInclusive<u32> = 0x2000..=0x21fd;
/// How many bytes there are from 0x80 on.
const LEN: u32 = 0x80;
/// The first byte of the characters in these places.
const FIRST: u8 = 0xf4;

/// The characters that stand for invalid bytes in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    place: u32,
}

impl Passed {
    /// A text in which characters that it does not have stand for invalid bytes. None if it is UTF-8, or has all of them.
    pub(crate) fn text(bytes: &[u8]) -> Option<(String, Passed)> {
        str::from_utf8(bytes).err()?;
        let mut used = [false; 0x200];
        let valid = bytes.utf8_chunks().filter(|chunk| chunk.valid().as_bytes().contains(&FIRST));
        let places = valid.flat_map(|chunk| chunk.valid().chars().map(|character| u32::from(character) / LEN));
        for place in places.filter(|place| PLACES.contains(place)) {
            used[(place - PLACES.start()) as usize] = true;
        }
        let place = PLACES.clone().find(|place| !used[(place - PLACES.start()) as usize])?;
        let mut text = String::with_capacity(bytes.len() + 16);
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            let stand_in = |byte: &u8| char::from_u32(place * LEN + u32::from(*byte) - LEN);
            text.extend(chunk.invalid().iter().filter_map(stand_in));
        }
        Some((text, Passed { place }))
    }

    /// The bytes of what has become of the text.
    pub(crate) fn bytes(self, text: &str, out: &mut Vec<u8>) {
        let mut rest = text;
        while let Some(at) = memchr::memchr(FIRST, rest.as_bytes()) {
            let character = rest[at..].chars().next().unwrap_or_default();
            let (before, behind) = rest.split_at(at + character.len_utf8());
            match u32::from(character) {
                number if number / LEN == self.place => {
                    out.extend_from_slice(&before.as_bytes()[..at]);
                    out.push((number % LEN + LEN) as u8);
                }
                _ => out.extend_from_slice(before.as_bytes()),
            }
            rest = behind;
        }
        out.extend_from_slice(rest.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_the_same_again() {
        let private: String = (0x10_0000..=0x10_ffff).step_by(0x100).filter_map(char::from_u32).collect();
        let sources: [&[u8]; 4] = [
            b"\xff",
            b"a\xe5\xa4\xb4\xe5\xa4b\x80\xfe",
            b"\xf4\x80\x80\xff\xff",
            &[private.as_bytes(), b"\xf4\x8f\xc0"].concat(),
        ];
        for source in sources {
            let (text, passed) = Passed::text(source).unwrap();
            assert!(!source.starts_with("\u{100000}".as_bytes()) || passed.place == 0x2001);
            let mut bytes = Vec::new();
            passed.bytes(&text, &mut bytes);
            assert_eq!(bytes, source);
        }
        assert_eq!(Passed::text("头\u{100000}".as_bytes()), None);
        let all: String = (0x10_0000..=0x10_ffff).step_by(LEN as usize).filter_map(char::from_u32).collect();
        assert_eq!(Passed::text(&[all.as_bytes(), b"\xff"].concat()), None);
    }
}

//! Decoding of UTF-8 that is known to be valid, without branches that a processor guesses wrongly: for the inner loops of all
//! floors.

/// A character as its bytes, the first one lowest; the others of the four are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf8(u32);

impl Utf8 {
    /// The character that begins at this place of valid text. Nonsense, but no panic, where none does.
    #[inline]
    #[must_use]
    pub fn at(text: &[u8], at: usize) -> Utf8 {
        Utf8::first(load(text, at))
    }

    /// The character that ends before this place, where one does.
    #[inline]
    #[must_use]
    pub fn before(text: &[u8], end: usize) -> Utf8 {
        // Nearly always of three bytes.
        if let Some(start) = end.checked_sub(3)
            && text.get(start).is_some_and(|byte| byte & 0xf0 == 0xe0)
        {
            return Utf8::at(text, start);
        }
        let continues = |back: usize| text.get(end - back).is_some_and(|byte| byte & 0xc0 == 0x80);
        let mut back = 1;
        while back < 4 && back < end && continues(back) {
            back += 1;
        }
        Utf8::at(text, end.saturating_sub(back))
    }

    /// The first character of these bytes.
    #[inline]
    fn first(word: u32) -> Utf8 {
        // Nearly always of three bytes.
        if word & 0xf0 == 0xe0 {
            return Utf8(word & 0xff_ffff);
        }
        let character = Utf8(word);
        Utf8(word & u32::MAX >> (32 - 8 * character.len()))
    }

    /// This character.
    #[inline]
    #[must_use]
    pub fn new(character: char) -> Utf8 {
        let mut bytes = [0; 4];
        character.encode_utf8(&mut bytes);
        Utf8(u32::from_le_bytes(bytes))
    }

    /// The character that these are, the first one lowest, and 0 behind them.
    #[inline]
    #[must_use]
    pub fn from_bytes(bytes: u32) -> Utf8 {
        Utf8(bytes)
    }

    /// The bytes, the first one lowest.
    #[inline]
    #[must_use]
    pub fn bytes(self) -> u32 {
        self.0
    }

    /// How many bytes it has.
    #[inline]
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(self) -> usize {
        match self.0 & 0xff {
            0xe0..0xf0 => 3,
            0..0x80 => 1,
            0x80..0xe0 => 2,
            _ => 4,
        }
    }

    /// Its code point.
    #[inline]
    #[must_use]
    pub fn code(self) -> u32 {
        let byte = |index: u32| self.0 >> (8 * index) & 0x3f;
        match self.len() {
            3 => (self.0 & 0xf) << 12 | byte(1) << 6 | byte(2),
            1 => self.0,
            2 => (self.0 & 0x1f) << 6 | byte(1),
            _ => (self.0 & 7) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3),
        }
    }

    /// Appends it.
    #[inline]
    pub fn push(self, out: &mut Vec<u8>) {
        let bytes = self.0.to_le_bytes();
        match self.len() {
            // Of a known length, it costs no call.
            3 => out.extend_from_slice(&[bytes[0], bytes[1], bytes[2]]),
            len => out.extend_from_slice(&bytes[..len]),
        }
    }
}

/// The four bytes from a place on, the first one lowest; 0 for those behind the end.
#[inline(always)]
#[must_use]
pub fn load(text: &[u8], at: usize) -> u32 {
    match text.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(&word) => u32::from_le_bytes(word),
        None => {
            let mut word = [0; 4];
            for (byte, &found) in word.iter_mut().zip(text.get(at..).unwrap_or_default()) {
                *byte = found;
            }
            u32::from_le_bytes(word)
        }
    }
}

/// The code point that a word begins with, and its length in bytes, where most characters have one byte.
#[inline(always)]
#[must_use]
pub fn decode(word: u32) -> (u32, usize) {
    let next = |index: u32| word >> (8 * index) & 0x3f;
    match word & 0xff {
        first @ 0..0x80 => (first, 1),
        0x80..0xe0 => ((word & 0x1f) << 6 | next(1), 2),
        0xe0..0xf0 => (code_of_three(word), 3),
        _ => ((word & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4),
    }
}

/// The code point of the three bytes of UTF-8 that are the low bytes of a word, the first one lowest.
#[inline(always)]
#[must_use]
pub fn code_of_three(word: u32) -> u32 {
    (word & 0x0f) << 12 | (word >> 8 & 0x3f) << 6 | word >> 16 & 0x3f
}

/// The length in bytes of the character that begins with this byte.
#[inline(always)]
#[must_use]
pub fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

/// The end of the last whole character within the first `len` bytes of a text.
#[inline]
#[must_use]
pub fn floor(text: &[u8], len: usize) -> usize {
    let mut len = len.min(text.len());
    while text.get(len).is_some_and(|byte| byte & 0xc0 == 0x80) {
        len -= 1;
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_every_length_are_decoded() {
        for character in ['a', 'é', '߿', '発', '\u{ffff}', '𠮶', '\u{10ffff}'] {
            let text = character.to_string();
            for found in [Utf8::at(text.as_bytes(), 0), Utf8::before(text.as_bytes(), text.len()), Utf8::new(character)]
            {
                assert_eq!((found.code(), found.len()), (u32::from(character), character.len_utf8()));
            }
            assert_eq!(decode(load(text.as_bytes(), 0)), (u32::from(character), text.len()));
            assert_eq!(width(text.as_bytes()[0]), text.len());
            assert_eq!(floor(text.as_bytes(), text.len()), text.len());
            assert_eq!(floor(text.as_bytes(), text.len() - 1), 0);
        }
    }
}

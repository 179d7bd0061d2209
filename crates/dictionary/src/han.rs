//! Characters as all floors see them: Han ideographs, the operators of description sequences, the only character of a text.

/// Whether a code point is in one of Unicode's blocks of CJK ideographs (Unicode 17: URO, compatibility ideographs, and
/// extensions A to J).
#[inline]
#[must_use]
pub fn is_ideograph(code: u32) -> bool {
    matches!(code, 0x3400..0x4dc0 | 0x4e00..0xa000 | 0xf900..0xfb00 | 0x2_0000..0x3_4000)
}

/// The only character of a text. None if it has none, or several.
#[must_use]
pub fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

//! Places in texts as JavaScript counts them.

/// Converts places in bytes of a text, which do not go back, to places in UTF-16 code units.
#[derive(Debug)]
pub(crate) struct Places<'t> {
    text: &'t str,
    bytes: usize,
    units: usize,
}

impl<'t> Places<'t> {
    pub(crate) fn new(text: &'t str) -> Places<'t> {
        Places { text, bytes: 0, units: 0 }
    }

    /// The code units before this byte, which is not before an earlier one, and at the boundary of a character.
    pub(crate) fn before(&mut self, byte: usize) -> usize {
        let between = self.text.get(self.bytes..byte).unwrap_or_default();
        self.units += between.chars().map(char::len_utf16).sum::<usize>();
        self.bytes = byte;
        self.units
    }
}

/// The byte of a text before which there are so many UTF-16 code units. None if the text is shorter, or a character is there
/// that takes two.
pub(crate) fn byte_at(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(character.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_code_units() {
        let text = "a頭𠮷b";
        let mut places = Places::new(text);
        let units: Vec<_> = text.char_indices().map(|(at, _)| places.before(at)).collect();
        assert_eq!(units, [0, 1, 2, 4]);
        assert_eq!(places.before(text.len()), 5);
        assert_eq!((byte_at(text, 2), byte_at(text, 4), byte_at(text, 5)), (Some(4), Some(8), Some(9)));
        // Within a character, and behind the end.
        assert_eq!((byte_at(text, 3), byte_at(text, 6)), (None, None));
        assert_eq!(byte_at("", 0), Some(0));
    }
}

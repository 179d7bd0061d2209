//! Places in texts as JavaScript counts them.

/// A place in a text that moves forward, in bytes and in UTF-16 code units.
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

    /// The byte before which there are so many code units. None if the text is shorter, or a character is there that takes
    /// two. Places in order take one walk over the text, all together.
    pub(crate) fn byte_at(&mut self, units: usize) -> Option<usize> {
        if units < self.units {
            *self = Places::new(self.text);
        }
        let mut characters = self.text.get(self.bytes..).unwrap_or_default().chars();
        while self.units < units {
            let character = characters.next()?;
            steps::count();
            self.bytes += character.len_utf8();
            self.units += character.len_utf16();
        }
        (self.units == units).then_some(self.bytes)
    }
}

/// The characters that walks over texts have passed: tests count them, and nothing else does.
pub(crate) mod steps {
    #[cfg(test)]
    thread_local! {
        pub(crate) static PASSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    #[inline]
    pub(crate) fn count() {
        #[cfg(test)]
        PASSED.set(PASSED.get() + 1);
    }
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
        let mut places = Places::new(text);
        assert_eq!([2, 4, 5].map(|units| places.byte_at(units)), [Some(4), Some(8), Some(9)]);
        // Back; within a character, and behind it; behind the end.
        assert_eq!([1, 3, 4, 6].map(|units| places.byte_at(units)), [Some(1), None, Some(8), None]);
        assert_eq!(Places::new("").byte_at(0), Some(0));
    }
}

//! Short texts as UTF-16 code units, which JavaScript writes into memory and reads there: to encode and decode a text of some
//! characters as UTF-8 takes it longer than a conversion does.

/// The longest text that is converted so, before and behind the conversion, in code units.
pub(crate) const MOST: usize = 512;

/// Instead of a length: the conversion is equal to the text.
pub(crate) const SAME: i32 = -1;
/// Instead of a length: the text has a lone surrogate, or may have one, or its conversion is too long.
pub(crate) const NOT_CONVERTED: i32 = -2;

/// Memory for a short text and its conversion.
#[derive(Debug)]
pub(crate) struct Units {
    /// The text, and behind [`MOST`] units its conversion.
    units: Vec<u16>,
    text: String,
    converted: String,
}

impl Default for Units {
    fn default() -> Units {
        Units { units: vec![0; 2 * MOST], text: String::new(), converted: String::new() }
    }
}

impl Units {
    /// Where the units are in memory.
    pub(crate) fn place(&self) -> *const u16 {
        self.units.as_ptr()
    }

    /// Converts the text of this length. Returns the length of its conversion, [`SAME`] or [`NOT_CONVERTED`].
    pub(crate) fn convert(&mut self, converter: &fanjian::Converter, len: usize) -> i32 {
        let (text, converted) = self.units.split_at_mut(MOST);
        let Some(text) = text.get(..len) else { return NOT_CONVERTED };
        self.text.clear();
        for character in char::decode_utf16(text.iter().copied()) {
            match character {
                Ok(character) => self.text.push(character),
                Err(_) => return NOT_CONVERTED,
            }
        }
        self.converted.clear();
        converter.convert_into(&self.text, &mut self.converted);
        if self.converted == self.text {
            return SAME;
        }
        let mut len = 0;
        for unit in self.converted.encode_utf16() {
            match converted.get_mut(len) {
                Some(place) => *place = unit,
                None => return NOT_CONVERTED,
            }
            len += 1;
        }
        len as i32
    }
}

#[cfg(test)]
mod tests {
    use fanjian::{Config, Converter, Dictionary};

    use super::*;

    /// As JavaScript does it.
    fn convert(converter: &Converter, text: &[u16]) -> Result<Vec<u16>, i32> {
        let mut units = Units::default();
        units.units[..text.len()].copy_from_slice(text);
        match units.convert(converter, text.len()) {
            len @ 0.. => Ok(units.units[MOST..][..len as usize].to_vec()),
            code => Err(code),
        }
    }

    #[test]
    fn units_are_converted_in_place() {
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let converter = Converter::new(Config::S2t);
        assert_eq!(convert(&converter, &units("𠮷的头发")), Ok(units("𠮷的頭髮")));
        assert_eq!(convert(&converter, &units("一二三")), Err(SAME));
        assert_eq!(convert(&converter, &[]), Err(SAME));
        assert_eq!(convert(&converter, &[0xd842, 0x4e00]), Err(NOT_CONVERTED));
        assert_eq!(convert(&converter, &units(&"发".repeat(MOST))), Ok(units(&"發".repeat(MOST))));
        let own = Dictionary::from_text("own", "x\tyy\n").unwrap();
        let longer = Converter::builder().dictionary(own).build().unwrap();
        assert_eq!(convert(&longer, &units(&"x".repeat(MOST))), Err(NOT_CONVERTED));
    }
}

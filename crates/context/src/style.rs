//! A house style: which of two shapes of a character a publisher writes, where both are the same word.
//!
//! It is a replacement of characters in what a segment becomes, so the same for every division of a text. That a second
//! conversion changes nothing needs more: a preferred shape may show less of the script than the shape that it replaces (台
//! for 臺), or be of the other script alone (温 for 溫). Then both are read alike, as the preferred one, and show nothing.

use fanjian_dictionary::{Dictionary, Entries, Error, ErrorKind, han::single};

/// Shapes of characters that take the places of others.
#[derive(Clone, Debug)]
pub struct HouseStyle {
    entries: Dictionary,
    /// Each character that is replaced, and the preferred one.
    pub(crate) replaced: Vec<(char, char)>,
}

impl HouseStyle {
    /// The style of a dictionary: characters with what takes their places, and words in which they stay or become something
    /// else. At each place, the longest entry counts.
    ///
    /// # Errors
    ///
    /// [`Config`](ErrorKind::Config) for a value that is longer or shorter than its key, in bytes.
    pub fn new(name: &str, entries: &Entries) -> Result<HouseStyle, Error> {
        let mut replaced = Vec::new();
        for (key, candidates) in entries.iter() {
            let value = candidates.first().map_or("", String::as_str);
            let is_same_length = key.chars().map(char::len_utf8).eq(value.chars().map(char::len_utf8));
            if !is_same_length {
                let message = format!("'{value}' cannot be written for '{key}': they have different lengths");
                return Err(Error::new(ErrorKind::Config, message));
            }
            replaced.extend(single(key).zip(single(value)).filter(|(from, to)| from != to));
        }
        Ok(HouseStyle { entries: Dictionary::from_entries(name, entries)?, replaced })
    }

    /// Appends a text as the style writes it: as long, with each character at its place.
    pub(crate) fn write(&self, text: &str, out: &mut Vec<u8>) {
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let len = match self.entries.longest_match(rest).found {
                Some(found) => {
                    out.extend_from_slice(found.first().as_bytes());
                    found.len
                }
                None => {
                    let len = character.len_utf8();
                    out.extend_from_slice(&rest.as_bytes()[..len]);
                    len
                }
            };
            rest = &rest[len..];
        }
    }
}

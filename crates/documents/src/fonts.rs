//! Fonts that are embedded in documents, and the characters that they lack.

use std::collections::{HashMap, HashSet};

use fanjian::Error;

use crate::{container::Archive, decode::decoded_xml, report::FontGap};

/// An embedded font.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Font {
    /// Its name in the archive.
    pub(crate) name: String,
    pub(crate) form: Form,
}

/// How a font is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// As it is.
    Plain,
    /// Its first bytes are combined with a key by exclusive or, so that other programs do not take it.
    Masked { key: Vec<u8>, len: usize },
    /// In a way that is not known.
    Hidden,
}

impl Form {
    /// The font as it is. None if it cannot be read.
    fn unmasked(&self, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Form::Plain => Some(bytes),
            Form::Masked { key, len } => {
                bytes.iter_mut().take(*len).zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
                Some(bytes)
            }
            Form::Hidden => None,
        }
    }
}

/// The 16 bytes of a UUID, whatever stands around its hexadecimal digits. None if there are not 32.
pub(crate) fn uuid(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    (digits.len() == 32).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The fonts that lack characters which the document did not have before it changed.
///
/// Embedded fonts often have no characters but those of the text. Those without any Han character of the text are left out.
/// `parts` are those with text, and `changed` what some of them became.
pub(crate) fn gaps(
    archive: &mut Archive<'_>,
    mut fonts: Vec<Font>,
    parts: &[String],
    changed: &HashMap<String, Vec<u8>>,
) -> Result<Vec<FontGap>, Error> {
    fonts.retain(|font| archive.has(&font.name));
    fonts.sort();
    fonts.dedup_by(|one, other| one.name == other.name);
    if fonts.is_empty() {
        return Ok(Vec::new());
    }
    let mut old = HashSet::new();
    for name in parts {
        if let Some(bytes) = archive.read(name)? {
            add_han(&bytes, &mut old);
        }
    }
    let mut new = HashSet::new();
    changed.values().for_each(|bytes| add_han(bytes, &mut new));
    new.retain(|character| !old.contains(character));
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut gaps = Vec::new();
    for Font { name, form } in fonts {
        let bytes = archive.read(&name)?.and_then(|bytes| form.unmasked(bytes));
        let Some(face) = bytes.as_deref().and_then(|bytes| ttf_parser::Face::parse(bytes, 0).ok()) else {
            gaps.push(FontGap { part: name, lacking: None });
            continue;
        };
        let has = |character: &&char| face.glyph_index(**character).is_some();
        let lacking = new.len() - new.iter().filter(has).count();
        if lacking > 0 && old.iter().any(|character| has(&character)) {
            gaps.push(FontGap { part: name, lacking: Some(lacking) });
        }
    }
    Ok(gaps)
}

/// Adds the Han characters of a part.
fn add_han(bytes: &[u8], characters: &mut HashSet<char>) {
    let text = decoded_xml(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), |(text, _)| text);
    let is_han = |c: &char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    characters.extend(text.chars().filter(is_han));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_removed_from_the_beginning() {
        let form = Form::Masked { key: vec![1, 2], len: 3 };
        assert_eq!(form.unmasked(vec![0; 5]), Some(vec![1, 2, 1, 0, 0]));
        assert_eq!(Form::Hidden.unmasked(vec![0]), None);
        let bytes: Vec<u8> = (0..16).collect();
        assert_eq!(uuid("{00010203-0405-0607-0809-0A0B0c0d0e0f}"), Some(bytes));
        assert_eq!(uuid("urn:1"), None);
    }
}

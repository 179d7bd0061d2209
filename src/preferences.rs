//! A house style for characters in two shapes: which ones there are, and the dictionary that a choice of them makes.

use std::{collections::BTreeSet, fmt::Write, sync::OnceLock};

use fanjian_dictionary::{Dictionary, Entries, EntryLine, han::single};

use crate::{Error, ErrorKind};

static CHARACTERS: &str = include_str!("../dictionaries/preferences/Characters.txt");
static WORDS: &str = include_str!("../dictionaries/preferences/Words.txt");

/// The name of the dictionary in explanations.
pub(crate) const NAME: &str = "preferences";

/// A character that can be preferred, and those that it replaces.
struct Preference {
    preferred: char,
    replaced: Vec<char>,
}

/// All that can be preferred, and the words in which characters are other ones.
struct Known {
    preferences: Vec<Preference>,
    words: Vec<(&'static str, &'static str)>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    // A test reads each line as an entry.
    let read = |place, text| Entries::lines(place, text).filter_map(Result::ok);
    KNOWN.get_or_init(|| {
        let preference = |entry: EntryLine<'static>| {
            let replaced = entry.candidates.into_iter().filter_map(single).collect();
            Some(Preference { preferred: single(entry.key)?, replaced })
        };
        let word = |entry: EntryLine<'static>| Some((entry.key, *entry.candidates.first()?));
        Known {
            preferences: read("Characters", CHARACTERS).filter_map(preference).collect(),
            words: read("Words", WORDS).filter_map(word).collect(),
        }
    })
}

/// The characters that [`ConverterBuilder::prefer`](crate::ConverterBuilder::prefer) takes, each with those that it replaces.
///
/// ```
/// let found = fanjian::preferable_characters().find(|&(preferred, _)| preferred == '裏');
/// assert_eq!(found, Some(('裏', &['裡'][..])));
/// ```
pub fn preferable_characters() -> impl Iterator<Item = (char, &'static [char])> {
    known().preferences.iter().map(|known| (known.preferred, &known.replaced[..]))
}

/// An error for a character that [`ConverterBuilder::prefer`](crate::ConverterBuilder::prefer) does not take.
///
/// # Errors
///
/// [`Config`](ErrorKind::Config), with a message that lists the known ones.
///
/// ```
/// assert!(fanjian::check_preferable('臺').is_ok());
/// assert!(fanjian::check_preferable('頭').unwrap_err().to_string().contains("台/臺"));
/// ```
pub fn check_preferable(character: char) -> Result<(), Error> {
    if preferable_characters().any(|(preferred, _)| preferred == character) {
        return Ok(());
    }
    let message = format!("'{character}' cannot be preferred to another character: known are {}", list());
    Err(Error::new(ErrorKind::Config, message))
}

/// The entries of a house style of these characters, in order.
///
/// # Errors
///
/// [`Config`](ErrorKind::Config) for a character that is not known; [`Conflict`](ErrorKind::Conflict) for two of which each would
/// replace the other.
pub(crate) fn entries(preferred: &[char]) -> Result<Entries, Error> {
    let mut entries = Entries::new();
    let mut replaced = Vec::new();
    let preferred: BTreeSet<char> = preferred.iter().copied().collect();
    for &character in &preferred {
        check_preferable(character)?;
        let others = preferable_characters().find(|&(preferred, _)| preferred == character);
        replaced.extend(others.into_iter().flat_map(|(_, others)| others).map(|&other| (other, character)));
    }
    for &(from, to) in &replaced {
        if preferred.contains(&from) {
            let message = format!("{from} and {to} are shapes of the same character: prefer one of them");
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        entries.insert(from.to_string(), [to.to_string()])?;
    }
    for (key, value) in &known().words {
        if replaced.iter().any(|&(from, _)| key.contains(from)) {
            entries.insert(*key, [*value])?;
        }
    }
    Ok(entries)
}

/// All known preferences: `台/臺, 才 (not 纔), …`, each pair once of which either can be preferred.
fn list() -> String {
    let mut list = String::new();
    for (preferred, replaced) in preferable_characters() {
        for &other in replaced {
            let is_pair = preferable_characters().any(|(known, others)| known == other && others.contains(&preferred));
            let separator = if list.is_empty() { "" } else { ", " };
            let _ = match is_pair {
                true if preferred > other => Ok(()),
                true => write!(list, "{separator}{preferred}/{other}"),
                false => write!(list, "{separator}{preferred} (not {other})"),
            };
        }
    }
    list
}

/// The dictionary of a house style.
pub(crate) fn dictionary(entries: &Entries) -> Result<Dictionary, Error> {
    Dictionary::from_entries(NAME, entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_of_the_form_that_is_promised() {
        for (place, text) in [("Characters", CHARACTERS), ("Words", WORDS)] {
            let lines = text.lines().filter(|line| !line.starts_with('#')).count();
            assert_eq!(Entries::parse(place, text).unwrap().len(), lines, "{place}: no key is there twice");
        }
        let Known { preferences, words } = known();
        assert_eq!(
            preferences.len() + words.len(),
            CHARACTERS.lines().chain(WORDS.lines()).filter(|line| !line.starts_with('#')).count()
        );
        // What is replaced has one preferred character in a style, and a word one character that may be replaced.
        for (key, value) in words {
            assert_eq!(key.chars().count(), value.chars().count());
            let mut replaced: Vec<char> = Vec::new();
            for (old, new) in key.chars().zip(value.chars()) {
                let changes = preferences.iter().any(|known| known.preferred == new && known.replaced.contains(&old));
                assert!(old == new || changes, "{key}");
                replaced.extend(preferences.iter().any(|known| known.replaced.contains(&old)).then_some(old));
            }
            replaced.dedup();
            assert_eq!(replaced.len(), 1, "{key} {replaced:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_an_error_with_the_known_ones() {
        let message = entries(&['頭']).unwrap_err().to_string();
        assert!(message.contains("'頭'") && message.contains("裏/裡") && message.contains("才 (not 纔)"), "{message}");
        assert!(entries(&['台', '臺']).unwrap_err().to_string().contains("prefer one of them"));
        assert!(entries(&['台', '裏', '台']).unwrap().len() >= 2);
    }
}

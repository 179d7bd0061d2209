use std::collections::{BTreeMap, btree_map};

use crate::{Error, ErrorKind};

/// The entries of one dictionary, sorted by key: each key with its candidates, the first of which is the one used.
///
/// This is the form that is edited and compiled; [`Dictionary`](crate::Dictionary) is the form that is searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    entries: BTreeMap<String, Vec<String>>,
}

impl Entries {
    /// No entries yet.
    pub fn new() -> Entries {
        Entries::default()
    }

    /// Reads the text format of OpenCC: one entry a line, `key<TAB>candidate candidate …`.
    ///
    /// Empty lines and lines that begin with `#` are left out; a byte order mark and CRLF are accepted. Nothing after
    /// the tab deletes the key from the text. `place` names the text in errors.
    ///
    /// # Errors
    ///
    /// [`Syntax`](ErrorKind::Syntax) for a line without a tab, [`EmptyKey`](ErrorKind::EmptyKey),
    /// [`DuplicateKey`](ErrorKind::DuplicateKey): each with the line.
    pub fn parse(place: &str, text: &str) -> Result<Entries, Error> {
        let mut entries = Entries::new();
        let mut lines_of_keys = BTreeMap::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let number = index + 1;
            let fail = |kind, message: String| Err(Error::new(kind, message).at(place).on_line(number));
            let Some((key, values)) = line.split_once('\t') else {
                return fail(ErrorKind::Syntax, format!("no tab between key and value in '{}'", line.escape_debug()));
            };
            if key.is_empty() {
                return fail(ErrorKind::EmptyKey, "nothing before the tab: a key needs at least one character".into());
            }
            if let Some(first) = lines_of_keys.insert(key, number) {
                return fail(ErrorKind::DuplicateKey, format!("duplicate key '{key}', first given on line {first}"));
            }
            // Upstream takes what stands before the first space as the value, even where that is nothing.
            let mut values = values.split(' ');
            let first = values.next().unwrap_or("").to_owned();
            let others = values.filter(|value| !value.is_empty()).map(str::to_owned);
            entries.entries.insert(key.to_owned(), std::iter::once(first).chain(others).collect());
        }
        Ok(entries)
    }

    /// Adds an entry. `candidates` must hold at least one string; an empty one deletes the key from the text.
    ///
    /// # Errors
    ///
    /// [`EmptyKey`](ErrorKind::EmptyKey), [`DuplicateKey`](ErrorKind::DuplicateKey), and
    /// [`Syntax`](ErrorKind::Syntax) where there is no candidate.
    pub fn insert<S: Into<String>>(
        &mut self,
        key: impl Into<String>,
        candidates: impl IntoIterator<Item = S>,
    ) -> Result<(), Error> {
        let key = key.into();
        let candidates: Vec<String> = candidates.into_iter().map(Into::into).collect();
        if key.is_empty() {
            return Err(Error::new(ErrorKind::EmptyKey, "a key needs at least one character"));
        }
        if candidates.is_empty() {
            return Err(Error::new(ErrorKind::Syntax, format!("key '{key}' has no candidate")));
        }
        match self.entries.entry(key) {
            btree_map::Entry::Occupied(entry) => {
                Err(Error::new(ErrorKind::DuplicateKey, format!("duplicate key '{}'", entry.key())))
            }
            btree_map::Entry::Vacant(entry) => {
                entry.insert(candidates);
                Ok(())
            }
        }
    }

    /// The entries in the order of their keys' bytes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.entries.iter().map(|(key, candidates)| (key.as_str(), candidates.as_slice()))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in the text format, sorted, without comments. What [`parse`](Entries::parse) reads back to equal
    /// entries, as long as no key holds a tab or begins with `#`, and nothing holds a line break or a space in a
    /// candidate.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (key, candidates) in self.iter() {
            text.push_str(key);
            text.push('\t');
            text.push_str(&candidates.join(" "));
            text.push('\n');
        }
        text
    }
}

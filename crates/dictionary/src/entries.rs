use std::collections::{BTreeMap, btree_map};

use crate::{Error, ErrorKind};

/// The entries of one dictionary, sorted by key: each key with its candidates, the first of which is the one used.
///
/// This is the form that is edited and compiled; [`Dictionary`](crate::Dictionary) is the form that is searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    entries: BTreeMap<String, Vec<String>>,
}

/// An entry of a text: see [`Entries::lines`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryLine<'t> {
    /// The line, counted from 1.
    pub line: usize,
    /// The text before the tab. Not empty.
    pub key: &'t str,
    /// The candidates behind it. At least one; the first one is used, and an empty one deletes the key from the text.
    pub candidates: Vec<&'t str>,
}

impl<'t> EntryLine<'t> {
    fn parse(text: &'t str, line: usize) -> Result<EntryLine<'t>, Error> {
        let Some((key, values)) = text.split_once('\t') else {
            let message = format!("no tab between key and value in '{}'", text.escape_debug());
            return Err(Error::new(ErrorKind::Syntax, message));
        };
        if key.is_empty() {
            let message = "nothing before the tab: a key needs at least one character";
            return Err(Error::new(ErrorKind::EmptyKey, message));
        }
        // Upstream takes what stands before the first space as the value, even where that is nothing.
        let mut values = values.split(' ');
        let first = values.next().unwrap_or("");
        let candidates = std::iter::once(first).chain(values.filter(|value| !value.is_empty())).collect();
        Ok(EntryLine { line, key, candidates })
    }
}

impl Entries {
    /// No entries yet.
    #[must_use]
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
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        let mut wrong = None;
        for entry in Self::lines(place, text) {
            match entry {
                Ok(EntryLine { key, candidates, .. }) => {
                    all.push((key.to_owned(), candidates.into_iter().map(str::to_owned).collect()));
                }
                Err(error) => {
                    wrong = Some(error);
                    break;
                }
            }
        }
        let lines = all.len();
        // In order already, as most files are, they are not searched for their places.
        let entries: BTreeMap<_, _> = all.into_iter().collect();
        if entries.len() < lines {
            wrong = Self::duplicate(place, text).or(wrong);
        }
        wrong.map_or(Ok(Entries { entries }), Err)
    }

    /// The error of the first line whose key an earlier one has.
    fn duplicate(place: &str, text: &str) -> Option<Error> {
        let mut lines_of_keys = BTreeMap::new();
        Self::lines(place, text).flatten().find_map(|EntryLine { line, key, .. }| {
            let first = lines_of_keys.insert(key, line)?;
            let message = format!("duplicate key '{key}', first given on line {first}");
            Some(Error::new(ErrorKind::DuplicateKey, message).at(place).on_line(line))
        })
    }

    /// Reads the text format as [`parse`](Entries::parse) does, but each line for itself: what is wrong with one says
    /// nothing about the next, and a key may come again.
    ///
    /// ```
    /// use fanjian_dictionary::{Entries, ErrorKind};
    ///
    /// let text = "# mine\n头发 頭髮\n发\t發 髮\n";
    /// let [wrong, right] = &Entries::lines("mine.txt", text).collect::<Vec<_>>()[..] else { panic!() };
    /// assert_eq!(wrong.as_ref().unwrap_err().kind(), ErrorKind::Syntax);
    /// let entry = right.as_ref().unwrap();
    /// assert_eq!((entry.line, entry.key, entry.candidates.as_slice()), (3, "发", &["發", "髮"][..]));
    /// ```
    ///
    /// # Errors
    ///
    /// In place of each line that is no entry: [`Syntax`](ErrorKind::Syntax) for one without a tab, and
    /// [`EmptyKey`](ErrorKind::EmptyKey).
    pub fn lines<'t>(place: &str, text: &'t str) -> impl Iterator<Item = Result<EntryLine<'t>, Error>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        text.split('\n').enumerate().filter_map(move |(index, line)| {
            let text = line.strip_suffix('\r').unwrap_or(line);
            let is_entry = !text.is_empty() && !text.starts_with('#');
            is_entry.then(|| EntryLine::parse(text, index + 1).map_err(|error| error.at(place).on_line(index + 1)))
        })
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
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in the text format, sorted, without comments. What [`parse`](Entries::parse) reads back to equal
    /// entries, as long as no key holds a tab or begins with `#`, and nothing holds a line break or a space in a
    /// candidate.
    #[must_use]
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

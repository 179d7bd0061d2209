use std::{fmt, fs, path::Path, sync::Arc};

use fst::{Streamer, raw::Fst};

use crate::{
    Container, Entries, Error, ErrorKind,
    bytes::{Bytes, u32_at},
    container::{damaged, push_number, too_large},
    first_character, pairs, validate, values,
};

/// Keys are words and phrases. A stream keeps as many bytes as the longest key has, and a forged dictionary may not make
/// that, or the checks of all its keys, without bounds.
pub(crate) const LONGEST_KEY: usize = 4096;

/// The six numbers that a body begins with, in bytes.
const SIZES: usize = 6 * 4;

/// A compiled dictionary: finds the longest key that a text begins with, and its candidates.
///
/// Cheap to clone: the clones share the tables.
#[derive(Clone)]
pub struct Dictionary(Arc<Tables>);

struct Tables {
    name: String,
    body: Bytes,
    fst: Fst<Bytes>,
    values: Bytes,
    index: Bytes,
    /// How many words the index has.
    words: usize,
    pairs: Bytes,
    entries: usize,
    longest_key: usize,
}

/// What [`Dictionary::longest_match`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lookup {
    /// The longest key that the text begins with, if any key does.
    pub hit: Option<Hit>,
    /// Whether the whole text begins a longer key: with more text behind it, the answer could be another.
    pub open: bool,
}

/// A key found at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hit {
    /// The key's length in bytes.
    pub len: usize,
    /// Where its candidates are: for [`Dictionary::first`] and [`Dictionary::candidates`] of the same dictionary.
    pub value: Value,
}

/// A reference to the candidates of an entry, within the dictionary that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value(u32);

impl Dictionary {
    /// Compiles a dictionary in the text format that [`Entries::parse`] reads. `name` stands in errors and
    /// explanations.
    ///
    /// # Errors
    ///
    /// Those of [`Entries::parse`] and [`from_entries`](Dictionary::from_entries).
    pub fn from_text(name: &str, text: &str) -> Result<Dictionary, Error> {
        Self::from_entries(name, &Entries::parse(name, text)?)
    }

    /// Compiles these entries.
    ///
    /// Costs time by the size of all keys and values.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge): for a key of more than 4,096 bytes, from 4 GiB on, or from 65,536 distinct first
    /// characters on.
    pub fn from_entries(name: &str, entries: &Entries) -> Result<Dictionary, Error> {
        let body = Bytes::from_vec(compile(name, entries)?);
        Self::open(name, body).ok_or_else(|| damaged("its parts do not fit").at(name))
    }

    /// Reads a dictionary from a file, in the text format or compiled: the contents tell which.
    ///
    /// # Errors
    ///
    /// Those of [`from_text`](Dictionary::from_text) and of [`Container::from_untrusted`];
    /// [`Io`](ErrorKind::Io); [`InvalidUtf8`](ErrorKind::InvalidUtf8) with the line;
    /// [`Damaged`](ErrorKind::Damaged) for a compiled file that does not hold just one dictionary.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Dictionary, Error> {
        let path = path.as_ref();
        let place = path.display().to_string();
        let bytes = fs::read(path).map_err(|source| Error::io("read", path, source))?;
        if Container::recognizes(&bytes) {
            return Self::from_bytes(bytes).map_err(|error| error.at(place));
        }
        match str::from_utf8(&bytes) {
            Ok(text) => Self::from_text(&place, text),
            Err(error) => {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
                Err(Error::new(ErrorKind::InvalidUtf8, "not UTF-8").at(place).on_line(line))
            }
        }
    }

    /// Opens one compiled dictionary, as [`to_bytes`](Dictionary::to_bytes) makes it, after checking all of it.
    ///
    /// # Errors
    ///
    /// Those of [`Container::from_untrusted`], and [`Damaged`](ErrorKind::Damaged) for a container that does not hold
    /// just one dictionary.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Dictionary, Error> {
        let container = Container::checksummed(bytes)?;
        let mut names = container.names();
        match (names.next(), names.next()) {
            (Some(name), None) => {
                let dictionary = container.dictionary(name)?;
                dictionary.validate()?;
                Ok(dictionary)
            }
            _ => Err(damaged("it holds several dictionaries, or none, where one is needed")),
        }
    }

    /// The dictionary as a container of its own, to be written to a file.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge), just below 4 GiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        Container::join(&[(&self.0.name, self.0.body.as_ref())])
    }

    pub(crate) fn open(name: &str, body: Bytes) -> Option<Dictionary> {
        let header = body.as_ref();
        let number = |index: usize| u32_at(header, index * 4).map(|number| number as usize);
        let mut offset = SIZES;
        let mut part = |index| {
            let len = number(index)?;
            let part = body.part(offset, len)?;
            offset += len;
            Some(part)
        };
        let (fst, values, index, pairs) = (part(2)?, part(3)?, part(4)?, part(5)?);
        if offset != header.len() || !pairs::is_sound(pairs.as_ref()) {
            return None;
        }
        Some(Dictionary(Arc::new(Tables {
            name: name.to_owned(),
            fst: Fst::new(fst).ok()?,
            values,
            words: first_character::words(index.as_ref())?,
            index,
            pairs,
            entries: number(0)?,
            longest_key: number(1)?,
            body,
        })))
    }

    /// Checks everything that [`open`](Dictionary::open) takes on trust.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let fail = |why: &str| Err(damaged(why).at(&self.0.name));
        let Some(fst) = validate::fst(self.0.fst.as_bytes()) else {
            return fail("a node of its FST lies outside of it");
        };
        let Some(contents) = validate::contents(&fst, self.0.values.as_ref(), self.0.entries) else {
            return fail("its keys and values do not belong together");
        };
        if (contents.entries, contents.longest_key) != (self.0.entries, self.0.longest_key) {
            return fail("it does not have the number of entries, or the longest key, that it says");
        }
        if first_character::build(&fst).as_deref() != Some(self.0.index.as_ref()) {
            return fail("its index by first character does not match its keys");
        }
        if pairs::build(contents.pairs.iter().copied()) != self.0.pairs.as_ref() {
            return fail("its filter of first characters does not match its keys");
        }
        Ok(())
    }

    /// The dictionary's name: the file it was read from, or the name it was given.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.0.entries
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.0.entries == 0
    }

    /// The length of the longest key, in bytes.
    pub fn longest_key(&self) -> usize {
        self.0.longest_key
    }

    /// The longest key that `text` begins with, and whether more text could make it longer.
    ///
    /// Costs two reads for a character that begins no key, and a walk over the key's bytes otherwise.
    #[inline]
    pub fn longest_match(&self, text: &str) -> Lookup {
        let mut characters = text.chars();
        let Some(character) = characters.next() else {
            return Lookup { hit: None, open: !self.is_empty() };
        };
        let Some(first) = first_character::look_up(self.0.index.as_ref(), self.0.words, character) else {
            return Lookup { hit: None, open: false };
        };
        let len = character.len_utf8();
        let hit = first.value.map(|value| Hit { len, value: Value(value) });
        match (first.longer, characters.next()) {
            (Some(longer), Some(second)) if pairs::may_begin(self.0.pairs.as_ref(), character, second) => {
                self.walk(longer, text, len, hit)
            }
            (Some(_), None) => Lookup { hit, open: true },
            _ => Lookup { hit, open: false },
        }
    }

    /// Looks for keys longer than the first `len` bytes of `text`, which have led to `node`.
    fn walk(&self, (node, output): (u32, u32), text: &str, len: usize, mut hit: Option<Hit>) -> Lookup {
        let mut node = self.0.fst.node(node as usize);
        let mut output = u64::from(output);
        for (index, &byte) in text.as_bytes().iter().enumerate().skip(len) {
            let Some(found) = node.find_input(byte) else {
                return Lookup { hit, open: false };
            };
            let transition = node.transition(found);
            output += transition.out.value();
            node = self.0.fst.node(transition.addr);
            if node.is_final() {
                let value = Value((output + node.final_output().value()) as u32);
                hit = Some(Hit { len: index + 1, value });
            }
        }
        Lookup { hit, open: !node.is_empty() }
    }

    /// The characters that begin a key, as bits: bit b of the word w, both counted from 0, stands for the code point
    /// 64 w + b.
    pub fn first_characters(&self) -> impl Iterator<Item = u64> {
        first_character::bits(self.0.index.as_ref(), self.0.words)
    }

    /// The entry of exactly this key.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.0.fst.get(key).map(|offset| Value(offset.value() as u32))
    }

    /// The first candidate: the one that a conversion uses.
    ///
    /// `value` must come from this dictionary; another one's gives a wrong text or none.
    #[inline]
    pub fn first(&self, value: Value) -> &str {
        values::Candidates::at(self.0.values.as_ref(), value.0 as usize)
            .and_then(|mut candidates| candidates.next())
            .unwrap_or("")
    }

    /// All candidates, the first one first. At least one.
    ///
    /// `value` must come from this dictionary; another one's gives wrong texts or none.
    pub fn candidates(&self, value: Value) -> impl Iterator<Item = &str> {
        values::Candidates::at(self.0.values.as_ref(), value.0 as usize).into_iter().flatten()
    }

    /// All entries, in the order of their keys' bytes.
    pub fn to_entries(&self) -> Entries {
        let mut entries = Entries::new();
        let mut stream = self.0.fst.stream();
        while let Some((key, offset)) = stream.next() {
            let key = String::from_utf8_lossy(key);
            let added = entries.insert(key, self.candidates(Value(offset.value() as u32)));
            debug_assert!(added.is_ok(), "the keys of an FST are unique, and no value is without candidates");
        }
        entries
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dictionary")
            .field("name", &self.0.name)
            .field("entries", &self.0.entries)
            .finish_non_exhaustive()
    }
}

/// The body of a dictionary in a container.
pub(crate) fn compile(name: &str, entries: &Entries) -> Result<Vec<u8>, Error> {
    let too_large = || too_large().at(name);
    let mut fst = fst::MapBuilder::memory();
    let mut values = Vec::new();
    let mut longest_key = 0;
    for (key, candidates) in entries.iter() {
        longest_key = longest_key.max(key.len());
        if key.len() > LONGEST_KEY {
            let message = format!("a key of {} bytes is too long: at most {LONGEST_KEY} are supported", key.len());
            return Err(Error::new(ErrorKind::TooLarge, message).at(name));
        }
        fst.insert(key, values.len() as u64).map_err(|_| too_large())?;
        values::write(&mut values, candidates);
    }
    let fst = fst.into_inner().map_err(|_| too_large())?;
    let index = Fst::new(&fst).ok().and_then(|fst| first_character::build(&fst)).ok_or_else(too_large)?;

    let pairs = pairs::build(entries.iter().filter_map(|(key, _)| pairs::first_two(key)));
    let parts = [&fst, &values, &index, &pairs];
    let mut body = Vec::with_capacity(SIZES + parts.iter().map(|part| part.len()).sum::<usize>());
    for number in [entries.len(), longest_key].into_iter().chain(parts.iter().map(|part| part.len())) {
        push_number(&mut body, number).map_err(|error| error.at(name))?;
    }
    for part in parts {
        body.extend_from_slice(part);
    }
    Ok(body)
}

//! The formats that a file with a dictionary may have.

use std::path::Path;

use crate::{Container, Dictionary, Entries, Error, ErrorKind, named, opencc};

named! {
    /// The formats of a file with one dictionary.
    ///
    /// ```
    /// use std::path::Path;
    /// use fanjian_dictionary::{DictionaryFormat, Entries};
    ///
    /// let entries = Entries::parse("own words", "头发\t頭髮\n干\t幹 乾 干\n")?;
    /// let bytes = DictionaryFormat::Ocd2.write("words", &entries)?;
    /// assert_eq!(DictionaryFormat::of(&bytes), DictionaryFormat::Ocd2);
    /// assert_eq!(DictionaryFormat::Ocd2.read(Path::new("words.ocd2"), bytes)?, entries);
    /// # Ok::<(), fanjian_dictionary::Error>(())
    /// ```
    pub enum DictionaryFormat: "format of a dictionary" {
        /// OpenCC's text format: an entry a line, `key<TAB>candidate candidate …`.
        Text "text" "text, an entry a line",
        /// OpenCC's binary format.
        Ocd2 "ocd2" "OpenCC's binary format",
        /// OpenCC's binary format before version 1.1, which is read alone.
        Ocd "ocd" "OpenCC's older binary format, read alone",
        /// The compiled format of this crate.
        Fanjian "fanjian" "the compiled format, which is searched in place",
    }
}

impl DictionaryFormat {
    /// The format of a file, by its first bytes. What is in none of the binary formats is text.
    #[must_use]
    pub fn of(bytes: &[u8]) -> DictionaryFormat {
        if Container::recognizes(bytes) {
            DictionaryFormat::Fanjian
        } else if bytes.starts_with(opencc::OCD2_MAGIC) {
            DictionaryFormat::Ocd2
        } else if bytes.starts_with(opencc::OCD_MAGIC) {
            DictionaryFormat::Ocd
        } else {
            DictionaryFormat::Text
        }
    }

    /// The entries of a file in this format. `path` is for errors.
    ///
    /// Any bytes give entries or an error, and take memory by their number.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) for bytes that are not of this format, with the offset in the binary formats of OpenCC's;
    /// those of [`Entries::parse`], and [`InvalidUtf8`](ErrorKind::InvalidUtf8) with the line, for text.
    pub fn read(self, path: &Path, bytes: Vec<u8>) -> Result<Entries, Error> {
        let entries = match self {
            found if found != Self::Text && Self::of(&bytes) != found => Err(not_of(found, &bytes)),
            Self::Text => text(path, &bytes),
            Self::Ocd2 => opencc::read_ocd2(&bytes),
            Self::Ocd => opencc::read_ocd(&bytes),
            Self::Fanjian => Dictionary::from_bytes(bytes).map(|dictionary| dictionary.to_entries()),
        };
        entries.map_err(|error| error.at_path(path))
    }

    /// The file of these entries in this format. In the compiled one, the dictionary has this name.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](ErrorKind::Unsupported) for [`Ocd`](DictionaryFormat::Ocd), and for entries that the format cannot hold, such
    /// as a key with a tab in text; [`TooLarge`](ErrorKind::TooLarge) for too many or too long ones.
    pub fn write(self, name: &str, entries: &Entries) -> Result<Vec<u8>, Error> {
        match self {
            Self::Text => write_text(entries),
            Self::Ocd2 => opencc::write_ocd2(entries),
            Self::Ocd => Err(Error::new(
                ErrorKind::Unsupported,
                "the format ocd is read, not written: write ocd2, which OpenCC reads from version 1.1 on",
            )),
            Self::Fanjian => Dictionary::from_entries(name, entries)?.to_bytes(),
        }
    }
}

/// The error for bytes of another format than was said.
fn not_of(format: DictionaryFormat, bytes: &[u8]) -> Error {
    let message = format!("not a dictionary in the format {format}, but in the format {}", DictionaryFormat::of(bytes));
    Error::new(ErrorKind::Damaged, message)
}

fn text(path: &Path, bytes: &[u8]) -> Result<Entries, Error> {
    match str::from_utf8(bytes) {
        Ok(text) => Entries::parse(&path.display().to_string(), text),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
            Err(Error::invalid_utf8(bytes, 0).on_line(line))
        }
    }
}

/// The text of these entries, if that reads back to them.
fn write_text(entries: &Entries) -> Result<Vec<u8>, Error> {
    for (key, candidates) in entries.iter() {
        let is_key = !key.starts_with(['#', '\u{feff}']) && !key.contains(['\t', '\n', '\r']);
        let is_value =
            |(index, value): (usize, &String)| !value.contains([' ', '\n', '\r']) && (index == 0 || !value.is_empty());
        if !is_key || !candidates.iter().enumerate().all(is_value) {
            let message = format!(
                "the entry of '{}' cannot be written as text: a key begins with # or holds a tab or the end of a line, or a \
                 candidate holds a space or the end of a line",
                key.escape_debug()
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    Ok(entries.to_text().into_bytes())
}

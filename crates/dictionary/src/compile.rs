//! The writer of the compiled format.

use fst::raw::Fst;

use crate::{
    Container, Entries, Error, ErrorKind, first_character,
    format::{DIRECTORY, DIRECTORY_ENTRY, LONGEST_KEY, SEAL, SIZES, push_number, too_large},
    pairs, values,
};

impl Container {
    /// Compiles these dictionaries, in this order. The same entries give the same bytes.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge) where a dictionary, or all of them, pass 4 GiB, or one has more than 65,535
    /// distinct first characters.
    pub fn compile<'e>(dictionaries: impl IntoIterator<Item = (&'e str, &'e Entries)>) -> Result<Vec<u8>, Error> {
        let bodies = dictionaries
            .into_iter()
            .map(|(name, entries)| Ok((name, body(name, entries)?)))
            .collect::<Result<Vec<_>, Error>>()?;
        Self::join(&bodies)
    }

    pub(crate) fn join<B: AsRef<[u8]>>(bodies: &[(&str, B)]) -> Result<Vec<u8>, Error> {
        let mut directory = Vec::new();
        let mut blocks = Vec::new();
        let start = DIRECTORY + bodies.len() * DIRECTORY_ENTRY;
        for (name, body) in bodies {
            for block in [name.as_bytes(), body.as_ref()] {
                push_number(&mut directory, start + blocks.len())?;
                push_number(&mut directory, block.len())?;
                blocks.extend_from_slice(block);
            }
        }
        let mut contents = Vec::with_capacity(4 + directory.len() + blocks.len());
        push_number(&mut contents, bodies.len())?;
        contents.extend(directory);
        contents.extend(blocks);
        SEAL.close(&contents)
    }
}

/// The body of a dictionary in a container.
pub(crate) fn body(name: &str, entries: &Entries) -> Result<Vec<u8>, Error> {
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

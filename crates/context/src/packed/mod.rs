//! Tables of targets in a form that compresses well, for programs that are given them over a network. Slots of hash tables
//! are in no order that compresses: here is what they were made of, sorted, column by column, as differences. (The hashes of words
//! that have no say, which are few, are as they are.)
//!
//! A column is behind its length. Numbers are LEB128. Classes of keys are ranks among those that any key has, the first column:
//! two bytes are enough for a rank, and one for most differences of ranks.

mod form;
mod reader;
mod writer;

use fanjian_dictionary::{Error, seal::Seal};

use self::{reader::Reader, writer::Writer};
use crate::{compiled::Compiled, target::Target};

/// The head of packed tables.
const SEAL: Seal = Seal { magic: b"fjtgtpk\x1a", version: 4, what: "packed file of the tables of targets" };

impl Compiled {
    /// What [`unpack`](unpack) makes the tables of these targets of.
    ///
    /// # Errors
    ///
    /// Those of [`tables`](Self::tables); [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) if other tables would come of it.
    pub fn pack(&self, selected: &[Target]) -> Result<Vec<u8>, Error> {
        let mut of_selected = self.clone();
        for (shared, is_traditional) in of_selected.shared.iter_mut().zip([false, true]) {
            shared.take_if(|_| !selected.iter().any(|target| target.is_traditional() == is_traditional));
        }
        for (part, target) in of_selected.targets.iter_mut().zip(Target::ALL) {
            part.take_if(|_| !selected.contains(target));
        }
        pack(&of_selected)
    }
}

/// Packs tables, and checks that the same ones can be made of it.
fn pack(compiled: &Compiled) -> Result<Vec<u8>, Error> {
    let packed = SEAL.close(&Writer::new(compiled).write(compiled).ok_or_else(damaged)?)?;
    if unpack(&packed)? == compiled.tables()? { Ok(packed) } else { Err(damaged()) }
}

/// The tables that [`Compiled::pack`] packed.
///
/// # Errors
///
/// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) and [`Version`](fanjian_dictionary::ErrorKind::Version), and those of
/// [`Compiled::tables`].
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Error> {
    Reader::read(SEAL.open_checked(packed)?).ok_or_else(damaged)?.tables()
}

fn damaged() -> Error {
    SEAL.damaged("its columns do not fit")
}

#[cfg(test)]
mod tests {
    use fanjian_dictionary::ErrorKind;

    use super::{
        form::{CLASSES, ENTRY},
        *,
    };
    use crate::{
        characters::Class,
        compiled::TargetEntries,
        model::{AGREEMENT, Feature, Key, Model},
        phrases::Strength,
        shared::{IS_AROUND, IS_COMMON, PhraseList, SharedEntries},
        vocabulary::{Builder, Sense, Word},
    };

    fn example() -> Compiled {
        let mut phrases = PhraseList::default();
        phrases.insert([10, 20, 0, 0, 0, 0, 0, 0], 0, 1, Strength::Learned);
        phrases.insert([10, 20, 30, 0, 0, 0, 0, 0], 2, 7, Strength::Decides);
        phrases.insert([40, 10, 1, 2, 3, 4, 5, 6], 1, 0, Strength::Learned);
        let feature = |template, classes: [Class; CLASSES], weights| Feature {
            template,
            key: Key::new(classes[0], [classes[1], classes[2], classes[3]]),
            weights,
        };
        let features = vec![
            feature(1, [10, 30, 0, 0], [5, -5, 0, 0]),
            feature(1, [10, 40, 0, 0], [-127, 127, 3, -1]),
            feature(6, [10, 20, 30, 40], [127, 127, 0, 0]),
            feature(6, [10, 20, 31, 2], [1, -1, 0, 0]),
            feature(6, [20, 2, 3, 4], [-127, -127, 0, 0]),
            feature(AGREEMENT, [10, 2, 1, 0], [1, 2, 3, 4]),
        ];
        let cantonese = PhraseList::default();
        // The second one is a phrase, too, and so is the third one, which no filter has.
        let words = vec![([10, 11, 0], IS_COMMON), ([10, 20, 0], IS_COMMON | IS_AROUND), ([10, 20, 40], IS_AROUND)];
        let silent = vec![1, 2];
        let shared = SharedEntries { votes: Model::dictionary().votes, features, phrases, cantonese, words, silent };
        let mut characters = (2 * ENTRY as u32).to_le_bytes().to_vec();
        characters.extend(0..2 * ENTRY as u8);
        characters.extend([1, 0, 0, 0, 9]);
        let target = TargetEntries { characters, preferences: PhraseList::default(), vocabulary: vocabulary() };
        Compiled { shared: [Some(shared.clone()), Some(shared)], targets: vec![Some(target); Target::ALL.len()] }
    }

    fn vocabulary() -> Builder {
        let mut vocabulary = Builder::default();
        let sense = Sense { topics: vec!["a".to_owned()], others: vec!["b".to_owned()] };
        let words: [(&[Class], Word); 4] = [
            (&[10], Word::Stays),
            (&[10, 20], Word::Always("髮".to_owned())),
            (&[10, 20, 30], Word::Stays),
            (&[20, 10], Word::Sense("頭".to_owned(), sense)),
        ];
        words.iter().for_each(|(key, word)| vocabulary.word(key, word, None).unwrap());
        vocabulary.topic_word(&[10, 30], "b").unwrap();
        vocabulary.topic_word(&[10, 30], "a").unwrap();
        vocabulary.single(7, true, false);
        vocabulary
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let compiled = example();
        assert_eq!(unpack(&compiled.pack(Target::ALL).unwrap()).unwrap(), compiled.tables().unwrap());
        let one = unpack(&compiled.pack(&[Target::HongKong]).unwrap()).unwrap();
        let whole = compiled.tables().unwrap().len();
        // Without what Simplified has, and without three targets: of each there is a length.
        let [shared, part] =
            [compiled.shared[1].as_ref().unwrap().tables(), compiled.targets[0].as_ref().unwrap().tables()]
                .map(Result::unwrap);
        assert_eq!(one.len(), whole - shared.into_bytes().len() - 3 * part.into_bytes().len());
    }

    #[test]
    fn hashes_that_are_alike_are_an_error() {
        let mut example = example();
        example.shared.iter_mut().flatten().for_each(|shared| shared.silent = (0..64).map(|hash| hash << 32).collect());
        let packed = SEAL.close(&Writer::new(&example).write(&example).unwrap()).unwrap();
        assert_eq!(unpack(&packed).unwrap_err().kind(), ErrorKind::Damaged);
    }

    #[test]
    fn damaged_bytes_are_an_error_or_other_tables() {
        let mut example = example();
        // To make filters takes long.
        for shared in example.shared.iter_mut().flatten() {
            shared.words.iter_mut().for_each(|(_, filters)| *filters = 0);
        }
        let packed = example.pack(&[Target::Taiwan]).unwrap();
        assert!(unpack(&packed[1..]).is_err());
        let contents = SEAL.open_checked(&packed).unwrap();
        for len in 0..contents.len() {
            assert!(unpack(&SEAL.close(&contents[..len]).unwrap()).is_err(), "{len}");
        }
        for at in 0..contents.len() {
            for bits in [1, 0x80, 0xff] {
                let mut forged = contents.to_vec();
                forged[at] ^= bits;
                // With a checksum that fits, other numbers are other tables: what matters is that nothing panics.
                let _ = unpack(&SEAL.close(&forged).unwrap());
            }
        }
    }
}

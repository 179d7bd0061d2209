//! What each class is to the reading of a text in words.

use fanjian_dictionary::Error;

use crate::{characters::Class, tables::Reader};

/// What each class is, as bits: of all sets in one table, so that one look at a character answers for all.
#[derive(Clone, Debug)]
pub(crate) struct Kinds(Box<[u8; 0x1_0000]>);

/// It is often a word alone; is then a function word; and does then not end a clause.
pub(crate) const SINGLE: u8 = 1;
pub(crate) const FUNCTION: u8 = 1 << 1;
pub(crate) const OPEN: u8 = 1 << 2;

impl Kinds {
    pub(crate) fn new() -> Kinds {
        let kinds = vec![0; 0x1_0000].into_boxed_slice();
        let Ok(kinds) = kinds.try_into() else { unreachable!("the slice has that length") };
        Kinds(kinds)
    }

    /// Reads the classes of a kind.
    pub(crate) fn read(&mut self, kind: u8, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.classes()?.for_each(|class| self.0[usize::from(class)] |= kind);
        Ok(())
    }

    #[inline]
    pub(crate) fn of(&self, class: Class) -> u8 {
        self.0[usize::from(class)]
    }
}

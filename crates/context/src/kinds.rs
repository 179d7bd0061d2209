//! What each class is to the reading of a text in words.

use std::sync::OnceLock;

use fanjian_dictionary::Error;

use crate::{characters::Class, tables::Reader};

/// What each class is.
#[derive(Clone, Debug)]
pub(crate) struct Kinds<'b> {
    /// The classes of each kind.
    classes: [&'b [[u8; 2]]; 3],
    /// As bits, of all kinds in one table, so that one look at a character answers for all: made once something asks.
    table: OnceLock<Box<[u8; 0x1_0000]>>,
}

/// It is often a word alone; is then a function word; and does then not end a clause.
pub(crate) const SINGLE: u8 = 1;
pub(crate) const FUNCTION: u8 = 1 << 1;
pub(crate) const OPEN: u8 = 1 << 2;

/// The kinds in the order of the tables.
const ALL: [u8; 3] = [SINGLE, FUNCTION, OPEN];

impl<'b> Kinds<'b> {
    pub(crate) fn read(reader: &mut Reader<'b>) -> Result<Kinds<'b>, Error> {
        let classes = [reader.records()?, reader.records()?, reader.records()?];
        Ok(Kinds { classes, table: OnceLock::new() })
    }

    #[inline]
    pub(crate) fn of(&self, class: Class) -> u8 {
        self.table.get_or_init(|| self.make())[usize::from(class)]
    }

    #[cold]
    fn make(&self) -> Box<[u8; 0x1_0000]> {
        let mut table = vec![0; 0x1_0000].into_boxed_slice();
        for (kind, classes) in ALL.into_iter().zip(self.classes) {
            for &class in classes {
                table[usize::from(Class::from_le_bytes(class))] |= kind;
            }
        }
        let Ok(table) = table.try_into() else { unreachable!("the slice has that length") };
        table
    }
}

//! The index of a dictionary by the first character of its keys.
//!
//! Walking the FST from its root for every character of a text is slow, and most characters begin no key. The index
//! tells in two reads whether a character does; if so, where its value is, and where in the FST its longer keys go on.
//!
//! It has three tables of little-endian numbers: a directory of 16-bit page numbers by code point / 64; pages of 64
//! 16-bit record numbers, both counted from 1, with 0 for none; and 12-byte records.

use std::collections::BTreeMap;

use fst::raw::{Fst, Node};

use crate::bytes::u32_at;

/// What a dictionary has for a character that begins at least one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FirstCharacter {
    /// The value of the key that is this character alone.
    pub(crate) value: Option<u32>,
    /// The FST node after this character, where longer keys go on, and the output on the way to it.
    pub(crate) longer: Option<(u32, u32)>,
}

const PAGE: usize = 64;
const RECORD: usize = 12;
/// Stands for "no value" and "no node": 0 is a value's offset and the address of a real node.
const NONE: u32 = u32::MAX;

/// The three tables, ready to be written.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) directory: Vec<u8>,
    pub(crate) pages: Vec<u8>,
    pub(crate) records: Vec<u8>,
}

/// Looks a character up in the three tables; nothing where they do not hold it.
#[inline]
pub(crate) fn look_up(directory: &[u8], pages: &[u8], records: &[u8], character: char) -> Option<FirstCharacter> {
    let code = character as usize;
    let page = number_from_one(directory, code / PAGE)?;
    let record = number_from_one(pages, page * PAGE + code % PAGE)?;
    let value = u32_at(records, record * RECORD)?;
    let node = u32_at(records, record * RECORD + 4)?;
    let output = u32_at(records, record * RECORD + 8)?;
    Some(FirstCharacter { value: (value != NONE).then_some(value), longer: (node != NONE).then_some((node, output)) })
}

#[inline]
fn number_from_one(table: &[u8], at: usize) -> Option<usize> {
    let bytes = table.get(2 * at..)?.first_chunk::<2>()?;
    usize::from(u16::from_le_bytes(*bytes)).checked_sub(1)
}

/// Builds the tables from the FST's transitions. Nothing where they do not fit the numbers' widths, or where a key is
/// not UTF-8.
///
/// Costs time by the number of distinct first characters, not by the number of keys.
pub(crate) fn build<D: AsRef<[u8]>>(fst: &Fst<D>) -> Option<Tables> {
    let mut characters = BTreeMap::new();
    collect(fst, fst.root(), &mut Vec::new(), 0, &mut characters)?;
    let mut tables = Tables::default();
    let mut pages: Vec<[u16; PAGE]> = Vec::new();
    let mut directory: Vec<u16> = Vec::new();
    for (index, (&character, first)) in characters.iter().enumerate() {
        let record = u16::try_from(index + 1).ok()?;
        let code = character as usize;
        if directory.len() <= code / PAGE {
            directory.resize(code / PAGE + 1, 0);
        }
        let page = &mut directory[code / PAGE];
        if *page == 0 {
            pages.push([0; PAGE]);
            *page = u16::try_from(pages.len()).ok()?;
        }
        pages[usize::from(*page) - 1][code % PAGE] = record;
        let (node, output) = first.longer.unwrap_or((NONE, 0));
        for number in [first.value.unwrap_or(NONE), node, output] {
            tables.records.extend_from_slice(&number.to_le_bytes());
        }
    }
    tables.directory = directory.iter().flat_map(|page| page.to_le_bytes()).collect();
    tables.pages = pages.iter().flatten().flat_map(|record| record.to_le_bytes()).collect();
    Some(tables)
}

/// Walks down from `node`, which the bytes of `prefix` have led to, until each path has spelt a character.
fn collect<D: AsRef<[u8]>>(
    fst: &Fst<D>,
    node: Node<'_>,
    prefix: &mut Vec<u8>,
    output: u64,
    characters: &mut BTreeMap<char, FirstCharacter>,
) -> Option<()> {
    for transition in node.transitions() {
        prefix.push(transition.inp);
        let output = output.checked_add(transition.out.value())?;
        let next = fst.node(transition.addr);
        match str::from_utf8(prefix) {
            Ok(character) => {
                let value = match next.is_final() {
                    true => Some(below_none(output.checked_add(next.final_output().value())?)?),
                    false => None,
                };
                let longer = match next.is_empty() {
                    true => None,
                    false => Some((below_none(transition.addr as u64)?, below_none(output)?)),
                };
                characters.insert(character.chars().next()?, FirstCharacter { value, longer });
            }
            Err(error) if error.error_len().is_none() && !next.is_final() => {
                collect(fst, next, prefix, output, characters)?;
            }
            Err(_) => return None,
        }
        prefix.pop();
    }
    Some(())
}

fn below_none(number: u64) -> Option<u32> {
    u32::try_from(number).ok().filter(|&number| number != NONE)
}

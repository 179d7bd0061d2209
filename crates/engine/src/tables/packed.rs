//! Tables in a form that compresses well, for programs that are given them over a network: without what can be made again
//! from the rest. Slots of hash tables are in the order of hashes; their keys in the order of characters, as differences, take
//! a fifth of that. Most bits of a filter come from the pairs of these keys, and those of the characters that change from the
//! pages: the others are what is stored. Most entries of pages are 0, and are a bit.
//!
//! The form is that of a file of tables, in which each block is behind its kind and its length. Numbers are LEB128 but for
//! those of the directory.

#[cfg(feature = "compile")]
use fanjian_dictionary::bytes::write_number;
use fanjian_dictionary::{Error, bytes::read_number};

use super::{
    CONFIGURATION, HEAD, MATCHERS, PARTS, SEAL,
    characters::{Characters, changing},
    matcher, pair_filter, u32_at,
};

/// A block that is stored as it is; the slots of records; a filter, which is stored as its difference from that of the keys of
/// a configuration; notable characters, as the difference from those that change; pages.
const RAW: u8 = 0;
const SLOTS: u8 = 1;
const FILTER: u8 = 2;
const NOTABLE: u8 = 3;
const PAGES: u8 = 4;

/// The parts of a configuration that are its directory of characters, filters, and notable characters.
const DIRECTORY_PART: usize = 1;
const FILTER_PARTS: [usize; 2] = [2, 3];
const NOTABLE_PART: usize = 4;

/// A block of a file of tables: where it begins, and its length.
type Block = (usize, usize);

/// The directory of a file of tables.
struct Directory<'b> {
    contents: &'b [u8],
    configurations: usize,
}

impl<'b> Directory<'b> {
    fn new(contents: &'b [u8]) -> Option<Directory<'b>> {
        let configurations = u32_at(contents, 0)? as usize;
        let directory = Directory { contents, configurations };
        (directory.len() <= contents.len()).then_some(directory)
    }

    fn len(&self) -> usize {
        HEAD + self.configurations.saturating_mul(CONFIGURATION)
    }

    fn block(&self, at: usize) -> Option<Block> {
        Some((u32_at(self.contents, at)? as usize, u32_at(self.contents, at + 4)? as usize))
    }

    fn pages(&self) -> Option<Block> {
        self.block(4)
    }

    /// The part of a configuration with this index.
    fn part(&self, configuration: usize, index: usize) -> Option<Block> {
        self.block(HEAD + configuration * CONFIGURATION + index * 8)
    }

    /// All blocks without those that are empty, each once, in their order, with what they are. The configuration of a filter
    /// is the first that has it.
    fn blocks(&self) -> Option<Vec<(Block, Kind)>> {
        let mut blocks = vec![(self.pages()?, Kind::Pages)];
        for configuration in 0..self.configurations {
            for index in 0..PARTS {
                let kind = if let Some(of) = MATCHERS.iter().position(|matcher| matcher + 1 == index) {
                    Kind::Slots(self.part(configuration, MATCHERS[of] + 2)?)
                } else if FILTER_PARTS.contains(&index) {
                    Kind::Filter(configuration)
                } else if index == NOTABLE_PART {
                    Kind::Notable(configuration)
                } else {
                    Kind::Raw
                };
                let block = self.part(configuration, index)?;
                // There are few: a sort of the standard library would be 4 kB of a program that is fetched.
                let place = blocks.partition_point(|(known, _)| *known < block);
                if block.1 > 0 && blocks.get(place).is_none_or(|(known, _)| *known != block) {
                    blocks.insert(place, (block, kind));
                }
            }
        }
        Some(blocks)
    }

    /// The filter of the pairs in all keys of a configuration's matchers, of this length. `contents` has these matchers.
    fn filter_of_keys(&self, configuration: usize, len: usize, contents: &[u8]) -> Option<Vec<u8>> {
        let mut filter = pair_filter::Builder::new(len);
        let mut seen = Vec::new();
        for matcher in MATCHERS {
            let parts = [matcher + 1, matcher + 2].map(|index| self.part(configuration, index));
            let [Some(slots), Some(records)] = parts else { return None };
            if seen.contains(&(slots, records)) {
                continue;
            }
            seen.push((slots, records));
            matcher::each_pair(bytes(contents, slots)?, bytes(contents, records)?, |left, right| {
                filter.insert(left, right);
            });
        }
        filter.finish()
    }

    /// What a block of this kind differs little from. `contents` has what it is made of.
    fn base(&self, kind: Kind, len: usize, contents: &[u8]) -> Option<Vec<u8>> {
        match kind {
            Kind::Filter(configuration) => self.filter_of_keys(configuration, len, contents),
            Kind::Notable(configuration) => {
                let directory = bytes(contents, self.part(configuration, DIRECTORY_PART)?)?;
                Some(changing(&Characters::new(directory, bytes(contents, self.pages()?)?)?))
            }
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Raw,
    /// Of these records.
    Slots(Block),
    /// Of this configuration.
    Filter(usize),
    Notable(usize),
    Pages,
}

fn bytes(contents: &[u8], (start, len): Block) -> Option<&[u8]> {
    contents.get(start..)?.get(..len)
}

/// A file of tables in this form.
///
/// # Errors
///
/// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged) for what is no file of tables, and
/// [`Version`](fanjian_dictionary::ErrorKind::Version).
#[cfg(feature = "compile")]
pub fn pack(tables: &[u8]) -> Result<Vec<u8>, Error> {
    let contents = SEAL.open_checked(tables)?;
    let packed = pack_contents(contents).ok_or_else(damaged)?;
    if unpack(&packed)? == contents { Ok(packed) } else { Err(damaged()) }
}

#[cfg(feature = "compile")]
fn pack_contents(contents: &[u8]) -> Option<Vec<u8>> {
    let directory = Directory::new(contents)?;
    let mut packed = contents.get(..directory.len())?.to_vec();
    for (block, kind) in directory.blocks()? {
        let stored = bytes(contents, block)?;
        let (kind, stored) = match kind {
            Kind::Raw => (RAW, stored.to_vec()),
            Kind::Pages => (PAGES, pack_pages(stored)),
            Kind::Slots(_) => (SLOTS, matcher::pack_slots(stored)),
            Kind::Filter(_) | Kind::Notable(_) => {
                let base = directory.base(kind, stored.len(), contents)?;
                let form = if let Kind::Filter(_) = kind { FILTER } else { NOTABLE };
                (form, stored.iter().zip(base).map(|(bits, base)| bits ^ base).collect())
            }
        };
        packed.push(kind);
        write_number(&mut packed, stored.len());
        packed.extend(stored);
    }
    Some(packed)
}

/// A bit for each entry, whether it is not 0, and behind them the entries that are not.
#[cfg(feature = "compile")]
fn pack_pages(pages: &[u8]) -> Vec<u8> {
    let entries = pages.as_chunks::<4>().0;
    let is_some = |entry: &[u8; 4]| u8::from(*entry != [0; 4]);
    let bits = entries.chunks(8).map(|eight| eight.iter().rev().fold(0, |bits, entry| bits << 1 | is_some(entry)));
    bits.chain(entries.iter().filter(|entry| is_some(entry) == 1).flatten().copied()).collect()
}

/// Makes pages, which are 0, of what [`pack_pages`] made.
fn unpack_pages(packed: &[u8], pages: &mut [u8]) -> Option<()> {
    let entries = pages.as_chunks_mut::<4>().0;
    let (bits, values) = packed.split_at_checked(entries.len().div_ceil(8))?;
    let (values, rest) = values.as_chunks::<4>();
    let mut values = values.iter();
    for (number, entry) in entries.iter_mut().enumerate() {
        if bits[number / 8] >> (number % 8) & 1 == 1 {
            *entry = *values.next()?;
        }
    }
    (values.next().is_none() && rest.is_empty()).then_some(())
}

/// The tables that are in this form, without the head of a file.
///
/// # Errors
///
/// [`Damaged`](fanjian_dictionary::ErrorKind::Damaged).
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Error> {
    unpack_contents(packed).ok_or_else(damaged)
}

fn unpack_contents(packed: &[u8]) -> Option<Vec<u8>> {
    let directory = Directory::new(packed)?;
    let blocks = directory.blocks()?;
    let len = blocks.last().map_or(directory.len(), |((start, len), _)| start + len);
    // A forged directory cannot ask for more memory than a file of tables can have of it.
    if len > packed.len().saturating_mul(64) {
        return None;
    }
    let mut contents = vec![0; len];
    contents.get_mut(..directory.len())?.copy_from_slice(packed.get(..directory.len())?);
    let mut stored = packed.get(directory.len()..)?;
    // Slots need the records, and others the slots, or pages.
    let (mut slots, mut others) = (Vec::new(), Vec::new());
    for ((start, len), kind) in blocks {
        let (&form, rest) = stored.split_first()?;
        stored = rest;
        let stored_len = read_number(&mut stored)?;
        let (bytes, rest) = stored.split_at_checked(stored_len)?;
        stored = rest;
        let block = contents.get_mut(start..)?.get_mut(..len)?;
        match (form, kind) {
            (RAW, Kind::Raw) if bytes.len() == len => block.copy_from_slice(bytes),
            (PAGES, Kind::Pages) => unpack_pages(bytes, block)?,
            (SLOTS, Kind::Slots(_)) => slots.push(((start, len), kind, bytes)),
            (FILTER, Kind::Filter(_)) | (NOTABLE, Kind::Notable(_)) => others.push(((start, len), kind, bytes)),
            _ => return None,
        }
    }
    for ((start, len), kind, stored) in slots.into_iter().chain(others) {
        let made: Vec<u8> = match kind {
            Kind::Slots(records) => matcher::unpack_slots(stored, len, bytes(&contents, records)?)?,
            _ => {
                (stored.len() == len).then_some(())?;
                let base = directory.base(kind, len, &contents)?;
                base.iter().zip(stored).map(|(base, bits)| base ^ bits).collect()
            }
        };
        // Slots have whole numbers, and a base may have another length.
        if made.len() != len {
            return None;
        }
        contents.get_mut(start..)?.get_mut(..len)?.copy_from_slice(&made);
    }
    Some(contents)
}

fn damaged() -> Error {
    SEAL.damaged("its parts do not fit")
}

#[cfg(test)]
mod tests {
    use fanjian_dictionary::{Config, Plan};

    use super::*;
    use crate::tables::compile;

    fn example() -> Vec<u8> {
        let plan = |entries: &str| -> Plan {
            let config =
                format!(r#"{{"conversion_chain": [{{"dict": {{"type": "inline", "entries": {{{entries}}}}}}}]}}"#);
            let find = &mut |_: fanjian_dictionary::Reference<'_>| unreachable!("all dictionaries are inline");
            Config::parse(&config).unwrap().plan(false, find).unwrap()
        };
        let one = plan(r#""后面": "後面", "面后": "麵后", "里": "裏里", "发": "發", "é": "e""#);
        let other = plan(r#""髮": "发", "頭髮": "头发", "發": "发""#);
        compile(&[("one".to_owned(), one), ("other".to_owned(), other)]).unwrap()
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let tables = example();
        assert_eq!(unpack(&pack(&tables).unwrap()).unwrap(), SEAL.open_checked(&tables).unwrap());
    }

    #[test]
    fn damaged_bytes_are_an_error_or_other_tables() {
        let packed = pack(&example()).unwrap();
        for len in (0..packed.len()).step_by(97) {
            assert!(unpack(&packed[..len]).is_err(), "{len}");
        }
        // The head and the directory, and some of what follows.
        for at in (0..300).chain((300..packed.len()).step_by(997)) {
            let mut forged = packed.clone();
            forged[at] ^= 0x81;
            // Other numbers are other tables: what matters is that nothing panics.
            let _ = unpack(&forged);
        }
    }
}

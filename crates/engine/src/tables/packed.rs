//! Tables in a form that compresses well, for programs that are given them over a network: without what can be made again
//! from the rest. Slots of hash tables are in the order of hashes; their keys in the order of characters, as differences, take
//! a fifth of that. Most bits of a filter come from the pairs of these keys: the others are what is stored.
//!
//! The form is that of a file of tables, in which each block is behind its kind and its length. Numbers are LEB128 but for
//! those of the directory.

#[cfg(feature = "compile")]
use fanjian_dictionary::bytes::write_number;
use fanjian_dictionary::{Error, bytes::read_number};

use super::{CONFIGURATION, HEAD, MATCHERS, PARTS, SEAL, matcher, pair_filter, u32_at};

/// A block that is stored as it is; the slots of records; a filter, which is stored as its difference from that of the keys of
/// a configuration.
const RAW: u8 = 0;
const SLOTS: u8 = 1;
const FILTER: u8 = 2;

/// The parts of a configuration that are filters.
const FILTERS: [usize; 2] = [2, 3];

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

    /// The part of a configuration with this index.
    fn part(&self, configuration: usize, index: usize) -> Option<Block> {
        self.block(HEAD + configuration * CONFIGURATION + index * 8)
    }

    /// All blocks without those that are empty, each once, in their order, with what they are. The configuration of a filter
    /// is the first that has it.
    fn blocks(&self) -> Option<Vec<(Block, Kind)>> {
        let mut blocks = vec![(self.block(4)?, Kind::Raw)];
        for configuration in 0..self.configurations {
            for index in 0..PARTS {
                let kind = if let Some(of) = MATCHERS.iter().position(|matcher| matcher + 1 == index) {
                    Kind::Slots(self.part(configuration, MATCHERS[of] + 2)?)
                } else if FILTERS.contains(&index) {
                    Kind::Filter(configuration)
                } else {
                    Kind::Raw
                };
                let block = self.part(configuration, index)?;
                if block.1 > 0 && !blocks.iter().any(|(known, _)| *known == block) {
                    blocks.push((block, kind));
                }
            }
        }
        blocks.sort_unstable_by_key(|(block, _)| *block);
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
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Raw,
    /// Of these records.
    Slots(Block),
    /// Of this configuration.
    Filter(usize),
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
            Kind::Slots(_) => (SLOTS, matcher::pack_slots(stored)),
            Kind::Filter(configuration) => {
                let made = directory.filter_of_keys(configuration, stored.len(), contents)?;
                (FILTER, stored.iter().zip(made).map(|(bits, made)| bits ^ made).collect())
            }
        };
        packed.push(kind);
        write_number(&mut packed, stored.len());
        packed.extend(stored);
    }
    Some(packed)
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
    // Slots need the records, and filters the slots.
    let (mut slots, mut filters) = (Vec::new(), Vec::new());
    for ((start, len), kind) in blocks {
        let (&form, rest) = stored.split_first()?;
        stored = rest;
        let stored_len = read_number(&mut stored)?;
        let (bytes, rest) = stored.split_at_checked(stored_len)?;
        stored = rest;
        let block = contents.get_mut(start..)?.get_mut(..len)?;
        match (form, kind) {
            (RAW, _) if bytes.len() == len => block.copy_from_slice(bytes),
            (SLOTS, Kind::Slots(_)) => slots.push(((start, len), kind, bytes)),
            (FILTER, Kind::Filter(_)) => filters.push(((start, len), kind, bytes)),
            _ => return None,
        }
    }
    for ((start, len), kind, stored) in slots.into_iter().chain(filters) {
        let made = match kind {
            Kind::Slots(records) => matcher::unpack_slots(stored, len, bytes(&contents, records)?)?,
            Kind::Filter(configuration) if stored.len() == len => {
                let made = directory.filter_of_keys(configuration, len, &contents)?;
                made.iter().zip(stored).map(|(made, bits)| made ^ bits).collect()
            }
            _ => return None,
        };
        contents.get_mut(start..)?.get_mut(..len)?.copy_from_slice(&made);
    }
    Some(contents)
}

fn damaged() -> Error {
    SEAL.damaged("its parts do not fit")
}

//! Checks of a compiled dictionary that comes from outside, so that no walk over it can leave its bytes.
//!
//! The crate `fst` reads nodes without checks, on the promise that its own builder wrote them. For files that anybody
//! may have written, [`fst`] below makes the promise true first: it follows every node that can be reached and holds its
//! extent against the bytes, by the node layout of `fst` 0.4.7 (`raw/node.rs`). That layout is why the version of
//! `fst` is pinned.

use std::collections::HashSet;

use fst::{
    Streamer,
    raw::{CompiledAddr, Fst, Output},
};

use crate::{format::LONGEST_KEY, pairs, values::Candidates};

/// The FST format version that this node layout belongs to.
const FST_VERSION: u64 = 3;
/// Version and type come before the nodes; number of keys, root address and checksum after them.
const FST_HEADER: usize = 16;
const FST_FOOTER: usize = 20;
/// Nodes with more transitions than this carry a table of 256 bytes by input.
const INDEXED_ABOVE: usize = 32;

/// The FST in `bytes`, if every node that a walk from its root can reach lies within them.
pub(crate) fn fst<D: AsRef<[u8]>>(bytes: D) -> Option<Fst<D>> {
    let data = bytes.as_ref();
    let version = u64::from_le_bytes(*data.first_chunk()?);
    let footer = data.len().checked_sub(FST_FOOTER)?;
    let root = u64::from_le_bytes(*data.get(footer + 8..)?.first_chunk()?);
    let nodes = data.get(..footer)?;
    if version != FST_VERSION || root.checked_add(1) != Some(footer as u64) {
        return None;
    }

    let mut seen = HashSet::new();
    let mut left = vec![root as CompiledAddr];
    while let Some(address) = left.pop() {
        // 0 is not an address, but stands for the node that ends a key and has nothing to it.
        if address != 0 && seen.insert(address) {
            let (next, ends) = node(nodes, address)?;
            // A dead end below the root would let keys be searched for without end; at the root there is no key.
            if next.is_empty() && !ends && address != root as CompiledAddr {
                return None;
            }
            left.extend(next);
        }
    }
    Fst::new(bytes).ok()
}

/// The addresses that the node at `address` leads to, and whether a key ends at it, if the node lies within `nodes` and
/// the addresses all lie below it.
fn node(nodes: &[u8], address: CompiledAddr) -> Option<(Vec<CompiledAddr>, bool)> {
    let state = *nodes.get(address)?;
    let one = state & 0b1000_0000 != 0;
    let flag = state & 0b0100_0000 != 0;
    let explicit = usize::from(state & 0b0011_1111 == 0);
    let before = |count: usize| address.checked_sub(count).filter(|&at| at >= FST_HEADER);

    if one && flag {
        // One transition, without output, to the node just below.
        return Some((vec![before(explicit + 1)?], false));
    }
    let transitions = match (one, explicit) {
        (true, _) => 1,
        (false, 0) => usize::from(state & 0b0011_1111),
        // One transition would be in the state: 1 stands for 256.
        (false, _) => match *nodes.get(before(1)?)? {
            1 => 256,
            count => usize::from(count),
        },
    };
    let ends = !one && flag;
    let sizes = *nodes.get(before(explicit + 1)?)?;
    let (address_size, output_size) = (usize::from(sizes >> 4), usize::from(sizes & 0b1111));
    if address_size > 8 || output_size > 8 || (address_size == 0 && transitions > 0) {
        return None;
    }

    let index = if !one && transitions > INDEXED_ABOVE { 256 } else { 0 };
    let inputs = if one { 0 } else { transitions };
    let above_addresses = explicit + 1 + index + inputs;
    let end = before(above_addresses + transitions * (address_size + output_size) + usize::from(ends) * output_size)?;
    let next = (0..transitions).map(|transition| {
        let at = before(above_addresses + (transition + 1) * address_size)?;
        let mut delta = [0; 8];
        delta[..address_size].copy_from_slice(nodes.get(at..at + address_size)?);
        match u64::from_le_bytes(delta) {
            0 => Some(0),
            delta => end.checked_sub(usize::try_from(delta).ok()?).filter(|&at| at >= FST_HEADER),
        }
    });
    Some((next.collect::<Option<_>>()?, ends))
}

/// What the keys and values of a sound dictionary amount to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) entries: usize,
    pub(crate) longest_key: usize,
    /// The first two characters of the keys that have so many, in order, each pair once.
    pub(crate) pairs: Vec<(char, char)>,
}

/// How many bytes of text are read for each byte of a file. Words share what they begin with, and a forged file could let them
/// share so much that they fill any memory.
pub(crate) const MOST_GROWTH: usize = 64;
/// How many bytes of text are read of any file, however short it is: long words may differ in their ends alone.
pub(crate) const ALWAYS_READ: usize = 64 << 20;

/// How many bytes of text a file of this length may have.
pub(crate) fn most_text(file: usize) -> usize {
    file.saturating_mul(MOST_GROWTH).max(ALWAYS_READ)
}

/// Reads all keys and values: nothing if a key could not be found, if there are more than `most` keys, one is empty, too
/// long or not UTF-8, if all are [longer](most_text) than such a file has them, or if the values are not exactly the pool's
/// records in order.
pub(crate) fn contents<D: AsRef<[u8]>>(fst: &Fst<D>, pool: &[u8], most: usize) -> Option<Contents> {
    let mut contents = Contents { entries: 0, longest_key: 0, pairs: Vec::new() };
    let (mut next, mut text) = (0, 0);
    let most_text = most_text(fst.as_bytes().len() + pool.len());
    if !nodes_are_sound(fst) {
        return None;
    }
    let mut stream = fst.stream();
    while let Some((key, offset)) = stream.next() {
        contents.entries += 1;
        if contents.entries > most || key.is_empty() || key.len() > LONGEST_KEY || offset.value() != next {
            return None;
        }
        text += key.len();
        if text > most_text {
            return None;
        }
        contents.longest_key = contents.longest_key.max(key.len());
        let pair = pairs::first_two(str::from_utf8(key).ok()?);
        if pair.is_some() && pair != contents.pairs.last().copied() {
            contents.pairs.extend(pair);
        }
        let mut candidates = Candidates::at(pool, usize::try_from(next).ok()?)?;
        if candidates.len() == 0 {
            return None;
        }
        while candidates.len() > 0 {
            candidates.next()?;
        }
        next = (pool.len() - candidates.rest().len()) as u64;
    }
    (next == pool.len() as u64).then_some(contents)
}

/// Whether each byte leads on from a node by just the transition that is listed for it, in the order of bytes; and no path's
/// outputs add up past what a number holds, as `fst` adds them unchecked.
///
/// No path has as many as 2³² nodes, so it is enough that no output passes 2³² − 1.
fn nodes_are_sound<D: AsRef<[u8]>>(fst: &Fst<D>) -> bool {
    let largest = u64::from(u32::MAX);
    let mut seen = HashSet::new();
    let mut left = vec![fst.root().addr()];
    while let Some(address) = left.pop() {
        if !seen.insert(address) {
            continue;
        }
        let node = fst.node(address);
        if node.final_output() > Output::new(largest) {
            return false;
        }
        let mut before = None;
        for (index, transition) in node.transitions().enumerate() {
            // A large node has a table of its transitions by byte, besides their list.
            if before >= Some(transition.inp) || node.find_input(transition.inp) != Some(index) {
                return false;
            }
            before = Some(transition.inp);
        }
        let found = || (0..=u8::MAX).filter(|&byte| node.find_input(byte).is_some()).count();
        if node.len() > INDEXED_ABOVE && found() != node.len() {
            return false;
        }
        for transition in node.transitions() {
            if transition.out > Output::new(largest) {
                return false;
            }
            left.push(transition.addr);
        }
    }
    true
}

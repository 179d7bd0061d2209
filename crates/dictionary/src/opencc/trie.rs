//! The trie of an `.ocd2`: that of the library marisa-trie, from version 0.2.5 on.
//!
//! It is a trie in which a path without branches is one edge. What an edge is labelled with, beyond one byte, is the text of a
//! node of the next trie, read from the node up to the root; and for the last trie, a text of the *tail*. All numbers are
//! little-endian. Behind 16 bytes of magic there are for each trie, the first one first:
//!
//! 1. three vectors of bits: the shape of the trie (LOUDS: `10`, and for each node, in the order of breadth, a `1` for each
//!    child and a `0`); which nodes end a key; which edges have a text for a label;
//! 2. for the edge to each node, the byte that it is labelled with, or the low byte of its text's number;
//! 3. the other bits of these numbers, packed;
//! 4. the tail: its bytes, and a vector of bits that says where texts end, or nothing if they end with a byte 0;
//! 5. the next trie, if edges have texts and the tail is empty;
//! 6. a cache, the number of the root's children, and flags. These only make a search in place faster.
//!
//! A vector is its length in bytes, of 8 bytes, then its elements, and zeros up to a multiple of 8 bytes. A vector of bits is a
//! vector of words, the number of bits, the number of ones, and three vectors that make a search faster. Packed numbers are a
//! vector of words, the width of a number in bits, the mask of that width, and, of 8 bytes, how many there are.

use super::cursor::{Cursor, malformed};
use crate::Error;

/// What a trie begins with.
pub(super) const MAGIC: &[u8; 16] = b"We love Marisa.\0";

/// The most tries that are behind one another. OpenCC makes three.
const MOST_LEVELS: usize = 16;

pub(super) struct Trie<'b> {
    pub(super) levels: Vec<Level<'b>>,
    pub(super) tail: Tail<'b>,
}

/// One of the tries.
pub(super) struct Level<'b> {
    pub(super) offset: usize,
    /// The parent of each node. Node 0 is the root, and each other one has a parent of a lower number.
    pub(super) parents: Vec<u32>,
    /// The label of the edge to each node.
    pub(super) labels: Vec<Label>,
    /// Whether a node ends a key.
    pub(super) ends: Bits<'b>,
}

#[derive(Clone, Copy)]
pub(super) enum Label {
    Byte(u8),
    /// A node of the next trie, or an offset in the tail.
    Text(u32),
}

/// The texts that the edges of the last trie have.
pub(super) struct Tail<'b> {
    pub(super) offset: usize,
    pub(super) texts: &'b [u8],
    /// Where texts end. Without any, they end with a byte 0.
    pub(super) ends: Bits<'b>,
}

impl<'b> Trie<'b> {
    pub(super) fn read(cursor: &mut Cursor<'b>) -> Result<Trie<'b>, Error> {
        let offset = cursor.offset();
        if cursor.take(MAGIC.len(), "the head of the trie")? != MAGIC {
            return Err(malformed(offset, "no trie begins"));
        }
        let mut levels = Vec::new();
        let tail = loop {
            if levels.len() == MOST_LEVELS {
                return Err(malformed(cursor.offset(), &format!("it has more than {MOST_LEVELS} tries")));
            }
            let (level, has_texts) = Level::read(cursor)?;
            levels.push(level);
            let offset = cursor.offset();
            let texts = vector(cursor, 1, "the tail")?;
            let ends = Bits::read(cursor, "the ends of the tail")?;
            if ends.len != 0 && ends.len != texts.len() {
                return Err(malformed(offset, "the tail and the list of its ends differ in length"));
            }
            if !has_texts || !texts.is_empty() {
                break Tail { offset, texts, ends };
            }
        };
        for _ in &levels {
            vector(cursor, 12, "the cache")?;
            cursor.take(8, "the flags of a trie")?;
        }
        Ok(Trie { levels, tail })
    }
}

impl<'b> Level<'b> {
    /// Reads what is before the tail. Also returns whether edges have texts.
    fn read(cursor: &mut Cursor<'b>) -> Result<(Level<'b>, bool), Error> {
        let offset = cursor.offset();
        let shape = Bits::read(cursor, "the shape of a trie")?;
        let ends = Bits::read(cursor, "the list of keys")?;
        let has_text = Bits::read(cursor, "the list of texts")?;
        let bytes = vector(cursor, 1, "the labels")?;
        let upper_at = cursor.offset();
        let upper = Packed::read(cursor)?;
        let parents = parents(&shape, bytes.len())
            .ok_or_else(|| malformed(offset, "the shape of a trie does not have its number of nodes"))?;
        let mut texts = 0;
        let labels = bytes.iter().enumerate().map(|(node, &byte)| {
            if !has_text.get(node).unwrap_or(false) {
                return Ok(Label::Byte(byte));
            }
            let upper = upper.get(texts).filter(|upper| upper >> 24 == 0);
            let upper = upper.ok_or_else(|| malformed(upper_at, "a text has no number"))?;
            texts += 1;
            Ok(Label::Text(upper << 8 | u32::from(byte)))
        });
        let labels = labels.collect::<Result<_, _>>()?;
        Ok((Level { offset, parents, labels, ends }, texts > 0))
    }
}

/// The parent of each of so many nodes.
fn parents(shape: &Bits<'_>, nodes: usize) -> Option<Vec<u32>> {
    if !shape.get(0)? || shape.get(1)? {
        return None;
    }
    let mut parents = vec![0];
    let mut at = 2;
    for node in 0..nodes {
        if parents.len() <= node {
            return None;
        }
        while shape.get(at)? {
            if parents.len() == nodes {
                return None;
            }
            parents.push(u32::try_from(node).ok()?);
            at += 1;
        }
        at += 1;
    }
    (parents.len() == nodes).then_some(parents)
}

/// A vector of bits.
pub(super) struct Bits<'b> {
    bytes: &'b [u8],
    len: usize,
}

impl<'b> Bits<'b> {
    fn read(cursor: &mut Cursor<'b>, what: &str) -> Result<Bits<'b>, Error> {
        let offset = cursor.offset();
        let bytes = vector(cursor, 8, what)?;
        let (len, _ones) = (cursor.u32(what)? as usize, cursor.u32(what)?);
        for element in [12, 4, 4] {
            vector(cursor, element, what)?;
        }
        if len > bytes.len().saturating_mul(8) {
            return Err(malformed(offset, &format!("{what} would have {len} bits")));
        }
        Ok(Bits { bytes, len })
    }

    /// A bit. None behind the last one.
    pub(super) fn get(&self, at: usize) -> Option<bool> {
        if at >= self.len {
            return None;
        }
        self.bytes.get(at / 8).map(|byte| byte >> (at % 8) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Numbers of the same width.
struct Packed<'b> {
    bytes: &'b [u8],
    width: usize,
    len: u64,
}

impl<'b> Packed<'b> {
    fn read(cursor: &mut Cursor<'b>) -> Result<Packed<'b>, Error> {
        let what = "the numbers of texts";
        let offset = cursor.offset();
        let bytes = vector(cursor, 8, what)?;
        let (width, _mask) = (cursor.u32(what)? as usize, cursor.u32(what)?);
        let len = cursor.u64(what)?;
        if width > 32 {
            return Err(malformed(offset, &format!("{what} would have {width} bits each")));
        }
        Ok(Packed { bytes, width, len })
    }

    fn get(&self, index: usize) -> Option<u32> {
        if index as u64 >= self.len {
            return None;
        }
        let mut number = 0;
        let start = index.checked_mul(self.width)?;
        for bit in 0..self.width {
            let at = start.checked_add(bit)?;
            number |= u32::from(self.bytes.get(at / 8)? >> (at % 8) & 1) << bit;
        }
        Some(number)
    }
}

/// The bytes of a vector of elements of this size.
fn vector<'b>(cursor: &mut Cursor<'b>, element: usize, what: &str) -> Result<&'b [u8], Error> {
    let offset = cursor.offset();
    let len = usize::try_from(cursor.u64(what)?).unwrap_or(usize::MAX);
    if !len.is_multiple_of(element) {
        return Err(malformed(offset, &format!("{what} would have {len} bytes")));
    }
    let bytes = cursor.take(len, what)?;
    cursor.take((8 - len % 8) % 8, what)?;
    Ok(bytes)
}

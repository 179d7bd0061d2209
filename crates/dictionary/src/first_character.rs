//! The index of a dictionary by the first character of its keys.
//!
//! Walking the FST from its root for every character of a text is slow, and most characters begin no key. The index
//! shows in one read whether a character does; if so, where its value is, and where in the FST its longer keys go on.
//!
//! It is one block of little-endian numbers: the number of words, in 4 bytes; the words, of 64 bits each, in which the
//! bit of every character that begins a key is set, by code point; for each word, in 2 bytes, how many bits are set
//! before it; and for each bit that is set, in their order, a record of three numbers of 4 bytes.

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

const RECORD: usize = 12;
/// Stands for "no value" and "no node": 0 is a value's offset and the address of a real node.
const NONE: u32 = u32::MAX;

/// How many words the index has, if it is long enough for them.
pub(crate) fn words(index: &[u8]) -> Option<usize> {
    let words = u32_at(index, 0)? as usize;
    (index.len() >= 4 + words.checked_mul(10)?).then_some(words)
}

/// Looks a character up in an index of `words` words.
#[inline]
pub(crate) fn look_up(index: &[u8], words: usize, character: char) -> Option<FirstCharacter> {
    let code = character as usize;
    let (word, bit) = (code / 64, code % 64);
    if word >= words {
        return None;
    }
    let bits = u64::from_le_bytes(*index.get(4 + word * 8..)?.first_chunk()?);
    if bits >> bit & 1 == 0 {
        return None;
    }
    let before = u16::from_le_bytes(*index.get(4 + words * 8 + word * 2..)?.first_chunk()?);
    let record = usize::from(before) + (bits & ((1 << bit) - 1)).count_ones() as usize;
    let record = index.get(4 + words * 10 + record * RECORD..)?.first_chunk::<RECORD>()?;
    let [value, node, output] = [0, 4, 8].map(|at| u32_at(record, at).unwrap_or(NONE));
    Some(FirstCharacter { value: (value != NONE).then_some(value), longer: (node != NONE).then_some((node, output)) })
}

/// The words of an index of `words` words.
pub(crate) fn bits(index: &[u8], words: usize) -> impl Iterator<Item = u64> {
    index[4..].as_chunks::<8>().0.iter().take(words).map(|word| u64::from_le_bytes(*word))
}

/// Builds the index from the FST's transitions. None if it does not fit the widths of the numbers, or if a key is not
/// UTF-8.
///
/// Costs time by the number of distinct first characters, not by the number of keys.
pub(crate) fn build<D: AsRef<[u8]>>(fst: &Fst<D>) -> Option<Vec<u8>> {
    let mut characters = BTreeMap::new();
    collect(fst, fst.root(), &mut Vec::new(), 0, &mut characters)?;
    let mut words: Vec<u64> = Vec::new();
    for &character in characters.keys() {
        let code = character as usize;
        words.resize(code / 64 + 1, 0);
        words[code / 64] |= 1 << (code % 64);
    }
    let mut index = (words.len() as u32).to_le_bytes().to_vec();
    index.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    let mut before = 0_u32;
    for word in &words {
        index.extend(u16::try_from(before).ok()?.to_le_bytes());
        before += word.count_ones();
    }
    for first in characters.values() {
        let (node, output) = first.longer.unwrap_or((NONE, 0));
        for number in [first.value.unwrap_or(NONE), node, output] {
            index.extend(number.to_le_bytes());
        }
    }
    Some(index)
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

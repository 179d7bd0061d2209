//! The writer of `.ocd2`: one trie, and a tail that holds the labels of more than one byte.
//!
//! See [`trie`](super::trie) and [`values`](super::values) for the format.

use std::{cmp::Reverse, collections::VecDeque, ops::Range};

use super::{OCD2_MAGIC, bits, most_text, trie, values};
use crate::{
    Entries, Error, ErrorKind,
    format::{LONGEST_KEY, push_number, too_large},
};

/// One trie, a tail of texts that a byte 0 ends, a cache of the usual size, and nodes in the order of their weights.
const FLAGS: u32 = 0x1 | 0x1000 | 0x200 | 0x2_0000;
/// Keys for each place of a cache of that size.
const KEYS_TO_PLACE: usize = 512;
const LEAST_PLACES: usize = 256;
/// The number of a label, without its low byte, that stands for no text.
const NO_TEXT: u32 = u32::MAX >> 8;

/// The file of these entries.
///
/// The same entries give the same bytes. They are not those that `opencc_dict` makes, which has three tries.
pub(crate) fn write(entries: &Entries) -> Result<Vec<u8>, Error> {
    let entries: Vec<_> = entries.iter().collect();
    if let Some((key, _)) = entries.iter().find(|(key, _)| key.contains('\0')) {
        let key = key.escape_debug();
        let message = format!("the key '{key}' holds the character U+0000, which ends a key in .ocd2");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    if let Some((key, _)) = entries.iter().find(|(key, _)| key.len() > LONGEST_KEY) {
        let start: String = key.chars().take(8).collect();
        let message =
            format!("the key '{}…' has {} bytes; at most {LONGEST_KEY} are read", start.escape_debug(), key.len());
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let trie = Trie::build(&entries);
    let mut out = [OCD2_MAGIC, trie::MAGIC].concat();
    trie.write(&mut out)?;
    values::write(&trie.order, &mut out)?;
    // The values are in the file as they are.
    let keys: usize = entries.iter().map(|(key, _)| key.len()).sum();
    let most = most_text(out.len());
    if keys > most {
        let message = format!(
            "the keys have {keys} bytes, and of an .ocd2 of {} bytes only {most} are read, as it may be forged: write text",
            out.len()
        );
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(out)
}

struct Trie<'e> {
    /// The shape: see [`trie`](super::trie).
    shape: Vec<bool>,
    ends: Vec<bool>,
    edges: Vec<Edge<'e>>,
    /// The entries in the order of the nodes that end their keys.
    order: Vec<(&'e str, &'e [String])>,
    /// How many children the root has.
    roots: usize,
}

/// The edge to a node.
struct Edge<'e> {
    parent: usize,
    /// How many keys it leads to.
    keys: usize,
    label: &'e [u8],
}

impl<'e> Trie<'e> {
    /// The trie of entries in the order of their keys, which differ.
    fn build(entries: &[(&'e str, &'e [String])]) -> Trie<'e> {
        let byte = |entry: usize, at: usize| entries[entry].0.as_bytes()[at];
        let root = Edge { parent: 0, keys: 0, label: b"\0" };
        let mut trie =
            Trie { shape: vec![true, false], ends: Vec::new(), edges: vec![root], order: Vec::new(), roots: 0 };
        let mut queue: VecDeque<(Range<usize>, usize)> = VecDeque::from([(0..entries.len(), 0)]);
        while let Some((mut range, depth)) = queue.pop_front() {
            let node = trie.ends.len();
            let ends = range.clone().next().is_some_and(|first| entries[first].0.len() == depth);
            if ends {
                trie.order.push(entries[range.start]);
                range.start += 1;
            }
            trie.ends.push(ends);

            let mut children: Vec<Range<usize>> = Vec::new();
            for entry in range {
                match children.last_mut() {
                    Some(child) if byte(child.start, depth) == byte(entry, depth) => child.end = entry + 1,
                    _ => children.push(entry..entry + 1),
                }
            }
            children.sort_by_key(|child| Reverse(child.len()));
            if node == 0 {
                trie.roots = children.len();
            }
            for child in children {
                let (first, last) = (entries[child.start].0.as_bytes(), entries[child.end - 1].0.as_bytes());
                // The keys of a range are sorted: what its ends share, all share.
                let shared = first[depth..].iter().zip(&last[depth..]).take_while(|(one, other)| one == other).count();
                trie.edges.push(Edge { parent: node, keys: child.len(), label: &first[depth..depth + shared] });
                trie.shape.push(true);
                queue.push_back((child, depth + shared));
            }
            trie.shape.push(false);
        }
        trie.shape.push(false);
        trie.ends.push(false);
        trie
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        let is_text = |edge: &Edge<'_>| edge.label.len() > 1;
        let texts: Vec<_> = self.edges.iter().filter(|edge| is_text(edge)).map(|edge| edge.label).collect();
        let (tail, offsets) = tail(&texts)?;
        let mut offsets = offsets.into_iter();
        // The byte of each label, and the rest of its text's number.
        let labels: Vec<(u8, Option<u32>)> = self
            .edges
            .iter()
            .map(|edge| match edge.label {
                &[byte] => (byte, None),
                _ => {
                    let offset = offsets.next().unwrap_or_default();
                    (offset as u8, Some(offset >> 8))
                }
            })
            .collect();

        let has_text: Vec<bool> = self.edges.iter().map(is_text).collect();
        bits::write(&self.shape, [true, true], out)?;
        bits::write(&self.ends, [false, true], out)?;
        bits::write(&has_text, [false, false], out)?;
        bits::write_vector(&labels.iter().map(|&(byte, _)| byte).collect::<Vec<_>>(), out);
        bits::write_packed(&labels.iter().filter_map(|&(_, upper)| upper).collect::<Vec<_>>(), out);
        bits::write_vector(&tail, out);
        bits::write_no_bits(out);
        bits::write_vector(&self.cache(&labels), out);
        push_number(out, self.roots)?;
        out.extend(FLAGS.to_le_bytes());
        Ok(())
    }

    /// The edges that are looked for most often, by their parents and the first bytes of their labels: three numbers for each
    /// place, the parent, the node, and its label.
    fn cache(&self, labels: &[(u8, Option<u32>)]) -> Vec<u8> {
        let mut places = LEAST_PLACES;
        while places < self.order.len() / KEYS_TO_PLACE {
            places *= 2;
        }
        let mut cache = vec![0; places];
        for (node, edge) in self.edges.iter().enumerate().skip(1) {
            let place = (edge.parent ^ edge.parent << 5 ^ usize::from(edge.label[0])) & (places - 1);
            if edge.keys > self.edges[cache[place]].keys {
                cache[place] = node;
            }
        }
        let numbers = cache.into_iter().flat_map(|node| match node {
            0 => [u32::MAX, u32::MAX, f32::MIN_POSITIVE.to_bits()],
            _ => {
                let (byte, upper) = labels[node];
                [self.edges[node].parent as u32, node as u32, upper.unwrap_or(NO_TEXT) << 8 | u32::from(byte)]
            }
        });
        numbers.flat_map(u32::to_le_bytes).collect()
    }
}

/// The tail of these texts, each ended by a byte 0, and the offset of each of them. A text that another one ends with is a part
/// of that.
fn tail(texts: &[&[u8]]) -> Result<(Vec<u8>, Vec<u32>), Error> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    // By their bytes from the end, so that what ends with a text follows it; and the longest first.
    order.sort_by(|&one, &other| texts[other].iter().rev().cmp(texts[one].iter().rev()));
    let mut tail = Vec::new();
    let mut offsets = vec![0; texts.len()];
    let mut last: Option<usize> = None;
    for text in order {
        offsets[text] = match last {
            Some(last) if texts[last].ends_with(texts[text]) => {
                offsets[last] + (texts[last].len() - texts[text].len()) as u32
            }
            _ => {
                let offset =
                    u32::try_from(tail.len()).ok().filter(|offset| offset >> 8 < NO_TEXT).ok_or_else(too_large)?;
                tail.extend_from_slice(texts[text]);
                tail.push(0);
                last = Some(text);
                offset
            }
        };
    }
    Ok((tail, offsets))
}

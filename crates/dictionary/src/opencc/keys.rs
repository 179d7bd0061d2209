//! The keys of a trie, by the numbers that it gives them.

use super::{
    Budget,
    cursor::malformed,
    key,
    trie::{Label, Level, Tail, Trie},
};
use crate::{Error, format::LONGEST_KEY};

impl Trie<'_> {
    /// All keys. A key has the number that the node which ends it has among such nodes.
    pub(super) fn keys(&self, budget: &mut Budget) -> Result<Vec<String>, Error> {
        let Some(first) = self.levels.first() else { return Ok(Vec::new()) };
        let mut keys = Vec::new();
        for node in (0..first.parents.len()).filter(|&node| first.ends.get(node).unwrap_or(false)) {
            // From its end to its beginning.
            let mut bytes = Vec::new();
            let mut node = node;
            while node != 0 {
                let start = bytes.len();
                self.push_label(0, node, &mut bytes)?;
                bytes[start..].reverse();
                node = first.parents[node] as usize;
            }
            bytes.reverse();
            budget.spend(bytes.len(), first.offset)?;
            keys.push(key(bytes, first.offset)?);
        }
        Ok(keys)
    }

    /// Appends the label of the edge to a node, which is not empty.
    fn push_label(&self, level: usize, node: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let Level { offset, labels, .. } = &self.levels[level];
        if out.len() > LONGEST_KEY {
            return Err(malformed(*offset, &format!("a key has more than {LONGEST_KEY} bytes")));
        }
        match labels[node] {
            Label::Byte(byte) => {
                out.push(byte);
                Ok(())
            }
            Label::Text(number) => self.push_text(level + 1, number as usize, *offset, out),
        }
    }

    /// Appends the text of this number of a trie, or of the tail behind the last one.
    fn push_text(&self, level: usize, number: usize, from: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let Some(trie) = self.levels.get(level) else { return self.tail.push(number, out) };
        if number == 0 || number >= trie.parents.len() {
            return Err(malformed(from, "a label leads out of the next trie"));
        }
        let mut node = number;
        while node != 0 {
            self.push_label(level, node, out)?;
            node = trie.parents[node] as usize;
        }
        Ok(())
    }
}

impl Tail<'_> {
    /// Appends the text at `start`.
    fn push(&self, start: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let wrong = || malformed(self.offset, "a text of the tail is empty, or ends nowhere near");
        let rest = self.texts.get(start..).ok_or_else(wrong)?;
        let rest = &rest[..rest.len().min(LONGEST_KEY + 1)];
        let end = if self.ends.is_empty() {
            rest.iter().position(|&byte| byte == 0)
        } else {
            (0..rest.len()).find(|at| self.ends.get(start + at) == Some(true)).map(|at| at + 1)
        };
        let end = end.filter(|&end| end > 0).ok_or_else(wrong)?;
        out.extend_from_slice(&rest[..end]);
        Ok(())
    }
}

//! Hash tables that lie in static bytes: from a 64-bit hash to 32 bits.
//!
//! A slot holds 32 bits of the hash and the value, and a key goes into the first free slot from its place on. The keys are
//! not kept: two that agree in those bits and lie near each other are taken for one, which happens to one search in some
//! thousand million.

/// A table that was compiled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashed<'b> {
    slots: &'b [[u8; 8]],
}

/// A third of the slots stays free, so that searches end soon.
fn slots(entries: usize) -> usize {
    entries + entries / 2 + 1
}

fn check(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

/// Compiles entries. Of several with one hash, the first one counts.
pub(crate) fn compile(entries: &[(u64, u32)]) -> Vec<u8> {
    let mut table = vec![0_u64; slots(entries.len())];
    for &(hash, value) in entries {
        let mut slot = place(hash, table.len());
        while table[slot] != 0 && (table[slot] >> 32) as u32 != check(hash) {
            slot = (slot + 1) % table.len();
        }
        if table[slot] == 0 {
            table[slot] = u64::from(check(hash)) << 32 | u64::from(value);
        }
    }
    table.iter().flat_map(|slot| slot.to_le_bytes()).collect()
}

#[inline]
fn place(hash: u64, slots: usize) -> usize {
    (((hash & 0xffff_ffff) * slots as u64) >> 32) as usize
}

impl<'b> Hashed<'b> {
    pub(crate) fn is_empty(self) -> bool {
        self.slots.is_empty()
    }

    /// Takes bytes that [`compile`] made.
    pub(crate) fn new(bytes: &'b [u8]) -> Hashed<'b> {
        Hashed { slots: bytes.as_chunks().0 }
    }

    #[inline]
    pub(crate) fn get(self, hash: u64) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut slot = place(hash, self.slots.len());
        // A third of the slots is free; damaged bytes must not make this run for ever.
        for _ in 0..self.slots.len() {
            let found = u64::from_le_bytes(self.slots[slot]);
            if found == 0 {
                return None;
            }
            if (found >> 32) as u32 == check(hash) {
                return Some(found as u32);
            }
            slot += 1;
            if slot == self.slots.len() {
                slot = 0;
            }
        }
        None
    }
}

/// Spreads the bits of a sum over all of a hash.
#[inline]
pub(crate) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_compiled_and_nothing_else() {
        let entries: Vec<(u64, u32)> = (0..1000).map(|number| (mix(number), number as u32)).collect();
        let bytes = compile(&entries);
        let table = Hashed::new(&bytes);
        for &(hash, value) in &entries {
            assert_eq!(table.get(hash), Some(value));
        }
        assert!((1000..9000).all(|number| table.get(mix(number)).is_none()));
        assert_eq!(Hashed::default().get(1), None);
    }
}
